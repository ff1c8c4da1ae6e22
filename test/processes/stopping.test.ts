// A process that is told to stop while everybody works with it: each request is answered, streams end with a code that says so, what it
// held is free at once, and it is gone in time. CLIENTS sets how many.
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { freshDatabase } from '../support/database.ts';
import { broken } from '../support/invariants.ts';
import { openBooks, type Books } from '../support/world.ts';
import { keepLooking, keepPaying } from './clients.ts';
import { openStage, type Started, until } from './stage.ts';

const CLIENTS = Number(process.env['CLIENTS'] ?? 12);
const STREAMS = Number(process.env['STREAMS'] ?? 6);
/** How long all is calm before and after. */
const CALM_MS = Number(process.env['CALM_MS'] ?? 800);
const EXIT_MS = 10_000;

const database = await freshDatabase();
const stage = await openStage(database.connection);
let leaving: Started;
let staying: Started;
let worker: Started;
let books: Books;
let token: string;

beforeAll(async () => {
  [leaving, staying, worker] = await Promise.all([stage.serve(), stage.serve(), stage.worker()]);
  books = await openBooks(stage.hands(staying));
  token = await stage.tokenOf('cash');
}, 120_000);

const codeOf = (trouble: unknown): string =>
  trouble instanceof Error ? ((trouble as NodeJS.ErrnoException).code ?? trouble.message) : JSON.stringify(trouble);

/** A stream on a socket of its own; gives the code with which that was closed. */
function follow(url: string): Promise<number> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    lazy: true,
  });
  const closed = new Promise<number>((done) => client.on('closed', (event) => done((event as { code: number }).code)));
  client.subscribe({ query: 'subscription { events { cursor } }' }, { next: () => {}, error: () => {}, complete: () => {} });
  return closed;
}

/** The same over HTTP; gives whether it came to its end in order. */
async function followOverHttp(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: 'subscription { events { cursor } }' }),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
  return answer.text().then(
    () => true,
    () => false,
  );
}

it(`SIGTERM: ${CLIENTS} clients that pay and look lose no request, sockets are closed with 1001, and event streams end`, async () => {
  const closings = Array.from({ length: STREAMS }, () => follow(leaving.url));
  const streams = Array.from({ length: STREAMS }, () => followOverHttp(leaving.url));
  const over = new AbortController();
  const troubles: string[] = [];
  const gone = new Set<number>();
  const clientOf = (n: number) => ({
    token,
    // as a load balancer does: who is refused goes to the other one
    url: () => (gone.has(n) ? staying.url : leaving.url),
    onTrouble(trouble: unknown) {
      troubles.push(codeOf(trouble));
      if (codeOf(trouble) === 'ECONNREFUSED') gone.add(n);
    },
  });
  const { accountId } = books;
  const paying = Array.from({ length: CLIENTS }, (_, n) =>
    keepPaying({ ...clientOf(n), name: `stop-${n}`, accountId, looksUp: true }, over.signal),
  );
  const looking = Array.from({ length: CLIENTS }, (_, n) => keepLooking(clientOf(CLIENTS + n), over.signal));
  await sleep(CALM_MS);
  const startMs = performance.now();
  const code = await leaving.stop();
  const stoppedMs = performance.now() - startMs;
  await sleep(CALM_MS);
  over.abort();
  const paid = (await Promise.all(paying)).flat();
  await Promise.all(looking);

  expect(code).toBe(0);
  expect(stoppedMs).toBeLessThan(EXIT_MS);
  // a port on which nobody listens has read nothing
  expect(troubles.filter((trouble) => trouble !== 'ECONNREFUSED')).toEqual([]);
  expect(await Promise.all(closings)).toEqual(closings.map(() => 1001));
  expect(await Promise.all(streams)).toEqual(streams.map(() => true));
  expect(leaving.stderr()).toBe('Stopping …\n');
  const rows = await stage.rows<{ reference: string }>('select reference from payment order by 1');
  expect(rows.map(({ reference }) => reference)).toEqual(paid.map(({ reference }) => reference).sort());
  if (process.env['CLIENTS'])
    process.stdout.write(`${JSON.stringify({ stoppedMs: Math.round(stoppedMs), paid: paid.length, refused: troubles.length })}
`);
});

it('SIGTERM of the only worker in the middle of its work: the next one goes on with all of it', async () => {
  const over = new AbortController();
  const paying = keepPaying({ name: 'work', accountId: books.accountId, token, url: () => staying.url }, over.signal);
  await stage.rows(`select enqueue('prune', '{}', 'prune ' || g) from generate_series(1, 20) g`);
  const startMs = performance.now();
  expect(await worker.stop()).toBe(0);
  expect(performance.now() - startMs).toBeLessThan(EXIT_MS);
  expect(await stage.rows('select from graphile_worker._private_jobs where locked_at is not null')).toEqual([]);
  expect(await stage.rows('select from lease where until > clock_timestamp()')).toEqual([]);
  expect(await stage.rows('select from job_worker')).toEqual([]);
  worker = await stage.worker();
  over.abort();
  await paying;
  await until('all jobs to be done', async () => (await stage.rows('select from graphile_worker._private_jobs')).length === 0);
  await until('all events to be sealed', async () => (await stage.rows('select from event_inbox limit 1')).length === 0);
  expect(await broken(stage, stage.tenantId)).toEqual([]);
  expect(await Promise.all([worker.stop(), staying.stop()])).toEqual([0, 0]);
});
