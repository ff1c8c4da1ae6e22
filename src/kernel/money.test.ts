import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES, currency } from './currency.ts';
import { decimal, divideDecimal } from './decimal.ts';
import {
  add,
  allocate,
  compareMoney,
  convert,
  isNegative,
  isZero,
  MAX_MINOR,
  type Money,
  money,
  moneyDecimal,
  moneyFrom,
  moneyText,
  negate,
  parseMoney,
  smaller,
  subtract,
  sum,
  times,
  zero,
} from './money.ts';

const anyMinor = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const anyCode = fc.constantFrom(...CURRENCIES.map(({ code }) => code));
const anyMoney = fc.tuple(anyMinor, anyCode).map(([minor, code]) => money(minor, code));
const eur = (minor: bigint) => money(minor, 'EUR');
const refused = (code: string) => expect.objectContaining({ code });

describe('amounts as text', () => {
  it('come back as they went, in every currency', () => {
    fc.assert(
      fc.property(anyMoney, (m) => {
        expect(parseMoney(moneyText(m), m.currency)).toEqual(m);
      }),
    );
  });

  it.each([
    ['0.05', 5n, 'EUR'],
    ['-12.50', -1250n, 'EUR'],
    ['12', 12n, 'JPY'],
    ['1.250', 1250n, 'KWD'],
    ['0.0001', 1n, 'CLF'],
  ])('%s is %s minor units of %s', (text, minor, code) => {
    expect(parseMoney(text, code)).toEqual({ minor, currency: code });
    expect(moneyText(money(minor, code))).toBe(text);
  });

  it('are the same as exact decimals, there and back', () => {
    fc.assert(
      fc.property(anyMoney, (m) => {
        expect(moneyFrom(moneyDecimal(m), m.currency)).toEqual(m);
      }),
    );
    expect(() => moneyFrom(decimal('0.001'), 'EUR')).toThrow(refused('AMOUNT_INVALID'));
  });

  it('may have fewer decimals than the currency, never more', () => {
    expect(parseMoney('12.5', 'EUR').minor).toBe(1250n);
    expect(() => parseMoney('12.500', 'EUR')).toThrow('12.500 has 3 decimals, and EUR has 2: send at most 2.');
    expect(() => parseMoney('1.0', 'JPY')).toThrow(refused('AMOUNT_INVALID'));
  });

  it('stay within the range of the books', () => {
    expect(parseMoney('90000000000000000.00', 'EUR').minor).toBe(MAX_MINOR);
    expect(() => parseMoney('90000000000000000.01', 'EUR')).toThrow(refused('AMOUNT_INVALID'));
    expect(() => parseMoney('-90000000000000000.01', 'EUR')).toThrow(refused('AMOUNT_INVALID'));
    expect(() => parseMoney('1e2', 'EUR')).toThrow(refused('INVALID_INPUT'));
  });
});

describe('arithmetic on amounts', () => {
  it('adds and subtracts as whole numbers do', () => {
    fc.assert(
      fc.property(anyMinor, anyMinor, (a, b) => {
        expect(add(eur(a), eur(b)).minor).toBe(a + b);
        expect(subtract(eur(a), eur(b)).minor).toBe(a - b);
        expect(add(eur(a), negate(eur(a)))).toEqual(zero('EUR'));
        expect(compareMoney(eur(a), eur(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(smaller(eur(a), eur(b)).minor).toBe(a < b ? a : b);
        expect(sum([eur(a), eur(b), eur(a)], 'EUR').minor).toBe(a + b + a);
      }),
    );
  });

  it('knows zero and negative', () => {
    expect([isZero(eur(0n)), isZero(eur(1n)), isNegative(eur(-1n)), isNegative(eur(0n))]).toEqual([true, false, true, false]);
  });

  it('never mixes currencies, even when one side is zero', () => {
    const usd = money(0n, 'USD');
    const mixed: (() => unknown)[] = [
      () => add(eur(1n), usd),
      () => subtract(eur(1n), usd),
      () => compareMoney(eur(1n), usd),
      () => smaller(eur(1n), usd),
      () => sum([eur(1n), usd], 'EUR'),
      () => sum([usd], 'EUR'),
    ];
    for (const mix of mixed) expect(mix).toThrow(refused('CURRENCY_MISMATCH'));
  });

  it('refuses a result beyond the range instead of wrapping around', () => {
    expect(() => add(eur(MAX_MINOR), eur(1n))).toThrow(refused('AMOUNT_INVALID'));
    expect(() => times(eur(MAX_MINOR), decimal('1.1'))).toThrow(refused('AMOUNT_INVALID'));
    expect(sum([eur(MAX_MINOR), eur(1n), eur(-1n)], 'EUR').minor, 'only the total counts').toBe(MAX_MINOR);
  });
});

describe('allocate', () => {
  const anyWeights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 30 });

  it('has parts that sum exactly to the whole, none further than one unit from its exact share', () => {
    fc.assert(
      fc.property(anyMinor, anyWeights, (minor, weights) => {
        const parts = allocate(eur(minor), weights);
        const total = weights.reduce((a, b) => a + b, 0n);
        expect(sum(parts, 'EUR').minor).toBe(minor);
        if (total === 0n) return;
        parts.forEach((part, index) => {
          const off = part.minor * total - minor * (weights[index] ?? 0n);
          expect(off < total && -off < total).toBe(true);
        });
      }),
    );
  });

  it('gives nothing to a zero weight, unless all are zero: then the first takes all', () => {
    fc.assert(
      fc.property(anyMinor, anyWeights, (minor, weights) => {
        fc.pre(weights.some((weight) => weight > 0n));
        const parts = allocate(eur(minor), weights);
        for (const [index, weight] of weights.entries()) if (weight === 0n) expect(parts[index]?.minor).toBe(0n);
      }),
    );
    expect(minors(allocate(eur(-7n), [0n, 0n, 0n]))).toEqual([-7n, 0n, 0n]);
  });

  it('splits a negative amount as the mirror of the positive one', () => {
    fc.assert(
      fc.property(anyMinor, anyWeights, (minor, weights) => {
        expect(allocate(eur(-minor), weights)).toEqual(allocate(eur(minor), weights).map(negate));
      }),
    );
  });

  it('gives what is left to the largest remainders, the earlier first among equals', () => {
    expect(minors(allocate(eur(100n), [1n, 1n, 1n]))).toEqual([34n, 33n, 33n]);
    expect(minors(allocate(eur(5n), [1n, 2n, 1n]))).toEqual([1n, 3n, 1n]);
    expect(minors(allocate(eur(-2n), [1n, 1n, 1n]))).toEqual([-1n, -1n, 0n]);
  });

  it('refuses no weights, and a negative one', () => {
    expect(() => allocate(eur(1n), [])).toThrow(refused('INVALID_INPUT'));
    expect(() => allocate(eur(1n), [2n, -1n])).toThrow(refused('INVALID_INPUT'));
  });

  const minors = (parts: Money[]) => parts.map((part) => part.minor);
});

describe('times and convert', () => {
  it('round once, half away from zero unless asked otherwise', () => {
    expect(times(eur(50n), decimal('0.01')).minor).toBe(1n);
    expect(times(eur(-50n), decimal('0.01')).minor).toBe(-1n);
    expect(times(eur(50n), decimal('0.01'), 'HALF_EVEN').minor).toBe(0n);
    expect(times(eur(1999n), decimal('0.19'), 'DOWN').minor).toBe(379n);
  });

  it.each([
    ['10.00', 'EUR', '161.5', 'JPY', '1615'],
    ['1615', 'JPY', '0.006191950464', 'EUR', '10.00'],
    ['10.00', 'EUR', '0.3345', 'KWD', '3.345'],
    ['3.345', 'KWD', '2.9895366', 'EUR', '10.00'],
    ['-0.01', 'EUR', '0.5', 'USD', '-0.01'],
  ])('%s %s at %s is %3$s: %4$s', (text, from, rate, to, result) => {
    expect(moneyText(convert(parseMoney(text, from), decimal(rate), to))).toBe(result);
  });

  it('bring an amount back through a rate and its inverse, but for one unit of the coarser currency', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 1, max: 10 ** 6 }), (minor, rateMillis) => {
        const rate = decimal((rateMillis / 1000).toString());
        const inverse = divideDecimal(decimal('1'), rate, { scale: 25, rounding: 'HALF_EVEN' });
        const there = convert(eur(minor), rate, 'KWD');
        const off = convert(there, inverse, 'EUR').minor - minor;
        // half a fils is 0.0005 KWD, so 0.05 / rate cents; plus half a cent
        const bound = BigInt(Math.ceil(0.05 / (rateMillis / 1000) + 1));
        expect(off <= bound && -off <= bound).toBe(true);
      }),
    );
  });

  it('refuse a rate that is not above zero and a currency that does not exist', () => {
    expect(() => convert(eur(1n), decimal('0'), 'USD')).toThrow(refused('INVALID_INPUT'));
    expect(() => convert(eur(1n), decimal('-1'), 'USD')).toThrow(refused('INVALID_INPUT'));
    expect(() => convert(eur(1n), decimal('1'), 'usd')).toThrow(refused('INVALID_INPUT'));
    expect(currency('USD')).toBe('USD');
  });
});
