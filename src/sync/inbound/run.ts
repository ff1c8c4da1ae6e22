/**
 * A run over a stream of a connection: begun and ended under a lease whose token is looked at in the transaction of each page, so a process
 * may die anywhere, and another one goes on from the last page. How it went is the stream's state, with the sentence of it.
 */
import { ExternalError } from '../../connect/external-error.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import { isDomainError } from '../../kernel/errors.ts';
import { exponentialBackoff } from '../../outbox/backoff.ts';
import { translateDatabaseError } from '../../write/database-errors.ts';
import { openConnection } from '../client/open.ts';
import { signedIn, signedOut } from '../client/health.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { streamOf } from './kinds.ts';
import { type ReadMode, Reading } from './reading.ts';
import { beginRun, endRun, type EndOfRun, type RunPlace, streamRow, type StreamRow } from './run-rows.ts';
import { type Held, withLease } from './stream-lease.ts';
import { NO_COUNTS, type RunCounts } from './taken.ts';

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
  readonly mode: ReadMode;
  readonly signal: AbortSignal;
  readonly onProgress?: (counts: RunCounts) => void;
}

const BACKOFF = { firstMs: 5_000, maxMs: 900_000 };
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
  #reading: Reading | null = null;

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
      this.#reading = new Reading({
        engines: this.#engines,
        connection,
        place,
        stream: streamOf(connection.connector, row.name),
        cursor,
        asked: this.#run.mode,
        held: this.#held,
        signal: this.#signal,
        startedAt: this.#startedAt,
        onProgress: this.#run.onProgress,
      });
      const isWhole = await this.#reading.toItsEnd();
      return await this.#end(place, { state: isWhole ? 'DONE' : 'STOPPED', failure: null, connection, row });
    } catch (raw) {
      return this.#failed(place, row, { error: translateDatabaseError(raw), cursor });
    }
  }

  get #counts(): RunCounts {
    return this.#reading?.counts ?? NO_COUNTS;
  }

  async #failed(
    place: RunPlace,
    row: StreamRow,
    { error, cursor }: { readonly error: unknown; readonly cursor: unknown },
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
