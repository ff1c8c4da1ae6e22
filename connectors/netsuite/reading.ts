/**
 * Reading a stream: page by page behind the last internal id, so that nothing moves while it is read. What changes meanwhile comes with
 * the next read, which asks for everything that changed since this one began, by times as they are written there. What was deleted is
 * told where the role may see it; otherwise ids are compared.
 */
import { type Cursor, ExternalError, type ReadRequest, type SourceRecord, type StreamPage } from '../../src/connect/index.ts';
import { mustSeeCompanies } from './companies.ts';
import { textAt } from './fields.ts';
import { type Context, idList, inChunks, isId, query, queryAll, ROWS_MAX_COUNT, timeLiteral } from './suiteql.ts';

const MINUTE_MS = 60_000;
const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;

export interface PageAsked {
  /** Behind that id; null: from the first one. */
  readonly after: string | null;
  /** Only what changed then or later, as it is written there; null: everything. */
  readonly since: string | null;
  readonly max: number;
}

export interface Page {
  readonly records: readonly SourceRecord[];
  /** The id of the last row that was looked at; null: there was none. */
  readonly last: string | null;
  /** Nothing stands behind it. */
  readonly isLast: boolean;
}

/** Where the records of a stream come from. */
export interface Source {
  page(context: Context, asked: PageAsked): Promise<Page>;
  get(context: Context, ids: readonly string[]): Promise<readonly SourceRecord[]>;
  /** The newest time of a change there; null: nothing is there. */
  newest(context: Context): Promise<string | null>;
  /** The table whose ids the deletes are of. */
  readonly table: string;
  /** The records that an id which is gone has been; without it just the one of that id. */
  externalIds?(context: Context, id: string): Promise<readonly string[]>;
  /** The internal id in an external one; null: it is none. */
  internalId(externalId: string): string | null;
}

/** Where a read stands. */
interface Place {
  readonly since: string | null;
  readonly after: string | null;
  /** What stood there as the newest change when this read began; the next one starts from it. */
  readonly mark: string | null;
  /** Deletes are asked for from then on, at the end; null: of a full read, which needs none. */
  readonly deletesSince: string | null;
  readonly isDone: boolean;
}

const START: Place = { since: null, after: null, mark: null, deletesSince: null, isDone: false };

export async function* readSource(context: Context, source: Source, request: ReadRequest): AsyncGenerator<StreamPage> {
  const { mode, cursor, pageMaxCount } = request;
  const known = cursor === null ? START : placeOf(cursor);
  const begun =
    mode === 'INCREMENTAL' && known.isDone ? begin(known, context.config.overlapMinutes) : { ...known, isDone: false };
  let place = begun.mark === null ? { ...begun, mark: await source.newest(context) } : begun;
  const max = Math.min(Math.max(pageMaxCount, 1), ROWS_MAX_COUNT);
  // whoever reads everything compares ids with what is known
  if (mode === 'FULL') await mustSeeCompanies(context);
  for (;;) {
    const page = await source.page(context, { after: place.after, since: place.since, max });
    const isEnd = page.isLast && place.deletesSince === null;
    if (page.isLast && mode === 'FULL') await mustSeeCompanies(context);
    place = isEnd ? done(place) : { ...place, after: page.last ?? place.after };
    yield { records: page.records, cursor: { ...place } };
    if (page.isLast) break;
  }
  if (place.isDone) return;
  const gone = await goneSince(context, source, place.deletesSince ?? '');
  for (const some of inChunks(gone, max)) yield { records: some, cursor: { ...place } };
  yield { records: [], cursor: { ...done(place) } };
}

const done = (place: Place): Place => ({ ...place, after: null, deletesSince: null, isDone: true });

/** The next read begins some time before the newest change that was there when the last one began. */
function begin({ mark }: Place, overlapMinutes: number): Place {
  const since = mark === null ? null : earlier(mark, overlapMinutes);
  return { ...START, since, deletesSince: since };
}

const earlier = (local: string, minutes: number): string =>
  new Date(Date.parse(`${local}Z`) - minutes * MINUTE_MS).toISOString().slice(0, 19);

/** A cursor of ours, or one of another version, which begins anew. */
function placeOf(cursor: Cursor): Place {
  const time = (name: keyof Place) => {
    const value = cursor[name];
    return typeof value === 'string' && LOCAL.test(value) && !Number.isNaN(Date.parse(`${value}Z`)) ? value : null;
  };
  const { after, isDone } = cursor;
  return {
    since: time('since'),
    after: typeof after === 'string' && isId(after) ? after : null,
    mark: time('mark'),
    deletesSince: time('deletesSince'),
    isDone: isDone === true,
  };
}

/** Some records by their ids; those that are gone are looked for among the deletes. */
export async function getRecords(context: Context, source: Source, ids: readonly string[]): Promise<readonly SourceRecord[]> {
  const known = [...new Set(ids)].filter((id) => source.internalId(id) !== null);
  const found = await source.get(context, known);
  const there = new Set(found.map(({ externalId }) => externalId));
  const missing = known.filter((id) => !there.has(id));
  if (missing.length === 0) return found;
  const internal = (id: string) => source.internalId(id) ?? '';
  const gone = await deletedAmong(context, [...new Set(missing.map(internal))]);
  const left = await stillThere(context, source, gone);
  const isGone = (id: string) => gone.includes(internal(id)) && !left.has(internal(id));
  return [...found, ...missing.filter(isGone).map(goneRecord)];
}

const goneRecord = (externalId: string): SourceRecord => ({
  externalId,
  version: null,
  updatedAt: null,
  isDeleted: true,
  raw: { id: externalId, deleted: 'T' },
});

/**
 * What is gone since then. The table of deletes tells ids of all kinds of records: one that is of another kind is known to nobody here,
 * and one that is there still is left out, so that none is ever taken for gone by its number alone.
 */
async function goneSince(context: Context, source: Source, since: string): Promise<readonly SourceRecord[]> {
  const { deletedRecords } = context.config;
  if (deletedRecords === null) return [];
  const { id, date } = deletedRecords;
  const ids = await deletedIds(context, {
    where: `d.${date} >= ${timeLiteral(since)}`,
    id,
  });
  const left = await stillThere(context, source, ids);
  const externalIds: string[] = [];
  for (const one of ids) if (!left.has(one)) externalIds.push(...((await source.externalIds?.(context, one)) ?? [one]));
  return externalIds.map(goneRecord);
}

async function deletedAmong(context: Context, ids: readonly string[]): Promise<readonly string[]> {
  const { deletedRecords } = context.config;
  if (deletedRecords === null) return [];
  const { id } = deletedRecords;
  const found: string[] = [];
  for (const some of inChunks(ids, ROWS_MAX_COUNT))
    found.push(...(await deletedIds(context, { where: `d.${id} IN (${idList(some)})`, id })));
  return found;
}

/** None where the role may not see them, or the columns are called otherwise: ids are compared then, and the check says so. */
async function deletedIds(context: Context, { where, id }: { where: string; id: string }): Promise<readonly string[]> {
  const statement = (after: string) =>
    `SELECT DISTINCT d.${id} AS id FROM deletedrecord d WHERE ${where} AND ${after} ORDER BY d.${id}`;
  const rows = await queryAll(context, { statement, key: [[`d.${id}`, 'id']] }).catch((error: unknown) => {
    if (error instanceof ExternalError && error.kind === 'REJECTED') return [];
    throw error;
  });
  return [...new Set(rows.flatMap((row) => textAt(row, 'id') ?? []))];
}

async function stillThere(context: Context, { table }: Source, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const there = new Set<string>();
  if (ids.length > 0) await mustSeeCompanies(context);
  for (const some of inChunks(ids, ROWS_MAX_COUNT)) {
    const rows = await query(
      context,
      `SELECT x.id FROM ${table} x WHERE x.id IN (${idList(some)}) FETCH FIRST ${ROWS_MAX_COUNT} ROWS ONLY`,
    );
    for (const row of rows) there.add(textAt(row, 'id') ?? '');
  }
  return there;
}
