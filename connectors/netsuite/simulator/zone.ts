/** The account's clock on the wall: where NetSuite reads and writes times without a zone, and days. */
import type { DateFormat } from './contract.ts';

const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export class Zone {
  readonly #format: Intl.DateTimeFormat;
  /** Within a quarter of an hour the offset never changes. */
  readonly #offsets = new Map<number, number>();

  constructor(timeZone: string) {
    const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
    this.#format = new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', ...digits });
  }

  /** Seconds of the wall's clock, counted as if it were UTC. */
  wall(sec: number): number {
    const quarter = Math.floor(sec / 900);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) this.#offsets.set(quarter, (offset = this.#offsetSec(quarter * 900)));
    return sec + offset;
  }

  day(sec: number): string {
    return dayOfWall(this.wall(sec));
  }

  #offsetSec(sec: number): number {
    const parts = Object.fromEntries(this.#format.formatToParts(sec * 1_000).map(({ type, value }) => [type, value]));
    const { year, month, day, hour, minute } = parts;
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`) / 1_000 - sec;
  }
}

/** The widest that a wall's clock is away from UTC. */
export const OFFSET_MAX_SEC = 15 * HOUR_SEC;

const days = new Map<number, string>();
/** One text for each day, however many rows have it. */
export function dayOfWall(wall: number): string {
  const number = Math.floor(wall / DAY_SEC);
  let day = days.get(number);
  if (day === undefined) days.set(number, (day = new Date(number * DAY_SEC * 1_000).toISOString().slice(0, 10)));
  return day;
}

export const wallOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1_000;
export const daysAfter = (day: string, count: number): string => dayOfWall(wallOfDay(day) + count * DAY_SEC);
/** The same text as that of `dayOfWall`; null for what is no day. */
export function sharedDay(text: string): string | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const wall = wallOfDay(text);
  return !Number.isNaN(wall) && dayOfWall(wall) === text ? dayOfWall(wall) : null;
}

/** As the account writes a day. */
export function formatted(day: string, format: DateFormat): string {
  const [year = '', month = '', date = ''] = day.split('-');
  const [m, d] = [Number(month), Number(date)];
  switch (format) {
    case 'M/D/YYYY':
      return `${m}/${d}/${year}`;
    case 'D/M/YYYY':
      return `${d}/${m}/${year}`;
    case 'DD-Mon-YYYY':
      return `${date}-${MONTHS[m - 1]}-${year}`;
    default:
      return day;
  }
}

/** A day as the account writes it; null for what is none. */
export function unformatted(text: string, format: DateFormat): string | null {
  const [a = '', b = '', c = ''] = text.trim().split(format === 'M/D/YYYY' || format === 'D/M/YYYY' ? '/' : '-');
  const two = (part: string) => part.padStart(2, '0');
  switch (format) {
    case 'M/D/YYYY':
      return sharedDay(`${c}-${two(a)}-${two(b)}`);
    case 'D/M/YYYY':
      return sharedDay(`${c}-${two(b)}-${two(a)}`);
    case 'DD-Mon-YYYY':
      return sharedDay(`${c}-${two(String(MONTHS.findIndex((month) => month.toLowerCase() === b.toLowerCase()) + 1))}-${two(a)}`);
    default:
      return sharedDay(text.trim());
  }
}

export const monthName = (month: number): string => MONTHS[month - 1] ?? '';
export const utc = (sec: number): string => `${new Date(sec * 1_000).toISOString().slice(0, 19)}Z`;
