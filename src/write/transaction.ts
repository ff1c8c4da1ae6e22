/** One writing transaction in a tenant's row-level-security session: statements with bound values, and whole rows by entity. */
import type { MikroORM } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import { type Sql, sql, type Statement, statement } from '../read/sql.ts';
import { type Table, type TableColumn, tableOf, type Tables } from './tables.ts';

interface Executor {
  executeQuery(query: CompiledQuery): Promise<{ rows: readonly unknown[]; numAffectedRows?: bigint }>;
}

/** Runs statements on the transaction's own connection. */
export interface Session {
  run(statement: Statement): Promise<readonly Record<string, unknown>[]>;
  rows<T>(source: Sql): Promise<readonly T[]>;
  /** Rows touched. */
  change(source: Sql): Promise<number>;
}

export interface TransactionOptions {
  readonly orm: MikroORM;
  readonly tenantId: string;
}

/** Begins, sets the tenant, runs `work`, commits; any error rolls back and is thrown on. */
export function inTransaction<T>({ orm, tenantId }: TransactionOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const em = orm.em.fork({ session: { variables: { 'app.tenant_id': tenantId } } });
  return em.transactional((inner) => {
    const executor = inner.getTransactionContext() as Executor;
    const run = (s: Statement) => executor.executeQuery(CompiledQuery.raw(s.text, [...s.values]));
    return work({
      run: async (s) => (await run(s)).rows as readonly Record<string, unknown>[],
      rows: async <R>(source: Sql) => (await run(statement(source))).rows as readonly R[],
      change: async (source) => Number((await run(statement(source))).numAffectedRows ?? 0n),
    });
  });
}

const selected = (alias: string, { property, column, type }: TableColumn): Sql => {
  const it = sql.id(alias, column);
  const as = sql.id(property);
  if (type === 'timestamptz') return sql`to_char(${it} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${as}`;
  return type === 'bigint' || type === 'numeric' || type === 'date' ? sql`${it}::text as ${as}` : sql`${it} as ${as}`;
};

const decode = (value: unknown, type: string): unknown => {
  if (value === null || value === undefined) return null;
  if (type === 'bigint') return BigInt(value as string);
  return type === 'timestamptz' ? new Date(value as string) : value;
};

export interface LoadRequest {
  readonly tables: Tables;
  readonly entity: string;
  /** Conditions over the alias `t`. */
  readonly where: Sql;
  readonly lock: boolean;
}

/** Whole rows of an entity as its property types say (bigint, decimal text, plain dates), in id order, locked if asked. */
export async function load(
  session: Session,
  { tables, entity, where, lock }: LoadRequest,
): Promise<readonly Record<string, unknown>[]> {
  const table = tableOf(tables, entity);
  const columns = [...table.columns.values()];
  const rows = await session.rows<Record<string, unknown>>(
    sql`select ${sql.join(columns.map((c) => selected('t', c)))} from ${sql.id(table.name)} t where ${where} order by t.id ${
      lock ? sql`for update` : sql.empty
    }`,
  );
  return rows.map((row) => Object.fromEntries(columns.map((c) => [c.property, decode(row[c.property], c.type)])));
}

const SPECIAL = /["\\]/;
const quoted = (text: string): string => `"${SPECIAL.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`;

/** A value as an element of an array's text. */
function elementText(value: unknown, type: string): string {
  if (value === undefined || value === null) return 'NULL';
  if (type === 'jsonb') return quoted(JSON.stringify(value));
  if (typeof value === 'string') return quoted(value);
  return type === 'timestamptz' ? `"${(value as Date).toISOString()}"` : (value as bigint | number | boolean).toString();
}

/** A column of rows as an array's text: the driver's own way of writing it takes longer than all the rest. */
function arrayText(rows: readonly Record<string, unknown>[], { property, type }: Pick<TableColumn, 'property' | 'type'>): string {
  let text = '';
  for (const row of rows) text += `${text === '' ? '{' : ','}${elementText(row[property], type)}`;
  return text === '' ? '{}' : `${text}}`;
}

/** `unnest` over one array parameter per column: n rows, one statement, one plan. */
export function unnest(
  columns: readonly Pick<TableColumn, 'column' | 'property' | 'type'>[],
  rows: readonly Record<string, unknown>[],
): Sql {
  const arrays = columns.map((column) =>
    sql.typed(arrayText(rows, column), `${column.type === 'jsonb' ? 'text' : column.type}[]`),
  );
  return sql`unnest(${sql.join(arrays)}) as v(${sql.join(columns.map((c) => sql.id(c.column)))})`;
}

/** `v.column`, with the cast that a carried type needs. */
export const carried = ({ column, type }: Pick<TableColumn, 'column' | 'type'>): Sql =>
  type === 'jsonb' ? sql`${sql.id('v', column)}::jsonb` : sql.id('v', column);

export const columnOf = (table: Table, property: string): TableColumn => {
  const column = table.columns.get(property);
  if (!column) throw new Error(`${table.entity} has no property ${property}`);
  return column;
};
