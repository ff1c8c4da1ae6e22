/**
 * Orders on their way to SAP. An order carries our reference in a field that only we write, and is looked for by it before one is made: a POST
 * is not idempotent there. A change goes item by item, each resting on the version that the order has by then.
 */
import type { Canonical, Json, JsonObject, Push, PushRequest, PushResult, SourceRecord } from '../../src/connect/index.ts';
import { sapDay, compare, plain } from '../../src/connect/index.ts';
import { product, quotient } from './amounts.ts';
import { refusal, strange } from './faults.ts';
import { amountAt, given, isObject, neededKey, rowsAt, textAt } from './fields.ts';
import { keyText } from './literals.ts';
import { isRejected, itemTable, orderTable } from './mapping-order.ts';
import { loadOrders, ORDERS, OWN_ITEM } from './orders.ts';
import { accountOf, carrying, creatable, gone, inWords, knownId, needReference, salesAreaOf } from './pushing.ts';
import { entityIn, ETAG, readEntity } from './query.ts';
import { toReference } from './reference.ts';
import { send } from './session.ts';
import type { Settings } from './settings.ts';
import { type Context, neededSet, rootOf } from './system.ts';
import { sapUnitOf } from './units.ts';

type Order = Canonical<'Order'>;
type Line = Order['lines'][number];
type Request = PushRequest<'Order'>;

const ITEMS = 'A_SalesOrderItem';
const ITEM_STEP = 10;
const TEXT_MAX_CHARS = 40;
/** What a condition can be the price of at once. */
const PER_MAX = 99_999;
const PRICE_DECIMALS = 9;

export const pushOrder: Push<Settings, 'Order'> = {
  kind: 'Order',
  stream: 'orders',
  commands: ['CREATE', 'UPDATE', 'VOID'],
  find: (context, request) => inWords(() => findOrder(context, request)),
  send: (context, request) => inWords(() => (request.command === 'CREATE' ? create(context, request) : change(context, request))),
};

async function findOrder(context: Context, { ours }: Request): Promise<SourceRecord | null> {
  const { orderReference: field } = context.config;
  await needReference(context, { service: 'order', set: ORDERS, field, setting: 'orderReference' });
  const [row] = await carrying(context, { service: 'order', set: ORDERS, field, keys: ['SalesOrder'] }, toReference(ours));
  return row === undefined ? null : recordOf(context, neededKey(row, 'SalesOrder'));
}

/** As the stream reads it. */
async function recordOf(context: Context, order: string): Promise<SourceRecord> {
  const [record] = await loadOrders(context, [order]);
  if (record) return record;
  throw strange(
    `Order ${order} was made, and is not read by its number: does its sales organization belong to a company that is served?`,
  );
}

async function create(context: Context, request: Request): Promise<PushResult> {
  const found = await findOrder(context, request);
  if (found) return { record: found, isFound: true };
  const body = await bodyOf(context, request);
  const { body: answer } = await send(context, 'order', { method: 'post', path: `${rootOf('order')}/${ORDERS}`, body });
  return { record: await recordOf(context, neededKey(entityIn(answer, ORDERS), 'SalesOrder')) };
}

async function bodyOf(context: Context, { document, ours }: Request): Promise<JsonObject> {
  const { config } = context;
  const { customer, company } = accountOf(document.customer);
  const area = salesAreaOf(context, company);
  const items: JsonObject[] = [];
  for (const [i, line] of document.lines.entries())
    items.push(await itemOf(context, { line, document, number: (i + 1) * ITEM_STEP }));
  const row = {
    SalesOrderType: area.orderType,
    SalesOrganization: area.salesOrganization,
    DistributionChannel: area.distributionChannel,
    OrganizationDivision: area.division,
    SoldToParty: customer,
    SalesOrderDate: sapDay.encode(document.orderedOn, 'SalesOrderDate'),
    ...orderTable.write(document, 'CREATE'),
    [config.orderReference]: toReference(ours),
    to_Item: items,
  };
  return creatable(context, { service: 'order', set: ORDERS }, row);
}

interface NewItem {
  readonly line: Line;
  readonly document: Order;
  readonly number: number;
}

async function itemOf(context: Context, { line, document, number }: NewItem): Promise<JsonObject> {
  const { config } = context;
  if (line.product === undefined)
    throw refusal(`The line "${line.description}" names no product, and SAP takes no item without a material.`);
  const unit = line.unit === undefined ? undefined : sapUnitOf(line.unit, config);
  const { priceCondition } = config;
  const price: Json | undefined = priceCondition === undefined ? undefined : [priceOf(line, { document, unit, priceCondition })];
  const row = {
    SalesOrderItem: String(number),
    [OWN_ITEM]: String(number),
    ...itemTable.write({ ...line, description: line.description.slice(0, TEXT_MAX_CHARS) }, 'CREATE'),
    RequestedQuantity: line.quantity,
    ...given({ RequestedQuantityUnit: unit, to_PricingElement: price }),
  };
  return creatable(context, { service: 'order', set: ITEMS }, row);
}

/** Of one unit where that comes to the net of the line, else of all of them together. */
function priceOf(
  line: Line,
  { document, unit, priceCondition }: { document: Order; unit: string | undefined; priceCondition: string },
): JsonObject {
  const { quantity, unitPrice, net } = line;
  const isExact = compare(product(unitPrice, quantity), net) === 0;
  const isWhole = /^\d{1,5}$/.test(plain(quantity)) && Number(plain(quantity)) <= PER_MAX;
  const [rate, per] = isExact
    ? [unitPrice, '1']
    : isWhole
      ? [net, plain(quantity)]
      : [quotient(net, quantity, PRICE_DECIMALS), '1'];
  return {
    ConditionType: priceCondition,
    ConditionRateValue: rate,
    ConditionCurrency: document.currency,
    ConditionQuantity: per,
    ...given({ ConditionQuantityUnit: unit }),
  };
}

/** One step of a change: to the order itself, or to an item of it. */
type Step =
  | { readonly to: 'ORDER'; readonly body: JsonObject }
  | { readonly to: 'ITEM'; readonly item: string; readonly body: JsonObject }
  | { readonly to: 'NEW_ITEM'; readonly body: JsonObject };

async function change(context: Context, request: Request): Promise<PushResult> {
  const order = knownId(request);
  const fresh = (await loadOrders(context, [order]))[0]?.raw;
  if (!fresh) throw gone(`Order ${order}`);
  const steps =
    request.command === 'VOID' ? rejections(context, rowsAt(fresh, 'to_Item')) : await stepsOf(context, request, fresh);
  const overridden = request.command === 'VOID' ? [] : overriddenBy(steps, fresh, request.known?.raw ?? null);
  for (const step of steps) await take(context, order, step);
  return {
    record: await recordOf(context, order),
    ...(steps.length === 0 ? { isFound: true } : {}),
    ...(overridden.length === 0 ? {} : { overridden }),
  };
}

/** Items have no version of their own: the order's counts for all, and it changes with each step. */
async function take(context: Context, order: string, step: Step): Promise<void> {
  const row = await readEntity(context, 'order', { set: ORDERS, fields: ['SalesOrder'], key: { SalesOrder: order } });
  if (!row) throw gone(`Order ${order}`);
  const etag = textAt(row, ETAG) ?? '*';
  const whole = `${rootOf('order')}/${ORDERS}${keyText({ SalesOrder: order })}`;
  const { body } = step;
  if (step.to === 'NEW_ITEM') await send(context, 'order', { method: 'post', path: `${whole}/to_Item`, body, etag });
  else {
    const item =
      step.to === 'ITEM' ? `${rootOf('order')}/${ITEMS}${keyText({ SalesOrder: order, SalesOrderItem: step.item })}` : whole;
    await send(context, 'order', { method: 'patch', path: item, body, etag });
  }
}

function rejections({ config }: Context, items: readonly JsonObject[]): readonly Step[] {
  const live = items.filter((item) => !isRejected(item));
  const { rejectionReason } = config;
  if (live.length === 0) return [];
  if (rejectionReason === undefined)
    throw refusal(
      'Items can only be rejected with a reason: name one of SAP in the setting rejectionReason, or cancel the order there.',
    );
  return live.map((item) => ({
    to: 'ITEM',
    item: neededKey(item, 'SalesOrderItem'),
    body: { SalesDocumentRjcnReason: rejectionReason },
  }));
}

const HEAD_FIELDS = ['PurchaseOrderByCustomer', 'RequestedDeliveryDate', 'CustomerPaymentTerms'] as const;

async function stepsOf(context: Context, { document, known }: Request, fresh: JsonObject): Promise<readonly Step[]> {
  const mine = orderTable.write(document, 'UPDATE');
  const before = known?.raw ?? null;
  const isChanged = (field: string) =>
    mine[field] !== undefined && mine[field] !== fresh[field] && mine[field] !== before?.[field];
  const head = Object.fromEntries(HEAD_FIELDS.filter(isChanged).map((field) => [field, mine[field] as Json]));
  const items = rowsAt(fresh, 'to_Item').filter((item) => !isRejected(item));
  const knownItems = new Map(rowsAt(before ?? {}, 'to_Item').map((item) => [neededKey(item, 'SalesOrderItem'), item]));
  const { pairs, left, added } = matched(document.lines, items);
  const steps: Step[] = Object.keys(head).length === 0 ? [] : [{ to: 'ORDER', body: head }];
  for (const { line, item } of pairs) {
    const number = neededKey(item, 'SalesOrderItem');
    const last = knownItems.get(number);
    const isSame = (row: JsonObject | undefined) =>
      row !== undefined && compare(amountAt(row, 'RequestedQuantity') ?? '0', line.quantity) === 0;
    if (!isSame(item) && !isSame(last)) steps.push({ to: 'ITEM', item: number, body: { RequestedQuantity: line.quantity } });
  }
  // an item that was added there is theirs; a release that has no field for that can't tell
  const hasMark = (await neededSet(context, 'order', ITEMS)).fields.has(OWN_ITEM);
  const ours = left.filter((item) => !hasMark || textAt(item, OWN_ITEM) !== undefined);
  steps.push(...rejections(context, ours));
  const last = Math.max(0, ...rowsAt(fresh, 'to_Item').map((item) => Number(neededKey(item, 'SalesOrderItem'))));
  for (const [i, line] of added.entries())
    steps.push({ to: 'NEW_ITEM', body: await itemOf(context, { line, document, number: last + (i + 1) * ITEM_STEP }) });
  return steps;
}

/** Which item a line is: of the same material at the same price, in their order. What has another price is another item. */
function matched(lines: readonly Line[], items: readonly JsonObject[]) {
  const left = [...items];
  const pairs: { line: Line; item: JsonObject }[] = [];
  const added: Line[] = [];
  for (const line of lines) {
    const at = left.findIndex((item) => neededKey(item, 'Material') === line.product && isSamePrice(item, line));
    const [item] = at < 0 ? [] : left.splice(at, 1);
    if (item) pairs.push({ line, item });
    else added.push(line);
  }
  return { pairs, left, added };
}

/** By what both come to, crosswise, so that nothing is divided. */
const isSamePrice = (item: JsonObject, { net, quantity }: Line): boolean =>
  compare(product(amountAt(item, 'NetAmount') ?? '0', quantity), product(net, amountAt(item, 'RequestedQuantity') ?? '0')) === 0;

/** What somebody there had changed since we read it, and we set by this. */
function overriddenBy(
  steps: readonly Step[],
  fresh: JsonObject,
  known: JsonObject | null,
): NonNullable<PushResult['overridden']> {
  if (known === null) return [];
  return steps.flatMap((step) => {
    if (step.to === 'NEW_ITEM') return [];
    const number = step.to === 'ITEM' ? step.item : null;
    const rowIn = (raw: JsonObject) =>
      number === null ? raw : rowsAt(raw, 'to_Item').find((item) => neededKey(item, 'SalesOrderItem') === number);
    const [now, before] = [rowIn(fresh), rowIn(known)];
    return Object.entries(step.body).flatMap(([field, ours]) => {
      const theirs = now?.[field] ?? null;
      return isObject(before) && before[field] !== theirs
        ? [{ field: number === null ? field : `${number}.${field}`, theirs, ours }]
        : [];
    });
  });
}
