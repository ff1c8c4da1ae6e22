/** Tells a receiver what has happened: one CloudEvent at a time, again until it is taken. Events name the object and never say what is in it. */
import { randomUUID } from 'node:crypto';
import type { SapBooks, SapChange } from './books/index.ts';

export interface EventSenderOptions {
  readonly books: SapBooks;
  /** Sent as a bearer token: how events prove themselves is up to the broker between the two. */
  readonly secret: string;
  /** As in `source`. */
  readonly system?: string;
}

const RETRY_MS = { first: 50, growth: 3, max: 60_000 };
const ANSWER_MS = 3_000;
/** Objects that the system tells of; products and all deletions are not among them. */
const TYPES: Readonly<Partial<Record<SapChange['object'], string>>> = {
  BusinessPartner: 'sap.s4.beh.businesspartner.v1.BusinessPartner',
  SalesOrder: 'sap.s4.beh.salesorder.v1.SalesOrder',
  OutboundDelivery: 'sap.s4.beh.outbounddelivery.v1.OutboundDelivery',
  BillingDocument: 'sap.s4.beh.billingdocument.v1.BillingDocument',
  JournalEntry: 'sap.s4.beh.journalentry.v1.JournalEntry',
};

export class EventSender {
  readonly #secret: string;
  readonly #source: string;
  readonly #closing = new AbortController();
  #url: string | null = null;
  #waiting: SapChange[] = [];
  #sending: Promise<void> | null = null;

  constructor({ books, secret, system = 'S4HCLNT100' }: EventSenderOptions) {
    this.#secret = secret;
    this.#source = `/default/sap.s4.beh/${system}`;
    books.onChange((changes) => this.#send(changes));
  }

  /** Everything was taken, or there is nobody to take it. */
  get isIdle(): boolean {
    return this.#sending === null;
  }

  set url(url: string | null) {
    this.#url = url;
    if (url === null) this.#waiting = [];
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#sending;
  }

  #send(changes: readonly SapChange[]): void {
    if (this.#url === null || this.#closing.signal.aborted) return;
    this.#waiting.push(...changes.filter(({ object, what }) => TYPES[object] !== undefined && what !== 'Deleted'));
    if (this.#waiting.length === 0) return;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
  }

  async #sendAll(): Promise<void> {
    await Promise.resolve();
    for (let change = this.#waiting[0]; change !== undefined && !this.#closing.signal.aborted; change = this.#waiting[0]) {
      await this.#untilTaken(JSON.stringify(this.#event(change)));
      this.#waiting.shift();
    }
  }

  async #untilTaken(body: string): Promise<void> {
    for (let pauseMs = RETRY_MS.first; this.#url !== null && !this.#closing.signal.aborted; ) {
      if (await this.#isTaken(this.#url, body)) return;
      await this.#pause(pauseMs);
      pauseMs = Math.min(pauseMs * RETRY_MS.growth, RETRY_MS.max);
    }
  }

  async #isTaken(url: string, body: string): Promise<boolean> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ANSWER_MS)]);
    const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8', authorization: `Bearer ${this.#secret}` };
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false; // it will be sent again
    }
  }

  #event({ object, what, key, at }: SapChange) {
    return {
      type: `${TYPES[object] ?? ''}.${what}.v1`,
      specversion: '1.0',
      source: this.#source,
      id: randomUUID(),
      time: `${at.slice(0, 19)}Z`,
      datacontenttype: 'application/json',
      data: key,
    };
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
