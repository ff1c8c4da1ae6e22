// A way to the database that can fall silent: what is open stays open and passes no more bytes, in either direction and for ever, as when a
// machine vanishes behind a connection. Until it is healed, new connections are accepted and hear nothing either.
import { createServer, connect as dial, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';
import { afterAll } from 'vitest';

export interface SilentProxy {
  /** The same database, by this way. */
  readonly connection: ClientConfig;
  silence(): void;
  /** For connections that are opened from now on. */
  heal(): void;
  /** Connections that are open and will never hear anything again. */
  readonly silent: number;
}

const DEFAULT_PORT = 5_432;

export async function startSilentProxy(connection: ClientConfig): Promise<SilentProxy> {
  const open = new Set<Socket>();
  const silent = new Set<Socket>();
  let isSilent = false;
  const pass = (near: Socket, far: Socket): void => {
    far.on('error', () => near.destroy()).on('close', () => silent.has(near) || near.destroy());
    near.on('close', () => far.destroy());
    near.on('data', (bytes) => silent.has(near) || far.write(bytes));
    far.on('data', (bytes) => silent.has(near) || near.write(bytes));
  };
  const server = createServer((near) => {
    near.on('error', () => {}).on('close', () => [open, silent].forEach((all) => all.delete(near)));
    // read, so that its end is seen, and thrown away
    if (isSilent) silent.add(near.resume());
    else {
      open.add(near);
      pass(near, dial(targetOf(connection)));
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  afterAll(async () => {
    for (const socket of [...open, ...silent]) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  const { port } = server.address() as AddressInfo;
  return {
    connection: throughPort(connection, port),
    silence() {
      isSilent = true;
      for (const socket of open) silent.add(socket);
    },
    heal: () => void (isSilent = false),
    get silent() {
      return silent.size;
    },
  };
}

function targetOf({ connectionString, host = 'localhost', port = DEFAULT_PORT }: ClientConfig) {
  const url = connectionString === undefined ? null : new URL(connectionString);
  const name = url?.searchParams.get('host') ?? url?.hostname ?? host;
  const at = Number(url?.port) || port;
  return name.startsWith('/') ? { path: join(name, `.s.PGSQL.${at}`) } : { host: name, port: at };
}

function throughPort(connection: ClientConfig, port: number): ClientConfig {
  if (connection.connectionString === undefined) return { ...connection, host: '127.0.0.1', port };
  const url = new URL(connection.connectionString);
  url.searchParams.delete('host');
  Object.assign(url, { hostname: '127.0.0.1', port: String(port) });
  return { ...connection, connectionString: url.href };
}
