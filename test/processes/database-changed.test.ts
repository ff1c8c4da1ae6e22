// A migration changes tables under a server that has prepared its statements: what was prepared for the tables of before is made anew, and
// nobody has to restart anything.
import { expect, it } from 'vitest';
import { createReadPool } from '../../src/read/pool.ts';
import { withClient } from '../support/connection.ts';
import { startWorld } from '../support/world.ts';
import { endpointOf, hookTo, newCustomer, rename } from '../webhook-endpoint/hooks.ts';
import { startReceiver } from '../webhook-endpoint/receiver.ts';

const world = await startWorld();
const admin = await world.as('admin');
/** Often enough for plans to be kept on every connection. */
const TIMES = 12;

it('a statement whose columns have other types by now is read again at once, under the same name or anew', async () => {
  const { connection } = world.database;
  const pool = createReadPool({ connection, role: 'cashgraph_read', max: 1, statementTimeoutMs: 5_000 });
  const change = (text: string) => withClient(connection, (client) => client.query(text));
  const settings = { 'app.tenant_id': world.tenantId };
  const read = () => pool.run({ text: 'select a from of_a_migration', values: [] }, settings);
  await change('create table of_a_migration (a int)');
  await change('insert into of_a_migration values (1)');
  await change('grant select on of_a_migration to cashgraph_read');
  for (let i = 0; i < TIMES; i++) expect(await read()).toEqual([{ a: 1 }]);
  await change('alter table of_a_migration alter column a type text');
  for (let i = 0; i < TIMES; i++) expect(await read()).toEqual([{ a: '1' }]);
  await pool.end();
});

it('statements that were prepared before a migration go on after it', async () => {
  const receiver = await startReceiver();
  const endpoint = await hookTo(world, receiver.url);
  const id = await newCustomer(admin);
  let changes = 0;
  const all = async () => {
    const read = () =>
      admin.send(
        'query($id: ID!) { customer(id: $id) { name number version } webhookEndpoints(first: 2) { nodes { url description version } } }',
        { id },
      );
    const answers = await Promise.all(Array.from({ length: TIMES }, read));
    expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
    await Promise.all([newCustomer(admin), newCustomer(admin)]);
    await rename(admin, id);
    await admin.do('updateWebhookEndpoint', { id: endpoint.id, description: `Change ${++changes}` }, 'webhookEndpoint');
    await endpointOf(admin, endpoint.id, 'pendingCount');
    await world.platform.sealer.sealed();
  };
  for (let i = 0; i < TIMES; i++) await all();
  await withClient(world.database.connection, async (client) => {
    await client.query(
      'alter table webhook_endpoint alter column url type varchar(600), alter column description type varchar(300), alter column sealed_secret type varchar(500), alter column version type bigint',
    );
    for (const table of ['customer', 'event', 'event_inbox', 'webhook_delivery', 'webhook_queue'])
      await client.query(`alter table ${table} add column of_a_migration text`);
    await client.query(
      'alter table webhook_endpoint alter column sealed_secret type varchar(500), alter column version type bigint',
    );
  });
  await all();
  await all();
  const { customer } = await admin.ask('query($id: ID!) { customer(id: $id) { version } }', { id });
  const versions = () =>
    receiver.taken.filter(({ message }) => message.data.recordId === id).map(({ message }) => message.data.recordVersion);
  await expect.poll(() => versions().at(-1)).toBe(customer.version);
  expect(versions()).toEqual(versions().map((_, i) => i + 1));
});
