/**
 * Live events: each subscriber gets every event that it accepts once and in order of position, from its cursor on. It catches up
 * by pages from the log, then follows the sealer's wake-ups, heard by one connection of the process; while that is down, a poll
 * takes its place. Subscribers pull, so one that is slow holds at most a page and never makes the process grow.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../kernel/errors.ts';
import type { Listen, Listener, Pool } from './connection.ts';
import type { SealedEvent } from './event.ts';
import { type ReadEvents, readEvents, readEventsAgain, readHead } from './event-read.ts';
import { EVENT_CHANNEL } from './seal-batch.ts';
import { abortable } from './tail-iterator.ts';
import { createWindow, fillWindows, type TailWindow } from './tail-window.ts';

export interface Subscribe {
  readonly tenantId: string;
  /** Null: from now on. */
  readonly after: bigint | null;
  /** What the subscriber may see: asked for each event. */
  readonly accepts: (event: SealedEvent) => boolean;
  readonly types?: readonly string[] | undefined;
  readonly recordKinds?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface EventStream {
  /** The newest position: a cursor from which everything that is sealed later follows. */
  head(): Promise<bigint>;
  /** Ends without an error by the signal, by `return()` also while a `next()` waits, and by `close`. @throws CURSOR_INVALID */
  subscribe(options: Subscribe): AsyncIterableIterator<SealedEvent, undefined>;
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
  /** How often to look by itself while the listening connection is up, and while it is down. */
  readonly pollMs?: { readonly up: number; readonly down: number };
}

const PAGE = 1_000;
/** Events of one tenant that are kept for its subscribers. */
const WINDOW = 1_000;
const POLL_MS = { up: 5_000, down: 250 };
/** After an error of the database. */
const RETRY_MS = 250;

export const createEventStream = (options: EventStreamOptions): EventStream => new LogStream(options);

class LogStream implements EventStream {
  readonly #pool: Pool;
  readonly #listener: Listener;
  readonly #onError: (error: unknown) => void;
  readonly #pollMs: { readonly up: number; readonly down: number };
  readonly #windows = new Map<string, TailWindow>();
  readonly #streams = new Set<AbortController>();
  readonly #callbacks = new Set<() => void>();
  #refreshing: Promise<void> | null = null;
  #isStale = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({ pool, listen, onError = () => {}, pollMs = POLL_MS }: EventStreamOptions) {
    this.#pool = pool;
    this.#onError = onError;
    this.#pollMs = pollMs;
    const advanced = (): void => this.#advanced();
    this.#listener = listen({ channel: EVENT_CHANNEL, onNotice: advanced, onUp: advanced });
    this.#poll();
  }

  head(): Promise<bigint> {
    return readHead(this.#pool);
  }

  readEvents(options: ReadEvents): Promise<readonly SealedEvent[]> {
    return readEvents(this.#pool, options);
  }

  onAdvance(callback: () => void): () => void {
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  subscribe(options: Subscribe): AsyncIterableIterator<SealedEvent, undefined> {
    const stopping = new AbortController();
    const stop = (): void => stopping.abort();
    this.#streams.add(stopping);
    options.signal?.addEventListener('abort', stop);
    if (this.#isClosed || options.signal?.aborted) stop();
    const done = (): void => {
      this.#streams.delete(stopping);
      options.signal?.removeEventListener('abort', stop);
    };
    return abortable(this.#follow(options, stopping.signal), { stop, done });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const stopping of this.#streams) stopping.abort();
    await this.#listener.close();
    await this.#refreshing;
  }

  async *#follow({ after, accepts, ...filter }: Subscribe, signal: AbortSignal): AsyncGenerator<SealedEvent, undefined> {
    const { tenantId, types, recordKinds } = filter;
    const head = await readHead(this.#pool);
    if (after !== null && (after < 0n || after > head)) {
      throw new DomainError('CURSOR_INVALID', `The cursor ${after} is not of this log: send one as the API returned it.`);
    }
    const wants = (event: SealedEvent): boolean =>
      (!types || types.includes(event.type)) && (!recordKinds || recordKinds.includes(event.recordKind)) && accepts(event);
    const window = this.#join(tenantId, head);
    let cursor = after ?? head;
    try {
      while (!signal.aborted) {
        const known = window.last;
        const isNear = cursor >= window.start;
        const page = { tenantId, after: cursor, limit: PAGE, types, recordKinds };
        const events = isNear
          ? window.after(cursor)
          : await readEventsAgain(this.#pool, page, { signal, onError: this.#onError });
        for (const event of events) {
          if (signal.aborted) return;
          if (wants(event)) yield event;
        }
        const newest = events.at(-1)?.position ?? cursor;
        // a page that isn't full held all there was, at least up to what the window knew before it was read
        cursor = !isNear && events.length === PAGE ? newest : max(newest, known);
        if (cursor >= window.last) await window.moved(signal);
      }
    } finally {
      window.subscribers -= 1;
      if (window.subscribers === 0) this.#windows.delete(tenantId);
    }
  }

  #join(tenantId: string, head: bigint): TailWindow {
    const window = this.#windows.get(tenantId) ?? createWindow({ start: head, size: WINDOW });
    this.#windows.set(tenantId, window);
    window.subscribers += 1;
    this.#refresh(); // events may have been sealed since the head was read
    return window;
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

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
