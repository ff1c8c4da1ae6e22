// A third party that fulfils, as a server on this machine: takes shipments once for each key, checks who asks, moves each shipment step by
// step and reports every step by a signed webhook. With faults it answers 429 and 500, loses answers after it has done what was asked,
// and reports twice, late and out of order.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  seededRandom,
  type SeededRandomness,
  type Simulator,
  type SimulatorOptions,
  type SimulatorWebhook,
  verifyMessage,
} from '../../src/connect/index.ts';
import { Reporter } from './reporter.ts';
import { type Answer, type Shipment, type Step, STEPS, Warehouse } from './shipments.ts';

export interface LogisticsSimulator extends Simulator {
  readonly shipments: readonly Readonly<Shipment>[];
  /** Every request for a shipment that was answered or lost, by key: repeated ones too. */
  readonly asked: readonly string[];
  /** Nothing moves any more, and every report was taken or given up. */
  readonly isIdle: boolean;
}

const BODY_MAX_BYTES = 100_000;
const DELAY_MS = 2_000;
const HOST = '127.0.0.1';

export async function startSimulator(options: SimulatorOptions = {}): Promise<LogisticsSimulator> {
  const simulated = new SimulatedLogistics(options);
  await simulated.listen(options.port ?? 0);
  return simulated;
}

class SimulatedLogistics implements LogisticsSimulator {
  readonly #warehouse = new Warehouse();
  readonly #random: SeededRandomness;
  readonly #reporter: Reporter;
  readonly #faults: number;
  readonly #delayMs: number;
  readonly #now: () => Date;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #server: Server;
  readonly asked: string[] = [];

  constructor({ seed = 'logistics', faults = 0, delayMs = DELAY_MS, now = () => new Date(), webhook }: SimulatorOptions) {
    this.#random = seededRandom(seed);
    this.#faults = faults;
    this.#delayMs = delayMs;
    this.#now = now;
    this.#reporter = new Reporter({ random: seededRandom(`${seed} reports`), faults, now });
    if (webhook) this.connect(webhook);
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  get url(): string {
    return `http://${HOST}:${(this.#server.address() as AddressInfo).port}`;
  }

  get shipments(): readonly Shipment[] {
    return this.#warehouse.shipments;
  }

  get isIdle(): boolean {
    return this.#timers.size === 0 && this.#reporter.isIdle;
  }

  connect(webhook: SimulatorWebhook): void {
    this.#reporter.webhook = webhook;
  }

  listen(port: number): Promise<void> {
    return new Promise((done, fail) => {
      this.#server.once('error', fail);
      this.#server.listen(port, HOST, done);
    });
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await this.#reporter.close();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (request.method === 'GET' && path === '/shipments')
      return say(response, { status: 200, body: { shipments: this.shown() } });
    const body = await textOf(request);
    if (body === null) return say(response, { status: 413, body: { message: 'The body is too large.' } });
    if (request.method !== 'POST') return say(response, { status: 405, body: { message: 'Shipments are asked for with POST.' } });
    if (!this.#isSigned(request, body)) return say(response, { status: 401, body: { message: 'The signature is not right.' } });
    const fault = this.#fault();
    if (fault === 'BUSY') return say(response, { status: 429, body: { message: 'Too many requests.' } }, { 'retry-after': '1' });
    if (fault === 'BROKEN') return say(response, { status: 500, body: { message: 'Something broke.' } });
    const answer = this.#answer(path, String(request.headers['idempotency-key'] ?? ''), body);
    if (answer.begun) this.#move(answer.begun, 0);
    // it is done, and nobody hears of it
    if (fault === 'SILENT') return void response.destroy();
    return say(response, fault === 'BROKEN_LATE' ? { status: 500, body: { message: 'Something broke.' } } : answer);
  }

  #answer(path: string, key: string, body: string): Answer {
    const cancelled = /^\/shipments\/([\w-]+)\/cancel$/.exec(path)?.[1];
    if (cancelled !== undefined) return this.#warehouse.cancel(cancelled);
    if (path !== '/shipments') return { status: 404, body: { message: 'There is nothing at this address.' } };
    if (key === '') return { status: 400, body: { message: 'The header idempotency-key is missing.' } };
    this.asked.push(key);
    return this.#warehouse.ask(key, body);
  }

  #isSigned(request: IncomingMessage, body: string): boolean {
    const secret = this.#reporter.webhook?.secret;
    return secret === undefined || verifyMessage({ headers: request.headers, body, secrets: [secret], now: this.#now() }).ok;
  }

  #fault(): 'BUSY' | 'BROKEN' | 'BROKEN_LATE' | 'SILENT' | null {
    if (this.#random.fraction() >= this.#faults) return null;
    return this.#random.pick(['BUSY', 'BROKEN', 'BROKEN_LATE', 'SILENT'] as const);
  }

  #move(shipment: Shipment, index: number): void {
    const step = STEPS[index];
    if (step === undefined) return this.#reporter.flush();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (shipment.isCancelled) return this.#reporter.flush();
      shipment.step = step;
      this.#reporter.report(this.#told(shipment, step));
      return this.#move(shipment, index + 1);
    }, this.#delayMs);
    this.#timers.add(timer);
  }

  #told({ fulfilmentId, reference }: Shipment, step: Step) {
    const event = { id: `${fulfilmentId}-${step}`, fulfilmentId, reference, kind: step, occurredAt: this.#now().toISOString() };
    if (step === 'SHIPPED') return { ...event, carrier: 'Simulated Parcel', trackingNumber: `TRK${reference.slice(4)}` };
    return step === 'DELIVERED' ? { ...event, receivedBy: 'The front desk' } : event;
  }

  /** For people who look at it. */
  shown() {
    return this.shipments.map(({ fulfilmentId, reference, step, isCancelled }) => ({
      fulfilmentId,
      reference,
      step,
      isCancelled,
    }));
  }
}

function say(response: ServerResponse, { status, body }: Answer, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Null when it is too large. */
async function textOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
