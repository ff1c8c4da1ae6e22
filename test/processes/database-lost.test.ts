// The database goes away under load and comes back: shut down immediately, again and again; all its sessions ended at once. No process is
// restarted, nothing that was acknowledged is lost, keys decide what a client doesn't know, and subscribers go on without a gap.
// CRASHES and TILLS set how often and by how many clients.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedPostgres, ensureDatabase, startPostgres } from '../../src/cli/embedded-postgres.ts';
import { isServing, readPidFile } from '../../src/cli/embedded-postgres-process.ts';
import { migrate } from '../../src/cli/migrate.ts';
import { broken } from '../support/invariants.ts';
import { makeScratchFolder } from '../support/scratch.ts';
import { openBooks, type Books } from '../support/world.ts';
import { keepPaying, paidUnder, type Payment, type Till } from './clients.ts';
import { openStage, type Started, until } from './stage.ts';

const CRASHES = Number(process.env['CRASHES'] ?? 3);
const TILLS = Number(process.env['TILLS'] ?? 6);
/** How long the load runs before each crash. */
const CALM_MS = Number(process.env['CALM_MS'] ?? 700);
/** The load is to flow as before within this time after the database takes connections again. */
const FULL_RATE_MS = 5_000;

const home = join(makeScratchFolder(), 'postgres');
const settings = { max_connections: '150' };
// with all that makes a database durable
let postgres: EmbeddedPostgres = await startPostgres({ home, settings, dieWithParent: true });
afterAll(async () => {
  await postgres.stop();
  rmSync(join(home, '..'), { recursive: true, force: true });
});
const connection = { ...postgres.connection, database: 'cashgraph' };
await ensureDatabase(postgres.connection, 'cashgraph');
await migrate({ connection, folder: join(import.meta.dirname, '../../migrations'), rolePrefix: 'cashgraph' });
// here and not in a hook: what a hook registers to be closed is not
const stage = await openStage(connection, { LEASE_TTL_MS: '2000', SHUTDOWN_IDLE_MS: '100' });
let server: Started;
let worker: Started;
let books: Books;
let token: string;

beforeAll(async () => {
  [server, worker] = await Promise.all([stage.serve(), stage.worker()]);
  books = await openBooks(stage.hands(server));
  token = await stage.tokenOf('cash');
}, 120_000);

/** Every session is cut without a word, nothing is written to the disk any more; then it recovers from its log. */
async function crash(): Promise<void> {
  const pid = readPidFile(postgres.dataDir)?.pid ?? 0;
  process.kill(pid, 'SIGQUIT');
  await until('the database to be gone', () => !isServing(postgres.dataDir, pid));
  await sleep(200);
  postgres = await startPostgres({ home, settings, dieWithParent: true });
}

const endAllSessions = () =>
  stage.rows(`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'cashgraph %'`);

interface Load {
  readonly troubles: unknown[];
  stop(): Promise<Payment[]>;
}

function load(prefix: string): Load {
  const over = new AbortController();
  const troubles: unknown[] = [];
  const till = (n: number): Till => ({
    name: `${prefix}-${n}`,
    accountId: books.accountId,
    token,
    url: () => server.url,
    onTrouble: (trouble) => void troubles.push(trouble),
  });
  const paying = Array.from({ length: TILLS }, (_, n) => keepPaying(till(n), over.signal));
  return {
    troubles,
    async stop() {
      over.abort();
      return (await Promise.all(paying)).flat();
    },
  };
}

/** All that a subscriber hears, until it is stopped. */
async function listen() {
  const socket = (await stage.person(server, 'cash')).socket();
  const heard: string[] = [];
  const closed: unknown[] = [];
  socket.on('closed', (event) => void closed.push(event));
  const query = 'subscription { events(after: "0", types: ["payment.received"]) { cursor event { recordId } gap { from to } } }';
  const stop = socket.subscribe<{ events: { event: { recordId: string } | null } }>(
    { query },
    {
      next: ({ data, errors }) => void heard.push(data?.events.event?.recordId ?? JSON.stringify(errors ?? data)),
      error: (error) => void closed.push(error),
      complete: () => {},
    },
  );
  return { heard, closed, stop };
}

const times = (payments: readonly Payment[], from: number, to: number) =>
  payments.filter(({ acknowledgedMs }) => acknowledgedMs >= from && acknowledgedMs < to).length;

it(`loses nothing that was acknowledged through ${CRASHES} immediate shutdowns and the end of every session`, async () => {
  const listener = await listen();
  const running = load('till');
  const starts: { readonly goneMs: number; readonly backMs: number }[] = [];
  for (let n = 0; n <= CRASHES; n++) {
    await sleep(CALM_MS);
    const goneMs = performance.now();
    await (n < CRASHES ? crash() : endAllSessions());
    starts.push({ goneMs, backMs: performance.now() });
    await sleep(CALM_MS);
  }
  await sleep(Number(process.env['AFTER_MS'] ?? 500));
  const paid = await running.stop();

  // each client was answered again in time, as fast as before
  const figures = starts.map(({ goneMs, backMs }) => {
    const first = paid
      .filter(({ acknowledgedMs }) => acknowledgedMs > backMs)
      .map(({ acknowledgedMs }) => acknowledgedMs - backMs);
    return {
      downMs: Math.round(backMs - goneMs),
      before: Math.round((times(paid, goneMs - CALM_MS, goneMs) / CALM_MS) * 1_000),
      firstAfterMs: Math.round(Math.min(...first)),
      after: Math.round(
        (times(paid, backMs, backMs + FULL_RATE_MS) / Math.min(FULL_RATE_MS, performance.now() - backMs)) * 1_000,
      ),
    };
  });
  if (process.env['CRASHES']) process.stdout.write(`${JSON.stringify(figures)}\n`);
  for (const { firstAfterMs } of figures) expect(firstAfterMs).toBeLessThan(FULL_RATE_MS);

  // what was acknowledged is there, once; and nothing else
  const rows = await stage.rows<{ id: string; reference: string }>('select id, reference from payment');
  expect(new Set(rows.map(({ reference }) => reference)).size).toBe(rows.length);
  const ids = new Map(rows.map(({ id, reference }) => [reference, id]));
  expect(paid.filter(({ reference, id }) => ids.get(reference) !== id.slice(id.indexOf('_') + 1))).toEqual([]);
  expect(rows).toHaveLength(paid.length);
  // a key gives the answer that it gave before
  for (const { key, id } of paid.filter(({ tries }, n) => tries > 1 || n % 50 === 0))
    expect(await paidUnder(key, { accountId: books.accountId, token, url: () => server.url })).toBe(id);

  // the subscriber has each of them once, in their order, on the connection that it had
  await until('the subscriber to have heard all', () => listener.heard.length >= rows.length).catch(async (error: Error) => {
    const [log] = await stage.rows(
      `select (select count(*)::int from event where type = 'payment.received') as sealed, (select count(*)::int from event_inbox) as inbox,
         (select jsonb_agg(l) from lease l) as leases, clock_timestamp() as now`,
    );
    const said = { heard: listener.heard.length, paid: rows.length, log, closed: listener.closed };
    throw new Error(`${error.message} ${JSON.stringify(said)} ${server.stderr()} ${worker.stderr()}`);
  });
  const log = await stage.rows<{ id: string }>(
    `select record_id as id from event where type = 'payment.received' order by position`,
  );
  expect(listener.heard.map((id) => id.slice(id.indexOf('_') + 1))).toEqual(log.map(({ id }) => id));
  expect(listener.closed).toEqual([]);
  listener.stop();

  expect([server.child.exitCode, worker.child.exitCode]).toEqual([null, null]);
  expect(await broken(stage, stage.tenantId)).toEqual([]);
}, 120_000);

it('jobs go on in the process that lost the database while it ended one', async () => {
  const count = async () => (await stage.rows('select from graphile_worker._private_jobs')).length;
  for (let n = 0; n < 2; n++) {
    await stage.rows(`select enqueue('prune', '{}', 'prune ' || g) from generate_series(1, 40) g`);
    await sleep(30);
    await endAllSessions();
    // one that failed is tried again after seconds, and after more each time
    await until('all jobs to be done', async () => (await count()) === 0, 55_000);
  }
  expect(worker.child.exitCode).toBeNull();
  expect(await Promise.all([server.stop(), worker.stop()])).toEqual([0, 0]);
}, 120_000);
