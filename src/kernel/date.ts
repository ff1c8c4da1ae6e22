/**
 * Plain calendar days: due dates, value dates, periods. A day has no time and no zone, and never becomes an instant here;
 * two days compare as texts.
 */
import { DomainError } from './errors.ts';

/** `YYYY-MM-DD`, a real day from 1900-01-01 to 2999-12-31. */
export type PlainDate = string;

export const FIRST_DATE: PlainDate = '1900-01-01';
export const LAST_DATE: PlainDate = '2999-12-31';

const DAY_MS = 86_400_000;
const DATE_TEXT = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * Checks a calendar day.
 * @throws DomainError INVALID_INPUT for another form, a day that does not exist, or a year before 1900 or after 2999
 * @example plainDate('2028-02-29')
 */
export function plainDate(text: string): PlainDate {
  if (isPlainDate(text)) return text;
  const shown = JSON.stringify(text.slice(0, 40));
  throw new DomainError(
    'INVALID_INPUT',
    `${shown} is not a date: send a day that exists as YYYY-MM-DD, from ${FIRST_DATE} to ${LAST_DATE}.`,
  );
}

/** True for a text that `plainDate()` takes. @example isPlainDate('2026-02-30') // false */
export function isPlainDate(text: string): boolean {
  if (!DATE_TEXT.test(text) || text < FIRST_DATE || text > LAST_DATE) return false;
  const { year, month, day } = partsOf(text);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** The day `days` later, or earlier when negative. @throws DomainError INVALID_INPUT @example addDays('2026-01-31', 30) // '2026-03-02' */
export function addDays(date: PlainDate, days: number): PlainDate {
  assertWhole(days);
  return fromDayNumber(dayNumber(date) + days);
}

/** How many days `to` lies after `from`; negative when before. @example daysBetween('2026-01-01', '2026-01-31') // 30 */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** The last day of the month. @example endOfMonth('2028-02-10') // '2028-02-29' */
export function endOfMonth(date: PlainDate): PlainDate {
  const { year, month } = partsOf(plainDate(date));
  return textOf(year, month, daysInMonth(year, month));
}

/** The first day of the month. @example startOfMonth('2028-02-10') // '2028-02-01' */
export function startOfMonth(date: PlainDate): PlainDate {
  return `${plainDate(date).slice(0, 8)}01`;
}

/** The same day of a later or earlier month, or that month's last day. @throws DomainError INVALID_INPUT @example addMonths('2026-01-31', 1) // '2026-02-28' */
export function addMonths(date: PlainDate, months: number): PlainDate {
  assertWhole(months);
  const from = partsOf(plainDate(date));
  const count = from.year * 12 + (from.month - 1) + months;
  const year = Math.floor(count / 12);
  const month = count - year * 12 + 1;
  return plainDate(textOf(year, month, Math.min(from.day, daysInMonth(year, month))));
}

/** 1 for Monday to 7 for Sunday, as in ISO 8601. @example dayOfWeek('2026-01-01') // 4 */
export function dayOfWeek(date: PlainDate): number {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;
}

/** Days since 1970-01-01. */
function dayNumber(date: PlainDate): number {
  const { year, month, day } = partsOf(plainDate(date));
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

function fromDayNumber(days: number): PlainDate {
  const instant = new Date(days * DAY_MS);
  const known = Number.isNaN(instant.getTime()) ? 'beyond the calendar' : instant.toISOString();
  return plainDate(known.slice(0, known.indexOf('T')));
}

function partsOf(text: string): { year: number; month: number; day: number } {
  return { year: Number(text.slice(0, 4)), month: Number(text.slice(5, 7)), day: Number(text.slice(8, 10)) };
}

function textOf(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function daysInMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return leap ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function assertWhole(count: number): void {
  if (!Number.isSafeInteger(count)) throw new RangeError(`Days and months are counted in whole numbers, not ${count}.`);
}
