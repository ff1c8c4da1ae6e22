// A small ERP over HTTP on this machine, and its connector: customers, invoices and payments as canonical documents. It counts what it is asked.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import {
  type AssembleContext,
  type Connector,
  type ConnectorContext,
  defineConnector,
  ExternalError,
  type JsonObject,
  type SourceRecord,
} from '../../src/connect/index.ts';

export const KEY = 'paper-secret-8c1f';

export interface PaperErp {
  readonly url: string;
  /** Each request's path with its query, in order. */
  readonly asked: string[];
  /** How it answers from now on; by status, `null`: properly. */
  failWith: number | null;
  /** It answers once this is settled. */
  held: Promise<void>;
  put(stream: string, id: string, document: JsonObject): void;
  remove(stream: string, id: string): void;
  close(): Promise<void>;
}

interface Kept {
  readonly document: JsonObject;
  readonly version: number;
}

export async function startPaperErp(): Promise<PaperErp> {
  const streams = new Map<string, Map<string, Kept>>();
  const of = (stream: string) => {
    const found = streams.get(stream) ?? new Map<string, Kept>();
    streams.set(stream, found);
    return found;
  };
  let version = 0;
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://paper');
    erp.asked.push(`${url.pathname}${url.search}`);
    const answer = () => {
      const status = erp.failWith ?? (request.headers.authorization === `Bearer ${KEY}` ? 200 : 401);
      response.writeHead(status, { 'content-type': 'application/json' });
      const [, stream = ''] = url.pathname.split('/');
      const ids = url.searchParams.get('ids')?.split(',');
      const rows = [...of(stream)].filter(([id]) => !ids || ids.includes(id)).map(([id, kept]) => ({ id, ...kept }));
      response.end(JSON.stringify(status === 200 ? { company: 'Paper Ltd', rows } : { message: `no: ${status}` }));
    };
    void erp.held.then(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const erp: PaperErp = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    failWith: null,
    held: Promise.resolve(),
    put(stream, id, document) {
      version += 1;
      of(stream).set(id, { document, version });
    },
    remove: (stream, id) => void of(stream).delete(id),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return erp;
}

type Config = { baseUrl: string; company: string };
type Rows = { rows: { id: string; version: number; document: JsonObject }[]; company: string };

const recordsOf = (body: unknown): SourceRecord[] =>
  (body as Rows).rows.map(({ id, version, document }) => ({
    externalId: id,
    version: String(version),
    updatedAt: null,
    raw: { document, version: String(version) },
  }));

const stream = <K extends 'Customer' | 'Invoice' | 'Payment'>(name: string, kind: K) => ({
  name,
  kind,
  description: `All ${name}.`,
  async *read({ http }: ConnectorContext<Config>) {
    yield { records: recordsOf((await http.get(`/${name}`)).body), cursor: {} };
  },
  async get({ http }: ConnectorContext<Config>, ids: readonly string[]) {
    const found = recordsOf((await http.get(`/${name}`, { query: { ids: ids.join(',') } })).body);
    const known = new Set(found.map(({ externalId }) => externalId));
    const gone = ids.filter((id) => !known.has(id));
    return [...found, ...gone.map((externalId) => ({ externalId, version: null, updatedAt: null, isDeleted: true, raw: {} }))];
  },
  assemble: (raw: JsonObject, _context: AssembleContext<Config>) => ({
    document: raw['document'] as never,
    extensions: { colour: 'blue' },
  }),
});

export const paper: Connector = defineConnector({
  name: 'paper',
  title: 'Paper',
  description: 'An ERP for tests.',
  config: z.object({
    baseUrl: z.string().describe('Where it is.'),
    company: z.string().min(3).describe('Which company.'),
    pageRows: z.int().min(1).max(1_000).default(100).describe('Rows of a page.'),
  }),
  credentials: z.object({ key: z.string().min(10).describe('Its key.') }),
  baseUrls: ({ baseUrl }) => [baseUrl],
  auth: (_config, { key }) => ({ kind: 'HEADER', name: 'authorization', value: `Bearer ${key}` }),
  rateLimit: ({ baseUrl }) => ({ key: baseUrl, requestsMaxCount: 1_000, perMs: 1_000, concurrentMaxCount: 10, pauseMs: 100 }),
  streams: [stream('customers', 'Customer'), stream('invoices', 'Invoice'), stream('payments', 'Payment')],
  pushes: [],
  authority: { Invoice: 'CONNECTION', Payment: 'CONNECTION' },
  async check({ http }) {
    const { company } = (await http.get('/customers')).body as Rows;
    if (company === '') throw new ExternalError('nobody', { kind: 'REJECTED' });
    return { company, functionalCurrency: 'EUR', warnings: ['Credit notes are not read.'] };
  },
});

export const customer = (name: string): JsonObject => ({ name, isActive: true, currency: 'EUR' });
export const invoice = (number: string, of: string, total = '119.00'): JsonObject => ({
  number,
  customer: of,
  currency: 'EUR',
  lines: [{ description: 'Paper', quantity: '1', unitPrice: '100.00', net: '100.00', taxRate: '19', taxCategory: 'S' }],
  net: '100.00',
  tax: '19.00',
  total,
  issuedOn: '2026-01-05',
  dueOn: '2026-02-04',
  taxes: [{ taxCategory: 'S', taxRate: '19', taxable: '100.00', tax: '19.00' }],
  state: 'ISSUED',
});
