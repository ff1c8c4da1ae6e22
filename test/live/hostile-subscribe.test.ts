// What a subscription can be asked with and must not be: refused the same over both transports, with a sentence and a code, and no stream begun.
import { expect, it } from 'vitest';
import { openBooks, type Shown, startWorld } from '../support/world.ts';

const world = await startWorld();
const { accountId, customerId } = await openBooks(world);
const admin = await world.as('admin');
const warehouse = await world.as('warehouse');
const socket = admin.socket();
const other = warehouse.socket();
/** One that goes on beside all that is refused. */
const heard: unknown[] = [];
socket.subscribe(
  { query: 'subscription { customerChanged { cursor } }' },
  { next: (message) => heard.push(message), error: () => {}, complete: () => {} },
);
await world.platform.sealer.sealed();
async function gauges(): Promise<Record<string, number>> {
  const text = await (await fetch(world.url.replace('/graphql', '/metrics'))).text();
  const names = ['streams', 'event_stream_operations', 'event_streams', 'live_subscribers'];
  return Object.fromEntries(names.map((name) => [name, Number(new RegExp(`^cashgraph_${name} (\\d+)$`, 'm').exec(text)?.[1])]));
}

const events = (args: string) => `subscription { events${args} { cursor } }`;
const huge = '9'.repeat(18);

it.each([
  ['after: letters', events('(after: "abc")'), 'CURSOR_INVALID'],
  ['after: empty', events('(after: "")'), 'CURSOR_INVALID'],
  ['after: negative', events('(after: "-1")'), 'CURSOR_INVALID'],
  ['after: a fraction', events('(after: "1.5")'), 'CURSOR_INVALID'],
  ['after: leading noughts', events('(after: "007")'), 'CURSOR_INVALID'],
  ['after: hexadecimal', events('(after: "0x1")'), 'CURSOR_INVALID'],
  ['after: of the future', events(`(after: "${huge}")`), 'CURSOR_INVALID'],
  ['after: longer than any position', events(`(after: "${huge}${huge}")`), 'CURSOR_INVALID'],
  ['after: a statement', events(`(after: "1; drop table event")`), 'CURSOR_INVALID'],
  ['after: a zero byte', events('(after: "1\\u0000")'), 'GRAPHQL_VALIDATION_FAILED'],
  ['after: a number', events('(after: 1)'), 'GRAPHQL_VALIDATION_FAILED'],
  ['an unknown kind of record', events('(recordKinds: [Nope])'), 'GRAPHQL_VALIDATION_FAILED'],
  ['an account that is a customer', events(`(accountId: "${customerId}")`), 'INVALID_ID'],
  ['a customer that is an account', events(`(customerId: "${accountId}")`), 'INVALID_ID'],
  ['an id that is none', 'subscription { invoiceChanged(id: "inv_1") { cursor } }', 'INVALID_ID'],
  ['an id of another kind', `subscription { invoiceChanged(id: "${accountId}") { cursor } }`, 'INVALID_ID'],
  ['progress after letters', 'subscription { syncProgress(after: "abc") { cursor } }', 'CURSOR_INVALID'],
  ['two streams in one', 'subscription { events { cursor } invoiceChanged { cursor } }', 'GRAPHQL_VALIDATION_FAILED'],
  [
    'too much for one message',
    `subscription { orderChanged { record { ${Array.from({ length: 20 }, (_, n) => `a${n}: lines { id }`).join(' ')} customer { accounts(first: 1000) { nodes { customer { accounts(first: 1000) { nodes { id } } } } } } } } }`,
    'QUERY_TOO_COSTLY',
  ],
])('%s', async (_name, query, code) => {
  expect(await refusalOver(socket, query)).toBe(code);
  expect(await refusalBySse(admin.token, query)).toBe(code);
});

it.each(['paymentChanged', 'creditChanged', 'approvalChanged', 'importChanged'])('%s without its permission', async (name) => {
  const query = `subscription { ${name} { cursor } }`;
  expect(await refusalOver(other, query)).toBe('FORBIDDEN');
  expect(await refusalBySse(warehouse.token, query)).toBe('FORBIDDEN');
});

it('a mutation over a socket is one effect for its key, as over HTTP', async () => {
  const mutation = 'mutation { createCustomer(input: { number: "C-9", name: "Once" }) { customer { id } } }';
  const extensions = { idempotencyKey: 'over-a-socket' };
  const once = async () => {
    for await (const { data } of socket.iterate<Shown>({ query: mutation, extensions }))
      return data?.createCustomer.customer.id as string;
    return null;
  };
  const [first, second] = [await once(), await once()];
  expect(first).toMatch(/^cus_/);
  expect(second).toBe(first);
  await expect.poll(() => heard.length).toBe(1);
  heard.length = 0;
});

it('nothing of all that is left, and the stream beside it goes on', async () => {
  await admin.do('updateCustomer', { id: customerId, name: 'Still there' }, 'customer');
  await expect.poll(() => heard.length).toBe(1);
  await expect.poll(gauges).toEqual({ streams: 1, event_stream_operations: 0, event_streams: 0, live_subscribers: 1 });
});

/** Null: it was begun, or is not answered. */
async function refusalOver(of: typeof socket, query: string): Promise<string | null> {
  return new Promise((done) => {
    const stop = of.subscribe<Shown>(
      { query },
      {
        next: ({ errors }) => done(String(errors?.[0]?.extensions?.['code'])),
        error: (errors) => done(String((errors as Shown)[0]?.extensions.code)),
        complete: () => {},
      },
    );
    setTimeout(() => {
      stop();
      done(null);
    }, 20_000).unref();
  });
}

async function refusalBySse(token: string, query: string): Promise<string | null> {
  const response = await fetch(world.url, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  const [, data = 'null'] = /^event: next\ndata: (.*)\n\nevent: complete\n/m.exec(await response.text()) ?? [];
  const shown: Shown = JSON.parse(data);
  return shown?.errors?.[0]?.extensions.code ?? null;
}
