/** A server that behaves as the ERP does over HTTP: signing in, lists, versions, keys of requests, errors, webhooks, and faults on demand. */
import { createHmac } from 'node:crypto';
import {
  createHttpClient,
  type ErpSimulator,
  type ErpSimulatorOptions,
  type FaultPlan,
  type JsonObject,
  seededRandom,
} from 'cashgraph/connector';
import { type Asked, FaultChooser, type Front, type Said, SimulatedServer } from 'cashgraph/connector/simulating';
import { type BookRecord, Books, Refusal, type SetName, SETS } from './books.ts';

const ACCESS = { clientId: 'simulated', clientSecret: 'simulated-secret', webhookSecret: 'simulated-webhooks' } as const;
const TOKEN_LIFE_S = 3_600;
const SLOW_MS = 200;

interface Answer {
  readonly status: number;
  readonly body: unknown;
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
  const faults = new FaultChooser(random);
  faults.set(options.faults ?? {});
  const server = new SimulatedServer(frontOf(answering(books, now)), faults);
  await server.listen(port);
  const webhooks = webhookSender(books);
  webhooks.to(options.webhook ?? null);
  return {
    books,
    url: `${server.url}/api`,
    access: ACCESS,
    setFaults: (plan: FaultPlan) => faults.set(plan),
    setWebhook: (webhook) => webhooks.to(webhook),
    violations: () => 0,
    close() {
      webhooks.close();
      return server.close();
    },
  };
}

/** Which requests are what, and how this ERP words what goes wrong. */
function frontOf(answer: (asked: Asked) => Answer): Front {
  return {
    answer: (asked) => said(answer(asked)),
    isSignIn: ({ pathname }) => pathname === '/api/token',
    screen: () => ({ status: 200, content: 'A simulated ERP.', type: 'text/plain' }),
    refusals: {
      throttled: () => said(refused(new Refusal(429, 'BUSY', 'Too many requests.'))),
      serverError: () => said(refused(new Refusal(500, 'INTERNAL', 'Something broke.'))),
      unauthorized: () => said(refused(new Refusal(401, 'SIGNED_OUT', 'Sign in first.'))),
      faultInSuccess: () => said({ ...refused(new Refusal(503, 'BUSY', 'Nothing was done.')), status: 200 }),
    },
    // it has no limit of its own
    enter: () => true,
    leave: () => {},
    onDone: () => {},
    slowMs: SLOW_MS,
  };
}

const said = ({ status, body }: Answer): Said => ({ status, content: JSON.stringify(body), type: 'application/json' });

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
