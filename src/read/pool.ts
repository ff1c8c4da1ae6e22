/**
 * Connections for reads. They take on an unprivileged role, end a statement that takes too long, and are shared by all
 * tenants: who is asking travels with each statement and never outlives it. How they are shared: `wire/byte-pool.ts`.
 */
import type { Statement } from './sql.ts';
import { type BytePool, createBytePool } from './wire/byte-pool.ts';
import { ObjectRows } from './wire/object-rows.ts';
import { parameterText } from './wire/parameter.ts';
import type { Settings } from './wire/prepared.ts';
import type { ReadPoolOptions } from './wire/session.ts';

export type { Settings } from './wire/prepared.ts';
export type { ReadPoolOptions } from './wire/session.ts';

export interface ReadPool {
  /**
   * One statement under the settings of row-level security (`app.…`), in one round trip.
   * @throws DomainError TIMEOUT, UNAVAILABLE; any other database error as it is
   */
  run<T = Record<string, unknown>>(statement: Statement, settings: Settings): Promise<readonly T[]>;
  /** The same for rows that are wanted as they come. */
  readonly bytes: BytePool;
  end(): Promise<void>;
}

export function createReadPool(options: ReadPoolOptions): ReadPool {
  const bytes = createBytePool(options);
  return {
    bytes,
    async run<T>({ text, values }: Statement, settings: Settings) {
      const sink = new ObjectRows<T>();
      await bytes.run({ text, values: values.map(parameterText) }, settings, sink);
      return sink.rows;
    },
    end: () => bytes.end(),
  };
}
