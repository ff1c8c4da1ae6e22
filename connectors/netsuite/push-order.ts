/** Orders on their way to NetSuite. Of one that is there already the open lines are changed; what is not wanted any more is closed. */
import {
  type Canonical,
  type Json,
  type JsonObject,
  type Push,
  type PushRequest,
  type PushResult,
  compare,
  isZero,
} from '../../src/connect/index.ts';
import { refusal } from './faults.ts';
import { isObject, isTrue, magnitude, neededText, textAt } from './fields.ts';
import { saleRows } from './lines.ts';
import { orderTable } from './mapping-sales.ts';
import { decide, type Overridden, type Setting } from './merge.ts';
import { formOf } from './push-sales.ts';
import { findByOurs, freshOf, inWords, knownId, makeOnce, patchFields, written } from './pushing.ts';
import { readRecord, upsert } from './record-service.ts';
import { splitLines } from './split-sales.ts';
import type { Settings } from './settings.ts';
import type { Context } from './suiteql.ts';

const ORDER = { type: 'salesOrder', stream: 'orders' } as const;
/** The only two states that can be set; the others follow from deliveries and bills. */
const APPROVED = { id: 'B' };
const PENDING = { id: 'A' };

export const pushOrder: Push<Settings, 'Order'> = {
  kind: 'Order',
  stream: 'orders',
  commands: ['CREATE', 'UPDATE', 'VOID'],
  find: (context, { ours }) => findByOurs(context, ORDER, ours),
  send: (context, request) =>
    inWords(async () => {
      const { document, command, ours } = request;
      if (command === 'UPDATE') return updateOrder(context, request);
      if (command === 'VOID') return cancelOrder(context, request);
      return makeOnce(context, { ...ORDER, ours }, async () => {
        const orderStatus = document.state === 'OPEN' ? PENDING : APPROVED;
        const body = { ...orderTable.write(document, 'CREATE'), ...(await formOf(context, document)), orderStatus };
        return upsert(context, 'salesOrder', { externalId: ours, body, list: 'item' });
      });
    }),
};

/** Every line is closed: nothing more of it is delivered or billed. */
async function cancelOrder(context: Context, request: PushRequest<'Order'>): Promise<PushResult> {
  const { raw, externalId } = await freshOf(context, 'orders', request);
  const items = saleRows(raw)
    .filter((row) => !isTrue(row, 'isclosed'))
    .map((row) => ({ line: row, change: { isClosed: true } }));
  await patchLines(context, { id: externalId, raw, items, fields: {}, added: [] });
  return { record: await written(context, 'orders', externalId) };
}

const columns = (column: string) => (raw: JsonObject) => textAt(raw, column);

function settingsOf(document: Canonical<'Order'>): readonly Setting[] {
  const { tranDate, memo, otherRefNum, terms } = orderTable.write(document, 'UPDATE');
  return [
    { field: 'tranDate', mine: tranDate, theirs: columns('trandate') },
    { field: 'memo', mine: memo, theirs: columns('memo') },
    { field: 'otherRefNum', mine: otherRefNum, theirs: columns('otherrefnum') },
    { field: 'terms', mine: terms, theirs: columns('terms') },
  ];
}

async function updateOrder(context: Context, request: PushRequest<'Order'>): Promise<PushResult> {
  const { document, known } = request;
  const id = knownId(request);
  const { raw } = await freshOf(context, 'orders', request);
  const fields = decide(settingsOf(document), raw, known?.raw ?? null);
  const lines = changedLines(context.config, { document, fresh: raw, known: known?.raw ?? null });
  await patchLines(context, { id, raw, fields: fields.changes, ...lines });
  const overridden = [...fields.overridden, ...lines.overridden];
  return { record: await written(context, 'orders', id), ...(overridden.length === 0 ? {} : { overridden }) };
}

interface LineChange {
  readonly line: JsonObject;
  readonly change: JsonObject;
}

interface Changes {
  readonly items: readonly LineChange[];
  readonly added: readonly JsonObject[];
}

const isSettled = (row: JsonObject): boolean =>
  isTrue(row, 'isclosed') ||
  (!isZero(magnitude(row, 'quantity')) && compare(magnitude(row, 'quantitybilled'), magnitude(row, 'quantity')) >= 0);

/**
 * Ours, in their sequence, take the lines of the same items there. What we have not changed since we read it stays as it is there; lines
 * that we don't have are closed, once we have known them.
 */
function changedLines(
  settings: Settings,
  { document, fresh, known }: { document: Canonical<'Order'>; fresh: JsonObject; known: JsonObject | null },
): Changes & { readonly overridden: readonly Overridden[] } {
  const rows = saleRows(fresh);
  const before = new Map((known === null ? [] : saleRows(known)).map((row) => [textAt(row, 'id'), row]));
  const free = new Set(rows);
  const isFinal = document.state === 'COMPLETED' || document.state === 'CANCELLED';
  const [items, added, overridden]: [LineChange[], JsonObject[], Overridden[]] = [[], [], []];
  const mine = document.lines.length === 0 ? [] : splitLines(document, settings);
  for (const line of mine) {
    const item = itemOf(line);
    const row = [...free].find((one) => textAt(one, 'item') === item);
    if (row === undefined) {
      added.push(line);
      continue;
    }
    free.delete(row);
    const last = before.get(textAt(row, 'id'));
    const isSame = (there: JsonObject) =>
      compare(magnitude(there, 'quantity'), magnitude(line, 'quantity')) === 0 &&
      compare(magnitude(there, 'foreignamount'), magnitude(line, 'amount')) === 0;
    const isOpen = !isTrue(row, 'isclosed');
    if (!isFinal && isOpen && !isSame(row) && !(last && isSame(last))) {
      const { item: _item, taxCode: _code, ...change } = line;
      items.push({ line: row, change });
      if (last && !isSameRow(row, last)) overridden.push({ field: `item.${textAt(row, 'id')}`, theirs: row, ours: change });
    }
    if (isFinal && isOpen && !isSettled(row)) items.push({ line: row, change: { isClosed: true } });
  }
  const isOurs = (row: JsonObject) => known === null || before.has(textAt(row, 'id'));
  for (const row of free) if (isOurs(row) && !isSettled(row)) items.push({ line: row, change: { isClosed: true } });
  if (isFinal && added.length > 0) throw refusal('A line of the order is not in NetSuite, where it can not be added any more.');
  return { items, added, overridden };
}

const itemOf = ({ item }: JsonObject): string | undefined => (isObject(item) ? textAt(item, 'id') : undefined);
const isSameRow = (a: JsonObject, b: JsonObject): boolean =>
  ['quantity', 'foreignamount'].every((name) => compare(magnitude(a, name), magnitude(b, name)) === 0);

interface Patching extends Changes {
  readonly id: string;
  readonly raw: JsonObject;
  readonly fields: JsonObject;
}

/** A line that is added can be added once only: such a request is not repeated by itself. */
async function patchLines(context: Context, { id, fields, items, added }: Patching): Promise<void> {
  if (items.length === 0 && added.length === 0) return void (await patchFields(context, 'salesOrder', { id, body: fields }));
  const lineOf = items.length === 0 ? () => 0 : await restLines(context, id);
  const list: Json[] = [...items.map(({ line, change }): Json => ({ line: lineOf(line), ...change })), ...added];
  await patchFields(context, 'salesOrder', { id, body: { ...fields, item: { items: list } }, isRepeatable: added.length === 0 });
}

/**
 * The key that the record service has for a line that was read by a query: the same number, by all we know. It is looked at before it is
 * relied on, since the wrong line would be changed.
 */
async function restLines(context: Context, id: string): Promise<(row: JsonObject) => number> {
  const record = await readRecord(context, 'salesOrder', { id, withLines: true });
  const list = record?.['item'];
  const items = isObject(list) && Array.isArray(list['items']) ? list['items'].filter(isObject) : [];
  const byLine = new Map(items.map((line) => [textAt(line, 'line'), itemOf(line)]));
  return (row) => {
    const line = neededText(row, 'id');
    if (byLine.get(line) === textAt(row, 'item')) return Number(line);
    throw refusal(`Line ${line} of order ${id} is another one in NetSuite's record service: change the order there.`);
  };
}
