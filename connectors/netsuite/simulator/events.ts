/** The optional bundle: a script in the account that posts each change of a record, signed, again with growing pauses until it is taken. */
import { createHmac } from 'node:crypto';
import type { Change } from './books/books.ts';

const RETRY_MS = { first: 50, growth: 3, max: 60_000 };
const ANSWER_MS = 3_000;
const GATHER_MS = 10;

export class EventSender {
  readonly #secret: string;
  readonly #closing = new AbortController();
  #url: string | null = null;
  #waiting: Change[] = [];
  #sending: Promise<void> | null = null;

  constructor(secret: string) {
    this.#secret = secret;
  }

  get isIdle(): boolean {
    return this.#sending === null;
  }

  set url(url: string | null) {
    this.#url = url;
    if (url === null) this.#waiting = [];
  }

  send(changes: readonly Change[]): void {
    if (this.#url === null || changes.length === 0 || this.#closing.signal.aborted) return;
    this.#waiting.push(...changes);
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    await this.#pause(GATHER_MS);
    while (this.#waiting.length > 0 && !this.#closing.signal.aborted) {
      const [change] = this.#waiting;
      if (change !== undefined) await this.#untilTaken(JSON.stringify(change));
      this.#waiting.shift();
    }
  }

  async #untilTaken(body: string): Promise<void> {
    const signature = createHmac('sha256', this.#secret).update(body).digest('hex');
    for (let pauseMs = RETRY_MS.first; this.#url !== null && !this.#closing.signal.aborted; ) {
      if (await this.#isTaken(this.#url, body, signature)) return;
      await this.#pause(pauseMs);
      pauseMs = Math.min(pauseMs * RETRY_MS.growth, RETRY_MS.max);
    }
  }

  async #isTaken(url: string, body: string, signature: string): Promise<boolean> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ANSWER_MS)]);
    const headers = { 'content-type': 'application/json; charset=utf-8', 'x-signature': signature };
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false; // it will be sent again
    }
  }

  /** Ends early when the simulator is closed. */
  #pause(ms: number): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((done) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        done();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }
}
