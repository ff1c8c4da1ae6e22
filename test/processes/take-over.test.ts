// A worker that dies, or stands still past its lease, in the middle of an export, of a webhook and of a page of an ERP at once: another one
// goes on with all three, and what the late one still does counts for nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/config-limits.ts';
import { freshDatabase } from '../support/database.ts';
import { broken } from '../support/invariants.ts';
import { bare, openBooks, type Books, type Person, type World } from '../support/world.ts';
import { type MiniErp, startMiniErp } from '../sync/mini-erp.ts';
import { hookTo } from '../webhook-endpoint/hooks.ts';
import { type Receiver, startReceiver } from '../webhook-endpoint/receiver.ts';
import { openStage, type Started, until } from './stage.ts';

const LEASE_MS = 1_500;
const CUSTOMERS = '{ customers { nodes { id number accounts { nodes { id priceList { code } } } } } }';
const PER_ROUND = 70;

const database = await freshDatabase();
const stage = await openStage(database.connection, {
  LEASE_TTL_MS: String(LEASE_MS),
  WRITE_IDLE_TIMEOUT_MS: '1000',
  WEBHOOK_TIMEOUT_MS: '60000',
});
let server: Started;
let worker: Started;
let books: Books;
let admin: Person;
let erp: MiniErp;
let receiver: Receiver;

beforeAll(async () => {
  [server, worker, erp, receiver] = await Promise.all([stage.serve(), stage.worker(), startMiniErp(), startReceiver()]);
  books = await openBooks(stage.hands(server));
  admin = await stage.person(server, 'admin');
  await hookTo(stage.hands(server) as World, receiver.url, { types: ['payment.*'] });
  const { id: legalEntityId } = await admin.do(
    'createLegalEntity',
    { code: 'DE02', name: 'Of the ERP', country: 'DE', functionalCurrency: 'EUR', timeZone: 'Europe/Berlin' },
    'legalEntity',
  );
  await admin.do(
    'createConnection',
    {
      code: 'mini',
      name: 'The mini ERP',
      connector: 'mini',
      legalEntities: [{ legalEntityId }],
      config: { baseUrl: erp.url, pageSize: 20 },
      credentials: { clientSecret: erp.clientSecret, refreshToken: erp.firstRefreshToken, webhookSecret: erp.webhookSecret },
    },
    'connection',
  );
}, 120_000);
afterAll(() => erp?.close());

let customerCount = 0;
function putCustomers(count: number): void {
  for (let n = 0; n < count; n++) {
    customerCount += 1;
    const at = new Date(Date.UTC(2026, 2, 1) + Math.floor(customerCount / 10) * 1_000).toISOString();
    erp.put('customers', { id: `E${String(customerCount).padStart(4, '0')}`, at, name: `Customer ${customerCount}` });
  }
}

/** While `during` runs, nobody writes a customer and nobody reads a price list: both kinds of work stand still in their transactions. */
async function standingStill(during: (isStill: () => Promise<boolean>) => Promise<void>): Promise<void> {
  const client = new pg.Client(stage.connection);
  await client.connect();
  try {
    await client.query('begin; lock table price_list in access exclusive mode; lock table customer in share row exclusive mode');
    await during(async () => {
      const { rows } = await client.query<{ name: string }>(
        `select distinct relation::regclass::text as name from pg_locks where not granted and relation in ('price_list'::regclass, 'customer'::regclass)
           and database = (select oid from pg_database where datname = current_database())`,
      );
      return rows.length === 2;
    });
    await client.query('rollback');
  } finally {
    await client.end();
  }
}

const stateOf = async (id: string) =>
  (await admin.ask('query($id: ID!) { export(id: $id) { lifecycle runCount } }', { id }))['export'] as {
    lifecycle: string;
    runCount: number;
  };

/** All three kinds of work under way in `worker`, and then what is done to it; a second one is there. */
async function round(name: string, doTo: (first: Started) => void): Promise<{ first: Started; exportId: string }> {
  const first = worker;
  const cameBefore = receiver.came.length;
  receiver.behave((_, nth) => (nth === cameBefore ? 'HANG' : 204));
  const cash = await stage.person(server, 'cash');
  const amount = { amount: '7', currency: 'EUR' };
  await cash.do('recordPayment', { accountId: books.accountId, amount, reference: name }, 'payment');
  await until('the webhook to be under way', () => receiver.came.length === cameBefore + 1);
  const asked: { exportId: string } = { exportId: '' };
  await standingStill(async (isStill) => {
    putCustomers(PER_ROUND);
    await stage.rows('update sync_stream set next_run_at = now()');
    asked.exportId = (await admin.do('startExport', { format: 'JSONL', query: CUSTOMERS }, 'export')).id;
    await until('a page and an export that stand still', isStill);
    worker = await stage.worker();
    doTo(first);
    // its session goes on by itself: what it waited for is given to it
  });
  await until(
    'the webhook to be delivered by the other one',
    () => receiver.taken.length > 0 && receiver.came.length >= cameBefore + 2,
  );
  await until('the export to be done by the other one', async () => (await stateOf(asked.exportId)).lifecycle === 'DONE');
  // a read that failed beside the lost session is tried again after a pause of its own
  await until('all customers to be read by the other one', async () => {
    const [row] = await stage.rows<{ count: number }>(`select count(*)::int as count from customer where number like 'E%'`);
    return row?.count === customerCount;
  }).catch(async (error: Error) => {
    const streams = await stage.rows('select name, failure, failure_count, next_run_at, last_started_at from sync_stream');
    throw new Error(`${error.message} ${JSON.stringify(streams)}`);
  });
  const [held, again] = receiver.came.slice(cameBefore);
  expect(again?.headers['webhook-id']).toBe(held?.headers['webhook-id']);
  return { first, exportId: asked.exportId };
}

/** Nothing of the three was done twice. */
async function nothingDoubled(exportId: string): Promise<void> {
  expect(await stateOf(exportId)).toEqual({ lifecycle: 'DONE', runCount: 2 });
  const [export_] = await stage.rows<{ rows: number }>('select row_count::int as rows from export where id = $1', [
    bare(exportId),
  ]);
  expect(export_?.rows).toBeGreaterThan(0);
  expect(await stage.rows('select number from customer group by number having count(*) > 1')).toEqual([]);
  expect(
    await stage.rows(
      `select record_id from event where record_kind = 'Customer' group by record_id, record_version having count(*) > 1`,
    ),
  ).toEqual([]);
  // one attempt is noted: the one that ended
  expect(
    await stage.rows(
      `select d.id from webhook_delivery d join webhook_attempt a on a.delivery_id = d.id where d.state = 'DELIVERED' group by d.id having count(*) > 1`,
    ),
  ).toEqual([]);
  expect(await stage.rows('select from webhook_queue where pending_count <> 0')).toEqual([]);
  expect(
    await stage.rows(
      `select from sync_run where state = 'FAILED' and failure <> 'The process that read it ended before it did.'`,
    ),
  ).toEqual([]);
  expect(await stage.rows(`select from sync_run where failure = 'The process that read it ended before it did.'`)).not.toEqual(
    [],
  );
  expect(await broken(stage, stage.tenantId)).toEqual([]);
}

describe('a worker in the middle of an export, a webhook and a page', () => {
  it('that is killed is followed by another one', async () => {
    const { exportId } = await round('killed', (first) => void first.child.kill('SIGKILL'));
    await nothingDoubled(exportId);
    expect(worker.child.exitCode).toBeNull();
  }, 120_000);

  it('that stands still past its lease is followed too, and what it does when it goes on counts for nothing', async () => {
    const { first, exportId } = await round('stopped', (one) => void one.child.kill('SIGSTOP'));
    first.child.kill('SIGCONT');
    await until('the late one to go on', async () => (await fetch(`${first.url}/readyz`)).status === 200);
    await sleep(LEASE_MS); // for whatever it still tries
    await nothingDoubled(exportId);
    expect([first.child.exitCode, worker.child.exitCode]).toEqual([null, null]);
    expect(await Promise.all([first.stop(), worker.stop(), server.stop()])).toEqual([0, 0, 0]);
  }, 120_000);

  it('is followed within 30 seconds, however the lease is set', () => {
    // a job: its process's last sign of life, the next look of another one at it, and the next look into the queue
    const [standard, , longest] = LIMITS.leaseTtlMs;
    expect(standard).toBeLessThan(30_000);
    expect(longest + longest / 5 + 2_000).toBeLessThanOrEqual(30_000);
  });
});
