/** A server that behaves as the ERP does over HTTP: signing in, lists, versions, keys of requests, errors, webhooks, and faults on demand. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createHttpClient,
  type ErpSimulator,
  type ErpSimulatorOptions,
  type FaultPlan,
  type JsonObject,
  seededRandom,
} from 'cashgraph/connector';
import { type BookRecord, Books, Refusal, type SetName, SETS } from './books.ts';
import { faultMaker } from './faults.ts';

const ACCESS = { clientId: 'simulated', clientSecret: 'simulated-secret', webhookSecret: 'simulated-webhooks' } as const;
const TOKEN_LIFE_S = 3_600;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export async function startSimulator(options: ErpSimulatorOptions): Promise<ErpSimulator & { readonly books: Books }> {
  const { port = 0, seed = 1, size = 30, now = () => new Date() } = options;
  const random = seededRandom(seed);
  const books = new Books(random, now);
  for (const [set, count] of [
    ['products', 5],
    ['customers', 8],
    ['invoices', size],
    ['payments', size / 3],
  ] as const) // prettier-ignore
    for (let i = 0; i < count && size > 0; i++) books.makeOne(set);
  const faults = faultMaker(random, options.faults ?? {});
  const answer = answering(books, now);
  const server = createServer((request, response) => void serve(request, response));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? '/', 'http://simulator');
    const asked: Asked = { method: request.method ?? 'GET', url, headers: request.headers, body };
    // tokens come without trouble: what is shown are the faults of the interface itself
    const fault = url.pathname === '/api/token' ? null : faults.next({ method: asked.method, path: url.pathname });
    await faults.serve(fault, response, () => answer(asked));
  }

  await new Promise<void>((done, failed) => server.once('error', failed).listen(port, '127.0.0.1', done));
  const webhooks = webhookSender(books);
  webhooks.to(options.webhook ?? null);
  return {
    books,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    access: ACCESS,
    setFaults: (plan: FaultPlan) => faults.set(plan),
    setWebhook: (webhook) => webhooks.to(webhook),
    violations: () => 0,
    async close() {
      webhooks.close();
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function answering(books: Books, now: () => Date): (asked: Asked) => Answer {
  const tokens = new Set<string>();
  /** The answer to each write by its key: the same key gives the same answer, and does nothing. */
  const byKey = new Map<string, Answer>();
  return (asked) => {
    const { method, url, headers } = asked;
    const [, , set = '', id = '', action = ''] = url.pathname.split('/').map(decodeURIComponent);
    if (set === 'token') return signIn(headers.authorization, tokens, now);
    if (!tokens.has(headers.authorization ?? '')) return refused(new Refusal(401, 'SIGNED_OUT', 'Sign in first.'));
    if (set === 'company') return { status: 200, body: { name: 'Simulated Inc.', currency: 'USD', country: 'US' } };
    if (!SETS.includes(set as SetName)) return refused(new Refusal(404, 'NOT_FOUND', `There is no list ${set}.`));
    const key = method === 'GET' ? undefined : headers['idempotency-key'];
    const before = typeof key === 'string' ? byKey.get(key) : undefined;
    if (before) return before;
    try {
      const made =
        method === 'GET'
          ? listed(books, set as SetName, url.searchParams)
          : written(books, { ...asked, set: set as SetName, id, action });
      if (typeof key === 'string') byKey.set(key, made);
      return made;
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      throw error;
    }
  }; // prettier-ignore
}

const refused = ({ status, code, message }: Refusal): Answer => ({ status, body: { error: { code, message } } });

function signIn(given: string | undefined, tokens: Set<string>, now: () => Date): Answer {
  const right = `Basic ${Buffer.from(`${ACCESS.clientId}:${ACCESS.clientSecret}`).toString('base64')}`;
  if (given !== right) return { status: 401, body: { error: 'invalid_client' } };
  const token = `simulated-token-${tokens.size + 1}-${now().getTime()}`;
  tokens.add(`Bearer ${token}`);
  return { status: 200, body: { access_token: token, token_type: 'bearer', expires_in: TOKEN_LIFE_S } };
}

function listed(books: Books, set: SetName, query: URLSearchParams): Answer {
  const ids = query.get('ids')?.split(',');
  const reference = query.get('reference');
  if (ids) return { status: 200, body: { items: ids.flatMap((one) => books.get(set, one) ?? []), hasMore: false } };
  if (reference !== null)
    return { status: 200, body: { items: books.all(set).filter((one) => one.reference === reference), hasMore: false } };
  const after = query.get('after');
  const rest = after === null ? books.all(set) : books.allAfter(set, after);
  const limit = Math.min(Number(query.get('limit') ?? 100), 500);
  return { status: 200, body: { items: rest.slice(0, limit), hasMore: rest.length > limit } };
}

interface Write extends Asked {
  readonly set: SetName;
  readonly id: string;
  readonly action: string;
}

function written(books: Books, { method, headers, body, set, id, action }: Write): Answer {
  if (method === 'POST' && id === '') return { status: 201, body: books.make(set, JSON.parse(body) as JsonObject) };
  const before: BookRecord | null = books.get(set, id);
  if (before === null) throw new Refusal(404, 'NOT_FOUND', `There is no ${id} in ${set}.`);
  const version = headers['if-match'];
  if (version !== undefined && version !== String(before.version))
    throw new Refusal(412, 'STALE', `${id} is at version ${before.version} by now.`);
  if (method === 'POST' && action === 'void') return { status: 200, body: books.void(set, id) };
  if (method === 'PATCH') return { status: 200, body: books.change(set, id, JSON.parse(body) as JsonObject) };
  throw new Refusal(405, 'METHOD', `${method} is not for ${set}.`);
}

/** Posts what changed, once: who misses it reads it later. */
function webhookSender(books: Books) {
  const http = createHttpClient({ allowsLoopback: true, timeoutMs: 2_000 });
  let target: string | null = null;
  let changed: { readonly set: SetName; readonly id: string }[] = [];
  const post = () => {
    const body = JSON.stringify({ changed });
    changed = [];
    if (target === null) return;
    const signature = createHmac('sha256', ACCESS.webhookSecret).update(body).digest('hex');
    const { origin, pathname } = new URL(target);
    http.send({ method: 'POST', base: origin, path: pathname, headers: { 'x-signature': signature }, body }).catch(() => {});
  };
  // what one request changed is told in one message
  books.onChange = (set, id) => {
    if (changed.length === 0) setImmediate(post);
    changed.push({ set, id });
  };
  return {
    to(webhook: { readonly url: string } | null) {
      target = webhook?.url ?? null;
    },
    close: () => http.close(),
  };
}
