import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { CURRENCIES } from './currency.ts';
import { type Decimal, decimal } from './decimal.ts';
import {
  amount,
  choice,
  clearable,
  countryInput,
  currencyInput,
  dateInput,
  dateTimeInput,
  decimalInput,
  describeInput,
  flag,
  idOf,
  int,
  list,
  moneyInput,
  object,
  optional,
  parseInput,
  regionInput,
  text,
  vatexInput,
} from './input.ts';
import { type Money, money, moneyText } from './money.ts';

const uuid = '0190a6b2-0000-7000-8000-000000000001';
const value = (schema: z.ZodType, given: unknown) => {
  const parsed = parseInput(object('X', { field: schema }), { field: given });
  return parsed.ok ? parsed.value.field : parsed.problems.map(({ message }) => message).join(' ');
};

describe('scalars take and convert what is right', () => {
  it.each<[string, z.ZodType, unknown, unknown]>([
    ['a text', text({ max: 3 }), 'a😀b', 'a😀b'],
    ['a text with blanks around', text(), ' a ', ' a '],
    ['an empty text where that is allowed', text({ min: 0 }), '', ''],
    ['lines', text({ multiline: true }), 'a\r\n\tb', 'a\r\n\tb'],
    ['an id', idOf('inv'), `inv_${uuid}`, uuid],
    ['an amount', amount(), '-12.50', decimal('-12.50')],
    ['a decimal at its bound', decimalInput({ min: '0', max: '100', scale: 2 }), '100.00', decimal('100.00')],
    ['a currency', currencyInput, 'EUR', 'EUR'],
    ['a day', dateInput, '2028-02-29', '2028-02-29'],
    ['a time', dateTimeInput, '2026-01-31T10:00:00.5+01:00', new Date('2026-01-31T09:00:00.500Z')],
    ['a Date', dateTimeInput, new Date(5), new Date(5)],
    ['money', moneyInput, { amount: '12.5', currency: 'EUR' }, money(1250n, 'EUR')],
    ['a whole number', int({ min: 1, max: 3 }), 3, 3],
    ['a flag', flag, false, false],
    ['a choice', choice('Reason', ['PRICE', 'QUANTITY']), 'PRICE', 'PRICE'],
    ['a list', list(int(), { max: 2 }), [1, 2], [1, 2]],
    ['null for what is optional', optional(amount()), null, undefined],
    ['null for what can be cleared', clearable(amount()), null, null],
    ['nothing for what can be cleared', clearable(amount()), undefined, undefined],
    ['a value for what can be cleared', clearable(amount()), '1', decimal('1')],
    ['a country', countryInput, 'DE', 'DE'],
    ['a region', regionInput, 'US-CA', 'US-CA'],
    ['a reason for no tax', vatexInput, 'VATEX-EU-132-1A', 'VATEX-EU-132-1A'],
    ['a value for what is optional', optional(amount()), '1', decimal('1')],
  ])('%s', (_, schema, given, expected) => expect(value(schema, given)).toEqual(expected));

  it('money reads what moneyText writes, in every currency', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.constantFrom(...CURRENCIES), (minor, { code }) => {
        const m = money(minor, code);
        expect(value(moneyInput, { amount: moneyText(m), currency: code })).toEqual(m);
      }),
    );
  });
});

describe('scalars refuse what is wrong, with what would be right', () => {
  it.each<[string, z.ZodType, unknown[], string]>([
    ['text', text({ max: 3 }), ['', ' \n', 'abcd', 5, null, undefined], 'must be a text of 1 to 3 characters that is not blank.'],
    [
      'text with control characters',
      text(),
      ['a\u0000', 'a\nb', 'a\u0085', '\ud800'],
      'must be a text without control characters and line breaks.',
    ],
    ['lines with a null character', text({ multiline: true }), ['a\n\u0000'], 'must be a text without control characters.'],
    ['id', idOf('inv'), [`pay_${uuid}`, uuid, 'inv_', 7], 'must be an id that begins with "inv_", as the API returned it.'],
    ['amount', amount(), ['1e3', '1,5', 1.5, '1'.repeat(31)], 'must be a decimal string such as "-12.50", 30 digits at most.'],
    [
      'decimal',
      decimalInput({ min: '0', max: '1', scale: 2 }),
      ['-0.01', '1.01', '0.001'],
      'must be a decimal string of at least 0 and of at most 1 with at most 2 decimals.',
    ],
    ['currency', currencyInput, ['eur', 'XXX', 978], 'must be an ISO 4217 currency code such as "EUR".'],
    [
      'date',
      dateInput,
      ['2026-02-30', '2026-2-3', new Date(0)],
      'must be a day that exists, as YYYY-MM-DD, from 1900-01-01 to 2999-12-31.',
    ],
    [
      'time',
      dateTimeInput,
      ['2026-02-30T00:00:00Z', '2026-01-01', '2026-01-01T00:00:00', '2026-01-01T24:00:00Z', new Date(Number.NaN), 5],
      'must be a time with its offset, such as "2026-01-31T09:00:00Z".',
    ],
    ['int', int({ min: 1, max: 3 }), [0, 4, 1.5, '1', Number.NaN], 'must be a whole number from 1 to 3.'],
    ['flag', flag, [0, 'true', null], 'must be true or false.'],
    ['choice', choice('R', ['PRICE', 'TAX', 'OTHER']), ['price', 1], 'must be PRICE, TAX or OTHER.'],
    ['list', list(int(), { min: 1, max: 2 }), [[], [1, 2, 3], 'x'], 'must be a list of 1 to 2 items.'],
    ['clearable', clearable(flag), ['x'], 'must be true or false.'],
    [
      'country',
      countryInput,
      ['de', 'DEU', 'D', 'DE\n', 5],
      'must be a country of two capital letters (ISO 3166-1), for example DE.',
    ],
    ['region', regionInput, ['CA', 'US_CA', 'US-CALI', null], 'must be a region as ISO 3166-2 code, for example US-CA.'],
    [
      'reason for no tax',
      vatexInput,
      ['VATEX', 'AE', 'VATEX-EU-', 'vatex-eu-ae'],
      'must be a code of the list VATEX, for example VATEX-EU-AE.',
    ],
    ['optional', optional(flag), ['x'], 'must be true or false.'],
  ])('%s', (_, schema, givens, rule) => {
    for (const given of givens) expect(value(schema, given)).toBe(`field ${rule}`);
  });

  it('money names the part at fault', () => {
    expect(value(moneyInput, { amount: '1.234', currency: 'EUR' })).toMatch(/^field\.amount must .* no more decimals than EUR/);
    expect(value(moneyInput, { amount: '1', currency: 'eur' })).toMatch(/^field\.currency must be an ISO 4217/);
    expect(value(moneyInput, { amount: 1, currency: 'EUR' })).toMatch(/^field\.amount must be a decimal string/);
    expect(value(moneyInput, '1.00 EUR')).toBe('field must be an object with amount and currency.');
    expect(value(moneyInput, { amount: '1', currency: 'EUR', minor: 1 })).toBe(
      'field.minor is not a field of this input: leave it out.',
    );
  });

  it('never repeats what was sent, nor throws, whatever it is', () => {
    const schema = object('X', {
      a: text(),
      b: idOf('inv'),
      c: amount(),
      d: moneyInput,
      e: dateTimeInput,
      f: list(flag, { max: 1 }),
    });
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (whole, part) => {
        const secret = `s3cret-\u0001${'9'.repeat(40)}`;
        for (const given of [whole, part, { a: secret, b: secret, c: secret, d: part, e: secret, f: [whole] }]) {
          const parsed = parseInput(schema, given);
          expect(parsed.ok).toBe(false);
          if (!parsed.ok) expect(JSON.stringify(parsed.problems)).not.toContain('s3cret');
        }
      }),
    );
  });
});

describe('parseInput', () => {
  const line = object('LineInput', {
    quantity: decimalInput({ min: '0', scale: 4 }),
    note: optional(text({ max: 5 })),
  });
  const order = object('OrderInput', { account: idOf('acc'), lines: list(line, { max: 3 }) });

  it('names every field at fault by its path', () => {
    const parsed = parseInput(order, { lines: [{ quantity: '1' }, { quantity: '-1', note: 'too long', extra: 1 }] });
    expect(parsed).toEqual({
      ok: false,
      problems: [
        { path: ['account'], message: expect.stringMatching(/^account must be an id that begins with "acc_"/) },
        { path: ['lines', '1', 'quantity'], message: expect.stringMatching(/^lines\.1\.quantity must be a decimal/) },
        { path: ['lines', '1', 'note'], message: expect.stringMatching(/^lines\.1\.note must be a text of 1 to 5/) },
        { path: ['lines', '1', 'extra'], message: 'lines.1.extra is not a field of this input: leave it out.' },
      ],
    });
  });

  it('answers in sentences for schemas of plain zod too', async () => {
    const { z } = await import('zod');
    const plain = z.object({
      s: z.string().max(2),
      n: z.number(),
      e: z.enum(['A', 'B']),
      l: z.array(z.string()).min(1),
    });
    const parsed = parseInput(plain, { s: 'abc', n: 'x', e: 'C', l: [] });
    expect(parsed.ok ? [] : parsed.problems.map(({ message }) => message)).toEqual([
      's must be at most 2 characters.',
      'n must be a number.',
      'e must be A or B.',
      'l must be at least 1 items.',
    ]);
  });

  it('says so when the whole input is wrong, and stops at 50 problems', () => {
    expect(parseInput(order, null)).toEqual({
      ok: false,
      problems: [{ path: [], message: 'The input must be an object.' }],
    });
    const many = parseInput(
      list(flag, { max: 1000 }),
      Array.from({ length: 900 }, () => 1),
    );
    expect(many.ok ? 0 : many.problems.length).toBe(50);
  });

  it('gives the output types that decide functions take', () => {
    const parsed = parseInput(object('X', { a: amount(), m: optional(moneyInput), r: choice('R', ['A', 'B']) }), {});
    if (parsed.ok) {
      expectTypeOf(parsed.value).toEqualTypeOf<{ a: Decimal; m?: Money | undefined; r: 'A' | 'B' }>();
    }
    expect(parsed.ok).toBe(false);
  });
});

describe('describeInput', () => {
  it('tells GraphQL names, what may be null, values, lists and fields', () => {
    const line = object('LineInput', { reason: choice('Reason', ['A', 'B']), at: optional(dateInput) });
    const shape = describeInput(object('OrderInput', { lines: list(line, { max: 3 }), price: optional(moneyInput) }));
    const lineShape = {
      graphql: 'LineInput',
      nullable: false,
      fields: {
        reason: { graphql: 'Reason', nullable: false, values: ['A', 'B'] },
        at: { graphql: 'Date', nullable: true },
      },
    };
    expect(shape).toEqual({
      graphql: 'OrderInput',
      nullable: false,
      fields: {
        lines: { graphql: 'LineInput', nullable: false, list: lineShape },
        price: {
          graphql: 'MoneyInput',
          nullable: true,
          fields: {
            amount: { graphql: 'Decimal', nullable: false },
            currency: { graphql: 'Currency', nullable: false },
          },
        },
      },
    });
  });

  it('keeps a description, also around optional', () => {
    expect(describeInput(optional(text().describe('Free text.')))).toEqual({
      graphql: 'String',
      nullable: true,
      description: 'Free text.',
    });
    expect(describeInput(optional(text()).describe('Free text.')).description).toBe('Free text.');
  });

  it('refuses a part that has no GraphQL name', async () => {
    const { z } = await import('zod');
    expect(() => describeInput(object('X', { a: z.string() }))).toThrow('without a GraphQL name');
  });
});
