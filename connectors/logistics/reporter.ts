// Sends the simulated warehouse's reports: signed, again until they are taken, and, as far as faults are wished for, twice, late and out
// of order, as real senders do.
import { createHttpClient, type SeededRandomness, signMessage, type SimulatorWebhook } from '../../src/connect/index.ts';

export interface ReportedEvent {
  readonly id: string;
  readonly fulfilmentId: string;
  readonly reference: string;
  readonly kind: string;
  readonly occurredAt: string;
  readonly [field: string]: string;
}

export interface ReporterOptions {
  readonly random: SeededRandomness;
  readonly faults: number;
  readonly now: () => Date;
}

const RETRY_MS = { from: 20, to: 1_000 };
const TRIES_MAX = 60;

export class Reporter {
  readonly #options: ReporterOptions;
  readonly #http = createHttpClient({ allowsLoopback: true });
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  webhook: SimulatorWebhook | null = null;
  /** Held back, to go after the one that comes next. */
  #late: ReportedEvent | null = null;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#underWay.size === 0 && this.#late === null;
  }

  report(event: ReportedEvent): void {
    const fault = this.#fault();
    if (fault === 'LATE' && this.#late === null) {
      this.#late = event;
      return;
    }
    this.#send(event, `msg_${event.id}`);
    if (fault === 'TWICE') this.#send(event, `msg_${event.id}`);
    if (fault === 'AGAIN') this.#send(event, `msg_${event.id}_again`); // another message that says the same
    this.flush();
  }

  /** Sends what is held back. */
  flush(): void {
    const late = this.#late;
    this.#late = null;
    if (late) this.#send(late, `msg_${late.id}`);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#underWay);
    this.#http.close();
  }

  #fault(): 'LATE' | 'TWICE' | 'AGAIN' | null {
    const { random, faults } = this.#options;
    return random.fraction() < faults ? random.pick(['LATE', 'TWICE', 'AGAIN'] as const) : null;
  }

  #send(event: ReportedEvent, id: string): void {
    const sending = this.#untilTaken(event, id).finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  async #untilTaken(event: ReportedEvent, id: string): Promise<void> {
    const body = JSON.stringify({ events: [event] });
    for (let tries = 1; tries <= TRIES_MAX && !this.#closing.signal.aborted; tries++) {
      if (this.webhook && (await this.#isTaken(this.webhook, id, body))) return;
      await pause(Math.min(RETRY_MS.from * 2 ** tries, RETRY_MS.to), this.#closing.signal);
    }
  }

  /** With a fault the message is lost on its way, or its answer is: both look alike to the sender. */
  async #isTaken({ url, secret }: SimulatorWebhook, id: string, body: string): Promise<boolean> {
    const { random, faults, now } = this.#options;
    const lost = random.fraction() < faults ? random.pick(['MESSAGE', 'ANSWER'] as const) : null;
    if (lost === 'MESSAGE') return false;
    const { origin, pathname } = new URL(url);
    const headers = signMessage({ id, at: now(), body, secrets: [secret] });
    const { signal } = this.#closing;
    const isTaken = await this.#http.send({ method: 'POST', base: origin, path: pathname, headers, body, signal }).then(
      () => true,
      () => false,
    );
    return isTaken && lost === null;
  }
}

/** Ends early when the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
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
