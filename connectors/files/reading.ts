/**
 * Reading a file as a stream. A file that is as it was the last time has nothing new; one that is another is read whole, and the engine
 * drops the rows that it knows. A row that vanished is a delete only where the settings say so.
 */
import {
  type ConnectorContext,
  type Cursor,
  ExternalError,
  type JsonObject,
  type ReadRequest,
  type SourceRecord,
  type StreamPage,
} from '../../src/connect/index.ts';
import { folderOf, hashOf, openFile, type OpenFile } from './folder.ts';
import { rowsOf } from './rows.ts';
import type { Settings, StreamName } from './settings.ts';

type Context = ConnectorContext<Settings>;

const IDS_KEPT_MAX_COUNT = 200_000;
const refused = (words: string) => new ExternalError(words, { kind: 'REJECTED', words });

interface Place {
  readonly root: string | null;
  readonly stream: StreamName;
}

/** Ours and theirs: the column that holds the id of a record. */
const nameIn = ({ columns }: Settings, stream: StreamName, ours: string): string => columns[stream]?.[ours] ?? ours;

const columnsOf = ({ config }: Context, { stream }: Place) => ({ delimiter: config.delimiter, id: nameIn(config, stream, 'id') });

export async function* readFile(context: Context, place: Place, request: ReadRequest): AsyncGenerator<StreamPage> {
  const { config } = context;
  const { mode, cursor } = request;
  const file = await openFile(await folderOf(place.root, config.folder), place.stream);
  if (file) {
    try {
      const hash = await hashOf(file);
      const isKnown = mode === 'INCREMENTAL' && cursor?.['hash'] === hash;
      if (isKnown) yield { records: [], cursor };
      else yield* pagesOf(context, { place, request, file, hash });
    } finally {
      await file.handle.close();
    }
    // one that is not there says nothing: an export that failed must not look as if all had been deleted
  } else yield { records: [], cursor: cursor ?? {} };
}

interface Reading {
  readonly place: Place;
  readonly request: ReadRequest;
  readonly file: OpenFile;
  readonly hash: string;
}

async function* pagesOf(context: Context, { place, request, file, hash }: Reading): AsyncGenerator<StreamPage> {
  const { mode, cursor, pageMaxCount } = request;
  const isGoneOn = mode === 'FULL' && cursor?.['reading'] === hash;
  const skipped = isGoneOn && typeof cursor['row'] === 'number' ? cursor['row'] : 0;
  const ids = new Set<string>();
  // what vanished is known at the end only, so an incremental read that is cut off begins anew
  const passing = () => (mode === 'FULL' ? { reading: hash, row: ids.size } : (cursor ?? {}));
  let page: SourceRecord[] = [];
  for await (const row of rowsOf(file, columnsOf(context, place))) {
    const record = recordOf(row, context, place);
    if (ids.has(record.externalId)) throw refused(`${file.name} has the id ${record.externalId} in more than one row.`);
    if (page.length === pageMaxCount) {
      yield { records: page, cursor: passing() };
      page = [];
    }
    ids.add(record.externalId);
    if (ids.size > skipped) page.push(record);
  }
  if ((await hashOf(file)) !== hash)
    throw new ExternalError(`${file.name} was changed while it was read.`, { kind: 'RETRYABLE' });
  const gone = vanished(cursor, ids);
  for (; page.length + gone.length > pageMaxCount; page = [])
    yield { records: [...page, ...gone.splice(0, pageMaxCount - page.length)], cursor: passing() };
  yield { records: [...page, ...gone], cursor: endOf(hash, ids, context.config) };
}

function endOf(hash: string, ids: ReadonlySet<string>, { vanishedAreDeleted }: Settings): Cursor {
  if (!vanishedAreDeleted) return { hash };
  if (ids.size > IDS_KEPT_MAX_COUNT)
    throw refused(`Rows that vanish are noticed in files of up to ${IDS_KEPT_MAX_COUNT} rows: set vanishedAreDeleted to false.`);
  return { hash, ids: [...ids] };
}

/** Kept from the file before, where the settings ask for it. */
function vanished(cursor: Cursor | null, ids: ReadonlySet<string>): SourceRecord[] {
  const before = cursor?.['ids'];
  const gone = Array.isArray(before) ? before.filter((id): id is string => typeof id === 'string' && !ids.has(id)) : [];
  return gone.map((externalId) => ({ externalId, version: null, updatedAt: null, isDeleted: true, raw: { id: externalId } }));
}

function recordOf(row: JsonObject, { config }: Context, { stream }: Place): SourceRecord {
  const id = row[nameIn(config, stream, 'id')];
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '')
    throw refused(`A row of ${stream} has no ${nameIn(config, stream, 'id')}: each needs an id of its own.`);
  return { externalId: String(id), version: null, updatedAt: null, raw: row };
}

export async function getRows(context: Context, place: Place, ids: readonly string[]): Promise<readonly SourceRecord[]> {
  const file = await openFile(await folderOf(place.root, context.config.folder), place.stream);
  if (!file) return [];
  const wanted = new Set(ids);
  const found: SourceRecord[] = [];
  try {
    for await (const row of rowsOf(file, columnsOf(context, place))) {
      const record = recordOf(row, context, place);
      if (wanted.has(record.externalId)) found.push(record);
    }
  } finally {
    await file.handle.close();
  }
  return found;
}
