/** Runs a query: joins by lookups, filters as early as it can, groups, orders, cuts. */
import type { Books } from '../books/books.ts';
import type { Expr, Item, Order, Query, Select, Source } from './ast.ts';
import { Compiler, type Eval, isAggregate, type Surrounding } from './compile.ts';
import type { Surroundings } from './functions.ts';
import { Groups } from './groups.ts';
import { conjunctsOf, Joins } from './joins.ts';
import { type Frame, Scope } from './scope.ts';
import { columnsOf, type Row, type Table } from './table.ts';
import { badQuery } from './tokens.ts';
import { compare, toText, type Value } from './values.ts';

export interface RunOptions {
  readonly books: Books;
  readonly tables: ReadonlyMap<string, Table>;
  readonly values: Surroundings;
  readonly parameters: readonly Value[];
}

/** The rows of a result that are wanted now; of the others only the number counts, as far as it is asked for. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly countMax: number;
}

export interface Result {
  /** In lower case. */
  readonly columns: readonly string[];
  readonly count: number;
  /** Worked out when it is asked for. */
  row(at: number): readonly Value[];
}

type Part = Pick<Query, 'orderBy' | 'fetch' | 'skip'> & { readonly select: Select };

interface Shape {
  readonly columns: readonly string[];
  readonly values: readonly Eval[];
}

export class Runner implements Surrounding {
  readonly #options: RunOptions;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  get values(): Surroundings {
    return this.#options.values;
  }

  get parameters(): readonly Value[] {
    return this.#options.parameters;
  }

  /** @param window all rows where it is null */
  run(query: Query, window: Window | null = null): Result {
    return this.#prepare(query, null, window)([]);
  }

  firstColumn(query: Query, scope: Scope): (frame: Frame) => readonly Value[] {
    const probe = new Scope(scope);
    const run = this.#prepare(query, probe);
    let known: readonly Value[] | null = null;
    return (frame) => {
      if (known !== null) return known;
      const values = rowsOf(run(frame)).map((row) => row[0] ?? null);
      if (!probe.isCorrelated) known = values;
      return values;
    };
  }

  standalone(query: Query, scope: Scope): readonly Value[] | null {
    const probe = new Scope(scope);
    const run = this.#prepare(query, probe);
    return probe.isCorrelated ? null : rowsOf(run([])).map((row) => row[0] ?? null);
  }

  /** Everything that doesn't depend on the rows around it is done once. */
  #prepare(query: Query, outer: Scope | null, window: Window | null = null): (outerFrame: Frame) => Result {
    const { selects, unionAll, orderBy } = query;
    const [first] = selects;
    if (selects.length === 1 && first !== undefined) return this.#single({ ...query, select: first }, outer, window);
    const parts = selects.map((select) => this.#single({ select, orderBy: [], fetch: null, skip: 0 }, outer, null));
    return (outerFrame) => {
      const results = parts.map((part) => part(outerFrame));
      const columns = results[0]?.columns ?? [];
      if (results.some((result) => result.columns.length !== columns.length))
        throw badQuery('query block has incorrect number of result columns');
      let rows: (readonly Value[])[] = [];
      for (const [index, result] of results.entries()) {
        rows = rows.concat(rowsOf(result));
        if (index > 0 && unionAll[index - 1] === false) rows = this.#distinct(rows);
      }
      return listed(columns, cut(this.#ordered(columns, rows, orderBy), query));
    };
  }

  #single(part: Part, outer: Scope | null, window: Window | null): (outerFrame: Frame) => Result {
    const { select, orderBy } = part;
    const scope = new Scope(outer);
    for (const source of select.from) scope.add(source.alias, this.#table(source));
    const compiler = new Compiler(scope, this);
    const shape = this.#shape(select.items, scope, compiler);
    const orders = orderBy.map((order) => ({ ...order, value: this.#orderValue(order, { select, shape, compiler }) }));
    const { where, preLimit } = withoutRownum(select.where);
    const joins = new Joins({ books: this.#options.books, from: select.from, where, scope, surrounding: this, orderBy });
    if (isGrouped(select)) {
      const { aggregates } = compiler;
      const groups = new Groups({ select, scope, compiler, aggregates, compare: this.#compare, key: this.#key });
      return (outerFrame) => {
        const frames = groups.of((onFrame) => joins.scan(outerFrame, preLimit, onFrame));
        this.#sort(frames, orders);
        return this.#finished(frames, part, shape);
      };
    }
    const isStreamed = (orderBy.length === 0 || joins.isInOrder) && !select.isDistinct;
    const limit = Math.min(select.top ?? Number.POSITIVE_INFINITY, (part.fetch ?? Number.POSITIVE_INFINITY) + part.skip);
    return (outerFrame) => {
      if (isStreamed && window !== null)
        return counted(shape, window, (onFrame) => joins.scan(outerFrame, preLimit, onFrame, orders), { limit, skip: part.skip });
      const frames: Frame[] = [];
      const enough = isStreamed ? limit : Number.POSITIVE_INFINITY;
      if (enough > 0) joins.scan(outerFrame, preLimit, (frame) => frames.push(frame.slice()) < enough, isStreamed ? orders : []);
      if (!isStreamed) this.#sort(frames, orders);
      return this.#finished(frames, part, shape);
    };
  }

  #finished(frames: readonly Frame[], part: Part, { columns, values }: Shape): Result {
    const { isDistinct, top } = part.select;
    const project = (frame: Frame | undefined): Value[] => values.map((value) => value(frame ?? []));
    const topped = <Each>(rows: readonly Each[]) => cut(top === null ? rows : rows.slice(0, top), part);
    if (isDistinct) return listed(columns, topped(this.#distinct(frames.map(project))));
    const kept = topped(frames);
    return { columns, count: kept.length, row: (at) => project(kept[at]) };
  }

  #table({ table: name, query }: Source): Table {
    if (query !== null) return this.#derived(this.run(query));
    const table = this.#options.tables.get(name ?? '');
    if (table === undefined)
      throw badQuery(`Record '${name}' was not found. Reason: The record does not exist or your role may not see it.`);
    return table;
  }

  /** The rows of a query within FROM. */
  #derived(result: Result): Table {
    const { columns } = result;
    const values = rowsOf(result);
    const own = columns.map((name, index) => [name, (row: Row) => (row as readonly Value[])[index] ?? null] as const);
    return { name: '', columns: columnsOf(Object.fromEntries(own)), rows: () => values, lookups: new Map() };
  }

  #shape(items: readonly Item[], scope: Scope, compiler: Compiler): Shape {
    const columns: string[] = [];
    const values: Eval[] = [];
    for (const { expr, alias, table } of items) {
      if (expr !== null) {
        columns.push(alias ?? (expr.is === 'COLUMN' ? expr.name : nameOf(expr, columns.length)));
        values.push(compiler.value(expr));
        continue;
      }
      const slots = scope.slots.filter((slot) => table === null || slot.alias === table);
      if (slots.length === 0) throw badQuery(`The table ${table} is unknown.`);
      for (const slot of slots)
        for (const name of slot.table.columns.keys()) {
          columns.push(name);
          values.push(compiler.value({ is: 'COLUMN', table: slot.alias, name }));
        }
    }
    return { columns, values };
  }

  /** By place, by the name of a column of the result, or by any expression. */
  #orderValue({ expr }: Order, { select, shape, compiler }: { select: Select; shape: Shape; compiler: Compiler }): Eval {
    if (expr.is === 'LITERAL' && typeof expr.value === 'number') {
      const value = shape.values[expr.value - 1];
      if (value === undefined) throw badQuery('ORDER BY item must be the number of a SELECT-list expression');
      return value;
    }
    if (expr.is === 'COLUMN' && expr.table === null) {
      const at = select.items.findIndex(({ alias }) => alias === expr.name);
      const value = at < 0 || select.items.some((item) => item.expr === null) ? undefined : shape.values[at];
      if (value !== undefined) return value;
    }
    return compiler.value(expr);
  }

  #sort(frames: Frame[], orders: readonly (Order & { readonly value: Eval })[]): void {
    if (orders.length === 0) return;
    const keyed = frames.map((frame) => ({ frame, keys: orders.map(({ value }) => value(frame)) }));
    keyed.sort((a, b) => this.#order(orders, a.keys, b.keys));
    keyed.forEach(({ frame }, at) => (frames[at] = frame));
  }

  #order(orders: readonly Order[], a: readonly Value[], b: readonly Value[]): number {
    for (const [index, { isDescending, areNullsFirst }] of orders.entries()) {
      const [x, y] = [a[index] ?? null, b[index] ?? null];
      const isFirst = areNullsFirst ?? isDescending;
      const sign =
        x === null || y === null
          ? x === y
            ? 0
            : (x === null) === isFirst
              ? -1
              : 1
          : (isDescending ? -1 : 1) * this.#compare(x, y);
      if (sign !== 0) return sign;
    }
    return 0;
  }

  #ordered(columns: readonly string[], rows: (readonly Value[])[], orders: readonly Order[]): (readonly Value[])[] {
    const at = orders.map(({ expr }) =>
      expr.is === 'LITERAL' ? Number(expr.value) - 1 : expr.is === 'COLUMN' ? columns.indexOf(expr.name) : -1,
    );
    if (at.some((place) => place < 0)) throw badQuery('ORDER BY of a UNION is by columns of its result.');
    const keys = (row: readonly Value[]) => at.map((place) => row[place] ?? null);
    return orders.length === 0 ? rows : rows.toSorted((a, b) => this.#order(orders, keys(a), keys(b)));
  }

  #distinct(rows: readonly (readonly Value[])[]): (readonly Value[])[] {
    const distinct = new Map<string, readonly Value[]>();
    for (const row of rows) {
      const key = row.map(this.#key).join('\u0000');
      if (!distinct.has(key)) distinct.set(key, row);
    }
    return [...distinct.values()];
  }

  #compare = (a: Value, b: Value): number => compare(a, b, this.values.format);
  #key = (value: Value): string =>
    value === null
      ? ''
      : typeof value === 'object' && 'wall' in value
        ? `@${value.wall}`
        : `=${toText(value, this.values.format)}`;
}

const rowsOf = ({ count, row }: Result): (readonly Value[])[] => Array.from({ length: count }, (_, at) => row(at));
const listed = (columns: readonly string[], rows: readonly (readonly Value[])[]): Result => ({
  columns,
  count: rows.length,
  row: (at) => rows[at] ?? [],
});

function cut<Each>(rows: readonly Each[], { fetch, skip }: Pick<Query, 'fetch' | 'skip'>): readonly Each[] {
  return fetch === null && skip === 0 ? rows : rows.slice(skip, fetch === null ? undefined : skip + fetch);
}

/** Rows as they come, of which only those in the window are kept. */
function counted(
  { columns, values }: Shape,
  { from, to, countMax }: Window,
  scan: (onFrame: (frame: Frame) => boolean) => void,
  { limit, skip }: { readonly limit: number; readonly skip: number },
): Result {
  const kept: Frame[] = [];
  let seen = 0;
  if (limit > 0)
    scan((frame) => {
      const at = seen - skip;
      seen += 1;
      if (at >= from && at < to) kept.push(frame.slice());
      return seen < limit && at < countMax;
    });
  const row = (at: number): readonly Value[] => values.map((value) => value(kept[at - from] ?? []));
  return { columns, count: Math.max(0, seen - skip), row };
}

const nameOf = (expr: Expr, at: number): string =>
  expr.is === 'CALL' && expr.name.startsWith('BUILTIN.') && expr.args[0]?.is === 'COLUMN' ? expr.args[0].name : `expr${at + 1}`;

const isGrouped = ({ groupBy, having, items }: Select): boolean =>
  groupBy.length > 0 || having !== null || items.some(({ expr }) => hasAggregate(expr));

function hasAggregate(expr: Expr | null): boolean {
  if (expr === null) return false;
  switch (expr.is) {
    case 'CALL':
      return isAggregate(expr.name) || expr.args.some(hasAggregate);
    case 'ARITHMETIC':
    case 'COMPARE':
    case 'AND':
    case 'OR':
      return hasAggregate(expr.left) || hasAggregate(expr.right);
    case 'CASE':
      return hasAggregate(expr.otherwise) || expr.whens.some(({ when, result }) => hasAggregate(when) || hasAggregate(result));
    case 'NOT':
    case 'IS_NULL':
    case 'IN':
    case 'BETWEEN':
    case 'LIKE':
    case 'IN_QUERY':
      return hasAggregate(expr.of);
    default:
      return false;
  }
}

/** ROWNUM below a number cuts the rows before they are put in order. */
function withoutRownum(where: Expr | null): { where: Expr | null; preLimit: number } {
  let preLimit = Number.POSITIVE_INFINITY;
  const kept = conjunctsOf(where).filter((expr) => {
    if (expr.is !== 'COMPARE' || expr.left.is !== 'ROWNUM' || expr.right.is !== 'LITERAL' || typeof expr.right.value !== 'number')
      return true;
    const { value } = expr.right;
    if (expr.op === '<=') preLimit = Math.min(preLimit, value);
    else if (expr.op === '<') preLimit = Math.min(preLimit, value - 1);
    else if (expr.op === '=' && value === 1) preLimit = Math.min(preLimit, 1);
    else preLimit = 0; // no row ever is the second one before there was a first
    return false;
  });
  return {
    where: kept.reduce<Expr | null>((left, right) => (left === null ? right : { is: 'AND', left, right }), null),
    preLimit,
  };
}
