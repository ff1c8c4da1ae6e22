// The data set of the read bench, also for tests that need large tables: twenty tenants with orders, bills, payments and their books,
// written set by set straight into the tables. It must hold every invariant of the books; a test runs them over the small size.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { ensureActor, ensureTenant } from '../../../src/cli/tenant.ts';
import { addDays, type PlainDate } from '../../../src/kernel/date.ts';
import { fixedClock } from '../../../src/kernel/clock.ts';
import { withClient } from '../../support/connection.ts';

export interface BooksSize {
  readonly customers: number;
  readonly orders: number;
}

export interface BooksRequest extends BooksSize {
  /** The day after the last entry. */
  readonly today: PlainDate;
  /** Whose tokens the reader signs in with. */
  readonly issuer: string;
  /** Without looking up each key in the other table, which takes most of the time: for what was proved right at a smaller size. */
  readonly isTrusted?: boolean;
}

export const FULL: BooksSize = { customers: 20_000, orders: 200_000 };
export const SMALL: BooksSize = { customers: 400, orders: 4_000 };
/** Who reads: may see everything of a tenant, and change nothing. */
export const READER = 'reader';
export const BOOKS_SQL = join(import.meta.dirname, 'books.sql');

const TENANTS = 20;
/** What the books go back. */
const DAYS = 1_140;
const CURRENCIES = ['EUR', 'GBP', 'USD'];

/** As the cluster's administrator, since rows of all tenants are written at once. */
export async function loadBooks(
  connection: pg.ClientConfig,
  { customers, orders, today, issuer, isTrusted = false }: BooksRequest,
): Promise<void> {
  const address = { connection, rolePrefix: 'cashgraph' };
  const clock = fixedClock(`${addDays(today, -DAYS)}T00:00:00Z`);
  for (let n = 1; n <= TENANTS; n++) {
    const slug = `bench-${String(n).padStart(2, '0')}`;
    const groupCurrency = CURRENCIES[n % CURRENCIES.length] ?? '';
    const { id } = await ensureTenant(address, { slug, name: slug, groupCurrency, isSandbox: false }, clock);
    await ensureActor(address, id, { name: READER, issuer, subject: READER, roles: ['analyst'] });
  }
  await withClient(connection, async (client) => {
    await client.query('begin');
    if (isTrusted) await client.query('set local session_replication_role = replica');
    await client.query(
      `select set_config('bench.customers', $1, true), set_config('bench.orders', $2, true), set_config('bench.today', $3, true)`,
      [String(customers), String(orders), today],
    );
    await client.query(readFileSync(BOOKS_SQL, 'utf8'));
    await client.query('commit');
    await client.query('vacuum (analyze)');
  });
}
