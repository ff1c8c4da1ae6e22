// A process of the write bench that is given orders and answers each: the load over HTTP and the bare driver. Gives an order at a time.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { SOURCES } from '../support/processes.ts';

export interface Child<Order, Result> {
  run(order: Order): Promise<Result>;
  stop(): void;
}

/** Whatever takes so much longer than it was told has failed. */
const GRACE_MS = 60_000;

export function startChild<Order extends { readonly ms: number }, Result extends object>(name: string): Child<Order, Result> {
  const file = join(import.meta.dirname, name);
  const child = spawn(process.execPath, ['--import', SOURCES, file], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    run: (order) =>
      new Promise((done, fail) => {
        const timer = setTimeout(() => fail(new Error(`${name} did not come to its end.`)), order.ms + GRACE_MS);
        const ended = () => fail(new Error(`${name} ended.`));
        child.once('exit', ended);
        child.once('message', (message: Result | { failure: string }) => {
          clearTimeout(timer);
          child.off('exit', ended);
          if ('failure' in message) fail(new Error(message.failure));
          else done(message);
        });
        child.send(order);
      }),
    stop: () => child.kill(),
  };
}
