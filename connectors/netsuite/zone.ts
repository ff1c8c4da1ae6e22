/**
 * The zone in which SuiteQL writes times. Cursors never need it: they are compared as they were written. Only what is told to others is
 * brought to UTC, by the zone of the settings or, without one, by how far the clocks there are apart when they are read.
 */
import { strange } from './faults.ts';
import { isObject, textAt } from './fields.ts';
import { type Context, query, timeColumn } from './suiteql.ts';

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;
const MINUTE_MS = 60_000;
/** Zones differ by quarters of an hour; the rest is the time that two requests took. */
const STEP_MS = 15 * MINUTE_MS;

/** How to bring a time there to UTC; null for what is no time. */
export type ToUtc = (local: string | undefined) => string | null;

const localMs = (local: string): number => (LOCAL.test(local) ? Date.parse(`${local}Z`) : Number.NaN);
const isoOf = (ms: number): string | null => (Number.isNaN(ms) ? null : new Date(ms).toISOString());

/** Measured once for each context, which lives as long as one run. */
const measured = new WeakMap<Context, Promise<number>>();

export async function toUtcOf(context: Context): Promise<ToUtc> {
  const { timeZone } = context.config;
  if (timeZone !== undefined) return (local) => (local === undefined ? null : utcIn(timeZone, local));
  const known = measured.get(context) ?? offsetThere(context);
  measured.set(context, known);
  const offsetMs = await known.catch((error: unknown) => {
    measured.delete(context);
    throw error;
  });
  return (local) => (local === undefined ? null : isoOf(localMs(local) - offsetMs));
}

/** How far the clock of SuiteQL is ahead of UTC, in milliseconds. */
export async function offsetThere(context: Context): Promise<number> {
  const utc = await serverTime(context);
  const [row = {}] = await query(context, `SELECT ${timeColumn('SYSDATE', 'now')} FROM dual`);
  const ms = localMs(textAt(row, 'now') ?? '') - utc.getTime();
  if (Number.isNaN(ms)) throw strange('The time of SuiteQL (SYSDATE) is none.');
  return Math.round(ms / STEP_MS) * STEP_MS;
}

async function serverTime({ http }: Context): Promise<Date> {
  const { body } = await http.get('/services/rest/system/v1/serverTime');
  const said =
    typeof body === 'string' ? body : isObject(body) ? (textAt(body, 'serverTime') ?? textAt(body, 'time')) : undefined;
  const time = new Date(said ?? '');
  if (Number.isNaN(time.getTime())) throw strange('The answer about the time of the server has no time in it.');
  return time;
}

/** Of the hour that comes twice a year, the first. */
export function utcIn(timeZone: string, local: string): string | null {
  const ms = localMs(local);
  if (Number.isNaN(ms)) return null;
  // the offset at that time, looked up twice: near a change the first guess may be on the other side of it
  const first = ms - offsetAt(timeZone, ms);
  const candidates = [
    ms - offsetAt(timeZone, first - 3 * 60 * MINUTE_MS),
    ms - offsetAt(timeZone, first + 3 * 60 * MINUTE_MS),
    first,
  ];
  return isoOf(candidates.find((one) => one + offsetAt(timeZone, one) === ms) ?? first);
}

/** How far a zone is ahead of UTC at an instant, in milliseconds. */
export function offsetAt(timeZone: string, utcMs: number): number {
  const parts = partsIn(timeZone).formatToParts(utcMs);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(utcMs / 1_000) * 1_000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function partsIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numeric = 'numeric' as const;
  const units = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric };
  const format = new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', ...units });
  formats.set(timeZone, format);
  return format;
}
