// Validation rules against an evaluator that was written from their description alone, over texts and numbers that nearly fit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../kernel/errors.ts';
import type { OrderLineRow, OrderRow } from './line-amounts.rules.ts';
import { failuresOf, OPERATORS, requireRule, type Rule, VALIDATION_FIELDS } from './validation.rules.ts';

/** Fields by kind, each with how to put a value there; cents for amounts. */
const TEXTS = ['customerReference', 'shipToCountry', 'lines.sku', 'lines.description'] as const;
const DAYS = ['requestedOn', 'orderedOn'] as const;
const NUMBERS = ['lines.quantity', 'lines.unitPrice', 'lines.discountPercent', 'total', 'lines.net'] as const;
const ORDER_ONLY: ReadonlySet<string> = new Set(['customerReference', 'shipToCountry', 'requestedOn', 'orderedOn', 'total']);

const words = fc.constantFrom('', 'PO', 'PO-1', 'po-1', 'PO-12', 'Größe', 'a b', 'b', 'XPO-1', '10', '9').filter((w) => w !== '');
const days = fc.constantFrom('2026-01-31', '2026-02-01', '2025-12-31', '2026-10-01');
const cents = fc.integer({ min: -300, max: 1_200 });
/** 1.5, 1.50 and 1.500000 are one number. */
const shown = (c: number, zeros: number) => {
  const sign = c < 0 ? '-' : '';
  const digits = Math.abs(c).toString().padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}${'0'.repeat(zeros)}`;
};

type Kind = 'TEXT' | 'DATE' | 'NUMBER';
interface Case {
  readonly field: string;
  readonly kind: Kind;
  readonly operator: (typeof OPERATORS)[number];
  /** Numbers in cents. */
  readonly operands: readonly (string | number)[];
  readonly values: readonly (string | number | null)[];
}

const caseOf = (kind: Kind, names: readonly string[], value: fc.Arbitrary<string | number>): fc.Arbitrary<Case> => {
  const fitting = OPERATORS.filter((o) => (kind === 'TEXT' ? !/^[LG]T/.test(o) : o !== 'STARTS_WITH'));
  return fc.record({ field: fc.constantFrom(...names), operator: fc.constantFrom(...fitting) }).chain(({ field, operator }) => {
    const count = operator === 'IS_PRESENT' ? [0, 0] : operator.endsWith('IN') ? [1, 5] : [1, 1];
    const isNumber = kind === 'NUMBER' || field === 'orderedOn' || field === 'lines.description';
    return fc.record({
      field: fc.constant(field),
      kind: fc.constant(kind),
      operator: fc.constant(operator),
      operands: fc.array(value, { minLength: count[0] ?? 0, maxLength: count[1] ?? 0 }),
      values: fc.array(isNumber ? value : fc.option(value, { nil: null }), {
        minLength: 1,
        maxLength: ORDER_ONLY.has(field) ? 1 : 3,
      }),
    });
  });
};
const anyCase = fc.oneof(caseOf('TEXT', TEXTS, words), caseOf('DATE', DAYS, days), caseOf('NUMBER', NUMBERS, cents));

/** As the description of each operator says. */
function isRight(operator: Case['operator'], value: string | number | null, operands: Case['operands']): boolean {
  const [first] = operands as [string | number];
  if (value === null) return operator === 'NE' || operator === 'NOT_IN';
  return {
    IS_PRESENT: () => true,
    EQ: () => value === first,
    NE: () => value !== first,
    LT: () => value < first,
    LTE: () => value <= first,
    GT: () => value > first,
    GTE: () => value >= first,
    IN: () => operands.some((o) => o === value),
    NOT_IN: () => operands.every((o) => o !== value),
    STARTS_WITH: () => String(value).indexOf(String(first)) === 0,
  }[operator]();
}

const ruleOf = ({ field, operator, operands }: Case): Rule => ({
  code: 'R',
  description: 'It must',
  legalEntityId: null,
  stage: 'ORDER',
  field,
  operator,
  operands: operands.map((o, i) => (typeof o === 'number' ? shown(o, i % 3) : o)),
});

function rowsOf({ field, values }: Case): { order: OrderRow; lines: OrderLineRow[] } {
  const [first = null] = values;
  const order = {
    id: 'o',
    legalEntityId: 'le',
    currency: 'EUR',
    groupCurrency: 'EUR',
    groupRate: '1',
    netMinor: 0n,
    totalMinor: 0n,
  };
  const line = {
    sku: 's',
    description: 'd',
    unitPrice: '1',
    discountPercent: '0',
    quantity: '1',
    cancelledQuantity: '0',
    currency: 'EUR',
    netMinor: 0n,
  };
  const put = (value: string | number | null): Record<string, unknown> => {
    const name = field.replace('lines.', '');
    if (typeof value !== 'number') return { [name]: value };
    return name === 'total' || name === 'net' ? { [`${name}Minor`]: BigInt(value) } : { [name]: shown(value, 4) };
  };
  const isOfOrder = ORDER_ONLY.has(field);
  return {
    order: { ...order, ...(isOfOrder ? put(first) : {}) } as unknown as OrderRow,
    lines: values.map(
      (value, i) => ({ ...line, lineNumber: i + 1, ...(isOfOrder ? {} : put(value)) }) as unknown as OrderLineRow,
    ),
  };
}

describe('a validation rule', () => {
  it('holds exactly where its description says so, for the order or for each of its lines', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const rule = ruleOf(one);
        requireRule(rule);
        const { order, lines } = rowsOf(one);
        // a line that is all cancelled isn't looked at: a quantity of nothing or less
        const looked = one.values.filter((v) => one.field !== 'lines.quantity' || (v as number) > 0);
        const wrong = looked.findIndex((value) => !isRight(one.operator, value, one.operands));
        expect(failuresOf([rule], order, lines).length).toBe(wrong < 0 ? 0 : 1);
      }),
      { seed: 2026, numRuns: 5_000 },
    );
  });

  it('says which line failed and what was found there', () => {
    const one = { field: 'lines.quantity', kind: 'NUMBER', operator: 'GTE', operands: [200], values: [250, 150, 100] } as const;
    const { order, lines } = rowsOf(one);
    expect(failuresOf([ruleOf(one)], order, lines).map((f) => f.found)).toEqual(['lines.quantity of line 2 is 1.5.']);
    const none = { field: 'customerReference', kind: 'TEXT', operator: 'IS_PRESENT', operands: [], values: [null] } as const;
    expect(failuresOf([ruleOf(none)], rowsOf(none).order, []).map((f) => f.found)).toEqual(['customerReference is missing.']);
  });

  it('of another legal entity is not looked at', () => {
    const one = { field: 'customerReference', kind: 'TEXT', operator: 'IS_PRESENT', operands: [], values: [null] } as const;
    const { order, lines } = rowsOf(one);
    expect(failuresOf([{ ...ruleOf(one), legalEntityId: 'other' }], order, lines)).toEqual([]);
    expect(failuresOf([{ ...ruleOf(one), legalEntityId: 'le' }], order, lines)).toHaveLength(1);
  });

  it.each([
    ['field', 'colour', 'EQ', ['red']],
    ['field', 'toString', 'EQ', ['red']],
    ['operator', 'currency', 'LT', ['EUR']],
    ['operator', 'total', 'STARTS_WITH', ['1']],
    ['operands', 'total', 'IS_PRESENT', ['1']],
    ['operands', 'total', 'LT', []],
    ['operands', 'total', 'LT', ['1', '2']],
    ['operands', 'total', 'IN', []],
    ['operands.0', 'total', 'LT', ['cheap']],
    ['operands.1', 'requestedOn', 'IN', ['2026-01-01', '2026-02-30']],
  ] as const)('is refused when it can’t be looked at, by %s: %s %s %j', (path, field, operator, operands) => {
    const refused = (() => {
      try {
        requireRule({ field, operator, operands });
        return null;
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(DomainError);
    expect(refused).toMatchObject({ code: 'INVALID_INPUT', inputPath: path.split('.') });
  });

  it('may be of any field of the closed list', () => {
    for (const field of VALIDATION_FIELDS)
      expect(() => requireRule({ field, operator: 'IS_PRESENT', operands: [] })).not.toThrow();
  });
});
