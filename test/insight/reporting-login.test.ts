// Logins for BI are made, changed and ended by the operator's command line. A password is shown once; what happens is in the log.
import 'reflect-metadata';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { newPassword, scramVerifier, withRole } from '../../src/cli/reporting-role.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { withClient } from '../support/connection.ts';
import { cashgraph, type ReportingLogin, reportingLogin } from '../support/reporting.ts';
import { openBooks, startWorld } from '../support/world.ts';

const world = await startWorld({ now: '2026-01-05T09:00:00.000Z' });
await world.addTenant('beta');
const { database } = world;
let login: ReportingLogin;

beforeAll(async () => {
  await openBooks(world);
  await openBooks(world, { tenant: 'beta', number: 'C-9' });
  login = await reportingLogin(database, 'acme', '--connections', '2', '--timeout', '7');
});

const asAdministrator = <T>(work: (client: pg.Client) => Promise<T>) => withClient(database.connection, work);
const customers = () => login.rows<{ number: string }>('select number from customer');

it('sees its tenant, is found in the list, and has the limits that were asked for', async () => {
  expect(await customers()).toEqual([{ number: 'C-1' }]);
  const listed = await cashgraph(database, ['reporting-login', 'list', '--tenant', 'acme', '--json']);
  expect(JSON.parse(listed.out)).toEqual([{ name: login.name, purpose: 'Test', createdAt: expect.any(String) }]);
  const other = await cashgraph(database, ['reporting-login', 'list', '--tenant', 'beta']);
  expect(other).toMatchObject({ code: 0, out: '', err: 'The tenant beta has no reporting login.\n' });
  expect(
    await login.rows('select current_setting($1) as timeout, current_setting($2) as readonly', [
      'statement_timeout',
      'default_transaction_read_only',
    ]),
  ).toEqual([{ timeout: '7s', readonly: 'on' }]);
  const open = await Promise.all(
    [1, 2].map(async () => {
      const client = new pg.Client(login.connection);
      await client.connect();
      return client;
    }),
  );
  await expect(customers()).rejects.toMatchObject({ code: '53300' });
  for (const client of open) await client.end();
});

it('takes no password but its own', async () => {
  const wrong = new URL(String(login.connection.connectionString));
  wrong.password = 'wrong';
  const refused = await withClient({ connectionString: wrong.href }, (client) => client.query('select 1')).catch(
    (error: unknown) => error,
  );
  // a server that asks nobody for a password, as an embedded one does, can't show this; what it keeps can
  const [kept] = await asAdministrator(
    async (client) => (await client.query(`select rolpassword from pg_authid where rolname = '${login.name}'`)).rows,
  );
  const salt = Buffer.from(/:([^$]+)\$/.exec(kept.rolpassword)?.[1] ?? '', 'base64');
  expect(kept.rolpassword).toBe(scramVerifier(login.password, salt));
  expect(scramVerifier('wrong', salt)).not.toBe(kept.rolpassword);
  if (refused instanceof Error) expect(refused).toMatchObject({ code: '28P01' });
});

it('is rotated: another password, the same rows', async () => {
  const { code, out } = await cashgraph(database, ['reporting-login', 'rotate', login.name, '--tenant', 'acme', '--json']);
  const { password } = JSON.parse(out) as { password: string };
  expect([code, password.length]).toEqual([0, 32]);
  expect(password).not.toBe(login.password);
  const [kept] = await asAdministrator(
    async (client) => (await client.query(`select rolpassword from pg_authid where rolname = '${login.name}'`)).rows,
  );
  expect(kept.rolpassword).toBe(scramVerifier(password, Buffer.from(/:([^$]+)\$/.exec(kept.rolpassword)?.[1] ?? '', 'base64')));
});

it('is ended at once, also for a session that is open', async () => {
  const client = new pg.Client(login.connection);
  await client.connect();
  const dropped = await cashgraph(database, ['reporting-login', 'drop', login.name, '--tenant', 'acme']);
  expect(dropped).toMatchObject({ code: 0, err: `${login.name} sees nothing any more.\n` });
  expect((await client.query('select from customer').catch(() => ({ rowCount: 0 }))).rowCount).toBe(0);
  await client.end();
  await expect(customers()).rejects.toMatchObject({ code: expect.stringMatching(/^28/) });
  const again = await cashgraph(database, ['reporting-login', 'drop', login.name, '--tenant', 'acme']);
  expect(again).toMatchObject({ code: 1, err: `The tenant acme has no reporting login ${login.name}.\n` });
});

it('what happened is in the log, without any password, and an administrator sees it in the graph', async () => {
  await world.platform.sealer.sealed();
  const rows = await asAdministrator(
    async (client) =>
      (await client.query(`select type, payload from event where record_kind = 'ReportingLogin' order by position`)).rows,
  );
  expect(rows).toEqual(
    ['created', 'rotated', 'dropped'].map((what) => ({ type: `reporting_login.${what}`, payload: { name: login.name } })),
  );
  const { reportingLogins } = await (await world.as('admin')).ask(
    '{ reportingLogins { nodes { name purpose version droppedAt } } }',
  );
  expect(reportingLogins.nodes).toEqual([{ name: login.name, purpose: 'Test', version: 3, droppedAt: expect.any(String) }]);
  const { errors } = await (await world.as('analyst')).send('{ reportingLogins { nodes { name } } }');
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
});

describe('where the user may make no logins', () => {
  it('the statements for an administrator are given, without the password in them, and the tenant is noted all the same', async () => {
    const name = `cashgraph_plain_${Buffer.from(systemRandom.bytes(4)).toString('hex')}`;
    await asAdministrator(async (client) => {
      await client.query(`create role ${name} login nosuperuser nocreaterole`);
      await client.query(`set role ${name}`);
      let isNoted = false;
      const statements = [`create role ${name}_other login`];
      const left = await withRole(client, statements, async () => {
        isNoted = true;
      });
      expect([left, isNoted]).toEqual([statements, true]);
      await client.query('reset role');
      await client.query(`drop role ${name}`);
    });
  });

  it('a login that could not be noted is not made', async () => {
    const name = `cashgraph_plain_${Buffer.from(systemRandom.bytes(4)).toString('hex')}`;
    await asAdministrator(async (client) => {
      const refused = withRole(client, [`create role ${name} login`], () => Promise.reject(new Error('no')));
      await expect(refused).rejects.toThrow('no');
      expect((await client.query(`select from pg_roles where rolname = '${name}'`)).rowCount).toBe(0);
    });
  });
});

it('passwords are long, and no letter of theirs comes more often than another', () => {
  const letters = Array.from({ length: 400 }, () => newPassword((count) => systemRandom.bytes(count))).join('');
  const counts = new Map<string, number>();
  for (const letter of letters) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect([letters.length, counts.size]).toEqual([400 * 32, 55]);
  expect(Math.max(...counts.values())).toBeLessThan((2 * letters.length) / 55);
});

it('keeps of a password what RFC 5803 and RFC 7677 say', () => {
  // the example of RFC 7677: user, pencil, salt W22ZaJ0SNY7soEsUEjb6gQ==
  const verifier = scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));
  expect(verifier).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});
