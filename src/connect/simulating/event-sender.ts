/** Posts what has changed to whoever listens: in order, some at a time, again with growing pauses until it is taken. */

export interface Message {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const RETRY_MS = { first: 50, growth: 3, max: 60_000 };
const ANSWER_MS = 3_000;
/** What happens within so short a time is told together. */
const GATHER_MS = 10;

export class EventSender<Event> {
  readonly #messageOf: (events: readonly Event[]) => Message;
  readonly #batchMaxCount: number;
  readonly #closing = new AbortController();
  #url: string | null = null;
  #waiting: Event[] = [];
  #sending: Promise<void> | null = null;

  /** @param messageOf how the ERP words events, and how it proves itself */
  constructor(messageOf: (events: readonly Event[]) => Message, batchMaxCount = 1) {
    this.#messageOf = messageOf;
    this.#batchMaxCount = batchMaxCount;
  }

  /** Everything was taken, or there is nobody to take it. */
  get isIdle(): boolean {
    return this.#sending === null;
  }

  set url(url: string | null) {
    this.#url = url;
    if (url === null) this.#waiting = [];
  }

  send(events: readonly Event[]): void {
    if (this.#url === null || events.length === 0 || this.#closing.signal.aborted) return;
    this.#waiting.push(...events);
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
      const events = this.#waiting.slice(0, this.#batchMaxCount);
      await this.#untilTaken(this.#messageOf(events));
      this.#waiting.splice(0, events.length);
    }
  }

  /** Later events wait behind it. */
  async #untilTaken(message: Message): Promise<void> {
    for (let pauseMs = RETRY_MS.first; this.#url !== null && !this.#closing.signal.aborted; ) {
      if (await this.#isTaken(this.#url, message)) return;
      await this.#pause(pauseMs);
      pauseMs = Math.min(pauseMs * RETRY_MS.growth, RETRY_MS.max);
    }
  }

  async #isTaken(url: string, { body, headers }: Message): Promise<boolean> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ANSWER_MS)]);
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
