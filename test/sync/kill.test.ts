// Workers that are killed at random while they read a whole company and write to it, over a network on which a quarter of all requests
// fails: in the end both books have each record once, and agree.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { connector } from '../../connectors/quickbooks/index.ts';
import { type Body, startSimulator } from '../../connectors/quickbooks/simulator/index.ts';
import { ENTITIES } from '../../connectors/quickbooks/streams.ts';
import { ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { FAULT_KINDS } from '../../src/connect/simulator.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { createPlatform } from '../../src/platform.ts';
import { withClient } from '../support/connection.ts';
import { freshDatabase } from '../support/database.ts';
import { broken } from '../support/invariants.ts';
import { type NodeProcess, runNode, until } from '../support/processes.ts';
import { connectionInput } from '../support/quickbooks.ts';
import type { WorkerSettings } from './worker.ts';

const KILLS = Number(process.env['KILLS'] ?? 4);
const SIZE = Number(process.env['SIZE'] ?? 60);
const PUSHES = Number(process.env['PUSHES'] ?? 12);
const FAULTS = 0.25;
const SEED = process.env['RANDOM_SEED'] ?? 'kill';

const random = seededRandom(SEED);
const database = await freshDatabase();
const simulator = await startSimulator({ seed: SEED, size: SIZE, limits: null });
const dataDir = mkdtempSync(join(tmpdir(), 'cashgraph-kill-'));
const secretKey = Buffer.from(random.bytes(32));
const address = { connection: database.connection, rolePrefix: 'cashgraph' };
const { id: tenantId } = await ensureTenant(
  address,
  { slug: 'acme', name: 'acme', groupCurrency: 'USD', isSandbox: true },
  systemClock,
);
/** Never started: it only commands and looks. */
const platform = await createPlatform({
  ...address,
  clock: systemClock,
  randomness: seededRandom(`${SEED} ids`),
  config: loadConfig({ NODE_ENV: 'test' }, { PORT: 0, CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent' }),
  secretKeys: [secretKey],
  connectors: [connector],
});
const principal = await platform.systemPrincipal(tenantId);
afterAll(async () => {
  await platform.close();
  await simulator.close();
});

const look = <T>(text: string): Promise<readonly T[]> =>
  withClient(database.connection, async (client) => (await client.query(text)).rows as readonly T[]);

async function command(name: string, input: Record<string, unknown>): Promise<string> {
  const outcome = await platform.write.run(platform.command(name), input, { principal, requestId: 'kill' });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.recordId;
}

function startWorker(): NodeProcess {
  const settings: WorkerSettings = { connection: database.connection, dataDir, secretKey: secretKey.toString('base64') };
  const worker = join(import.meta.dirname, 'worker.ts');
  return runNode(['--import', 'tsx', worker], { env: { ...process.env, WORKER: JSON.stringify(settings) }, stdin: 'ignore' });
}

/** What a dead process held is free, as if its leases had run out. */
async function leasesRunOut(): Promise<void> {
  const pool = database.as('system');
  await pool.query(`update lease set until = clock_timestamp() - interval '1 second' where until > clock_timestamp()`);
  await pool.query(`update delivery set claimed_until = null where state = 'PENDING'`);
}

/** What waits for its time goes on, as if minutes had passed. */
async function timePasses(): Promise<void> {
  const pool = database.as('system');
  await pool.query(`update delivery set next_at = now() where state = 'PENDING' and next_at > now()`);
  await pool.query(
    `update sync_stream set next_run_at = now() where next_run_at > now() and (failure is not null or last_succeeded_at is null)`,
  );
  await pool.query(`update connection_state set breaker_until = null where breaker_until is not null`);
  await pool.query(`update rate_budget set blocked_until = null where blocked_until is not null`);
}

/** What is here of the ERP's records, by stream and by how it stands. */
async function here(): Promise<readonly { stream: string; state: string; ids: readonly string[]; records: number }[]> {
  return look(`select stream, state, array_agg(external_id) as ids, count(distinct record_id)::int as records
      from erp_record group by stream, state`);
}

const idOf = (row: Body): string => row['Id'] as string;
const EVERYTHING = Object.entries(ENTITIES);
/** Estimates that nobody accepted are no orders: they are kept, and are not here. */
const isOrder = (row: Body) => row['TxnStatus'] !== 'Pending';

/** What is wrong with what is here, against the simulator's own books; empty: each record is here once. */
async function differences(): Promise<readonly string[]> {
  const found = await here();
  const wrong: string[] = [];
  for (const [stream, entity] of EVERYTHING) {
    const rows = simulator.all(entity);
    const there = (entity === 'Estimate' ? rows.filter(isOrder) : rows).map((row) => idOf(row)).sort();
    const mine = found.filter((one) => one.stream === stream && one.state === 'SYNCED');
    const ids = mine.flatMap((one) => one.ids).sort();
    const records = mine.reduce((sum, one) => sum + one.records, 0);
    if (ids.join() !== there.join()) wrong.push(`${stream}: ${there.length} there, ${ids.length} here`);
    if (records !== ids.length && stream !== 'terms') wrong.push(`${stream}: ${ids.length} of theirs are ${records} of ours`);
  }
  return wrong;
}

async function openRequests(): Promise<number> {
  const [row] = await look<{ count: number }>(`select count(*)::int as count from erp_request where lifecycle = 'SENT'`);
  return row?.count ?? 0;
}

async function connect(): Promise<string> {
  await command('setExchangeRate', { fromCurrency: 'EUR', toCurrency: 'USD', validOn: '2015-01-01', rate: '1.08' });
  const entity = await command('createLegalEntity', {
    code: 'US01',
    name: 'Windrose Supply Inc.',
    country: 'US',
    functionalCurrency: 'USD',
    timeZone: 'America/Los_Angeles',
  });
  const legalEntityId = publicId('le', entity);
  await command('createConnection', connectionInput({ simulator, legalEntityId, syncEveryS: 10 }));
  return legalEntityId;
}

/** Orders and payments of accounts that were read already: each is to be there once. */
async function write(count: number): Promise<readonly string[]> {
  const known = await look<{ id: string; external: string }>(
    `select a.id, r.external_id as external from customer_account a join erp_record r on r.record_id = a.id and r.state = 'SYNCED' order by a.id`,
  );
  // nothing is paid for customers that are not used any more
  const accounts = known.filter(({ external }) => simulator.read('Customer', external)?.['Active'] === true);
  if (accounts.length === 0) return [];
  const made: string[] = [];
  for (let i = 0; i < count; i++) {
    const accountId = publicId('acc', random.pick(accounts).id);
    const amount = { amount: `${1 + random.int(900)}.${10 + random.int(90)}`, currency: 'USD' };
    made.push(publicId('pay', await command('recordPayment', { accountId, amount, reference: `R-${made.length}` })));
  }
  return made;
}

const WAIT_TRIES = 240;
const WAIT_MS = 250;

it(`loses and doubles nothing through ${KILLS} kills and a quarter of failing requests`, async () => {
  await connect();
  simulator.setFaults({ rate: FAULTS, kinds: FAULT_KINDS.filter((kind) => kind !== 'TIMEOUT') });
  const written: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    // one alone, or two that share the work
    const workers = Array.from({ length: 1 + (kill % 2) }, startWorker);
    await until(() => workers.every((worker) => worker.stdout().includes('ready')));
    await sleep(200 + random.int(1_500));
    written.push(...(await write(Math.ceil(PUSHES / KILLS))));
    await sleep(random.int(1_500));
    for (const worker of workers) worker.child.kill('SIGKILL');
    await Promise.all(workers.map((worker) => worker.ended));
    await leasesRunOut();
    await timePasses();
  }
  const last = startWorker();
  try {
    let wrong: readonly string[] = ['not looked yet'];
    for (let i = 0; i < WAIT_TRIES && wrong.length > 0; i++) {
      await sleep(WAIT_MS);
      if (i % 8 === 7) await timePasses();
      const open = await openRequests();
      wrong = [...(open > 0 ? [`${open} requests are on their way`] : []), ...(await differences())];
    }
    const failing = await look<{ name: string; failure: string }>(
      'select name, failure from sync_stream where failure is not null',
    );
    expect(wrong, `${JSON.stringify(failing)} ${last.stderr()}`).toEqual([]);
  } finally {
    last.child.kill('SIGTERM');
    await last.ended;
  }
  simulator.setFaults({});
  expect(written.length).toBeGreaterThan(0);
  const theirs = simulator.all('Payment').map((row) => JSON.stringify(row['PrivateNote'] ?? ''));
  for (const id of written)
    expect(
      theirs.filter((note) => note.includes(id)),
      id,
    ).toHaveLength(1);
  expect(await broken(database, tenantId)).toEqual([]);
}, 300_000);
