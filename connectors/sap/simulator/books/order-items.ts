/** Items of orders: made, changed, priced anew, with their schedule lines. What is asked of them stands in `order-item-checks.ts`. */
import { type DeepRow, type Row } from '../model.ts';
import { amountText, quantityOf, quantityText } from './amounts.ts';
import { type Context, textOf } from './context.ts';
import { checkedQuantity, itemNumber, manualPrice, materialOf, pricingOf, unitOf, unitsOfQuantity } from './order-item-checks.ts';
import { type Discount, givenConditions, type ItemPricing, netOf } from './order-pricing.ts';
import { billedOf, deliveredOf, SERVICE_CATEGORY } from './order-status.ts';
import { refuse, shown } from './refusals.ts';
import type { Values } from './table.ts';

const REJECTION_REASONS: ReadonlySet<string> = new Set(['00', '01', '02', '03', '04', '05', '10', '50', '60']);

/** @param order its header, which stands in the books already */
export function addItem(context: Context, order: Row, { row, children }: DeepRow): Row {
  const { store } = context;
  const number = itemNumber(context, order, textOf(row, 'SalesOrderItem'));
  const material = materialOf(context, order, textOf(row, 'Material'));
  const unit = unitOf(material, row);
  const quantity = checkedQuantity(row.RequestedQuantity);
  const pricing = pricingOf(context, order, { material, ...givenConditions(children.to_PricingElement ?? []) });
  const keys = { SalesOrder: textOf(order, 'SalesOrder'), SalesOrderItem: number };
  const [description] = store.table('A_ProductDescription').related({ Product: material.Product ?? '' });
  const company = textOf(order, 'SalesOrganization');
  const item = store.add('A_SalesOrderItem', {
    ...defaultsOf(order),
    ...row,
    ...keys,
    ...pricing,
    HigherLevelItem: row.HigherLevelItem || '0',
    SalesOrderItemCategory: textOf(material, 'ItemCategoryGroup') === 'LEIS' ? SERVICE_CATEGORY : 'TAN',
    SalesOrderItemText: row.SalesOrderItemText || (description === undefined ? '' : textOf(description, 'ProductDescription')),
    Material: material.Product ?? '',
    OriginallyRequestedMaterial: material.Product ?? '',
    MaterialGroup: textOf(material, 'ProductGroup'),
    ProductionPlant: row.ProductionPlant || company,
    ShippingPoint: row.ShippingPoint || company,
    RequestedQuantity: quantityText(quantity),
    ...unitsOfQuantity(unit),
    ConfdDelivQtyInOrderQtyUnit: quantityText(quantity),
    ...amountsOf(pricing, quantity, textOf(order, 'TransactionCurrency')),
  });
  scheduleItem(context, order, item, children.to_ScheduleLine?.[0]?.row);
  return item;
}

function scheduleItem({ store }: Context, order: Row, item: Row, given: Row | undefined): void {
  const wanted = (given && textOf(given, 'RequestedDeliveryDate')) || textOf(order, 'RequestedDeliveryDate');
  const { day } = store.moment;
  const quantity = textOf(item, 'RequestedQuantity');
  store.add('A_SalesOrderScheduleLine', {
    SalesOrder: item.SalesOrder ?? '',
    SalesOrderItem: item.SalesOrderItem ?? '',
    ScheduleLine: '1',
    RequestedDeliveryDate: wanted,
    ConfirmedDeliveryDate: wanted < day ? day : wanted,
    OrderQuantityUnit: textOf(item, 'OrderQuantityUnit'),
    OrderQuantitySAPUnit: textOf(item, 'OrderQuantitySAPUnit'),
    OrderQuantityISOUnit: textOf(item, 'OrderQuantityISOUnit'),
    ScheduleLineOrderQuantity: quantity,
    ConfdOrderQtyByMatlAvailCheck: quantity,
  });
}

/** @throws SapRefusal for what is delivered or billed already, or means nothing */
export function changeItem(context: Context, order: Row, item: Row, changes: Row): Row {
  const { store } = context;
  const number = `${shown(textOf(order, 'SalesOrder'))} ${textOf(item, 'SalesOrderItem')}`;
  const reason = textOf(changes, 'SalesDocumentRjcnReason');
  if (reason !== '' && !REJECTION_REASONS.has(reason))
    throw refuse('V1/433', `Reason for rejection ${reason} is not defined`, 'SalesDocumentRjcnReason');
  const done = deliveredOf(item) > billedOf(item) ? deliveredOf(item) : billedOf(item);
  if (changes.Material !== undefined && changes.Material !== item.Material && done > 0n)
    throw refuse('V1/500', `Material of item ${number} can no longer be changed: subsequent documents exist`, 'Material');
  const material = materialOf(context, order, textOf(changes, 'Material') || textOf(item, 'Material'));
  const quantity =
    changes.RequestedQuantity === undefined
      ? quantityOf(textOf(item, 'RequestedQuantity'))
      : checkedQuantity(changes.RequestedQuantity);
  if (quantity < done)
    throw refuse(
      'V1/501',
      `Order quantity of item ${number} is less than the quantity already delivered or billed (${quantityText(done)})`,
      'RequestedQuantity',
    );
  const isOther = material.Product !== item.Material;
  const pricing = isOther ? pricingOf(context, order, { material, price: undefined, discounts: [] }) : pricingOfRow(item);
  const unit = unitOf(material, {
    ...unitGiven(changes),
    RequestedQuantityUnit: changes.RequestedQuantityUnit || (isOther ? '' : textOf(item, 'RequestedQuantityUnit')),
  });
  const changed = store.change('A_SalesOrderItem', item, {
    ...changes,
    ...pricing,
    RequestedQuantity: quantityText(quantity),
    ConfdDelivQtyInOrderQtyUnit: quantityText(quantity),
    ...unitsOfQuantity(unit),
    ...amountsOf(pricing, quantity, textOf(order, 'TransactionCurrency')),
  });
  reschedule(context, changed);
  return changed;
}

const unitGiven = (changes: Row): Row => ({
  RequestedQuantitySAPUnit: changes.RequestedQuantitySAPUnit ?? '',
  RequestedQuantityISOUnit: changes.RequestedQuantityISOUnit ?? '',
});

function reschedule({ store }: Context, item: Row): void {
  const quantity = textOf(item, 'RequestedQuantity');
  for (const line of store.table('A_SalesOrderScheduleLine').related({ SalesOrder: item.SalesOrder ?? '' }))
    if (line.SalesOrderItem === item.SalesOrderItem)
      store.change('A_SalesOrderScheduleLine', line, {
        ScheduleLineOrderQuantity: quantity,
        ConfdOrderQtyByMatlAvailCheck: quantity,
      });
}

/** Another price, or another discount of its type. */
export function repriceItem(context: Context, item: Row, element: Row): Row {
  const { price, discounts } = givenConditions([{ row: element, children: {} }]);
  const known = pricingOfRow(item);
  const kept = (known.discounts === '' ? [] : (JSON.parse(known.discounts) as Discount[])).filter(
    ({ type }) => !discounts.some((one) => one.type === type),
  );
  const all = [...kept, ...discounts];
  const pricing: ItemPricing = {
    ...known,
    ...(price === undefined ? {} : manualPrice(price)),
    discounts: all.length === 0 ? '' : JSON.stringify(all),
  };
  const quantity = quantityOf(textOf(item, 'RequestedQuantity'));
  return context.store.change('A_SalesOrderItem', item, {
    ...pricing,
    ...amountsOf(pricing, quantity, textOf(item, 'TransactionCurrency')),
  });
}

const pricingOfRow = (item: Row): ItemPricing => ({
  priceType: textOf(item, 'priceType'),
  price: textOf(item, 'price'),
  per: textOf(item, 'per') || '1',
  taxType: textOf(item, 'taxType'),
  taxPercent: textOf(item, 'taxPercent'),
  taxCode: textOf(item, 'taxCode'),
  discounts: textOf(item, 'discounts'),
  isManual: item.isManual === true,
});

function amountsOf(pricing: ItemPricing, quantity: bigint, currency: string): Values {
  const { net, tax } = netOf(pricing, quantity, currency);
  return { TransactionCurrency: currency, NetAmount: amountText(net, currency), TaxAmount: amountText(tax, currency) };
}

/** What an item has from its header. */
const defaultsOf = (order: Row): Values => ({
  PurchaseOrderByCustomer: textOf(order, 'PurchaseOrderByCustomer'),
  PricingDate: textOf(order, 'PricingDate'),
  CustomerPaymentTerms: textOf(order, 'CustomerPaymentTerms'),
  IncotermsClassification: textOf(order, 'IncotermsClassification'),
  IncotermsLocation1: textOf(order, 'IncotermsLocation1'),
  DeliveryGroup: '0',
  DeliveryPriority: '2',
  AdditionalValueDays: '0',
  ReferenceSDDocumentItem: '0',
  ProductTaxClassification1: '1',
});
