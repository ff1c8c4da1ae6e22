// Figures of reading an ERP: how many records a second come into the books, beside what the database alone can take of the same rows.
// `npm run bench -- ingest [--rows N] [--json FILE]`. Ratios say more than the times, which are this machine's. It asserts that all have
// the same rows in the end, and nothing about time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import pg from 'pg';
import { z } from 'zod';
import { startPostgres } from '../../src/cli/embedded-postgres.ts';
import { migrate } from '../../src/cli/migrate.ts';
import { ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import { type Connector, defineConnector, type SourceRecord } from '../../src/connect/connector.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createPlatform, type Platform } from '../../src/platform.ts';
import { syncStream } from '../../src/sync/inbound/run.ts';
import { makeScratchFolder } from '../support/scratch.ts';

const PAGE = 1_000;
const say = (text: string) => process.stdout.write(`${text}\n`);
const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const ROWS = Number(option('--rows') ?? 100_000);
const CUSTOMERS = Math.ceil(ROWS / 5);
const INVOICES = ROWS - CUSTOMERS;

interface Raw {
  readonly [name: string]: string;
}

const customer = (i: number): Raw => ({ id: `c${i}`, name: `Customer ${i} GmbH`, email: `ap${i}@example.com`, currency: 'EUR' });
const invoice = (i: number): Raw => ({
  id: `i${i}`,
  number: `N-${i}`,
  customer: `c${(i * 7) % CUSTOMERS}`,
  issuedOn: `2025-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`,
  total: `${100 + (i % 9_000)}.00`,
});

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** An ERP without a network: what is measured is everything behind it. */
const connector: Connector = defineConnector({
  name: 'bench',
  title: 'Bench',
  description: 'Pages out of memory.',
  config: z.strictObject({}),
  credentials: z.strictObject({}),
  baseUrls: () => ['http://127.0.0.1:9'],
  auth: () => ({ kind: 'NONE' }),
  rateLimit: () => ({ key: 'bench', requestsMaxCount: 1_000_000, perMs: 1_000, concurrentMaxCount: 100, pauseMs: 1_000 }),
  authority: { CustomerAccount: 'CONNECTION', Invoice: 'CONNECTION' },
  pushes: [],
  check: async () => ({ company: 'Bench', warnings: [] }),
  streams: [
    {
      name: 'customers',
      kind: 'Customer',
      description: 'Customers.',
      read: (_, { cursor }) => pagesOf(CUSTOMERS, customer, cursor),
      get: async () => [],
      assemble: ({ name, email, currency }) => ({
        document: { name: textIn(name), email: textIn(email), currency: textIn(currency), isActive: true },
      }),
    },
    {
      name: 'invoices',
      kind: 'Invoice',
      description: 'Invoices.',
      read: (_, { cursor }) => pagesOf(INVOICES, invoice, cursor),
      get: async () => [],
      assemble: ({ number, customer: who, issuedOn, total }) => {
        const net = textIn(total);
        const document = { net, tax: '0', total: net, taxes: [], currency: 'EUR', state: 'ISSUED' as const };
        const line = { description: 'Goods', quantity: '1', unitPrice: net, net, taxCategory: 'O', taxRate: '0' };
        const days = { issuedOn: textIn(issuedOn), dueOn: textIn(issuedOn) };
        return { document: { ...document, ...days, number: textIn(number), customer: textIn(who), lines: [line] } };
      },
    },
  ],
});

async function* pagesOf(count: number, make: (i: number) => Raw, cursor: Record<string, unknown> | null) {
  for (let from = Number(cursor?.['from'] ?? 0); from < count; from += PAGE) {
    const records: SourceRecord[] = [];
    for (let i = from; i < Math.min(from + PAGE, count); i++) {
      const raw = make(i);
      records.push({ externalId: raw['id'] ?? '', version: '1', updatedAt: '2025-06-01T00:00:00Z', raw });
    }
    yield { records, cursor: { from: from + PAGE } as never };
  }
}

interface Figure {
  readonly title: string;
  readonly rowsPerSecond: number;
  readonly rows: number;
  readonly cpuMsPerThousand: number;
  readonly peakMb: number;
}

async function measured(title: string, rows: number, work: () => Promise<void>): Promise<Figure> {
  let peak = process.memoryUsage.rss();
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 50);
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  clearInterval(watch);
  const { user, system } = process.cpuUsage(cpu);
  return {
    title,
    rows,
    rowsPerSecond: rows / (ms / 1_000),
    cpuMsPerThousand: (user + system) / rows,
    peakMb: Math.round(Math.max(peak, process.memoryUsage.rss()) / 1e6),
  };
}

const FLAT = `(id text primary key, name text, email text, currency text, number text, customer text, issued_on date, total bigint, raw text not null)`;
const COLUMNS = ['id', 'name', 'email', 'currency', 'number', 'customer', 'issued_on', 'total', 'raw'];
const updates = COLUMNS.slice(1)
  .map((c) => `${c} = excluded.${c}`)
  .join(', ');
const ofTable = (table: string): string =>
  COLUMNS.slice(1)
    .map((c) => `${table}.${c}`)
    .join(', ');
const distinct = (table: string) => `(${ofTable(table)}) is distinct from (${ofTable('excluded')})`;
const onConflict = (table: string) => `on conflict (id) do update set ${updates} where ${distinct(table)}`;

const flat = (raw: Raw) => [
  raw['id'],
  raw['name'] ?? null,
  raw['email'] ?? null,
  raw['currency'] ?? null,
  raw['number'] ?? null,
  raw['customer'] ?? null,
  raw['issuedOn'] ?? null,
  raw['total'] === undefined ? null : raw['total'].replace('.', ''),
  JSON.stringify(raw),
];

/** The rows as pages of flat values: both kinds in one table, which is less than any real one needs. */
function* flatPages() {
  for (const [count, make] of [
    [CUSTOMERS, customer],
    [INVOICES, invoice],
  ] as const)
    for (let from = 0; from < count; from += PAGE)
      yield Array.from({ length: Math.min(PAGE, count - from) }, (_, i) => flat(make(from + i)));
}

interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** The driver's own way to COPY, without the package for streams: one chunk is all there is. */
function copyIn(client: pg.Client, text: string, rows: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = {
      submit: (to: CopyConnection) => to.query(text),
      handleCopyInResponse(to: CopyConnection) {
        to.sendCopyFromChunk(Buffer.from(rows));
        to.endCopyFrom();
      },
      handleCommandComplete() {},
      handleReadyForQuery: () => resolve(),
      handleError: (error: Error) => reject(error),
    };
    client.query(query as never);
  });
}

const tabbed = (page: readonly (readonly (string | null | undefined)[])[]): string =>
  page.map((row) => `${row.map((v) => v?.replaceAll('\\', '\\\\') ?? '\\N').join('\t')}\n`).join('');

/** COPY into a temporary table, then one insert: nothing that goes through SQL is faster. */
async function copied(client: pg.Client): Promise<void> {
  await client.query('create temporary table page (like by_copy)');
  for (const page of flatPages()) {
    await client.query('begin');
    await copyIn(client, 'copy page from stdin', tabbed(page));
    await client.query(`insert into by_copy select * from page ${onConflict('by_copy')}`);
    await client.query('truncate page');
    await client.query('commit');
  }
  await client.query('drop table page');
}

async function unnested(client: pg.Client): Promise<void> {
  const types = ['text', 'text', 'text', 'text', 'text', 'text', 'date', 'bigint', 'text'];
  for (const page of flatPages()) {
    const arrays = types.map((_, column) => page.map((row) => row[column]));
    const source = types.map((type, i) => `$${i + 1}::${type}[]`);
    await client.query(`insert into by_unnest select * from unnest(${source.join(', ')}) ${onConflict('by_unnest')}`, arrays);
  }
}

async function oneByOne(client: pg.Client, count: number): Promise<void> {
  const holes = COLUMNS.map((_, i) => `$${i + 1}`);
  let left = count;
  for (const page of flatPages())
    for (const row of page) {
      if (left-- <= 0) return;
      await client.query(`insert into by_row values (${holes.join(', ')}) ${onConflict('by_row')}`, row);
    }
}

/** What a sync writes rows into. */
const WRITTEN = [
  'event_inbox',
  'erp_record',
  'invoice',
  'invoice_line',
  'open_item',
  'transfer',
  'journal_entry',
  'customer',
  'customer_account',
  'credit_account',
];

/** The very rows that the sync wrote, as files of the server's own, and empty tables like theirs: all their columns and indexes. */
async function openCopies(admin: pg.Client): Promise<readonly { readonly table: string; readonly file: string }[]> {
  const { rows } = await admin.query<{ folder: string }>("select current_setting('data_directory') as folder");
  const copies = WRITTEN.map((table) => ({ table, file: join(rows[0]?.folder ?? '', `${table}.copy`) }));
  for (const { table, file } of copies) {
    await admin.query(`create table copy_of_${table} (like ${table} including all)`);
    await admin.query(`copy ${table} to '${file}'`);
  }
  return copies;
}

async function copiedWhole(admin: pg.Client, copies: Awaited<ReturnType<typeof openCopies>>): Promise<void> {
  for (const { table, file } of copies) await admin.query(`copy copy_of_${table} from '${file}'`);
  for (const { table } of copies) {
    const { rows } = await admin.query(
      `select (select count(*) from ${table}) = (select count(*) from copy_of_${table}) as same`,
    );
    if (rows[0].same !== true) throw new Error(`${table} and its copy have not the same rows`);
  }
}

interface Ours {
  readonly platform: Platform;
  readonly tenantId: string;
  readonly streams: readonly { readonly id: string; readonly name: string }[];
}

async function openOurs(platform: Platform, tenantId: string, admin: pg.Client): Promise<Ours> {
  const principal = await platform.systemPrincipal(tenantId);
  const make = async (name: string, input: unknown): Promise<string> => {
    const outcome = await platform.write.run(platform.command(name), input, { principal, requestId: 'bench' });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    return outcome.recordId;
  };
  const entity = { code: 'DE01', name: 'DE01', country: 'DE', functionalCurrency: 'EUR', timeZone: 'UTC' };
  const legalEntityId = publicId('le', await make('createLegalEntity', entity));
  const connection = {
    code: 'bench',
    name: 'Bench',
    connector: 'bench',
    legalEntities: [{ legalEntityId: legalEntityId }],
    config: {},
    credentials: {},
  };
  await make('createConnection', connection);
  const { rows } = await admin.query<{ id: string; name: string }>('select id, name from sync_stream order by created_at, name');
  return { platform, tenantId, streams: rows };
}

async function synced({ platform, tenantId, streams }: Ours): Promise<void> {
  for (const name of ['customers', 'invoices']) {
    const streamId = streams.find((stream) => stream.name === name)?.id ?? '';
    const signal = new AbortController().signal;
    const result = await syncStream(platform.sync, { tenantId, streamId, mode: 'FULL', signal });
    if (result.refused + result.waiting > 0) throw new Error(`${name}: ${JSON.stringify(result)}`);
  }
}

/** Everything that a sync could write: an unchanged one leaves all of it as it is. */
const written = async (admin: pg.Client): Promise<string> => {
  const parts = ['event', ...WRITTEN].map(
    (table) => `select '${table}' as name, count(*) as n, coalesce(max(xmin::text::bigint), 0) as x from ${table}`,
  );
  return JSON.stringify((await admin.query(`${parts.join(' union all ')} order by name`)).rows);
};

function print(figures: readonly Figure[]): void {
  const base = figures[0]?.rowsPerSecond ?? 1;
  say(
    `\n${'what'.padEnd(78)} ${'rows/s'.padStart(9)} ${'ratio'.padStart(7)} ${'CPU ms per 1,000'.padStart(17)} ${'peak MB'.padStart(8)}`,
  );
  for (const f of figures)
    say(
      `${f.title.padEnd(78)} ${f.rowsPerSecond.toFixed(0).padStart(9)} ${(f.rowsPerSecond / base).toFixed(3).padStart(7)} ${f.cpuMsPerThousand.toFixed(1).padStart(17)} ${String(f.peakMb).padStart(8)}`,
    );
}

async function main(): Promise<void> {
  const home = makeScratchFolder();
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    autovacuum: 'off',
    io_method: 'sync',
    shared_buffers: '256MB',
    max_wal_size: '4GB',
  };
  const server = await startPostgres({ home, settings, dieWithParent: true });
  const connection = { ...server.connection, database: 'postgres' };
  await migrate({ connection, folder: join(import.meta.dirname, '../../migrations') });
  const address = { connection, rolePrefix: 'cashgraph' };
  const tenant = { slug: 'acme', name: 'acme', groupCurrency: 'EUR', isSandbox: true };
  const { id: tenantId } = await ensureTenant(address, tenant, systemClock);
  const dataDir = mkdtempSync(join(tmpdir(), 'cashgraph-bench-'));
  const config = loadConfig({ NODE_ENV: 'test' }, { PORT: 0, CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
  const secretKeys = [systemRandom.bytes(32)];
  const platform = await createPlatform({
    ...address,
    clock: systemClock,
    randomness: systemRandom,
    config,
    secretKeys,
    connectors: [connector],
  });
  const admin = new pg.Client(connection);
  await admin.connect();
  for (const name of ['by_copy', 'by_unnest', 'by_row']) await admin.query(`create table ${name} ${FLAT}`);
  try {
    const ours = await openOurs(platform, tenantId, admin);
    const few = Math.min(2_000, ROWS);
    const figures: Figure[] = [];
    figures.push(await measured('COPY + INSERT … ON CONFLICT … WHERE distinct, one flat table', ROWS, () => copied(admin)));
    figures.push(await measured('UNNEST + the same, one flat table', ROWS, () => unnested(admin)));
    figures.push(await measured('one statement per row, one flat table', few, () => oneByOne(admin, few)));
    figures.push(await measured('sync: mapped, checked, raw kept, in the ledger, with events', ROWS, () => synced(ours)));
    const copies = await openCopies(admin);
    const title = 'COPY of all rows that the sync wrote, no row-level security, no foreign keys';
    figures.push(await measured(title, ROWS, () => copiedWhole(admin, copies)));
    await admin.query('analyze');
    const before = await written(admin);
    figures.push(await measured('COPY + the same, again and unchanged', ROWS, () => copied(admin)));
    figures.push(await measured('sync, again in full and unchanged', ROWS, () => synced(ours)));
    {
      const after = await written(admin);
      if (after !== before) throw new Error(`An unchanged sync has written something: ${before} then ${after}`);
    }
    say(`${ROWS} rows: ${CUSTOMERS} customers, ${INVOICES} invoices, pages of ${PAGE}`);
    print(figures);
    say('\nThe unchanged sync wrote nothing.');
    const { rows } = await admin.query(
      `select (select count(*) from invoice) as invoices, (select count(*) from by_copy) as flat`,
    );
    if (Number(rows[0].invoices) !== INVOICES || Number(rows[0].flat) !== ROWS) throw new Error(JSON.stringify(rows[0]));
    const file = option('--json');
    if (file !== undefined) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    await admin.end();
    await platform.close();
    await server.stop();
    for (const folder of [home, dataDir]) rmSync(folder, { recursive: true, force: true });
  }
}

await main();
