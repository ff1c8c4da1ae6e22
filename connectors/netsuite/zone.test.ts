/** Times there, brought to UTC. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offsetAt, utcIn } from './zone.ts';

const ZONES = ['America/Los_Angeles', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland', 'Asia/Tokyo'] as const;

describe('times of a zone', () => {
  it('are brought to UTC through summer and winter', () => {
    expect(utcIn('America/Los_Angeles', '2026-01-15T08:00:00')).toBe('2026-01-15T16:00:00.000Z');
    expect(utcIn('America/Los_Angeles', '2026-07-15T08:00:00')).toBe('2026-07-15T15:00:00.000Z');
    expect(utcIn('Asia/Kolkata', '2026-07-15T05:30:00')).toBe('2026-07-15T00:00:00.000Z');
  });

  it('are the first of the two in the hour that comes twice', () => {
    expect(utcIn('America/Los_Angeles', '2026-11-01T01:30:00')).toBe('2026-11-01T08:30:00.000Z');
  });

  it('show the same clock there, whenever and wherever', () => {
    const seconds = fc.integer({ min: Date.parse('2020-01-01') / 1_000, max: Date.parse('2030-01-01') / 1_000 });
    fc.assert(
      fc.property(seconds, fc.constantFrom(...ZONES), (second, zone) => {
        const local = new Date(second * 1_000 + offsetAt(zone, second * 1_000)).toISOString().slice(0, 19);
        const utc = Date.parse(utcIn(zone, local) ?? '');
        expect(new Date(utc + offsetAt(zone, utc)).toISOString().slice(0, 19)).toBe(local);
      }),
      { seed: 4711, numRuns: 300 },
    );
  });

  it('are none where the text is none', () => {
    expect(utcIn('Asia/Tokyo', '3/2/2026')).toBeNull();
  });
});
