/** What every document for an ERP is made from: the request, the database in its tenant, and a few ways of writing values exactly. */
import { localDate } from '../../kernel/clock.ts';
import { type Sql, sql } from '../../read/sql.ts';
import type { Session } from '../../write/transaction.ts';
import type { OpenConnection, ServedEntity } from '../engine.ts';
import type { OutboundRequest } from './request.ts';

export interface DocumentSource {
  readonly session: Session;
  readonly connection: OpenConnection;
  readonly request: OutboundRequest;
  /** Business time. */
  readonly now: Date;
}

/** An amount in minor units as decimal text. */
export const amountSql = (column: string, currency: string): Sql =>
  sql`money_text(${sql.id(...column.split('.'))}, ${sql.id(...currency.split('.'))})`;
/** A number without the zeros that its column fills up with. */
export const numberSql = (column: string): Sql => sql`trim_scale(${sql.id(...column.split('.'))})::text`;
export const daySql = (column: string): Sql => sql`to_char(${sql.id(...column.split('.'))}, 'YYYY-MM-DD')`;

/** A JSON list of rows in an order. */
export const listSql = (object: Sql, from: Sql, order: Sql): Sql =>
  sql`(select coalesce(json_agg(json_build_object(${object}) order by ${order}), '[]'::json) from ${from})`;

/** What is wrong with our own record, so that no ERP can take it; said to people. */
export class NoDocument extends Error {
  override readonly name = 'NoDocument';
}

/** The legal entity that the request is of; undefined: the connection serves it no more. */
export const entityOf = ({ connection, request }: Pick<DocumentSource, 'connection' | 'request'>): ServedEntity | undefined =>
  connection.entities.find((entity) => entity.id === request.legalEntityId);

/** Today in the legal entity that the request is of. */
export const todayOf = (source: DocumentSource): string => localDate(source.now, entityOf(source)?.timeZone ?? 'UTC');

/** Without what there is none of: a canonical document has no nulls. */
export function present<T extends Readonly<Record<string, unknown>>>(fields: T): { [K in keyof T]: Exclude<T[K], null> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)) as never;
}

/** A rate that says something: documents in the books' own currency have none. */
export const rateOf = (row: { readonly rate: string | null; readonly currency: string; readonly baseCurrency: string }) =>
  row.currency === row.baseCurrency ? null : row.rate;
