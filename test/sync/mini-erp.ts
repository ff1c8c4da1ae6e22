// A small ERP of the tests' own, over real HTTP, and its connector: customers, invoices and payments in keyset pages with many equal
// timestamps, tokens that rotate, deletes that are told (invoices, payments) or not (customers), and answers that can be spoiled.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import {
  type Assembled,
  type Connector,
  type ConnectorContext,
  defineConnector,
  ExternalError,
  type JsonObject,
  MappingError,
  NotOurs,
  type SourceRecord,
  type Stream,
  type StreamPage,
} from '../../src/connect/index.ts';

export type Kind = 'customers' | 'invoices' | 'payments';

export interface Row extends JsonObject {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface MiniErp {
  readonly url: string;
  readonly clientSecret: string;
  readonly firstRefreshToken: string;
  readonly webhookSecret: string;
  put(kind: Kind, row: Row): void;
  remove(kind: Kind, id: string, at: string): void;
  /** From now on a reader whose last whole read is older may have missed deletes. */
  forgetDeletes(): void;
  /** What is done to the next requests for data, in this order; null lets one pass. */
  spoil(...answers: (((response: ServerResponse) => void) | null)[]): void;
  /** Paths that were asked for, with their query. */
  readonly asked: string[];
  readonly refreshes: () => number;
  /** Refuses every access token given so far. */
  expireTokens(): void;
  /** Ends the grant: only new credentials help. */
  revoke(): void;
  /** Called before each answer with data is made. */
  onAsked: (path: string) => void | Promise<void>;
  /** Called when it is made, before it is sent. */
  onAnswer: (path: string) => void | Promise<void>;
  close(): Promise<void>;
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const CLIENT_SECRET = 'mini-client-secret-1234567890';
const FIRST_REFRESH_TOKEN = 'refresh-token-0000';
const TOKEN_LIFE_S = 3_600;

/** Tokens that rotate: each refresh token holds once. */
class TokenDesk {
  readonly valid = new Set<string>();
  refreshToken = FIRST_REFRESH_TOKEN;
  refreshCount = 0;

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const form = new URLSearchParams(text);
    const basic = `Basic ${Buffer.from(`mini:${CLIENT_SECRET}`).toString('base64')}`;
    if (request.headers.authorization !== basic || form.get('refresh_token') !== this.refreshToken)
      return json(response, 400, { error: 'invalid_grant', error_description: 'Token invalid' });
    this.refreshCount += 1;
    const number = String(this.refreshCount).padStart(4, '0');
    this.refreshToken = `refresh-token-${number}`;
    this.valid.add(`access-token-${number}`);
    const tokens = { access_token: `access-token-${number}`, refresh_token: this.refreshToken };
    return json(response, 200, { ...tokens, expires_in: TOKEN_LIFE_S });
  }
}

/** The records, and what was deleted. */
class Book {
  readonly data: Readonly<Record<Kind, Map<string, Row>>> = { customers: new Map(), invoices: new Map(), payments: new Map() };
  readonly deleted: { readonly kind: Kind; readonly id: string; readonly at: string }[] = [];
  /** How often what was deleted was forgotten. */
  forgotten = 0;

  answer(url: URL): unknown {
    const kind = url.pathname.slice(1) as Kind;
    const ids = url.searchParams.get('ids')?.split(',');
    return ids ? this.#some(kind, ids) : this.#page(kind, url);
  }

  #some(kind: Kind, ids: readonly string[]): unknown {
    return {
      rows: ids.flatMap((id) => this.data[kind].get(id) ?? []),
      deleted: this.deleted.filter((one) => one.kind === kind && ids.includes(one.id) && !this.data[kind].has(one.id)),
    };
  }

  #page(kind: Kind, url: URL): unknown {
    const at = url.searchParams.get('at') ?? '';
    const after = url.searchParams.get('after');
    const limit = Number(url.searchParams.get('limit') ?? 100);
    const all = [...this.data[kind].values()].sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
    const left = all.filter((row) => (after === null ? row.at >= at : row.at > at || (row.at === at && row.id > after)));
    const last = left[limit - 1];
    const host = url.searchParams.get('evil') ?? url.origin;
    return {
      rows: left.slice(0, limit),
      total: all.length,
      forgotten: this.forgotten,
      next: last && left.length > limit ? `${host}${url.pathname}?at=${last.at}&after=${last.id}&limit=${limit}` : null,
      deleted: this.deleted.filter((one) => one.kind === kind && one.at >= at),
    };
  }
}

export async function startMiniErp(): Promise<MiniErp> {
  const desk = new TokenDesk();
  const book = new Book();
  const spoilt: (((response: ServerResponse) => void) | null)[] = [];
  const asked: string[] = [];
  const listening: Pick<MiniErp, 'onAsked' | 'onAnswer'> = { onAsked: () => undefined, onAnswer: () => undefined };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', baseUrl);
    if (url.pathname === '/token') return desk.answer(request, response);
    const path = `${url.pathname}${url.search}`;
    asked.push(path);
    await listening.onAsked(path);
    const spoil = spoilt.shift();
    if (spoil) return spoil(response);
    const sent = (request.headers.authorization ?? '').replace('Bearer ', '');
    if (!desk.valid.has(sent)) return json(response, 401, { error: `The token ${sent} is not valid` });
    const body = book.answer(url);
    await listening.onAnswer(path);
    return json(response, 200, body);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(listening, {
    url: baseUrl,
    clientSecret: CLIENT_SECRET,
    firstRefreshToken: FIRST_REFRESH_TOKEN,
    webhookSecret: 'mini-webhook-secret-abcdef',
    put: (kind: Kind, row: Row) => void book.data[kind].set(row.id, row),
    remove(kind: Kind, id: string, at: string) {
      book.data[kind].delete(id);
      if (kind !== 'customers') book.deleted.push({ kind, id, at });
    },
    forgetDeletes: () => void (book.forgotten += 1),
    spoil: (...answers: (((response: ServerResponse) => void) | null)[]) => void spoilt.push(...answers),
    asked,
    refreshes: () => desk.refreshCount,
    expireTokens: () => desk.valid.clear(),
    revoke() {
      desk.refreshToken = 'revoked';
      desk.valid.clear();
    },
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
}

const config = z.object({
  baseUrl: z.string(),
  pageSize: z.int().default(50),
  requestsMaxCount: z.int().default(100_000),
  concurrentMaxCount: z.int().default(4),
  /** Totals with a comma are read too: the mapping, mended. */
  readsCommas: z.boolean().default(false),
  /** Where page links lead to. */
  evilHost: z.string().optional(),
});
type Config = z.output<typeof config>;
const credentials = z.object({ clientSecret: z.string(), refreshToken: z.string(), webhookSecret: z.string() });

interface Answer {
  readonly rows: readonly Row[];
  readonly total?: number;
  readonly forgotten?: number;
  readonly next: string | null;
  readonly deleted?: readonly { readonly id: string; readonly at: string }[];
}

const sourceOf = (row: Row): SourceRecord => ({ externalId: row.id, version: row.at, updatedAt: row.at, raw: row });
const goneOf = ({ id, at }: { id: string; at: string }): SourceRecord => ({
  externalId: id,
  version: null,
  updatedAt: at,
  isDeleted: true,
  raw: { id, at },
});

async function* pages(
  { http, config: settings }: ConnectorContext<Config>,
  kind: Kind,
  from: { readonly at: string; readonly after: string | null; readonly known: number | null; readonly isIncremental: boolean },
): AsyncGenerator<StreamPage> {
  const { pageSize: limit, evilHost } = settings;
  let { at, after, known } = from;
  let path: string | null = `/${kind}`;
  let isFirst = true;
  while (path !== null) {
    const query = isFirst ? { at, after: after ?? undefined, limit, evil: evilHost } : {};
    const { body } = await http.get(path, { query });
    const { rows, next, total, forgotten = 0, deleted = [] } = body as Answer;
    known ??= forgotten;
    const last = rows.at(-1);
    at = last?.at ?? at;
    after = last?.id ?? after;
    const gone = isFirst && from.isIncremental ? deleted.map(goneOf) : [];
    if (rows.length + gone.length > 0)
      yield {
        records: [...rows.map(sourceOf), ...gone],
        cursor: { at, after, known },
        ...(total === undefined ? {} : { total }),
        ...(from.isIncremental && known < forgotten ? { needsFull: true } : {}),
      };
    path = next;
    isFirst = false;
  }
}

const streamOf = <K extends 'Customer' | 'Invoice' | 'Payment'>(
  name: Kind,
  kind: K,
  assemble: (raw: Row, settings: Config) => Assembled<K>['document'] & JsonObject,
  more: Partial<Stream<Config, K>> = {},
): Stream<Config, K> => ({
  name,
  kind,
  description: `The ${name}.`,
  read: (context, { mode, cursor }) => {
    const { at = '', after = null, known = null } = (cursor ?? {}) as { at?: string; after?: string; known?: number };
    // an incremental read takes what has the cursor's own time once more: it may have come after it
    return pages(context, name, { at, after: mode === 'FULL' ? after : null, known, isIncremental: mode === 'INCREMENTAL' });
  },
  async get({ http }, ids) {
    const { body } = await http.get(`/${name}`, { query: { ids: ids.join(',') } });
    const { rows, deleted = [] } = body as Answer;
    return [...rows.map(sourceOf), ...deleted.map(goneOf)];
  },
  assemble(raw, { config: settings }) {
    const row = raw as Row;
    if (row['notOurs'] === true) throw new NotOurs('Nobody has accepted it.');
    const ours = row['ours'];
    return {
      document: assemble(row, settings),
      createdAt: row.at,
      ...(typeof ours === 'string' ? { ours } : {}),
    };
  },
  ...more,
});

const text = (row: Row, field: string): string => {
  const value = row[field];
  if (typeof value !== 'string')
    throw new MappingError(field, `${field} must be a text, and is ${JSON.stringify(value) ?? 'missing'}.`);
  return value;
};

export const miniConnector: Connector = defineConnector({
  name: 'mini',
  title: 'Mini',
  description: 'An ERP of the tests.',
  config,
  credentials,
  baseUrls: (settings) => [settings.baseUrl],
  auth: (settings, { clientSecret, refreshToken }) => ({
    kind: 'REFRESH',
    tokenUrl: `${settings.baseUrl}/token`,
    clientId: 'mini',
    clientSecret,
    start: { refreshToken },
  }),
  rateLimit: (settings) => ({
    key: settings.baseUrl,
    requestsMaxCount: settings.requestsMaxCount,
    perMs: 60_000,
    concurrentMaxCount: settings.concurrentMaxCount,
    pauseMs: 200,
  }),
  streams: [
    streamOf(
      'customers',
      'Customer',
      (row) => ({ number: row.id, name: text(row, 'name'), isActive: true, currency: 'EUR', country: 'DE' }),
      { needsKeyComparison: true },
    ),
    streamOf('invoices', 'Invoice', (row, { readsCommas }) => {
      const total = readsCommas ? text(row, 'total').replace(',', '.') : text(row, 'total');
      if (total.includes(',')) throw new MappingError('total', `total must be a decimal such as 12.50, and is ${total}.`);
      return {
        number: row.id,
        customer: text(row, 'customer'),
        currency: 'EUR',
        lines: [{ description: 'Goods', quantity: '1', unitPrice: total, net: total }],
        net: total,
        tax: '0',
        total,
        issuedOn: '2026-03-01',
        dueOn: '2026-03-31',
        taxes: [],
        state: row['voided'] === true ? 'VOIDED' : 'ISSUED',
      };
    }),
    streamOf('payments', 'Payment', (row) => ({
      number: row.id,
      customer: text(row, 'customer'),
      receivedOn: '2026-03-10',
      currency: 'EUR',
      amount: text(row, 'amount'),
      method: 'BANK_TRANSFER',
      state: 'RECEIVED',
      applications: [{ kind: 'Invoice', document: text(row, 'invoice'), amount: text(row, 'amount') }],
    })),
  ],
  pushes: [],
  authority: { CustomerAccount: 'CONNECTION', Invoice: 'CONNECTION', CreditNote: 'CONNECTION', Payment: 'CONNECTION' },
  webhooks: {
    verify: ({ headers, body }, { credentials: { webhookSecret } }) =>
      headers['x-mini-signature'] === createHmac('sha256', webhookSecret).update(body).digest('hex'),
    hints: ({ body }) => JSON.parse(Buffer.from(body).toString('utf8')),
  },
  async check({ http }) {
    const { status } = await http.get('/customers', { query: { limit: 1 } });
    if (status !== 200) throw new ExternalError('It does not answer.', { kind: 'RETRYABLE' });
    return { company: 'Mini company', warnings: [] };
  },
});
