/**
 * Tests one row against a predicate, as SQL would: unknown is not a match.
 * Access rests on it for live events, so whatever can't be decided is unknown and never lets a row through.
 */
import type { Comparison, Predicate, Scalar } from './predicate-node.ts';

/** A row: scalars by field; a relation is a list of rows, or one row, or null. */
export type MatchRow = Readonly<Record<string, unknown>>;

type Known = Exclude<Scalar, null>;
/** null is SQL's unknown. */
type Truth = boolean | null;

/**
 * True when the row certainly fits. Null and a missing field are unknown, as is a comparison of different types; only `isNull`
 * tells null apart, and a field that is missing is not null. Texts compare by code unit (SQL's collation "C" for common letters).
 * @example matches(eq('status', 'OPEN'), { status: 'OPEN' }) // true
 */
export function matches(predicate: Predicate, row: MatchRow): boolean {
  return truth(predicate, row) === true;
}

function truth(predicate: Predicate, row: MatchRow): Truth {
  switch (predicate.op) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'and':
      return every(predicate.of.map((part) => truth(part, row)));
    case 'or':
      return opposite(every(predicate.of.map((part) => opposite(truth(part, row)))));
    case 'not':
      return opposite(truth(predicate.of, row));
    case 'in':
      return among(row[predicate.field], predicate.values);
    case 'notIn':
      return opposite(among(row[predicate.field], predicate.values));
    case 'isNull':
      return row[predicate.field] === undefined ? null : (row[predicate.field] === null) === predicate.value;
    case 'some': {
      const related = row[predicate.relation];
      if (related === undefined) return null;
      const rows = Array.isArray(related) ? related : related === null ? [] : [related];
      return rows.some((one) => matches(predicate.of, one as MatchRow));
    }
    default:
      return compared(predicate.op, row[predicate.field], predicate.value);
  }
}

function every(parts: readonly Truth[]): Truth {
  if (parts.includes(false)) return false;
  return parts.includes(null) ? null : true;
}

function opposite(value: Truth): Truth {
  return value === null ? null : !value;
}

/** `x in (…)`: an unknown value in the list keeps a miss unknown, an empty list is a plain miss. */
function among(value: unknown, values: readonly Scalar[]): Truth {
  let miss: Truth = false;
  for (const one of values) {
    const hit = compared('eq', value, one);
    if (hit === true) return true;
    if (hit === null) miss = null;
  }
  return miss;
}

function compared(op: Comparison, left: unknown, right: Scalar): Truth {
  const a = comparable(left);
  const b = comparable(right);
  if (a === null || b === null || kindOf(left as Known) !== kindOf(right as Known)) return null;
  switch (op) {
    case 'eq':
      // == and not ===: 1n equals 1 as in SQL, and other types do not get here
      return a == b;
    case 'ne':
      return a != b;
    case 'lt':
      return a < b;
    case 'lte':
      return a <= b;
    case 'gt':
      return a > b;
    case 'gte':
      return a >= b;
    case 'contains':
      return typeof a === 'string' && typeof b === 'string' ? a.includes(b) : null;
    default:
      // startsWith
      return typeof a === 'string' && typeof b === 'string' ? a.startsWith(b) : null;
  }
}

function comparable(value: unknown): string | number | bigint | boolean | null {
  const plain = value instanceof Date ? value.getTime() : value;
  switch (typeof plain) {
    case 'number':
      return Number.isNaN(plain) ? null : plain;
    case 'string':
    case 'bigint':
    case 'boolean':
      return plain;
    default:
      return null;
  }
}

function kindOf(value: Known): string {
  if (value instanceof Date) return 'date';
  return typeof value === 'bigint' ? 'number' : typeof value;
}
