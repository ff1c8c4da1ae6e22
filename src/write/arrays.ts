/**
 * Columns of rows as arrays that a statement takes as parameters: in Postgres' binary form, which costs both sides less than a text that is
 * written by one and read by the other. What has no such form goes as text, so that the database says what is wrong with it.
 */
import type { TableColumn } from './tables.ts';

type Carried = Pick<TableColumn, 'property' | 'type'>;
type Rows = readonly Readonly<Record<string, unknown>>[];

/** What carries values of a type; text is made into jsonb behind it. */
export const carriedType = ({ type }: Pick<TableColumn, 'type'>): string => (type === 'jsonb' ? 'text' : type);

/** A column of rows as the value of an array parameter of its carried type. */
export const arrayOf = (rows: Rows, column: Carried): Buffer | string => binaryArray(rows, column) ?? arrayText(rows, column);

const SPECIAL = /["\\]/;
const quoted = (plain: string): string => `"${SPECIAL.test(plain) ? plain.replace(/["\\]/g, '\\$&') : plain}"`;

/** A value as an element of an array's text. */
function elementText(value: unknown, type: string): string {
  if (value === undefined || value === null) return 'NULL';
  if (type === 'jsonb') return quoted(JSON.stringify(value));
  if (typeof value === 'string') return quoted(value);
  return type === 'timestamptz' ? `"${(value as Date).toISOString()}"` : (value as bigint | number | boolean).toString();
}

const arrayText = (rows: Rows, { property, type }: Carried): string =>
  `{${rows.map((row) => elementText(row[property], type)).join()}}`;

/** Of the elements, by the server's `pg_type`. Those of the system's own types never change. */
const OIDS: Readonly<Record<string, number>> = {
  uuid: 2950,
  text: 25,
  jsonb: 25,
  bigint: 20,
  int: 23,
  boolean: 16,
  date: 1082,
  timestamptz: 1184,
};
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;

/** Writes a value behind its length, and says where it ended; NONE: it has no such form. */
type Write = (value: unknown, at: number) => number;
const NONE = -1;

/** One for all arrays, since none is made while another one is. */
let room = Buffer.allocUnsafe(64 * 1024);

function binaryArray(rows: Rows, { property, type }: Carried): Buffer | null {
  const [oid, write] = [OIDS[type], WRITES[type]];
  if (oid === undefined || write === undefined || rows.length === 0) return null;
  let at = HEADER_BYTES;
  let hasNull = 0;
  for (const row of rows) {
    const value = row[property];
    reserve(at + 64);
    if (value === null || value === undefined) {
      at = int32(-1, at);
      hasNull = 1;
    } else {
      at = write(value, at);
      if (at === NONE) return null;
    }
  }
  const header = [1, hasNull, oid, rows.length, 1];
  header.forEach((n, i) => int32(n, i * LENGTH_BYTES));
  return Buffer.from(room.subarray(0, at));
}

function reserve(end: number): void {
  if (end <= room.length) return;
  const more = Buffer.allocUnsafe(end * 2);
  room.copy(more);
  room = more;
}

function int32(n: number, at: number): number {
  room[at] = n >>> 24;
  room[at + 1] = n >>> 16;
  room[at + 2] = n >>> 8;
  room[at + 3] = n;
  return at + 4;
}

const int64 = (n: number, at: number): number => int32(n % 2 ** 32, int32(Math.floor(n / 2 ** 32), at));

/** Longer texts are faster with the system's own encoder. */
const SHORT_MAX_CHARS = 48;
const BYTES_PER_CHARACTER = 3;

function text(value: unknown, at: number): number {
  if (typeof value !== 'string') return NONE;
  const start = at + LENGTH_BYTES;
  const { length } = value;
  reserve(start + length * BYTES_PER_CHARACTER + 64);
  let end = start;
  if (length <= SHORT_MAX_CHARS)
    while (end - start < length) {
      const code = value.charCodeAt(end - start);
      if (code > 127) break;
      room[end++] = code;
    }
  if (end - start < length) end = start + room.write(value, start);
  int32(end - start, at);
  return end;
}

const NIBBLES = new Int8Array(128).fill(-1);
for (let n = 0; n < 16; n++) NIBBLES[n.toString(16).charCodeAt(0)] = n;
const UUID_BYTES = 16;
const UUID_PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const UUID_DASHES = [8, 13, 18, 23];
const DASH = 45;

function uuid(value: unknown, at: number): number {
  if (typeof value !== 'string' || value.length !== 36) return NONE;
  for (const place of UUID_DASHES) if (value.charCodeAt(place) !== DASH) return NONE;
  let end = int32(UUID_BYTES, at);
  let wrong = 0;
  for (const place of UUID_PLACES) {
    const [high, low] = [value.charCodeAt(place), value.charCodeAt(place + 1)];
    const byte = ((NIBBLES[high] ?? -1) << 4) | (NIBBLES[low] ?? -1);
    wrong |= byte;
    room[end++] = byte;
  }
  return wrong < 0 ? NONE : end;
}

function bigint(value: unknown, at: number): number {
  if (typeof value !== 'bigint') return NONE;
  const n = Number(value);
  return Number.isSafeInteger(n) ? int64(n, int32(8, at)) : NONE;
}

const int = (value: unknown, at: number): number =>
  typeof value === 'number' && (value | 0) === value ? int32(value, int32(4, at)) : NONE;

function boolean(value: unknown, at: number): number {
  if (typeof value !== 'boolean') return NONE;
  const end = int32(1, at);
  room[end] = value ? 1 : 0;
  return end + 1;
}

/** Where Postgres begins to count days and instants. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;
/** A year 0 is none of Postgres'. */
const DAY = /^(?!0000)\d{4}-\d\d-\d\d$/;
/** Days of the last ones by their texts: those of a page are mostly near each other. */
const days = new Map<string, number>();
const DAYS_MAX_COUNT = 4_096;

function date(value: unknown, at: number): number {
  if (typeof value !== 'string') return NONE;
  const day = days.get(value) ?? dayOf(value);
  return day === null ? NONE : int32(day, int32(4, at));
}

function dayOf(day: string): number | null {
  const ms = DAY.test(day) ? Date.parse(day) : Number.NaN;
  // one that no month has would be taken for one of the next month
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(day)) return null;
  const count = (ms - EPOCH_MS) / DAY_MS;
  if (days.size >= DAYS_MAX_COUNT) days.clear();
  days.set(day, count);
  return count;
}

function timestamptz(value: unknown, at: number): number {
  if (!(value instanceof Date)) return NONE;
  const us = (value.getTime() - EPOCH_MS) * 1_000;
  return Number.isSafeInteger(us) ? int64(us, int32(8, at)) : NONE;
}

const jsonb = (value: unknown, at: number): number => text(JSON.stringify(value), at);

const WRITES: Readonly<Record<string, Write>> = { uuid, text, jsonb, bigint, int, boolean, date, timestamptz };
