/** What an import tells: refused lines as they come (a file of JSON lines, or the first twenty), how far it is, and the summary. */
import { open, type FileHandle } from 'node:fs/promises';
import { SingleBar } from 'cli-progress';
import { monotonicMs } from '../../kernel/clock.ts';
import { Failure } from '../failure.ts';
import { say } from '../terminal.ts';
import type { Refusal } from '../../transport/import-file/convert.ts';

export interface Summary {
  readonly read: number;
  readonly new: number;
  readonly unchanged: number;
  /** Lines, not reasons. */
  readonly refused: number;
  readonly customersChanged: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  readonly peakMemoryMb: number;
}

const SHOWN_MAX = 20;

export interface RefusalLog {
  readonly shown: readonly Refusal[];
  add(refusals: readonly Refusal[]): Promise<void>;
  close(): Promise<void>;
}

/** @throws Failure when the report file can't be written */
export async function openRefusalLog(path: string | undefined): Promise<RefusalLog> {
  const file: FileHandle | null =
    path === undefined
      ? null
      : await open(path, 'w').catch((error: Error) => {
          throw new Failure(`The report ${path} can't be written: ${error.message}.`);
        });
  const shown: Refusal[] = [];
  return {
    shown,
    async add(refusals) {
      shown.push(...refusals.slice(0, SHOWN_MAX - shown.length));
      if (file && refusals.length > 0)
        await file.write(refusals.map(({ text: _, ...refusal }) => `${JSON.stringify(refusal)}\n`).join(''));
    },
    close: async () => file?.close(),
  };
}

export const refusalLine = ({ line, field, reason }: Refusal): string =>
  `line ${line}${field === null ? '' : `, ${field}`}: ${reason}`;

export interface Progress {
  at(rows: number): void;
  stop(): void;
}

const EVERY_MS = 5_000;

/** A bar on a terminal, else a line every five seconds. `total` is about how many rows there are. */
export function showProgress(total: number): Progress {
  const startMs = monotonicMs();
  const rate = (rows: number) => Math.round(rows / Math.max((monotonicMs() - startMs) / 1_000, 0.001));
  if (process.stderr.isTTY) {
    const bar = new SingleBar({
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: null,
      format: '{bar} {percentage} % | {value} of {total} rows | {rate} rows/s',
    });
    bar.start(total, 0, { rate: 0 });
    return { at: (rows) => bar.update(Math.min(rows, total), { rate: rate(rows) }), stop: () => bar.stop() };
  }
  let saidMs = startMs;
  return {
    at(rows) {
      if (monotonicMs() - saidMs < EVERY_MS) return;
      saidMs = monotonicMs();
      say(`${rows} of about ${total} rows, ${rate(rows)} rows/s`);
    },
    stop() {},
  };
}
