// The roles of a cluster: made once, by whoever comes first, and never able to pass row-level security.
import pg from 'pg';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { migrate } from '../../src/cli/migrate.ts';
import { asRole, ensureRoles, roleKinds } from '../../src/cli/roles.ts';
import { withClient } from '../support/connection.ts';
import { emptyDatabase } from '../support/database.ts';
import { makeScratchFolder } from '../support/scratch.ts';

const { connection, name } = await emptyDatabase();
const elsewhere = await emptyDatabase();
const query = async (sql: string) => (await withClient(connection, (client) => client.query<pg.QueryResultRow>(sql))).rows;

// Playing other users takes a superuser; a DATABASE_URL may be of a plain one.
const [me] = await query('select rolsuper as "isSuper" from pg_roles where rolname = current_user');
const isSuperuser = Boolean(me?.isSuper);

// Roles are the whole cluster's, so each test has a prefix of its own and takes its roles away.
const prefixes: string[] = [];
const newPrefix = () => {
  const prefix = `cg_${randomBytes(4).toString('hex')}`;
  prefixes.push(prefix);
  return prefix;
};
afterAll(async () => {
  await query(`alter database ${name} owner to current_user`);
  const { rows } = await withClient(connection, (client) =>
    client.query<{ role: string }>('select rolname as role from pg_roles where split_part(rolname, $2, 2) = any($1)', [
      prefixes.map((prefix) => prefix.slice(3)),
      '_',
    ]),
  );
  for (const { role } of rows) await query(`drop owned by ${role} cascade; drop role ${role}`);
});

it('creates what is missing, without login or any right to pass the policies', async () => {
  const prefix = newPrefix();
  await withClient(connection, (client) => ensureRoles(client, prefix));
  const rows = await query(`select rolname from pg_roles where rolname like '${prefix}%'
    and not (rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`);
  expect(rows.map(({ rolname }) => rolname as string).toSorted()).toEqual(
    roleKinds.map((kind) => `${prefix}_${kind}`).toSorted(),
  );
});

it('lets several processes create them at once, on several databases', async () => {
  const prefix = newPrefix();
  const places = [connection, elsewhere.connection, connection, elsewhere.connection];
  await Promise.all(places.map((place) => withClient(place, (client) => ensureRoles(client, prefix))));
  expect(await query(`select from pg_roles where rolname like '${prefix}%'`)).toHaveLength(6);
});

it.runIf(isSuperuser)('grants them to a plain user that may create roles, who can then take them on', async () => {
  const prefix = newPrefix();
  await query(`create role ${prefix}_admin createrole`);
  await withClient(connection, async (client) => {
    await client.query(`set session authorization ${prefix}_admin`);
    await client.query(`create role ${prefix}_app`); // which alone doesn't let its creator take it on
    await ensureRoles(client, prefix);
    await ensureRoles(client, prefix);
    await expect(client.query(`set role ${prefix}_app`)).resolves.toMatchObject({ command: 'SET' });
  });
});

it.runIf(isSuperuser)('tells a user without that right the SQL for an administrator', async () => {
  const prefix = newPrefix();
  await query(`create role ${prefix}_guest`);
  const attempt = withClient(connection, async (client) => {
    await client.query(`set session authorization ${prefix}_guest`);
    await ensureRoles(client, prefix);
  });
  await expect(attempt).rejects.toThrow(/Let an administrator run:\n(.*\n)*  grant \w+_reporting to \w+_guest;$/);
  const sql = await attempt.catch((error: Error) => error.message.replace(/^.*\n/, ''));
  await query(String(sql));
  await withClient(connection, async (client) => {
    await client.query(`set session authorization ${prefix}_guest`);
    await ensureRoles(client, prefix);
    await client.query(`set role ${prefix}_portal`);
  });
});

it.runIf(isSuperuser)('refuses a role that could pass row-level security', async () => {
  const prefix = newPrefix();
  await query(`create role ${prefix}_read bypassrls`);
  const attempt = withClient(connection, (client) => ensureRoles(client, prefix));
  await expect(attempt).rejects.toThrow(`Role ${prefix}_read could pass row-level security. Run: alter role ${prefix}_read`);
});

it('refuses a prefix that would have to be quoted', async () => {
  await expect(withClient(connection, (client) => ensureRoles(client, 'Big; drop'))).rejects.toThrow(
    `"Big; drop" can't be a role prefix`,
  );
});

it('replaces the roles in migrations when the prefix is another', async () => {
  const prefix = newPrefix();
  const scratch = makeScratchFolder();
  const folder = join(scratch, 'migrations');
  mkdirSync(folder);
  writeFileSync(join(folder, '0001-grant.sql'), 'create table one (); grant select on one to cashgraph_read, cashgraph_app;');
  try {
    expect(await migrate({ connection, folder, rolePrefix: prefix })).toEqual(['0001-grant.sql']);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const grants = await query(
    `select distinct grantee from information_schema.role_table_grants where table_name = 'one' order by 1`,
  );
  expect(grants.map(({ grantee }) => grantee as string)).toEqual([`${prefix}_app`, `${prefix}_owner`, `${prefix}_read`]);
});

it.each([
  ['fields', (place: pg.ClientConfig) => place],
  ['fields and options', (place: pg.ClientConfig) => ({ ...place, options: '-c work_mem=5MB' })],
])('takes on a role from the start of a session, given %s', async (_what, given) => {
  await withClient(connection, (client) => ensureRoles(client));
  await withClient(asRole(given(connection), 'cashgraph_app'), async (client) => {
    const { rows } = await client.query<{ user: string }>('select current_user as user');
    expect(rows).toEqual([{ user: 'cashgraph_app' }]);
  });
});

it('takes on a role given a connection string, and keeps the options in it', () => {
  const { connectionString } = asRole(
    { connectionString: 'postgres://me:p%40ss@db:5433/cash?application_name=x&options=-c%20a%3D1' },
    'cashgraph_app',
  );
  const { options, user, password, database } = new pg.Client({ connectionString }) as pg.Client & { options?: string };
  expect({ user, password, database }).toEqual({ user: 'me', password: 'p@ss', database: 'cash' });
  expect(new URL(connectionString ?? '').searchParams.get('options') ?? options).toBe('-c a=1 -c role=cashgraph_app');
});
