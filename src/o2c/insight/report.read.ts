/**
 * Flat reports: what one is, and the statement that reads a page of it. A report is defined once, as a view of the database
 * (`migrations/0016-reporting.sql`); the graph, the `/reports` addresses and the SQL of a reporting login all read that view, so
 * none of them may add up, filter away or convert anything by itself.
 */
import type { Permission } from '../../access/policy.ts';
import { logPositionSql } from '../../read/log-position.ts';
import { type Sql, sql } from '../../read/sql.ts';

/** What a column holds. A `uuid` is shown with its prefix, as a public id. */
export type ReportType = 'uuid' | 'text' | 'int' | 'numeric' | 'currency' | 'date' | 'timestamptz' | 'boolean';

export interface ReportColumn {
  /** In SQL; the graph's name follows from it. */
  readonly name: string;
  readonly type: ReportType;
  readonly description: string;
  readonly nullable?: true;
  /** Of a `uuid`: the kind of record. */
  readonly prefix?: string;
}

export interface Report {
  /** Of the view in the schema `reporting`. */
  readonly name: string;
  readonly description: string;
  /** The view with its definition and raw keys; over an instant or over a period it is a function of that. */
  readonly row: string;
  readonly over?: 'instant' | 'period';
  /** The column that tells rows apart, by which pages go. */
  readonly key: { readonly column: string; readonly type: 'uuid' | 'text' };
  readonly columns: readonly ReportColumn[];
  /** The records whose row scopes a row must all be in, and the permissions for what it shows. */
  readonly scope: { readonly records: readonly string[]; readonly permissions: readonly Permission[] };
  readonly filters: ReportFilters;
  /**
   * The rows that something happened to, by `changed(record_id)` and `changed_account(id)`: a subquery that gives keys. Without it the report
   * is small, or changes as days go by, and is read whole.
   */
  readonly changed?: Sql;
}

/** By which columns a report can be filtered. */
export interface ReportFilters {
  /** The day of a row. */
  readonly day?: string;
  readonly legalEntity?: true;
  readonly customer?: true;
  readonly currency?: true;
}

export interface ReportRequest {
  readonly report: Report;
  /** What the business clock runs ahead of it is in the definition. */
  readonly wallNow: Date;
  readonly first: number;
  /** The key of the last row that was read. */
  readonly after: string | null;
  /** A position of the log. */
  readonly changedSince: bigint | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly legalEntityId: string | null;
  readonly customerId: string | null;
  readonly currency: string | null;
  readonly tenantId: string;
  /** The principal's scope over an alias. */
  readonly scope: (record: string, alias: string) => Sql;
}

/** `net_group` is `netInGroupCurrency`: amounts without it are in the row's own currency. */
export const shownName = (column: string): string =>
  column.replace(/_group$/, '_in_group_currency').replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** As JSON that loses nothing. */
function shown({ name, type, prefix }: ReportColumn): Sql {
  const value = sql.id('r', name);
  if (type === 'uuid') return sql`${sql.literal(`${prefix}_`)} || ${value}::text`;
  if (type === 'numeric' || type === 'date') return sql`${value}::text`;
  return type === 'timestamptz' ? sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : value;
}

/**
 * One statement, so that all is of one snapshot: `rows` (one more than asked for, where there are more), `position`, and `floor`, the newest
 * position that the log has forgotten.
 */
export function reportPageSql(request: ReportRequest): Sql {
  const { report, first, tenantId } = request;
  const key = sql.id('r', report.key.column);
  const columns = report.columns.map((column) => sql`${shown(column)} as ${sql.id(shownName(column.name))}`);
  return sql`
    with page as (
      select ${key} as key, ${sql.join(columns)} from ${rowsOf(request)} r
      where ${sql.join(conditions(request), ' and ')} order by ${key} limit ${first + 1}
    )
    select ${logPositionSql} as position,
      coalesce((select a.position from event_anchor a where a.tenant_id = ${sql.typed(tenantId, 'uuid')}), 0)::text as floor,
      coalesce((select json_agg(p order by p.key) from page p), '[]') as rows`;
}

function rowsOf({ report: { row, over }, wallNow, from, to }: ReportRequest): Sql {
  if (over === 'instant') return sql`${sql.id(row)}(${sql.typed(wallNow.toISOString(), 'timestamptz')})`;
  return over === 'period' ? sql`${sql.id(row)}(${sql.typed(from, 'date')}, ${sql.typed(to, 'date')})` : sql.id(row);
}

function conditions({ report, scope, tenantId, ...asked }: ReportRequest): Sql[] {
  const { key, filters } = report;
  const equal = (column: string, value: string | null, type: string) =>
    value === null ? [] : [sql`${sql.id('r', column)} = ${sql.typed(value, type)}`];
  const { day } = filters;
  return [
    ...report.scope.records.map((record) => scope(record, 'r')),
    ...(asked.after === null ? [] : [sql`${sql.id('r', key.column)} > ${sql.typed(asked.after, key.type)}`]),
    ...(asked.from === null || !day ? [] : [sql`${sql.id('r', day)} >= ${sql.typed(asked.from, 'date')}`]),
    ...(asked.to === null || !day ? [] : [sql`${sql.id('r', day)} <= ${sql.typed(asked.to, 'date')}`]),
    ...equal('legal_entity_id', asked.legalEntityId, 'uuid'),
    ...equal('customer_id', asked.customerId, 'uuid'),
    ...equal('currency', asked.currency, 'text'),
    ...(asked.changedSince === null || !report.changed
      ? []
      : [sql`${sql.id('r', key.column)} in (${changedSince(tenantId, asked.changedSince)} ${report.changed})`]),
  ];
}

/** The records that something happened to after a position, and the accounts whose names it changed. */
const changedSince = (tenantId: string, position: bigint): Sql => sql`
  with changed as (
    select distinct e.record_id from event e where e.tenant_id = ${sql.typed(tenantId, 'uuid')} and e.position > ${sql.typed(position.toString(), 'bigint')}
  ), changed_account as (
    select a.id from customer_account a where a.id in (select record_id from changed)
    union select a.id from customer_account a where a.customer_id in (select record_id from changed)
  )`;
