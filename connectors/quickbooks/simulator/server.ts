/** The HTTP server in front of the company and of Intuit's sign-in: takes requests, lets go wrong what is to go wrong, answers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultKind, SeededRandomness } from '../../../src/connect/index.ts';
import type { ApiAnswer, CompanyApi } from './company-api.ts';
import type { FaultChooser } from './fault-plan.ts';
import { applicationError, foreignCompany, noResource, throttled, unauthorized } from './fault.ts';
import type { Throttle } from './limits.ts';
import type { OAuth, OAuthAnswer } from './oauth.ts';
import type { Screen } from './screen.ts';

export interface Parts {
  readonly realmId: string;
  readonly oauth: OAuth;
  readonly company: CompanyApi;
  readonly screen: Screen;
  readonly faults: FaultChooser;
  readonly throttle: Throttle;
  readonly random: SeededRandomness;
  readonly now: () => Date;
  /** For SLOW. */
  readonly slowMs: number;
  /** Called after everything that may have changed the books. */
  readonly onDone: () => void;
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Said extends ApiAnswer {
  readonly headers?: Readonly<Record<string, string>>;
}

const HOST = '127.0.0.1';
/** Longer than clients keep a connection, so that none is closed under a request. */
const KEEP_ALIVE_MS = 65_000;
const BODY_MAX_BYTES = 5_000_000;
const COMPANY = /^\/v3\/company\/([^/]*)\/?(.*)$/;
const RETRY_AFTER = { 'retry-after': '1' };
const UNAVAILABLE = { status: 503, content: 'Service Unavailable', type: 'text/plain' };
const HTML =
  '<!DOCTYPE html><html><head><title>Please wait</title></head><body><h1>We are checking your connection</h1></body></html>';

export class SimulatorServer {
  readonly #parts: Parts;
  readonly #server: Server;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(parts: Parts) {
    this.#parts = parts;
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
    const url = new URL(request.url ?? '/', this.url);
    const isCompany = COMPANY.test(url.pathname);
    const { throttle, faults } = this.#parts;
    const isInTime = !isCompany || throttle.enter(url.pathname.endsWith('/batch'));
    if (isCompany) response.once('close', () => throttle.leave());
    const body = await textOf(request);
    if (body === null) return this.#say(response, { status: 413, content: '', type: 'text/plain' });
    const method = request.method ?? 'GET';
    if (url.pathname === '/') return this.#say(response, this.#screen({ method, url, headers: request.headers, body }));
    const path = `${url.pathname}${url.search}`;
    const fault = isInTime ? faults.next({ method, path, isOAuth: !isCompany }) : null;
    const asked = { method, url, headers: request.headers, body };
    const early = isInTime ? this.#early(fault) : this.#parts.company.refused(throttled());
    return early === null ? this.#finish(response, asked, fault) : this.#say(response, early);
  }

  /** For people: nothing goes wrong with it. */
  #screen({ method, headers, body }: Asked): Said {
    const { screen, onDone } = this.#parts;
    if (method !== 'POST') return screen.show();
    const own = [this.url, this.url.replace(HOST, 'localhost')];
    if (headers.origin !== undefined && !own.includes(headers.origin))
      return { status: 403, content: 'Only from its own page.', type: 'text/plain' };
    const said = screen.act(formOf(headers, body));
    onDone();
    return said;
  }

  /** What goes wrong before anything is done; null lets it be done. */
  #early(fault: FaultKind | null): Said | null {
    const { company, faults, now } = this.#parts;
    switch (fault) {
      case 'THROTTLED':
        return { ...company.refused(throttled()), headers: faults.tellsRetryAfter(() => faults.coin()) ? RETRY_AFTER : {} };
      case 'UNAVAILABLE':
        return { ...UNAVAILABLE, headers: faults.tellsRetryAfter(() => false) ? RETRY_AFTER : {} };
      case 'SERVER_ERROR':
        return company.refused(applicationError(500));
      case 'FAULT_IN_SUCCESS':
        return company.refused(applicationError(200));
      case 'UNAUTHORIZED':
        return json(401, unauthorized('Token expired', now().getTime()));
      case 'HTML':
        return faults.coin() ? { status: 200, content: HTML, type: 'text/html' } : null;
      default:
        return null;
    }
  }

  /** Does it, and then lets go wrong what goes wrong with answers. */
  #finish(response: ServerResponse, asked: Asked, fault: FaultKind | null): void {
    const said = this.#answer(asked);
    this.#parts.onDone();
    switch (fault) {
      case 'LOST_ANSWER':
        response.destroy();
        return;
      case 'HALF_ANSWER':
        return this.#sayHalf(response, said);
      case 'TIMEOUT':
        return; // until the client gives up
      case 'HTML':
        return this.#say(response, { status: 200, content: HTML, type: 'text/html' });
      case 'SLOW':
        return this.#later(() => this.#say(response, said));
      default:
        return this.#say(response, said);
    }
  }

  #answer(asked: Asked): Said {
    const { method, url, headers, body } = asked;
    const { company, oauth, realmId, now } = this.#parts;
    const [, realm, path = ''] = COMPANY.exec(url.pathname) ?? [];
    if (realm === undefined) return this.#signIn(asked);
    const problem = oauth.problemOf(headers.authorization);
    if (problem !== null) return json(401, unauthorized(problem, now().getTime()));
    if (realm !== realmId) return company.refused(foreignCompany());
    return company.answer({ method, path, query: url.searchParams, body });
  }

  #signIn({ method, url, headers, body }: Asked): Said {
    const { oauth, company, now } = this.#parts;
    const path = url.pathname.replace(/\/$/, '');
    if (path === '/connect/oauth2' && method === 'GET') return answered(oauth.authorize(url.searchParams));
    if (path === '/oauth2/v1/tokens/bearer' && method === 'POST') return answered(oauth.token(formOf(headers, body), headers));
    if (path === '/v2/oauth2/tokens/revoke' && method === 'POST')
      return answered(oauth.revoke(formOf(headers, body).get('token') ?? '', headers.authorization));
    if (/^\/\.well-known\/openid(_sandbox)?_configuration$/.test(path)) return json(200, this.#discovery());
    if (path !== '/v1/openid_connect/userinfo') return company.refused(noResource(path));
    const problem = oauth.problemOf(headers.authorization);
    if (problem !== null) return json(401, unauthorized(problem, now().getTime()));
    const person = { givenName: 'Sandy', familyName: 'Boxer' };
    return json(200, { sub: '4f8d1c32-0000-4000-8000-000000000001', email: 'sandy@example.com', emailVerified: true, ...person });
  }

  #discovery() {
    const at = (path: string): string => `${this.url}${path}`;
    return {
      issuer: at('/op/v1'),
      authorization_endpoint: at('/connect/oauth2'),
      token_endpoint: at('/oauth2/v1/tokens/bearer'),
      userinfo_endpoint: at('/v1/openid_connect/userinfo'),
      revocation_endpoint: at('/v2/oauth2/tokens/revoke'),
      response_types_supported: ['code'],
      scopes_supported: ['openid', 'email', 'profile', 'address', 'phone', 'com.intuit.quickbooks.accounting'],
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
    };
  }

  #say(response: ServerResponse, said: Said): void {
    response.writeHead(said.status, this.#headers(said)).end(said.content);
  }

  #sayHalf(response: ServerResponse, said: Said): void {
    const whole = Buffer.from(said.content);
    response.writeHead(said.status, this.#headers(said));
    response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.destroy());
  }

  #headers({ type, content, headers }: Said): Record<string, string> {
    const tid = Buffer.from(this.#parts.random.bytes(12)).toString('hex');
    return {
      'content-type': type,
      'content-length': String(Buffer.byteLength(content)),
      'cache-control': 'no-cache, no-store',
      intuit_tid: `1-${tid.slice(0, 8)}-${tid.slice(8)}`,
      ...headers,
    };
  }

  #later(then: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, this.#parts.slowMs);
    this.#timers.add(timer);
  }
}

function answered({ status, body, location }: OAuthAnswer): Said {
  const content = body === undefined ? '' : JSON.stringify(body);
  const headers = location === undefined ? {} : { location };
  return { status, content, type: 'application/json;charset=UTF-8', headers };
}

function json(status: number, body: object): Said {
  return { status, content: JSON.stringify(body), type: 'application/json;charset=UTF-8' };
}

/** Tokens are asked for with forms; some clients send JSON. */
function formOf(headers: IncomingMessage['headers'], body: string): URLSearchParams {
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
