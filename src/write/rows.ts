/**
 * Writes what n decisions say: deletes, then inserts in the order of the modules, then updates, each table and column set in
 * one `unnest` statement. Every row passes the write guard first: row filters don't cover inserts, so this does.
 */
import { mayIn, type Principal } from '../access/principal.ts';
import type { Permission } from '../access/policy.ts';
import { DomainError } from '../kernel/errors.ts';
import { type Sql, sql } from '../read/sql.ts';
import type { RowChange } from './command.ts';
import { type Table, tableOf, type Tables } from './tables.ts';
import { carried, columnOf, type Session, unnest } from './transaction.ts';

type Insert = Extract<RowChange, { op: 'insert' }>;
type Update = Extract<RowChange, { op: 'update' }>;
type Delete = Extract<RowChange, { op: 'delete' }>;

export interface WriteScope {
  readonly principal: Principal;
  readonly permission: Permission;
}

/** @throws FORBIDDEN when a row belongs to another tenant, or to a legal entity for which the permission isn't granted. */
export function guardRow(change: RowChange, { principal, permission }: WriteScope): void {
  const owner = change.op === 'insert' ? change.values : change.owner;
  const tenantId = owner['tenantId'];
  if (tenantId !== principal.tenantId) throw new DomainError('FORBIDDEN', 'This row belongs to another tenant.');
  const legalEntityId = (owner['legalEntityId'] ?? null) as string | null;
  if (!mayIn(principal, permission, legalEntityId)) {
    throw new DomainError('FORBIDDEN', `Your roles don't give ${permission} for this legal entity.`, { details: { permission } });
  }
  const accountId = owner['accountId'];
  if (principal.portal && (typeof accountId !== 'string' || !principal.portal.accountIds.includes(accountId))) {
    throw new DomainError('FORBIDDEN', "This row isn't on an account of yours.");
  }
}

const groupBy = <T>(list: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
};

export interface WriteRequest {
  readonly tables: Tables;
  readonly tenantId: string;
  readonly rows: readonly RowChange[];
}

export async function writeRows(session: Session, { tables, tenantId, rows }: WriteRequest): Promise<void> {
  const byOrder = (a: RowChange, b: RowChange) => tableOf(tables, a.entity).order - tableOf(tables, b.entity).order;
  const deletes = rows.filter((r): r is Delete => r.op === 'delete').sort((a, b) => byOrder(b, a));
  const inserts = rows.filter((r): r is Insert => r.op === 'insert').sort(byOrder);
  const updates = rows.filter((r): r is Update => r.op === 'update').sort(byOrder);
  for (const [entity, group] of groupBy(deletes, (d) => d.entity)) {
    const ids = group.map((d) => d.id);
    await session.change(
      sql`delete from ${sql.id(tableOf(tables, entity).name)} where tenant_id = ${tenantId} and id = any(${sql.typed(ids, 'uuid[]')})`,
    );
  }
  for (const group of groupBy(inserts, (i) => `${i.entity} ${Object.keys(i.values).sort().join()}`).values()) {
    const entity = group[0]?.entity ?? '';
    await session.change(insertStatement(tableOf(tables, entity), group));
  }
  for (const group of groupBy(updates, (u) => `${u.entity} ${Object.keys(u.set).sort().join()} ${u.version === null}`).values()) {
    await update(session, { table: tableOf(tables, group[0]?.entity ?? ''), tenantId, group });
  }
}

function insertStatement(table: Table, group: readonly Insert[]): Sql {
  const properties = Object.keys(group[0]?.values ?? {}).sort();
  const columns = properties.map((p) => columnOf(table, p));
  return sql`insert into ${sql.id(table.name)} (${sql.join(columns.map((c) => sql.id(c.column)))}) select ${sql.join(columns.map(carried))} from ${unnest(
    columns,
    group.map((i) => i.values),
  )}`;
}

async function update(
  session: Session,
  { table, tenantId, group }: { table: Table; tenantId: string; group: readonly Update[] },
): Promise<void> {
  const first = group[0];
  if (!first) return;
  const set = Object.keys(first.set)
    .sort()
    .map((p) => columnOf(table, p));
  const isVersioned = first.version !== null;
  const keys = [
    { column: 'row_id', property: 'row_id', type: 'uuid' },
    { column: 'row_version', property: 'row_version', type: 'int' },
  ];
  const assignments = [
    ...set.map((c) => sql`${sql.id(c.column)} = ${carried(c)}`),
    ...(isVersioned ? [sql`version = t.version + 1`] : []),
  ];
  const changed = await session.change(
    sql`update ${sql.id(table.name)} t set ${sql.join(assignments)} from ${unnest(
      [...keys, ...set],
      group.map((u) => ({ ...u.set, row_id: u.id, row_version: u.version })),
    )} where t.tenant_id = ${tenantId} and t.${sql.id(columnOf(table, 'id').column)} = v.row_id ${isVersioned ? sql`and t.version = v.row_version` : sql.empty}`,
  );
  if (changed !== group.length) {
    throw new DomainError(
      'VERSION_CONFLICT',
      `${table.entity} was changed by somebody else meanwhile. Read it again and decide anew.`,
    );
  }
}
