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
  // what is wrong with going too fast the status says best, and so for codes without a meaning of their own, unless it says success
  const kind = status === 429 || status === 503 ? undefined : KINDS[error.code];
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

/** A cursor that isn't ours begins anew. */
function startOf(cursor: Cursor | null): string | undefined {
  const after = cursor?.['after'];
  const [time = '', id = ''] = typeof after === 'string' ? after.split('|') : [];
  if (id === '' || Number.isNaN(Date.parse(time))) return undefined;
  if (cursor?.['isEnd'] !== true) return `${time}|${id}`;
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
