/** Which of two values of a property comes first, as the database orders them: nothing before everything, numbers by size. */
import { compareDecimal, decimal } from '../../../../src/connect/index.ts';
import type { Property, Row, Value } from '../model.ts';

type Compare = (a: Value, b: Value) => number;

const byText: Compare = (a, b) => (a === b ? 0 : String(a) < String(b) ? -1 : 1);
const byNumber: Compare = (a, b) => Number(a) - Number(b);
const byDecimal: Compare = (a, b) => (a === b ? 0 : compareDecimal(decimal(String(a)), decimal(String(b))));
/** Stored with zeros in front, shown without: the longer one is larger. */
const byDigits: Compare = (a, b) => {
  const [one, other] = [String(a), String(b)].map((text) => text.replace(/^0+(?=\d)/, '')) as [string, string];
  return one.length - other.length || byText(one, other);
};

function compareOf({ type, displayFormat }: Property): Compare {
  switch (type) {
    case 'Edm.Decimal':
      return byDecimal;
    case 'Edm.Int32':
    case 'Edm.Boolean':
      return byNumber;
    default:
      return displayFormat === 'NonNegative' ? byDigits : byText;
  }
}

/** Null is below every value. */
export function comparer(property: Property): Compare {
  const compare = compareOf(property);
  return (a, b) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
    return compare(a, b);
  };
}

export interface OrderTerm {
  /** Its path from the row. */
  readonly name: string;
  readonly property: Property;
  readonly isDescending: boolean;
  readonly valueOf: (row: Row) => Value;
}

/** By the terms, the first one first. Two lists of the terms' values can be compared as well as two rows. */
export function byTerms(terms: readonly OrderTerm[]): (a: readonly Value[], b: readonly Value[]) => number {
  const compares = terms.map(({ property, isDescending }) => {
    const compare = comparer(property);
    return isDescending ? (a: Value, b: Value) => compare(b, a) : compare;
  });
  return (a, b) => {
    for (const [at, compare] of compares.entries()) {
      const difference = compare(a[at] ?? null, b[at] ?? null);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

export const valuesOf = (terms: readonly OrderTerm[], row: Row): Value[] => terms.map(({ valueOf }) => valueOf(row));
