// Figures of reading a whole simulated ERP over HTTP within the limits that it documents: records a second of each stream, how much memory
// it takes from begin to end, and how often a limit was broken (never). `npm run bench -- erps [--erp sap] [--size N] [--json FILE]`.
// It asserts that nothing is refused and that no limit was broken, and nothing about time.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import 'reflect-metadata';
import pg from 'pg';
import { loadConnector } from '../../src/cli/connectors.ts';
import { DEMO_ERPS, type DemoErp } from '../../src/cli/demo-erp-list.ts';
import { startPostgres } from '../../src/cli/embedded-postgres.ts';
import { migrate } from '../../src/cli/migrate.ts';
import { ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import type { ErpSimulator } from '../../src/connect/simulator.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createPlatform, type Platform } from '../../src/platform.ts';
import { syncStream } from '../../src/sync/inbound/run.ts';
import { RATES } from '../support/rates.ts';
import { makeScratchFolder } from '../support/scratch.ts';
import { SOURCES } from '../support/processes.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);
const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const SIZE = Number(option('--size') ?? 5_000);
/** Of so many records memory is looked at. */
const LOOK_EVERY = 5_000;

interface Server {
  readonly simulator: Pick<ErpSimulator, 'url' | 'access'>;
  violations(): Promise<number>;
  stop(): Promise<void>;
}

async function serverOf(name: string): Promise<Server> {
  const file = join(import.meta.dirname, 'erp-server.ts');
  const child = spawn(process.execPath, ['--import', SOURCES, file, name, String(SIZE)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> =>
    JSON.parse(String((await lines.next()).value)) as Record<string, unknown>;
  const simulator = (await next()) as unknown as Server['simulator'];
  return {
    simulator,
    async violations() {
      child.stdin.write('\n');
      return Number((await next())['violations']);
    },
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done());
        child.stdin.end();
      }),
  };
}

interface StreamFigure {
  readonly stream: string;
  readonly records: number;
  readonly rowsPerSecond: number;
  /** Of the process that reads, in MB: at its begin, and the most of its halves. */
  readonly rssMb: { readonly begin: number; readonly firstHalf: number; readonly secondHalf: number };
}

const rssMb = (): number => Math.round(process.memoryUsage.rss() / 1e6);

async function connect(
  platform: Platform,
  tenantId: string,
  { erp, simulator }: { erp: DemoErp; simulator: Server['simulator'] },
) {
  const principal = await platform.systemPrincipal(tenantId);
  const run = async (name: string, input: unknown): Promise<string> => {
    const outcome = await platform.write.run(platform.command(name), input, { principal, requestId: 'bench' });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    return outcome.recordId;
  };
  for (const rate of RATES) await run('setExchangeRate', rate);
  const legalEntities: object[] = [];
  for (const { externalId, ...entity } of erp.entities) {
    const legalEntityId = publicId('le', await run('createLegalEntity', entity));
    legalEntities.push({ legalEntityId, ...(externalId === null ? {} : { externalId }) });
  }
  const settings = erp.settings(simulator as ErpSimulator);
  await run('createConnection', { code: erp.code, name: erp.title, connector: erp.connector, legalEntities, ...settings });
}

async function readAll(platform: Platform, tenantId: string, admin: pg.Client): Promise<StreamFigure[]> {
  const { rows } = await admin.query<{ id: string; name: string }>('select id, name from sync_stream order by created_at, id');
  const figures: StreamFigure[] = [];
  for (const { id: streamId, name } of rows) {
    const begin = rssMb();
    const seen: { readonly read: number; readonly mb: number }[] = [{ read: 0, mb: begin }];
    const start = performance.now();
    const result = await syncStream(platform.sync, {
      tenantId,
      streamId,
      mode: 'FULL',
      signal: new AbortController().signal,
      onProgress: ({ read }) => {
        if (read - (seen.at(-1)?.read ?? 0) >= LOOK_EVERY) seen.push({ read, mb: rssMb() });
      },
    });
    if (result.state !== 'DONE' || result.refused > 0) throw new Error(`${name}: ${JSON.stringify(result)}`);
    seen.push({ read: result.read, mb: rssMb() });
    const most = (from: number, to: number) =>
      Math.max(...seen.filter(({ read }) => read >= from * result.read && read <= to * result.read).map(({ mb }) => mb));
    figures.push({
      stream: name,
      records: result.read,
      rowsPerSecond: result.read / ((performance.now() - start) / 1_000),
      rssMb: { begin, firstHalf: most(0, 0.5), secondHalf: most(0.5, 1) },
    });
  }
  return figures;
}

function print({ title }: DemoErp, figures: readonly StreamFigure[], violations: number): void {
  say(`\n${title}: ${figures.reduce((sum, { records }) => sum + records, 0)} records, limits broken: ${violations}`);
  say(
    `${'stream'.padEnd(22)} ${'records'.padStart(9)} ${'rows/s'.padStart(8)} ${'MB at begin'.padStart(12)} ${'1st half'.padStart(9)} ${'2nd half'.padStart(9)}`,
  );
  for (const { stream, records, rowsPerSecond, rssMb: mb } of figures)
    say(
      `${stream.padEnd(22)} ${String(records).padStart(9)} ${rowsPerSecond.toFixed(0).padStart(8)} ${String(mb.begin).padStart(12)} ${String(mb.firstHalf).padStart(9)} ${String(mb.secondHalf).padStart(9)}`,
    );
}

async function measure(erp: DemoErp): Promise<readonly StreamFigure[]> {
  const home = makeScratchFolder();
  const settings = { fsync: 'off', synchronous_commit: 'off', io_method: 'sync', shared_buffers: '256MB', max_wal_size: '4GB' };
  const server = await startPostgres({ home, settings, dieWithParent: true });
  const connection = { ...server.connection, database: 'postgres' };
  await migrate({ connection, folder: join(import.meta.dirname, '../../migrations') });
  const address = { connection, rolePrefix: 'cashgraph' };
  const tenant = { slug: 'acme', name: 'acme', groupCurrency: 'EUR', isSandbox: true };
  const { id: tenantId } = await ensureTenant(address, tenant, systemClock);
  const dataDir = mkdtempSync(join(tmpdir(), 'cashgraph-bench-'));
  const platform = await createPlatform({
    ...address,
    clock: systemClock,
    randomness: systemRandom,
    config: loadConfig({ NODE_ENV: 'test' }, { PORT: 0, CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent' }),
    secretKeys: [systemRandom.bytes(32)],
    connectors: [await loadConnector(erp.connector)],
  });
  const admin = new pg.Client(connection);
  await admin.connect();
  const there = await serverOf(erp.connector);
  try {
    await connect(platform, tenantId, { erp, simulator: there.simulator });
    const figures = await readAll(platform, tenantId, admin);
    const violations = await there.violations();
    print(erp, figures, violations);
    if (violations > 0) throw new Error(`${erp.title}: ${violations} times a limit was broken.`);
    return figures;
  } finally {
    await there.stop();
    await admin.end();
    await platform.close();
    await server.stop();
    for (const folder of [home, dataDir]) rmSync(folder, { recursive: true, force: true });
  }
}

const only = option('--erp');
const all: Record<string, readonly StreamFigure[]> = {};
for (const erp of DEMO_ERPS.filter(({ connector }) => connector === (only ?? connector))) all[erp.connector] = await measure(erp);
const file = option('--json');
if (file !== undefined) writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
