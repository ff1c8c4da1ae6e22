/**
 * Reads a stream of a connection. Each page is taken in one transaction with the cursor from which the next read goes on, under a lease
 * whose token is looked at in that transaction: a process may die anywhere, and another one goes on from the last page. While a page is
 * written the next one is decided on and the one behind that is asked for, and never more than that is held.
 */
import type { Cursor, Stream, StreamPage } from '../../connect/connector.ts';
import { ExternalError } from '../../connect/external-error.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import { isDomainError } from '../../kernel/errors.ts';
import { exponentialBackoff } from '../../outbox/backoff.ts';
import { translateDatabaseError } from '../../write/database-errors.ts';
import { openConnection } from '../client/open.ts';
import { signedIn, signedOut } from '../client/health.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { countUnseen, SeenIds, unseenRecords } from './gone.ts';
import { streamOf } from './kinds.ts';
import { ahead } from './pages.ts';
import {
  beginRun,
  endRun,
  type EndOfRun,
  lockPages,
  type RunPlace,
  savedPages,
  savePage,
  streamRow,
  type StreamRow,
} from './run-rows.ts';
import { type Held, withLease } from './stream-lease.ts';
import { takeEarly } from './early.ts';
import { takePage } from './page.ts';
import { NO_COUNTS, type Page, type RecordState, type RunCounts, sumOf, type TakeCounts } from './taken.ts';
import { chase } from './missing.ts';
import { type Turn, Turns } from './turns.ts';
import { isUnusual, noteDeletes } from './unusual-deletes.ts';
import { settle, settleAll } from './waiting.ts';

export interface RunResult extends RunCounts {
  /** Null: nothing was begun, since another process reads this stream. */
  readonly runId: string | null;
  readonly state: 'DONE' | 'FAILED' | 'STOPPED' | 'BUSY';
  /** Why it stopped, in a sentence. */
  readonly failure: string | null;
}

export interface StreamRun {
  readonly tenantId: string;
  readonly streamId: string;
  /** FULL_WITH_DELETES: what a whole read does not show is gone, however much that is. */
  readonly mode: 'FULL' | 'FULL_WITH_DELETES' | 'INCREMENTAL';
  readonly signal: AbortSignal;
  readonly onProgress?: (counts: RunCounts) => void;
}

const PAGE_MAX_COUNT = 1_000;
const BACKOFF = { firstMs: 5_000, maxMs: 900_000 };
/** What a whole read looks at again although it has not changed: what is wrong with it may be mended here, and its company be served by now. */
const AGAIN: ReadonlySet<RecordState> = new Set(['WAITING', 'REFUSED', 'IGNORED']);
const NOTHING_AGAIN: ReadonlySet<RecordState> = new Set();
const BUSY: RunResult = { ...NO_COUNTS, runId: null, state: 'BUSY', failure: 'Another process reads this stream at the moment.' };

export const leaseOf = (connectionId: string, stream: string): string => `sync:${connectionId}:${stream}`;

/** @throws DomainError NOT_FOUND; whatever else happens is the run's own state, with the sentence of it on the stream */
export async function syncStream(engines: SyncEngines, run: StreamRun): Promise<RunResult> {
  const { tenantId, streamId } = run;
  const row = await engines.inTenant(tenantId, (session) => streamRow(session, tenantId, streamId));
  const done = await withLease(engines, leaseOf(row.connectionId, row.name), (held) => new Run(engines, run, held).do());
  return done ?? BUSY;
}

class Run {
  readonly #engines: SyncEngines;
  readonly #run: StreamRun;
  readonly #held: Held;
  readonly #signal: AbortSignal;
  readonly #startMs = monotonicMs();
  readonly #startedAt: Date;
  readonly #turns = new Turns();
  #counts = NO_COUNTS;
  #isOn = true;

  constructor(engines: SyncEngines, run: StreamRun, held: Held) {
    this.#engines = engines;
    this.#run = run;
    this.#held = held;
    this.#signal = AbortSignal.any([run.signal, held.signal]);
    this.#startedAt = engines.clock.now();
  }

  async do(): Promise<RunResult> {
    const { tenantId, streamId } = this.#run;
    // read under the lease: another process may have gone on with it since
    const row = await this.#engines.inTenant(tenantId, (session) => streamRow(session, tenantId, streamId));
    const isFull = this.#run.mode !== 'INCREMENTAL' || row.fullCursor !== null || row.lastFullAt === null;
    const mode = isFull ? 'FULL' : 'INCREMENTAL';
    const place = { tenantId, connectionId: row.connectionId, streamId, runId: this.#engines.newId(), mode } as const;
    // a later full read that was interrupted begins anew: only one from its first page to its last shows what is gone
    const fullCursor = row.lastFullAt === null ? row.fullCursor : null;
    const cursor = isFull ? fullCursor : row.cursor;
    await this.#engines.inTenant(tenantId, async (session) => {
      await this.#held.guard(session);
      await beginRun(session, { ...place, at: this.#startedAt, isFirstPage: isFull && cursor === null });
    });
    try {
      const connection = await openConnection(this.#engines, { tenantId, connectionId: row.connectionId });
      const isWhole = await this.#read(connection, { place, row, cursor });
      return await this.#end(place, { state: isWhole ? 'DONE' : 'STOPPED', failure: null, connection, row });
    } catch (raw) {
      return this.#failed(place, row, { error: translateDatabaseError(raw), cursor });
    }
  }

  /** False: it was stopped before its end. */
  async #read(
    connection: OpenConnection,
    { place, row, cursor }: { readonly place: RunPlace; readonly row: StreamRow; readonly cursor: Cursor | null },
  ): Promise<boolean> {
    const stream = streamOf(connection.connector, row.name);
    const mode = place.mode === 'FULL' ? 'FULL' : 'INCREMENTAL';
    const seen = stream.needsKeyComparison && mode === 'FULL' && cursor === null ? new SeenIds() : null;
    const request = { mode, cursor, pageMaxCount: PAGE_MAX_COUNT } as const;
    const pages = stream.read(connection.context(this.#signal), request);
    try {
      for await (const { item: page, askedAt: readAt } of ahead(pages, () => this.#engines.clock.now())) {
        if (this.#isStopped()) break;
        for (const { externalId } of page.records) seen?.add(externalId);
        await this.#take(connection, { place, stream, page, readAt });
      }
    } finally {
      await this.#turns.end();
    }
    if (this.#isStopped()) return false;
    if (seen) await this.#compare(connection, { place, stream, seen });
    const requestId = `sync ${place.runId}`;
    await settleAll(this.#engines, connection, requestId);
    await chase(this.#engines, connection, requestId, this.#signal);
    return !this.#isStopped();
  }

  #isStopped(): boolean {
    return this.#signal.aborted || !this.#isOn;
  }

  #take(connection: OpenConnection, taking: Taking): Promise<void> {
    const ids = new Set(taking.page.records.map(({ externalId }) => externalId));
    return this.#turns.take(ids, (turn, before) => this.#inTurn(connection, taking, { turn, before }));
  }

  async #inTurn(
    connection: OpenConnection,
    { place, stream, page, readAt }: Taking,
    { turn, before }: { readonly turn: Turn; readonly before: Turn | null },
  ): Promise<void> {
    const sum = (counts: TakeCounts): RunCounts => ({
      ...sumOf([this.#counts, counts]),
      pages: this.#counts.pages + 1,
      read: this.#counts.read + page.records.length,
      total: page.total === undefined ? this.#counts.total : Math.max(this.#counts.total ?? 0, page.total),
    });
    const requestId = `sync ${place.runId}`;
    const taking: Page = {
      stream: stream.name,
      records: page.records,
      again: place.mode === 'FULL' ? AGAIN : NOTHING_AGAIN,
      readAt,
      requestId,
      guard: (session) => this.#held.guard(session),
      decided: async (session) => {
        turn.decided();
        await lockPages(session, place);
      },
      checkpoint: async (session, counts) => {
        this.#isOn = await savePage(session, place, {
          cursor: page.cursor,
          counts: sum(counts),
          needsFull: page.needsFull === true,
        });
      },
    };
    const early =
      before &&
      (await takeEarly(this.#engines, connection, {
        page: taking,
        before: {
          ids: before.ids,
          isWritten: async (session) => (await savedPages(session, place)) === turn.place - 1,
          goesOn: async () => {
            await before.isCounted;
            return !this.#isStopped();
          },
        },
      }));
    if (!early) {
      await before?.isOver;
      if (this.#isStopped()) return;
    }
    const taken = early ?? (await takePage(this.#engines, connection, taking));
    this.#counts = sum(taken.counts);
    // whoever ends the read by this ends it before the next page is in the books
    this.#run.onProgress?.(this.#counts);
    turn.counted();
    await before?.isOver;
    await settle(this.#engines, connection, { arrived: taken.arrived, requestId });
  }

  async #compare(
    connection: OpenConnection,
    { place, stream, seen }: { place: RunPlace; stream: Stream; seen: SeenIds },
  ): Promise<void> {
    const readAt = this.#engines.clock.now();
    const comparing = { stream: stream.name, seen, startedAt: this.#startedAt, signal: this.#signal };
    const compared = await countUnseen(this.#engines, connection, comparing);
    const isBelieved = this.#run.mode === 'FULL_WITH_DELETES' || !isUnusual(compared, this.#engines.deletes);
    const unusual = isBelieved ? null : compared;
    const noting = {
      engines: this.#engines,
      connection,
      streamId: place.streamId,
      stream,
      requestId: `sync ${place.runId}`,
      unusual,
    };
    await this.#engines.inTenant(place.tenantId, (session) => noteDeletes(session, noting));
    if (!isBelieved) return;
    for await (const records of unseenRecords(this.#engines, connection, comparing)) {
      await this.#take(connection, { place, stream, page: { records, cursor: null }, readAt });
      await this.#turns.end();
      if (this.#isStopped()) return;
    }
  }

  async #failed(
    place: RunPlace,
    row: StreamRow,
    { error, cursor }: { readonly error: unknown; readonly cursor: Cursor | null },
  ): Promise<RunResult> {
    const isLost = isDomainError(error) && error.code === 'LEASE_LOST';
    if (isLost || this.#signal.aborted) return this.#end(place, { state: 'STOPPED', failure: null, row, isLost });
    const isExternal = error instanceof ExternalError;
    if (isExternal && error.kind === 'AUTH') await signedOut(this.#engines.pool, place, error.message);
    if (!isExternal && !isDomainError(error)) this.#engines.onError(error);
    // what the ERP refuses before the first page is where we wanted to go on from
    const isCursorRefused = isExternal && error.kind === 'REJECTED' && cursor !== null && this.#counts.pages === 0;
    const retryAfterMs = isExternal ? (error.retryAfterMs ?? 0) : 0;
    return this.#end(place, { state: 'FAILED', failure: sentenceOf(error), row, retryAfterMs, isCursorRefused });
  }

  async #end(place: RunPlace, ending: Ending): Promise<RunResult> {
    const { state, failure, connection, row, retryAfterMs = 0, isCursorRefused = false, isLost = false } = ending;
    const result = { ...this.#counts, runId: place.runId, state, failure };
    // whoever has the lease now says how it stands
    if (isLost || this.#held.signal.aborted) return result;
    const endedAt = this.#engines.clock.now();
    const backoff = exponentialBackoff({ ...BACKOFF, random: this.#engines.randomness });
    const pauseMs = {
      DONE: (connection?.syncEveryS ?? 0) * 1_000,
      FAILED: isCursorRefused ? 0 : Math.max(backoff(Math.min(row.failureCount + 1, 20)), retryAfterMs),
      STOPPED: 0,
    }[state];
    const seconds = Math.max((monotonicMs() - this.#startMs) / 1_000, 0.001);
    const end: EndOfRun = {
      state,
      counts: this.#counts,
      failure,
      startedAt: this.#startedAt,
      endedAt,
      nextRunAt: new Date(endedAt.getTime() + pauseMs),
      rowsPerSecond: this.#counts.read / seconds,
      isCursorRefused,
    };
    try {
      await this.#engines.inTenant(place.tenantId, async (session) => {
        await this.#held.guard(session);
        await endRun(session, place, end);
      });
    } catch (error) {
      if (isDomainError(error) && error.code === 'LEASE_LOST') return { ...result, state: 'STOPPED' };
      throw error;
    }
    if (state === 'DONE') await signedIn(this.#engines.pool, place);
    return result;
  }
}

interface Taking {
  readonly place: RunPlace;
  readonly stream: Stream;
  readonly page: Omit<StreamPage, 'cursor'> & { readonly cursor: Cursor | null };
  readonly readAt: Date;
}

interface Ending {
  readonly state: 'DONE' | 'FAILED' | 'STOPPED';
  readonly failure: string | null;
  readonly row: StreamRow;
  readonly connection?: OpenConnection;
  readonly retryAfterMs?: number;
  readonly isCursorRefused?: boolean;
  readonly isLost?: boolean;
}

/** For people: the text of an error that nobody thought of could hold a secret, and goes to the log only. */
export const sentenceOf = (error: unknown): string =>
  error instanceof ExternalError || isDomainError(error)
    ? error.message
    : 'Something unexpected went wrong on our side: the log of the server says more.';
