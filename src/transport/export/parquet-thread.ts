/**
 * The thread that a Parquet file is encoded in: a group of rows takes some ten milliseconds, in which nobody would be answered. It gets
 * rows as JSON text, gives bytes back, and knows nothing else. Started by `parquet-encoder.ts`, never imported.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Column, Row } from './columns.ts';
import { parquetFile } from './parquet.ts';

const file = parquetFile(workerData as readonly Column[]);

/** Null: it was the last. */
parentPort?.on('message', (texts: readonly string[] | null) => {
  const groups = texts === null ? [file.end()] : texts.flatMap((text) => file.add(JSON.parse(text) as Row) ?? []);
  // copied for no one: the bytes change hands
  parentPort?.postMessage(
    groups,
    groups.map((group) => group.buffer as ArrayBuffer),
  );
});
