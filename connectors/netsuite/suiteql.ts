/**
 * Queries in SuiteQL. Every value comes as a text, columns that are NULL are left out, and no query gives more than 100,000 rows: so each
 * is bounded, and goes on by a key. What goes into a query is a number, an escaped text, or a name from the settings.
 */
import { type ConnectorContext, type JsonObject, MappingError } from '../../src/connect/index.ts';
import { strange } from './faults.ts';
import { isObject } from './fields.ts';
import type { Settings } from './settings.ts';

export type Context = ConnectorContext<Settings>;

export const ROWS_MAX_COUNT = 1_000;
const PATH = '/services/rest/query/v1/suiteql';

/** The rows of one query, at most a thousand: the statement bounds itself. */
export async function query(context: Context, statement: string): Promise<readonly JsonObject[]> {
  const { body } = await context.http.post(PATH, {
    query: { limit: ROWS_MAX_COUNT },
    headers: { prefer: 'transient' },
    body: { q: statement },
    isRepeatable: true,
  });
  if (!isObject(body) || !Array.isArray(body['items']) || !body['items'].every(isObject))
    throw strange('The answer to a query has no list of rows.');
  if (body['hasMore'] === true) throw strange(`A query that asked for ${ROWS_MAX_COUNT} rows at most has more.`);
  return body['items'].map(({ links: _links, ...row }) => row);
}

interface Keyed {
  /** The statement of one page, with that condition in it. */
  readonly statement: (after: string) => string;
  /** The columns that it is ordered by, whole numbers all of them, and their names in a row. */
  readonly key: readonly (readonly [column: string, name: string])[];
  readonly max?: number;
}

/** All rows, page by page behind the last key. Rows of one key must fit into one page. */
export async function queryAll(
  context: Context,
  { statement, key, max = ROWS_MAX_COUNT }: Keyed,
): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  for (let last: readonly string[] | null = null; ; ) {
    const page = await query(context, `${statement(last === null ? '1 = 1' : behind(key, last))} FETCH FIRST ${max} ROWS ONLY`);
    if (page.length < max) return [...rows, ...page];
    const keys = page.map((row) => key.map(([, name]) => wholeText(row, name)));
    const end = keys.at(-1)?.join(' ');
    // those of the last key may go on beyond the page
    const whole = keys.findIndex((one) => one.join(' ') === end);
    if (whole === 0) throw strange(`More than ${max} rows of a query have the key ${end}.`);
    rows.push(...page.slice(0, whole));
    last = keys[whole - 1] ?? null;
  }
}

/** Rows whose key is greater. @example behind([['l.a', 'a'], ['l.b', 'b']], ['5', '7']) // '(l.a > 5 OR (l.a = 5 AND (l.b > 7)))' */
export function behind([first, ...rest]: Keyed['key'], [value = '', ...more]: readonly string[]): string {
  if (first === undefined) return '1 = 0';
  const [column] = first;
  return rest.length === 0
    ? `(${column} > ${value})`
    : `(${column} > ${value} OR (${column} = ${value} AND ${behind(rest, more)}))`;
}

function wholeText(row: JsonObject, name: string): string {
  const value = row[name] ?? '0';
  if (typeof value === 'string' && isId(value)) return value;
  throw strange(`A query gave ${name} without a whole number in it.`);
}

export const isId = (text: string): boolean => /^-?\d{1,18}$/.test(text);

/** @throws MappingError for what is no id: nothing else goes into a query */
export function idList(ids: readonly string[]): string {
  const wrong = ids.find((id) => !isId(id));
  if (wrong !== undefined) throw new MappingError('id', `${wrong} is no internal id of NetSuite.`);
  return ids.join(',');
}

/** Quotes inside are doubled. @example literal("O'Brien") // "'O''Brien'" */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const TIME_FORMAT = `'YYYY-MM-DD"T"HH24:MI:SS'`;
const DAY_FORMAT = `'YYYY-MM-DD'`;

/** Dates come in whatever format the user prefers, unless one is asked for. */
export const timeColumn = (column: string, name: string): string => `TO_CHAR(${column}, ${TIME_FORMAT}) AS ${name}`;
export const dayColumn = (column: string, name: string): string => `TO_CHAR(${column}, ${DAY_FORMAT}) AS ${name}`;

/** In the zone of the account, in which columns are written as well. `time`: `2026-03-31T08:00:00` */
export const timeLiteral = (time: string): string => `TO_DATE('${time.slice(0, 19).replace('T', ' ')}', 'YYYY-MM-DD HH24:MI:SS')`;
export const dayLiteral = (day: string): string => `TO_DATE('${day.slice(0, 10)}', 'YYYY-MM-DD')`;

export function inChunks<T>(list: readonly T[], maxCount: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / maxCount) }, (_, i) => list.slice(i * maxCount, (i + 1) * maxCount));
}
