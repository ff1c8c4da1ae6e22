// A process of a bench that is given orders over its channel and answers each, one at a time: both ends of the channel.
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

/** In the process itself: what it does with an order; it ends with whoever gave it. */
export function answerOrders(work: (order: never) => Promise<object>): void {
  process.on('message', (order) => {
    work(order as never).then(
      (result) => process.send?.(result),
      (error: unknown) => process.send?.({ failure: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
}
