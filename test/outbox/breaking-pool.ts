// A pool whose transactions break: one before its first statement, then one after it (its answer is lost), one before its second
// statement, and so on; once a transaction has fewer statements than that, all go through.
import type { Pool } from '../../src/outbox/connection.ts';

export function breakingPool(pool: Pool): { pool: Pool; crashes: () => number } {
  let crashes = 0;
  const breaking = <C extends object>(client: C): C => {
    const step = crashes;
    let left = Math.floor(step / 2);
    const crash = (): never => {
      crashes += 1;
      throw new Error('crashed');
    };
    return new Proxy(client, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name !== 'query') return value.bind(target);
        return async (...args: unknown[]) => {
          const isHere = left-- === 0;
          if (isHere && step % 2 === 0) crash();
          const result: unknown = await Reflect.apply(value, target, args);
          return isHere ? crash() : result;
        };
      },
    });
  };
  const connect = async () => breaking(await pool.connect());
  return {
    pool: new Proxy(pool, { get: (target, name) => (name === 'connect' ? connect : bound(target, name)) }),
    crashes: () => crashes,
  };
}

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? value.bind(target) : value;
}
