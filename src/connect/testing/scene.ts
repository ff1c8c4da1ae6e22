/** What most checks begin with: each stream in turn, time that passes there, and what the next read must have. */
import { compareDecimal, decimal } from '../../kernel/decimal.ts';
import type { Cursor, SourceRecord } from '../connector.ts';
import { must } from './check.ts';
import type { Harness } from './harness.ts';

const MINUTE_MS = 60_000;

export async function eachStream(harness: Harness, work: (stream: string) => Promise<void>): Promise<void> {
  for (const { name } of harness.connector.streams) await work(name);
}

/** So many minutes pass, there and here. */
export const later = (harness: Harness, minutes: number): void =>
  harness.erp.setNow(new Date(harness.context.now().getTime() + minutes * MINUTE_MS));

/** The ids of those that are still there. */
export const present = (records: ReadonlyMap<string, SourceRecord>): readonly string[] =>
  [...records.values()].filter((record) => !record.isDeleted).map((record) => record.externalId);

/** After a full read. */
export const lastCursor = async (harness: Harness, stream: string): Promise<Cursor | null> =>
  (await harness.readAll(stream, { mode: 'FULL' })).cursors.at(-1) ?? null;

/** A record that is made or, where none can be, changed. */
export async function touch(harness: Harness, stream: string): Promise<string | null> {
  const made = await harness.erp.make(stream);
  if (made !== null) return made;
  for (const id of await harness.erp.ids(stream)) if (await harness.erp.change(stream, id)) return id;
  return null;
}

/** An incremental read from a cursor has the record as it is now. */
export async function mustSee(
  harness: Harness,
  stream: string,
  { cursor, id, what }: { cursor: Cursor | null; id: string; what: string },
): Promise<SourceRecord> {
  const { records } = await harness.readAll(stream, { mode: 'INCREMENTAL', cursor });
  must(records.has(id), `${stream}: ${what} ${id} did not come with the next incremental read.`);
  return records.get(id) as SourceRecord;
}

/** It says of itself that it is gone, taken back or not used any more. */
export function isGone(harness: Harness, stream: string, record: SourceRecord): boolean {
  if (record.isDeleted) return true;
  const assembled = harness.assemble(stream, record);
  const { state, isActive } = assembled.ok ? (assembled.document as { state?: string; isActive?: boolean }) : {};
  return state === 'VOIDED' || state === 'CANCELLED' || isActive === false;
}

/** By their value: 10.50 is 10.5. */
export const isSameAmount = (a: string, b: string): boolean => compareDecimal(decimal(a), decimal(b)) === 0;
