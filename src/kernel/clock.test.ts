import { describe, expect, it } from 'vitest';
import { fixedClock, isTimeZone, localDate, monotonicMs, systemClock } from './clock.ts';

describe('clocks', () => {
  it('a fixed clock stands still, and moves only when told to', () => {
    const clock = fixedClock('2026-01-31T09:00:00Z');
    expect(clock.now()).toEqual(clock.now());
    clock.advance(1_500);
    expect(clock.now().toISOString()).toBe('2026-01-31T09:00:01.500Z');
    clock.set(new Date('2025-01-01T00:00:00Z'));
    expect(clock.now().toISOString()).toBe('2025-01-01T00:00:00.000Z');
  });

  it('a fixed clock is not moved by changing the Date that it gave', () => {
    const clock = fixedClock('2026-01-31T09:00:00Z');
    clock.now().setFullYear(1999);
    expect(clock.now().getUTCFullYear()).toBe(2026);
  });

  it('a fixed clock refuses what is no time', () => {
    expect(() => fixedClock('yesterday')).toThrow(RangeError);
    expect(() => fixedClock('2026-01-01').advance(Number.NaN)).toThrow(RangeError);
  });

  it('the system clock and the measuring one go forwards', () => {
    const [at, ms] = [systemClock.now(), monotonicMs()];
    expect(systemClock.now().getTime()).toBeGreaterThanOrEqual(at.getTime());
    expect(monotonicMs()).toBeGreaterThanOrEqual(ms);
  });
});

describe('localDate', () => {
  it.each([
    ['2026-03-31T22:30:00Z', 'Europe/Berlin', '2026-04-01'],
    ['2026-03-31T22:30:00Z', 'UTC', '2026-03-31'],
    ['2026-01-01T04:59:59Z', 'America/New_York', '2025-12-31'],
    ['2026-01-01T10:00:00Z', 'Pacific/Kiritimati', '2026-01-02'],
    // the hours around a change of summer time
    ['2026-03-29T00:59:59Z', 'Europe/Berlin', '2026-03-29'],
    ['2026-10-25T22:59:59Z', 'Europe/Berlin', '2026-10-25'],
    ['2026-10-25T23:00:00Z', 'Europe/Berlin', '2026-10-26'],
    // Samoa went without this day
    ['2011-12-30T09:59:59Z', 'Pacific/Apia', '2011-12-29'],
    ['2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-31'],
    ['0950-06-01T12:00:00Z', 'UTC', '0950-06-01'],
  ])('%s in %s is %s', (instant, zone, day) => expect(localDate(new Date(instant), zone)).toBe(day));

  it('refuses a zone that does not exist, by its name', () => {
    expect(() => localDate(new Date(0), 'Europe/Atlantis')).toThrow('"Europe/Atlantis" is not a time zone');
    expect([isTimeZone('Europe/Berlin'), isTimeZone('Europe/Atlantis'), isTimeZone('')]).toEqual([true, false, false]);
  });
});
