// The embedded server as an operating-system process: is one running on this data folder, start it, stop it.
// It must never take another program's process for the server, nor the server's for a stale one.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asServer, giveToServer, isAlive, type PostgresFiles } from './embedded-postgres-files.ts';

export interface Postmaster {
  pid: number;
  port: number;
  socketDir: string;
  isReady: boolean;
}

export interface Launched {
  pid: number | undefined;
  hasExited: boolean;
  /** Why it ended, from its log: the last fatal line, else the last line. */
  complaint(): string | undefined;
}

const stopPoliteMs = 10_000;
const stopMs = 20_000;

export function readPidFile(dataDir: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const [pid = '', , , port = '', socketDir = '', , , status = ''] = lines;
  return { pid: Number(pid), port: Number(port), socketDir, isReady: status.trim() === 'ready' };
}

/**
 * The Postgres processes whose current folder is the data folder, the last backends of a killed server among them. A pid alone
 * proves nothing: after a crash or in a new container it may be another program's. Asked as the server's user, since root in a
 * container (without CAP_SYS_PTRACE) may not see the folder of another user's process.
 */
export function processesOf(dataDir: string): number[] {
  const script = `for p in /proc/[0-9]*; do
    [ "$p/cwd" -ef "$1" ] && read -r name < "$p/comm" && [ "$name" = postgres ] && echo "\${p#/proc/}"
  done 2>/dev/null`;
  const { stdout } = spawnSync('/bin/sh', ['-c', script, 'sh', dataDir], { ...asServer, encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).map(Number);
}

export function isServing(dataDir: string, pid: number): boolean {
  return process.platform === 'linux' ? processesOf(dataDir).includes(pid) : isAlive(pid);
}

/**
 * Postgres clears the files of a killed server by itself unless their pid is in use again, by a program that isn't Postgres: then
 * it would refuse to start. Call only when no process of the server is left.
 */
export function clearStaleFiles(dataDir: string, stale: Postmaster): void {
  if (!isAlive(stale.pid) || readPidFile(dataDir)?.pid !== stale.pid) return;
  const socket = join(stale.socketDir, `.s.PGSQL.${stale.port}`);
  for (const file of [join(dataDir, 'postmaster.pid'), socket, `${socket}.lock`]) rmSync(file, { force: true });
}

export interface LaunchOptions {
  settings: Record<string, string>;
  dieWithParent: boolean;
}

export function launch({ bin, dataDir, logFile }: PostgresFiles, { settings, dieWithParent }: LaunchOptions): Launched {
  const all = {
    listen_addresses: '',
    unix_socket_directories: `"${socketFolder(dataDir).replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    ...settings,
  };
  const command = [
    join(bin, 'postgres'),
    '-D',
    dataDir,
    ...Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ];
  const [program = '', ...args] = dieWithParent ? [...dyingWithParent(), ...command] : command;
  const log = openSync(logFile, 'a', 0o600);
  const logStart = statSync(logFile).size;
  // Detached, so that Ctrl-C in the terminal reaches only us: we stop it in order.
  const child = spawn(program, args, { ...asServer, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const launched: Launched = {
    pid: child.pid,
    hasExited: false,
    complaint() {
      const said = readFileSync(logFile).subarray(logStart).toString('utf8');
      return [...said.matchAll(/(?:FATAL|PANIC): +(.*)/g)].at(-1)?.[1] ?? said.trim().split('\n').at(-1);
    },
  };
  const exited = () => {
    launched.hasExited = true;
  };
  child.on('exit', exited).on('error', exited).unref();
  return launched;
}

/** A socket's path has at most 103 bytes on some systems, so a data folder deep in the tree needs a short one elsewhere. */
function socketFolder(dataDir: string): string {
  if (Buffer.byteLength(dataDir) < 88) return dataDir;
  const short = mkdtempSync(join(tmpdir(), 'cashgraph-'));
  giveToServer(short);
  return short;
}

/** The kernel stops the server when we die, even by SIGKILL (Linux with util-linux; elsewhere it stays, and is reused). */
function dyingWithParent(): string[] {
  return existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig=INT'] : [];
}

/** SIGINT ends sessions and writes a checkpoint; only a server that hangs is told to stop at once, and recovers at the next start. */
export async function stopServer(dataDir: string, { pid, socketDir }: Postmaster): Promise<void> {
  if (!isServing(dataDir, pid)) return;
  process.kill(pid, 'SIGINT');
  for (let waitedMs = 0; isServing(dataDir, pid); waitedMs += 20) {
    if (waitedMs === stopPoliteMs) process.kill(pid, 'SIGQUIT');
    if (waitedMs > stopMs) throw new Error(`Postgres (process ${pid}) does not stop.`);
    await sleep(20);
  }
  if (socketDir !== dataDir) rmSync(socketDir, { recursive: true, force: true });
}
