// Other Node processes for tests that need more than one: running TypeScript as it stands.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface NodeProcess {
  child: ChildProcess;
  /** What it has said so far. */
  stdout: () => string;
  stderr: () => string;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

export interface NodeOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  stdin?: 'ignore' | 'pipe';
}

export function runNode(args: string[], { env = process.env, cwd, stdin = 'pipe' }: NodeOptions = {}): NodeProcess {
  const child = spawn(process.execPath, args, { env, cwd, stdio: [stdin, 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    said.stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString();
  });
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return { child, stdout: () => said.stdout, stderr: () => said.stderr, ended };
}

/** Lets a Node run TypeScript as it stands: `--import`. */
export const SOURCES = join(import.meta.dirname, '../../sources.mjs');

/** One of this repository's files, as it stands. */
export const runSource = (file: string, options?: NodeOptions): NodeProcess => runNode(['--import', SOURCES, file], options);

/** Until the condition holds; the test's own time limit ends the waiting. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}
