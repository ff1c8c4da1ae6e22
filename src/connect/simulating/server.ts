/**
 * The HTTP server in front of a simulated ERP: takes requests, lets go wrong what is to go wrong, answers. It knows nothing of any ERP:
 * what an answer is, and how that ERP words a refusal, its front says.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultKind } from '../simulator.ts';
import type { FaultChooser } from './fault-chooser.ts';

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Said {
  readonly status: number;
  readonly content: string | Buffer;
  /** Its content type. */
  readonly type: string;
  /** Beside the content's type and length; a list is one header line for each, such as cookies. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** In the ERP's own words and envelopes. */
export interface Refusals {
  throttled(asked: Asked): Said;
  serverError(asked: Asked): Said;
  unauthorized(asked: Asked): Said;
  /** Where this ERP has a page of its own for 503. */
  unavailable?(asked: Asked): Said;
  /** An error in a 200; null where this ERP does no such thing. */
  faultInSuccess(asked: Asked): Said | null;
}

export interface Front {
  /** Does what is asked, and says what came of it; for everything but the screen. */
  answer(asked: Asked): Said;
  readonly refusals: Refusals;
  /** For people, at `/`: nothing goes wrong with it. Only its own page may post to it. */
  screen(asked: Asked): Said;
  /** It asks for a token. */
  isSignIn(url: URL): boolean;
  /** Counts a request in. False when it comes too soon: it is refused as throttled. `leave` is called either way. */
  enter(asked: Pick<Asked, 'method' | 'url'>): boolean;
  leave(asked: Pick<Asked, 'method' | 'url'>): void;
  /** On every answer. */
  headers?(): Readonly<Record<string, string>>;
  /** After everything that may have changed the books. */
  onDone(): void;
  /** For SLOW. */
  readonly slowMs: number;
}

const HOST = '127.0.0.1';
/** Longer than clients keep a connection, so that none is closed under a request. */
const KEEP_ALIVE_MS = 65_000;
const BODY_MAX_BYTES = 5_000_000;
const RETRY_AFTER = { 'retry-after': '1' };
const UNAVAILABLE: Said = { status: 503, content: 'Service Unavailable', type: 'text/plain' };
const PROXY_PAGE: Said = {
  status: 200,
  type: 'text/html',
  content:
    '<!DOCTYPE html><html><head><title>Please wait</title></head><body><h1>We are checking your connection</h1></body></html>',
};

export class SimulatedServer {
  readonly #front: Front;
  readonly #faults: FaultChooser;
  readonly #server: Server;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(front: Front, faults: FaultChooser) {
    this.#front = front;
    this.#faults = faults;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  get url(): string {
    return `http://${HOST}:${(this.#server.address() as AddressInfo).port}`;
  }

  listen(port: number): Promise<void> {
    return new Promise((done, fail) => {
      this.#server.once('error', fail);
      this.#server.listen(port, HOST, done);
    });
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, method = 'GET' } = request;
    // links that an answer gives go where the client came in
    const url = new URL(request.url ?? '/', `http://${headers.host ?? new URL(this.url).host}`);
    const isScreen = url.pathname === '/';
    const isInTime = isScreen || this.#front.enter({ method, url });
    if (!isScreen) response.once('close', () => this.#front.leave({ method, url }));
    const body = await textOf(request);
    if (body === null) return this.#say(response, { status: 413, content: '', type: 'text/plain' });
    const asked = { method, url, headers, body };
    if (isScreen) return this.#say(response, this.#screen(asked));
    if (!isInTime) return this.#say(response, this.#front.refusals.throttled(asked));
    const path = `${url.pathname}${url.search}`;
    const fault = this.#faults.next({ method, path, isSignIn: this.#front.isSignIn(url) });
    const early = this.#early(fault, asked);
    return early === null ? this.#finish(response, asked, fault) : this.#say(response, early);
  }

  #screen(asked: Asked): Said {
    const { origin } = asked.headers;
    const own = [this.url, this.url.replace(HOST, 'localhost')];
    if (asked.method === 'POST' && origin !== undefined && !own.includes(origin))
      return { status: 403, content: 'Only from its own page.', type: 'text/plain' };
    const said = this.#front.screen(asked);
    this.#front.onDone();
    return said;
  }

  /** What goes wrong before anything is done; null lets it be done. */
  #early(fault: FaultKind | null, asked: Asked): Said | null {
    const { refusals } = this.#front;
    switch (fault) {
      case 'THROTTLED':
        return this.#retryable(refusals.throttled(asked), () => this.#faults.coin());
      case 'UNAVAILABLE':
        return this.#retryable(refusals.unavailable?.(asked) ?? UNAVAILABLE, () => false);
      case 'SERVER_ERROR':
        return refusals.serverError(asked);
      case 'FAULT_IN_SUCCESS':
        return refusals.faultInSuccess(asked);
      case 'UNAUTHORIZED':
        return refusals.unauthorized(asked);
      case 'HTML':
        return this.#faults.coin() ? PROXY_PAGE : null;
      default:
        return null;
    }
  }

  #retryable(said: Said, unplanned: () => boolean): Said {
    return this.#faults.tellsRetryAfter(unplanned) ? { ...said, headers: { ...said.headers, ...RETRY_AFTER } } : said;
  }

  /** Does it, and then lets go wrong what goes wrong with answers. */
  #finish(response: ServerResponse, asked: Asked, fault: FaultKind | null): void {
    const said = this.#front.answer(asked);
    this.#front.onDone();
    switch (fault) {
      case 'LOST_ANSWER':
        response.destroy();
        return;
      case 'HALF_ANSWER':
        return this.#sayHalf(response, said);
      case 'TIMEOUT':
        return; // until the client gives up
      case 'HTML':
        return this.#say(response, PROXY_PAGE);
      case 'SLOW':
        return this.#later(() => this.#say(response, said));
      default:
        return this.#say(response, said);
    }
  }

  #say(response: ServerResponse, said: Said): void {
    response.writeHead(said.status, this.#headers(said)).end(said.content);
  }

  #sayHalf(response: ServerResponse, said: Said): void {
    const whole = Buffer.from(said.content);
    response.writeHead(said.status, this.#headers(said));
    if (whole.length === 0) return void response.destroy();
    response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.destroy());
  }

  #headers({ status, type, content, headers }: Said): Record<string, string | string[]> {
    const own = Object.fromEntries(
      Object.entries(headers ?? {}).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
    );
    const ofContent = { 'content-type': type, 'content-length': String(Buffer.byteLength(content)) };
    return { ...(status === 204 ? {} : ofContent), 'cache-control': 'no-cache, no-store', ...this.#front.headers?.(), ...own };
  }

  #later(then: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, this.#front.slowMs);
    this.#timers.add(timer);
  }
}

/** A form, as tokens are asked for; some clients send JSON. */
export function formOf({ headers, body }: Pick<Asked, 'headers' | 'body'>): URLSearchParams {
  if (!String(headers['content-type']).includes('json')) return new URLSearchParams(body);
  try {
    const value = JSON.parse(body) as Record<string, string>;
    return new URLSearchParams(Object.entries(value).map(([name, text]): [string, string] => [name, text]));
  } catch {
    return new URLSearchParams();
  }
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
