/**
 * Links between documents: which order a line delivers or bills, and what payments, credits and deposits are set against. NetSuite keeps one
 * row for each pair of lines; a deposit reaches its invoices through its applications, which are documents of their own.
 */
import type { JsonObject } from '../../src/connect/index.ts';
import { neededText, textAt } from './fields.ts';
import { type Context, dayColumn, idList, inChunks, queryAll } from './suiteql.ts';

export type LinksWanted = 'ORDERS' | 'PAYMENTS' | 'NONE';

const COLUMNS = [
  'k.previousdoc',
  'k.previousline',
  'k.previoustype',
  'k.nextdoc',
  'k.nextline',
  'k.nexttype',
  'k.linktype',
  'k.foreignamount',
  dayColumn('n.trandate', 'nextdate'),
];

/** By the id of the document that they belong to. */
export async function linksOf(
  context: Context,
  wanted: LinksWanted,
  headers: readonly JsonObject[],
): Promise<ReadonlyMap<string, readonly JsonObject[]>> {
  const links = new Map<string, JsonObject[]>();
  if (wanted === 'NONE') return links;
  const add = (id: string, row: JsonObject) => void (links.get(id)?.push(row) ?? links.set(id, [row]));
  const ids = headers.map((row) => neededText(row, 'id'));
  const into = await rowsWhere(context, `k.nextdoc IN (${idList(ids)})`);
  if (wanted === 'ORDERS') {
    for (const row of into) if (row['previoustype'] === 'SalesOrd') add(neededText(row, 'nextdoc'), row);
    return links;
  }
  for (const row of into) if (row['linktype'] === 'Payment') add(neededText(row, 'nextdoc'), row);
  const outOf = await rowsWhere(context, `k.previousdoc IN (${idList(ids)}) AND k.nexttype IN ('DepAppl', 'CustRfnd')`);
  for (const row of outOf) if (row['nexttype'] === 'CustRfnd') add(neededText(row, 'previousdoc'), row);
  await addDeposits(
    context,
    outOf.filter((row) => row['nexttype'] === 'DepAppl'),
    add,
  );
  return links;
}

/** What a deposit's applications are set against is what the deposit is set against. */
async function addDeposits(context: Context, applied: readonly JsonObject[], add: (id: string, row: JsonObject) => void) {
  const depositOf = new Map(applied.map((row) => [neededText(row, 'nextdoc'), neededText(row, 'previousdoc')] as const));
  for (const some of inChunks([...depositOf.keys()], IDS_MAX_COUNT))
    for (const row of await rowsWhere(context, `k.nextdoc IN (${idList(some)})`)) {
      const deposit = depositOf.get(neededText(row, 'nextdoc'));
      if (deposit !== undefined && textAt(row, 'previousdoc') !== deposit) add(deposit, row);
    }
}

const IDS_MAX_COUNT = 200;
const KEY = ['nextdoc', 'nextline', 'previousdoc', 'previousline'];

const rowsWhere = (context: Context, where: string): Promise<readonly JsonObject[]> =>
  queryAll(context, {
    statement: (after) =>
      `SELECT ${COLUMNS.join(', ')} FROM previoustransactionlinelink k JOIN transaction n ON n.id = k.nextdoc WHERE ${where} AND ${after} ORDER BY ${KEY.map((name) => `k.${name}`).join(', ')}`,
    key: KEY.map((name) => [`k.${name}`, name] as const),
  });

export const fieldsOfLinks = (wanted: LinksWanted, links: readonly JsonObject[]): JsonObject =>
  wanted === 'NONE' ? {} : { links: [...links] };
