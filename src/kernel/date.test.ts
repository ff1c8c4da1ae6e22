import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  dayOfWeek,
  daysBetween,
  endOfMonth,
  FIRST_DATE,
  isPlainDate,
  LAST_DATE,
  plainDate,
  startOfMonth,
} from './date.ts';

const anyDay = fc.integer({ min: 0, max: daysBetween('1950-01-01', '2950-01-01') }).map((n) => addDays('1950-01-01', n));

describe('plain dates', () => {
  it.each(['2028-02-29', '2000-02-29', '1900-01-01', '2999-12-31', '2026-04-30'])('%s is a day', (text) =>
    expect(plainDate(text)).toBe(text),
  );

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2100-02-29',
    '2026-04-31',
    '2026-00-10',
    '2026-13-01',
    '2026-01-00',
    '2026-1-1',
    '1899-12-31',
    '3000-01-01',
    '',
    '2026-01-01T00:00:00Z',
    '2026-01-01 ',
    '２026-01-01',
  ])('%j is refused', (text) => {
    expect(() => plainDate(text)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(isPlainDate(text)).toBe(false);
  });

  it('compare as texts in the order of time', () => {
    fc.assert(
      fc.property(anyDay, anyDay, (a, b) => {
        expect(Math.sign(daysBetween(a, b))).toBe(a < b ? 1 : a > b ? -1 : 0);
      }),
    );
  });
});

describe('counting days and months', () => {
  it('adds days as it counts them, back and forth', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -10_000, max: 10_000 }), (day, n) => {
        expect(daysBetween(day, addDays(day, n))).toBe(n);
        expect(addDays(addDays(day, n), -n)).toBe(day);
      }),
    );
  });

  it('goes over the ends of months and leap years', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('1970-01-01', -1)).toBe('1969-12-31');
    expect(daysBetween(FIRST_DATE, LAST_DATE)).toBe(401_766);
  });

  it('ends a month on the day before the next one starts', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const next = addDays(endOfMonth(day), 1);
        expect(next.slice(8)).toBe('01');
        expect(startOfMonth(day) <= day && day <= endOfMonth(day)).toBe(true);
        expect(addMonths(startOfMonth(day), 1)).toBe(next);
      }),
    );
  });

  it('adds months to the same day, or to the last day of a shorter month', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2028-03-31', -1)).toBe('2028-02-29');
    expect(addMonths('2026-01-15', -13)).toBe('2024-12-15');
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -500, max: 500 }), (day, months) => {
        const moved = addMonths(day, months);
        expect(moved.slice(8) === day.slice(8) || (moved === endOfMonth(moved) && moved.slice(8) < day.slice(8))).toBe(true);
      }),
    );
  });

  it('names the day of the week from Monday, 1, to Sunday, 7', () => {
    expect([dayOfWeek('2026-01-01'), dayOfWeek('2026-01-04'), dayOfWeek('1900-01-01')]).toEqual([4, 7, 1]);
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(dayOfWeek(addDays(day, 1))).toBe((dayOfWeek(day) % 7) + 1);
      }),
    );
  });

  it('refuses to leave the calendar, and fractions of days', () => {
    for (const leave of [() => addDays(LAST_DATE, 1), () => addDays(FIRST_DATE, -1), () => addMonths(LAST_DATE, 1)]) {
      expect(leave).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    }
    expect(() => addDays(FIRST_DATE, 1e12)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(() => addDays(FIRST_DATE, 0.5)).toThrow(RangeError);
  });
});
