// The parts in which a total is paid: they sum to it exactly, so do their discounts, in currencies with 0, 2 and 3 decimals.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/kernel/date.ts';
import { decimal, decimalText, multiplyDecimal } from '../../src/kernel/decimal.ts';
import { money, moneyText, parseMoney, times } from '../../src/kernel/money.ts';
import { dueDate, instalmentsOf, type Terms } from '../../src/o2c/catalogue/terms.rules.ts';

const terms = (more: Partial<Terms>): Terms => ({
  netDays: 30,
  isEndOfMonth: false,
  discountDays: null,
  discountPercent: null,
  instalments: [],
  ...more,
});
const parts = (...percents: string[]) => percents.map((percent, i) => ({ instalment: i + 1, percent, netDays: 30 * (i + 1) }));
const shown = (total: string, currency: string, of: Terms) =>
  instalmentsOf('2026-01-15', parseMoney(total, currency).minor, of).map((part) => [
    part.instalment,
    part.dueOn,
    moneyText(money(part.minor, currency)),
    part.discountUntil,
    moneyText(money(part.discountOfferedMinor, currency)),
  ]);

describe('a total', () => {
  it('is due at once where terms have no parts, with 2 percent off within 10 days', () => {
    expect(shown('119.99', 'EUR', terms({ discountDays: 10, discountPercent: '2.0000' }))).toEqual([
      [1, '2026-02-14', '119.99', '2026-01-25', '2.40'],
    ]);
  });

  it.each<[string, string, readonly (readonly unknown[])[]]>([
    ['JPY', '100', [['33'], ['34'], ['33']]],
    ['EUR', '100.00', [['33.33'], ['33.34'], ['33.33']]],
    ['KWD', '100.000', [['33.333'], ['33.334'], ['33.333']]],
  ])('in %s is cut in thirds that make it whole', (currency, total, expected) => {
    const thirds = terms({ netDays: 90, instalments: parts('33.3333', '33.3333', '33.3334') });
    expect(shown(total, currency, thirds).map(([, , amount]) => [amount])).toEqual(expected);
  });

  it('goes whole into its parts whatever their percents add up to: the last takes the rest', () => {
    const thirds = terms({ netDays: 90, instalments: parts('33.33', '33.33', '33.33') });
    expect(shown('100000.00', 'EUR', thirds).map(([, , amount]) => amount)).toEqual(['33330.00', '33330.00', '33340.00']);
  });

  it('falls due part by part, each at the end of its month where the terms say so', () => {
    const of = terms({ netDays: 60, isEndOfMonth: true, instalments: parts('50', '50') });
    expect(shown('10.00', 'EUR', of).map(([, dueOn]) => dueOn)).toEqual(['2026-02-28', '2026-03-31']);
  });

  it('of zero is one part without a discount', () => {
    const of = terms({ netDays: 60, discountDays: 5, discountPercent: '2', instalments: parts('50', '50') });
    expect(shown('0.00', 'EUR', of)).toEqual([[1, '2026-03-16', '0.00', null, '0.00']]);
  });

  it('that is too small for all parts leaves out those that nothing falls to', () => {
    const of = terms({ netDays: 120, instalments: parts('25', '25', '25', '25') });
    expect(shown('0.02', 'EUR', of).map(([number, , amount]) => [number, amount])).toEqual([
      [1, '0.01'],
      [3, '0.01'],
    ]);
  });
});

const percents = fc
  .array(fc.integer({ min: 1, max: 999_999 }), { minLength: 1, maxLength: 11 })
  .map((cuts) => [...new Set(cuts)].sort((a, b) => a - b))
  .map((cuts) => [...cuts, 1_000_000].map((cut, i) => decimalText({ coefficient: BigInt(cut - (cuts[i - 1] ?? 0)), scale: 4 })));

it('any total in any terms: parts and discounts sum exactly, no part is negative or off by a unit, no discount is above its part', () => {
  const discount = fc.integer({ min: 1, max: 999_999 }).map((n) => decimalText({ coefficient: BigInt(n), scale: 4 }));
  fc.assert(
    fc.property(
      fc.constantFrom('JPY', 'EUR', 'KWD'),
      fc.oneof(fc.bigInt({ min: 1n, max: 300n }), fc.bigInt({ min: 1n, max: 10n ** 15n })),
      percents,
      fc.option(discount),
      (currency, total, shares, discountPercent) => {
        const of = terms({ discountDays: discountPercent === null ? null : 10, discountPercent, instalments: parts(...shares) });
        const made = instalmentsOf('2026-01-15', total, of);
        const sum = (pick: (p: (typeof made)[number]) => bigint) => made.reduce((all, part) => all + pick(part), 0n);
        expect(sum((p) => p.minor)).toBe(total);
        const whole =
          discountPercent === null
            ? 0n
            : times(money(total, currency), multiplyDecimal(decimal(discountPercent), decimal('0.01'))).minor;
        expect(sum((p) => p.discountOfferedMinor)).toBe(whole);
        for (const part of made) {
          expect(part.minor).toBeGreaterThan(0n);
          expect(part.discountOfferedMinor >= 0n && part.discountOfferedMinor <= part.minor).toBe(true);
          const share = decimal(shares[part.instalment - 1] ?? '0');
          const off = part.minor * 1_000_000n - total * share.coefficient;
          expect(off > -1_000_000n && off < 1_000_000n).toBe(true);
          expect(part.dueOn).toBe(dueDate('2026-01-15', { netDays: 30 * part.instalment, isEndOfMonth: false }));
          expect(part.discountUntil).toBe(part.discountOfferedMinor === 0n ? null : addDays('2026-01-15', 10));
        }
      },
    ),
    { seed: 3, numRuns: 2000 },
  );
});
