// Texts of columns as JSON: held against what JSON and the kernel say.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CURRENCIES } from '../../kernel/currency.ts';
import { MAX_MINOR, money, moneyText } from '../../kernel/money.ts';
import { type Bytes, exponentAt, JsonBytes, viewed } from './json-bytes.ts';

interface Span {
  readonly start: number;
  readonly length: number;
}

/** What is written of a column's text, as the value that JSON reads; the same wherever the text stands among others. */
function read(text: string, write: (out: JsonBytes, from: Bytes, span: Span) => void): unknown {
  const column = Buffer.from(text);
  const [first, last] = [
    ['\u0000"\\', ''],
    ['', '"\\\u0000\u0000\u0000'],
  ].map(([before = '', after = '']) => {
    const out = new JsonBytes();
    out.byte(0x22);
    const from = viewed(Buffer.concat([Buffer.from(before), column, Buffer.from(after)]));
    write(out, from, { start: before.length, length: column.length });
    return out.finish().toString();
  });
  expect(first).toBe(last);
  return JSON.parse(first ?? '');
}

it('a text comes back as it is, whatever characters it has', () => {
  const characters = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\u0001', '\u001f', '\u007f', 'ü', '😀', '\ud7ff') }),
  );
  const texts = fc.tuple(characters, fc.constantFrom(1, 1, 3, 40)).map(([text, times]) => text.repeat(times));
  fc.assert(
    fc.property(texts, (text) => {
      expect(read(text, (out, from, { start, length }) => out.text(from, start, length))).toBe(text);
    }),
    { seed: 1, numRuns: 500 },
  );
});

it('an amount is what the kernel says, in every currency', () => {
  const minor = fc.oneof(fc.bigInt({ min: -MAX_MINOR, max: MAX_MINOR }), fc.bigInt({ min: -20_000n, max: 20_000n }));
  fc.assert(
    fc.property(minor, fc.constantFrom(...CURRENCIES), (amount, { code }) => {
      const exponent = exponentAt(Buffer.from(code), 0);
      const text = read(String(amount), (out, from, { start, length }) => out.money(from, start, { length, exponent }));
      expect(text).toBe(moneyText(money(amount, code)));
    }),
    { seed: 1, numRuns: 1_000 },
  );
});

it('an instant has milliseconds, cut off and never rounded', () => {
  const shown = (text: string, decimals: number) => read(text, (out, from, { start }) => out.instant(from, start, decimals));
  for (const [text, ms, us] of [
    ['2026-01-31 09:30:00+00', '000', '000000'],
    ['2026-01-31 09:30:00.1+00', '100', '100000'],
    ['2026-01-31 09:30:00.999999+00', '999', '999999'],
    ['2026-01-31 09:30:00.000999+00', '000', '000999'],
  ] as const) {
    expect(shown(text, 3)).toBe(`2026-01-31T09:30:00.${ms}Z`);
    expect(shown(text, 6)).toBe(`2026-01-31T09:30:00.${us}Z`);
  }
  expect(shown('12026-01-31 09:30:00+00', 3)).toBe('12026-01-31T09:30:00.000Z');
  expect(shown('0044-03-15 09:30:00.5+00 BC', 3)).toBe('0044-03-15T09:30:00.500Z');
});

it('a number has no zeros at the end of its decimals', () => {
  const shown = (text: string) => read(text, (out, from, { start, length }) => out.trimmed(from, start, length));
  const numbers = ['0', '100', '1.2500', '1.00', '-0.0010', '10.0', '0.000', 'NaN'];
  expect(numbers.map(shown)).toEqual(['0', '100', '1.25', '1', '-0.001', '10', '0', 'NaN']);
});

it('what was written since a place becomes base64 for addresses', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const out = new JsonBytes();
      const bytes = Buffer.from(text);
      out.raw(viewed(Buffer.from('before')), 0, 6);
      out.raw(viewed(bytes), 0, bytes.length);
      out.encode(6);
      expect(out.finish().toString()).toBe(`before${bytes.toString('base64url')}`);
    }),
    { seed: 1 },
  );
});
