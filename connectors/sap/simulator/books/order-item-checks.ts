/** What an item of an order must be, and what it is priced with: number, material, unit, quantity, condition records, tax. */
import { type Row, type Value } from '../model.ts';
import { quantityOf } from './amounts.ts';
import { taxRateOf, taxSystemOf, UNITS } from './configuration.ts';
import { type Context, textOf } from './context.ts';
import { countryOfCustomer } from './order-header.ts';
import { type Discount, type ItemPricing } from './order-pricing.ts';
import { priceOf } from './products.ts';
import { refuse, shown } from './refusals.ts';
import type { Values } from './table.ts';

const ITEM_STEP = 10;

export function itemNumber({ store }: Context, order: Row, given: string): string {
  const items = [...store.table('A_SalesOrderItem').related({ SalesOrder: order.SalesOrder ?? '' })];
  const numbers = items.map((item) => Number(textOf(item, 'SalesOrderItem')));
  if (given === '' || Number(given) === 0) return String((Math.floor(Math.max(0, ...numbers) / ITEM_STEP) + 1) * ITEM_STEP);
  if (numbers.includes(Number(given))) throw refuse('V1/502', `Item ${shown(given)} already exists`, 'SalesOrderItem');
  return shown(given);
}

export function materialOf({ store }: Context, order: Row, material: string): Row {
  if (material === '') throw refuse('V1/334', 'Please enter a material', 'Material');
  const [organization, channel] = [textOf(order, 'SalesOrganization'), textOf(order, 'DistributionChannel')];
  const found = store.get('A_Product', { Product: material });
  const sold = store.get('A_ProductSalesDelivery', {
    Product: material,
    ProductSalesOrg: organization,
    ProductDistributionChnl: channel,
  });
  if (found === undefined || sold === undefined)
    throw refuse(
      'V1/382',
      `Material ${material} is not defined for sales org.${organization}, distr.chan.${channel}, language EN`,
      'Material',
    );
  if (found.IsMarkedForDeletion === true) throw refuse('V1/383', `Material ${material} is marked for deletion`, 'Material');
  return found;
}

export function unitOf(material: Row, row: Row): string {
  const base = textOf(material, 'BaseUnit');
  const given = textOf(row, 'RequestedQuantityUnit');
  const sap = textOf(row, 'RequestedQuantitySAPUnit');
  const iso = textOf(row, 'RequestedQuantityISOUnit');
  const codes = UNITS[base];
  const isBase = (given === '' || given === base) && (sap === '' || sap === codes?.sap) && (iso === '' || iso === codes?.iso);
  if (!isBase)
    throw refuse(
      'V1/387',
      `Unit ${given || sap || iso} is not defined for material ${textOf(material, 'Product')}`,
      'RequestedQuantityUnit',
    );
  return base;
}

export const unitsOfQuantity = (unit: string): Values => ({
  RequestedQuantityUnit: unit,
  RequestedQuantitySAPUnit: UNITS[unit]?.sap ?? unit,
  RequestedQuantityISOUnit: UNITS[unit]?.iso ?? '',
  OrderQuantityUnit: unit,
  OrderQuantitySAPUnit: UNITS[unit]?.sap ?? unit,
  OrderQuantityISOUnit: UNITS[unit]?.iso ?? '',
});

export function checkedQuantity(value: Value | undefined): bigint {
  const quantity = quantityOf(String(value ?? '0'));
  if (quantity <= 0n) throw refuse('V1/425', 'Please enter an order quantity', 'RequestedQuantity');
  return quantity;
}

interface Priced {
  readonly material: Row;
  readonly price: Row | undefined;
  readonly discounts: readonly Discount[];
}

export function pricingOf(context: Context, order: Row, { material, price, discounts }: Priced): ItemPricing {
  const company = textOf(order, 'SalesOrganization');
  const { country } = context.company(company);
  const product = textOf(material, 'Product');
  const currency = textOf(order, 'TransactionCurrency');
  const listed = priceOf(context, { product, company, currency, day: textOf(order, 'PricingDate') });
  const [tax] = context.store.table('A_ProductSalesTax').related({ Product: product, Country: country });
  const customerClass = countryOfCustomer(context, textOf(order, 'shipTo')) === country ? customerTaxClass(context, order) : '0';
  const rate = taxRateOf(country, customerClass, tax === undefined ? '0' : textOf(tax, 'TaxClassification'));
  return {
    priceType: 'PPR0',
    price: listed ?? '0',
    per: '1',
    isManual: false,
    ...(price === undefined ? {} : manualPrice(price)),
    taxType: taxSystemOf(country).category,
    taxPercent: rate.percent,
    taxCode: rate.code,
    discounts: discounts.length === 0 ? '' : JSON.stringify(discounts),
  };
}

/** 1, taxable, unless the order or the sales area says otherwise. */
function customerTaxClass({ store }: Context, order: Row): string {
  const own = textOf(order, 'CustomerTaxClassification1');
  if (own !== '') return own;
  const [area] = store
    .table('A_CustomerSalesAreaTax')
    .related({ Customer: order.SoldToParty ?? '', SalesOrganization: order.SalesOrganization ?? '' });
  return area === undefined ? '1' : textOf(area, 'CustomerTaxClassification');
}

export const manualPrice = (row: Row) => ({
  priceType: textOf(row, 'ConditionType') || 'PPR0',
  price: textOf(row, 'ConditionRateValue') || '0',
  per: Number(textOf(row, 'ConditionQuantity') || '0') > 0 ? textOf(row, 'ConditionQuantity') : '1',
  isManual: true,
});
