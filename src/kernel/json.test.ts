import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './json.ts';

describe('canonicalJson', () => {
  it('does not depend on the order in which keys were set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer(), (value, seed) => {
        const keys = Object.keys(value);
        const turned = [...keys.slice(seed % (keys.length || 1)), ...keys].reverse();
        const copy = Object.fromEntries(turned.map((key) => [key, value[key]]));
        expect(canonicalJson(copy)).toBe(canonicalJson(value));
      }),
    );
  });

  it('is JSON that reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('tells different values apart', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = canonicalJson(a) === canonicalJson(b);
        expect(same).toBe(JSON.stringify(JSON.parse(canonicalJson(a))) === JSON.stringify(JSON.parse(canonicalJson(b))));
      }),
    );
  });

  it('has one text for bigint, Date and undefined, which never changes', () => {
    const value = { b: [1n, undefined, null], a: new Date('2026-01-31T09:00:00Z'), skip: undefined, B: -0, é: 'ß"\n' };
    expect(canonicalJson(value)).toBe('{"B":0,"a":"2026-01-31T09:00:00.000Z","b":["1",null,null],"é":"ß\\"\\n"}');
  });

  it('sorts keys that look like numbers as texts', () => {
    expect(canonicalJson({ 10: 1, 9: 2, a: 3 })).toBe('{"10":1,"9":2,"a":3}');
  });

  it('refuses what has no single text', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = { cyclic };
    const refused = [Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol('s'), new Map(), new Set(), /x/, cyclic];
    for (const value of refused) expect(() => canonicalJson({ value })).toThrow(TypeError);
    expect(() => canonicalJson(new Date(Number.NaN))).toThrow(RangeError);
  });

  it('takes the same object twice, side by side', () => {
    const part = { a: 1 };
    expect(canonicalJson([part, part])).toBe('[{"a":1},{"a":1}]');
  });
});
