// Connectors to QuickBooks that are broken in one way each, and the check of the kit that has to find it.
import { connector as quickbooks } from '../../connectors/quickbooks/index.ts';
import { ENTITIES, type StreamName } from '../../connectors/quickbooks/streams.ts';
import type {
  Connector,
  ConnectorContext,
  Push,
  ReadRequest,
  SourceRecord,
  Stream,
  StreamPage,
} from '../../src/connect/connector.ts';

interface Reading {
  readonly stream: string;
  /** As it should be. */
  readonly inner: () => AsyncIterable<StreamPage>;
  readonly context: ConnectorContext;
  readonly request: ReadRequest;
}

type Fields = Readonly<Record<string, unknown>>;

/** Of a field that holds a text. */
const textIn = (fields: Fields | null, name: string): string => {
  const value = fields?.[name];
  return typeof value === 'string' ? value : '';
};

export const withStreams = (change: (stream: Stream) => Partial<Stream>): Connector => ({
  ...quickbooks,
  streams: quickbooks.streams.map((stream) => ({ ...stream, ...change(stream) })),
});
const withPushes = (change: (push: Push) => Partial<Push>): Connector => ({
  ...quickbooks,
  pushes: quickbooks.pushes.map((push) => ({ ...push, ...change(push) })),
});

const reads = (change: (reading: Reading) => AsyncIterable<StreamPage>): Connector =>
  withStreams(({ name: stream, read }) => ({
    read: (context, request) => change({ stream, inner: () => read(context, request), context, request }),
  }));

/** Reads as before, and changes each page on its way. */
const pages = (change: (page: StreamPage) => StreamPage) =>
  reads(async function* ({ inner }) {
    for await (const page of inner()) yield change(page);
  });

/** Reads as before, and changes what a record becomes. */
const documents = (change: (document: Fields, raw: Fields) => Fields): Connector =>
  withStreams(({ assemble }) => ({
    assemble(raw, context) {
      const made = assemble(raw, context);
      return { ...made, document: change(made.document, raw) as unknown as typeof made.document };
    },
  }));

async function* none(): AsyncIterable<StreamPage> {}

/** What of these fields a document has, as it becomes by `change`. */
const having = (document: Fields, names: readonly string[], change: (value: unknown) => unknown): Fields =>
  Object.fromEntries(names.flatMap((name) => (name in document ? [[name, change(document[name])] as const] : [])));

const withTwoDecimals = (document: Fields): Fields => ({
  ...document,
  ...having(document, ['net', 'tax', 'total', 'amount'], (value) => Number(value).toFixed(2)),
});

function taxedAnew(document: Fields): Fields {
  if (document['tax'] === undefined) return document;
  const net = Number(document['net']);
  const tax = (Math.round(net * 8) / 100).toFixed(2);
  return { ...document, tax, total: (net + Number(tax)).toFixed(2) };
}

function datedInUtc(document: Fields, { MetaData }: Fields): Fields {
  const day = new Date((MetaData as { CreateTime: string }).CreateTime).toISOString().slice(0, 10);
  return { ...document, ...having(document, ['issuedOn', 'orderedOn', 'receivedOn'], () => day) };
}

const MONTH_MS = 30 * 86_400_000;
const isOlderThanMonth = ({ context, request: { mode, cursor } }: Reading): boolean =>
  mode === 'INCREMENTAL' && cursor !== null && context.now().getTime() - Date.parse(textIn(cursor, 'begunAt')) > MONTH_MS;

const isStrange = ({ request: { cursor } }: Reading): boolean =>
  cursor !== null && Number.isNaN(Date.parse(textIn(cursor, 'since')));

/** It knows each cursor once. */
function forgetful(): Connector {
  const seen = new Set<string>();
  return reads(({ inner, request: { mode, cursor } }) => {
    const text = JSON.stringify(cursor);
    if (mode === 'INCREMENTAL' && seen.has(text)) return none();
    seen.add(text);
    return inner();
  });
}

/** Page after page by STARTPOSITION. */
async function* byPosition({ stream, context: { http, config }, request }: Reading): AsyncIterable<StreamPage> {
  const entity = ENTITIES[stream as StreamName];
  const where = ['Term', 'Item', 'Customer'].includes(entity) ? ' WHERE Active IN (true,false)' : '';
  for (let start = 1, isLast = false; !isLast; start += request.pageMaxCount) {
    const query = `SELECT * FROM ${entity}${where} ORDERBY MetaData.LastUpdatedTime STARTPOSITION ${start} MAXRESULTS ${request.pageMaxCount}`;
    const { body } = await http.get(`/v3/company/${(config as { realmId: string }).realmId}/query`, { query: { query } });
    const rows = (body as { QueryResponse: Record<string, SourceRecord['raw'][]> }).QueryResponse[entity] ?? [];
    const records = rows.map((raw) => ({ externalId: textIn(raw, 'Id'), version: null, updatedAt: null, raw }));
    yield { records, cursor: { start } };
    isLast = rows.length < request.pageMaxCount;
  }
}

/** Whatever goes wrong, it was the end. */
async function* swallowing({ inner, context }: Reading): AsyncIterable<StreamPage> {
  try {
    yield* inner();
  } catch {
    const time = context.now().toISOString();
    yield { records: [], cursor: { since: time, position: 1, begunAt: time, deletesSince: time, isDone: true } };
  }
}

/** It keeps its own count of requests. */
function withoutKeys(): Connector {
  let count = 0;
  return withPushes(({ send }) => ({
    find: async () => null,
    send: (context, request) => send(context, { ...request, key: `k${count++}` }),
  }));
}

const { webhooks, balances, invoicePdf, judge } = quickbooks;
if (!webhooks || !balances || !invoicePdf || !judge) throw new Error('The connector to QuickBooks lacks what is to be broken.');

function impatient(): Connector {
  const seen = new Set<string>();
  const isNew = (body: Uint8Array) => seen.size !== seen.add(Buffer.from(body).toString()).size;
  return {
    ...quickbooks,
    webhooks: { ...webhooks!, hints: (message, context) => (isNew(message.body) ? webhooks!.hints(message, context) : []) },
  };
}

async function* inDollars(context: ConnectorContext) {
  for await (const page of balances!(context)) yield page.map((one) => ({ ...one, currency: 'USD' }));
}

/** What is wrong, the check that finds it, and the connector. */
export const BROKEN: readonly (readonly [string, string, () => Connector])[] = [
  ['loses the last record of a page', 'full read', () => pages((page) => ({ ...page, records: page.records.slice(0, -1) }))],
  ['goes on from the wrong place', 'every cursor', () => reads(({ inner, request }) => (request.cursor ? none() : inner()))],
  [
    'keeps no record of what changed',
    'incremental read',
    () => reads(({ inner, request }) => (request.mode === 'FULL' ? inner() : none())),
  ],
  [
    'rounds what it reads',
    'documents',
    () =>
      documents((document) => ({ ...document, ...having(document, ['total'], (total) => String(Math.ceil(Number(total)) + 1)) })),
  ],
  [
    'crashes where a field is missing',
    'unknown and missing fields',
    () => documents((document, { MetaData }) => ((MetaData as { CreateTime: string }).CreateTime.length > 0 ? document : {})),
  ],
  ['loses what came since an older cursor', 'older cursor', forgetful],
  [
    'gives nothing from a cursor that lay about',
    'old cursor',
    () => reads((reading) => (isOlderThanMonth(reading) ? none() : reading.inner())),
  ],
  [
    'takes a cursor that it does not know for the end',
    'cursor without sense',
    () => reads((reading) => (isStrange(reading) ? none() : reading.inner())),
  ],
  ['dates documents by the clock of another zone', 'local midnight', () => documents(datedInUtc)],
  ['goes through pages by their position alone', 'moved while paging', () => reads(byPosition)],
  [
    'counts without a look at the period',
    'counts',
    () => withStreams(({ count }) => (count ? { count: (context) => count(context, null) } : {})),
  ],
  ['takes every balance for dollars', 'balances', () => ({ ...quickbooks, balances: inDollars })],
  [
    'gives half of an invoice',
    'invoice as PDF',
    () => ({ ...quickbooks, invoicePdf: async (...asked) => (await invoicePdf(...asked)).slice(0, 200) }),
  ],
  ['takes an error for no records', 'fault FAULT_IN_SUCCESS', () => ({ ...quickbooks, judge: () => null })],
  ['takes a read that was cut off for a whole one', 'lasting trouble', () => reads(swallowing)],
  [
    'takes a refusal for going too fast for any failure',
    'throttling',
    () => ({
      ...quickbooks,
      judge: (answer) => (answer.status === 429 ? { kind: 'RETRYABLE', words: 'Later.' } : judge(answer)),
    }),
  ],
  ['forgets the key of a request', 'lost answers to writes', withoutKeys],
  [
    'does not write our reference',
    'round trip',
    () => withPushes(({ send }) => ({ send: (context, request) => send(context, { ...request, ours: '' }) })),
  ],
  ['reads two decimals of everything', 'as in the books', () => documents(withTwoDecimals)],
  ['brings yen and dinars back with two decimals', 'currencies', () => documents(withTwoDecimals)],
  ['works tax out by itself', 'rounding', () => documents(taxedAnew)],
  ['accepts any webhook', 'webhooks', () => ({ ...quickbooks, webhooks: { ...webhooks, verify: () => true } })],
  ['takes each webhook once only', 'webhooks in disorder', impatient],
];
