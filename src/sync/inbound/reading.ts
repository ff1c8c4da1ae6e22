/**
 * One read of a stream, page by page, to its end. Each page is taken in one transaction with the cursor from which the next read goes on.
 * While a page is written the next one is decided on and the one behind that is asked for, and never more than that is held.
 */
import type { Cursor, Stream, StreamPage } from '../../connect/connector.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { takeEarly } from './early.ts';
import { countUnseen, SeenIds, unseenRecords } from './gone.ts';
import { chase } from './missing.ts';
import { takePage } from './page.ts';
import { ahead } from './pages.ts';
import { lockPages, type RunPlace, savedPages, savePage } from './run-rows.ts';
import type { Held } from './stream-lease.ts';
import { NO_COUNTS, type Page, type RecordState, type RunCounts, sumOf, type TakeCounts } from './taken.ts';
import { type Turn, Turns } from './turns.ts';
import { isUnusual, noteDeletes } from './unusual-deletes.ts';
import { settle, settleAll } from './waiting.ts';

/** FULL_WITH_DELETES: what a whole read does not show is gone, however much that is. */
export type ReadMode = 'FULL' | 'FULL_WITH_DELETES' | 'INCREMENTAL';

export interface ReadingOptions {
  readonly engines: SyncEngines;
  readonly connection: OpenConnection;
  readonly place: RunPlace;
  readonly stream: Stream;
  /** Null: from the beginning. */
  readonly cursor: Cursor | null;
  readonly asked: ReadMode;
  readonly held: Held;
  readonly signal: AbortSignal;
  readonly startedAt: Date;
  readonly onProgress: ((counts: RunCounts) => void) | undefined;
}

interface Given {
  readonly page: Omit<StreamPage, 'cursor'> & { readonly cursor: Cursor | null };
  readonly readAt: Date;
}

const PAGE_MAX_COUNT = 1_000;
/** What a whole read looks at again although it has not changed: what is wrong with it may be mended here, and its company be served by now. */
const AGAIN: ReadonlySet<RecordState> = new Set(['WAITING', 'REFUSED', 'IGNORED']);
const NOTHING_AGAIN: ReadonlySet<RecordState> = new Set();

export class Reading {
  readonly #options: ReadingOptions;
  readonly #requestId: string;
  readonly #turns = new Turns();
  #counts = NO_COUNTS;
  #isOn = true;

  constructor(options: ReadingOptions) {
    this.#options = options;
    this.#requestId = `sync ${options.place.runId}`;
  }

  /** Of the pages that were taken. */
  get counts(): RunCounts {
    return this.#counts;
  }

  /** False: it was stopped before its end. */
  async toItsEnd(): Promise<boolean> {
    const { engines, connection, place, stream, cursor, signal } = this.#options;
    const mode = place.mode === 'FULL' ? 'FULL' : 'INCREMENTAL';
    const seen = stream.needsKeyComparison && mode === 'FULL' && cursor === null ? new SeenIds() : null;
    const pages = stream.read(connection.context(signal), { mode, cursor, pageMaxCount: PAGE_MAX_COUNT });
    try {
      for await (const { item: page, askedAt: readAt } of ahead(pages, () => engines.clock.now())) {
        if (this.#isStopped()) break;
        for (const { externalId } of page.records) seen?.add(externalId);
        await this.#take({ page, readAt });
      }
    } finally {
      await this.#turns.end();
    }
    if (this.#isStopped()) return false;
    if (seen) await this.#compare(seen);
    await settleAll(engines, connection, this.#requestId);
    await chase(engines, connection, this.#requestId, signal);
    return !this.#isStopped();
  }

  #isStopped(): boolean {
    return this.#options.signal.aborted || !this.#isOn;
  }

  #take(given: Given): Promise<void> {
    const ids = new Set(given.page.records.map(({ externalId }) => externalId));
    return this.#turns.take(ids, (turn, before) => this.#inTurn(given, { turn, before }));
  }

  async #inTurn(given: Given, { turn, before }: { readonly turn: Turn; readonly before: Turn | null }): Promise<void> {
    const { engines, connection, onProgress } = this.#options;
    const page = this.#pageOf(given, turn);
    const early = before && (await this.#early(page, { turn, before }));
    if (!early) {
      await before?.isOver;
      if (this.#isStopped()) return;
    }
    const taken = early ?? (await takePage(engines, connection, page));
    this.#counts = this.#sum(given, taken.counts);
    // whoever ends the read by this ends it before the next page is in the books
    onProgress?.(this.#counts);
    turn.counted();
    await before?.isOver;
    await settle(engines, connection, { arrived: taken.arrived, requestId: this.#requestId });
  }

  #early(page: Page, { turn, before }: { readonly turn: Turn; readonly before: Turn }) {
    const { engines, connection, place } = this.#options;
    return takeEarly(engines, connection, {
      page,
      before: {
        ids: before.ids,
        isWritten: async (session) => (await savedPages(session, place)) === turn.place - 1,
        goesOn: async () => {
          await before.isCounted;
          return !this.#isStopped();
        },
      },
    });
  }

  #pageOf(given: Given, turn: Turn): Page {
    const { place, stream, held } = this.#options;
    const { page, readAt } = given;
    return {
      stream: stream.name,
      records: page.records,
      again: place.mode === 'FULL' ? AGAIN : NOTHING_AGAIN,
      readAt,
      requestId: this.#requestId,
      guard: (session) => held.guard(session),
      decided: async (session) => {
        turn.decided();
        await lockPages(session, place);
      },
      checkpoint: async (session, counts) => {
        const saved = { cursor: page.cursor, counts: this.#sum(given, counts), needsFull: page.needsFull === true };
        this.#isOn = await savePage(session, place, saved);
      },
    };
  }

  #sum({ page }: Given, counts: TakeCounts): RunCounts {
    const before = this.#counts;
    return {
      ...sumOf([before, counts]),
      pages: before.pages + 1,
      read: before.read + page.records.length,
      total: page.total === undefined ? before.total : Math.max(before.total ?? 0, page.total),
    };
  }

  /** What was not seen is gone, unless it is too much to believe. */
  async #compare(seen: SeenIds): Promise<void> {
    const { engines, connection, place, stream, asked, startedAt, signal } = this.#options;
    const readAt = engines.clock.now();
    const comparing = { stream: stream.name, seen, startedAt, signal };
    const compared = await countUnseen(engines, connection, comparing);
    const isBelieved = asked === 'FULL_WITH_DELETES' || !isUnusual(compared, engines.deletes);
    const unusual = isBelieved ? null : compared;
    const noting = { engines, connection, streamId: place.streamId, stream, requestId: this.#requestId, unusual };
    await engines.inTenant(place.tenantId, (session) => noteDeletes(session, noting));
    if (!isBelieved) return;
    for await (const records of unseenRecords(engines, connection, comparing)) {
      await this.#take({ page: { records, cursor: null }, readAt });
      await this.#turns.end();
      if (this.#isStopped()) return;
    }
  }
}
