/** One writing transaction in a tenant's row-level-security session: statements with bound values, and whole rows by entity. */
import { type Sql, sql, type Statement, statement } from '../read/sql.ts';
import { arrayOf, carriedType } from './arrays.ts';
import { commitUnanswered } from './database-errors.ts';
import { type Answered, Packet } from './packet.ts';
import { type WriteClient, type WritePool, writerOf } from './pool.ts';
import { type Table, type TableColumn, tableOf, type Tables } from './tables.ts';

/**
 * Runs statements on the transaction's own connection, in the order in which they are asked for. Whoever needs several and none for
 * another asks for all before waiting for any: they travel together.
 */
export interface Session {
  run(statement: Statement): Promise<readonly Record<string, unknown>[]>;
  rows<T>(source: Sql): Promise<readonly T[]>;
  /** Rows touched. */
  change(source: Sql): Promise<number>;
  /** Travels with the commit. What goes wrong with it is thrown by the transaction. */
  atLast(source: Sql): void;
}

export interface TransactionOptions {
  readonly pool: WritePool;
  readonly tenantId: string;
  /** Of few rows, over statements that come again and again: their plans are kept. Else each is planned for its own values. */
  readonly isSmall?: boolean;
  /** Whoever waits longer for somebody else's row is refused with CONFLICT_RETRY. */
  readonly lockTimeoutMs?: number;
}

/** The transaction has failed already. */
const ABORTED = '25P02';
/** What was prepared under a name is gone, or its columns are others since a migration. */
const FORGOTTEN = '26000';
const CHANGED = 'RevalidateCachedQuery';
const PLANNED_ANEW = sql`, set_config('plan_cache_mode', 'auto', true), set_config('enable_seqscan', 'on', true)`;

/** Begins, sets the tenant, runs `work`, commits; any error rolls back and is thrown on. @throws UNAVAILABLE where nobody knows whether it was committed */
export async function inTransaction<T>(options: TransactionOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const client = await options.pool.connect();
  const line = new TransactionLine(client, options.isSmall ?? false);
  let result: T;
  try {
    line.begin(options);
    result = await work(line);
    await line.commit();
  } catch (error) {
    const isBack = (await line.rollback()) && !line.isStale;
    client.release(!isBack);
    throw error;
  }
  client.release();
  return result;
}

class TransactionLine implements Session {
  private readonly last: Sql[] = [];
  /** Of what was asked for in this turn. */
  private packet: Packet | null = null;
  private cause: unknown = null;
  /** It ends, or has ended: what comes behind that would be the next transaction's. */
  private isOver = false;
  /** What is prepared on the connection is not what it was: it isn't used again. */
  isStale = false;

  constructor(
    private readonly client: WriteClient,
    private readonly isSmall: boolean,
  ) {}

  begin({ tenantId, isSmall = false, lockTimeoutMs }: TransactionOptions): void {
    void this.send({ text: 'begin', values: [] });
    const limit = lockTimeoutMs === undefined ? sql.empty : sql`, set_config('lock_timeout', ${String(lockTimeoutMs)}, true)`;
    void this.send(
      statement(sql`select set_config('app.tenant_id', ${tenantId}, true)${isSmall ? sql.empty : PLANNED_ANEW}${limit}`),
    );
  }

  async run(source: Statement): Promise<readonly Record<string, unknown>[]> {
    return (await this.send(source)).rows;
  }

  async rows<R>(source: Sql): Promise<readonly R[]> {
    return (await this.send(statement(source))).rows as readonly R[];
  }

  async change(source: Sql): Promise<number> {
    return (await this.send(statement(source))).rowCount;
  }

  atLast(source: Sql): void {
    this.last.push(source);
  }

  async commit(): Promise<void> {
    const last = this.last.map((source) => this.send(statement(source)));
    const committed = this.end('commit');
    await Promise.all(last).catch(commitUnanswered);
    const { command } = await committed.catch(commitUnanswered);
    // without an error: of a statement that failed and that nobody waited for
    if (command !== 'COMMIT') throw new Error('A writing transaction was not committed.');
  }

  /** Whether the connection can go on. By itself, since it is to be done whatever came of the rest. */
  rollback(): Promise<boolean> {
    this.flush();
    return this.end('rollback').then(
      () => true,
      () => false,
    );
  }

  private end(text: 'commit' | 'rollback'): Promise<Answered> {
    this.isOver = true;
    return this.put({ text, values: [] });
  }

  /** Of several that were asked for together the others may go on when one has ended the transaction: they get no further. */
  private send(source: Statement): Promise<Answered> {
    if (!this.isOver) return this.put(source);
    const late = Promise.reject<Answered>(this.cause ?? new Error('The transaction is over.'));
    late.catch(() => {}); // as below
    return late;
  }

  /** What is asked for in one turn travels in one packet. */
  private put(source: Statement): Promise<Answered> {
    if (this.packet === null) {
      this.packet = new Packet(writerOf(this.client));
      process.nextTick(() => this.flush());
    }
    const sent = this.packet.add(source, this.isSmall).catch((error: unknown) => this.failed(error));
    // whoever waits for it is told; one that nobody came to wait for fails with the one before it
    sent.catch(() => {});
    return sent;
  }

  private flush(): void {
    const { packet } = this;
    this.packet = null;
    if (packet) this.client.query(packet);
  }

  /** What was sent behind a statement that failed says only that, or that nothing was prepared: each says why. */
  private failed(error: unknown): never {
    const { code, routine } = error as { readonly code?: unknown; readonly routine?: unknown };
    const isBehind = code === ABORTED || (code === FORGOTTEN && this.cause !== null);
    if (!isBehind) this.cause = error;
    if (code === FORGOTTEN || routine === CHANGED) this.isStale = true;
    throw this.cause ?? error;
  }
}

const selected = (alias: string, { property, column, type }: TableColumn): Sql => {
  const it = sql.id(alias, column);
  const as = sql.id(property);
  if (type === 'timestamptz') return sql`to_char(${it} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${as}`;
  return type === 'bigint' || type === 'numeric' || type === 'date' ? sql`${it}::text as ${as}` : sql`${it} as ${as}`;
};

const decode = (value: unknown, type: string): unknown => {
  if (value === null) return null;
  return type === 'bigint' ? BigInt(value as string) : new Date(value as string);
};

export interface LoadRequest {
  readonly tables: Tables;
  readonly entity: string;
  /** Conditions over the alias `t`. */
  readonly where: Sql;
  readonly lock: boolean;
  readonly byIds?: { readonly tenantId: string; readonly ids: Iterable<string | null | undefined> };
}

/** In the order in which they are locked. */
const rowsById = ({ name }: Table, { tenantId, ids }: NonNullable<LoadRequest['byIds']>): Sql => {
  const sorted = [...new Set(ids)].flatMap((id) => id ?? []).sort((a, b) => (a < b ? -1 : 1));
  return sql`unnest(${sql.uuids(sorted)}) as k(id) cross join lateral (select * from ${sql.id(name)} r where r.tenant_id = ${tenantId} and r.id = k.id limit 1)`;
};

/** Whole rows of an entity as its property types say (bigint, decimal text, plain dates), in id order, locked if asked. */
export async function load(
  session: Session,
  { tables, entity, where, lock, byIds }: LoadRequest,
): Promise<readonly Record<string, unknown>[]> {
  const table = tableOf(tables, entity);
  const { name, columns, decoded } = readingOf(table);
  const rows = await session.rows<Record<string, unknown>>(
    sql`select ${columns} from ${byIds ? rowsById(table, byIds) : name} t where ${where} order by t.id ${lock ? sql`for update` : sql.empty}`,
  );
  // the rows are nobody else's
  for (const row of rows) for (const { property, type } of decoded) row[property] = decode(row[property], type);
  return rows;
}

/** How whole rows of a table are read. */
interface Reading {
  readonly name: Sql;
  readonly columns: Sql;
  /** Columns that the driver gives as texts, and properties have as values. */
  readonly decoded: readonly TableColumn[];
}

const readings = new WeakMap<Table, Reading>();

function readingOf(table: Table): Reading {
  const known = readings.get(table);
  if (known) return known;
  const columns = [...table.columns.values()];
  const reading = {
    name: sql.id(table.name),
    columns: sql.join(columns.map((c) => selected('t', c))),
    decoded: columns.filter(({ type }) => type === 'bigint' || type === 'timestamptz'),
  };
  readings.set(table, reading);
  return reading;
}

const valueText = (value: unknown, type: string): unknown =>
  type === 'jsonb' && value !== null && value !== undefined ? JSON.stringify(value) : value;

/** From so many rows on, a column that has one value in all of them travels as that value: of a page most columns do. */
const SAME_FROM_COUNT = 100;

/** `unnest` over one array parameter per column: n rows, one statement, one plan. */
export function unnest(
  columns: readonly Pick<TableColumn, 'column' | 'property' | 'type'>[],
  rows: readonly Record<string, unknown>[],
): Sql {
  const [, ...others] = columns;
  const isSame = ({ property }: Pick<TableColumn, 'property'>) =>
    rows.length >= SAME_FROM_COUNT && rows.every((row) => row[property] === rows[0]?.[property]);
  const same = others.filter(isSame);
  // the first says how many rows there are
  const varied = columns.filter((column) => !same.includes(column));
  const arrays = varied.map((column) => sql.typed(arrayOf(rows, column), `${carriedType(column)}[]`));
  const names = (of: typeof columns) => sql.join(of.map((c) => sql.id(c.column)));
  if (same.length === 0) return sql`unnest(${sql.join(arrays)}) as v(${names(columns)})`;
  const values = same.map(
    (c) => sql`${sql.typed(valueText(rows[0]?.[c.property], c.type), carriedType(c))} as ${sql.id(c.column)}`,
  );
  return sql`(select ${names(varied)}, ${sql.join(values)} from unnest(${sql.join(arrays)}) as u(${names(varied)})) as v`;
}

/** `v.column`, with the cast that a carried type needs. */
export const carried = ({ column, type }: Pick<TableColumn, 'column' | 'type'>): Sql =>
  type === 'jsonb' ? sql`${sql.id('v', column)}::jsonb` : sql.id('v', column);

export const columnOf = (table: Table, property: string): TableColumn => {
  const column = table.columns.get(property);
  if (!column) throw new Error(`${table.entity} has no property ${property}`);
  return column;
};
