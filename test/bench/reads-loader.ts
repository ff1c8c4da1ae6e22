// The other end of the process that asks (`reads-load.ts`): gives it an order at a time and waits for what it counted.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { LoadOrder, LoadResult } from './reads-load.ts';
import { SOURCES } from '../support/processes.ts';

export interface Loader {
  run(order: LoadOrder): Promise<LoadResult>;
  stop(): void;
}

/** Whatever takes so much longer than it was told has failed. */
const GRACE_MS = 60_000;

export function startLoader(): Loader {
  const file = join(import.meta.dirname, 'reads-load.ts');
  const child = spawn(process.execPath, ['--import', SOURCES, file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return {
    run: (order) =>
      new Promise((done, fail) => {
        const timer = setTimeout(() => fail(new Error('The load did not come to its end.')), order.ms + GRACE_MS);
        child.once('message', (message: LoadResult | { failure: string }) => {
          clearTimeout(timer);
          if ('failure' in message) fail(new Error(message.failure));
          else done(message);
        });
        child.send(order);
      }),
    stop: () => child.kill(),
  };
}
