/** The rows of FROM and WHERE: one table after the other, each found by what is known of it already, each condition tested as soon as it can be. */
import type { Books } from '../books/books.ts';
import type { Expr, Order, Source } from './ast.ts';
import { Compiler, type Eval, type Surrounding, type Test } from './compile.ts';
import { candidates, clusterOf, type Conditions, isClusterColumn, isConstant, ownColumn } from './plan.ts';
import type { Frame, Scope, Slot } from './scope.ts';
import type { Row } from './table.ts';
import { compare, Moment, toText, type Value } from './values.ts';

export interface JoinsOptions {
  readonly books: Books;
  readonly from: readonly Source[];
  readonly where: Expr | null;
  readonly scope: Scope;
  readonly surrounding: Surrounding;
  readonly orderBy: readonly Order[];
}

type OnFrame = (frame: Frame) => boolean;
type Ordering = readonly (Order & { readonly value: Eval })[];

interface Step {
  readonly slot: Slot;
  readonly isLeft: boolean;
  /** What its rows are found by; null: all of them. */
  readonly key: Eval | null;
  readonly find: (key: Value) => readonly Row[];
  readonly all: () => Iterable<Row>;
  /** Of the rows that it joins. */
  readonly tests: readonly Test[];
  /** Of the frame with its row, or without one. */
  readonly after: readonly Test[];
}

export const conjunctsOf = (expr: Expr | null): Expr[] =>
  expr === null ? [] : expr.is === 'AND' ? [...conjunctsOf(expr.left), ...conjunctsOf(expr.right)] : [expr];

export class Joins {
  readonly #options: JoinsOptions;
  readonly #compiler: Compiler;
  readonly #steps: readonly Step[];
  readonly #conditions: Conditions;
  readonly #group: readonly Slot[];
  /** Rows come in the order that is asked for, transaction by transaction. */
  readonly isInOrder: boolean;

  constructor(options: JoinsOptions) {
    const { from, where, scope, surrounding, orderBy } = options;
    this.#options = options;
    this.#compiler = new Compiler(scope, surrounding);
    const inner = from.flatMap(({ join, on }) => (join === 'INNER' ? conjunctsOf(on) : []));
    const conjuncts = [...conjunctsOf(where), ...inner];
    this.#conditions = {
      conjuncts,
      scope,
      evaluate: (expr) => this.#compiler.value(expr),
      standalone: (query) => surrounding.standalone(query, scope),
    };
    const isInner = (slot: Slot) => from[scope.slots.indexOf(slot)]?.join === 'INNER';
    this.#group = clusterOf(this.#conditions, isInner);
    const assigned = assign(conjuncts, scope);
    this.#steps = scope.slots.map((slot, index) => this.#step(slot, from[index] as Source, assigned[index] ?? []));
    const first = orderBy[0];
    const column = first === undefined || first.isDescending ? null : ownColumnOrNull(first.expr, scope);
    this.isInOrder = column !== null && this.#group.includes(column.slot) && isClusterColumn(column);
  }

  /** @param orders within a transaction, where rows come transaction by transaction */
  scan(outerFrame: Frame, limit: number, onFrame: OnFrame, orders: Ordering = []): void {
    const { scope } = this.#options;
    const frame = outerFrame.slice();
    let count = 0;
    const numbered: OnFrame = (one) => {
      if (count >= limit) return false;
      one[scope.rownumAt] = ++count;
      return onFrame(one) && count < limit;
    };
    if (this.#steps.length === 0) return void numbered(frame);
    if (limit <= 0) return;
    if (this.isInOrder && orders.length > 1) return this.#scanInOrder(frame, numbered, orders);
    for (const row of this.#driving()) if (!this.#visit(0, frame, numbered, [row])) return;
  }

  /** Rows of one transaction are put in order among themselves. */
  #scanInOrder(frame: Frame, onFrame: OnFrame, orders: Ordering): void {
    const { format } = this.#options.surrounding.values;
    const [, ...rest] = orders;
    for (const rows of this.#byTransaction()) {
      const found: { frame: Frame; keys: Value[] }[] = [];
      this.#visit(0, frame, (one) => found.push({ frame: one.slice(), keys: rest.map(({ value }) => value(one)) }) > 0, rows);
      found.sort((a, b) => orderOf(rest, { a: a.keys, b: b.keys }, (x, y) => compare(x, y, format)));
      for (const one of found) if (!onFrame(one.frame)) return;
    }
  }

  #visit(at: number, frame: Frame, onFrame: OnFrame, given?: readonly Row[]): boolean {
    const step = this.#steps[at];
    if (step === undefined) return onFrame(frame);
    const { slot, key, find, all, tests, after, isLeft } = step;
    let isFound = false;
    for (const row of given ?? (key === null ? all() : found(key(frame), find))) {
      frame[slot.index] = row;
      if (!passes(tests, frame)) continue;
      isFound = true;
      if (passes(after, frame) && !this.#visit(at + 1, frame, onFrame)) return false;
    }
    if (isFound || !isLeft) return true;
    frame[slot.index] = null;
    return passes(after, frame) ? this.#visit(at + 1, frame, onFrame) : true;
  }

  *#driving(): Iterable<Row> {
    if (this.#group.length > 0) for (const rows of this.#byTransaction()) yield* rows;
    else {
      const [step] = this.#steps;
      if (step !== undefined) yield* step.key === null ? step.all() : step.find(step.key([]));
    }
  }

  *#byTransaction(): Iterable<readonly Row[]> {
    const { books } = this.#options;
    const cluster = this.#group[0]?.table.cluster;
    for (const id of candidates(books, this.#group, this.#conditions)) {
      const transaction = books.transactions.get(id);
      const rows = transaction === undefined ? [] : (cluster?.rowsOf(transaction) ?? []);
      if (rows.length > 0) yield rows;
    }
  }

  #step(slot: Slot, { join, on }: Source, own: readonly Expr[]): Step {
    const isLeft = join === 'LEFT' && slot !== this.#options.scope.slots[0];
    const tested = isLeft ? conjunctsOf(on) : own;
    const { column, key } = this.#keyOf(slot, tested) ?? { column: null, key: null };
    const lookup = column === null ? undefined : slot.table.lookups.get(column);
    return {
      slot,
      isLeft,
      key: key === null ? null : this.#compiler.value(key),
      find: lookup ?? (column === null ? () => [] : hashed(slot, column)),
      all: () => slot.table.rows(),
      tests: tested.map((expr) => this.#compiler.test(expr)),
      after: isLeft ? own.map((expr) => this.#compiler.test(expr)) : [],
    };
  }

  /** A column of it that equals something known before; best one by which the table finds its rows. */
  #keyOf(slot: Slot, exprs: readonly Expr[]): { column: string; key: Expr } | null {
    const { scope } = this.#options;
    const isFirst = slot === scope.slots[0];
    const keys = exprs.flatMap((expr) => {
      if (expr.is !== 'COMPARE' || expr.op !== '=') return [];
      return [
        [expr.left, expr.right],
        [expr.right, expr.left],
      ].flatMap(([of, other]) => {
        const column = of === undefined ? null : ownColumnOrNull(of, scope);
        if (
          column === null ||
          other === undefined ||
          column.slot !== slot ||
          column.slot.table.columns.get(column.name)?.qualified
        )
          return [];
        const before = slotsOf(other, scope);
        const isKnown = before !== null && [...before].every((one) => one.index < slot.index);
        return isKnown && (!isFirst || isConstant(other)) ? [{ column: column.name, key: other }] : [];
      });
    });
    const direct = keys.find(({ column }) => slot.table.lookups.has(column));
    return direct ?? (isFirst ? null : (keys[0] ?? null));
  }
}

const found = (key: Value, find: (key: Value) => readonly Row[]): readonly Row[] => (key === null ? [] : find(key));
const passes = (tests: readonly Test[], frame: Frame): boolean => tests.every((test) => test(frame) === true);

/** Each condition to the first table at which all that it is about is known. */
function assign(conjuncts: readonly Expr[], scope: Scope): Expr[][] {
  const assigned: Expr[][] = scope.slots.map(() => []);
  const last = scope.slots.length - 1;
  for (const expr of conjuncts) {
    const slots = slotsOf(expr, scope);
    const at = slots === null ? last : Math.max(0, ...[...slots].map((slot) => scope.slots.indexOf(slot)));
    assigned[at]?.push(expr);
  }
  return assigned;
}

/** The tables of this query that an expression is about; null where a query within it may be about any. */
function slotsOf(expr: Expr, scope: Scope): Set<Slot> | null {
  const slots = new Set<Slot>();
  return collect(expr, scope, slots) ? slots : null;
}

function collect(expr: Expr | null, scope: Scope, slots: Set<Slot>): boolean {
  if (expr === null) return true;
  const all = (...exprs: readonly (Expr | null)[]) => exprs.every((one) => collect(one, scope, slots));
  switch (expr.is) {
    case 'COLUMN': {
      const { slot, isOwn } = scope.resolve(expr);
      if (isOwn) slots.add(slot);
      return true;
    }
    case 'LITERAL':
    case 'PARAMETER':
      return true;
    case 'ROWNUM':
    case 'EXISTS':
    case 'SCALAR':
    case 'IN_QUERY':
      return false;
    case 'CALL':
      return all(...expr.args);
    case 'CASE':
      return all(expr.otherwise, ...expr.whens.flatMap(({ when, result }) => [when, result]));
    case 'ARITHMETIC':
    case 'COMPARE':
    case 'AND':
    case 'OR':
      return all(expr.left, expr.right);
    case 'IN':
      return all(expr.of, ...expr.list);
    case 'BETWEEN':
      return all(expr.of, expr.low, expr.high);
    case 'LIKE':
      return all(expr.of, expr.pattern, expr.escape);
    default:
      return all(expr.of);
  }
}

/** A name that only the result has is none of a table. */
function ownColumnOrNull(expr: Expr, scope: Scope) {
  try {
    return ownColumn(expr, scope);
  } catch {
    return null;
  }
}

/** By the values of a column, made once it is needed. */
function hashed({ table }: Slot, name: string): (key: Value) => readonly Row[] {
  const column = table.columns.get(name);
  const keyed = (value: Value): string => (value instanceof Moment ? `@${value.wall}` : (toText(value, 'YYYY-MM-DD') ?? ''));
  let known: Map<string, Row[]> | null = null;
  return (key) => {
    if (known === null) {
      known = new Map();
      for (const row of table.rows()) {
        const value = column?.get(row) ?? null;
        if (value === null) continue;
        const rows = known.get(keyed(value));
        if (rows === undefined) known.set(keyed(value), [row]);
        else rows.push(row);
      }
    }
    return known.get(keyed(key)) ?? [];
  };
}

function orderOf(
  orders: readonly Order[],
  { a, b }: { a: readonly Value[]; b: readonly Value[] },
  by: (a: Value, b: Value) => number,
): number {
  for (const [index, { isDescending, areNullsFirst }] of orders.entries()) {
    const [x, y] = [a[index] ?? null, b[index] ?? null];
    const isFirst = areNullsFirst ?? isDescending;
    const sign =
      x === null || y === null ? (x === y ? 0 : (x === null) === isFirst ? -1 : 1) : (isDescending ? -1 : 1) * by(x, y);
    if (sign !== 0) return sign;
  }
  return 0;
}
