/** Spans of time by which days and instants are grouped, each named by its first day. */
import { isTimeZone } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { type Sql, sql } from '../sql.ts';
import type { Dimension } from './dimensions.ts';

export const BUCKETS = {
  DAY: 'A calendar day.',
  WEEK: 'A week from Monday to Sunday (ISO 8601), named by its Monday.',
  MONTH: 'A calendar month, named by its first day.',
  QUARTER: 'A quarter of a calendar year, named by its first day.',
  YEAR: 'A calendar year, named by the first of January.',
} as const;
export type TimeBucket = keyof typeof BUCKETS;

export interface Span {
  readonly bucket: TimeBucket;
  /** Of an instant. */
  readonly timeZone: string | null;
}

/** Names of the tz database only: abbreviations mean several zones, and signs of offsets are read in two ways. */
const ZONE = /^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/;

interface SpanInput {
  readonly bucket?: TimeBucket | null | undefined;
  readonly timeZone?: string | null | undefined;
}

/**
 * Null for a field that is no time.
 * @throws DomainError INVALID_INPUT with the path
 */
export function spanOf({ name, time }: Dimension, { bucket, timeZone }: SpanInput, path: readonly string[]): Span | null {
  const refused = (part: string, problem: string) =>
    new DomainError('INVALID_INPUT', `${[...path, part].join('.')} ${problem}.`, { details: { path: [...path, part] } });
  if (time === null && (bucket ?? null) !== null) throw refused('bucket', `is for days and instants, and ${name} is neither`);
  if (time !== 'DATE_TIME' && (timeZone ?? null) !== null)
    throw refused('timeZone', `is for instants, and ${name} is ${time === null ? 'none' : 'a plain day, which has no zone'}`);
  if (time === null) return null;
  const zone = timeZone ?? 'UTC';
  if (time === 'DATE_TIME' && !(ZONE.test(zone) && isTimeZone(zone)))
    throw refused('timeZone', 'must be a name of the IANA time zone database, such as "Europe/Berlin" or "UTC"');
  return { bucket: bucket ?? 'DAY', timeZone: time === 'DATE_TIME' ? zone : null };
}

/** The first day of the span that a day or an instant lies in. */
export function spanSql(value: Sql, { bucket, timeZone }: Span): Sql {
  const local = timeZone === null ? value : sql`(${value} at time zone ${sql.typed(timeZone, 'text')})`;
  if (bucket === 'DAY') return sql`${local}::date`;
  // of a plain timestamp, so that no session's zone comes into it
  return sql`date_trunc(${sql.literal(bucket.toLowerCase())}, ${local}::timestamp)::date`;
}
