// The embedded Postgres as processes see it: shared, stopped by the last one, and back after anything was killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { asServer, isAlive } from '../../src/cli/embedded-postgres-files.ts';
import { isServing, processesOf, readPidFile } from '../../src/cli/embedded-postgres-process.ts';
import {
  type EmbeddedPostgres,
  ensureDatabase,
  startPostgres,
  type StartPostgresOptions,
} from '../../src/cli/embedded-postgres.ts';
import { withClient } from '../support/connection.ts';
import { type NodeProcess, runNode, until } from '../support/processes.ts';
import { makeScratchFolder } from '../support/scratch.ts';

const scratch = makeScratchFolder();
const home = join(scratch, 'home');
const settings = { shared_buffers: '16MB' };

const servers: EmbeddedPostgres[] = [];
const children: NodeProcess[] = [];
afterEach(async () => {
  for (const { child, ended } of children.splice(0)) {
    child.kill();
    await ended;
  }
  for (const server of servers.splice(0)) await server.stop();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function start(options: Partial<StartPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ home, settings, ...options });
  servers.push(server);
  return server;
}

const postmasterOf = ({ dataDir }: EmbeddedPostgres) => readPidFile(dataDir)?.pid ?? 0;
/** How many processes use the server; none while it is not there. */
const usersOf = ({ connection }: EmbeddedPostgres) =>
  withClient({ ...connection, database: 'postgres' }, async (client) => {
    const { rowCount } = await client.query(
      `select from pg_locks where locktype = 'advisory' and mode = 'ShareLock' and granted`,
    );
    return rowCount;
  }).catch(() => 0);

const query = async ({ connection }: EmbeddedPostgres, sql: string, database = 'postgres') =>
  (await withClient({ ...connection, database }, (client) => client.query<pg.QueryResultRow>(sql))).rows;

/** Another process that uses the server until a line comes in (it stops it then) or it is killed. */
async function startElsewhere(extra: Partial<StartPostgresOptions> = {}): Promise<NodeProcess & { reused: boolean }> {
  const program = `
    import { once } from 'node:events';
    import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, '../../src/cli/embedded-postgres.ts'))};
    const server = await startPostgres(${JSON.stringify({ home, settings, ...extra })});
    console.log(server.reused ? 'reused' : 'started');
    await once(process.stdin, 'data');
    await server.stop();
    process.exit();`;
  const child = runNode(['--input-type=module', '-e', program]);
  children.push(child);
  await Promise.race([until(() => /reused|started/.test(child.stdout())), child.ended]);
  expect(child.stderr()).toBe('');
  return { ...child, reused: child.stdout().includes('reused') };
}

describe('starting', () => {
  it('makes what is missing, when two processes start at once too', async () => {
    const [one, two, three] = await Promise.all([startElsewhere(), startElsewhere(), start()]);
    expect([one.reused, two.reused, three.reused].filter((reused) => !reused)).toHaveLength(1);
    expect(readdirSync(home).toSorted()).toEqual(['pg18', 'postgres.log']);
  });

  it('keeps strangers out: no port, and a socket in a folder of the server alone', async () => {
    const server = await start();
    expect(await query(server, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
    expect(server.connection.host).toBe(server.dataDir);
    const { mode, uid } = statSync(server.dataDir);
    const ourUid = process.getuid?.();
    expect({ mode: mode & 0o777, uid }).toEqual({ mode: 0o700, uid: ourUid === 0 ? 65_534 : ourUid });
  });

  it('sorts text and counts hours alike on every machine', async () => {
    const server = await start();
    const sql = `select current_setting('TimeZone') as zone, datlocprovider as provider, datlocale as locale, pg_encoding_to_char(encoding) as encoding
      from pg_database where datname = 'template1'`;
    expect(await query(server, sql)).toEqual([{ zone: 'UTC', provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8' }]);
  });

  it('creates a database once, when two processes do it at once too', async () => {
    const server = await start();
    await Promise.all([1, 2, 3].map(() => ensureDatabase(server.connection, 'cash "graph"')));
    expect(await query(server, 'select current_database() as name', 'cash "graph"')).toEqual([{ name: 'cash "graph"' }]);
  });

  it('puts the socket elsewhere when the path is too long for one, and takes it away at the end', async () => {
    const server = await start({ home: join(scratch, 'long'.repeat(20)) });
    const sockets = String(server.connection.host);
    expect(sockets).not.toBe(server.dataDir);
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect(existsSync(sockets)).toBe(false);
  });

  it('says in a sentence why the server does not start, and where its log is', async () => {
    const attempt = start({ home: join(scratch, 'wrong'), settings: { shared_buffers: 'plenty' } });
    await expect(attempt).rejects.toThrow(
      /did not start on .*wrong.*: invalid value for parameter "shared_buffers": "plenty"\. Its log is .*postgres\.log/,
    );
  });

  it('touches nothing in a data folder that holds something else', async () => {
    const occupied = join(scratch, 'occupied');
    mkdirSync(join(occupied, 'pg18/something'), { recursive: true });
    await expect(start({ home: occupied })).rejects.toThrow(/did not start on .*: .*pg18/);
    expect(readdirSync(occupied, { recursive: true }).map(String).toSorted()).toEqual(['pg18', 'pg18/something', 'postgres.log']);
  });
});

describe('stopping', () => {
  it('leaves the server to the processes that still use it; the last one stops it', async () => {
    const server = await start();
    const other = await startElsewhere();
    const postmaster = postmasterOf(server);
    expect(other.reused).toBe(true);
    await server.stop();
    expect(isServing(server.dataDir, postmaster)).toBe(true);
    other.child.stdin?.write('stop\n');
    expect(await other.ended).toBe(0);
    expect(isAlive(postmaster)).toBe(false);
    expect(readPidFile(server.dataDir)).toBeUndefined();
  });

  const crash = async ({ connection }: EmbeddedPostgres): Promise<() => Promise<boolean>> => {
    const checkpointer = () =>
      withClient({ ...connection, database: 'postgres' }, async (client) => {
        const { rows } = await client.query<{ pid: number }>(
          `select pid from pg_stat_activity where backend_type = 'checkpointer'`,
        );
        return rows[0]?.pid;
      }).catch(() => undefined);
    const before = await checkpointer();
    process.kill(before ?? 0, 'SIGKILL'); // of one process all of them begin anew
    return async () => ![before, undefined].includes(await checkpointer());
  };

  it('also after it has recovered from a crash, when it has forgotten who they were', async () => {
    const [first, second] = [await start(), await start()];
    const pid = readPidFile(first.dataDir)?.pid ?? 0;
    const isBack = await crash(first);
    await expect.poll(isBack).toBe(true);
    await expect.poll(() => usersOf(first)).toBe(2);
    await first.stop();
    expect(isServing(second.dataDir, pid)).toBe(true);
    await second.stop();
    expect(processesOf(second.dataDir)).toEqual([]);
  });

  // at times the server itself takes no order just then, and gets a harder one after a while
  it('also while it recovers from a crash', async () => {
    const server = await start();
    await crash(server);
    await sleep(10);
    await server.stop();
    expect(processesOf(server.dataDir)).toEqual([]);
  });

  it('may be asked for twice', async () => {
    const server = await start();
    await Promise.all([server.stop(), server.stop()]);
    expect(processesOf(server.dataDir)).toEqual([]);
  });

  it('can meet a start: the newcomer has a server all the same', async () => {
    for (let round = 0; round < 5; round++) {
      const first = await start();
      const [, second] = await Promise.all([first.stop(), start()]);
      expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
      await second.stop();
    }
  });
});

describe('after a kill', () => {
  it('of the server, the next start brings back what was committed', async () => {
    const server = await start();
    await query(server, 'create table kept as select 42 as answer');
    process.kill(postmasterOf(server), 'SIGKILL');
    const again = await start();
    expect(again.reused).toBe(false);
    expect(await query(again, 'table kept')).toEqual([{ answer: 42 }]);
  });

  it('of the server, a stale pid that is now of another program does not matter', async () => {
    const server = await start();
    const { dataDir } = server;
    process.kill(postmasterOf(server), 'SIGKILL');
    await until(() => processesOf(dataDir).length === 0);
    const stranger = spawn('sleep', ['60'], asServer);
    try {
      const pidFile = join(dataDir, 'postmaster.pid');
      const socketLock = join(dataDir, '.s.PGSQL.5432.lock');
      for (const file of [pidFile, socketLock])
        writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(stranger.pid)));
      expect((await start()).reused).toBe(false);
      expect(stranger.exitCode).toBeNull();
    } finally {
      stranger.kill();
      await once(stranger, 'exit');
    }
  });

  it('of the process that had started it, the server stays for the next, which stops it', async () => {
    const starter = await startElsewhere();
    expect(starter.reused).toBe(false);
    starter.child.kill('SIGKILL');
    await starter.ended;
    const server = await start();
    expect(server.reused).toBe(true);
    await expect.poll(() => usersOf(server)).toBe(1); // it has noticed that the first one is gone
    await server.stop();
    expect(processesOf(server.dataDir)).toEqual([]);
  });

  it.runIf(existsSync('/usr/bin/setpriv'))('of its parent, the server of a test ends too', async () => {
    const starter = await startElsewhere({ dieWithParent: true });
    const dataDir = join(home, 'pg18');
    expect(processesOf(dataDir)).not.toEqual([]);
    starter.child.kill('SIGKILL');
    await until(() => processesOf(dataDir).length === 0);
  });

  it('of a start half-way, the next one clears up', async () => {
    const ended = runNode(['-e', '']);
    await ended.ended;
    const half = join(home, `new-${ended.child.pid}-abcdef`);
    mkdirSync(half);
    rmSync(join(home, 'pg18'), { recursive: true });
    await start();
    expect(existsSync(half)).toBe(false);
  });
});

describe.runIf(process.getuid?.() === 0)('as root', () => {
  it('puts the data where the server may go when the home is closed to others', async () => {
    const closed = join(scratch, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o700);
    const server = await start({ home: join(closed, 'home') });
    const outside = dirname(server.dataDir);
    try {
      expect(dirname(outside)).toBe('/var/lib/cashgraph');
      expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
      const again = await start({ home: join(closed, 'home') });
      expect(again).toMatchObject({ reused: true, dataDir: server.dataDir });
      await again.stop();
    } finally {
      await server.stop();
      rmSync(outside, { recursive: true, force: true });
    }
  });
});
