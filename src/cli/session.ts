/** Short sessions of the command line in one of the platform's roles: for looking up and setting up, never for the books. */
import pg from 'pg';
import { type Sql, statement } from '../read/sql.ts';
import { asRole, type RoleKind, roleName } from './roles.ts';

export type { ClientConfig } from 'pg';

/** Where the data is, as a user that may take on the platform's roles. */
export interface DatabaseAddress {
  readonly connection: pg.ClientConfig;
  readonly rolePrefix: string;
}

/** One connection for as long as `use` runs. A lost one shows in the query that needed it. */
export async function withClient<T>(connection: pg.ClientConfig, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection);
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

const inRole = ({ connection, rolePrefix }: DatabaseAddress, kind: RoleKind): pg.ClientConfig =>
  asRole(connection, roleName(rolePrefix, kind));

/** Sees the few tables that are read across tenants. */
export const asSystem = <T>(database: DatabaseAddress, use: (client: pg.Client) => Promise<T>): Promise<T> =>
  withClient(inRole(database, 'system'), use);

/** Sees and writes the rows of one tenant. */
export const asTenant = <T>(database: DatabaseAddress, tenantId: string, use: (client: pg.Client) => Promise<T>): Promise<T> =>
  withClient(inRole(database, 'app'), async (client) => {
    await client.query(`select set_config('app.tenant_id', $1, false)`, [tenantId]);
    return use(client);
  });

/** Another database of the same server. */
export function inDatabase(connection: pg.ClientConfig, database: string): pg.ClientConfig {
  if (!connection.connectionString) return { ...connection, database };
  const url = new URL(connection.connectionString);
  url.pathname = `/${database}`;
  return { ...connection, connectionString: url.href };
}

/** Runs a composed statement. */
export async function rowsOf<T extends Record<string, unknown>>(
  client: Pick<pg.ClientBase, 'query'>,
  source: Sql,
): Promise<readonly T[]> {
  const { text, values } = statement(source);
  return (await client.query<T>(text, [...values])).rows;
}
