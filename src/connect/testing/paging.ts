/** A stream read as the engine reads it: page by page, what comes kept by id, and taken up from the last cursor after trouble that may pass. */
import type { ConnectorContext, Cursor, SourceRecord, Stream } from '../connector.ts';
import { ExternalError } from '../external-error.ts';

export interface ReadHow {
  readonly mode: 'FULL' | 'INCREMENTAL';
  readonly cursor?: Cursor | null;
  readonly pageMaxCount?: number;
  /** Between two pages, with the number of pages so far and the records of the last one. */
  readonly between?: (page: number, records: readonly SourceRecord[]) => Promise<void>;
  /** Goes on from the last cursor when something fails that may work later. */
  readonly isPatient?: boolean;
}

export interface ReadAll {
  /** The last version of each record, gone ones included. */
  readonly records: ReadonlyMap<string, SourceRecord>;
  /** After each page. */
  readonly cursors: readonly Cursor[];
  readonly pages: readonly (readonly SourceRecord[])[];
  /** What ended it before its end. */
  readonly failure: unknown;
}

const PAGE_MAX_COUNT = 100;
const TRIES = 40;

/** @throws what the stream throws */
export async function readAll(stream: Stream, context: ConnectorContext, how: ReadHow): Promise<ReadAll> {
  const read = await readAsFar(stream, context, how);
  if (read.failure !== null) throw read.failure;
  return read;
}

/** Never throws: what came before a failure is kept. */
export async function readAsFar(stream: Stream, context: ConnectorContext, how: ReadHow): Promise<ReadAll> {
  const { mode, pageMaxCount = PAGE_MAX_COUNT, between, isPatient = false } = how;
  const records = new Map<string, SourceRecord>();
  const cursors: Cursor[] = [];
  const pages: (readonly SourceRecord[])[] = [];
  for (let tries = 1; ; tries++) {
    const cursor = cursors.at(-1) ?? how.cursor ?? null;
    try {
      for await (const page of stream.read(context, { mode, cursor, pageMaxCount })) {
        for (const record of page.records) records.set(record.externalId, record);
        cursors.push(JSON.parse(JSON.stringify(page.cursor)) as Cursor);
        pages.push(page.records);
        await between?.(pages.length, page.records);
      }
      return { records, cursors, pages, failure: null };
    } catch (error) {
      if (!isPatient || !mayPass(error) || tries === TRIES) return { records, cursors, pages, failure: error };
    }
  }
}

const PASSING = new Set(['RETRYABLE', 'THROTTLED', 'UNKNOWN_OUTCOME']);
const mayPass = (error: unknown): boolean => error instanceof ExternalError && PASSING.has(error.kind);
