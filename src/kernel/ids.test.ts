import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedClock, systemClock } from './clock.ts';
import { createIdSource, isUuid, parsePublicId, publicId, uuidv7 } from './ids.ts';
import { seededRandom, systemRandom } from './random.ts';

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const timeOf = (uuid: string) => Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);

describe('uuidv7', () => {
  it('is a version 7 uuid of its millisecond, whatever time and chance', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.uint8Array({ minLength: 10, maxLength: 10 }), (now, bytes) => {
        const uuid = uuidv7({ now, random: () => bytes });
        expect(uuid).toMatch(V7);
        expect(timeOf(uuid)).toBe(now);
      }),
    );
  });

  it('uses 74 random bits: all ones and all zeros differ in every one of them', () => {
    const of = (byte: number) => uuidv7({ now: 0, random: (count) => new Uint8Array(count).fill(byte) });
    expect(of(255)).toBe('00000000-0000-7fff-bfff-ffffffffffff');
    expect(of(0)).toBe('00000000-0000-7000-8000-000000000000');
  });

  it('refuses a time that 48 bits of milliseconds do not hold', () => {
    for (const now of [-1, 2 ** 48, Number.NaN, 0.5]) {
      expect(() => uuidv7({ now, random: systemRandom.bytes })).toThrow(RangeError);
    }
  });
});

describe('an id source', () => {
  it('strictly increases while the clock goes on, stands still or goes back', () => {
    const steps = fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 2, maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer(), (moves, seed) => {
        const clock = fixedClock('2026-01-01T00:00:00Z');
        const newId = createIdSource(clock, seededRandom(seed));
        const ids = moves.map((ms) => {
          clock.advance(ms);
          return newId();
        });
        expect(ids.every((id, index) => index === 0 || (ids[index - 1] ?? '') < id)).toBe(true);
        expect(ids.every((id) => V7.test(id))).toBe(true);
      }),
    );
  });

  it('borrows the next millisecond when one is full, and stays increasing', () => {
    const clock = fixedClock('1970-01-01T00:00:00Z');
    const newId = createIdSource(clock, { bytes: (count) => new Uint8Array(count).fill(255) });
    expect(newId()).toBe('00000000-0000-7fff-bfff-ffffffffffff');
    expect(newId()).toBe('00000000-0001-7000-8000-0000ffffffff');
    clock.advance(1);
    expect(newId()).toBe('00000000-0001-7000-8000-0001ffffffff');
  });

  it('makes 100,000 different ids on the real clock, in order', () => {
    const newId = createIdSource(systemClock, systemRandom);
    const ids = Array.from({ length: 100_000 }, newId);
    expect(new Set(ids).size).toBe(ids.length);
    // not by toEqual: the difference of two lists this long takes minutes to print
    expect(ids.every((id, index) => index === 0 || (ids[index - 1] ?? '') < id)).toBe(true);
  });

  it('differs from another process that stands at the same millisecond', () => {
    const clock = fixedClock('2026-01-01T00:00:00Z');
    expect(createIdSource(clock, systemRandom)()).not.toBe(createIdSource(clock, systemRandom)());
  });
});

describe('public ids', () => {
  const uuid = '0190a6b2-0000-7000-8000-000000000001';

  it('come apart as they were put together', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/), fc.uuid(), (prefix, id) => {
        expect(parsePublicId(publicId(prefix, id))).toEqual({ prefix, uuid: id });
      }),
    );
    expect(publicId('inv', uuid)).toBe(`inv_${uuid}`);
  });

  it.each(['', 'inv', uuid, `_${uuid}`, `inv-${uuid}`, `INV_${uuid}`, `inv_${uuid.toUpperCase()}`, `inv_${uuid}\n`])(
    '%j is refused with INVALID_ID',
    (text) => expect(() => parsePublicId(text)).toThrow(expect.objectContaining({ code: 'INVALID_ID' })),
  );

  it('are never made of a bad prefix or uuid', () => {
    expect(() => publicId('Inv', uuid)).toThrow('no id prefix');
    expect(() => publicId('inv', 'x')).toThrow('no uuid');
    expect(isUuid(`${uuid} `)).toBe(false);
  });
});
