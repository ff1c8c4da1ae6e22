// Logins for BI as an operator makes them, with the command line, and sessions of them.
import pg from 'pg';
import { afterAll, vi } from 'vitest';
import { run } from '../../src/cli/program.ts';
import type { FreshDatabase } from './database.ts';
import { withClient } from './connection.ts';

/** The database as an address for the command line. */
function urlOf({ connection, name }: FreshDatabase): string {
  if (connection.connectionString) return connection.connectionString;
  const { user = '', host = '', port = 5432, password } = connection;
  const address = new URL(`postgres://${user}@localhost/${name}`);
  if (typeof password === 'string') address.password = password;
  address.searchParams.set('host', host);
  address.searchParams.set('port', String(port));
  return address.href;
}

/** `cashgraph …` in this process, on that database; what it answered, and what it said beside. */
export async function cashgraph(
  database: FreshDatabase,
  args: readonly string[],
): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const spies = [
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said.err += String(text)), true)),
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((said.out += String(text)), true)),
  ];
  const before = { ...process.env };
  process.env = { ...before, DATABASE_URL: urlOf(database), NODE_ENV: 'test', LOG_LEVEL: 'silent' };
  try {
    return { code: await run(args), ...said };
  } finally {
    process.env = before;
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}

export interface ReportingLogin {
  readonly name: string;
  readonly password: string;
  readonly connection: pg.ClientConfig;
  /** Rows of one statement in a session of its own. */
  rows<T = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<readonly T[]>;
}

/** Makes a login of a tenant; it is gone after the file's last test, since logins are the whole cluster's. */
export async function reportingLogin(
  database: FreshDatabase,
  tenant: string,
  ...more: readonly string[]
): Promise<ReportingLogin> {
  const made = await cashgraph(database, [
    'reporting-login',
    'create',
    '--json',
    '--tenant',
    tenant,
    '--purpose',
    'Test',
    ...more,
  ]);
  if (made.code !== 0) throw new Error(made.err);
  const { name, password } = JSON.parse(made.out) as { name: string; password: string };
  afterAll(() => withClient(database.connection, (client) => client.query(`drop role if exists ${name}`)));
  const url = new URL(urlOf(database));
  url.username = name;
  url.password = password;
  const connection = { connectionString: url.href };
  return {
    name,
    password,
    connection,
    rows: async <T>(sql: string, values: unknown[] = []) =>
      withClient(connection, async (client) => (await client.query(sql, values)).rows as readonly T[]),
  };
}
