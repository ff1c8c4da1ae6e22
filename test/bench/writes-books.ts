// The database of the write bench: an embedded server that writes as one in earnest does, on a real disk, made anew for each run. It holds
// the yardsticks' small tables and a company of ours with as many customers, all of it made through commands.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { withClient } from '../support/connection.ts';
import { type BooksSize, makeStock, type Stock } from './writes-stock.ts';
import { DURABLE, type Durable, openDurable, withPeople } from './durable.ts';

export interface WriteBooks extends Durable {
  readonly size: BooksSize;
  readonly stock: Stock;
  /** Of people of the company, all with the same roles. */
  readonly tokens: readonly string[];
}

const YARDSTICKS = ['pgbench', 'driver', 'usual'] as const;
const ROLES = ['admin', 'order-desk', 'cash', 'warehouse'];
const PEOPLE = 8;
const DATABASE = 'writes';

/** No checkpoint comes in the midst of a round that others don't have. */
export const SETTINGS = { ...DURABLE, full_page_writes: 'on', shared_buffers: '1GB', max_connections: '300' };

export interface Opening {
  readonly parent?: string | undefined;
  /** Beyond those of every run. */
  readonly settings: Readonly<Record<string, string>>;
}

export const openWriteBooks = (size: BooksSize, { parent, settings }: Opening): Promise<WriteBooks> =>
  openDurable({ name: DATABASE, parent, settings: { ...SETTINGS, ...settings } }, async (durable) => {
    const { connection } = durable;
    await makeYardsticks(connection, size);
    const { tenantId, tokens, platform } = await withPeople(durable, { count: PEOPLE, roles: ROLES });
    const stock = await makeStock({ platform, connection, tenantId, size });
    return {
      ...durable,
      size,
      stock,
      tokens,
      stop: async () => {
        await platform.close();
        await durable.stop();
      },
    };
  });

async function makeYardsticks(connection: pg.ClientConfig, { customers, products }: BooksSize): Promise<void> {
  const text = readFileSync(join(import.meta.dirname, 'data/yardstick.sql'), 'utf8');
  await withClient(connection, async (client) => {
    for (const name of YARDSTICKS) {
      const filled = text
        .replaceAll(':schema', name)
        .replaceAll(':customers', String(customers))
        .replaceAll(':products', String(products));
      await client.query(filled);
    }
  });
}

/**
 * Once all is there: statistics, as they come by themselves with time, and a checkpoint, so that the first round isn't the one that pays for
 * them. None of tables that are empty: what is planned on them then would be planned for that.
 */
export const settle = (connection: pg.ClientConfig): Promise<void> =>
  withClient(connection, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables where n_live_tup > 0",
    );
    for (const { name } of rows) await client.query(`vacuum (analyze) ${name}`);
    await client.query('checkpoint');
  });
