/**
 * Keyset cursors: where a row stands in its order, as text. Postgres writes them beside each row and this file reads them.
 * Opaque to clients; the mark ties a cursor to record, order and moment, so that none is read under another.
 */
import { createHash } from 'node:crypto';
import { isPlainDate } from '../kernel/date.ts';
import { DomainError } from '../kernel/errors.ts';
import { isUuid } from '../kernel/ids.ts';
import type { ColumnType, Moment, ReadRecord } from './record.ts';
import { type Sql, sql } from './sql.ts';
import type { OrderTerm, PositionValue } from './tree.ts';

/** A short hash of what the positions mean. */
export function cursorMark(record: ReadRecord, order: readonly OrderTerm[], moment: Moment): string {
  const terms = order.map(({ column, isDescending }) => `${isDescending ? '-' : ''}${column.property}`);
  const of = [record.name, ...terms, moment.asOf ?? '', moment.knownAt?.toISOString() ?? ''].join(' ');
  return createHash('sha256').update(of).digest('base64url').slice(0, 6);
}

/** The cursor of a row, from the values of its order terms. */
export function cursorSql(mark: string, terms: readonly { readonly value: Sql; readonly type: ColumnType }[]): Sql {
  const values = terms.map(({ value, type }) => exact(value, type));
  const text = sql`json_build_array(${sql.literal(mark)}, ${sql.join(values)})::text`;
  return sql`translate(encode(convert_to(${text}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`;
}

/** As JSON that loses nothing. */
function exact(value: Sql, type: ColumnType): Sql {
  if (type === 'timestamptz') return sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  return type === 'bigint' || type === 'numeric' ? sql`${value}::text` : value;
}

/** `2026-02-31` is read as a day of March, so the text must come back. */
function isInstant(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 19) === text.slice(0, 19);
}

const SIZE_MAX = 4_000;
const SHAPES: Readonly<Record<ColumnType, (value: unknown) => boolean>> = {
  uuid: (value) => typeof value === 'string' && isUuid(value),
  text: (value) => typeof value === 'string' && !value.includes('\u0000'),
  int: (value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31,
  bigint: (value) =>
    typeof value === 'string' && /^-?\d{1,19}$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value),
  numeric: (value) => typeof value === 'string' && /^-?\d{1,60}(\.\d{1,60})?$/.test(value),
  boolean: (value) => typeof value === 'boolean',
  date: (value) => typeof value === 'string' && isPlainDate(value),
  timestamptz: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{15}Z$/.test(value) && isInstant(value),
  jsonb: () => false,
};

/**
 * What a cursor says.
 * @throws DomainError CURSOR_INVALID when it isn't one of ours, CURSOR_ORDER_MISMATCH when it belongs to another order
 */
export function readCursor(cursor: string, mark: string, order: readonly OrderTerm[]): readonly PositionValue[] {
  const values = decoded(cursor);
  if (!values || typeof values[0] !== 'string') throw invalid();
  const [found, ...position] = values;
  if (found !== mark) {
    throw new DomainError(
      'CURSOR_ORDER_MISMATCH',
      'The cursor belongs to another list, orderBy, asOf or knownAt: keep them while paging, or start from the first page.',
    );
  }
  const fits = order.every(({ column }, i) => {
    const value = position[i];
    return value === null ? column.nullable : SHAPES[column.type](value);
  });
  if (!fits || position.length !== order.length) throw invalid();
  return position as PositionValue[];
}

function decoded(cursor: string): unknown[] | null {
  if (cursor.length > SIZE_MAX || !/^[\w-]+$/.test(cursor)) return null;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(values) ? values : null;
  } catch {
    return null;
  }
}

const invalid = () =>
  new DomainError(
    'CURSOR_INVALID',
    'The cursor is not one that this API made: pass endCursor or startCursor as it was, or start from the first page.',
  );
