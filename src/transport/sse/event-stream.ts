/**
 * One answer of server-sent events: who is on it, what runs over it, and how it ends. It never says `complete` for an operation that the
 * server breaks off: the client then comes again and resumes.
 */
import type { ServerResponse } from 'node:http';
import type { Principal } from '../../access/principal.ts';
import type { Limits } from '../../config.ts';
import type { SignedIn } from '../recheck.ts';

/** Something that is under way on a stream. */
export interface Running {
  stop(): void;
  /** A query or a mutation: a shutdown waits for it. */
  readonly isShort: boolean;
}

export interface EventStreamOptions {
  readonly principal: Principal;
  readonly authorization: unknown;
  readonly verifiedAtMs: number;
  readonly limits: Limits;
  /** Told once, when it is over. */
  readonly onEnd: (stream: EventStream) => void;
  readonly onCut: (reason: string) => void;
}

const COMMENT = ':\n\n';

export class EventStream implements SignedIn {
  readonly authorization: unknown;
  principal: Principal | null;
  verifiedAtMs: number;
  /** By id; of a stream for one operation the id is empty. */
  readonly running = new Map<string, Running>();
  readonly #options: EventStreamOptions;
  #response: ServerResponse | null = null;
  /** What was asked for over a reservation whose stream isn't there yet. */
  #waiting: (() => void)[] = [];
  #isOver = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.principal = options.principal;
    this.authorization = options.authorization;
    this.verifiedAtMs = options.verifiedAtMs;
  }

  get isOpen(): boolean {
    return this.#response !== null;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get waitingBytes(): number {
    return this.#response?.writableLength ?? 0;
  }

  open(response: ServerResponse): void {
    this.#response = response;
    response.once('close', () => this.end());
    // a client that is gone shows in `close`
    response.on('error', () => {});
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      // proxies must not collect what is to arrive at once
      'x-accel-buffering': 'no',
      'cache-control': 'no-store, no-transform',
    });
    // some browsers wait for the first bytes
    response.write(COMMENT);
    for (const begin of this.#waiting.splice(0)) begin();
  }

  whenOpen(begin: () => void): void {
    if (this.#response) begin();
    else this.#waiting.push(begin);
  }

  /** Parts of the protocol's text, as they are. */
  write(parts: readonly (string | Buffer)[]): void {
    const response = this.#response;
    if (!response || this.#isOver || response.destroyed) return;
    response.cork();
    for (const part of parts) response.write(part);
    response.uncork();
    if (response.writableLength > this.#options.limits.socketBufferMaxBytes) this.cut('tooSlow');
  }

  /** Keeps proxies from taking it for dead; whoever takes nothing needs none. */
  ping(): void {
    if (this.waitingBytes === 0) this.write([COMMENT]);
  }

  /** Broken off at once, with whatever waits in it. */
  cut(reason: string): void {
    if (this.#isOver) return;
    this.#options.onCut(reason);
    this.#response?.destroy();
    this.end();
  }

  /** Ends after what was written, with the reason for whoever looks. */
  finish(reason?: string): void {
    if (this.#isOver) return;
    if (reason !== undefined) {
      this.#options.onCut(reason);
      this.write([`: ${reason}\n\n`]);
    }
    this.#response?.end();
    this.end();
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting = [];
    for (const { stop } of this.running.values()) stop();
    this.running.clear();
    this.#options.onEnd(this);
  }
}
