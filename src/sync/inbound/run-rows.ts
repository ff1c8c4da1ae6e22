/** The rows that say how far a stream is and how each run of it went: what a run writes of itself, page by page. */
import type { Cursor } from '../../connect/connector.ts';
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import type { Session } from '../../write/transaction.ts';
import type { RunCounts } from './taken.ts';

export type RunMode = 'FULL' | 'INCREMENTAL' | 'REPLAY';

export interface StreamRow {
  readonly id: string;
  readonly connectionId: string;
  readonly name: string;
  readonly cursor: Cursor | null;
  readonly fullCursor: Cursor | null;
  readonly lastFullAt: string | null;
  readonly failureCount: number;
}

/** @throws DomainError NOT_FOUND */
export async function streamRow(session: Session, tenantId: string, id: string): Promise<StreamRow> {
  const [row] = await session.rows<StreamRow>(sql`
    select id, connection_id as "connectionId", name, cursor, full_cursor as "fullCursor", last_full_at as "lastFullAt",
      failure_count as "failureCount"
    from sync_stream where tenant_id = ${tenantId} and id = ${id}`);
  if (!row) throw new DomainError('NOT_FOUND', `There is no stream ${id}.`);
  return row;
}

export interface RunPlace {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly streamId: string;
  readonly runId: string;
  readonly mode: RunMode;
}

/** A run that is still said to be under way was cut off: this one has the stream now. */
export async function beginRun(
  session: Session,
  place: RunPlace & { readonly at: Date; readonly isFirstPage: boolean },
): Promise<void> {
  const { tenantId, connectionId, streamId, runId, mode, isFirstPage } = place;
  const at = place.at.toISOString();
  await session.change(sql`
    update sync_run set state = 'FAILED', ended_at = ${at}, failure = 'The process that read it ended before it did.'
    where tenant_id = ${tenantId} and stream_id = ${streamId} and state = 'RUNNING'`);
  await session.change(sql`
    insert into sync_run (tenant_id, id, connection_id, stream_id, mode, state, started_at, created_at)
    values (${tenantId}, ${runId}, ${connectionId}, ${streamId}, ${mode}, 'RUNNING', ${at}, ${at})`);
  if (mode === 'REPLAY') return;
  const fullStart = isFirstPage ? sql`, full_started_at = ${at}` : sql``;
  await session.change(sql`
    update sync_stream set last_started_at = ${at}, asked_mode = case asked_mode when 'REPLAY' then asked_mode end ${fullStart} where tenant_id = ${tenantId} and id = ${streamId}`);
}

const countsSet = (
  counts: RunCounts,
) => sql`page_count = ${counts.pages}, read_count = ${counts.read}, changed_count = ${counts.changed},
  unchanged_count = ${counts.unchanged}, deleted_count = ${counts.deleted}, waiting_count = ${counts.waiting},
  refused_count = ${counts.refused}, ignored_count = ${counts.ignored}, total_count = ${counts.total}`;

/** Pages of a stream are written one after the other. Whoever waits for its turn waits in the database, which sees what would wait for ever. */
export async function lockPages(session: Session, { streamId }: RunPlace): Promise<void> {
  await session.rows(sql`select pg_advisory_xact_lock(hashtext('sync page'), hashtext(${streamId}))`);
}

/** How many pages of a run are in the books. */
export async function savedPages(session: Session, { tenantId, runId }: RunPlace): Promise<number> {
  const [row] = await session.rows<{ pages: number }>(
    sql`select page_count as pages from sync_run where tenant_id = ${tenantId} and id = ${runId}`,
  );
  return row?.pages ?? 0;
}

/** With the records of a page. Returns whether the stream is still to be read. */
export async function savePage(
  session: Session,
  { tenantId, connectionId, streamId, runId, mode }: RunPlace,
  {
    cursor,
    counts,
    needsFull = false,
  }: { readonly cursor: Cursor | null; readonly counts: RunCounts; readonly needsFull?: boolean },
): Promise<boolean> {
  await session.change(sql`update sync_run set ${countsSet(counts)} where tenant_id = ${tenantId} and id = ${runId}`);
  if (cursor !== null) {
    const column = sql.id(mode === 'FULL' ? 'full_cursor' : 'cursor');
    await session.change(
      sql`update sync_stream set ${column} = ${JSON.stringify(cursor)}::text::jsonb where tenant_id = ${tenantId} and id = ${streamId}`,
    );
  }
  // with the cursor: whoever goes on from it has to know
  if (needsFull && mode === 'INCREMENTAL')
    await session.change(
      sql`update sync_stream set asked_mode = case asked_mode when 'REPLAY' then asked_mode else 'FULL' end where tenant_id = ${tenantId} and id = ${streamId}`,
    );
  const [row] = await session.rows<{ isOn: boolean }>(sql`
    select c.lifecycle = 'ACTIVE' and s.is_enabled as "isOn" from sync_stream s
    join connection c on c.tenant_id = s.tenant_id and c.id = s.connection_id
    where s.tenant_id = ${tenantId} and s.id = ${streamId} and c.id = ${connectionId}`);
  return row?.isOn ?? false;
}

export interface EndOfRun {
  readonly state: 'DONE' | 'FAILED' | 'STOPPED';
  readonly counts: RunCounts;
  readonly failure: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly nextRunAt: Date;
  readonly rowsPerSecond: number;
  /** The ERP does not take the cursor any more: everything is read anew, from the beginning. */
  readonly isCursorRefused: boolean;
}

export async function endRun(session: Session, { tenantId, streamId, runId, mode }: RunPlace, end: EndOfRun): Promise<void> {
  const { state, counts, failure } = end;
  const [startedAt, endedAt, nextRunAt] = [end.startedAt, end.endedAt, end.nextRunAt].map((at) => at.toISOString());
  await session.change(sql`
    update sync_run set ${countsSet(counts)}, state = ${state}, ended_at = ${endedAt}, failure = ${failure}
    where tenant_id = ${tenantId} and id = ${runId}`);
  if (mode === 'REPLAY') return;
  const changed = counts.changed + counts.deleted > 0 ? sql`, last_changed_at = ${endedAt}` : sql``;
  const rate = counts.read > 0 ? sql`, rows_per_second = ${Math.round(end.rowsPerSecond * 100) / 100}` : sql``;
  const where = sql`where tenant_id = ${tenantId} and id = ${streamId}`;
  // asked for again while it ran
  const next = sql`next_run_at = case when asked_mode is null then ${nextRunAt}::timestamptz else ${endedAt}::timestamptz end`;
  if (state === 'DONE') {
    // what changed while everything was read comes after the last page's cursor
    const full =
      mode === 'FULL'
        ? sql`, cursor = coalesce(full_cursor, cursor), full_cursor = null, full_started_at = null, last_full_at = ${startedAt}`
        : sql``;
    await session.change(sql`
      update sync_stream set last_succeeded_at = ${startedAt}, ${next}, failure = null, failing_since = null,
        failure_count = 0 ${full} ${changed} ${rate} ${where}`);
  } else if (state === 'FAILED') {
    const anew = end.isCursorRefused ? sql`, full_cursor = null, full_started_at = null, asked_mode = 'FULL'` : sql``;
    await session.change(sql`
      update sync_stream set next_run_at = ${nextRunAt}, failure = ${failure}, failing_since = coalesce(failing_since, ${endedAt}::timestamptz),
        failure_count = failure_count + 1 ${anew} ${changed} ${where}`);
  } else await session.change(sql`update sync_stream set ${next} ${changed} ${where}`);
}
