/** `cashgraph sync`: reads a connection's ERP now, stream by stream, with a bar of how far it is. A server may be running beside it. */
import type { Command } from 'commander';
import { SingleBar } from 'cli-progress';
import { monotonicMs } from '../kernel/clock.ts';
import type { Platform } from '../platform.ts';
import { sql } from '../read/sql.ts';
import { type RunResult, type StreamRun, syncStream } from '../sync/inbound/run.ts';
import type { RunCounts } from '../sync/inbound/taken.ts';
import { openDatabase, requireMigrated } from './database.ts';
import { findConnection } from './erp-connection.ts';
import { EXIT, Failure } from './failure.ts';
import { type Lifetime, withLifetime } from './lifetime.ts';
import { openPlatform } from './open-platform.ts';
import { collected, configFor, type DataOptions, withDataDir, withJson } from './options.ts';
import { findTenant } from './tenant.ts';
import { print, printJson, say, table } from './terminal.ts';

interface SyncOptions extends DataOptions {
  readonly full?: boolean;
  readonly withDeletes?: boolean;
  readonly stream?: readonly string[];
  readonly tenant?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  cashgraph sync quickbooks
  cashgraph sync quickbooks --full --stream invoices --stream payments`;

export function addSync(program: Command): void {
  const command = program
    .command('sync')
    .description('read an ERP now: what has changed, or with --full everything')
    .argument('<connection>', 'its code')
    .option('--full', 'read everything, not only what has changed')
    .option('--with-deletes', 'with --full: what it does not show any more is gone, however much that is')
    .option('--stream <name>', 'only this stream; may be given several times', collected)
    .option('--tenant <slug>', 'the tenant (default: the only one, or demo)');
  withJson(withDataDir(command)).addHelpText('after', EXAMPLES).action(syncConnection);
}

interface StreamToRead {
  readonly id: string;
  readonly name: string;
}

interface Done extends RunResult {
  readonly stream: string;
  readonly seconds: number;
}

async function syncConnection(code: string, options: SyncOptions): Promise<void> {
  const config = configFor(options);
  const results: Done[] = [];
  const done = await withLifetime(async (life) => {
    const database = await openDatabase(config, life, { mayCreate: false });
    await requireMigrated(database);
    const { id: tenantId } = await findTenant(database, options.tenant);
    const onError = (error: unknown): void => say(error instanceof Error ? error.message : String(error));
    const platform = await openPlatform({ config, database, life, onError });
    const mode = modeOf(options);
    const streams = await streamsOf(platform, { tenantId, code, names: options.stream ?? [] });
    for (const stream of streams) {
      if (life.signal.aborted) return false;
      results.push(await readStream(platform, { tenantId, stream, mode, life }));
    }
    await platform.sealer.sealed();
    return true;
  });
  if (options.json) printJson(results);
  else print(table(HEADS, results.map(rowOf)));
  for (const { stream, failure } of results) if (failure !== null) say(`${stream}: ${failure}`);
  process.exitCode = done === true && results.every(({ state }) => state === 'DONE') ? EXIT.ok : EXIT.failed;
}

const HEADS = [
  'stream',
  'state',
  'read',
  'changed',
  'unchanged',
  'deleted',
  'waiting',
  'refused',
  'ignored',
  'seconds',
  'rows/s',
];

const rowOf = (r: Done): (string | number)[] => [
  r.stream,
  r.state,
  r.read,
  r.changed,
  r.unchanged,
  r.deleted,
  r.waiting,
  r.refused,
  r.ignored,
  r.seconds,
  Math.round(r.read / Math.max(r.seconds, 0.001)),
];

/** In the order in which their records refer to each other. @throws Failure that lists what there is */
async function streamsOf(
  platform: Platform,
  { tenantId, code, names }: { tenantId: string; code: string; names: readonly string[] },
): Promise<readonly StreamToRead[]> {
  const connection = await findConnection(platform, tenantId, code);
  const rows = await platform.systemRows<StreamToRead>(
    sql`select id, name from sync_stream where tenant_id = ${tenantId} and connection_id = ${connection.id} and is_enabled order by name`,
  );
  const unknown = names.find((name) => !rows.some((row) => row.name === name));
  if (unknown !== undefined)
    throw new Failure(`${code} has no stream ${unknown} that is switched on. It has ${rows.map(({ name }) => name).join(', ')}.`);
  const order = platform.sync.connectors.get(connection.connector)?.streams.map(({ name }) => name) ?? [];
  const wanted = names.length === 0 ? rows : rows.filter(({ name }) => names.includes(name));
  return [...wanted].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

function modeOf({ full, withDeletes }: SyncOptions): StreamRun['mode'] {
  if (withDeletes && !full) throw new Failure('--with-deletes goes with --full: only a whole read shows what is gone.');
  if (!full) return 'INCREMENTAL';
  return withDeletes ? 'FULL_WITH_DELETES' : 'FULL';
}

interface Reading {
  readonly tenantId: string;
  readonly stream: StreamToRead;
  readonly mode: StreamRun['mode'];
  readonly life: Lifetime;
}

async function readStream(platform: Platform, { tenantId, stream, mode, life }: Reading): Promise<Done> {
  const startMs = monotonicMs();
  const progress = showProgress(stream.name);
  try {
    const result = await syncStream(platform.sync, {
      tenantId,
      streamId: stream.id,
      mode,
      signal: life.signal,
      onProgress: (counts) => progress.at(counts),
    });
    return { ...result, stream: stream.name, seconds: Math.round((monotonicMs() - startMs) / 100) / 10 };
  } finally {
    progress.stop();
  }
}

const SAY_EVERY_MS = 5_000;

/** A bar on a terminal, else a line every five seconds. An ERP doesn't always say how much there is. */
function showProgress(stream: string): { at(counts: RunCounts): void; stop(): void } {
  const startMs = monotonicMs();
  const rate = ({ read }: RunCounts) => Math.round(read / Math.max((monotonicMs() - startMs) / 1_000, 0.001));
  if (process.stderr.isTTY) {
    const format = `${stream.padEnd(20)} {bar} {value} of {total} | {changed} changed | {rate} rows/s`;
    const bar = new SingleBar({ stream: process.stderr, clearOnComplete: true, hideCursor: null, format });
    bar.start(0, 0, { changed: 0, rate: 0 });
    return {
      at(counts) {
        bar.setTotal(Math.max(counts.total ?? 0, counts.read));
        bar.update(counts.read, { changed: counts.changed, rate: rate(counts) });
      },
      stop: () => bar.stop(),
    };
  }
  let saidMs = startMs;
  return {
    at(counts) {
      if (monotonicMs() - saidMs < SAY_EVERY_MS) return;
      saidMs = monotonicMs();
      say(
        `${stream}: ${counts.read}${counts.total === null ? '' : ` of about ${counts.total}`} records, ${rate(counts)} a second`,
      );
    },
    stop() {},
  };
}
