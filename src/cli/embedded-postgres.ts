// A real Postgres from npm packages, for a start without any set-up: the default when no DATABASE_URL is given.
// Several processes share one server; it listens on no port, only on a socket in a folder that others can't enter.
import { monotonicMs } from '../kernel/clock.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type PostgresFiles, prepareFiles } from './embedded-postgres-files.ts';
import {
  clearStaleFiles,
  isServing,
  type Launched,
  launch,
  type Postmaster,
  processesOf,
  readPidFile,
  stopServer,
} from './embedded-postgres-process.ts';

export interface StartPostgresOptions {
  /** Folder for data and log; made if missing. */
  home: string;
  /** Postgres settings, such as `{ fsync: 'off' }`; they hold only if this call starts the server. */
  settings?: Record<string, string>;
  /** For tests: the server ends with this process, even by SIGKILL. */
  dieWithParent?: boolean;
}

export interface EmbeddedPostgres {
  /** Without a database: the superuser of the cluster. */
  connection: pg.ClientConfig;
  /** Another process had started it. */
  reused: boolean;
  dataDir: string;
  /** Stops the server, unless another process still uses it. */
  stop(): Promise<void>;
}

/** Session lock of the database `postgres`: shared by each process that uses the server, exclusive for the one that stops it. */
const inUseLock = 7_215_001;
const startMs = 30_000;
const launchesMax = 3;
const rejoinMs = 500;

/** Starts the server on this folder, or joins the one that runs there. Safe to call from several processes at once. */
export async function startPostgres({
  home,
  settings = {},
  dieWithParent = false,
}: StartPostgresOptions): Promise<EmbeddedPostgres> {
  const files = prepareFiles(home);
  const { dataDir } = files;
  const deadline = monotonicMs() + startMs;
  let launched: Launched | undefined;
  let launches = 0;
  for (; monotonicMs() < deadline; await sleep(10)) {
    const seen = readPidFile(dataDir);
    if (seen && isServing(dataDir, seen.pid)) {
      const guard = seen.isReady ? await join(seen) : undefined;
      if (guard) return handle({ server: seen, guard, dataDir, reused: launched?.pid !== seen.pid });
    } else if (launched && !launched.hasExited) {
      continue; // it hasn't written its pid yet
    } else if (process.platform === 'linux' && processesOf(dataDir).length > 0) {
      continue; // the last backends of a killed server are on their way out
    } else {
      if (launches === launchesMax) break;
      if (seen) clearStaleFiles(dataDir, seen);
      launched = launch(files, { settings, dieWithParent });
      launches += 1;
    }
  }
  throw notStarted(files, launched);
}

/** Undefined when the server goes down under us, because its last user has just left: then it is started again. */
async function join(server: Postmaster): Promise<pg.Client | undefined> {
  const guard = new pg.Client({ ...connectionTo(server), database: 'postgres', connectionTimeoutMillis: 5_000 });
  guard.on('error', () => {}); // the server may go before the guard does
  try {
    await guard.connect();
    await guard.query('select pg_advisory_lock_shared($1)', [inUseLock]);
    return guard;
  } catch {
    await guard.end().catch(() => {});
    return undefined;
  }
}

interface Joined {
  server: Postmaster;
  guard: pg.Client;
  dataDir: string;
  reused: boolean;
}

function handle({ reused, ...joined }: Joined): EmbeddedPostgres {
  const { dataDir } = joined;
  let { server, guard } = joined;
  let stopped: Promise<void> | undefined;
  // a server that recovers from a crash has forgotten who uses it: the next one to leave would stop it under us
  const keep = () => void guard.once('end', () => void rejoin());
  const rejoin = async () => {
    for (; !stopped; await sleep(rejoinMs, undefined, { ref: false })) {
      const seen = readPidFile(dataDir);
      const again = seen?.isReady && isServing(dataDir, seen.pid) ? await join(seen) : undefined;
      if (!seen || !again) continue;
      if (stopped) return again.end();
      [server, guard] = [seen, again];
      return keep();
    }
    return undefined;
  };
  keep();
  const leave = async () => {
    for (const until = monotonicMs() + startMs; ; await sleep(rejoinMs)) {
      try {
        await guard.query('select pg_advisory_unlock_shared($1)', [inUseLock]);
        const { rows } = await guard.query<{ isLast: boolean }>('select pg_try_advisory_lock($1) as "isLast"', [inUseLock]);
        // Stopped while we hold the lock, so that nobody joins a server that is about to go.
        if (rows[0]?.isLast) await stopServer(dataDir, server);
        return await guard.end().catch(() => {});
      } catch (error) {
        await guard.end().catch(() => {});
        if (!isServing(dataDir, server.pid)) return; // a server that is gone needs no stopping
        if (monotonicMs() > until) throw error;
        guard = (await join(server)) ?? guard; // it recovers from a crash: whoever leaves last has to stop it all the same
      }
    }
  };
  return {
    connection: connectionTo(server),
    reused,
    dataDir,
    stop: () => {
      stopped ??= leave();
      return stopped;
    },
  };
}

function connectionTo({ socketDir, port }: Postmaster): pg.ClientConfig {
  return { host: socketDir, port, user: 'postgres' };
}

function notStarted({ dataDir, logFile }: PostgresFiles, launched: Launched | undefined): Error {
  const reason = launched?.complaint() || `no answer within ${startMs / 1000} s`;
  return new Error(`Postgres did not start on ${dataDir}: ${reason}. Its log is ${logFile}.`);
}

/** Creates the database unless it is there; another process may be doing the same. */
export async function ensureDatabase(connection: pg.ClientConfig, name: string): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (!rowCount) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    const { code } = error as pg.DatabaseError;
    if (code !== '42P04' && code !== '23505') throw error; // duplicate: the other process was first
  } finally {
    await client.end();
  }
}
