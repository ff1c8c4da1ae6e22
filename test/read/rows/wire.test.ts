// Many reads at once on few connections: what one of them does, or suffers, never shows in another.
import { connect, createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { createBytePool, type RowSink } from '../../../src/read/wire/byte-pool.ts';
import { freshDatabase } from '../../support/database.ts';
import { seed, TENANT } from '../seed.ts';

const database = await freshDatabase();
const { connection } = database;
await seed(database.as('app'));
const admin = new pg.Pool(connection);
afterAll(() => admin.end());

const make = (options: { max?: number; statementTimeoutMs?: number; port?: number } = {}) => {
  const { port, ...others } = options;
  const where = port === undefined ? connection : { ...connection, host: '127.0.0.1', port };
  const pool = createBytePool({ connection: where, role: 'cashgraph_read', max: 1, statementTimeoutMs: 10_000, ...others });
  afterAll(() => pool.end());
  return pool;
};

class Texts implements RowSink {
  readonly rows: (string | null)[][] = [];
  row(bytes: Buffer, offset: number): void {
    let at = offset + 2;
    this.rows.push(
      Array.from({ length: bytes.readInt16BE(offset) }, () => {
        const length = bytes.readInt32BE(at);
        at += 4 + Math.max(0, length);
        return length < 0 ? null : bytes.toString('utf8', at - length, at);
      }),
    );
  }
}

type Pool = ReturnType<typeof make>;
const settings = (tenant = 1) => ({ 'app.tenant_id': TENANT(tenant) });

async function ask(pool: Pool, text: string, values: readonly (string | null)[] = [], tenant = 1): Promise<(string | null)[][]> {
  const sink = new Texts();
  await pool.run({ text, values }, settings(tenant), sink);
  return sink.rows;
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('the byte pool', () => {
  it('shows tenants that share a connection their own rows only', async () => {
    const pool = make();
    const texts = ['select distinct tenant_id from customer', `select current_setting('app.tenant_id')`];
    const seen = await Promise.all(range(200).map((n) => ask(pool, texts[n % 3 === 0 ? 1 : 0] ?? '', [], 1 + (n % 2))));
    expect(seen).toEqual(range(200).map((n) => [[TENANT(1 + (n % 2))]]));
  });

  it('shows nothing to whoever comes after a tenant without being one', async () => {
    const pool = make();
    expect(await ask(pool, 'select count(*) > 0 from customer')).toEqual([['t']]);
    const sink = new Texts();
    await pool.run({ text: 'select count(*) from customer', values: [] }, {}, sink);
    expect(sink.rows).toEqual([['0']]);
  });

  it('answers those beside a statement that fails, at every place where one can', async () => {
    const pool = make({ max: 2 });
    const failing: Record<number, [string, string[], string]> = {
      1: ['select 1 / $1::int', ['0'], '22012'],
      2: ['select nothing from nowhere', [], '42P01'],
      3: ['select $1::int', ['no number'], '22P02'],
      4: ['select n / (3 - n) from generate_series(1, 5) n', [], '22012'],
      5: ['select $1::text', [], '08P01'],
    };
    const answers = await Promise.allSettled(
      range(200).map((n) => {
        const [text, values] = failing[n % 11] ?? ['select $1::int * 2', [String(n)]];
        return ask(pool, text, values);
      }),
    );
    const said = answers.map((answer) =>
      answer.status === 'fulfilled' ? answer.value[0]?.[0] : (answer.reason as { code: string }).code,
    );
    expect(said).toEqual(range(200).map((n) => failing[n % 11]?.[2] ?? String(n * 2)));
  });

  it('knows a table that came to be after its statement had failed, and a column that has changed since', async () => {
    const pool = make({ max: 2 });
    const text = 'select * from later_on';
    await expect(ask(pool, text)).rejects.toMatchObject({ code: '42P01' });
    await admin.query(`create table later_on as select 1 as a; grant select on later_on to cashgraph_read`);
    for (const _ of range(3)) expect(await ask(pool, text)).toEqual([['1']]);
    await admin.query(`alter table later_on alter column a type text using 'one'`);
    expect(await Promise.all(range(20).map(() => ask(pool, text)))).toEqual(range(20).map(() => [['one']]));
  });

  it('lets nobody wait for a statement that turns out slow', async () => {
    const pool = make({ max: 4 });
    const waiting = 'select pg_advisory_xact_lock_shared($1) is null';
    const quick = 'select $1::text';
    for (const _ of range(8)) await Promise.all([ask(pool, waiting, ['7']), ask(pool, quick, ['x'])]);
    const holder = await admin.connect();
    await holder.query('select pg_advisory_lock(7)');
    const done: string[] = [];
    const noted = async (name: string, asked: Promise<unknown>) => {
      await asked;
      done.push(name);
    };
    // more of them than lines are shared, so that each has one at its head
    const slow = range(3).map((n) => noted(`slow ${n}`, ask(pool, waiting, ['7'])));
    const others = range(100).map((n) => noted('quick', ask(pool, quick, [String(n)])));
    await Promise.all(others);
    expect(done).toEqual(range(100).map(() => 'quick'));
    holder.release(true);
    await Promise.all(slow);
  });

  it('tells the one whose connection was cut, and reads for those behind it on another', async () => {
    const pool = make();
    const [[pid = ''] = []] = await ask(pool, 'select pg_backend_pid()');
    const slow = ask(pool, 'select pg_sleep(5)');
    const others = range(20).map((n) => ask(pool, 'select $1::text', [String(n)]));
    setTimeout(() => void admin.query('select pg_terminate_backend($1)', [pid]), 50);
    await expect(slow).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await Promise.all(others)).toEqual(range(20).map((n) => [[String(n)]]));
  });

  it('ends one that takes longer than allowed, and no other', async () => {
    const pool = make({ statementTimeoutMs: 500 });
    const slow = ask(pool, 'select pg_sleep(20)');
    const others = range(20).map((n) => ask(pool, 'select $1::text', [String(n)]));
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(await Promise.all(others)).toEqual(range(20).map((n) => [[String(n)]]));
  });

  it('gives up on a server that has fallen silent', async () => {
    const silent = await silentProxy();
    const pool = make({ statementTimeoutMs: 500, port: silent.port });
    expect(await ask(pool, 'select 1')).toEqual([['1']]);
    silent.fallSilent();
    await expect(ask(pool, 'select 1')).rejects.toMatchObject({ code: 'TIMEOUT' });
    silent.speakAgain();
    expect(await ask(pool, 'select 1')).toEqual([['1']]);
  });

  it('brings long texts as they are, whatever pieces they come in', async () => {
    const pool = make();
    const long = `repeat('ü"\\😀', 300000)`;
    const [[text, short, nothing] = []] = await ask(pool, `select ${long}, 'x', null`);
    expect([text?.length, short, nothing]).toEqual([1_500_000, 'x', null]);
    expect(text).toBe('ü"\\😀'.repeat(300_000));
    const lengths = range(60).map((n) => n * 1_777);
    const answers = await Promise.all(
      lengths.map((n) => ask(pool, `select repeat('y', $1::int) from generate_series(1, 3)`, [`${n}`])),
    );
    expect(answers.map((rows) => rows.map(([one]) => one?.length))).toEqual(lengths.map((n) => [n, n, n]));
  });

  it('fails the read whose sink fails, and no other', async () => {
    const pool = make();
    const sink = {
      row: () => {
        throw new Error('full');
      },
    };
    const failing = pool.run({ text: 'select generate_series(1, 100)', values: [] }, settings(), sink);
    const beside = ask(pool, 'select 2');
    await expect(failing).rejects.toThrow('full');
    expect(await beside).toEqual([['2']]);
  });

  it('answers what is under way when it ends, and refuses what comes then', async () => {
    const pool = createBytePool({ connection, role: 'cashgraph_read', max: 2, statementTimeoutMs: 10_000 });
    const under = range(5).map((n) => ask(pool, 'select pg_sleep(0.1) is null, $1::text', [String(n)]));
    const ended = pool.end();
    await expect(ask(pool, 'select 1')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await ended;
    expect((await Promise.all(under)).map(([row]) => row?.[1])).toEqual(range(5).map(String));
  });
});

/** Passes everything on until it is told to keep what the database says. */
async function silentProxy(): Promise<{ port: number; fallSilent(): void; speakAgain(): void }> {
  let isSilent = false;
  const open = new Set<Socket>();
  const proxy: Server = createServer((client) => {
    const path = `${connection.host}/.s.PGSQL.${connection.port}`;
    const server = connection.host?.startsWith('/') ? connect(path) : connect(Number(connection.port), connection.host);
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('error', () => {}).on('close', () => [client, server].forEach((one) => one.destroy()));
    }
    client.pipe(server);
    server.on('data', (bytes) => !isSilent && client.write(bytes));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    for (const socket of open) socket.destroy();
    proxy.close();
  });
  const address = proxy.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    fallSilent: () => {
      isSilent = true;
    },
    speakAgain: () => {
      isSilent = false;
    },
  };
}
