// Exports of a list of a million rows: `npm run bench -- export [--rows N] [--only JSONL,CSV,PARQUET] [--rate N] [--apart] [--profile FOLDER] [--json FILE]`.
// Rows a second and memory of each format, and what ordinary reads at a steady rate wait for beside it, against the same reads alone just
// before. One process does both unless `--apart`: then one serves and another works.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ensureDatabase, startPostgres } from '../../src/cli/embedded-postgres.ts';
import { migrate } from '../../src/cli/migrate.ts';
import { ensureActor, ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { openLocalIssuer } from '../../src/transport/local-issuer.ts';
import { withClient } from '../support/connection.ts';
import { fillInvoices } from './export-rows.ts';
import { pacedReads, type Waits } from './export-reads.ts';
import { ensureBuilt } from './reads-install.ts';
import { backendsCpuMs, type Command, cpuMs, rssMb, type Running, startPeer } from './reads-peer.ts';
import { SOURCES } from '../support/processes.ts';

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const ROWS = Number(option('--rows') ?? 1_000_000);
const RATE = Number(option('--rate') ?? 40);
const FORMATS = (option('--only') ?? 'JSONL,CSV,PARQUET').split(',');
const ALONE_MS = 20_000;
const PROFILE = option('--profile');
const OURS: Command = {
  file: join(import.meta.dirname, 'reads-ours.ts'),
  flags: [
    ...(PROFILE === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${PROFILE}`]),
    '--import',
    SOURCES,
    '--conditions',
    'cashgraph-source',
  ],
};
const say = (text: string) => process.stdout.write(`${text}\n`);

const LIST = `{ invoices(orderBy: [{ field: ISSUED_ON }]) { nodes { id number status issuedOn dueOn createdAt customerReference
  total { amount currency } open { amount } account { number } customer { id name country } } } }`;

interface Server {
  readonly running: Running;
  /** That works on exports: the same one, or another. */
  readonly worker: Running;
  readonly token: string;
  /** Of the database server. */
  readonly postmasterPid: number;
}

async function ask({ running, token }: Server, query: string, variables: Record<string, unknown> = {}) {
  const response = await fetch(`http://127.0.0.1:${running.port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown };
  if (errors !== undefined || !data) throw new Error(JSON.stringify(errors));
  return data;
}

interface Shown {
  readonly id: string;
  readonly lifecycle: string;
  readonly rowCount: number;
  readonly byteCount: string;
  readonly errorMessage: string | null;
}

interface Exported extends Shown {
  readonly ms: number;
  /** Every second, from the first on. */
  readonly rss: readonly number[];
}

async function exported(server: Server, format: string): Promise<Exported> {
  const start = performance.now();
  const rss: number[] = [];
  const started = await ask(
    server,
    'mutation($input: StartExportInput!) { startExport(input: $input) { export { id } userErrors { message } } }',
    { input: { query: LIST, format } },
  );
  const { export: made, userErrors } = started['startExport'] as {
    export: { id: string } | null;
    userErrors: { message: string }[];
  };
  if (!made) throw new Error(userErrors[0]?.message);
  for (;;) {
    await wait(1_000);
    rss.push(rssMb(server.worker.pid));
    const { export: shown } = (await ask(
      server,
      'query($id: ID!) { export(id: $id) { id lifecycle rowCount byteCount errorMessage } }',
      { id: made.id },
    )) as { export: Shown };
    if (shown.lifecycle === 'DONE') return { ...shown, ms: performance.now() - start, rss };
    if (shown.lifecycle !== 'QUEUED' && shown.lifecycle !== 'RUNNING') throw new Error(shown.errorMessage ?? shown.lifecycle);
  }
}

interface Figure {
  readonly format: string;
  readonly rowsPerSecond: number;
  readonly bytes: string;
  /** Of processor time for a row, with the reads beside it taken off. */
  readonly cpuUs: Cpu;
  readonly rssMb: { readonly before: number; readonly half: number; readonly most: number };
  readonly alone: Waits;
  readonly beside: Waits;
}

interface Cpu {
  /** Of our processes. */
  readonly server: number;
  readonly database: number;
}

/** What it gives, and the milliseconds of processor time that went by. */
async function timed<T>({ running, worker, postmasterPid }: Server, work: () => Promise<T>): Promise<[T, Cpu]> {
  const pids = new Set([running.pid, worker.pid]);
  const ours = () => [...pids].reduce((sum, pid) => sum + cpuMs(pid), 0);
  const now = (): Cpu => ({ server: ours(), database: backendsCpuMs(postmasterPid) });
  const before = now();
  const done = await work();
  const after = now();
  return [done, { server: after.server - before.server, database: after.database - before.database }];
}

async function measure(server: Server, format: string, documents: readonly string[]): Promise<Figure> {
  const reads = (until: Promise<unknown>) =>
    pacedReads({ port: server.running.port, token: server.token, documents, perSecond: RATE, until });
  await reads(wait(3_000));
  const [alone, idle] = await timed(server, () => reads(wait(ALONE_MS)));
  const before = rssMb(server.worker.pid);
  const work = exported(server, format);
  const [beside, busy] = await timed(server, () => reads(work));
  const { ms, rowCount, byteCount: bytes, rss } = await work;
  const perRow = (part: 'server' | 'database') => ((busy[part] - (idle[part] * beside.count) / alone.count) * 1_000) / ROWS;
  const cpuUs = { server: perRow('server'), database: perRow('database') };
  if (rowCount !== ROWS) throw new Error(`${rowCount} rows of ${ROWS}`);
  const half = Math.max(...rss.slice(0, Math.ceil(rss.length / 2)));
  return {
    format,
    rowsPerSecond: Math.round((rowCount / ms) * 1_000),
    bytes,
    cpuUs,
    rssMb: { before, half, most: Math.max(...rss) },
    alone,
    beside,
  };
}

const print = ({ format, rowsPerSecond, bytes, cpuUs, rssMb: memory, alone, beside }: Figure) =>
  say(
    `${format.padEnd(8)} ${String(rowsPerSecond).padStart(7)} rows/s ${(Number(bytes) / 1e6).toFixed(0).padStart(5)} MB; processor time a row: server ${cpuUs.server.toFixed(1)} µs, database ${cpuUs.database.toFixed(1)} µs; server ${memory.before} MB before, at most ${memory.half} in the first half, ${memory.most} in all; reads p50 ${alone.p50Ms.toFixed(1)} → ${beside.p50Ms.toFixed(1)} ms, p99 ${alone.p99Ms.toFixed(1)} → ${beside.p99Ms.toFixed(1)} ms (× ${(beside.p99Ms / alone.p99Ms).toFixed(2)}), ${beside.count} reads, ${beside.refused} refused`,
  );

async function main(): Promise<void> {
  ensureBuilt();
  const home = mkdtempSync(join(tmpdir(), 'cashgraph-bench-export-'));
  chmodSync(home, 0o755);
  const settings = { fsync: 'off', synchronous_commit: 'off', shared_buffers: '1GB', max_wal_size: '4GB' };
  const postgres = await startPostgres({ home, settings, dieWithParent: true });
  const connection = { ...postgres.connection, database: 'exports' };
  await ensureDatabase(postgres.connection, connection.database);
  await migrate({ connection, folder: join(import.meta.dirname, '../../migrations') });
  const address = { connection, rolePrefix: 'cashgraph' };
  const dataDir = join(home, 'server');
  const { issuers } = loadConfig({ NODE_ENV: 'development' }, { CASHGRAPH_DATA_DIR: dataDir });
  const [local] = issuers;
  if (!local) throw new Error('Development has a local issuer');
  const issuer = await openLocalIssuer({ dataDir, issuer: local, clock: systemClock });
  const { id: tenantId } = await ensureTenant(
    address,
    { slug: 'bench', name: 'bench', groupCurrency: 'EUR', isSandbox: false },
    systemClock,
  );
  await ensureActor(address, tenantId, { name: 'reader', issuer: local.issuer, subject: 'reader', roles: ['analyst'] });
  say(`${ROWS} invoices …`);
  const documents = await withClient(connection, (client) => fillInvoices(client, tenantId, ROWS));
  const { host = '', port, user } = postgres.connection;
  const databaseUrl = `postgres://${user}@localhost:${port}/exports?host=${encodeURIComponent(host)}`;
  const start = (command: 'start' | 'serve' | 'worker') =>
    startPeer(OURS, { connection, poolMax: 16, dataDir, databaseUrl, command });
  const isApart = process.argv.includes('--apart');
  const running = await start(isApart ? 'serve' : 'start');
  const worker = isApart ? await start('worker') : running;
  const postmasterPid = Number(readFileSync(join(postgres.dataDir, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
  try {
    const token = await issuer.issueToken({ subject: 'reader', tenant: 'bench', lifetimeS: 3_600 });
    const figures: Figure[] = [];
    for (const format of FORMATS) {
      figures.push(await measure({ running, worker, token, postmasterPid }, format, documents));
      print(figures.at(-1) as Figure);
    }
    const file = option('--json');
    if (file !== undefined)
      writeFileSync(file, `${JSON.stringify({ rows: ROWS, readsPerSecond: RATE, isApart, figures }, null, 2)}\n`);
  } finally {
    await Promise.all([running.stop(), worker.stop()]);
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

await main();
