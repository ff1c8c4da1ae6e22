/** How far a delivery is: picked, issued, taken back, billed. Its statuses follow from its items; each change of it has another version. */
import { type Row, type Value } from '../model.ts';
import { USER } from './configuration.ts';
import { type Context, textOf } from './context.ts';
import { type Letter, together } from './order-status.ts';
import { checkOpenPeriod } from './periods.ts';
import { refuse, shown } from './refusals.ts';
import type { Values } from './table.ts';

export const itemsOf = ({ store }: Context, DeliveryDocument: string): Row[] => [
  ...store.table('A_OutbDeliveryItem').related({ DeliveryDocument }),
];

export function headerRow({ store }: Context, DeliveryDocument: string): Row {
  const header = store.get('A_OutbDeliveryHeader', { DeliveryDocument });
  if (header === undefined) throw refuse('VL/559', `Delivery ${shown(DeliveryDocument)} does not exist`, 'DeliveryDocument');
  return header;
}

export function pickAllItems(context: Context, number: string): Row {
  const header = headerRow(context, number);
  if (header.OverallGoodsMovementStatus === 'C') throw alreadyIssued(number);
  changeItems(context, number, { PickingStatus: 'C' });
  return changeHeader(context, number, { PickingDate: context.store.moment.day });
}

/** The goods leave. */
export function postGoodsIssue(context: Context, number: string): Row {
  const header = headerRow(context, number);
  if (header.OverallGoodsMovementStatus === 'C') throw alreadyIssued(number);
  if (header.OverallPickingStatus !== 'C') throw refuse('VL/609', 'Delivery has not yet been put away/picked (completely)');
  if (textOf(header, 'DeliveryBlockReason') !== '')
    throw refuse('VL/016', `Delivery ${shown(number)} is blocked for goods issue`);
  const { day, time } = context.store.moment;
  checkOpenPeriod(context, textOf(header, 'SalesOrganization'), day);
  changeItems(context, number, { GoodsMovementStatus: 'C' });
  return changeHeader(context, number, { ActualGoodsMovementDate: day, ActualGoodsMovementTime: time });
}

export function reverseGoodsIssue(context: Context, number: string): Row {
  const header = headerRow(context, number);
  if (header.OverallGoodsMovementStatus !== 'C')
    throw refuse('VL/017', `Goods issue of delivery ${shown(number)} was not posted`);
  if (header.OverallDelivReltdBillgStatus !== 'A')
    throw refuse('VL/018', `Delivery ${shown(number)} was billed: cancel the invoice first`);
  checkOpenPeriod(context, textOf(header, 'SalesOrganization'), context.store.moment.day);
  changeItems(context, number, { GoodsMovementStatus: 'A' });
  return changeHeader(context, number, { ActualGoodsMovementDate: null, ActualGoodsMovementTime: '00:00:00' });
}

export const alreadyIssued = (number: string) => refuse('VL/602', `Goods issue of delivery ${shown(number)} was already posted`);

/** How far it is billed follows from its items. @param billed what is billed of each item, by its number */
export function setBilled(context: Context, number: string, isBilled: (item: Row) => boolean): void {
  const { store } = context;
  for (const item of itemsOf(context, number))
    store.change('A_OutbDeliveryItem', item, { DeliveryRelatedBillingStatus: isBilled(item) ? 'C' : 'A' });
  writeStatuses(context, number, {});
}

function changeItems(context: Context, number: string, values: Values): void {
  const { day } = context.store.moment;
  for (const item of itemsOf(context, number))
    context.store.change('A_OutbDeliveryItem', item, { ...values, LastChangeDate: day });
}

/** A change of the delivery itself: another version, changed on this day. */
export function changeHeader(context: Context, number: string, values: Values): Row {
  const { store } = context;
  const version = String(Number(textOf(headerRow(context, number), 'DeliveryVersion')) + 1).padStart(4, '0');
  for (const item of itemsOf(context, number)) store.change('A_OutbDeliveryItem', item, { DeliveryVersion: version });
  context.happened('OutboundDelivery', 'Changed', { OutboundDelivery: shown(number) });
  return writeStatuses(context, number, {
    ...values,
    DeliveryVersion: version,
    LastChangeDate: store.moment.day,
    LastChangedByUser: USER,
  });
}

function writeStatuses(context: Context, number: string, values: Values): Row {
  const { store } = context;
  const items = itemsOf(context, number);
  for (const item of items) {
    const process = together([
      textOf(item, 'GoodsMovementStatus') as Letter,
      textOf(item, 'DeliveryRelatedBillingStatus') as Letter,
    ]);
    store.change('A_OutbDeliveryItem', item, { SDProcessStatus: process });
  }
  const letters = (name: string): Value =>
    together(items.map((item) => textOf(store.get('A_OutbDeliveryItem', item) ?? item, name) as Letter));
  return store.change('A_OutbDeliveryHeader', headerRow(context, number), {
    ...values,
    OverallPickingStatus: letters('PickingStatus'),
    OverallGoodsMovementStatus: letters('GoodsMovementStatus'),
    OverallDelivReltdBillgStatus: letters('DeliveryRelatedBillingStatus'),
    OverallSDProcessStatus: letters('SDProcessStatus'),
  });
}
