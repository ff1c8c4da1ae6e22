import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  and,
  contains,
  eq,
  FALSE,
  fieldsOf,
  gt,
  gte,
  isIn,
  isNull,
  lt,
  lte,
  matches,
  ne,
  not,
  notIn,
  or,
  type Predicate,
  type Scalar,
  some,
  startsWith,
  TRUE,
} from './predicate.ts';

const anyScalar: fc.Arbitrary<Scalar> = fc.constantFrom<Scalar>(null, 0, 1, 2n, 'a', 'ab', true, new Date(0), new Date(5));
const anyField = fc.constantFrom('a', 'b', 'c');
const anyRow = fc.dictionary(anyField, anyScalar).map((row) => ({ ...row }));
const compare = fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'contains', 'startsWith');

/** Written out node by node, so that nothing is simplified. */
const { node: anyPredicate } = fc.letrec<{ node: Predicate }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.record({ op: compare, field: anyField, value: anyScalar }) as fc.Arbitrary<Predicate>,
    fc.record({
      op: fc.constantFrom('in', 'notIn'),
      field: anyField,
      values: fc.array(anyScalar, { maxLength: 3 }),
    }) as fc.Arbitrary<Predicate>,
    fc.record({ op: fc.constant('isNull' as const), field: anyField, value: fc.boolean() }),
    fc.constantFrom<Predicate>({ op: 'true' }, { op: 'false' }),
    fc.record({ op: fc.constantFrom('and' as const, 'or' as const), of: fc.array(tie('node'), { maxLength: 3 }) }),
    fc.record({ op: fc.constant('not' as const), of: tie('node') }),
  ),
}));

/** The same predicate made by the constructors. */
function rebuilt(predicate: Predicate): Predicate {
  switch (predicate.op) {
    case 'and':
      return and(...predicate.of.map(rebuilt));
    case 'or':
      return or(...predicate.of.map(rebuilt));
    case 'not':
      return not(rebuilt(predicate.of));
    case 'in':
      return isIn(predicate.field, predicate.values);
    case 'notIn':
      return notIn(predicate.field, predicate.values);
    default:
      return predicate;
  }
}

describe('constructors', () => {
  it('simplify without changing which rows match', () => {
    fc.assert(
      fc.property(anyPredicate, anyRow, (predicate, row) => {
        expect(matches(rebuilt(predicate), row)).toBe(matches(predicate, row));
        expect(matches(not(rebuilt(predicate)), row)).toBe(matches({ op: 'not', of: predicate }, row));
      }),
      { numRuns: 2_000 },
    );
  });

  it('leave no true or false inside, and no and within and', () => {
    fc.assert(
      fc.property(anyPredicate, (predicate) => {
        const inner = (one: Predicate): Predicate[] =>
          one.op === 'and' || one.op === 'or'
            ? one.of.flatMap((part) => [part, ...inner(part)])
            : one.op === 'not'
              ? [one.of, ...inner(one.of)]
              : [];
        const result = rebuilt(predicate);
        for (const part of inner(result)) expect(['true', 'false']).not.toContain(part.op);
        for (const one of [result, ...inner(result)]) {
          if (one.op === 'and' || one.op === 'or') expect(one.of.map(({ op }) => op)).not.toContain(one.op);
        }
      }),
    );
  });

  it('know the neutral and the deciding value', () => {
    const a = eq('a', 1);
    expect([and(), or(), and(a, TRUE), or(a, FALSE)]).toEqual([TRUE, FALSE, a, a]);
    expect([and(a, FALSE), or(a, TRUE), not(TRUE), not(FALSE)]).toEqual([FALSE, TRUE, FALSE, TRUE]);
    expect([isIn('a', []), notIn('a', []), some('lines', FALSE), not(not(a))]).toEqual([FALSE, TRUE, FALSE, a]);
    expect(and(a, and(ne('b', 2), a))).toEqual({ op: 'and', of: [a, ne('b', 2), a] });
  });
});

describe('matches', () => {
  it('never lets a row through a predicate and its opposite', () => {
    fc.assert(
      fc.property(anyPredicate, anyRow, (predicate, row) => {
        expect(matches(predicate, row) && matches({ op: 'not', of: predicate }, row)).toBe(false);
      }),
    );
  });

  it('follows De Morgan, unknown included', () => {
    fc.assert(
      fc.property(anyPredicate, anyPredicate, anyRow, (a, b, row) => {
        const left: Predicate = { op: 'not', of: { op: 'and', of: [a, b] } };
        const right: Predicate = {
          op: 'or',
          of: [
            { op: 'not', of: a },
            { op: 'not', of: b },
          ],
        };
        expect(matches(left, row)).toBe(matches(right, row));
      }),
    );
  });

  it('decides every row that has the field and no nulls', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (x, y) => {
        const row = { a: x };
        const truths = [eq, ne, lt, lte, gt, gte].map((make) => matches(make('a', y), row));
        expect(truths).toEqual([x === y, x !== y, x < y, x <= y, x > y, x >= y]);
        for (const make of [eq, ne, lt]) expect(matches(not(make('a', y)), row)).toBe(!matches(make('a', y), row));
      }),
    );
  });

  it.each<[string, Predicate, Record<string, unknown>, boolean]>([
    ['null equals nothing', eq('a', null), { a: null }, false],
    ['nothing differs from null', ne('a', 1), { a: null }, false],
    ['not of unknown is unknown', not(eq('a', 1)), { a: null }, false],
    ['a null in a list keeps a miss unknown', notIn('a', [1, null]), { a: 2 }, false],
    ['a null in a list does not hide a hit', isIn('a', [1, null]), { a: 1 }, true],
    ['unknown or true is true', or(eq('a', 1), eq('b', 1)), { a: null, b: 1 }, true],
    ['isNull finds null', isNull('a'), { a: null }, true],
    ['isNull false finds a value', isNull('a', false), { a: 0 }, true],
    ['a missing field is not null', isNull('a'), {}, false],
    ['a missing field is not a value either', not(isNull('a')), {}, false],
    ['a missing field is no inequality', ne('a', 1), {}, false],
    ['1n equals 1', eq('a', 1), { a: 1n }, true],
    ['a number is no text', eq('a', '1'), { a: 1 }, false],
    ['nor different from one', ne('a', '1'), { a: 1 }, false],
    ['NaN is unknown', ne('a', 1), { a: Number.NaN }, false],
    ['a date is compared by its instant', eq('a', new Date(7)), { a: new Date(7) }, true],
    ['a date is no number', lt('a', 8), { a: new Date(7) }, false],
    ['an object is unknown', ne('a', 1), { a: { minor: 1n } }, false],
    ['contains looks inside texts', contains('a', 'b_%'), { a: 'ab_%c' }, true],
    ['contains takes % as it is', contains('a', '%'), { a: 'abc' }, false],
    ['startsWith looks at the beginning', startsWith('a', 'b'), { a: 'ab' }, false],
    ['startsWith tells capitals apart', startsWith('a', 'A'), { a: 'ab' }, false],
    ['contains is unknown for numbers', not(contains('a', '1')), { a: 12 }, false],
    ['some finds one related row', some('lines', eq('a', 1)), { lines: [{ a: 2 }, { a: 1 }] }, true],
    ['some of no rows is false', not(some('lines', TRUE)), { lines: [] }, true],
    ['some with only unknown rows is false', not(some('lines', eq('a', 1))), { lines: [{ a: null }] }, true],
    ['some takes a single related row', some('account', eq('a', 1)), { account: { a: 1 } }, true],
    ['some of a null relation is false', not(some('account', TRUE)), { account: null }, true],
    ['a relation that was not loaded is unknown', not(some('lines', TRUE)), {}, false],
  ])('%s', (_, predicate, row, expected) => expect(matches(predicate, row)).toBe(expected));
});

describe('fieldsOf', () => {
  it('names every field once, sorted, those of a relation behind its name', () => {
    const predicate = and(eq('b', 1), or(isNull('a'), not(isIn('b', [1]))), some('lines', some('product', eq('sku', 'x'))));
    expect(fieldsOf(predicate)).toEqual(['a', 'b', 'lines.product.sku']);
    expect(fieldsOf(TRUE)).toEqual([]);
  });
});
