/** Products: descriptions, where they are sold, what they cost and how they are taxed. Prices are condition records, which no service here shows. */
import type { DeepRow, Row } from '../model.ts';
import { amountText, converted, minorOf } from './amounts.ts';
import { DISTRIBUTION_CHANNEL, rateOf, taxSystemOf, USER } from './configuration.ts';
import { type Context, textOf } from './context.ts';
import { notFound, refuse, required } from './refusals.ts';

export interface NewProduct {
  readonly product: string;
  readonly description: string;
  /** Of one unit, in the currency of each company that it is given for. */
  readonly prices: Readonly<Record<string, string>>;
  readonly unit?: string;
  /** Billed by its order, without a delivery. */
  readonly isService?: boolean;
  /** 1 in full unless told, 2 reduced, 0 exempt. */
  readonly taxClass?: string;
}

/** With all that is needed to sell it in each company that has a price for it. */
export function addProduct(
  context: Context,
  { product, description, prices, unit = 'PC', isService = false, taxClass = '1' }: NewProduct,
): Row {
  const group = isService ? 'P001' : 'L001';
  const row = addProductRow(context, {
    Product: product,
    ProductType: isService ? 'SERV' : 'HAWA',
    BaseUnit: unit,
    ProductGroup: group,
    ItemCategoryGroup: isService ? 'LEIS' : 'NORM',
    Division: '00',
    IndustrySector: 'M',
    WeightUnit: isService ? '' : 'KG',
    GrossWeight: isService ? '0' : '1.200',
    NetWeight: isService ? '0' : '1.000',
  });
  const { store } = context;
  store.add('A_ProductDescription', { Product: product, Language: 'EN', ProductDescription: description });
  for (const [code, price] of Object.entries(prices)) {
    const { country } = context.company(code);
    store.add('A_ProductSalesDelivery', {
      Product: product,
      ProductSalesOrg: code,
      ProductDistributionChnl: DISTRIBUTION_CHANNEL,
      BaseUnit: unit,
      SupplyingPlant: code,
      ItemCategoryGroup: isService ? 'LEIS' : 'NORM',
    });
    const TaxCategory = taxSystemOf(country).category;
    store.add('A_ProductSalesTax', { Product: product, Country: country, TaxCategory, TaxClassification: taxClass });
    setPrice(context, product, code, price);
  }
  return row;
}

export const setPrice = ({ store }: Context, product: string, company: string, price: string): void =>
  store.setFact(`price ${company} ${product}`, price);

/** In a currency; undefined where there is no condition record. */
export function priceOf(context: Context, { product, company, currency, day }: PriceQuestion): string | undefined {
  const own = context.store.fact(`price ${company} ${product}`);
  const home = context.company(company).currency;
  if (own === undefined || home === currency) return own;
  return amountText(converted(minorOf(own, home), rateOf(home, currency, day), home, currency), currency);
}

export interface PriceQuestion {
  readonly product: string;
  readonly company: string;
  readonly currency: string;
  readonly day: string;
}

export function createProduct(context: Context, set: string, { row, children }: DeepRow): Row {
  const { store } = context;
  if (set === 'A_Product') {
    const made = addProductRow(context, row);
    for (const [navigation, name] of [
      ['to_Description', 'A_ProductDescription'],
      ['to_ProductSalesTax', 'A_ProductSalesTax'],
      ['to_SalesDelivery', 'A_ProductSalesDelivery'],
    ] as const)
      for (const child of children[navigation] ?? []) store.add(name, { ...child.row, Product: made.Product ?? '' });
    return made;
  }
  const product = store.get('A_Product', { Product: row.Product });
  if (product === undefined) throw notFound('A_Product');
  stamp(context, product);
  return store.add(set, row);
}

export function changeProduct(context: Context, set: string, row: Row, changes: Row): Row {
  const { store } = context;
  const changed = store.change(set, row, changes);
  const product = store.get('A_Product', { Product: row.Product });
  if (product !== undefined) stamp(context, product);
  return set === 'A_Product' ? (store.get(set, row) ?? changed) : changed;
}

function addProductRow(context: Context, values: Row): Row {
  const { store } = context;
  const product = textOf(values, 'Product');
  if (product === '') throw required('A_Product', 'Product');
  if (store.get('A_Product', { Product: product }) !== undefined)
    throw refuse('M3/025', `Material ${product} already exists`, 'Product');
  const { day, stamp: LastChangeDateTime } = store.moment;
  context.happened('Product', 'Created', { Product: product });
  return store.add('A_Product', { ...values, CreationDate: day, CreatedByUser: USER, LastChangeDate: day, LastChangeDateTime });
}

function stamp(context: Context, product: Row): void {
  const { day, stamp: LastChangeDateTime } = context.store.moment;
  context.store.change('A_Product', product, { LastChangeDate: day, LastChangedByUser: USER, LastChangeDateTime });
  context.happened('Product', 'Changed', { Product: textOf(product, 'Product') });
}
