// Other Node processes for tests that need more than one: running TypeScript as it stands.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** Until the condition holds; the test's own time limit ends the waiting. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}
