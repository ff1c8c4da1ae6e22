// JSON whose numbers are amounts: no digit is lost on the way in, whatever is in the text around them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimal, decimal as kernelDecimal } from '../kernel/decimal.ts';
import { MappingError } from './connector.ts';
import { decimalOf, parseJson } from './json-text.ts';

describe('JSON read exactly', () => {
  it.each<[string, unknown]>([
    ['{"a":362.07,"b":100,"c":-1}', { a: 362.07, b: 100, c: -1 }],
    ['{"a":1.10,"b":[1.0,-0],"c":"1.10"}', { a: '1.10', b: ['1.0', '-0'], c: '1.10' }],
    ['[1e3,1.5E-3,12345e-2,-2.5e+1]', ['1000', '0.0015', '123.45', '-25']],
    ['0.1000000000000000055', '0.1000000000000000055'],
    ['[9007199254740993, 12345678901234567890.12]', ['9007199254740993', '12345678901234567890.12']],
    [' {"1.10": "say \\"1.10\\" \\\\", "n": 1.10 } ', { '1.10': 'say "1.10" \\', n: '1.10' }],
    ['{"2026-05": "a:1.10, 2.0", "x": 2.0}', { '2026-05': 'a:1.10, 2.0', x: '2.0' }],
    ['[true,null,1e999]', [true, null, '1e999']],
  ])('%s', (text, read) => expect(parseJson(text)).toEqual(read));

  it.each(['{1.10:2}', '[01.10]', '[1.]', '[.50]', '{"a":1.10', '["a\n1.10"]', ''])('refuses what is no JSON: %s', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('is JSON as JavaScript reads it, for every value that JavaScript wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const written = JSON.parse(text) as unknown;
        expect(asNumbers(parseJson(text), written)).toEqual(written);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('keeps every amount, however it is written', () => {
    const amount = fc.tuple(fc.boolean(), fc.bigInt(0n, 10n ** 20n), fc.stringMatching(/^\d{0,9}$/));
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 20 }), (amounts) => {
        const texts = amounts.map(
          ([isNegative, whole, part]) => `${isNegative ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`,
        );
        const read = parseJson(`{"Line":[${texts.map((one) => `{"Amount":${one}}`).join(' , ')}]}`) as {
          Line: { Amount: unknown }[];
        };
        for (const [i, one] of texts.entries()) {
          const exact = kernelDecimal(decimalOf(read.Line[i]?.Amount, 'Amount'));
          expect(compareDecimal(exact, kernelDecimal(one))).toBe(0);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

/** Texts that stand where a number was written become that number. */
function asNumbers(read: unknown, written: unknown): unknown {
  if (typeof written === 'number') return typeof read === 'string' ? Number(read) : read;
  if (Array.isArray(written)) return written.map((one, i) => asNumbers((read as unknown[])[i], one));
  if (typeof written !== 'object' || written === null) return read;
  const fields = read as Readonly<Record<string, unknown>>;
  expect(Object.keys(fields)).toEqual(Object.keys(written));
  return Object.fromEntries(Object.entries(written).map(([name, one]) => [name, asNumbers(fields[name], one)]));
}

describe('an amount', () => {
  it.each<[unknown, string]>([
    [12.5, '12.5'],
    ['12.50', '12.50'],
    [0, '0'],
    [-0, '0'],
    ['-0.00', '0.00'],
    [1e-7, '0.0000001'],
    ['1e3', '1000'],
    [' 5 ', '5'],
    ['1.1000000000000', '1.1'],
  ])('%s is %s', (value, text) => expect(decimalOf(value, 'Amount')).toBe(text));

  it.each([undefined, null, '', 'abc', '1,5', '1.2.3', true, {}, Number.NaN, 1e300, '0.1234567890123', '--1', '+1', '0x10'])(
    '%s is refused, with the field',
    (value) => {
      expect(() => decimalOf(value, 'Line[0].Amount')).toThrow(MappingError);
      expect(() => decimalOf(value, 'Line[0].Amount')).toThrow(/^Line\[0\]\.Amount must be a decimal such as 12\.50, and is /);
    },
  );
});
