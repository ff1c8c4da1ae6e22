// Short connections beside the pools: another database of the same server, and a client for a moment.
import pg from 'pg';

export function inDatabase(connection: pg.ClientConfig, database: string): pg.ClientConfig {
  if (!connection.connectionString) return { ...connection, database };
  const url = new URL(connection.connectionString);
  url.pathname = `/${database}`;
  return { ...connection, connectionString: url.href };
}

export async function withClient<T>(connection: pg.ClientConfig, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection);
  client.on('error', () => {}); // a lost connection shows in the query that needed it
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
