// Figures of writing: `npm run bench -- writes [--small] [--only placeOrder,…] [--rounds N] [--seconds N] [--connections 16,64] [--warm N] [--json FILE]
// [--folder FOLDER] [--profile FOLDER]`. Yardsticks and we write into one durable server on a disk, in turn, in short rounds; after each round
// the books must hold exactly what was acknowledged, else there are no figures. It ends by itself and stops all that it started.
import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { BUILT_USUAL_WRITES, buildUsual, ensureBuilt } from './reads-install.ts';
import { backendsCpuMs, cpuMs, startPeer } from './reads-peer.ts';
import { openWriteBooks, SETTINGS, settle } from './writes-books.ts';
import { startChild } from './child.ts';
import { type Bench, type Doer, draws, oursDoer, type Turn, usualDoer, yardstick } from './writes-doers.ts';
import type { DriverOrder, DriverResult } from './writes-driver.ts';
import type { LoadOrder, LoadResult } from './writes-load.ts';
import { hasPgbench } from './writes-pgbench.ts';
import { type Figure, printFigures, type Round, summary } from './writes-report.ts';
import { COUNTING, printCounted, startCounting } from './writes-statements.ts';
import type { BooksSize } from './writes-stock.ts';
import { WORK_NAMES, type WorkName } from './writes-works.ts';

const say = (text: string) => process.stderr.write(`${text}\n`);
const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : (process.argv[at + 1] ?? '');
};

const isSmall = process.argv.includes('--small');
const SIZE: BooksSize = isSmall
  ? { customers: 1_000, products: 100, records: 1_000 }
  : { customers: 20_000, products: 2_000, records: 6_000 };
const COUNTS = process.argv.includes('--statements');
const SECONDS = Number(option('--seconds') ?? (isSmall ? 1 : 3));
/** Until what runs in a virtual machine is compiled and statements are prepared. */
const WARM_SECONDS = Number(option('--warm') ?? (isSmall ? 1 : 4));
const ROUNDS = Number(option('--rounds') ?? (isSmall ? 1 : 3));
const CONNECTIONS = (option('--connections') ?? '16,64').split(',').map(Number);
const WANTED = (option('--only') ?? WORK_NAMES.join()).split(',');
const SEALED_TIMEOUT_MS = 60_000;

async function sumsOf({ admin }: Bench, { sums }: Doer): Promise<Readonly<Record<string, number>>> {
  const { rows } = await admin.query<Record<string, string>>(sums);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)]));
}

const unsealedNow = async ({ admin }: Bench): Promise<number> =>
  Number((await admin.query('select count(*) as n from event_inbox')).rows[0].n);

/** Each turn carries what it leaves to be done in the background. */
async function untilSealed(bench: Bench): Promise<void> {
  for (let waitedMs = 0; (await unsealedNow(bench)) > 0; waitedMs += 20) {
    if (waitedMs > SEALED_TIMEOUT_MS) throw new Error('The events are not sealed.');
    await sleep(20);
  }
}

async function walBytes({ admin }: Bench): Promise<number> {
  return Number((await admin.query("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as n")).rows[0].n);
}

/** @throws Error when the books don't hold what was acknowledged */
async function takeTurn(bench: Bench, doer: Doer, how: Turn): Promise<Round> {
  const run = await doer.prepare(how);
  await untilSealed(bench);
  const { postmasterPid } = bench.books;
  const before = await sumsOf(bench, doer);
  const [start] = (await bench.admin.query<{ now: Date }>('select clock_timestamp() as now')).rows;
  const wal = await walBytes(bench);
  const cpu = { server: cpuMs(doer.pid ?? 0), database: backendsCpuMs(postmasterPid) };
  const done = await run();
  const unsealed = await unsealedNow(bench);
  await untilSealed(bench);
  const serverCpuMs = doer.pid === null ? done.serverCpuMs : cpuMs(doer.pid) - cpu.server;
  const databaseCpuMs = backendsCpuMs(postmasterPid) - cpu.database;
  const written = (await walBytes(bench)) - wal;
  const after = await sumsOf(bench, doer);
  for (const [name, each] of Object.entries(doer.each)) {
    const [found, expected] = [(after[name] ?? 0) - (before[name] ?? 0), each * done.answers];
    if (found !== expected)
      throw new Error(`${doer.name}: ${done.answers} acknowledged, but ${name} went up by ${found} instead of ${expected}.`);
  }
  const { rows } = await bench.admin.query<{ inputs: string; transactions: string }>(
    'select count(*) as inputs, count(distinct xmin::text) as transactions from idempotency where created_at >= $1',
    [start?.now],
  );
  const transactions = Number(rows[0]?.transactions);
  return {
    ...done,
    perSecond: (done.answers * 1_000) / done.ms,
    serverCpuMs,
    databaseCpuMs,
    walBytes: written,
    perTransaction: transactions > 0 ? Number(rows[0]?.inputs) / transactions : null,
    unsealed: doer.pid === bench.ours.pid ? unsealed : null,
  };
}

async function measure(bench: Bench, doers: readonly Doer[]): Promise<readonly Figure[]> {
  for (const doer of doers) {
    await takeTurn(bench, doer, { connections: CONNECTIONS[0] ?? 1, ms: WARM_SECONDS * 1_000 });
    say(`${doer.name}: the books hold what was acknowledged`);
  }
  const rounds = new Map<number, Map<string, Round[]>>();
  for (let i = 0; i < ROUNDS; i++) {
    for (const connections of CONNECTIONS) {
      const found = rounds.get(connections) ?? new Map<string, Round[]>();
      rounds.set(connections, found);
      for (const doer of doers) {
        if (COUNTS) await startCounting(bench.admin);
        const one = await takeTurn(bench, doer, { connections, ms: SECONDS * 1_000 });
        if (COUNTS) await printCounted(bench.admin, { name: doer.name, answers: one.answers });
        found.set(doer.name, [...(found.get(doer.name) ?? []), one]);
      }
    }
    say(`round ${i + 1} of ${ROUNDS} is done`);
  }
  return [...rounds].flatMap(([connections, found]) => {
    const figures = doers.map(({ name, title, goal }) =>
      summary({ work: name, title, connections, goal: goal[connections] ?? null }, found),
    );
    printFigures(connections, figures);
    return figures;
  });
}

function doersOf(bench: Bench): readonly Doer[] {
  const all: Doer[] = [];
  if (WANTED.includes('usual') || !option('--only')) if (bench.usual) all.push(usualDoer(bench, bench.usual));
  const yardsticks = hasPgbench() ? (['pgbench', 'driver'] as const) : (['driver'] as const);
  if (yardsticks.length === 1) say('pgbench is not installed here: the driver with the same statements is the only yardstick.');
  const works = WORK_NAMES.filter((name) => WANTED.includes(name));
  return [...yardsticks.map((name) => yardstick(bench, name)), ...all, ...works.map((name) => oursDoer(bench, name))];
}

for (const name of WANTED)
  if (name !== 'usual' && !WORK_NAMES.includes(name as WorkName))
    throw new Error(`--only: there is no ${name}, only ${[...WORK_NAMES, 'usual'].join(', ')}.`);
ensureBuilt();
const hasUsual = option('--only') === undefined || WANTED.includes('usual');
if (hasUsual) await buildUsual('writes-usual.ts', BUILT_USUAL_WRITES);
// from here on there is something to stop
say(`Making the books in ${option('--folder') ?? tmpdir()} …`);
const books = await openWriteBooks(SIZE, { parent: option('--folder'), settings: COUNTS ? COUNTING : {} });
const stops: (() => unknown)[] = [() => books.stop()];
const stopped = new Promise<never>((_, fail) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => fail(new Error('Stopped.')));
});

async function main(): Promise<void> {
  const { connection, dataDir, databaseUrl } = books;
  await settle(connection);
  const folder = mkdtempSync(join(tmpdir(), 'cashgraph-writes-'));
  stops.push(() => rmSync(folder, { recursive: true, force: true }));
  const admin = new pg.Client(connection);
  await admin.connect();
  stops.push(() => admin.end());
  const start = { connection, dataDir, databaseUrl, poolMax: Math.max(...CONNECTIONS) };
  const profile = option('--profile');
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const ours = await startPeer({ file: join(import.meta.dirname, 'reads-ours.ts'), flags }, start);
  stops.push(() => ours.stop());
  const usual = hasUsual ? await startPeer({ file: BUILT_USUAL_WRITES }, start) : null;
  if (usual) stops.push(() => usual.stop());
  const load = startChild<LoadOrder, LoadResult>('writes-load.ts');
  const driver = startChild<DriverOrder, DriverResult>('writes-driver.ts');
  stops.push(
    () => load.stop(),
    () => driver.stop(),
  );
  const bench: Bench = { books, admin, folder, draw: draws(42), load, driver, ours, usual };
  say('Waiting until the events of the books are sealed …');
  await untilSealed(bench);
  const figures = await measure(bench, doersOf(bench));
  const file = option('--json');
  const settings = { isSmall, size: SIZE, connections: CONNECTIONS, seconds: SECONDS, rounds: ROUNDS, database: SETTINGS };
  if (file !== undefined) writeFileSync(file, `${JSON.stringify({ ...settings, figures }, null, 2)}\n`);
}

try {
  await Promise.race([stopped, main()]);
} finally {
  for (const stop of stops.toReversed()) await stop();
}
process.exit();
