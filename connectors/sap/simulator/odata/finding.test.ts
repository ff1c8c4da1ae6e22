// Whatever is filtered, ordered and paged: the answer is that of reading every row and looking at it, whichever index or order was used.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntitySet, Row, Value } from '../model.ts';
import { checkedOptions, readOptions } from './options.ts';
import { Reader } from './reader.ts';
import { Rows } from './rows.ts';
import { Schema } from './schema.ts';
import { TestBooks } from './test-books.ts';

interface Condition {
  readonly text: string;
  readonly holds: (row: Row) => boolean;
}

const DAYS = ['2026-01-01', '2026-01-02', '2026-01-03', null];
const CUSTOMERS = ['0000000042', '0017100001', 'USCU_SC04', ''];
const OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;

const row = fc.record({
  SoldToParty: fc.constantFrom(...CUSTOMERS),
  Reference: fc.constantFrom('', 'PO 1', 'PO 2', "O'Hara"),
  OrderDate: fc.constantFrom(...DAYS),
  Net: fc.constantFrom('9.50', '10', '10.000', '-3.00', '100.00'),
  Urgent: fc.boolean(),
  Copies: fc.integer({ min: -1, max: 2 }),
});

const holds = (operator: (typeof OPERATORS)[number], difference: number): boolean =>
  ({
    eq: difference === 0,
    ne: difference !== 0,
    gt: difference > 0,
    ge: difference >= 0,
    lt: difference < 0,
    le: difference <= 0,
  })[operator];
const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

const comparison: fc.Arbitrary<Condition> = fc.constantFrom(...OPERATORS).chain((operator) =>
  fc.oneof(
    fc.constantFrom(...CUSTOMERS).map((value) => ({
      text: `SoldToParty ${operator} '${value.replace(/^0+/, '')}'`,
      holds: (each: Row) => holds(operator, byText(String(each.SoldToParty), value)),
    })),
    fc.constantFrom('PO 1', "O'Hara").map((value) => ({
      text: `'${value.replace("'", "''")}' ${operator} Reference`,
      holds: (each: Row) => holds(operator, byText(value, String(each.Reference))),
    })),
    fc.constantFrom('10.0M', '9.5', '-3m').map((value) => ({
      text: `Net ${operator} ${value}`,
      holds: (each: Row) => holds(operator, Number(each.Net) - Number.parseFloat(value)),
    })),
    fc.integer({ min: -1, max: 2 }).map((value) => ({
      text: `Copies ${operator} ${value}`,
      holds: (each: Row) => holds(operator, Number(each.Copies) - value),
    })),
    fc.constantFrom(...DAYS).map((value) => ({
      text: `OrderDate ${operator} ${value === null ? 'null' : `datetime'${value}T00:00:00'`}`,
      holds: ({ OrderDate = null }: Row) =>
        operator === 'eq' || operator === 'ne'
          ? (OrderDate === value) === (operator === 'eq')
          : OrderDate !== null && value !== null && holds(operator, byText(String(OrderDate), value)),
    })),
    fc.integer({ min: 1, max: 12 }).map((value) => ({
      text: `Order ${operator} '${value}'`,
      holds: (each: Row) => holds(operator, Number(each.Order) - value),
    })),
  ),
);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    comparison,
    fc.constantFrom<Condition>(
      { text: 'Urgent', holds: ({ Urgent }) => Urgent === true },
      { text: "startswith(Reference,'PO')", holds: ({ Reference }) => String(Reference).startsWith('PO') },
      { text: "substringof('171',SoldToParty) eq true", holds: ({ SoldToParty }) => String(SoldToParty).includes('171') },
    ),
    tie('condition').map((inner) => ({ text: `not (${inner.text})`, holds: (each: Row) => !inner.holds(each) })),
    fc.tuple(tie('condition'), tie('condition')).map(([left, right]) => ({
      text: `(${left.text}) and (${right.text})`,
      holds: (each: Row) => left.holds(each) && right.holds(each),
    })),
    fc.tuple(tie('condition'), tie('condition')).map(([left, right]) => ({
      text: `(${left.text} or ${right.text})`,
      holds: (each: Row) => left.holds(each) || right.holds(each),
    })),
  ),
}));

const COMPARE: Readonly<Record<string, (a: Value, b: Value) => number>> = {
  Net: (a, b) => Number(a) - Number(b),
  Copies: (a, b) => Number(a) - Number(b),
  Urgent: (a, b) => Number(a) - Number(b),
  OrderDate: (a, b) => byText(String(a ?? ''), String(b ?? '')),
  SoldToParty: (a, b) => byText(String(a), String(b)),
};
const terms = fc.uniqueArray(fc.tuple(fc.constantFrom(...Object.keys(COMPARE)), fc.boolean()), {
  maxLength: 2,
  selector: ([name]) => name,
});

function systemOf(orders: readonly object[], pageRows: number) {
  const books = new TestBooks();
  for (const [at, each] of orders.entries()) books.put('A_Order', { Order: String(at + 1).padStart(10, '0'), ...each });
  const [service] = books.services;
  if (service === undefined) throw new Error('The tiny books have services.');
  const rows = new Rows(new Schema(service), books);
  const set = rows.schema.set('A_Order') as EntitySet;
  const reader = new Reader(books, { rows: pageRows, topMaxRows: pageRows });
  /** All pages, one after the other. */
  const read = (query: Readonly<Record<string, string>>): { ids: string[]; counts: unknown[] } => {
    const ids: string[] = [];
    const counts: unknown[] = [];
    let asked = query;
    for (;;) {
      const page = reader.page(set, readOptions(checkedOptions(new URLSearchParams(asked).toString()), set, rows), null);
      ids.push(...page.rows.map(({ Order }) => String(Number(Order))));
      counts.push(page.count);
      if (page.skipToken === null) return { ids, counts };
      const { $skip: _, ...rest } = asked;
      asked = { ...rest, $skiptoken: page.skipToken, ...(page.topLeft === null ? {} : { $top: String(page.topLeft) }) };
    }
  };
  return { books, read };
}

describe('reading by pages', () => {
  it('gives what looking at each row gives, in order, cut and counted', () => {
    fc.assert(
      fc.property(
        fc.record({
          orders: fc.array(row, { maxLength: 12 }),
          condition: fc.option(condition),
          terms,
          skip: fc.nat(4),
          top: fc.option(fc.nat(9)),
          pageRows: fc.integer({ min: 1, max: 5 }),
        }),
        ({ orders, condition: asked, terms: by, skip, top, pageRows }) => {
          const { books, read } = systemOf(orders, pageRows);
          const found = [...books.rows('A_Order')].filter((each) => asked?.holds(each) ?? true);
          found.sort((a, b) => {
            for (const [name, isDescending] of by) {
              const difference = COMPARE[name]?.(a[name] ?? null, b[name] ?? null) ?? 0;
              if (difference !== 0) return isDescending ? -difference : difference;
            }
            return byText(String(a.Order), String(b.Order));
          });
          const { ids, counts } = read({
            ...(asked === null ? {} : { $filter: asked.text }),
            ...(by.length === 0
              ? {}
              : { $orderby: by.map(([name, isDescending]) => `${name}${isDescending ? ' desc' : ''}`).join() }),
            ...(top === null ? {} : { $top: String(top) }),
            $skip: String(skip),
            $inlinecount: 'allpages',
          });
          expect(ids).toEqual(found.slice(skip, top === null ? undefined : skip + top).map(({ Order }) => String(Number(Order))));
          expect(new Set(counts)).toEqual(new Set([found.length]));
        },
      ),
      { numRuns: 600, seed: 20 },
    );
  });
});
