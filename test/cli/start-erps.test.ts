// `start` with a demo: simulated companies in SAP, NetSuite and QuickBooks are connected and read before it says that it is ready, what
// people do there shows here, and a second start has the same books.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { afterAll, expect, it } from 'vitest';
import { PORTAL_CUSTOMERS } from '../../src/cli/demo/customers.ts';
import { portalSubject } from '../../src/cli/demo/today.ts';
import { ensureActor, ensureTenant } from '../../src/cli/tenant.ts';
import { freshDatabase } from '../support/database.ts';
import { broken } from '../support/invariants.ts';
import { makeScratchFolder } from '../support/scratch.ts';
import { ISSUER } from '../support/world.ts';
import { ask, command, type Running, startServer } from './commands.ts';

const dataDir = makeScratchFolder();
const database = await freshDatabase();
const env = { DATABASE_URL: urlOf(database.connection) };
const running: Running[] = [];
afterAll(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(dataDir, { recursive: true, force: true });
});

function urlOf({ connectionString, user = '', password, host = '', port = 5432, database: name = '' }: ClientConfig): string {
  const secret = typeof password === 'string' ? `:${encodeURIComponent(password)}` : '';
  return connectionString ?? `postgres://${user}${secret}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`;
}

/** A demo whose history is made: there is nothing of it but who signs in. */
async function makeDemo(): Promise<string> {
  const address = { connection: database.connection, rolePrefix: 'cashgraph' };
  const { id } = await ensureTenant(address, { slug: 'demo', name: 'Demo', groupCurrency: 'EUR', isSandbox: true });
  const [portal] = PORTAL_CUSTOMERS.map(({ number }) => portalSubject(number));
  for (const subject of ['admin', portal ?? ''])
    await ensureActor(address, id, { name: subject, issuer: ISSUER, subject, roles: subject === 'admin' ? ['admin'] : [] });
  return id;
}

interface Started {
  readonly server: Running;
  readonly quickbooks: string;
  see<Data>(query: string): Promise<Data>;
  stop(): Promise<void>;
}

/** Of the administrator: it holds for every server on this folder. */
let token = '';

async function start(): Promise<Started> {
  const server = await startServer(['--data-dir', dataDir], env);
  running.push(server);
  const quickbooks = /^ {2}QuickBooks (\S+),/m.exec(server.stdout())?.[1] ?? '';
  token ||= (await command(['cashgraph', 'token', '--role', 'admin', '--data-dir', dataDir], env)).stdout.trim();
  return {
    server,
    quickbooks,
    see: (query) => ask(server, token, { query }),
    async stop() {
      server.child.kill('SIGTERM');
      expect(await server.ended).toBe(0);
      running.splice(running.indexOf(server), 1);
    },
  };
}

interface Row {
  readonly entity: string;
  readonly id: string;
  readonly serial: number;
  readonly openMinor: number;
}

/** What the simulator keeps. */
function booksThere(): readonly Row[] {
  const folder = join(dataDir, 'simulators');
  const file = readdirSync(folder).find((name) => /^quickbooks-.*\.json$/.test(name)) ?? '';
  return (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { books: { rows: Row[] } }).books.rows;
}

interface Here {
  readonly connections: {
    readonly nodes: readonly {
      readonly code: string;
      readonly health: string;
      readonly company: string | null;
      readonly failure: string | null;
      readonly streams: readonly { readonly name: string; readonly recordCount: number; readonly openIssueCount: number }[];
    }[];
  };
  readonly invoices: { readonly totalCount: number };
  readonly payments: { readonly totalCount: number };
  readonly customerAccounts: { readonly totalCount: number };
}

const HERE = `{ connections { nodes { code health company failure streams { name recordCount openIssueCount } } }
  invoices { totalCount } payments { totalCount } customerAccounts { totalCount } }`;
const owed = async (tenantId: string): Promise<number> => {
  const client = await database.as('app').connect();
  try {
    await client.query(`select set_config('app.tenant_id', $1, false)`, [tenantId]);
    const { rows } = await client.query<{ minor: string }>(
      `select sum(open_minor) as minor from open_item where legal_entity_id = (select id from legal_entity where code = 'QB')`,
    );
    return Number(rows[0]?.minor);
  } finally {
    client.release(true);
  }
};
const sumThere = (rows: readonly Row[]): number =>
  rows.filter(({ entity }) => entity === 'Customer').reduce((sum, { openMinor }) => sum + openMinor, 0);

const ENDPOINTS = '{ webhookEndpoints { nodes { url lifecycle } } }';
const webhooksOf = ({ server }: Started) => `${/^ {2}Webhooks +(\S+)/m.exec(server.stdout())?.[1]}hooks`;

/** What the demo's receiver shows, as soon as it has got so much. */
async function receivedWebhooks(started: Started, count: number): Promise<readonly { id: string; type: string }[]> {
  for (;;) {
    const received = (await (await fetch(webhooksOf(started))).json()) as { id: string; type: string }[];
    if (received.length >= count) return received;
    await sleep(50);
  }
}

it('reads the company before it is ready, follows what people do there, and goes on with the same books', {
  timeout: 240_000,
}, async () => {
  const tenantId = await makeDemo();
  const first = await start();
  for (const name of ['SAP', 'NetSuite', 'QuickBooks'])
    expect(first.server.stderr()).toMatch(new RegExp(`^Read ${name}: \\d+ records`, 'm'));
  const here = await first.see<Here>(HERE);
  expect(here.connections.nodes.map(({ health, failure }) => [health, failure])).toEqual(
    here.connections.nodes.map(() => ['HEALTHY', null]),
  );
  const connection = here.connections.nodes.find(({ code }) => code === 'qb');
  expect(connection).toMatchObject({ code: 'qb', health: 'HEALTHY', company: 'Larkspur Landscape Supply', failure: null });
  expect(connection?.streams.filter((stream) => stream.openIssueCount > 0)).toEqual([]);
  const count = (name: string) => connection?.streams.find((stream) => stream.name === name)?.recordCount;
  const there = booksThere();
  const countThere = (entity: string) => there.filter((row) => row.entity === entity).length;
  expect(countThere('Invoice')).toBeGreaterThan(200);
  expect([count('customers'), count('invoices'), count('payments'), count('credit-memos')]).toEqual(
    ['Customer', 'Invoice', 'Payment', 'CreditMemo'].map(countThere),
  );
  expect(await owed(tenantId)).toBe(sumThere(there));
  expect(sumThere(there)).toBeGreaterThan(0);
  expect(await broken(database, tenantId)).toEqual([]);
  const received = await receivedWebhooks(first, 20);
  expect(received.map(({ id }) => id)).toEqual([...new Set(received.map(({ id }) => id))]);

  const open = there.filter(({ entity, openMinor }) => entity === 'Invoice' && openMinor > 0);
  const newest = open.toSorted((a, b) => b.serial - a.serial)[0]?.id ?? '';
  await fetch(first.quickbooks, { method: 'POST', body: new URLSearchParams({ invoice: newest, do: 'pay' }) });
  const query = `{ invoice(externalRef: { connection: "qb", id: "${newest}" }) { status } }`;
  const status = async (started: Started) => (await started.see<{ invoice: { status: string } }>(query)).invoice.status;
  while ((await status(first)) !== 'PAID') await sleep(50);
  const before = await first.see<Here>(HERE);
  await first.stop();

  const second = await start();
  expect(second.server.stderr()).toMatch(/^Read QuickBooks: [0-3] records were new or changed/m);
  expect(await second.see<Here>(HERE)).toEqual(before);
  expect(await second.see(ENDPOINTS)).toMatchObject({
    webhookEndpoints: { nodes: [{ lifecycle: 'ACTIVE', url: webhooksOf(second) }] },
  });
  expect(await status(second)).toBe('PAID');
  expect(booksThere()).toHaveLength(there.length + 1);
  expect(await owed(tenantId)).toBe(sumThere(booksThere()));
  expect(await broken(database, tenantId)).toEqual([]);
  await second.stop();
});
