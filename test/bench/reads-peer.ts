// A peer of the read bench is a server in a process of its own, started with the address of the database and stopped at the end, whatever
// happens in between. What its processor time and memory are is read from the system.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type pg from 'pg';

/** What a peer's process is given, as JSON in its first argument. */
export interface PeerStart {
  readonly connection: pg.ClientConfig;
  readonly poolMax: number;
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** Of our server: everything in one process unless told. */
  readonly command?: 'start' | 'serve' | 'worker';
}

export interface Running {
  /** With a channel for messages. */
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '../..');
const READY = /^ready (\d+)$/;
const START_MS = 120_000;
const STOP_MS = 30_000;

/** Called by a peer when it listens: from then on it ends when it is told to, or with the bench. */
export function sayReady(address: string | AddressInfo | null): void {
  process.stdout.write(`ready ${(address as AddressInfo).port}\n`);
  process.on('SIGTERM', () => process.exit());
  process.stdin.on('end', () => process.exit()).resume();
}

export interface Command {
  readonly file: string;
  readonly cwd?: string;
  /** For Node, before the file. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** @throws Error with what it said, when it doesn't say in time that it listens */
export async function startPeer({ file, cwd = ROOT, flags = [], env = {} }: Command, start?: PeerStart): Promise<Running> {
  const child = spawn(process.execPath, [...flags, file, ...(start ? [JSON.stringify(start)] : [])], {
    cwd,
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  });
  const end = () => child.kill('SIGKILL');
  process.on('exit', end);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  const port = await new Promise<number>((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`${file} does not listen: ${said}`)), START_MS);
    child.once('exit', (code) => fail(new Error(`${file} ended with ${String(code)}: ${said}`)));
    createInterface({ input: child.stdout as Readable }).on('line', (line) => {
      const [, found] = READY.exec(line) ?? [];
      if (found === undefined) return;
      clearTimeout(timer);
      done(Number(found));
    });
  }).catch((error: unknown) => {
    end();
    throw error;
  });
  return { child, pid: child.pid ?? 0, port, stop: () => stopChild(child, end) };
}

async function stopChild(child: ChildProcess, end: () => void): Promise<void> {
  process.off('exit', end);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((done) => {
    child.once('exit', () => done());
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(timer);
}

/** Hundredths of seconds, as Linux counts processor time. */
const TICK_MS = 10;

/** Milliseconds of processor time; 0 where the system doesn't say. */
export function cpuMs(pid: number): number {
  const [, state = ''] = statOf(pid).split(') ');
  const fields = state.split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
}

/** Of all backends that the database server has now, and of those that have ended. */
export function backendsCpuMs(postmasterPid: number): number {
  const pids = existsSync('/proc/self') ? readdirSync('/proc').map(Number) : [];
  const isBackend = (pid: number) => pid > 0 && Number(statOf(pid).split(') ')[1]?.split(' ')[1]) === postmasterPid;
  return pids.filter(isBackend).reduce((sum, pid) => sum + cpuMs(pid), endedCpuMs(postmasterPid));
}

/** Of the children that a process has seen end. */
function endedCpuMs(pid: number): number {
  const [, state = ''] = statOf(pid).split(') ');
  const fields = state.split(' ');
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) * TICK_MS;
}

export function rssMb(pid: number): number {
  try {
    const [, kb = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kb) / 1_000);
  } catch {
    return 0;
  }
}

function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
