/** Which transactions a query can be about at all, read off its conditions, so that a page of a large account takes no look at the rest. */
import { type Books, placeOf } from '../books/books.ts';
import { TRAN_CODES, type TranCode } from '../books/model.ts';
import { OFFSET_MAX_SEC } from '../zone.ts';
import type { Expr, Query } from './ast.ts';
import { type Eval, isAggregate } from './compile.ts';
import type { Scope, Slot } from './scope.ts';
import { idOf } from './table.ts';
import { codeNamed } from './tables-transaction.ts';
import { Moment, type Value } from './values.ts';

/** Narrowed by one condition after the other; each still is tested. */
interface Bounds {
  low: number;
  high: number;
  ids: ReadonlySet<number> | null;
  codes: ReadonlySet<TranCode> | null;
}

export interface Conditions {
  /** All that must be true. */
  readonly conjuncts: readonly Expr[];
  readonly scope: Scope;
  readonly evaluate: (expr: Expr) => Eval;
  /** What a query within it gives; null where that depends on the rows around it. */
  readonly standalone: (query: Query) => readonly Value[] | null;
}

/** The slots whose transactions are those of the first one. */
export function clusterOf({ conjuncts, scope }: Conditions, isInner: (slot: Slot) => boolean): Slot[] {
  const [first] = scope.slots;
  if (first?.table.cluster === undefined) return [];
  const group = [first];
  for (let size = 0; size !== group.length; ) {
    size = group.length;
    for (const expr of conjuncts) {
      if (expr.is !== 'COMPARE' || expr.op !== '=') continue;
      const [a, b] = [ownColumn(expr.left, scope), ownColumn(expr.right, scope)];
      if (a === null || b === null || !isClusterColumn(a) || !isClusterColumn(b)) continue;
      const [known, other] = group.includes(a.slot) ? [a.slot, b.slot] : [b.slot, a.slot];
      if (group.includes(known) && !group.includes(other) && isInner(other)) group.push(other);
    }
  }
  return group;
}

/** In ascending order. */
export function candidates(books: Books, group: readonly Slot[], conditions: Conditions): Iterable<number> {
  const bounds: Bounds = { low: 0, high: Number.MAX_SAFE_INTEGER, ids: null, codes: null };
  for (const expr of conditions.conjuncts) narrow({ books, bounds, group, conditions }, expr);
  const { low, high, ids, codes } = bounds;
  const isIn = (id: number) => id >= low && id <= high;
  if (ids !== null) return [...ids].filter((id) => isIn(id) && books.transactions.has(id)).sort((a, b) => a - b);
  const [code, ...more] = codes ?? [];
  if (codes !== null && code === undefined) return [];
  return range(code !== undefined && more.length === 0 ? books.idsOf(code) : books.ids, low, high);
}

function* range(ids: readonly number[], low: number, high: number): Iterable<number> {
  for (let at = placeOf(ids, low); at < ids.length; at++) {
    const id = ids[at] ?? 0;
    if (id > high) return;
    yield id;
  }
}

interface Narrowing {
  readonly books: Books;
  readonly bounds: Bounds;
  readonly group: readonly Slot[];
  readonly conditions: Conditions;
}

function narrow(narrowing: Narrowing, expr: Expr): void {
  const { bounds } = narrowing;
  const touched = touchedBy(narrowing, expr);
  if (touched !== null) bounds.ids = bounds.ids === null ? touched : both(bounds.ids, touched);
  if (expr.is === 'COMPARE') return narrowByComparison(narrowing, expr);
  if (expr.is === 'BETWEEN') {
    narrowByComparison(narrowing, { is: 'COMPARE', op: '>=', left: expr.of, right: expr.low });
    return narrowByComparison(narrowing, { is: 'COMPARE', op: '<=', left: expr.of, right: expr.high });
  }
  if (expr.is === 'IN' && expr.list.every(isConstant)) narrowToValues(narrowing, expr.of, expr.list);
}

function narrowByComparison(narrowing: Narrowing, { op, left, right }: Extract<Expr, { is: 'COMPARE' }>): void {
  if (!isConstant(right)) {
    if (isConstant(left)) narrowByComparison(narrowing, { is: 'COMPARE', op: TURNED[op], left: right, right: left });
    return;
  }
  if (op === '=') return narrowToValues(narrowing, left, [right]);
  const { bounds, group, conditions } = narrowing;
  const column = ownColumn(left, conditions.scope);
  if (column === null || !group.includes(column.slot) || !isClusterColumn(column)) return;
  const id = idOf(conditions.evaluate(right)([]));
  if (id === null) return;
  if (op === '>' || op === '>=') bounds.low = Math.max(bounds.low, op === '>' ? id + 1 : id);
  if (op === '<' || op === '<=') bounds.high = Math.min(bounds.high, op === '<' ? id - 1 : id);
}

const TURNED = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

function narrowToValues({ books, bounds, group, conditions }: Narrowing, of: Expr, list: readonly Expr[]): void {
  const column = ownColumn(of, conditions.scope);
  if (column === null || !group.includes(column.slot)) return;
  const { table } = column.slot;
  const values = list.map((one) => conditions.evaluate(one)([]));
  const only = (ids: readonly number[]) => {
    const { ids: before } = bounds;
    bounds.ids = new Set(ids.filter((id) => books.transactions.has(id) && (before === null || before.has(id))));
  };
  const known = values.flatMap((value) => idOf(value) ?? []);
  if (isClusterColumn(column)) only(known);
  else if (column.name === 'previousdoc' || (table.name === 'transactionline' && column.name === 'createdfrom'))
    only(known.flatMap((id) => books.transactions.get(id)?.followers ?? []));
  else if (table.name === 'transaction' && column.name === 'externalid')
    only(values.flatMap((value) => byExternalId(books, value)));
  else if (table.name === 'transaction' && (column.name === 'type' || column.name === 'recordtype')) {
    const codes = new Set(values.flatMap((value) => codeNamed(value) ?? []));
    bounds.codes = new Set(TRAN_CODES.filter((code) => codes.has(code) && (bounds.codes === null || bounds.codes.has(code))));
  }
}

function byExternalId(books: Books, value: Value): number[] {
  return typeof value === 'string' ? books.transactionsNamed(value) : [];
}

/** All that the condition can let pass, as far as it is about when something changed; null where it isn't. */
function touchedBy(narrowing: Narrowing, expr: Expr): ReadonlySet<number> | null {
  switch (expr.is) {
    case 'OR': {
      const [a, b] = [touchedBy(narrowing, expr.left), touchedBy(narrowing, expr.right)];
      return a === null || b === null ? null : new Set([...a, ...b]);
    }
    case 'AND': {
      const [a, b] = [touchedBy(narrowing, expr.left), touchedBy(narrowing, expr.right)];
      return a === null ? b : b === null ? a : both(a, b);
    }
    case 'IN_QUERY':
      return idsOfQuery(narrowing, expr);
    case 'BETWEEN':
      return touchedSince(narrowing, expr.of, expr.low);
    case 'COMPARE':
      if (expr.op === '>' || expr.op === '>=' || expr.op === '=') return touchedSince(narrowing, expr.left, expr.right);
      return expr.op === '<>' ? null : touchedSince(narrowing, expr.right, expr.left);
    default:
      return null;
  }
}

const both = (a: ReadonlySet<number>, b: ReadonlySet<number>): ReadonlySet<number> => new Set([...a].filter((id) => b.has(id)));

function idsOfQuery(
  { group, conditions }: Narrowing,
  { of, query }: Extract<Expr, { is: 'IN_QUERY' }>,
): ReadonlySet<number> | null {
  const column = ownColumn(of, conditions.scope);
  if (column === null || !group.includes(column.slot) || !isClusterColumn(column)) return null;
  const values = conditions.standalone(query);
  return values === null ? null : new Set(values.flatMap((value) => idOf(value) ?? []));
}

function touchedSince({ books, group, conditions }: Narrowing, of: Expr, from: Expr): ReadonlySet<number> | null {
  if (!isConstant(from) || !isTouch(of, group, conditions.scope)) return null;
  const moment = conditions.evaluate(from)([]);
  return moment instanceof Moment ? new Set(books.touches.since(moment.wall - OFFSET_MAX_SEC)) : null;
}

function isTouch(expr: Expr, group: readonly Slot[], scope: Scope): boolean {
  if (expr.is === 'CALL' && ['GREATEST', 'NVL', 'COALESCE', 'TRUNC'].includes(expr.name))
    return expr.args.every((arg) => arg.is === 'LITERAL' || isTouch(arg, group, scope));
  const column = ownColumn(expr, scope);
  return column !== null && group.includes(column.slot) && column.slot.table.columns.get(column.name)?.isTouch === true;
}

interface OwnColumn {
  readonly slot: Slot;
  readonly name: string;
}

export function ownColumn(expr: Expr, scope: Scope): OwnColumn | null {
  if (expr.is !== 'COLUMN') return null;
  const { slot, name, isOwn } = scope.resolve(expr);
  return isOwn ? { slot, name } : null;
}

export const isClusterColumn = ({ slot, name }: OwnColumn): boolean => slot.table.cluster?.column === name;

export function isConstant(expr: Expr): boolean {
  switch (expr.is) {
    case 'LITERAL':
    case 'PARAMETER':
      return true;
    case 'ARITHMETIC':
      return isConstant(expr.left) && isConstant(expr.right);
    case 'CALL':
      return !expr.isStar && !isAggregate(expr.name) && !expr.name.startsWith('BUILTIN.') && expr.args.every(isConstant);
    default:
      return false;
  }
}
