/**
 * Writes what n decisions say: deletes, then inserts in the order of the modules, then updates, each table and column set in
 * one `unnest` statement. Every row passes the write guard first: row filters don't cover inserts, so this does.
 */
import { mayIn, type Principal } from '../access/principal.ts';
import type { Permission } from '../access/policy.ts';
import { DomainError } from '../kernel/errors.ts';
import { type Sql, sql } from '../read/sql.ts';
import type { Change, CommandContext, RowChange } from './command.ts';
import { folded, type Steps, tornApart } from './folded.ts';
import { type Table, tableOf, type Tables } from './tables.ts';
import { carried, columnOf, type Session, unnest } from './transaction.ts';

type Insert = Extract<RowChange, { op: 'insert' }>;
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
  if (owner['startedById'] === principal.actorId) return; // what it asked for itself, which is nobody's account
  if (principal.portal && (typeof accountId !== 'string' || !principal.portal.accountIds.includes(accountId))) {
    throw new DomainError('FORBIDDEN', "This row isn't on an account of yours.");
  }
}

/** Columns of a document that say how far it is settled: payments do that, whoever has authority over the document itself. */
const SETTLEMENT: ReadonlySet<string> = new Set([
  'status',
  'openMinor',
  'paidMinor',
  'creditedMinor',
  'discountedMinor',
  'writtenOffMinor',
  'settledOn',
]);

const isWriteOff = (row: RowChange) => row.op === 'insert' && row.entity === 'Allocation' && row.values['kind'] === 'WRITE_OFF';

/** A draft is nobody's but ours: no ERP knows of it before it is issued. */
function isDraft(row: RowChange): boolean {
  if (row.op === 'insert') return row.values['lifecycle'] === 'DRAFT';
  return row.was?.['lifecycle'] === 'DRAFT' && !(row.op === 'update' && row.set['lifecycle'] === 'ISSUED');
}

/** The kinds of records one of which must be under our authority for a row to be written; none: it is ours in any case. */
function authorityKinds(row: RowChange, givesUp: boolean): readonly string[] {
  const { entity } = row;
  // each order is its maker's: the orders themselves know which are
  if (entity === 'Order') return row.op === 'insert' ? [entity] : [];
  if (entity === 'Payment') return [entity];
  if ((entity !== 'Invoice' && entity !== 'CreditNote') || isDraft(row)) return [];
  const isSettled = row.op === 'update' && !givesUp && Object.keys(row.set).every((name) => SETTLEMENT.has(name));
  return isSettled ? [entity, 'Payment'] : [entity];
}

/** @throws ERP_AUTHORITY when an ERP has authority over the record, so that only a wish can be sent to it. */
export function guardAuthority({ rows, asks = [] }: Change, { observing, authority }: CommandContext): void {
  if (observing || asks.length > 0) return;
  const givesUp = rows.some(isWriteOff);
  for (const row of rows) {
    const legalEntityId = (row.op === 'insert' ? row.values : row.owner)['legalEntityId'];
    const [kind, ...others] = authorityKinds(row, givesUp);
    if (kind === undefined || typeof legalEntityId !== 'string') continue;
    const { side, connection } = authority(legalEntityId, kind);
    if (side === 'PLATFORM' || connection === null) continue;
    if (others.some((other) => authority(legalEntityId, other).side === 'PLATFORM')) continue;
    throw new DomainError(
      'ERP_AUTHORITY',
      `${connection.name} has authority over this record: do it there, and it will show here.`,
      { details: { connection: connection.code, recordKind: kind } },
    );
  }
}

/** Those that one statement can write: of one table, and with the same columns; the tables in the order of the modules. */
function groupsOf<R extends RowChange>(
  tables: Tables,
  rows: readonly R[],
  columnsOf: (row: R) => string,
): readonly (readonly R[])[] {
  const entities = new Map<string, Map<string, R[]>>();
  for (const row of rows) {
    let groups = entities.get(row.entity);
    if (!groups) entities.set(row.entity, (groups = new Map()));
    const columns = columnsOf(row);
    const group = groups.get(columns);
    if (group) group.push(row);
    else groups.set(columns, [row]);
  }
  const orderOf = (entity: string) => tableOf(tables, entity).order;
  return [...entities].sort(([a], [b]) => orderOf(a) - orderOf(b)).flatMap(([, groups]) => [...groups.values()]);
}

/** Rows that are made in one way name their columns in one order, so that putting them in order is seldom needed. */
function columnNames(): (row: RowChange, values: Readonly<Record<string, unknown>>) => string {
  const last = new Map<string, { readonly names: readonly string[]; readonly text: string }>();
  return ({ entity }, values) => {
    const names = Object.keys(values);
    const before = last.get(entity);
    if (before && before.names.length === names.length && names.every((name, i) => name === before.names[i])) return before.text;
    const text = [...names].sort().join();
    last.set(entity, { names, text });
    return text;
  };
}

export interface WriteRequest {
  readonly tables: Tables;
  readonly tenantId: string;
  readonly rows: readonly RowChange[];
}

export async function writeRows(session: Session, { tables, tenantId, rows: given }: WriteRequest): Promise<void> {
  const rows = folded(given);
  const [namesOfInsert, namesOfUpdate] = [columnNames(), columnNames()];
  const deletes = groupsOf(
    tables,
    rows.filter((r): r is Delete => r.op === 'delete'),
    () => '',
  );
  const inserts = groupsOf(
    tables,
    rows.filter((r): r is Insert => r.op === 'insert'),
    (i) => namesOfInsert(i, i.values),
  );
  const updates = groupsOf(
    tables,
    rows.filter((r): r is Steps => r.op === 'update'),
    (u) => `${namesOfUpdate(u, u.set)} ${u.version === null}`,
  );
  const statements = [
    ...[...deletes].reverse().map((group) => () => remove(session, { tables, tenantId, group })),
    ...inserts.map((group) => () => session.change(insertStatement(tableOf(tables, group[0]?.entity ?? ''), group))),
    ...updates.map((group) => () => update(session, { table: tableOf(tables, group[0]?.entity ?? ''), tenantId, group })),
  ];
  if (travelTogether(rows)) await Promise.all(statements.map((send) => send()));
  else await inTurn(statements);
}

const TOGETHER_MAX_COUNT = 500;

/** Are the statements of these rows sent at once? With more of them the first is under way while the next is put together. */
export const travelTogether = (rows: readonly RowChange[]): boolean => rows.length <= TOGETHER_MAX_COUNT;

/** While the database is at one statement the next one is put together, which for a page of rows takes about as long. */
async function inTurn(statements: readonly (() => Promise<unknown>)[]): Promise<void> {
  const running: Promise<unknown>[] = [];
  for (const send of statements) {
    const sent = send();
    // what goes wrong is thrown where it is waited for
    sent.catch(() => {});
    running.push(sent);
    await new Promise(setImmediate);
  }
  await Promise.all(running);
}

interface Removing {
  readonly tables: Tables;
  readonly tenantId: string;
  readonly group: readonly Delete[];
}

function remove(session: Session, { tables, tenantId, group }: Removing): Promise<number> {
  const { name } = tableOf(tables, group[0]?.entity ?? '');
  const ids = group.map((d) => d.id);
  return session.change(sql`delete from ${sql.id(name)} where tenant_id = ${tenantId} and id = any(${sql.typed(ids, 'uuid[]')})`);
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
  { table, tenantId, group }: { table: Table; tenantId: string; group: readonly Steps[] },
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
    { column: 'row_steps', property: 'row_steps', type: 'int' },
  ];
  const assignments = [
    ...set.map((c) => sql`${sql.id(c.column)} = ${carried(c)}`),
    ...(isVersioned ? [sql`version = t.version + v.row_steps`] : []),
  ];
  const changed = await session.change(
    sql`update ${sql.id(table.name)} t set ${sql.join(assignments)} from ${unnest(
      [...keys, ...set],
      group.map((u) => ({ ...u.set, row_id: u.id, row_version: u.version, row_steps: u.steps ?? 1 })),
    )} where t.tenant_id = ${tenantId} and t.${sql.id(columnOf(table, 'id').column)} = v.row_id ${isVersioned ? sql`and t.version = v.row_version` : sql.empty}`,
  );
  if (changed !== group.length) {
    throw tornApart(table.entity);
  }
}
