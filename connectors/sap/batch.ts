/**
 * Many reads in one request ($batch of OData V2): each with a path below the service, each with an answer of its own. A system or a gateway
 * that takes none is read request by request, and so is a part that failed.
 */
import { ExternalError, type JsonObject, parseJson } from '../../src/connect/index.ts';
import { strange } from './faults.ts';
import { followed, type Page, paramsOf, type Query, readPage } from './query.ts';
import { send } from './session.ts';
import { type Context, rootOf, type ServiceName } from './system.ts';

const PARTS_MAX_COUNT = 20;
const BOUNDARY = 'cashgraph_reads';
const LINE = '\r\n';

/** The rows of each query, in their order. */
export async function readMany(
  context: Context,
  service: ServiceName,
  queries: readonly Query[],
): Promise<readonly (readonly JsonObject[])[]> {
  const all: (readonly JsonObject[])[] = [];
  for (let i = 0; i < queries.length; i += PARTS_MAX_COUNT) {
    const some = queries.slice(i, i + PARTS_MAX_COUNT);
    const pages = await readSome(context, service, some);
    all.push(...pages.map(({ rows }) => rows));
  }
  return all;
}

async function readSome(context: Context, service: ServiceName, queries: readonly Query[]): Promise<readonly Page[]> {
  const oneByOne = async () => {
    const pages: Page[] = [];
    for (const query of queries) pages.push(await readPage(context, service, query));
    return pages;
  };
  if (queries.length === 1 || !context.config.usesBatch) return oneByOne();
  const refused = refusals(context);
  if (refused.has(service)) return oneByOne();
  try {
    return await inBatch(context, service, queries);
  } catch (error) {
    if (!(error instanceof ExternalError && REFUSALS.has(error.kind))) throw error;
    // a part of it may be what was refused: then the single request is refused as well, and says so
    refused.add(service);
    return oneByOne();
  }
}

const REFUSALS: ReadonlySet<string> = new Set(['REJECTED', 'CONFLICT']);
const known = new WeakMap<Context, Set<ServiceName>>();

/** Services that have refused a $batch during this piece of work. */
function refusals(context: Context): Set<ServiceName> {
  const found = known.get(context) ?? new Set<ServiceName>();
  known.set(context, found);
  return found;
}

async function inBatch(context: Context, service: ServiceName, queries: readonly Query[]): Promise<readonly Page[]> {
  const paths: string[] = [];
  for (const query of queries) paths.push(`${query.set}?${queryText(await paramsOf(context, service, query))}`);
  const { body, headers } = await send(context, service, {
    method: 'post',
    path: `${rootOf(service)}/$batch`,
    body: `${paths.map(partOf).join('')}--${BOUNDARY}--${LINE}`,
    contentType: `multipart/mixed; boundary=${BOUNDARY}`,
    accept: 'multipart/mixed',
    isRead: true,
  });
  const answers = partsIn(String(body), headers['content-type'] ?? '');
  if (answers.length !== queries.length) throw strange(`A $batch of ${queries.length} reads has ${answers.length} answers.`);
  const pages: Page[] = [];
  for (const [i, { status, json }] of answers.entries()) {
    const query = queries[i] as Query;
    const isWell = status >= 200 && status <= 299;
    pages.push(isWell ? await followed(context, json, query) : await readPage(context, service, query));
  }
  return pages;
}

const queryText = (params: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(params)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encoded(value)}`]))
    .join('&');
const encoded = (value: string): string => encodeURIComponent(value).replaceAll("'", '%27');

const partOf = (path: string): string =>
  [
    `--${BOUNDARY}`,
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    `GET ${path} HTTP/1.1`,
    'Accept: application/json',
    '',
    '',
    '',
  ].join(LINE);

export interface Part {
  readonly status: number;
  readonly json: unknown;
}

/** @throws ExternalError for an answer that is cut, or none */
export function partsIn(body: string, contentType: string): readonly Part[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw strange('The answer to a $batch is none.');
  const [, ...pieces] = body.split(`--${boundary}`);
  const end = pieces.at(-1);
  if (end === undefined || !end.startsWith('--')) throw strange('The answer to a $batch is cut.');
  return pieces.slice(0, -1).map(partIn);
}

const PART = /^[\s\S]*?\r?\n\r?\nHTTP\/1\.[01] (\d{3})[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n([\s\S]*)$/;

function partIn(piece: string): Part {
  const [, status, body = ''] = PART.exec(piece) ?? [];
  if (status === undefined) throw strange('An answer in a $batch has not its form.');
  return { status: Number(status), json: jsonIn(body) };
}

function jsonIn(body: string): unknown {
  try {
    return body.trim() === '' ? null : parseJson(body);
  } catch {
    return null;
  }
}
