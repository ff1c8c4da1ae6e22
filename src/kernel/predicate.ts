/**
 * Conditions on rows as values: built once, then turned into SQL, an ORM filter, a guard or a plain test of one row.
 * A predicate holds data only, never SQL text or a function.
 */
import type { Comparison, Predicate, Scalar } from './predicate-node.ts';

export { matches } from './predicate-match.ts';
export type { Comparison, Predicate, Scalar } from './predicate-node.ts';

/** Every row. */
export const TRUE: Predicate<never, never> = { op: 'true' };
/** No row. */
export const FALSE: Predicate<never, never> = { op: 'false' };

/** All hold; nothing given is `TRUE`. Flattens, drops `true`, and is `FALSE` as soon as one is. @example and(eq('a', 1), TRUE) // eq('a', 1) */
export function and<One = Scalar, Many = readonly Scalar[]>(...of: readonly Predicate<One, Many>[]): Predicate<One, Many> {
  return joined('and', of);
}

/** One holds at least; nothing given is `FALSE`. @example or(eq('a', 1), FALSE) // eq('a', 1) */
export function or<One = Scalar, Many = readonly Scalar[]>(...of: readonly Predicate<One, Many>[]): Predicate<One, Many> {
  return joined('or', of);
}

/** The opposite; unknown stays unknown. @example not(not(eq('a', 1))) // eq('a', 1) */
export function not<One = Scalar, Many = readonly Scalar[]>(of: Predicate<One, Many>): Predicate<One, Many> {
  if (of.op === 'true') return FALSE;
  if (of.op === 'false') return TRUE;
  return of.op === 'not' ? of.of : { op: 'not', of };
}

const comparison =
  (op: Comparison) =>
  (field: string, value: Scalar): Predicate => ({ op, field, value });

/** Equal. Nothing is equal to null: use `isNull`. @example eq('status', 'OPEN') */
export const eq = comparison('eq');
/** Not equal; null is neither. @example ne('status', 'OPEN') */
export const ne = comparison('ne');
/** @example lt('dueOn', '2026-01-31') */
export const lt = comparison('lt');
/** @example lte('dueOn', '2026-01-31') */
export const lte = comparison('lte');
/** @example gt('openMinor', 0n) */
export const gt = comparison('gt');
/** @example gte('openMinor', 1n) */
export const gte = comparison('gte');
/** The text contains the value, capitals told apart. @example contains('nameSearch', 'muller') */
export const contains = comparison('contains');
/** The text begins with the value, capitals told apart. @example startsWith('number', 'INV-') */
export const startsWith = comparison('startsWith');

/** One of the values; none is `FALSE`. @example isIn('accountId', principal.accountIds) */
export function isIn(field: string, values: readonly Scalar[]): Predicate {
  return values.length === 0 ? FALSE : { op: 'in', field, values };
}

/** None of the values; without values `TRUE`. @example notIn('status', ['PAID']) */
export function notIn(field: string, values: readonly Scalar[]): Predicate {
  return values.length === 0 ? TRUE : { op: 'notIn', field, values };
}

/** Null, or with `false` not null. @example isNull('settledOn', false) */
export function isNull(field: string, value = true): Predicate {
  return { op: 'isNull', field, value };
}

/** At least one related row fits. @example some('lines', eq('productId', id)) */
export function some<One = Scalar, Many = readonly Scalar[]>(relation: string, of: Predicate<One, Many>): Predicate<One, Many> {
  return of.op === 'false' ? FALSE : { op: 'some', relation, of };
}

/**
 * The fields that a predicate names, sorted; those of a relation as `relation.field`. For field permissions.
 * @example fieldsOf(and(eq('b', 1), some('lines', eq('a', 1)))) // ['b', 'lines.a']
 */
export function fieldsOf(predicate: Predicate<unknown, unknown>): string[] {
  const found = new Set<string>();
  collect(predicate, '', found);
  return [...found].sort();
}

function collect(predicate: Predicate<unknown, unknown>, prefix: string, found: Set<string>): void {
  switch (predicate.op) {
    case 'true':
    case 'false':
      return;
    case 'and':
    case 'or':
      for (const part of predicate.of) collect(part, prefix, found);
      return;
    case 'not':
      return collect(predicate.of, prefix, found);
    case 'some':
      return collect(predicate.of, `${prefix}${predicate.relation}.`, found);
    default:
      found.add(prefix + predicate.field);
  }
}

function joined<One, Many>(op: 'and' | 'or', of: readonly Predicate<One, Many>[]): Predicate<One, Many> {
  const [neutral, decisive] = op === 'and' ? [TRUE, FALSE] : [FALSE, TRUE];
  const parts: Predicate<One, Many>[] = [];
  for (const part of of) {
    if (part.op === decisive.op) return decisive;
    if (part.op === op) parts.push(...part.of);
    else if (part.op !== neutral.op) parts.push(part);
  }
  const [first] = parts;
  if (first === undefined) return neutral;
  return parts.length === 1 ? first : { op, of: parts };
}
