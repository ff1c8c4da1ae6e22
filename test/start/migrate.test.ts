// Migrating is safe when several processes do it at once, and says in a sentence what is wrong.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { migrate } from '../../src/cli/migrate.ts';
import { withClient } from '../support/connection.ts';
import { emptyDatabase } from '../support/database.ts';
import { makeScratchFolder } from '../support/scratch.ts';

const scratch = makeScratchFolder();
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const { connection } = await emptyDatabase();
const folder = join(scratch, 'migrations');

beforeEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  await query('drop schema public cascade; create schema public authorization pg_database_owner');
});

const write = (name: string, sql: string) => writeFileSync(join(folder, name), sql);
const run = () => migrate({ connection, folder });
const query = async (sql: string) => (await withClient(connection, (client) => client.query<pg.QueryResultRow>(sql))).rows;

it('runs the files in order, each once, and then only what is new', async () => {
  write('0001-one.sql', 'create table one ();');
  write('0002-two.sql', 'alter table one add column two text;');
  expect(await run()).toEqual(['0001-one.sql', '0002-two.sql']);
  write('0003-three.sql', 'alter table one add column three text;');
  expect(await run()).toEqual(['0003-three.sql']);
  expect(await run()).toEqual([]);
});

it('leaves everything to the owner role, whoever migrates', async () => {
  write('0001-one.sql', 'create table one ();');
  await run();
  const owners = `select distinct tableowner as owner from pg_tables where schemaname in ('public', 'graphile_worker')`;
  expect(await query(owners)).toEqual([{ owner: 'cashgraph_owner' }]);
  expect(await query(`select pg_get_userbyid(datdba) as owner from pg_database where datname = current_database()`)).toEqual([
    { owner: 'cashgraph_owner' },
  ]);
});

it('lets two processes migrate at once: one does, the other finds it done', async () => {
  await query('drop schema graphile_worker cascade');
  write('0001-slow.sql', 'create table one (id int); select pg_sleep(0.3);');
  // The waiting one must not hold a snapshot, or this would wait for it for ever.
  write('0002-index.sql', '-- no-transaction\ncreate index concurrently one_by_id on one (id);');
  const results = await Promise.all([run(), run(), run()]);
  expect(results.flat()).toEqual(['0001-slow.sql', '0002-index.sql']);
});

it('refuses a file that was changed after it had run', async () => {
  write('0001-one.sql', 'create table one ();');
  await run();
  write('0001-one.sql', 'create table one (id int);');
  await expect(run()).rejects.toThrow('migrations/0001-one.sql was changed after it had run on this database');
});

it('takes a file with other line ends for the same', async () => {
  write('0001-one.sql', 'create table one ();\n-- done\n');
  await run();
  write('0001-one.sql', 'create table one ();\r\n-- done\r\n');
  expect(await run()).toEqual([]);
});

it.each(['0003-three.sql', '0002_two.sql', '0002-Two.sql', '0001-again.sql', 'two.sql'])(
  'refuses the name %s in second place',
  async (name) => {
    write('0001-one.sql', 'select 1;');
    write(name, 'select 1;');
    await expect(run()).rejects.toThrow(/migrations\/\S+: here 000[12]-what-it-does\.sql is expected/);
  },
);

it('refuses a database that is newer than the program', async () => {
  write('0001-one.sql', 'create table one ();');
  write('0002-two.sql', 'create table two ();');
  await run();
  rmSync(join(folder, '0002-two.sql'));
  await expect(run()).rejects.toThrow('The database has migration 0002-two.sql, which this program lacks');
});

it('refuses a file that was renamed after it had run', async () => {
  write('0001-one.sql', 'create table one ();');
  await run();
  renameSync(join(folder, '0001-one.sql'), join(folder, '0001-uno.sql'));
  await expect(run()).rejects.toThrow('The database has migration 0001-one.sql');
});

it.each([
  ['a typing error', 'create table two (\n  id int,\n  when text\n);', '0002-two.sql:4: syntax error at or near "when"'],
  ['a missing table', 'select 1;\n\nselect *\n  from nowhere;', '0002-two.sql:5: relation "nowhere" does not exist'],
  ['what the data forbid', 'insert into one values (1);\ninsert into one\n  values (1);', '0002-two.sql:3: duplicate key'],
])('names file and line of %s, and undoes the file', async (_what, sql, message) => {
  write('0001-one.sql', 'create table one (id int primary key);');
  write('0002-two.sql', `create table half_done ();\n${sql}`);
  await expect(run()).rejects.toThrow(message);
  expect(await query('select name from migration')).toEqual([{ name: '0001-one.sql' }]);
  expect(await query(`select to_regclass('half_done') as found`)).toEqual([{ found: null }]);
});

it('runs an interrupted file without a transaction again from its start', async () => {
  write('0001-one.sql', 'create table one (id int); insert into one values (1), (1);');
  const statements = ['drop index concurrently if exists one_by_id', 'create unique index concurrently one_by_id on one (id)'];
  write('0002-index.sql', `-- no-transaction: the table is large\n${statements.join(';\n')};`);
  await expect(run()).rejects.toThrow('0002-index.sql:3: could not create unique index');
  await query('delete from one');
  expect(await run()).toEqual(['0002-index.sql']);
});
