// An ERP with books of its own over HTTP on this machine, and its connector: it makes, changes and takes back documents, keeps versions,
// derives what is open, numbers what it is given, and goes wrong as it is told. It knows no idempotency key: only looking finds what it did.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import {
  addDecimal,
  type CanonicalKind,
  type Connector,
  type ConnectorContext,
  decimal,
  decimalText,
  defineConnector,
  type JsonObject,
  type PushRequest,
  type SourceRecord,
  subtractDecimal,
} from '../../src/connect/index.ts';

/** LOST: done, and the connection is cut. CUT: cut before anything is done. Else the status that it answers, doing nothing. */
export type Fault = 'LOST' | 'CUT' | 429 | 500 | 503 | null;

export interface Kept {
  readonly id: string;
  version: number;
  /** Of the last change, over all records. */
  sequence: number;
  readonly ours: string | null;
  document: Record<string, unknown>;
  isDeleted: boolean;
}

const STREAMS = {
  products: 'Product',
  customers: 'Customer',
  orders: 'Order',
  deliveries: 'Delivery',
  invoices: 'Invoice',
  credits: 'CreditNote',
  payments: 'Payment',
} as const;
type StreamName = keyof typeof STREAMS;
type Application = { kind: string; document: string; amount: string; discount?: string };

export interface PushErp {
  readonly url: string;
  readonly books: Readonly<Record<StreamName, Map<string, Kept>>>;
  /** Each write that was done there: `POST invoices inv_…`. */
  readonly effects: string[];
  /** For the next writes, in order. */
  readonly faults: Fault[];
  /** What it refuses, with its words. */
  refuse: (stream: StreamName, document: Record<string, unknown>) => string | null;
  /** What it makes of a new document by itself. */
  taxes: (document: Record<string, unknown>) => Record<string, unknown>;
  /** Before a write is looked at: to hold it, or to end the process that asked. */
  beforeWrite: (stream: StreamName) => Promise<void>;
  put(stream: StreamName, document: Record<string, unknown>, ours?: string | null): Kept;
  change(stream: StreamName, id: string, fields: Record<string, unknown>): void;
  /** Without its clients noticing. */
  remove(stream: StreamName, id: string): void;
  /** Gives each line of an order an id of its own. */
  numbersLines: boolean;
  /** The companies that it tells of. */
  readonly companies: { externalId: string; name: string; functionalCurrency: string }[];
  /** Owed by other means than documents, such as a journal entry. */
  readonly journal: Map<string, string>;
  close(): Promise<void>;
}

const sum = (texts: readonly string[]): string => decimalText(texts.map(decimal).reduce(addDecimal, decimal('0')));
const less = (a: string, b: string): string => decimalText(subtractDecimal(decimal(a), decimal(b)));
const field = (document: Record<string, unknown>, name: string): string => (document[name] as string | undefined) ?? '';
const applicationsOf = (document: Record<string, unknown>) => (document['applications'] ?? []) as Application[];

/** What it keeps, and what follows from that. */
class Books {
  numbersLines = false;
  readonly streams = Object.fromEntries(Object.keys(STREAMS).map((name) => [name, new Map<string, Kept>()])) as PushErp['books'];
  readonly journal = new Map<string, string>();
  private sequence = 0;
  private ids = 100;

  put(stream: StreamName, document: Record<string, unknown>, ours: string | null = null): Kept {
    this.ids += 1;
    const id = String(this.ids);
    if (stream === 'orders' && this.numbersLines) document['lines'] = this.numbered(id, document['lines']);
    const kept: Kept = {
      id,
      version: 0,
      sequence: 0,
      ours,
      document: { ...(stream === 'products' ? {} : { number: `E-${id}` }), ...document },
      isDeleted: false,
    };
    this.streams[stream].set(id, kept);
    this.touch(kept);
    return kept;
  }

  /** New lines come first, as no order of theirs says anything of ours. */
  private numbered(id: string, lines: unknown): object[] {
    const all = (lines as { id?: string }[]).map((line, i) => ({ ...line, id: line.id ?? `${id}-${i + 1}` }));
    return all.reverse();
  }

  change(stream: StreamName, id: string, fields: Record<string, unknown>): void {
    const kept = this.streams[stream].get(id);
    if (!kept) throw new Error(`${stream} has no ${id}`);
    const before = kept.document;
    kept.document = { ...before, ...fields };
    if (stream === 'orders' && this.numbersLines) kept.document['lines'] = this.numbered(`${id}+`, kept.document['lines']);
    this.touch(kept, before);
  }

  /** A payment changes what it is set against too. */
  private touch(kept: Kept, before: Record<string, unknown> = {}): void {
    const applied = [...applicationsOf(before), ...applicationsOf(kept.document)].map(({ document: id }) => id);
    for (const one of [kept, ...applied.flatMap((id) => this.streams.invoices.get(id) ?? this.streams.credits.get(id) ?? [])]) {
      this.sequence += 1;
      one.version += 1;
      one.sequence = this.sequence;
    }
  }

  shown(
    stream: StreamName,
    { document, ...kept }: Kept,
  ): Omit<Kept, 'document'> & { readonly document: Record<string, unknown> } {
    const open = ({ invoices: 'open', credits: 'open', payments: 'unapplied' } as Partial<Record<StreamName, string>>)[stream];
    if (open === undefined) return { ...kept, document };
    return {
      ...kept,
      document: { ...document, [open]: document['state'] === 'VOIDED' ? '0' : this.openOf(stream, kept.id, document) },
    };
  }

  private openOf(stream: StreamName, id: string, document: Record<string, unknown>): string {
    const payments = [...this.streams.payments.values()].filter((p) => !p.isDeleted && p.document['state'] !== 'VOIDED');
    if (stream !== 'payments') {
      const applied = payments.flatMap((p) => applicationsOf(p.document)).filter((a) => a.document === id);
      return less(field(document, 'total'), sum(applied.flatMap((a) => [a.amount, a.discount ?? '0'])));
    }
    const used = applicationsOf(document).map((a) => (a.kind === 'CreditNote' ? `-${a.amount}` : a.amount));
    return less(field(document, 'amount'), sum(used));
  }

  owedBy(customer: string, currency = 'EUR'): string {
    const of = (stream: StreamName, name: string) =>
      [...this.streams[stream].values()]
        .filter((kept) => !kept.isDeleted && kept.document['customer'] === customer && kept.document['currency'] === currency)
        .map((kept) => field(this.shown(stream, kept).document, name));
    const owed = sum([...of('invoices', 'open'), (currency === 'EUR' && this.journal.get(customer)) || '0']);
    return less(owed, sum([...of('credits', 'open'), ...of('payments', 'unapplied')]));
  }
}

export async function startPushErp(): Promise<PushErp> {
  const books = new Books();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://erp');
    const [, name = '', id] = url.pathname.split('/');
    const stream = name as StreamName;
    if (name === 'balances') balances(books, response);
    else if (name === 'companies') send(response, 200, { rows: erp.companies });
    else if (request.method === 'GET') read(books, url, response);
    else write({ books, erp, request, response, stream, id }).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const erp: PushErp = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    books: books.streams,
    effects: [],
    faults: [],
    get numbersLines() {
      return books.numbersLines;
    },
    set numbersLines(does: boolean) {
      books.numbersLines = does;
    },
    companies: [],
    journal: books.journal,
    refuse: () => null,
    taxes: (document) => document,
    beforeWrite: async () => {},
    put: (stream, document, ours) => books.put(stream, document, ours),
    change: (stream, id, fields) => books.change(stream, id, fields),
    remove(stream, id) {
      const kept = books.streams[stream].get(id);
      if (kept) kept.isDeleted = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return erp;
}

interface Write {
  readonly books: Books;
  readonly erp: PushErp;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly stream: StreamName;
  readonly id: string | undefined;
}

async function write({ books, erp, request, response, stream, id }: Write): Promise<void> {
  const body = JSON.parse(await text(request)) as { ours: string; version?: number; document: Record<string, unknown> };
  await erp.beforeWrite(stream);
  const fault = erp.faults.shift() ?? null;
  if (fault === 'CUT') throw new Error('cut');
  if (typeof fault === 'number')
    return send(response, fault, { message: `no: ${fault}` }, fault === 429 ? { 'retry-after': '2' } : {});
  const refused = erp.refuse(stream, body.document);
  if (refused !== null) return send(response, 422, { message: refused });
  const known = id === undefined ? undefined : books.streams[stream].get(id);
  if (id !== undefined && (!known || known.isDeleted)) return send(response, 404, { message: 'It is gone.' });
  if (known && known.version !== body.version) return send(response, 409, { message: 'It was changed.' });
  erp.effects.push(`${request.method} ${stream} ${body.ours}`);
  if (known && request.method === 'DELETE') books.change(stream, known.id, { state: 'VOIDED', applications: [] });
  else if (known) books.change(stream, known.id, body.document);
  const kept = known ?? books.put(stream, erp.taxes(body.document), body.ours);
  if (fault === 'LOST') throw new Error('lost');
  return send(response, 200, books.shown(stream, kept));
}

function read(books: Books, url: URL, response: ServerResponse): void {
  const [, name, action] = url.pathname.split('/');
  const stream = name as StreamName;
  const {
    since = '0',
    ids,
    ours,
    from = '',
    to = '9',
    companies = '',
  } = Object.fromEntries(url.searchParams) as Record<string, string | undefined>;
  const all = [...books.streams[stream].values()];
  if (action === 'count') {
    const day = ({ document: d }: Kept) => field(d, 'issuedOn') || field(d, 'receivedOn') || field(d, 'orderedOn') || '2';
    const isOf = ({ document: d }: Kept) =>
      companies === '' || d['legalEntity'] === undefined || companies.split(',').includes(field(d, 'legalEntity'));
    return send(response, 200, { count: all.filter((k) => !k.isDeleted && isOf(k) && day(k) >= from && day(k) <= to).length });
  }
  const isAsked = (kept: Kept) =>
    ids === undefined
      ? ours === undefined
        ? kept.sequence > Number(since)
        : kept.ours === ours
      : ids.split(',').includes(kept.id);
  const rows = all.filter(isAsked).sort((a, b) => a.sequence - b.sequence);
  return send(response, 200, { rows: rows.map((kept) => books.shown(stream, kept)) });
}

function balances(books: Books, response: ServerResponse): void {
  const rows = [...books.streams.customers.keys()].flatMap((customer) =>
    ['EUR', 'CHF'].map((currency) => ({ customer, currency, amount: books.owedBy(customer, currency) })),
  );
  return send(response, 200, { rows });
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

type Config = { baseUrl: string };
type Answer = { id: string; version: number; ours: string | null; isDeleted: boolean; sequence: number; document: JsonObject };

const recordOf = ({ id, version, isDeleted, ...rest }: Answer): SourceRecord => ({
  externalId: id,
  version: String(version),
  updatedAt: null,
  ...(isDeleted ? { isDeleted } : {}),
  raw: { id, version: String(version), ...rest },
});
const rowsOf = (body: unknown): Answer[] => (body as { rows: Answer[] }).rows;

const stream = (name: StreamName) => ({
  name,
  kind: STREAMS[name] as never,
  description: `All ${name}.`,
  async *read({ http }: ConnectorContext<Config>, { cursor, mode }: { cursor: JsonObject | null; mode: string }) {
    const since = mode === 'FULL' ? 0 : Number(cursor?.['since'] ?? 0);
    const rows = rowsOf((await http.get(`/${name}`, { query: { since } })).body);
    yield { records: rows.map(recordOf), cursor: { since: rows.at(-1)?.sequence ?? since } };
  },
  async get({ http }: ConnectorContext<Config>, ids: readonly string[]) {
    return rowsOf((await http.get(`/${name}`, { query: { ids: ids.join(',') } })).body).map(recordOf);
  },
  assemble: (raw: JsonObject) => ({
    document: raw['document'] as never,
    ...(typeof raw['ours'] === 'string' ? { ours: raw['ours'] } : {}),
  }),
  async count({ http, legalEntities }: ConnectorContext<Config>, period: { from: string; to: string } | null) {
    const query = { ...period, companies: legalEntities.join(',') };
    return ((await http.get(`/${name}/count`, { query })).body as { count: number }).count;
  },
});

const push = (name: StreamName) => ({
  kind: STREAMS[name] as never,
  stream: name,
  commands: ['CREATE', 'UPDATE', 'VOID'] as const,
  async find({ http }: ConnectorContext<Config>, { ours }: PushRequest<CanonicalKind>) {
    const [found] = rowsOf((await http.get(`/${name}`, { query: { ours } })).body);
    return found && !found.isDeleted ? recordOf(found) : null;
  },
  async send({ http }: ConnectorContext<Config>, { command, known, document, ours }: PushRequest<CanonicalKind>) {
    const body = { ours, document, ...(known ? { version: Number(known.version) } : {}) };
    const path = known ? `/${name}/${known.externalId}` : `/${name}`;
    const by = command === 'VOID' ? http.delete : known ? http.put : http.post;
    return { record: recordOf((await by(path, { body })).body as Answer) };
  },
});

export const pushing = (authority: Connector['authority'] = {}): Connector =>
  defineConnector({
    name: 'pushing',
    title: 'Pushing',
    description: 'An ERP for tests that takes documents.',
    config: z.object({ baseUrl: z.string().describe('Where it is.') }),
    credentials: z.object({ key: z.string().describe('Any.') }),
    baseUrls: ({ baseUrl }) => [baseUrl],
    auth: () => ({ kind: 'NONE' }),
    rateLimit: ({ baseUrl }) => ({ key: baseUrl, requestsMaxCount: 10_000, perMs: 1_000, concurrentMaxCount: 16, pauseMs: 50 }),
    streams: (Object.keys(STREAMS) as StreamName[]).map(stream),
    pushes: (Object.keys(STREAMS) as StreamName[]).map(push),
    authority,
    async check({ http }) {
      const { rows } = (await http.get('/companies')).body as { rows: PushErp['companies'] };
      return {
        company: 'Push Ltd',
        functionalCurrency: 'EUR',
        warnings: [],
        ...(rows.length > 0 ? { legalEntities: rows } : {}),
      };
    },
    async *balances({ http }) {
      yield ((await http.get('/balances')).body as { rows: { customer: string; currency: string; amount: string }[] }).rows;
    },
  });
