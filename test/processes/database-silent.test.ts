// The database vanishes without a word: connections stay open, and nothing comes back on them. Whoever waits is told in time, the connections
// are given up, and as soon as it can be reached again everything goes on, in the same process: reads, writes, the log, streams and webhooks.
import { expect, it } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { startSilentProxy } from '../support/silent-proxy.ts';
import { type Answer, startWorld } from '../support/world.ts';
import { hookTo, newCustomer } from '../webhook-endpoint/hooks.ts';
import { startReceiver } from '../webhook-endpoint/receiver.ts';

const fresh = await freshDatabase();
const proxy = await startSilentProxy(fresh.connection);
const world = await startWorld({
  database: { ...fresh, connection: proxy.connection },
  settings: {
    READ_TIMEOUT_MS: 1_000,
    WRITE_TIMEOUT_MS: 1_000,
    BACKGROUND_TIMEOUT_MS: 2_000,
    LEASE_TTL_MS: 1_000,
    READINESS_TIMEOUT_MS: 1_000,
    CONNECT_TIMEOUT_MS: 1_000,
  },
});
const admin = await world.as('admin');
const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions?.['code'];
const RENAME = `mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) { userErrors { message } } }`;

it('who waits is told, and all goes on when it is back', async () => {
  const receiver = await startReceiver();
  await hookTo(world, receiver.url);
  const heard: string[] = [];
  const id = await newCustomer(admin);
  const query = 'subscription { customerChanged(after: "0") { cursor event { version } gap { from } } }';
  const leave = admin.socket().subscribe<{ customerChanged: { event: { version: number } | null } }>(
    { query },
    {
      next: ({ data, errors }) => void heard.push(String(data?.customerChanged.event?.version ?? JSON.stringify(errors))),
      error: (error) => void heard.push(JSON.stringify(error)),
      complete: () => void heard.push('complete'),
    },
  );
  await expect.poll(() => heard).toEqual(['1']);
  await expect.poll(() => receiver.taken.length).toBe(1);

  proxy.silence();
  expect(proxy.silent).toBeGreaterThan(3);
  const read = () => admin.send('query($id: ID!) { customer(id: $id) { name version } }', { id });
  const write = (name: string) => admin.send(RENAME, { input: { id, name, idempotencyKey: name } });
  const told = await Promise.all([read(), write('one'), read(), write('two')]);
  expect(told.map(codeOf).filter((code) => code !== 'UNAVAILABLE' && code !== 'TIMEOUT')).toEqual([]);
  const status = await fetch(new URL('/readyz', world.url));
  expect(status.status).toBe(503);

  proxy.heal();
  await expect.poll(async () => codeOf(await read())).toBe(undefined);
  await expect.poll(async () => codeOf(await write('three'))).toBe(undefined);
  // what nobody was told of is there once or not at all
  await expect.poll(() => heard.at(-1)).toBe(String((await read()).data?.['customer'].version));
  expect(heard).toEqual(heard.map((_, i) => String(i + 1)));
  await expect.poll(() => receiver.taken.map(({ message }) => message.data.recordVersion).map(String)).toEqual(heard);
  // the connections of before are given up, the one that only listens as well
  await expect.poll(() => proxy.silent).toBe(0);
  expect((await fetch(new URL('/readyz', world.url))).status).toBe(200);
  leave();
});
