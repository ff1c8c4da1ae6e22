/**
 * Reads pages of entity sets: filtered, ordered, cut, with a token to go on from. A set stays sorted until the books change, so that a page
 * of a long read costs what is on it, not what is in the set.
 */
import type { Books, EntitySet, Row, Value } from '../model.ts';
import { byTerms, type OrderTerm, valuesOf } from './compare.ts';
import { equalities, lowestOf, type Test, testOf } from './filter.ts';
import type { Expression } from './filter-parser.ts';
import type { Options } from './options.ts';
import { badSkipToken } from './refusals.ts';

export interface Paging {
  /** In one answer when the client names no $top. */
  readonly rows: number;
  /** In one answer at most, whatever $top says. */
  readonly topMaxRows: number;
}

export interface Page {
  readonly rows: readonly Row[];
  readonly count: number | null;
  /** Where the next page begins; null at the end. */
  readonly skipToken: string | null;
  /** What is left of $top then. */
  readonly topLeft: number | null;
}

interface Sorted {
  readonly version: number;
  readonly rows: readonly Row[];
}

const SORTED_MAX = 12;
const always: Test = () => true;

export class Reader {
  readonly #books: Books;
  readonly #sorted = new Map<string, Sorted>();
  #tokenAge = 0;
  /** Null: all in one answer. */
  paging: Paging | null;

  constructor(books: Books, paging: Paging | null) {
    this.#books = books;
    this.paging = paging;
  }

  /** Tokens given so far are refused from now on. */
  expireSkipTokens(): void {
    this.#tokenAge += 1;
  }

  /** @param among only these, where a navigation leads to them */
  page(set: EntitySet, options: Options, among: Iterable<Row> | null): Page {
    const { filter, order, top, skip, skipToken } = options;
    const test = filter === null ? always : testOf(filter);
    const source = this.#source(set, options, among);
    const begin = skipToken === null ? skip : 0;
    const most = Math.min(
      top ?? Infinity,
      this.paging === null ? Infinity : top === null ? this.paging.rows : this.paging.topMaxRows,
    );
    const rows: Row[] = [];
    let passed = 0;
    let hasMore = false;
    for (let at = this.#start(source, options); at < source.length; at++) {
      const row = source[at] as Row;
      if (!test(row)) continue;
      passed += 1;
      if (passed <= begin) continue;
      hasMore = rows.length >= most;
      if (hasMore) break;
      rows.push(row);
    }
    const last = rows.at(-1);
    const topLeft = top === null ? null : top - rows.length;
    const goesOn = hasMore && last !== undefined && topLeft !== 0;
    return {
      rows,
      count: options.isCounted ? counted(source, test) : null,
      skipToken: goesOn ? this.#token(order, last) : null,
      topLeft,
    };
  }

  count(set: EntitySet, options: Options, among: Iterable<Row> | null): number {
    const test = options.filter === null ? always : testOf(options.filter);
    return counted(this.#source(set, options, among), test);
  }

  #source(set: EntitySet, { filter, order }: Options, among: Iterable<Row> | null): readonly Row[] {
    const few = among ?? (filter === null ? null : this.#looked(set, filter));
    return few === null ? this.#whole(set, order) : sorted(few, order);
  }

  /** By an index of the books, where the filter asks for values that they have one for. */
  #looked(set: EntitySet, filter: Expression): Iterable<Row> | null {
    const wheres = equalities(filter);
    const indexed = new Set([...set.keys, ...(set.indexes ?? [])]);
    if (wheres === null || !wheres.every((where) => Object.keys(where).some((name) => indexed.has(name)))) return null;
    const found = new Map<string, Row>();
    for (const where of wheres)
      for (const row of this.#books.related(set.name, where))
        found.set(set.keys.map((name) => String(row[name])).join('\n'), row);
    return found.values();
  }

  #whole(set: EntitySet, order: readonly OrderTerm[]): readonly Row[] {
    const name = `${set.name} ${order.map((term) => `${term.name}${term.isDescending ? '-' : ''}`).join()}`;
    const known = this.#sorted.get(name);
    const { version } = this.#books;
    if (known?.version === version) return known.rows;
    const rows = sorted(this.#books.rows(set.name), order);
    this.#sorted.delete(name);
    this.#sorted.set(name, { version, rows });
    const [oldest] = this.#sorted.keys();
    if (this.#sorted.size > SORTED_MAX && oldest !== undefined) this.#sorted.delete(oldest);
    return rows;
  }

  /** The first row that can be meant: behind the token's, or with the smallest value that the filter lets through. */
  #start(source: readonly Row[], { filter, order, skipToken }: Options): number {
    const compare = byTerms(order);
    if (skipToken !== null) {
      const after = this.#after(skipToken, order);
      return firstOf(source, (row) => compare(valuesOf(order, row), after) > 0);
    }
    const [term] = order;
    const lowest = filter === null || term === undefined || term.isDescending ? null : lowestOf(filter, term.name);
    if (lowest === null || term === undefined) return 0;
    const compareFirst = byTerms([term]);
    return firstOf(source, (row) => compareFirst([term.valueOf(row)], [lowest]) >= 0);
  }

  #token(order: readonly OrderTerm[], last: Row): string {
    return Buffer.from(JSON.stringify([this.#tokenAge, ...valuesOf(order, last)])).toString('base64url');
  }

  #after(token: string, order: readonly OrderTerm[]): readonly Value[] {
    try {
      const [age, ...values] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Value[];
      if (age === this.#tokenAge && values.length === order.length) return values;
    } catch {
      // refused below
    }
    throw badSkipToken();
  }
}

function sorted(rows: Iterable<Row>, order: readonly OrderTerm[]): readonly Row[] {
  const compare = byTerms(order);
  const valued = Array.from(rows, (row) => ({ row, values: valuesOf(order, row) }));
  return valued.sort((a, b) => compare(a.values, b.values)).map(({ row }) => row);
}

function counted(rows: readonly Row[], test: Test): number {
  if (test === always) return rows.length;
  let count = 0;
  for (const row of rows) if (test(row)) count += 1;
  return count;
}

/** Of rows in order: the first for which it is true, as it is for all behind it. */
function firstOf(rows: readonly Row[], isBehind: (row: Row) => boolean): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBehind(rows[middle] as Row)) high = middle;
    else low = middle + 1;
  }
  return low;
}
