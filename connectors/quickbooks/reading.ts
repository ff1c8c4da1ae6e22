/**
 * Reading a stream. Pages follow the time of the last change, from the last one seen on, so that nothing is lost when records are edited
 * or deleted between two pages. Where a whole page changed in one second, the next begins by position with the last record seen: if
 * another one stands there, records have moved up, and that second is read anew. What was deleted is told by QuickBooks' change data
 * capture, for thirty days.
 */
import {
  type Cursor,
  ExternalError,
  type JsonObject,
  type ReadRequest,
  type SourceRecord,
  type StreamPage,
} from '../../src/connect/index.ts';
import { alsoInactive, type Context, type Entity, literal, queryRows, readDeletes, type Rows, statementOf } from './company.ts';
import { instantAt, neededText, textAt } from './fields.ts';

const ORDER = 'MetaData.LastUpdatedTime';
const PAGE_MAX_COUNT = 1_000;
/** Thirty, and one to be sure. */
const DELETES_KEPT_DAYS = 29;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Where a read stands. */
interface Place {
  /** Of the last record that was read, as QuickBooks wrote it; null: before the first one. */
  readonly since: string | null;
  /** Among those that changed in that very second or later. */
  readonly position: number;
  /** Which record must stand at that position; null: any may. */
  readonly anchor: string | null;
  /** What was deleted from then on has yet to be asked for. */
  readonly deletesSince: string | null;
  /** When this read began, by the company's clock; null: it has not. */
  readonly begunAt: string | null;
  /** All pages were read. */
  readonly isDone: boolean;
}

const START: Place = {
  since: null,
  position: 1,
  anchor: null,
  deletesSince: null,
  begunAt: null,
  isDone: false,
};

export async function* readStream(context: Context, entity: Entity, request: ReadRequest): AsyncGenerator<StreamPage> {
  const { mode, cursor, pageMaxCount } = request;
  const known = cursor === null ? START : placeOf(cursor);
  let place = mode === 'INCREMENTAL' && known.isDone ? begin(known, context.config.overlapMinutes) : { ...known, isDone: false };
  const isWhole = known.deletesSince === null;
  const max = Math.min(Math.max(pageMaxCount, 1), PAGE_MAX_COUNT);
  for (let moves = 0; ; ) {
    const found = await queryRows(context, entity, pageStatement(entity, place, max));
    const isMoved = hasMoved(place, found);
    if (isMoved && ++moves > MOVES_MAX_COUNT) throw inDisorder('The records of one second keep changing while they are read.');
    const isLast = !isMoved && found.rows.length < max;
    const next = isMoved ? { ...place, position: 1, anchor: null } : advanced(place, found, max);
    place = isLast && isWhole ? ended(next) : next;
    // an empty page is worth a cursor only
    yield {
      records: found.rows.map(recordOf),
      cursor: { ...place },
      ...(found.total === null || cursor !== null ? {} : { total: found.total }),
    };
    if (isLast) break;
  }
  if (!isWhole) yield await deletesPage(context, entity, place);
}

/** The next read begins some minutes before the last record that was seen. */
function begin(place: Place, overlapMinutes: number): Place {
  const since = place.since === null ? null : new Date(Date.parse(place.since) - overlapMinutes * MINUTE_MS).toISOString();
  return { ...place, since, position: 1, anchor: null, begunAt: null, isDone: false };
}

function pageStatement(entity: Entity, { since, position }: Place, max: number): string {
  const where = [...alsoInactive(entity), ...(since === null ? [] : [`${ORDER} >= ${literal(withOffset(since))}`])];
  return statementOf({ entity, where, orderBy: ORDER, start: position, max });
}

/** As QuickBooks wrote it, or with the offset of UTC: `Z` is not known to be understood. */
const withOffset = (time: string): string => (time.endsWith('Z') ? `${time.slice(0, 19)}+00:00` : time);

const MOVES_MAX_COUNT = 20;
const inDisorder = (words: string) => new ExternalError(words, { kind: 'UNKNOWN_OUTCOME', words });

const hasMoved = ({ anchor }: Place, { rows }: Rows): boolean =>
  anchor !== null && (rows[0] === undefined || textAt(rows[0], 'Id') !== anchor);

/** From the last record's second on; inside of it by position where the page has no other second. */
function advanced(place: Place, { rows, time }: Rows, max: number): Place {
  const times = rows.map((row) => instantAt(row, ORDER));
  const begunAt = place.begunAt ?? time;
  const last = times.at(-1);
  if (rows.length === 0) return { ...place, begunAt };
  if (last === undefined || times.some((one, i) => one === undefined || isBefore(one, times[i - 1])))
    throw inDisorder('QuickBooks gave records without their times, or out of their order.');
  const isOneSecond = rows.length === max && Date.parse(times[0] ?? last) === Date.parse(last);
  const isSame = isOneSecond && place.since !== null && Date.parse(place.since) === Date.parse(last);
  if (!isSame) return { ...place, begunAt, since: last, position: 1, anchor: null };
  // a page of one record has no room for the last one
  const anchor = max > 1 ? (textAt(rows.at(-1) ?? {}, 'Id') ?? null) : null;
  return { ...place, begunAt, position: place.position + max - (anchor === null ? 0 : 1), anchor };
}

const isBefore = (time: string, other: string | undefined): boolean =>
  other !== undefined && Date.parse(time) < Date.parse(other);

const ended = (place: Place): Place => ({
  ...place,
  position: 1,
  anchor: null,
  deletesSince: place.begunAt,
  isDone: true,
});

async function deletesPage(context: Context, entity: Entity, place: Place): Promise<StreamPage> {
  const { deletesSince, begunAt } = place;
  // those that were missed are still to be told, until a full read begins with another time
  const missing = (records: readonly SourceRecord[]): StreamPage => ({
    records,
    cursor: { ...ended(place), deletesSince },
    needsFull: true,
  });
  const askedMs = Date.parse(deletesSince ?? '') - context.config.overlapMinutes * MINUTE_MS;
  const isTooOld = Number.isNaN(askedMs) || Date.parse(begunAt ?? '') - askedMs > DELETES_KEPT_DAYS * DAY_MS;
  if (isTooOld) return missing([]);
  const { deleted, isCut } = await readDeletes(context, entity, new Date(askedMs).toISOString());
  const records = deleted.map(recordOf);
  return isCut ? missing(records) : { records, cursor: { ...ended(place) } };
}

export function recordOf(raw: JsonObject): SourceRecord {
  return {
    externalId: neededText(raw, 'Id'),
    version: textAt(raw, 'SyncToken') ?? null,
    updatedAt: instantAt(raw, ORDER) ?? null,
    raw,
    ...(raw['status'] === 'Deleted' ? { isDeleted: true } : {}),
  };
}

/** A cursor of ours, or one of another version, which begins anew. */
function placeOf(cursor: Cursor): Place {
  const text = (name: keyof Place) => {
    const value = cursor[name];
    return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null;
  };
  const position = cursor['position'];
  return {
    since: text('since'),
    anchor: typeof cursor['anchor'] === 'string' ? cursor['anchor'] : null,
    position: typeof position === 'number' && Number.isInteger(position) && position > 0 ? position : 1,
    deletesSince: text('deletesSince'),
    begunAt: text('begunAt'),
    isDone: cursor['isDone'] === true,
  };
}
