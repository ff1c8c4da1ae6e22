/** What is particular to the ERP's HTTP interface: how it says errors, how its lists are paged. Signing in and repeating is the SDK's. */
import type { ConnectorContext, Cursor, FailureKind, Judge, ReadRequest, SourceRecord, StreamPage } from 'cashgraph/connector';

/** A record as the ERP's interface gives it. */
export type ErpRecord = SourceRecord['raw'] & { readonly id: string; readonly version: number; readonly updatedAt: string };

/** Its error codes, as far as they mean something else than their HTTP status. */
const KINDS: Readonly<Record<string, FailureKind>> = { STALE: 'CONFLICT', BUSY: 'RETRYABLE', CLOSED: 'REJECTED' };

/** The ERP says errors as `{"error":{"code","message"}}`, at times with a 200. */
export const judge: Judge = ({ status, body }) => {
  const { error } = (body ?? {}) as { readonly error?: { readonly code: string; readonly message: string } | string };
  if (typeof error !== 'object') return null;
  const kind = KINDS[error.code];
  // what it doesn't know is left to the status, unless that says success
  if (kind === undefined && status >= 400) return null;
  return { kind: kind ?? 'REJECTED', code: error.code, words: error.message };
};

export const sourceRecord = (record: ErpRecord): SourceRecord => ({
  externalId: record.id,
  version: String(record.version),
  updatedAt: record.updatedAt,
  isDeleted: record['removed'] === true,
  raw: record,
});

/** A record may show in a list a little after its own time: so much is read again. */
const OVERLAP_MS = 5 * 60_000;

/**
 * Lists come in the order of `updatedAt` and id, and go on after any such pair: what changes meanwhile moves to the end, so nothing is
 * missed. Only a cursor at the end of a read goes back by the overlap, so that a read that is taken up in its middle gets on.
 */
export async function* readList(
  { http }: ConnectorContext,
  set: string,
  { cursor, pageMaxCount }: ReadRequest,
): AsyncIterable<StreamPage> {
  let after = startOf(cursor);
  for (let isLast = false; !isLast; ) {
    const { body } = await http.get(`/${set}`, { query: { limit: pageMaxCount, after } });
    const { items, hasMore } = body as { readonly items: readonly ErpRecord[]; readonly hasMore: boolean };
    const last = items.at(-1);
    isLast = !hasMore;
    if (last) after = `${last.updatedAt}|${last.id}`;
    if (after !== undefined) yield { records: items.map(sourceRecord), cursor: { after, isEnd: isLast } };
  }
}

function startOf(cursor: Cursor | null): string | undefined {
  if (cursor === null) return undefined;
  const { after } = cursor;
  if (typeof after !== 'string') return undefined;
  if (cursor['isEnd'] !== true) return after;
  const [time = '', id = ''] = after.split('|');
  return `${new Date(Date.parse(time) - OVERLAP_MS).toISOString()}|${id}`;
}

const IDS_MAX_COUNT = 50;

export async function getByIds({ http }: ConnectorContext, set: string, ids: readonly string[]): Promise<SourceRecord[]> {
  const found: SourceRecord[] = [];
  for (let at = 0; at < ids.length; at += IDS_MAX_COUNT) {
    const { body } = await http.get(`/${set}`, { query: { ids: ids.slice(at, at + IDS_MAX_COUNT).join(',') } });
    found.push(...(body as { readonly items: readonly ErpRecord[] }).items.map(sourceRecord));
  }
  return found;
}
