// Reads on connections that time out, break and run short.
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { createReadPool } from '../../src/read/pool.ts';
import { freshDatabase } from '../support/database.ts';

const { connection } = await freshDatabase();
const admin = new pg.Pool(connection);
const make = (options: { max?: number; statementTimeoutMs?: number } = {}) => {
  const pool = createReadPool({ connection, role: 'cashgraph_read', max: 2, statementTimeoutMs: 10_000, ...options });
  afterAll(() => pool.end());
  return pool;
};
afterAll(() => admin.end());

const settings = { 'app.tenant_id': '00000000-0000-7000-8000-000000000001' };
const one = { text: 'select 1 as one', values: [] };

describe('the read pool', () => {
  it('takes on the role and sets the tenant for one statement', async () => {
    const text = `select current_user as who, current_setting('app.tenant_id', true) as tenant`;
    expect(await make().run({ text, values: [] }, settings)).toEqual([
      { who: 'cashgraph_read', tenant: settings['app.tenant_id'] },
    ]);
  });

  it('gives rows, values and nulls as pg does', async () => {
    const [row] = await make().run(
      { text: 'select $1::text as a, $2::int as b, null as c, $3::uuid[] as d', values: ['x', 2, []] },
      settings,
    );
    expect(row).toEqual({ a: 'x', b: 2, c: null, d: [] });
  });

  it('ends a statement that takes too long with TIMEOUT, and goes on', async () => {
    const pool = make({ max: 1, statementTimeoutMs: 500 });
    await expect(pool.run({ text: 'select pg_sleep(20)', values: [] }, settings)).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(await pool.run(one, settings)).toEqual([{ one: 1 }]);
  });

  it('says UNAVAILABLE when its connection is cut, and goes on', async () => {
    const pool = make({ max: 1 });
    for (let round = 0; round < 3; round++) {
      const [own] = await pool.run<{ pid: number }>({ text: 'select pg_backend_pid() as pid', values: [] }, settings);
      const sleeping = pool.run({ text: 'select pg_sleep(5)', values: [] }, settings);
      const waiting = pool.run(one, settings);
      setTimeout(() => void admin.query('select pg_terminate_backend($1)', [own?.pid]), 50);
      await expect(sleeping).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(await waiting).toEqual([{ one: 1 }]);
    }
  });

  it('survives the end of idle connections', async () => {
    const pool = make();
    const [own] = await pool.run<{ pid: number }>({ text: 'select pg_backend_pid() as pid', values: [] }, settings);
    await admin.query('select pg_terminate_backend($1)', [own?.pid]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await pool.run(one, settings)).toEqual([{ one: 1 }]);
  });

  it('says UNAVAILABLE when no database is there', async () => {
    const pool = createReadPool({
      connection: { host: '127.0.0.1', port: 1 },
      role: 'cashgraph_read',
      max: 1,
      statementTimeoutMs: 10_000,
    });
    await expect(pool.run(one, settings)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await pool.end();
  });

  it('passes a mistake in SQL on, and goes on with the same names', async () => {
    const pool = make({ max: 1 });
    const wrong = { text: 'select nothing from nowhere', values: [] };
    for (let round = 0; round < 3; round++) {
      await expect(pool.run(wrong, settings)).rejects.toMatchObject({ code: '42P01' });
      const divided = { text: 'select 1 / $1::int as x', values: [0] };
      await expect(pool.run(divided, settings)).rejects.toMatchObject({ code: '22012' });
      expect(await pool.run({ ...divided, values: [1] }, settings)).toEqual([{ x: 1 }]);
    }
  });

  it('refuses settings that are not ours', async () => {
    await expect(make().run(one, { role: 'cashgraph_owner' })).rejects.toThrow('no setting of ours');
  });

  it('keeps a bounded number of statements prepared', async () => {
    const pool = make({ max: 1 });
    for (let n = 0; n < 350; n++) expect(await pool.run({ text: `select ${n} as n`, values: [] }, settings)).toEqual([{ n }]);
    expect(await pool.run({ text: 'select 0 as n', values: [] }, settings)).toEqual([{ n: 0 }]);
    const [{ count } = { count: 0 }] = await pool.run<{ count: number }>(
      { text: 'select count(*)::int from pg_prepared_statements', values: [] },
      settings,
    );
    expect(count).toBeGreaterThan(250);
    expect(count).toBeLessThanOrEqual(301);
  });

  it('answers many at once, each under its own tenant', async () => {
    const pool = make({ max: 2 });
    const ids = Array.from({ length: 200 }, (_, n) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`);
    const seen = await Promise.all(
      ids.map((id) =>
        pool.run<{ tenant: string }>(
          { text: `select current_setting('app.tenant_id') as tenant`, values: [] },
          { 'app.tenant_id': id },
        ),
      ),
    );
    expect(seen.map(([row]) => row?.tenant)).toEqual(ids);
  });
});
