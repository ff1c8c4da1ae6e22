/** A Parquet file that is encoded in a thread of its own, one message after the other. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Lines } from '../../read/snapshot.ts';
import type { Column } from './columns.ts';

export interface ParquetEncoder {
  /** Bytes of the groups that are full with these rows, each a line of JSON. */
  add(lines: Lines): Promise<readonly Uint8Array[]>;
  end(): Promise<readonly Uint8Array[]>;
  /** The thread ends, whatever it was doing. */
  close(): Promise<void>;
}

/** As source or as it is built: the thread is a file beside this one, of the same kind. */
const THREAD = new URL(`./parquet-thread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

export function openEncoder(columns: readonly Column[]): ParquetEncoder {
  const thread = new Worker(THREAD, { workerData: columns, name: 'parquet' });
  // an error shows in the message that it was the answer to
  thread.on('error', () => {});
  const send = async (lines: Uint8Array<ArrayBuffer> | null): Promise<readonly Uint8Array[]> => {
    const answered = once(thread, 'message') as Promise<[readonly Uint8Array[]]>;
    thread.postMessage(lines, lines ? [lines.buffer] : []);
    return (await answered)[0];
  };
  return {
    add: ({ bytes }) => send(new Uint8Array(bytes)),
    end: () => send(null),
    async close() {
      await thread.terminate();
    },
  };
}
