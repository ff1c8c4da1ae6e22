/** Maps anew what is kept of an ERP, without asking it again: after a mapping, a setting or the books here were mended. */
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import { openConnection } from '../client/open.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { leaseOf, type RunResult, sentenceOf } from './run.ts';
import { beginRun, endRun, type RunPlace, savePage } from './run-rows.ts';
import { withLease } from './stream-lease.ts';
import { takePage } from './page.ts';
import { NO_COUNTS, type Page, type RecordState, type RunCounts, sumOf } from './taken.ts';
import { RAW_COLUMNS, type RawRow, settle, sourceOf } from './waiting.ts';

export interface Replay {
  readonly tenantId: string;
  readonly connectionId: string;
  /** Absent: all of them. */
  readonly stream?: string;
  /** Absent: all of the stream. Those that are named are taken at once; whole streams one run each. */
  readonly externalIds?: readonly string[];
  readonly signal?: AbortSignal;
}

const PAGE_MAX_COUNT = 500;
const AGAIN: ReadonlySet<RecordState> = new Set(['SYNCED', 'WAITING', 'REFUSED', 'IGNORED', 'GONE']);

/** @throws DomainError NOT_FOUND, NOT_CONFIGURED */
export async function replay(engines: SyncEngines, which: Replay): Promise<RunResult> {
  const connection = await openConnection(engines, which);
  const { streams } = connection.connector;
  if (which.stream !== undefined && !streams.some(({ name }) => name === which.stream))
    throw new DomainError(
      'NOT_FOUND',
      `${connection.name} has no stream ${which.stream}. It has ${streams.map(({ name }) => name).join(', ')}.`,
    );
  let total: RunResult = { ...NO_COUNTS, runId: null, state: 'DONE', failure: null };
  for (const { name } of streams) {
    if (which.stream !== undefined && name !== which.stream) continue;
    const one = which.externalIds
      ? await someOf(engines, connection, { ...which, stream: name })
      : await allOf(engines, connection, { ...which, stream: name });
    total = {
      ...one,
      ...added(total, one),
      state: one.state === 'DONE' ? total.state : one.state,
      failure: total.failure ?? one.failure,
    };
  }
  return total;
}

type OfStream = Replay & { readonly stream: string };

const added = (before: RunCounts, one: RunCounts): RunCounts => ({
  ...sumOf([before, one]),
  pages: before.pages + one.pages,
  read: before.read + one.read,
  total: one.total,
});

async function someOf(engines: SyncEngines, connection: OpenConnection, which: OfStream): Promise<RunResult> {
  const requestId = `replay ${engines.newId()}`;
  const counts = await pagesOf(engines, connection, { which, requestId, page: {} });
  return { ...counts, runId: null, state: 'DONE', failure: null };
}

async function allOf(engines: SyncEngines, connection: OpenConnection, which: OfStream): Promise<RunResult> {
  const done = await withLease(engines, leaseOf(connection.id, which.stream), async (held) => {
    const { tenantId } = which;
    const [row] = await engines.inTenant(tenantId, (session) =>
      session.rows<{ id: string }>(
        sql`select id from sync_stream where tenant_id = ${tenantId} and connection_id = ${connection.id} and name = ${which.stream}`,
      ),
    );
    if (!row) throw new DomainError('NOT_FOUND', `${connection.name} has no stream ${which.stream} yet.`);
    const place: RunPlace = { tenantId, connectionId: connection.id, streamId: row.id, runId: engines.newId(), mode: 'REPLAY' };
    const startedAt = engines.clock.now();
    let counts = NO_COUNTS;
    const end = async (state: 'DONE' | 'FAILED' | 'STOPPED', failure: string | null): Promise<RunResult> => {
      const endedAt = engines.clock.now();
      const ending = { state, counts, failure, startedAt, endedAt, nextRunAt: endedAt, rowsPerSecond: 0, isCursorRefused: false };
      await engines.inTenant(tenantId, (session) => endRun(session, place, ending));
      return { ...counts, runId: place.runId, state, failure };
    };
    await engines.inTenant(tenantId, (session) => beginRun(session, { ...place, at: startedAt, isFirstPage: false }));
    try {
      const work: Pages = {
        which: { ...which, signal: AbortSignal.any([held.signal, ...(which.signal ? [which.signal] : [])]) },
        requestId: `replay ${place.runId}`,
        page: { guard: held.guard },
        onPage: async (sum) => {
          counts = sum;
          await engines.inTenant(tenantId, (session) => savePage(session, place, { cursor: null, counts }));
        },
      };
      counts = await pagesOf(engines, connection, work);
      return await end(work.which.signal?.aborted ? 'STOPPED' : 'DONE', null);
    } catch (error) {
      await end('FAILED', sentenceOf(error));
      throw error;
    }
  });
  return done ?? { ...NO_COUNTS, runId: null, state: 'BUSY', failure: 'Another process reads this stream at the moment.' };
}

interface Pages {
  readonly which: OfStream;
  readonly requestId: string;
  readonly page: Pick<Page, 'guard'>;
  readonly onPage?: (counts: RunCounts) => Promise<void>;
}

async function pagesOf(
  engines: SyncEngines,
  connection: OpenConnection,
  { which, requestId, page, onPage }: Pages,
): Promise<RunCounts> {
  let counts = NO_COUNTS;
  for await (const rows of keptRows(engines, which)) {
    if (which.signal?.aborted) break;
    const records = rows.map(sourceOf);
    const taken = await takePage(engines, connection, {
      ...page,
      stream: which.stream,
      records,
      again: AGAIN,
      isReplay: true,
      requestId,
    });
    counts = added(counts, { ...taken.counts, pages: 1, read: records.length, total: null });
    await onPage?.(counts);
    await settle(engines, connection, { arrived: taken.arrived, requestId });
  }
  return counts;
}

async function* keptRows(
  engines: SyncEngines,
  { tenantId, connectionId, stream, externalIds }: OfStream,
): AsyncGenerator<readonly RawRow[]> {
  const wanted = externalIds ? sql`r.external_id = any(${sql.typed(externalIds, 'text[]')})` : sql`true`;
  for (let after = ''; ; ) {
    const rows = await engines.inTenant(tenantId, (session) =>
      session.rows<RawRow>(sql`
        select ${RAW_COLUMNS} from erp_record r where r.tenant_id = ${tenantId} and r.connection_id = ${connectionId} and r.stream = ${stream}
          and r.external_id > ${after} and r.raw is not null and ${wanted} and not (r.state = 'GONE' and r.record_id is null)
        order by r.external_id limit ${PAGE_MAX_COUNT}`),
    );
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_MAX_COUNT) return;
    after = last.externalId;
  }
}
