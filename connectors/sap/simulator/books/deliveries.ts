/** Outbound deliveries: made of open order items, changed and deleted before the goods leave. No more leaves than was ordered. */
import { type DeepRow, type Row } from '../model.ts';
import { quantityOf, quantityText } from './amounts.ts';
import { USER } from './configuration.ts';
import { type Context, padded, textOf } from './context.ts';
import { alreadyIssued, changeHeader, headerRow, itemsOf } from './goods-issue.ts';
import { deliveredOf, isRejected, isService, orderedOf, refreshOrder } from './order-status.ts';
import { notPossible, refuse, shown } from './refusals.ts';
import type { Values } from './table.ts';

const FIRST_DELIVERY = 80_700_001;

const ITEM_STEP = 10;

const deliveryItem = (number: string): string => number.padStart(6, '0');

interface Wanted {
  readonly order: Row;
  readonly item: Row;
  readonly quantity: bigint;
}

/** What is to be delivered stands in its items, each with its order's item. */
export function createDelivery(context: Context, { row, children }: DeepRow): Row {
  const { store } = context;
  const wanted = (children.to_DeliveryDocumentItem ?? []).map(({ row: item }) => wantedOf(context, item));
  const [first] = wanted;
  if (first === undefined) throw refuse('VL/051', 'Enter a reference document for the delivery', 'to_DeliveryDocumentItem');
  for (const { order } of wanted)
    for (const name of ['shipTo', 'SoldToParty', 'SalesOrganization', 'TransactionCurrency'])
      if (order[name] !== first.order[name])
        throw refuse('VL/461', 'The sales documents differ in their ship-to party or sales area', name);
  const DeliveryDocument = String(store.next('delivery', FIRST_DELIVERY)).padStart(10, '0');
  const { day, time } = store.moment;
  store.add('A_OutbDeliveryHeader', {
    ...headerOf(first, row),
    DeliveryDocument,
    CreationDate: day,
    CreationTime: time,
    DocumentDate: day,
  });
  wanted.forEach((one, at) =>
    addItem(context, one, { DeliveryDocument, DeliveryDocumentItem: deliveryItem(String((at + 1) * ITEM_STEP)) }),
  );
  for (const order of new Set(wanted.map(({ order: one }) => textOf(one, 'SalesOrder')))) refreshOrder(context, order, false);
  context.happened('OutboundDelivery', 'Created', { OutboundDelivery: shown(DeliveryDocument) });
  return headerRow(context, DeliveryDocument);
}

function wantedOf(context: Context, row: Row): Wanted {
  const { store } = context;
  const [document, number] = [padded(textOf(row, 'ReferenceSDDocument')), shown(textOf(row, 'ReferenceSDDocumentItem'))];
  const order = store.get('A_SalesOrder', { SalesOrder: document });
  const item = store.get('A_SalesOrderItem', { SalesOrder: document, SalesOrderItem: number });
  if (order === undefined || item === undefined)
    throw refuse('VL/302', `Sales document ${shown(document)} item ${number} does not exist`, 'ReferenceSDDocument');
  checkDeliverable(order, item);
  const open = orderedOf(item) - deliveredOf(item);
  const given = textOf(row, 'ActualDeliveryQuantity');
  const quantity = given === '' ? open : quantityOf(given);
  const unit = textOf(row, 'DeliveryQuantityUnit');
  if (unit !== '' && unit !== textOf(item, 'RequestedQuantityUnit'))
    throw refuse('VL/387', `Unit ${unit} is not defined for the item`, 'DeliveryQuantityUnit');
  if (quantity <= 0n)
    throw refuse('VL/150', `No schedule lines due for delivery: sales document ${shown(document)} item ${number}`);
  if (quantity > open)
    throw refuse(
      'VL/363',
      `Only ${quantityText(open)} ${textOf(item, 'RequestedQuantityUnit')} of item ${number} are open for delivery`,
      'ActualDeliveryQuantity',
    );
  return { order, item, quantity };
}

function checkDeliverable(order: Row, item: Row): void {
  const number = shown(textOf(order, 'SalesOrder'));
  const block = textOf(order, 'DeliveryBlockReason');
  if (block !== '') throw refuse('VL/012', `Sales document ${number} is blocked for delivery: delivery block ${block}`);
  if (textOf(order, 'TotalCreditCheckStatus') === 'B')
    throw refuse('VL/013', `Sales document ${number} is blocked for delivery: credit check`);
  if (isRejected(item)) throw refuse('VL/014', `Item ${textOf(item, 'SalesOrderItem')} of sales document ${number} was rejected`);
  if (isService(item))
    throw refuse('VL/015', `Item ${textOf(item, 'SalesOrderItem')} of sales document ${number} is not relevant for delivery`);
}

const headerOf = ({ order }: Wanted, given: Row): Values => ({
  ...given,
  DeliveryDocumentType: 'LF',
  DeliveryVersion: '0001',
  SDDocumentCategory: 'J',
  CreatedByUser: USER,
  SalesOrganization: textOf(order, 'SalesOrganization'),
  ShippingPoint: textOf(given, 'ShippingPoint') || textOf(order, 'SalesOrganization'),
  SoldToParty: textOf(order, 'SoldToParty'),
  ShipToParty: textOf(order, 'shipTo'),
  payer: textOf(order, 'payer'),
  TransactionCurrency: textOf(order, 'TransactionCurrency'),
  ShippingCondition: textOf(order, 'ShippingCondition'),
  IncotermsClassification: textOf(order, 'IncotermsClassification'),
  DeliveryDate: textOf(given, 'DeliveryDate') || textOf(order, 'RequestedDeliveryDate'),
  PlannedGoodsIssueDate: textOf(given, 'PlannedGoodsIssueDate') || textOf(order, 'RequestedDeliveryDate'),
  TotalCreditCheckStatus: textOf(order, 'TotalCreditCheckStatus'),
  HdrGeneralIncompletionStatus: 'C',
  OverallPickingStatus: 'A',
  OverallGoodsMovementStatus: 'A',
  OverallDelivReltdBillgStatus: 'A',
  OverallSDProcessStatus: 'A',
});

function addItem({ store }: Context, { order, item, quantity }: Wanted, keys: Values): void {
  const now = store.get('A_SalesOrderItem', item) ?? item;
  const { day, time } = store.moment;
  const unit = textOf(item, 'RequestedQuantityUnit');
  store.add('A_OutbDeliveryItem', {
    ...keys,
    DeliveryVersion: '0001',
    DeliveryDocumentItemCategory: 'TAN',
    DeliveryDocumentItemText: textOf(item, 'SalesOrderItemText'),
    SDDocumentCategory: 'J',
    Material: textOf(item, 'Material'),
    MaterialGroup: textOf(item, 'MaterialGroup'),
    Plant: textOf(item, 'ProductionPlant'),
    ActualDeliveryQuantity: quantityText(quantity),
    OriginalDeliveryQuantity: quantityText(quantity),
    ActualDeliveredQtyInBaseUnit: quantityText(quantity),
    DeliveryQuantityUnit: unit,
    BaseUnit: unit,
    DeliveryToBaseQuantityDnmntr: '1',
    DeliveryToBaseQuantityNmrtr: '1',
    ReferenceSDDocument: textOf(order, 'SalesOrder'),
    ReferenceSDDocumentItem: deliveryItem(textOf(item, 'SalesOrderItem')),
    ReferenceSDDocumentCategory: 'C',
    HigherLevelItem: '000000',
    CreationDate: day,
    CreationTime: time,
    CreatedByUser: USER,
    PickingStatus: 'A',
    GoodsMovementStatus: 'A',
    GoodsMovementType: '601',
    DeliveryRelatedBillingStatus: 'A',
    SDProcessStatus: 'A',
  });
  store.change('A_SalesOrderItem', now, { delivered: quantityText(deliveredOf(now) + quantity) });
}

/** What people may change of a delivery before the goods have left. */
export function changeDelivery(context: Context, set: string, row: Row, changes: Row): Row {
  const { store } = context;
  const number = textOf(row, 'DeliveryDocument');
  if (set === 'A_OutbDeliveryItem') {
    changeItemQuantity(context, row, changes);
    changeHeader(context, number, {});
    return store.get(set, row) ?? row;
  }
  if (set !== 'A_OutbDeliveryHeader') throw notPossible(set, 'PATCH');
  return changeHeader(context, number, changes);
}

function changeItemQuantity(context: Context, item: Row, changes: Row): void {
  const { store } = context;
  if (item.GoodsMovementStatus === 'C') throw alreadyIssued(textOf(item, 'DeliveryDocument'));
  const before = quantityOf(textOf(item, 'ActualDeliveryQuantity'));
  const after = changes.ActualDeliveryQuantity === undefined ? before : quantityOf(textOf(changes, 'ActualDeliveryQuantity'));
  const quantity = quantityText(after);
  const orderItem = orderItemOf(context, item);
  if (orderItem !== undefined) {
    const delivered = deliveredOf(orderItem) + after - before;
    if (after < 0n || delivered > orderedOf(orderItem))
      throw refuse(
        'VL/363',
        `Only ${quantityText(orderedOf(orderItem) - deliveredOf(orderItem) + before)} are open for delivery`,
        'ActualDeliveryQuantity',
      );
    store.change('A_SalesOrderItem', orderItem, { delivered: quantityText(delivered) });
    refreshOrder(context, textOf(orderItem, 'SalesOrder'), false);
  }
  store.change('A_OutbDeliveryItem', item, {
    ...changes,
    ActualDeliveryQuantity: quantity,
    ActualDeliveredQtyInBaseUnit: quantity,
  });
}

export function deleteDelivery(context: Context, set: string, row: Row): void {
  if (set !== 'A_OutbDeliveryHeader') throw notPossible(set, 'DELETE');
  const { store } = context;
  const number = textOf(row, 'DeliveryDocument');
  if (row.OverallGoodsMovementStatus === 'C') throw alreadyIssued(number);
  const orders = new Set<string>();
  for (const item of itemsOf(context, number)) {
    const orderItem = orderItemOf(context, item);
    if (orderItem !== undefined) {
      const left = deliveredOf(orderItem) - quantityOf(textOf(item, 'ActualDeliveryQuantity'));
      store.change('A_SalesOrderItem', orderItem, { delivered: quantityText(left) });
      orders.add(textOf(orderItem, 'SalesOrder'));
    }
    store.drop('A_OutbDeliveryItem', item);
  }
  store.drop(set, row);
  for (const order of orders) refreshOrder(context, order, false);
  context.happened('OutboundDelivery', 'Deleted', { OutboundDelivery: shown(number) });
}

export const orderItemOf = ({ store }: Context, item: Row): Row | undefined =>
  store.get('A_SalesOrderItem', {
    SalesOrder: item.ReferenceSDDocument,
    SalesOrderItem: shown(textOf(item, 'ReferenceSDDocumentItem')),
  });

/** Of an order: what can be delivered now. */
export const openItems = ({ store }: Context, SalesOrder: string): Row[] =>
  [...store.table('A_SalesOrderItem').related({ SalesOrder })].filter(
    (item) => !isService(item) && !isRejected(item) && orderedOf(item) > deliveredOf(item),
  );
