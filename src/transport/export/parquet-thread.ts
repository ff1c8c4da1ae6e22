/**
 * The thread that a Parquet file is encoded in: a group of rows takes some ten milliseconds, in which nobody would be answered. It gets
 * rows as lines of JSON, gives bytes back, and knows nothing else. Started by `parquet-encoder.ts`, never imported.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { linesIn } from '../../read/wire/line-rows.ts';
import type { Column, Row } from './columns.ts';
import { parquetFile } from './parquet.ts';

const file = parquetFile(workerData as readonly Column[]);

/** Null: it was the last. */
parentPort?.on('message', (lines: Uint8Array<ArrayBuffer> | null) => {
  const groups =
    lines === null
      ? [file.end()]
      : linesIn({ bytes: Buffer.from(lines.buffer) }).flatMap((line) => file.add(JSON.parse(line) as Row) ?? []);
  // copied for no one: the bytes change hands
  parentPort?.postMessage(
    groups,
    groups.map((group) => group.buffer as ArrayBuffer),
  );
});
