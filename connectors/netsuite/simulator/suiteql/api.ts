/** SuiteQL over HTTP: pages of texts, with what is empty left out. */
import { createHash } from 'node:crypto';
import type { Said } from '../../../../src/connect/simulating/index.ts';
import { bodyOf, type Call, headerOf, pageBody, shown } from '../call.ts';
import type { Body, DateFormat, Json } from '../contract.ts';
import { invalidParameter, invalidRequest, notAllowed, Problem } from '../problem.ts';
import { pageOf } from '../records/list.ts';
import type { Records } from '../records/records.ts';
import { Zone } from '../zone.ts';
import { parseQuery } from './parser.ts';
import { type Result, Runner, type Window } from './run.ts';
import type { Table } from './table.ts';
import { listTables } from './tables-list.ts';
import { transactionTables } from './tables-transaction.ts';
import { toText, type Value } from './values.ts';

export interface QuerySetting {
  readonly dateFormat: DateFormat;
  /** That one query gives. */
  readonly rowsMax: number;
  /** A documented limit was broken. */
  readonly onBroken: () => void;
}

/** Where NetSuite's servers stand. */
const SERVER_ZONE = 'America/Los_Angeles';

export class QueryApi {
  readonly #records: Records;
  readonly #setting: QuerySetting;
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #server = new Zone(SERVER_ZONE);
  /** The last result, for the next page of the same query. */
  #last: { readonly key: string; readonly result: Result } | null = null;

  constructor(records: Records, setting: QuerySetting) {
    this.#records = records;
    this.#setting = setting;
    this.#tables = new Map([...transactionTables(records), ...listTables(records)].map((table) => [table.name, table]));
  }

  /** @throws Problem */
  answer(call: Call): Said {
    if (call.method !== 'POST') throw notAllowed(call.method);
    if (!/(^|,)\s*transient\s*(,|$)/i.test(headerOf(call, 'prefer')))
      throw invalidRequest("The required request header 'Prefer' is missing or has an invalid value: it is 'transient'.", {
        header: 'Prefer',
      });
    const { q, params } = bodyOf(call);
    if (typeof q !== 'string' || q.trim() === '') throw invalidRequest("The property 'q' of the request body is missing.");
    const page = this.#page(call.url.searchParams);
    const { rowsMax, onBroken } = this.#setting;
    const end = Math.min(page.offset + page.limit, rowsMax);
    const result = this.#result(q, valuesIn(params), page.offset === 0 ? { from: 0, to: end, countMax: rowsMax } : null);
    const total = Math.min(result.count, rowsMax);
    // whoever reads up to there does not see what comes behind
    if (result.count > rowsMax && page.offset + page.limit >= rowsMax) onBroken();
    const items: Json[] = [];
    for (let at = page.offset; at < Math.min(end, total); at++) items.push({ links: [], ...this.#shown(result, at) });
    const body = pageBody({ ...page, total, items }, { href: call.url, method: 'POST' });
    return shown('collection', body, { 'preference-applied': 'transient' });
  }

  /** All rows of a query. */
  rows(q: string): Record<string, string>[] {
    const result = this.#run(q, [], null);
    return Array.from({ length: result.count }, (_, at) => this.#shown(result, at));
  }

  #page(query: URLSearchParams) {
    try {
      return pageOf(query);
    } catch (error) {
      if (error instanceof Problem) this.#setting.onBroken();
      throw error;
    }
  }

  #result(q: string, parameters: readonly Value[], window: Window | null): Result {
    if (window !== null) return this.#run(q, parameters, window);
    const { books, role } = this.#records;
    const hash = createHash('sha256').update(JSON.stringify([q, parameters, role === null ? null : [...role]]));
    const key = `${books.version}/${books.nowSec()}/${hash.digest('base64')}`;
    if (this.#last?.key !== key) this.#last = { key, result: this.#run(q, parameters, null) };
    return this.#last.result;
  }

  #run(q: string, parameters: readonly Value[], window: Window | null): Result {
    const { books } = this.#records;
    const nowSec = books.nowSec();
    const values = {
      format: this.#setting.dateFormat,
      serverWall: this.#server.wall(nowSec),
      accountWall: books.zone.wall(nowSec),
    };
    return new Runner({ books, tables: this.#tables, values, parameters }).run(parseQuery(q), window);
  }

  #shown(result: Result, at: number): Record<string, string> {
    const row: Record<string, string> = {};
    for (const [index, value] of result.row(at).entries()) {
      const text = toText(value, this.#setting.dateFormat);
      if (text !== null) row[result.columns[index] ?? ''] = text;
    }
    return row;
  }
}

function valuesIn(params: Body[string]): Value[] {
  if (params === undefined || params === null) return [];
  if (!Array.isArray(params)) throw invalidParameter("'params' is a list of values.", 'params');
  return params.map((value: Json) => {
    if (value === null || typeof value === 'number' || typeof value === 'string') return value === '' ? null : value;
    if (typeof value === 'boolean') return value ? 'T' : 'F';
    throw invalidParameter("'params' is a list of values.", 'params');
  });
}
