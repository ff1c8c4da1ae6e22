/**
 * What was shipped here, on its way to SAP: a delivery of the order, picked, with its goods issue posted. No field can be given our reference
 * when a delivery is made, so one that was made by a lost request is known again by its order and its items, and marked before all else.
 */
import type { Canonical, JsonObject, Push, PushRequest, PushResult, SourceRecord } from '../../src/connect/index.ts';
import { sapDay, compare } from '../../src/connect/index.ts';
import { DELIVERIES, deliveryId, loadDeliveries } from './deliveries.ts';
import { refusal, strange } from './faults.ts';
import { given, keyAt, neededAmount, neededKey, rowsAt, textAt } from './fields.ts';
import { keyText, text } from './literals.ts';
import { loadOrders } from './orders.ts';
import { carrying, gone, inWords } from './pushing.ts';
import { entityIn, ETAG, literalOf, readEntity, readPage } from './query.ts';
import { toReference } from './reference.ts';
import { send } from './session.ts';
import type { Settings } from './settings.ts';
import { type Context, rootOf } from './system.ts';

type Request = PushRequest<'Delivery'>;
type Line = Canonical<'Delivery'>['lines'][number];

const ITEMS = 'A_OutbDeliveryItem';
const FOUND_MAX_COUNT = 50;

export const pushDelivery: Push<Settings, 'Delivery'> = {
  kind: 'Delivery',
  stream: 'deliveries',
  commands: ['CREATE'],
  find: (context, request) => inWords(() => findIssued(context, request)),
  send: (context, request) => inWords(() => deliver(context, request)),
};

/** One that is marked and whose goods have left: what is only begun is gone on with by sending it again. */
async function findIssued(context: Context, request: Request): Promise<SourceRecord | null> {
  const number = await markedOf(context, request);
  const record = number === null ? null : await recordOf(context, number, request.document.order);
  return record !== null && isIssued(record.raw) ? record : null;
}

const isIssued = (raw: JsonObject): boolean => textAt(raw, 'OverallGoodsMovementStatus') === 'C';

async function markedOf(context: Context, { ours }: Request): Promise<string | null> {
  const field = context.config.deliveryReference;
  const at = { service: 'delivery', set: DELIVERIES, field, keys: ['DeliveryDocument'] } as const;
  const [row] = await carrying(context, at, toReference(ours));
  return row === undefined ? null : neededKey(row, 'DeliveryDocument');
}

async function recordOf(context: Context, number: string, order: string): Promise<SourceRecord | null> {
  const records = await loadDeliveries(context, [number]);
  return records.find(({ externalId }) => externalId === deliveryId(number, order)) ?? null;
}

async function deliver(context: Context, request: Request): Promise<PushResult> {
  const { document } = request;
  if (!context.config.postsDeliveries)
    throw refusal('Deliveries are made in SAP: post this one there, or switch on the setting postsDeliveries.');
  const marked = await markedOf(context, request);
  const begun = marked ?? (await unmarkedOf(context, request));
  const number = begun ?? (await create(context, request));
  if (marked === null) await mark(context, number, request);
  const made = await recordOf(context, number, document.order);
  if (made === null) throw gone(`Delivery ${number}`);
  if (!isIssued(made.raw)) {
    if (textAt(made.raw, 'OverallPickingStatus') !== 'C') await call(context, number, 'PickAllItems');
    await call(context, number, 'PostGoodsIssue');
  }
  const record = await recordOf(context, number, document.order);
  if (record === null || !isIssued(record.raw))
    throw strange(`The goods issue of delivery ${number} was to be posted, and is not.`);
  return { record, ...(marked !== null && isIssued(made.raw) ? { isFound: true } : {}) };
}

/** Made by a request whose answer was lost, or by somebody for the very same goods: theirs and ours are one. */
async function unmarkedOf(context: Context, { document }: Request): Promise<string | null> {
  const order = await literalOf(context, 'delivery', { set: ITEMS, field: 'ReferenceSDDocument', value: document.order });
  const { rows } = await readPage(context, 'delivery', {
    set: ITEMS,
    fields: ['DeliveryDocument'],
    filter: `ReferenceSDDocument eq ${order}`,
    orderBy: 'DeliveryDocument desc',
    top: FOUND_MAX_COUNT,
  });
  const numbers = [...new Set(rows.map((row) => neededKey(row, 'DeliveryDocument')))];
  const records = await loadDeliveries(context, numbers);
  const isFree = ({ raw }: SourceRecord) => textAt(raw, context.config.deliveryReference) === undefined && !isIssued(raw);
  const found = records.find((record) => isFree(record) && isOfLines(record.raw, document));
  return found ? neededKey(found.raw, 'DeliveryDocument') : null;
}

function isOfLines(raw: JsonObject, { order, lines }: Canonical<'Delivery'>): boolean {
  const items = rowsAt(raw, 'to_DeliveryDocumentItem').filter((item) => keyAt(item, 'ReferenceSDDocument') === order);
  const isThere = ({ orderLine, quantity }: Line) =>
    items.some(
      (item) =>
        keyAt(item, 'ReferenceSDDocumentItem') === orderLine &&
        compare(neededAmount(item, 'ActualDeliveryQuantity'), quantity) === 0,
    );
  return items.length === lines.length && lines.every(isThere);
}

async function create(context: Context, { document }: Request): Promise<string> {
  const [order] = await loadOrders(context, [document.order]);
  if (!order) throw gone(`Order ${document.order}`);
  const units = new Map(
    rowsAt(order.raw, 'to_Item').map((item) => [neededKey(item, 'SalesOrderItem'), textAt(item, 'RequestedQuantityUnit')]),
  );
  const results = document.lines.map(({ orderLine, quantity }) => ({
    ReferenceSDDocument: document.order,
    ReferenceSDDocumentItem: orderLine,
    ActualDeliveryQuantity: quantity,
    ...given({ DeliveryQuantityUnit: units.get(orderLine) }),
  }));
  const path = `${rootOf('delivery')}/${DELIVERIES}`;
  const { body } = await send(context, 'delivery', { method: 'post', path, body: { to_DeliveryDocumentItem: { results } } });
  return neededKey(entityIn(body, DELIVERIES), 'DeliveryDocument');
}

const entityPath = (number: string): string => `${rootOf('delivery')}/${DELIVERIES}${keyText({ DeliveryDocument: number })}`;

async function etagOf(context: Context, number: string): Promise<string> {
  const key = { DeliveryDocument: number };
  const row = await readEntity(context, 'delivery', { set: DELIVERIES, fields: ['DeliveryDocument'], key });
  if (!row) throw gone(`Delivery ${number}`);
  return textAt(row, ETAG) ?? '*';
}

async function mark(context: Context, number: string, { document, ours }: Request): Promise<void> {
  const { shippedOn, trackingNumber, carrier } = document;
  const body = {
    [context.config.deliveryReference]: toReference(ours),
    ...given({
      ActualGoodsMovementDate: shippedOn === undefined ? undefined : sapDay.encode(shippedOn, 'ActualGoodsMovementDate'),
      BillOfLading: trackingNumber?.slice(0, 35),
      MeansOfTransport: carrier?.slice(0, 20),
    }),
  };
  await send(context, 'delivery', { method: 'patch', path: entityPath(number), body, etag: await etagOf(context, number) });
}

async function call(context: Context, number: string, name: 'PickAllItems' | 'PostGoodsIssue'): Promise<void> {
  const query = { DeliveryDocument: text(number) };
  const etag = await etagOf(context, number);
  await send(context, 'delivery', { method: 'post', path: `${rootOf('delivery')}/${name}`, query, etag });
}
