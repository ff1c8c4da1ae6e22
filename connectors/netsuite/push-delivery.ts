/** Deliveries on their way to NetSuite: fulfilments that are made from their order, of just the lines that were shipped. */
import {
  type Canonical,
  type JsonObject,
  type Push,
  type PushRequest,
  type PushResult,
  type SourceRecord,
  compare,
  numberOf,
  plus,
} from '../../src/connect/index.ts';
import { refusal } from './faults.ts';
import { given, isTrue, magnitude, neededText } from './fields.ts';
import { saleRows } from './lines.ts';
import { assembleDelivery } from './mapping-delivery.ts';
import { findByOurs, inWords, readBack, written } from './pushing.ts';
import { remove, transform } from './record-service.ts';
import type { Settings } from './settings.ts';
import { type Context, isId } from './suiteql.ts';

const FULFILMENT = { type: 'itemFulfillment', stream: 'deliveries' } as const;

export const pushDelivery: Push<Settings, 'Delivery'> = {
  kind: 'Delivery',
  stream: 'deliveries',
  commands: ['CREATE'],
  find: (context, { ours }) => findByOurs(context, FULFILMENT, ours),
  send: (context, request) => inWords(() => fulfil(context, request)),
};

const SHIP_STATUS: Readonly<Record<Canonical<'Delivery'>['state'], string | null>> = {
  PLANNED: null,
  RELEASED: 'A',
  SHIPPED: 'C',
  DELIVERED: 'C',
  CANCELLED: null,
};

async function fulfil(context: Context, { document, ours }: PushRequest<'Delivery'>): Promise<PushResult> {
  const { order, state } = document;
  const status = SHIP_STATUS[state];
  if (status === null)
    throw refusal(`A delivery that is ${state} is not told to NetSuite: it has fulfilments once goods are picked.`);
  const found = await findByOurs(context, FULFILMENT, ours);
  if (found) return { record: found, isFound: true };
  const known = await readBack(context, 'orders', order);
  if (!known) throw refusal(`Order ${order} is not in NetSuite any more, so nothing of it can be delivered.`);
  const body = given({
    externalId: ours,
    tranDate: document.shippedOn,
    shipStatus: { id: status },
    memo: [document.carrier, document.trackingNumber].filter((text) => text !== undefined).join(' ') || undefined,
    item: { items: itemsOf(context.config, known.raw, document) },
  });
  const id = await transform(context, { type: 'salesOrder', id: order, into: 'itemFulfillment', body });
  const record = await written(context, 'deliveries', id);
  await mustDeliver(context, record, document);
  return { record };
}

/** Lines that are not named would be delivered as well, so all are of which something is left to deliver; services never are. */
function itemsOf({ location }: Settings, order: JsonObject, { lines }: Canonical<'Delivery'>): JsonObject[] {
  const wanted = quantities(lines);
  const isLeft = (row: JsonObject) =>
    row['fulfillable'] !== 'F' && compare(magnitude(row, 'quantity'), magnitude(row, 'quantityshiprecv')) > 0;
  const rows = saleRows(order).filter((row) => !isTrue(row, 'isclosed') && (isLeft(row) || wanted.has(neededText(row, 'id'))));
  const missing = [...wanted.keys()].find((id) => !rows.some((row) => neededText(row, 'id') === id));
  if (missing !== undefined || [...wanted.keys()].some((id) => !isId(id)))
    throw refusal(`Line ${missing ?? ''} of the order is closed in NetSuite, or is not there.`);
  return rows.map((row): JsonObject => {
    const id = neededText(row, 'id');
    const quantity = wanted.get(id);
    if (quantity === undefined) return { orderLine: Number(id), itemReceive: false };
    return given({
      orderLine: Number(id),
      itemReceive: true,
      quantity: numberOf(quantity, `Line ${id}: quantity`),
      location: location === undefined ? undefined : { id: location },
    });
  });
}

function quantities(lines: Canonical<'Delivery'>['lines']): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const { orderLine, quantity } of lines) sums.set(orderLine, plus(sums.get(orderLine) ?? '0', quantity));
  return sums;
}

/** That the lines were understood as they were meant is looked at: what delivers something else is taken away again. */
async function mustDeliver(context: Context, { raw, externalId }: SourceRecord, wanted: Canonical<'Delivery'>): Promise<void> {
  const { document } = assembleDelivery(raw, { config: context.config, functionalCurrency: '' });
  const [got, asked] = [quantities(document.lines), quantities(wanted.lines)];
  const isSame = got.size === asked.size && [...asked].every(([id, quantity]) => compare(got.get(id) ?? '0', quantity) === 0);
  if (isSame) return;
  await remove(context, 'itemFulfillment', externalId);
  throw refusal(
    'NetSuite fulfilled other lines or quantities than were shipped: the fulfilment was deleted again. Enter it there.',
  );
}
