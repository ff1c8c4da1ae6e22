// The database of the live bench: an embedded server that writes as one in earnest does, a company with an invoice for each customer, made
// through commands, and whoever commits what happens to them. Events are committed as commands commit theirs, into the inbox, so that sealer,
// notice, reading and scope are all on their way; how fast commands make them is what the bench of writes asks.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ensureDatabase, startPostgres } from '../../src/cli/embedded-postgres.ts';
import { migrate } from '../../src/cli/migrate.ts';
import { ensureActor, ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createPlatform, type Platform } from '../../src/platform.ts';
import { openLocalIssuer } from '../../src/transport/local-issuer.ts';
import { sharedMs } from './live-clock.ts';

export interface LiveBooks {
  readonly connection: pg.ClientConfig;
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly postmasterPid: number;
  /** The account of each customer. */
  readonly accountIds: readonly string[];
  /** Of people who may see everything of the company: as many as the subscribers need, of whom one login has at most a hundred. */
  readonly tokens: readonly string[];
  /** Commits an event on the invoice of each of these customers, numbered from `from` on; gives the moment before the commit. */
  commit(topics: readonly number[], from: number): Promise<number>;
  stop(): Promise<void>;
}

const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '512MB',
  max_connections: '100',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
};
const DATABASE = 'live';
const TENANT = 'bench';
const TOKEN_LIFETIME_S = 3_600;
export const SOCKETS_PER_LOGIN = 100;

export async function openLiveBooks({ customers, people }: { customers: number; people: number }): Promise<LiveBooks> {
  const parent = join(tmpdir(), 'cashgraph-bench');
  mkdirSync(parent, { recursive: true });
  chmodSync(parent, 0o755);
  const home = mkdtempSync(join(parent, 'live-'));
  chmodSync(home, 0o755);
  const server = await startPostgres({ home, settings: SETTINGS, dieWithParent: true });
  const stop = async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const connection: pg.ClientConfig = { ...server.connection, database: DATABASE };
    await ensureDatabase(server.connection, DATABASE);
    await migrate({ connection, folder: join(import.meta.dirname, '../../migrations') });
    const dataDir = join(home, 'server');
    const tokens = await fill({ connection, dataDir, customers, people });
    const publisher = new pg.Client(connection);
    await publisher.connect();
    const accountIds = await sample(publisher);
    const { host = '', port, user } = server.connection;
    return {
      connection,
      databaseUrl: `postgres://${user}@localhost:${port}/${DATABASE}?host=${encodeURIComponent(host)}`,
      dataDir,
      postmasterPid: Number(readFileSync(join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n', 1)[0]),
      accountIds,
      tokens,
      commit: (topics, from) => commit(publisher, topics, from),
      stop: async () => {
        await publisher.end();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Filling {
  readonly connection: pg.ClientConfig;
  readonly dataDir: string;
  readonly customers: number;
  readonly people: number;
}

async function fill({ connection, dataDir, customers, people }: Filling): Promise<string[]> {
  const address = { connection, rolePrefix: 'cashgraph' };
  const config = loadConfig({ NODE_ENV: 'development' }, { CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
  const [local] = config.issuers;
  if (!local) throw new Error('Development has a local issuer');
  const wanted = { slug: TENANT, name: TENANT, groupCurrency: 'EUR', isSandbox: false };
  const { id: tenantId } = await ensureTenant(address, wanted, systemClock);
  const names = Array.from({ length: people }, (_, i) => `reader-${i + 1}`);
  for (const name of names)
    await ensureActor(address, tenantId, { name, issuer: local.issuer, subject: name, roles: ['analyst'] });
  const platform = await createPlatform({ ...address, clock: systemClock, randomness: systemRandom, config });
  try {
    await fillBooks(platform, tenantId, customers);
  } finally {
    await platform.close();
  }
  const issuer = await openLocalIssuer({ dataDir, issuer: local, clock: systemClock });
  return Promise.all(names.map((subject) => issuer.issueToken({ subject, tenant: TENANT, lifetimeS: TOKEN_LIFETIME_S })));
}

async function fillBooks(platform: Platform, tenantId: string, customers: number): Promise<void> {
  const request = { principal: await platform.systemPrincipal(tenantId), requestId: 'bench' };
  const run = async (name: string, inputs: readonly object[]) => {
    const outcomes = await platform.write.runSet(platform.command(name), inputs, request);
    return outcomes.map((outcome) => {
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
      return outcome.recordId;
    });
  };
  const [entity = ''] = await run('createLegalEntity', [
    { code: 'DE01', name: 'Bench', country: 'DE', functionalCurrency: 'EUR', timeZone: 'Europe/Berlin' },
  ]);
  const legalEntityId = publicId('le', entity);
  const numbers = Array.from({ length: customers }, (_, i) => `C-${i + 1}`);
  await run(
    'importCustomer',
    numbers.map((number) => ({ legalEntityId, number, name: `Customer ${number}`, currency: 'EUR' })),
  );
  await run(
    'importInvoice',
    numbers.map((customerNumber) => ({
      legalEntityId,
      externalId: customerNumber,
      customerNumber,
      number: `INV-${customerNumber}`,
      amount: '12345.67',
      currency: 'EUR',
      issuedOn: '2026-01-10',
      dueOn: '2026-02-09',
    })),
  );
  await platform.sealer.sealed();
}

/** What happened first to each invoice, in the session's own table: the pattern for what happens to it next. */
async function sample(client: pg.Client): Promise<string[]> {
  await client.query(
    `create temp table sample as select (row_number() over (order by number) - 1)::int as topic, e.* from (
       select distinct on (e.record_id) i.number, e.* from event e join invoice i on i.id = e.record_id and i.tenant_id = e.tenant_id
       where e.record_kind = 'Invoice' order by e.record_id, e.position) e`,
  );
  await client.query('alter table sample add primary key (topic)');
  await client.query('vacuum (analyze)');
  const { rows } = await client.query<{ id: string }>('select account_id as id from sample order by topic');
  return rows.map(({ id }) => publicId('acc', id));
}

const EVENTS = `insert into event_inbox (tenant_id, event_id, type, type_version, legal_entity_id, account_id, customer_id, record_kind,
    record_id, record_version, actor_id, request_id, occurred_at, effective_on, recorded_at, payload)
  select s.tenant_id, gen_random_uuid(), s.type, s.type_version, s.legal_entity_id, s.account_id, s.customer_id, s.record_kind,
    s.record_id, n.number, s.actor_id, 'bench', s.occurred_at, s.effective_on, now(), s.payload
  from unnest($1::int[], $2::int[]) as n (topic, number) join sample s using (topic) order by n.number`;

async function commit(client: pg.Client, topics: readonly number[], from: number): Promise<number> {
  await client.query('begin');
  const numbers = topics.map((_, i) => from + i);
  await client.query({ name: 'events', text: EVENTS, values: [topics, numbers] });
  const atMs = sharedMs();
  await client.query('commit');
  return atMs;
}
