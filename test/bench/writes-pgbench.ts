// The yardstick in C: pgbench with the order transaction of the yardsticks' tables, where it is installed. It logs each transaction, for the
// quantiles; how many there were is what it says itself.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { quantile } from './quantile.ts';
import type { DriverOrder } from './writes-driver.ts';

const SCRIPT = join(import.meta.dirname, 'data/yardstick.pgbench');
const PROGRAM = 'pgbench';
const run = promisify(execFile);

export const hasPgbench = (): boolean => spawnSync(PROGRAM, ['--version']).status === 0;

/** @throws Error with what it said, when it failed */
export async function runPgbench({ connection, customers, products, seed, connections, ms }: DriverOrder) {
  const { host = '', port = 5432, user = '', database = '' } = connection;
  const folder = mkdtempSync(join(tmpdir(), 'cashgraph-pgbench-'));
  try {
    const flags = ['-n', '-M', 'prepared', '-f', SCRIPT, '-D', `customers=${customers}`, '-D', `products=${products}`];
    const size = ['-c', String(connections), '-j', '1', '-T', String(Math.max(1, Math.round(ms / 1_000)))];
    const log = ['--log', `--log-prefix=${join(folder, 'log')}`, `--random-seed=${seed}`];
    const address = ['-h', host, '-p', String(port), '-U', user, database];
    const { stdout } = await run(PROGRAM, [...flags, ...size, ...log, ...address]);
    const [, answers = '0'] = /transactions actually processed: (\d+)/.exec(stdout) ?? [];
    const [, perSecond = '0'] = /tps = ([\d.]+)/.exec(stdout) ?? [];
    const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
    const times = lines.filter(Boolean).map((line) => Number(line.split(' ')[2]) / 1_000);
    const p50Ms = quantile(times, 0.5);
    return { answers: Number(answers), ms: (Number(answers) * 1_000) / Number(perSecond), p50Ms, p99Ms: quantile(times, 0.99) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
