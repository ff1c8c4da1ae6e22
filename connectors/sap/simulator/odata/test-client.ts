/** The protocol over HTTP in front of the tiny books, and a client that asks it plainly: for the protocol's own tests. */
import { seededRandom } from '../../../../src/connect/index.ts';
import { FaultChooser, SimulatedServer } from '../../../../src/connect/simulating/index.ts';
import { SapFront } from '../front.ts';
import { Throttle } from '../limits.ts';
import { type Identity, Sessions } from '../session.ts';
import { Gateway } from './gateway.ts';
import { TestBooks } from './test-books.ts';

/** Deep into an answer without a cast at each step. */
export interface Json {
  readonly [name: string]: Json;
  readonly [index: number]: Json;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `{}` where it isn't JSON. */
  readonly body: Json;
}

/** A value as text. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Members whose names begin with underscores. */
export const hidden = (entity: Json | undefined, name: '__metadata' | '__next'): Json | undefined => entity?.[name];

type Sent = Readonly<Record<string, string>>;

export interface TestSystem {
  readonly books: TestBooks;
  readonly gateway: Gateway;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  readonly faults: FaultChooser;
  readonly url: string;
  /** `…/API_ORDER_SRV` */
  readonly root: string;
  /** Moves the clock. */
  advance(seconds: number): void;
  /** Asks for JSON as the communication user; a path without a leading slash is the service's. */
  get(path: string, headers?: Sent): Promise<Answered>;
  /** With a token and cookies that were fetched before. */
  send(method: string, path: string, body?: unknown, headers?: Sent): Promise<Answered>;
  fetchToken(path?: string, method?: string): Promise<Sent>;
  close(): Promise<void>;
}

export const IDENTITY: Identity = {
  user: 'USER',
  password: 'secret:1',
  clientId: 'client',
  clientSecret: 'shared',
  systemId: 'S4H',
  client: '100',
};
export const BASIC = `Basic ${Buffer.from(`${IDENTITY.user}:${IDENTITY.password}`).toString('base64')}`;

export async function startSystem(): Promise<TestSystem> {
  let nowMs = Date.parse('2026-02-01T08:00:00Z');
  const now = (): Date => new Date(nowMs);
  const books = new TestBooks();
  const gateway = new Gateway({ books, random: seededRandom('test'), now, paging: { rows: 3, topMaxRows: 5 } });
  const sessions = new Sessions(IDENTITY, seededRandom('sessions'), now);
  const throttle = new Throttle();
  const faults = new FaultChooser(seededRandom('faults'));
  const page = { status: 200, content: 'screen', type: 'text/html' };
  const screen = { show: () => page, act: () => page };
  const server = new SimulatedServer(
    new SapFront({ identity: IDENTITY, gateway, sessions, throttle, screen, slowMs: 50 }),
    faults,
  );
  await server.listen(0);
  const root = `${server.url}/sap/opu/odata/sap/API_ORDER_SRV`;
  const address = (path: string): string => (path.startsWith('/') ? `${server.url}${path}` : `${root}/${path}`);
  const ask = async (method: string, path: string, headers: Sent, body?: unknown): Promise<Answered> => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const all = { authorization: BASIC, accept: 'application/json', 'content-type': 'application/json', ...headers };
    return answered(await fetch(address(path), { method, headers: all, ...(text === undefined ? {} : { body: text }) }));
  };
  let session: Sent | undefined;
  const fetchToken: TestSystem['fetchToken'] = async (path = '', method = 'HEAD') => {
    const { headers } = await ask(method, path, { 'x-csrf-token': 'Fetch' });
    const cookies = headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    return { 'x-csrf-token': headers.get('x-csrf-token') ?? '', cookie: cookies.join('; ') };
  };
  return {
    books,
    gateway,
    sessions,
    throttle,
    faults,
    url: server.url,
    root,
    fetchToken,
    advance: (seconds) => {
      nowMs += seconds * 1_000;
    },
    get: (path, headers = {}) => ask('GET', path, headers),
    async send(method, path, body, headers = {}) {
      session ??= await fetchToken();
      return ask(method, path, { ...session, ...headers }, body);
    },
    close: () => server.close(),
  };
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  const isJson = String(response.headers.get('content-type')).includes('json') && text !== '';
  return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : {}) as Json };
}
