/**
 * Reading rows of a service: only fields that this release has, always named; a collection or an entity in the one form of OData V2 that
 * counts as an answer. A page of the server's own is followed as it was given, and an answer that is as long as was asked for is never
 * taken for the whole.
 */
import type { Json, JsonObject } from '../../src/connect/index.ts';
import { isNotFound, refusal, strange } from './faults.ts';
import { isObject } from './fields.ts';
import { keyText, text } from './literals.ts';
import type { EntitySet } from './metadata.ts';
import { type Context, neededSet, rootOf, type ServiceName, systemQuery } from './system.ts';

export interface Query {
  readonly set: string;
  /** Wanted; those that the release lacks are not asked for. */
  readonly fields: readonly string[];
  /** Way → fields of what it leads to. */
  readonly expand?: Readonly<Record<string, readonly string[]>>;
  readonly filter?: string;
  readonly orderBy?: string;
  readonly top?: number;
}

type Params = Readonly<Record<string, string | undefined>>;

/** What stands behind the path; `$` of names stays. */
export async function paramsOf(context: Context, service: ServiceName, query: Query): Promise<Params> {
  const set = await neededSet(context, service, query.set);
  const ways = Object.entries(query.expand ?? {}).flatMap(([way, fields]) => expanded(set, way, fields));
  const own = query.fields.filter((field) => set.fields.has(field));
  return {
    ...systemQuery(context),
    $select: [...own, ...ways.flatMap(({ fields }) => fields)].join(','),
    $expand: ways.length === 0 ? undefined : ways.map(({ way }) => way).join(','),
    $filter: query.filter === undefined || query.filter === '' ? undefined : query.filter,
    $orderby: query.orderBy,
    $top: query.top === undefined ? undefined : String(query.top),
  };
}

/** Down one or two ways, such as `to_Customer/to_CustomerCompany`; none where the release has no such way. */
function expanded(set: EntitySet, way: string, fields: readonly string[]): { way: string; fields: string[] }[] {
  const target = way.split('/').reduce<EntitySet | null | undefined>((at, name) => at?.ways.get(name), set);
  if (target === undefined || (target === null && fields.length === 0)) return [];
  const there = target === null ? [...fields] : fields.filter((field) => target.fields.has(field));
  return [{ way, fields: there.map((field) => `${way}/${field}`) }];
}

export interface Page {
  readonly rows: readonly JsonObject[];
  /** It has as many rows as were asked for: there may be more. */
  readonly isFull: boolean;
}

export async function readPage(context: Context, service: ServiceName, query: Query): Promise<Page> {
  const params = await paramsOf(context, service, query);
  const { body } = await context.http.get(`${rootOf(service)}/${query.set}`, { query: params });
  return followed(context, body, query);
}

const NEXT_MAX_COUNT = 10_000;

/** The rows of an answer, and of the further pages that the server cut it into. */
export async function followed(context: Context, first: unknown, { set, top }: Query): Promise<Page> {
  const { rows, next } = collectionIn(first, set);
  const all = [...rows];
  const seen = new Set<string>();
  for (let at = next; at !== null && (top === undefined || all.length < top); ) {
    if (seen.has(at) || seen.size > NEXT_MAX_COUNT) throw strange(`The pages of ${set} lead in a circle.`);
    seen.add(at);
    const page = collectionIn((await context.http.get(at)).body, set);
    all.push(...page.rows);
    at = page.next;
  }
  return { rows: top === undefined ? all : all.slice(0, top), isFull: top !== undefined && all.length >= top };
}

function collectionIn(body: unknown, set: string): { readonly rows: readonly JsonObject[]; readonly next: string | null } {
  const d = isObject(body) ? body['d'] : undefined;
  const results = isObject(d) ? d['results'] : d;
  if (!Array.isArray(results) || !results.every(isObject)) throw strange(`The answer to a read of ${set} has no list of it.`);
  const next = isObject(d) ? d['__next'] : undefined;
  return { rows: results.map(plainRow), next: typeof next === 'string' && next !== '' ? next : null };
}

/** One entity by its key; null: there is none. */
export async function readEntity(
  context: Context,
  service: ServiceName,
  { key, ...query }: Query & { readonly key: Readonly<Record<string, string>> },
): Promise<JsonObject | null> {
  const params = await paramsOf(context, service, query);
  try {
    const { body } = await context.http.get(`${rootOf(service)}/${query.set}${keyText(key)}`, { query: params });
    return entityIn(body, query.set);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

export function entityIn(body: unknown, what: string): JsonObject {
  const d = isObject(body) ? body['d'] : undefined;
  if (!isObject(d)) throw strange(`The answer about ${what} has no entity in it.`);
  return plainRow(d);
}

/** The field of a row that holds its version, as If-Match takes it. */
export const ETAG = 'etag';

/** A row without what only the protocol needs: lists as lists, ways that were not followed left out, and its version beside its fields. */
export function plainRow(row: JsonObject): JsonObject {
  const { __metadata: about, ...fields } = row;
  const etag = isObject(about) && typeof about['etag'] === 'string' ? { [ETAG]: about['etag'] } : {};
  const plain = Object.entries(fields).flatMap(([name, value]): (readonly [string, Json])[] => {
    if (!isObject(value)) return [[name, value]];
    if ('__deferred' in value) return [];
    const list = value['results'];
    return [[name, Array.isArray(list) ? list.filter(isObject).map(plainRow) : plainRow(value)]];
  });
  return { ...Object.fromEntries(plain), ...etag };
}

/** Of numbers of documents, customers and accounts: the ones that SAP fills with zeros. */
const NUMBER_MAX_CHARS = 10;

/** A key in a filter, filled with zeros where the system does not do that by itself. */
export async function literalOf(
  context: Context,
  service: ServiceName,
  at: { set: string; field: string; value: string },
): Promise<string> {
  const { set, field, value } = at;
  const known = (await neededSet(context, service, set)).fields.get(field);
  if (!known) throw refusal(`${set} has no field ${field} in this system.`);
  const pads = context.config.padsNumbers && known.maxLength === NUMBER_MAX_CHARS && /^\d+$/.test(value);
  return text(pads ? value.padStart(NUMBER_MAX_CHARS, '0') : value);
}
