/**
 * Reading a stream. Two steps for each page: which keys come next, in the order of the keys, and the records behind them, whole. So a record
 * that moves, appears or changes while pages are read takes no other one with it. The next read begins where this one began, some minutes
 * earlier, since a stamp is set before what it stamps can be seen.
 */
import type { Cursor, JsonObject, ReadRequest, SourceRecord, StreamPage } from '../../src/connect/index.ts';
import { instantAt, textAt } from './fields.ts';
import { ETAG } from './query.ts';
import { type Context, isOpen, systemNow } from './system.ts';

export interface Asked {
  /** The place that an earlier answer gave; null: from the beginning. */
  readonly after: string | null;
  /** What changed since then; null: everything. */
  readonly since: string | null;
  readonly max: number;
}

export interface Keys {
  readonly keys: readonly string[];
  /** Where to go on; null: that was all. */
  readonly after: string | null;
}

/** A way to list the keys of a stream. */
export interface Lister {
  /** Gone through by reads of everything, or by those of changes; absent: by both. */
  readonly only?: 'ALL' | 'CHANGES';
  list(context: Context, asked: Asked): Promise<Keys>;
}

export interface Source {
  /** Gone through one after the other. */
  readonly listers: readonly Lister[];
  /** The records of these keys; none for a key that is no such record. A key may stand for several. */
  load(context: Context, keys: readonly string[]): Promise<readonly SourceRecord[]>;
}

const PAGE_MAX_COUNT = 1_000;
const MINUTE_MS = 60_000;

/** Where a read stands. At its end `after` and `begunAt` are null, and `since` is when it began. */
interface Place {
  readonly since: string | null;
  readonly begunAt: string | null;
  readonly after: string | null;
}

export async function* readSource(context: Context, source: Source, request: ReadRequest): AsyncGenerator<StreamPage> {
  const max = Math.min(Math.max(request.pageMaxCount, 1), PAGE_MAX_COUNT);
  // any answer tells the clock there
  await isOpen(context, 'partner');
  let place = begun(context, request);
  for (;;) {
    const before = place;
    const { keys, after } = await nextKeys(context, source.listers, { ...place, max });
    const records = keys.length === 0 ? [] : await source.load(context, keys);
    place = after === null ? { since: before.begunAt, begunAt: null, after: null } : { ...before, after };
    // of a key that stands for more records than fit, the last ones move the cursor
    for (let i = 0; i + max < records.length; i += max) yield { records: records.slice(i, i + max), cursor: { ...before } };
    const rest = records.slice(records.length === 0 ? 0 : Math.floor((records.length - 1) / max) * max);
    yield { records: rest, cursor: { ...place } };
    if (after === null) return;
  }
}

function begun(context: Context, { mode, cursor }: ReadRequest): Place {
  const anew: Place = { since: null, begunAt: systemNow(context).toISOString(), after: null };
  const known = cursor === null ? null : placeIn(cursor);
  if (known === null) return anew;
  if (known.after !== null) return mode === 'FULL' && known.since !== null ? anew : known;
  return mode === 'FULL' || known.since === null ? anew : { ...anew, since: known.since };
}

/** Null for a cursor of another version, or one that makes no sense: everything is read anew. */
function placeIn(cursor: Cursor): Place | null {
  const { since = '', begunAt = '', after = '' } = cursor;
  const isTime = (value: unknown): value is string | null =>
    value === null || (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value)));
  const isPlace = after === null || (typeof after === 'string' && PLACE.test(after));
  if (!isTime(since) || !isTime(begunAt) || !isPlace || (after === null) !== (begunAt === null)) return null;
  return { since, begunAt, after };
}

/** The number of the lister, and its own place behind it. */
const PLACE = /^>(\d{1,2}):([\s\S]*)$/;

async function nextKeys(context: Context, all: readonly Lister[], { after, since, max }: Asked): Promise<Keys> {
  const listers = all.filter(({ only }) => only === undefined || only === (since === null ? 'ALL' : 'CHANGES'));
  const [, at = '0', own = ''] = after === null ? [] : (PLACE.exec(after) ?? []);
  const index = Number(at);
  const lister = listers[index];
  if (!lister) return { keys: [], after: null };
  const overlapMs = context.config.overlapMinutes * MINUTE_MS;
  const from = since === null ? null : new Date(Date.parse(since) - overlapMs).toISOString();
  const found = await lister.list(context, { after: own === '' ? null : own, since: from, max });
  if (found.after !== null) return { keys: found.keys, after: `>${index}:${found.after}` };
  return { keys: found.keys, after: index + 1 < listers.length ? `>${index + 1}:` : null };
}

/** A record as a stream has it: its version is the one that a change of it has to name. */
export const recordOf = (externalId: string, raw: JsonObject): SourceRecord => ({
  externalId,
  version: textAt(raw, ETAG) ?? null,
  updatedAt: instantAt(raw, 'LastChangeDateTime') ?? null,
  raw,
});
