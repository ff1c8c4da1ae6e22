/** Tells a receiver what has changed: signed, in order, again with growing pauses until it is taken. Only ids are told, never contents. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { Body } from './body.ts';
import type { Change } from './books.ts';

export type WebhookFormat = 'CLOUD_EVENTS' | 'LEGACY';

export interface WebhookOptions {
  readonly realmId: string;
  readonly verifier: string;
  readonly format: WebhookFormat;
}

const GATHER_MS = 10;
const RETRY_MS = { first: 50, growth: 3, max: 60_000 };
const ANSWER_MS = 3_000;
const EVENTS_MAX = 50;
const VERBS = { Create: 'created', Update: 'updated', Delete: 'deleted', Void: 'voided', Merge: 'merged', Emailed: 'emailed' };

export class WebhookSender {
  readonly #options: WebhookOptions;
  readonly #closing = new AbortController();
  #url: string | null = null;
  #waiting: Change[] = [];
  #sending: Promise<void> | null = null;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  /** Everything was taken, or there is nobody to take it. */
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
      const changes = this.#waiting.slice(0, EVENTS_MAX);
      const body = JSON.stringify(
        this.#options.format === 'LEGACY' ? this.#legacy(changes) : changes.map((one) => this.#event(one)),
      );
      await this.#untilTaken(body);
      this.#waiting.splice(0, changes.length);
    }
  }

  /** Later events wait behind it. */
  async #untilTaken(body: string): Promise<void> {
    const signature = createHmac('sha256', this.#options.verifier).update(body).digest('base64');
    for (let pauseMs = RETRY_MS.first; this.#url !== null && !this.#closing.signal.aborted; ) {
      if (await this.#isTaken(this.#url, body, signature)) return;
      await this.#pause(pauseMs);
      pauseMs = Math.min(pauseMs * RETRY_MS.growth, RETRY_MS.max);
    }
  }

  async #isTaken(url: string, body: string, signature: string): Promise<boolean> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ANSWER_MS)]);
    const headers = { 'content-type': 'application/json; charset=utf-8', 'intuit-signature': signature };
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false; // it will be sent again
    }
  }

  #event({ entity, id, operation, atSec }: Change): Body {
    const { realmId } = this.#options;
    return {
      specversion: '1.0',
      id: randomUUID(),
      source: `intuit.${createHash('sha256').update(realmId).digest('base64')}`,
      type: `qbo.${entity.toLowerCase()}.${VERBS[operation]}.v1`,
      datacontenttype: 'application/json',
      time: `${utc(atSec)}.000000000Z`,
      intuitentityid: id,
      intuitaccountid: realmId,
      data: {},
    };
  }

  #legacy(changes: readonly Change[]): Body {
    const entities = changes.map(({ entity, id, operation, atSec, deletedId }) => ({
      name: entity,
      id,
      operation,
      lastUpdated: `${utc(atSec)}.000Z`,
      ...(deletedId === undefined ? {} : { deletedId }),
    }));
    return { eventNotifications: [{ realmId: this.#options.realmId, dataChangeEvent: { entities } }] };
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

const utc = (sec: number): string => new Date(sec * 1_000).toISOString().slice(0, 19);
