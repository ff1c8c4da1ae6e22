// The peers of the read bench: how each is started, how it is asked, and what of its answer stands for what of ours. Whatever has other names
// or another form for the same is translated before answers are compared, and never while it is timed.
import { join } from 'node:path';
import {
  FLAT_DOCUMENTS,
  type FlatQuery,
  flatVariables,
  fromFlat,
  fromPostgraphile,
  POSTGRAPHILE_DOCUMENTS,
} from './reads-flat.ts';
import { BUILT_USUAL } from './reads-install.ts';
import type { Command } from './reads-peer.ts';
import { type Ask, QUERIES, type QueryName } from './reads-queries.ts';

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PeerKind {
  readonly title: string;
  readonly command: Command;
  request(query: QueryName, ask: Ask): Request;
  /** Its `data` in the names of our graph. */
  translate(query: QueryName, data: unknown): unknown;
}

export const PEERS_FOLDER = join(import.meta.dirname, 'peers');
const here = (name: string) => join(import.meta.dirname, name);
const asIs = (_query: QueryName, data: unknown) => data;

const post = (path: string, body: object, headers: Record<string, string> = {}): Request => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const flatRequest = (path: string, documents: typeof FLAT_DOCUMENTS) => (query: QueryName, ask: Ask) =>
  post(path, { query: documents[query as FlatQuery], variables: flatVariables(query as FlatQuery, ask) });
const translateFlat = (query: QueryName, data: unknown) => fromFlat(query as FlatQuery, data);
/** In the package of their own, which the bench installs. */
const installed = (name: string): Command => ({ file: here(`peers/${name}`), cwd: PEERS_FOLDER });

export const oursRequest = (body: object, token: string): Request => post('/graphql', body, { authorization: `Bearer ${token}` });

export const PEERS: Readonly<Record<string, PeerKind>> = {
  limit: {
    title: 'the limit: Node http + pg, one json statement by hand',
    command: { file: here('reads-limit.ts') },
    request: (query, { tenantId, values }) => ({
      method: 'GET',
      path: `/${[query, tenantId, ...values].map(encodeURIComponent).join('/')}`,
      headers: {},
      body: '',
    }),
    translate: asIs,
  },
  ours: {
    title: 'Cashgraph, with tokens, scope, row-level security and cost limits',
    command: { file: here('reads-ours.ts') },
    request: (query, { token, variables }) => oursRequest({ query: QUERIES[query].document, variables }, token),
    translate: asIs,
  },
  postgraphile: {
    title: 'PostGraphile 5.1.5, Amber preset',
    command: installed('postgraphile.mjs'),
    request: flatRequest('/graphql', POSTGRAPHILE_DOCUMENTS),
    translate: (query, data) => translateFlat(query, fromPostgraphile(query as FlatQuery, data)),
  },
  mercurius: {
    title: 'mercurius 16.10.1 with JIT and loaders',
    command: installed('mercurius.mjs'),
    request: flatRequest('/graphql', FLAT_DOCUMENTS),
    translate: translateFlat,
  },
  usual: {
    title: 'Apollo Server, type-graphql, MikroORM and dataloaders as usually written',
    command: { file: BUILT_USUAL },
    request: flatRequest('/', FLAT_DOCUMENTS),
    translate: translateFlat,
  },
};

/** As bytes on the wire. */
export function onTheWire({ method, path, headers, body }: Request): string {
  const lines = Object.entries({
    host: '127.0.0.1',
    ...headers,
    ...(body === '' ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}
