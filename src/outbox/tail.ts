/**
 * Live events: each subscriber gets every event that it accepts once and in order of position, from its cursor on. It catches up
 * by pages from the log, then follows the sealer's wake-ups, heard by one connection of the process; while that is down, a poll
 * takes its place. Subscribers pull, so one that is slow holds at most a page and never makes the process grow.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Listen, Listener, Pool } from './connection.ts';
import type { LogMessage, SealedEvent } from './event.ts';
import { type EventFilter, isWanted } from './event-filter.ts';
import { type ReadEvents, readEvents, readHead } from './event-read.ts';
import { EVENT_CHANNEL } from './seal-batch.ts';
import { type Feed, readPage } from './tail-feed.ts';
import { abortable } from './tail-iterator.ts';
import { type Start, startAfter } from './tail-start.ts';
import { LogPages } from './tail-pages.ts';
import { createWindow, fillWindows, type TailWindow } from './tail-window.ts';

export interface Subscribe extends EventFilter {
  readonly tenantId: string;
  /** Null: from now on. */
  readonly after: bigint | null;
  /** What the subscriber may see: asked for each event. */
  readonly accepts: (event: SealedEvent) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** It says what it follows, so that who serves many at once can read for all of them together instead of iterating each. */
export interface LogSubscription extends AsyncIterableIterator<LogMessage, undefined> {
  readonly options: Subscribe;
}

export interface Watch {
  readonly tenantId: string;
  /** From where on events are told: the `head` of `begin`. */
  readonly from: bigint;
  /** Called with every event of the tenant, in order, as it gets known. */
  readonly onEvents: (events: readonly SealedEvent[]) => void;
  /** Called once when the log is closed. */
  readonly onClose: () => void;
}

export interface EventStream {
  /** The newest position: a cursor from which everything that is sealed later follows. */
  head(): Promise<bigint>;
  /** Begins with the first `next()`. Ends without an error by the signal, by `return()` also while a `next()` waits, and by `close`. @throws CURSOR_INVALID */
  subscribe(options: Subscribe): LogSubscription;
  /** Where one begins who follows by itself. @throws CURSOR_INVALID */
  begin(asked: Pick<Subscribe, 'tenantId' | 'after'>): Promise<Start>;
  watch(watch: Watch): Feed;
  readEvents(options: ReadEvents): Promise<readonly SealedEvent[]>;
  /** Calls back when the log may have grown; returns how to stop that. */
  onAdvance(callback: () => void): () => void;
  close(): Promise<void>;
}

export interface EventStreamOptions {
  /** In the system role. */
  readonly pool: Pool;
  readonly listen: Listen;
  readonly onError?: (error: unknown) => void;
  /** Who is further behind begins at the head, after a gap. */
  readonly catchUpMaxEvents?: number;
  /** How often to look by itself while the listening connection is up, and while it is down. */
  readonly pollMs?: { readonly up: number; readonly down: number };
}

/** Events of one tenant that are kept for its subscribers. */
const WINDOW = 1_000;
const POLL_MS = { up: 5_000, down: 250 };
/** After an error of the database. */
const RETRY_MS = 250;
const CATCH_UP_MAX_EVENTS = 100_000;

export const createEventStream = (options: EventStreamOptions): EventStream => new LogStream(options);

class LogStream implements EventStream {
  readonly #pool: Pool;
  readonly #listener: Listener;
  readonly #onError: (error: unknown) => void;
  readonly #pollMs: { readonly up: number; readonly down: number };
  readonly #catchUpMaxEvents: number;
  readonly #windows = new Map<string, TailWindow>();
  readonly #pages = new WeakMap<TailWindow, LogPages>();
  /** What is to be told of the end. */
  readonly #closing = new Set<() => void>();
  readonly #callbacks = new Set<() => void>();
  readonly #head: () => Promise<bigint>;
  #refreshing: Promise<void> | null = null;
  #isStale = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EventStreamOptions) {
    const { pool, listen, onError = () => {}, pollMs = POLL_MS, catchUpMaxEvents = CATCH_UP_MAX_EVENTS } = options;
    this.#pool = pool;
    this.#onError = onError;
    this.#pollMs = pollMs;
    this.#catchUpMaxEvents = catchUpMaxEvents;
    this.#head = shared(() => readHead(pool));
    const advanced = (): void => this.#advanced();
    this.#listener = listen({ channel: EVENT_CHANNEL, onNotice: advanced, onUp: advanced });
    this.#poll();
  }

  head(): Promise<bigint> {
    return this.#head();
  }

  readEvents(options: ReadEvents): Promise<readonly SealedEvent[]> {
    return readEvents(this.#pool, options);
  }

  onAdvance(callback: () => void): () => void {
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  subscribe(options: Subscribe): LogSubscription {
    const stopping = new AbortController();
    const stop = (): void => stopping.abort();
    const events = this.#follow(options, stopping);
    return Object.assign(abortable(events, { stop, done: stop }), { options });
  }

  async begin({ tenantId, after }: Pick<Subscribe, 'tenantId' | 'after'>): Promise<Start> {
    const window = this.#windows.get(tenantId);
    // all that it lacks is in memory: the database needn't be asked
    if (after !== null && window && after >= window.start && after <= window.last)
      return { cursor: after, gap: null, head: window.last };
    const head = await this.#head();
    if (after === null) return { cursor: head, gap: null, head };
    return startAfter(this.#pool, { tenantId, after, head, catchUpMaxEvents: this.#catchUpMaxEvents });
  }

  watch({ tenantId, from, onEvents, onClose }: Watch): Feed {
    const window = this.#windows.get(tenantId) ?? createWindow({ start: from, size: WINDOW });
    this.#windows.set(tenantId, window);
    const leave = window.listen(onEvents);
    this.#closing.add(onClose);
    this.#refresh(); // events may have been sealed since the head was read
    const pages = this.#pages.get(window) ?? new LogPages();
    this.#pages.set(window, pages);
    const parts = { pool: this.#pool, tenantId, window, pages, onError: this.#onError, isOver: () => this.#isClosed };
    return {
      get last() {
        return window.last;
      },
      page: (asked) => readPage(parts, asked),
      stop: () => {
        leave();
        this.#closing.delete(onClose);
        if (window.listeners === 0 && this.#windows.get(tenantId) === window) this.#windows.delete(tenantId);
      },
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const close of this.#closing) close();
    await this.#listener.close();
    await this.#refreshing;
  }

  async *#follow(options: Subscribe, stopping: AbortController): AsyncGenerator<LogMessage, undefined> {
    const { signal } = stopping;
    const stop = (): void => stopping.abort();
    options.signal?.addEventListener('abort', stop);
    if (this.#isClosed || options.signal?.aborted) stop();
    let feed: Feed | null = null;
    try {
      if (signal.aborted) return;
      const start = await this.begin(options);
      let wake = (): void => {};
      feed = this.watch({ tenantId: options.tenantId, from: start.head, onEvents: () => wake(), onClose: stop });
      signal.addEventListener('abort', () => wake());
      if (start.gap) yield { event: null, gap: start.gap };
      let cursor = start.cursor;
      while (!signal.aborted) {
        const page = await feed.page({ after: cursor, filter: options });
        for (const message of page.messages) {
          if (signal.aborted) return;
          if (message.gap || (isWanted(message.event, options) && options.accepts(message.event))) yield message;
        }
        cursor = page.upTo;
        if (cursor < feed.last || signal.aborted) continue;
        await new Promise<void>((done) => {
          wake = done;
        });
      }
    } finally {
      options.signal?.removeEventListener('abort', stop);
      feed?.stop();
    }
  }

  #advanced(): void {
    this.#refresh();
    for (const callback of this.#callbacks) callback();
  }

  /** The net under the wake-ups: a listening connection can be dead without knowing it. */
  #poll(): void {
    this.#timer = setTimeout(
      () => {
        this.#advanced();
        this.#poll();
      },
      this.#listener.isUp() ? this.#pollMs.up : this.#pollMs.down,
    );
    this.#timer.unref();
  }

  /** Brings every window up to date; a wake-up that comes meanwhile makes it look once more. */
  #refresh(): void {
    this.#isStale = true;
    this.#refreshing ??= this.#refreshAll().finally(() => {
      this.#refreshing = null;
    });
  }

  async #refreshAll(): Promise<void> {
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      await fillWindows(this.#pool, this.#windows).catch(async (error: unknown) => {
        this.#onError(error);
        this.#isStale = true;
        await sleep(RETRY_MS);
      });
    }
  }
}

/** Who asks while an answer is under way gets the next one, all of them together: that one is newer than their question. */
function shared<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;
  return () => {
    next ??= running
      .catch(() => {})
      .then(() => {
        const begun = read();
        running = begun;
        next = null;
        return begun;
      });
    return next;
  };
}
