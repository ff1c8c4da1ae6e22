/** Sales orders: made by deep insert, changed, rejected, deleted. Every way in, of people and of services, goes through here. */
import type { DeepRow, Row } from '../model.ts';
import { type Context, textOf } from './context.ts';
import { checkOrderCredit } from './credit.ts';
import { USER } from './configuration.ts';
import { derivedRows } from './derived.ts';
import { checkedHeaderChange, headerOf, PARTNER_FUNCTIONS } from './order-header.ts';
import { addItem, changeItem, repriceItem } from './order-items.ts';
import { billedOf, deliveredOf, refreshOrder } from './order-status.ts';
import { notFound, notPossible, refuse, shown } from './refusals.ts';
import type { Values } from './table.ts';

const FIRST_ORDER = 740_501;

export function createOrder(context: Context, deep: DeepRow): Row {
  const { store } = context;
  const header = headerOf(context, deep);
  const SalesOrder = String(store.next('order', FIRST_ORDER)).padStart(10, '0');
  const { day, stamp } = store.moment;
  const order = store.add('A_SalesOrder', {
    ...header,
    SalesOrder,
    SalesOrderTypeInternalCode: 'TA',
    CreationDate: day,
    CreatedByUser: USER,
    LastChangeDateTime: stamp,
  });
  for (const item of deep.children.to_Item ?? []) addItem(context, order, item);
  for (const { row } of deep.children.to_Text ?? []) store.add('A_SalesOrderText', { Language: 'EN', ...row, SalesOrder });
  refreshOrder(context, SalesOrder, false);
  checkOrderCredit(context, SalesOrder);
  context.happened('SalesOrder', 'Created', { SalesOrder: shown(SalesOrder) });
  return store.get('A_SalesOrder', { SalesOrder }) ?? order;
}

/** A further row of an order that is there. */
export function createOrderPart(context: Context, set: string, deep: DeepRow): Row {
  const { store } = context;
  const order = orderOf(context, deep.row);
  if (set === 'A_SalesOrderItem') {
    const item = addItem(context, order, deep);
    touched(context, order);
    return store.get(set, item) ?? item;
  }
  if (set === 'A_SalesOrderText') {
    const text = store.add(set, { Language: 'EN', ...deep.row });
    touched(context, order);
    return text;
  }
  if (set === 'A_SalesOrderItemPrElement') {
    const item = repriceItem(context, itemOf(context, deep.row), deep.row);
    touched(context, order);
    return elementOf(context, item, textOf(deep.row, 'ConditionType'));
  }
  throw notPossible(set, 'POST');
}

export function changeOrder(context: Context, order: Row, changes: Row): Row {
  const values = checkedHeaderChange(context, order, changes);
  const { store } = context;
  const changed = store.change('A_SalesOrder', order, values);
  if (changes.RequestedDeliveryDate !== undefined) rescheduleOrder(context, order, textOf(changes, 'RequestedDeliveryDate'));
  touched(context, changed);
  return orderOf(context, order);
}

/** @param key the row, or as much of it as finds it */
export function changeOrderPart(context: Context, set: string, key: Row, changes: Row): void {
  const { store } = context;
  const order = orderOf(context, key);
  if (set === 'A_SalesOrderItem') changeItem(context, order, itemOf(context, key), changes);
  else if (set === 'A_SalesOrderItemPrElement') repriceItem(context, itemOf(context, key), { ...key, ...changes });
  else if (set === 'A_SalesOrderHeaderPartner') store.change('A_SalesOrder', order, partnerChange(context, key, changes));
  else {
    const row = store.get(set, key);
    if (row === undefined) throw notFound(set);
    store.change(set, row, changes);
  }
  touched(context, orderOf(context, key));
}

/** An order without subsequent documents goes without a trace; so does an item. */
export function removeOrderPart(context: Context, set: string, key: Row): void {
  const { store } = context;
  const order = orderOf(context, key);
  if (set === 'A_SalesOrder') return deleteOrder(context, order);
  if (set === 'A_SalesOrderItem') {
    const item = itemOf(context, key);
    checkUntouched(item);
    for (const line of store.table('A_SalesOrderScheduleLine').related({ SalesOrder: order.SalesOrder ?? '' }))
      if (line.SalesOrderItem === item.SalesOrderItem) store.drop('A_SalesOrderScheduleLine', line);
    store.drop(set, item);
  } else if (set === 'A_SalesOrderText') {
    const text = store.get(set, key);
    if (text === undefined) throw notFound(set);
    store.drop(set, text);
  } else throw notPossible(set, 'DELETE');
  touched(context, order);
}

function deleteOrder(context: Context, order: Row): void {
  const { store } = context;
  const SalesOrder = textOf(order, 'SalesOrder');
  const items = [...store.table('A_SalesOrderItem').related({ SalesOrder })];
  for (const item of items) checkUntouched(item);
  // a delivery that was made and taken back, or an invoice that was cancelled, still names the order
  if (![...store.table('A_OutbDeliveryItem').related({ ReferenceSDDocument: SalesOrder })].length) {
    for (const set of ['A_SalesOrderItem', 'A_SalesOrderScheduleLine', 'A_SalesOrderText'])
      for (const row of store.table(set).related({ SalesOrder })) store.drop(set, row);
    store.drop('A_SalesOrder', order);
    context.happened('SalesOrder', 'Deleted', { SalesOrder: shown(SalesOrder) });
    return;
  }
  throw subsequent(SalesOrder);
}

function checkUntouched(item: Row): void {
  if (deliveredOf(item) > 0n || billedOf(item) > 0n) throw subsequent(textOf(item, 'SalesOrder'));
}

const subsequent = (order: string) =>
  refuse('V1/409', `Sales document ${shown(order)} can not be deleted: subsequent documents exist`);

/** The order has changed: its statuses, its credit check, its stamp. */
function touched(context: Context, order: Row): void {
  const SalesOrder = textOf(order, 'SalesOrder');
  refreshOrder(context, SalesOrder, true);
  checkOrderCredit(context, SalesOrder);
  context.happened('SalesOrder', 'Changed', { SalesOrder: shown(SalesOrder) });
}

function rescheduleOrder({ store }: Context, order: Row, wanted: string): void {
  const { day } = store.moment;
  for (const line of store.table('A_SalesOrderScheduleLine').related({ SalesOrder: order.SalesOrder ?? '' }))
    store.change('A_SalesOrderScheduleLine', line, {
      RequestedDeliveryDate: wanted,
      ConfirmedDeliveryDate: wanted < day ? day : wanted,
    });
}

function partnerChange({ store }: Context, key: Row, changes: Row): Values {
  const known = PARTNER_FUNCTIONS.find(({ external, internal }) =>
    [external, internal].includes(textOf(key, 'PartnerFunction') as 'SP'),
  );
  const Customer = textOf(changes, 'Customer');
  if (known === undefined) throw notFound('A_SalesOrderHeaderPartner');
  if (store.get('A_Customer', { Customer }) === undefined)
    throw refuse('VP/199', `No customer master record exists for customer ${shown(Customer)}`, 'Customer');
  return { [known.property]: Customer };
}

function elementOf(context: Context, { SalesOrder, SalesOrderItem }: Row, ConditionType: string): Row {
  for (const row of derivedRows(context, 'A_SalesOrderItemPrElement', { SalesOrder, SalesOrderItem, ConditionType })) return row;
  throw notFound('A_SalesOrderItemPrElement');
}

export function orderOf({ store }: Context, key: Row): Row {
  const order = store.get('A_SalesOrder', { SalesOrder: key.SalesOrder });
  if (order === undefined) throw notFound('A_SalesOrder');
  return order;
}

function itemOf({ store }: Context, key: Row): Row {
  const item = store.get('A_SalesOrderItem', { SalesOrder: key.SalesOrder, SalesOrderItem: key.SalesOrderItem });
  if (item === undefined) throw notFound('A_SalesOrderItem');
  return item;
}
