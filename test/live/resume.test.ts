// A snapshot and what follows from its cursor is the whole truth: whoever reads at any moment, follows from there over any transport, and
// comes again after each break, ends with what a fresh read shows.
import { createClient as createSseClient } from 'graphql-sse';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { collect, openBooks, type Person, type Shown, startWorld } from '../support/world.ts';

const world = await startWorld();
const { accountId } = await openBooks(world);
const billing = await world.as('billing');
const cash = await world.as('cash');
const analyst = await world.as('analyst');
const FIELDS = 'id version status open { amount }';

interface Message {
  readonly invoiceChanged: {
    readonly cursor: string;
    readonly event: { readonly type: string; readonly version: number };
    readonly record: { readonly id: string; readonly version: number } | null;
  };
}
const CHANGES = `subscription($after: Cursor) { invoiceChanged(after: $after) { cursor event { type version } record { ${FIELDS} } } }`;
/** As one statement, and as one that only the ordinary path can answer. */
const SNAPSHOTS = [
  `{ logPosition invoices(first: 1000) { nodes { ${FIELDS} } } }`,
  `{ invoices(first: 1000) { nodes { ${FIELDS} } } me { name } logPosition }`,
];

const issue = async (): Promise<string> => {
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: '100', taxCategory: 'S', taxRate: '19' }];
  const { id } = await billing.do('draftInvoice', { accountId, lines }, 'invoice');
  await billing.do('issueInvoice', { id }, 'invoice');
  return id as string;
};
const pay = async (invoiceId: string, amount: string) => {
  const { id } = await cash.do('recordPayment', { accountId, amount: { amount, currency: 'EUR' } }, 'payment');
  await cash.do('applyCash', { paymentId: id, allocations: [{ invoiceId, amount }] }, 'payment');
};

/** Issues and pays until told to stop, a few at once. */
function write(seed: string) {
  const random = seededRandom(seed);
  let isOver = false;
  const one = async (): Promise<void> => {
    while (!isOver) {
      const id = await issue();
      if (random.int(2) === 0) await pay(id, '19');
      if (random.int(3) === 0) await pay(id, '100');
      await sleep(random.int(10));
    }
  };
  const writers = [one(), one(), one()];
  return async () => {
    isOver = true;
    await Promise.all(writers);
    await world.platform.sealer.sealed();
  };
}

const sockets: { dispose(): unknown }[] = [];
afterAll(() => sockets.forEach((socket) => void socket.dispose()));

type Follow = (person: Person, after: string, most: number, until: string) => Promise<Message[]>;
const overSocket: Follow = (person, after, most, until) =>
  collect<Message>(person.socket(), CHANGES, { after }, (all) => isEnough(all, most, until));
const overSse: Follow = async (person, after, most, until) => {
  const client = createSseClient({ url: world.url, headers: { authorization: `Bearer ${person.token}` }, retryAttempts: 0 });
  sockets.push(client);
  const all: Message[] = [];
  for await (const { data, errors } of client.iterate<Shown>({ query: CHANGES, variables: { after } })) {
    if (errors) throw new Error(JSON.stringify(errors));
    all.push(data as Message);
    if (isEnough(all, most, until)) break;
  }
  return all;
};
const isEnough = (all: readonly Message[], most: number, until: string) =>
  all.length === most || all.at(-1)?.invoiceChanged.cursor === until;

describe.each([
  ['over a WebSocket', overSocket],
  ['over server-sent events', overSse],
])('%s', (name, follow) => {
  it.each(SNAPSHOTS)('a snapshot at a random moment and what follows it is what a fresh read shows: %s', async (snapshot) => {
    const random = seededRandom(`${name} ${snapshot}`);
    const stop = write(`${name} ${snapshot}`);
    await sleep(100 + random.int(200));
    const taken = await analyst.ask(snapshot);
    const mine = new Map<string, Shown>(taken['invoices'].nodes.map((node: Shown) => [node.id, node]));
    const begun = mine.size;
    let cursor = taken['logPosition'] as string;
    const seen: string[] = [];
    const take = (messages: readonly Message[]) => {
      for (const { invoiceChanged: message } of messages) {
        cursor = message.cursor;
        seen.push(cursor);
        const { record } = message;
        // the record is at least as new as the event; what the snapshot showed already may come once more
        if (record && record.version >= (mine.get(record.id)?.version ?? 0)) mine.set(record.id, record);
      }
    };
    for (let breaks = 0; breaks < 3; breaks++) take(await follow(analyst, cursor, 1 + random.int(5), ''));
    await stop();
    const last = await world.database
      .as('system')
      .query<{ position: string }>(`select max(position) as position from event where record_kind = 'Invoice'`);
    const until = last.rows[0]?.position ?? '';
    if (cursor !== until) take(await follow(analyst, cursor, 100_000, until));
    const fresh = (await analyst.ask(SNAPSHOTS[0] ?? ''))['invoices'].nodes as Shown[];
    expect(mine.size).toBeGreaterThan(begun);
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => Number(a) - Number(b)));
    expect([...mine.values()].toSorted(byId)).toEqual(fresh.toSorted(byId));
  });
});

const byId = (a: Shown, b: Shown) => (a.id < b.id ? -1 : 1);

it('a position is never newer than the rows beside it, in whatever order they are asked for, with the writer in between', async () => {
  const stop = write('beside');
  for (let n = 0; n < 15; n++) {
    const { logPosition, invoices } = await analyst.ask(SNAPSHOTS[n % 2] ?? '');
    const { rows } = await world.database
      .as('system')
      .query<{ id: string; version: number }>(
        `select record_id as id, max(record_version) as version from event where record_kind = 'Invoice' and position <= $1 group by 1`,
        [logPosition],
      );
    const shown = new Map<string, number>(invoices.nodes.map((node: Shown) => [node.id.slice(4), node.version]));
    expect(rows.filter(({ id, version }) => (shown.get(id) ?? 0) < version)).toEqual([]);
  }
  await stop();
});

it('a browser that comes again with Last-Event-ID goes on where it was, whatever the operation says itself', async () => {
  const stop = write('browser');
  const read = async (headers: Record<string, string>, count: number) => {
    const controller = new AbortController();
    const query = encodeURIComponent('subscription { invoiceChanged(after: "0") { cursor } }');
    const response = await fetch(`${world.url}?query=${query}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${analyst.token}`, ...headers },
      signal: controller.signal,
    });
    const reader = response.body?.getReader();
    let text = '';
    while ((text.match(/^id: /gm)?.length ?? 0) < count) text += new TextDecoder().decode((await reader?.read())?.value);
    controller.abort();
    return [...text.matchAll(/event: next\nid: (\d+)\ndata: \{"data":\{"invoiceChanged":\{"cursor":"(\d+)"\}\}\}\n\n/g)].map(
      ([, id, cursor]) => {
        expect(id).toBe(cursor);
        return Number(id);
      },
    );
  };
  const first = (await read({}, 3)).slice(0, 3);
  const second = (await read({ 'last-event-id': String(first.at(-1)) }, 4)).slice(0, 4);
  await stop();
  const { rows } = await world.database
    .as('system')
    .query<{ position: string }>(`select position from event where record_kind = 'Invoice' order by position limit 7`);
  expect([...first, ...second]).toEqual(rows.map(({ position }) => Number(position)));
  const bad = await fetch(`${world.url}?query=${encodeURIComponent('subscription { events { cursor } }')}`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${analyst.token}`, 'last-event-id': 'nonsense' },
  });
  expect(await bad.text()).toMatch(/"code":"CURSOR_INVALID"[^]*event: complete/);
});
