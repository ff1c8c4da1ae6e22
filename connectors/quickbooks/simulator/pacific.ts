/** Times as a company in California writes them: with the offset of the day, -08:00 in winter and -07:00 in summer. */

const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;
const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** One text for each day, however many records have it. */
const days = new Map<string, string>();
/** How times begin and end within an hour, which never has two offsets. */
const hours = new Map<number, { readonly start: string; readonly offset: string }>();
const changes = new Map<number, { readonly summer: number; readonly winter: number }>();

/** `2026-05-05T02:08:55-07:00` */
export function stamp(sec: number): string {
  const hour = Math.floor(sec / HOUR_SEC);
  let parts = hours.get(hour);
  if (parts === undefined) {
    const offset = offsetHours(sec);
    const local = new Date((hour + offset) * HOUR_SEC * 1_000).toISOString();
    hours.set(hour, (parts = { start: local.slice(0, 14), offset: offsetText(offset) }));
  }
  const rest = sec - hour * HOUR_SEC;
  return `${parts.start}${two(Math.floor(rest / 60))}:${two(rest % 60)}${parts.offset}`;
}

/** With milliseconds, as every answer says when it was given. */
export function stampMs(at: Date): string {
  const offset = offsetHours(Math.floor(at.getTime() / 1_000));
  return `${new Date(at.getTime() + offset * HOUR_SEC * 1_000).toISOString().slice(0, 23)}${offsetText(offset)}`;
}

/** The company's calendar day. */
export const dayOf = (sec: number): string => shared(stamp(sec).slice(0, 10));

/** Some days after a day. */
export function daysAfter(day: string, count: number): string {
  return shared(new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_SEC * 1_000).toISOString().slice(0, 10));
}

/** An instant in milliseconds; without an offset the company's own is meant. Null when it is none. */
export function instantMs(text: string): number | null {
  const parts = ISO.exec(text.trim());
  if (parts === null) return null;
  const hasOffset = parts[4] !== undefined;
  const full = parts[1] === undefined ? `${parts[0]}T00:00:00` : parts[0];
  const ms = Date.parse(hasOffset ? full : `${full}Z`);
  if (Number.isNaN(ms) || hasOffset) return Number.isNaN(ms) ? null : ms;
  const guess = ms - offsetHours(Math.floor(ms / 1_000)) * HOUR_SEC * 1_000;
  return ms - offsetHours(Math.floor(guess / 1_000)) * HOUR_SEC * 1_000;
}

/** True for a day such as 2026-01-31 that exists. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}

function offsetHours(sec: number): number {
  const year = new Date(sec * 1_000).getUTCFullYear();
  let change = changes.get(year);
  if (change === undefined) {
    // the second Sunday of March and the first one of November, at two o'clock there
    change = { summer: sundaySec(year, 2, 8) + 10 * HOUR_SEC, winter: sundaySec(year, 10, 1) + 9 * HOUR_SEC };
    changes.set(year, change);
  }
  return sec >= change.summer && sec < change.winter ? -7 : -8;
}

/** The first Sunday from a day of a month on. */
function sundaySec(year: number, month: number, from: number): number {
  const first = Date.UTC(year, month, from) / 1_000;
  const weekday = new Date(first * 1_000).getUTCDay();
  return first + ((7 - weekday) % 7) * DAY_SEC;
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number));

function shared(day: string): string {
  const known = days.get(day);
  if (known === undefined) days.set(day, day);
  return known ?? day;
}

const offsetText = (offset: number): string => `-0${-offset}:00`;
