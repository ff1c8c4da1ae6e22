import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDecimal,
  compareDecimal,
  type Decimal,
  decimal,
  decimalOf,
  decimalText,
  divideDecimal,
  multiplyDecimal,
  negateDecimal,
  type Rounding,
  roundDecimal,
  subtractDecimal,
} from './decimal.ts';

const anyDecimal = fc
  .record({ coefficient: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), scale: fc.integer({ min: 0, max: 8 }) })
  .map(({ coefficient, scale }) => decimalOf(coefficient, scale));
const anyRounding = fc.constantFrom<Rounding>('HALF_UP', 'HALF_EVEN', 'DOWN');
const text = (d: Decimal) => decimalText(d);
const refused = (code: string) => expect.objectContaining({ code });

describe('reading and writing decimals', () => {
  it('keeps every digit and the scale, whatever the decimal', () => {
    fc.assert(
      fc.property(anyDecimal, (d) => {
        expect(decimal(text(d))).toEqual(d);
      }),
    );
  });

  it.each([
    ['0', '0'],
    ['-0.00', '0.00'],
    ['007.50', '7.50'],
    ['-0.05', '-0.05'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
  ])('%s is written as %s', (given, written) => expect(text(decimal(given))).toBe(written));

  it.each(['', '-', '.5', '5.', '+1', '1e3', '1,5', ' 1', '1 ', '1\n', '0x1', '١', 'NaN', '--1', '1.2.3', '1_000'])(
    '%j is refused with what would be right',
    (given) => expect(() => decimal(given)).toThrow(/write digits with an optional "-"/),
  );

  it('refuses 31 digits and takes 30, leading zeros counted', () => {
    expect(() => decimal(`${'1'.repeat(29)}.11`)).toThrow(refused('INVALID_INPUT'));
    expect(text(decimal(`-${'1'.repeat(29)}.1`))).toBe(`-${'1'.repeat(29)}.1`);
    expect(() => decimal('0'.repeat(31))).toThrow(refused('INVALID_INPUT'));
  });

  it('refuses a huge text without repeating it', () => {
    expect(() => decimal('9'.repeat(5_000_000))).toThrow(/^.{0,200}$/);
  });
});

describe('arithmetic on decimals', () => {
  it('adds and subtracts exactly, as 0.1 + 0.2 shows', () => {
    expect(text(addDecimal(decimal('0.1'), decimal('0.2')))).toBe('0.3');
    fc.assert(
      fc.property(anyDecimal, anyDecimal, (a, b) => {
        expect(compareDecimal(subtractDecimal(addDecimal(a, b), b), a)).toBe(0);
      }),
    );
  });

  it('multiplies so that factors may be taken apart and swapped', () => {
    fc.assert(
      fc.property(anyDecimal, anyDecimal, anyDecimal, (a, b, c) => {
        const left = multiplyDecimal(addDecimal(a, b), c);
        expect(compareDecimal(left, addDecimal(multiplyDecimal(c, a), multiplyDecimal(c, b)))).toBe(0);
      }),
    );
  });

  it('compares by value, whatever the scales', () => {
    expect(compareDecimal(decimal('1.50'), decimal('1.5'))).toBe(0);
    fc.assert(
      fc.property(anyDecimal, anyDecimal, (a, b) => {
        const sign = compareDecimal(a, b);
        expect(compareDecimal(b, a)).toBe(sign === 0 ? 0 : -sign);
        expect(compareDecimal(subtractDecimal(a, b), decimal('0'))).toBe(sign);
      }),
    );
  });

  it('divides to the nearest representable quotient', () => {
    fc.assert(
      fc.property(anyDecimal, anyDecimal, fc.integer({ min: 0, max: 10 }), (a, b, scale) => {
        fc.pre(b.coefficient !== 0n);
        const quotient = divideDecimal(a, b, { scale, rounding: 'HALF_UP' });
        // |a − q·b| ≤ |b| / 2 units of the last decimal
        const error = subtractDecimal(a, multiplyDecimal(quotient, b));
        const twice = multiplyDecimal(error.coefficient < 0n ? negateDecimal(error) : error, decimal('2'));
        const unit = multiplyDecimal(b.coefficient < 0n ? negateDecimal(b) : b, decimalOf(1n, scale));
        expect(compareDecimal(twice, unit)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('refuses to divide by zero', () => {
    const byZero = () => divideDecimal(decimal('1'), decimal('0.0'), { scale: 2, rounding: 'DOWN' });
    expect(byZero).toThrow(refused('INVALID_INPUT'));
  });
});

describe('rounding', () => {
  it.each<[string, Rounding, string]>([
    ['2.5', 'HALF_UP', '3'],
    ['-2.5', 'HALF_UP', '-3'],
    ['2.49', 'HALF_UP', '2'],
    ['2.5', 'HALF_EVEN', '2'],
    ['3.5', 'HALF_EVEN', '4'],
    ['-2.5', 'HALF_EVEN', '-2'],
    ['2.51', 'HALF_EVEN', '3'],
    ['2.99', 'DOWN', '2'],
    ['-2.99', 'DOWN', '-2'],
    ['-0.4', 'HALF_UP', '0'],
  ])('%s %s is %s', (given, rounding, rounded) => expect(text(roundDecimal(decimal(given), 0, rounding))).toBe(rounded));

  it('fills with zeros when more decimals are asked for', () => {
    expect(text(roundDecimal(decimal('1.5'), 4, 'DOWN'))).toBe('1.5000');
  });

  it('moves a value by less than one unit of the last decimal, and not at all the second time', () => {
    fc.assert(
      fc.property(anyDecimal, fc.integer({ min: 0, max: 9 }), anyRounding, (d, scale, rounding) => {
        const rounded = roundDecimal(d, scale, rounding);
        const error = subtractDecimal(d, rounded);
        const size = error.coefficient < 0n ? negateDecimal(error) : error;
        expect(rounded.scale).toBe(scale);
        expect(compareDecimal(size, decimalOf(1n, scale))).toBe(-1);
        expect(roundDecimal(rounded, scale, rounding)).toEqual(rounded);
      }),
    );
  });

  it('treats both signs alike', () => {
    fc.assert(
      fc.property(anyDecimal, anyRounding, (d, rounding) => {
        expect(roundDecimal(negateDecimal(d), 1, rounding)).toEqual(negateDecimal(roundDecimal(d, 1, rounding)));
      }),
    );
  });

  it('refuses a scale that is not a whole number from 0', () => {
    for (const scale of [-1, 1.5, Number.NaN, 1001]) {
      expect(() => roundDecimal(decimal('1'), scale, 'DOWN')).toThrow(RangeError);
    }
  });
});
