/** Requests to one company: queries, records by id, changes, writes. Answers are looked through before they are believed. */
import { type ConnectorContext, ExternalError, type JsonObject } from '../../src/connect/index.ts';
import { hasCode } from './faults.ts';
import { isObject, listAt, textAt } from './fields.ts';
import type { Settings } from './settings.ts';

export type Context = ConnectorContext<Settings>;

/** The records that are read or written, by their names in queries. */
export type Entity =
  | 'Term'
  | 'Item'
  | 'Customer'
  | 'Estimate'
  | 'Invoice'
  | 'SalesReceipt'
  | 'CreditMemo'
  | 'RefundReceipt'
  | 'Payment';

export interface Answer {
  readonly body: JsonObject;
  /** The company's clock, when it answered. */
  readonly time: string;
}

export interface Rows {
  readonly rows: readonly JsonObject[];
  readonly total: number | null;
  readonly time: string;
}

const pathOf = ({ config }: Context, below: string): string => `/v3/company/${config.realmId}${below}`;

const queryOf = ({ config }: Context, query: Readonly<Record<string, string | undefined>> = {}) => ({
  ...query,
  minorversion: config.minorVersion ?? undefined,
});

async function ask(context: Context, below: string, query?: Readonly<Record<string, string>>): Promise<Answer> {
  const { body } = await context.http.get(pathOf(context, below), { query: queryOf(context, query) });
  return answerOf(context, body, below);
}

function answerOf({ now }: Context, body: unknown, what: string): Answer {
  if (!isObject(body)) throw strange(`The answer to ${what} is no object.`);
  const time = textAt(body, 'time');
  const isTime = time !== undefined && !Number.isNaN(Date.parse(time));
  return { body, time: isTime ? new Date(time).toISOString() : now().toISOString() };
}

/** Nothing that could be taken for "no records". */
const strange = (words: string) => new ExternalError(words, { kind: 'UNKNOWN_OUTCOME', words });

/** No records come as an empty QueryResponse, without the list. */
export async function queryRows(context: Context, entity: Entity | 'PaymentMethod', statement: string): Promise<Rows> {
  const { body, time } = await ask(context, '/query', { query: statement });
  const response = body['QueryResponse'];
  if (!isObject(response)) throw strange(`The answer to a query of ${entity} has no QueryResponse.`);
  const rows = response[entity] ?? [];
  if (!Array.isArray(rows) || !rows.every(isObject)) throw strange(`The answer to a query of ${entity} has no list of it.`);
  const total = response['totalCount'];
  return { rows, total: typeof total === 'number' ? total : null, time };
}

export async function queryCount(context: Context, entity: Entity, where: readonly string[]): Promise<number> {
  const { body } = await ask(context, '/query', { query: statementOf({ select: 'COUNT(*)', entity, where }) });
  const response = body['QueryResponse'];
  if (!isObject(response)) throw strange(`The answer to a count of ${entity} has no QueryResponse.`);
  return typeof response['totalCount'] === 'number' ? response['totalCount'] : 0;
}

export interface Statement {
  readonly select?: string;
  readonly entity: string;
  readonly where?: readonly string[];
  readonly orderBy?: string;
  readonly start?: number;
  readonly max?: number;
}

export function statementOf({ select = '*', entity, where = [], orderBy, start, max }: Statement): string {
  return [
    `SELECT ${select} FROM ${entity}`,
    where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`,
    orderBy === undefined ? '' : `ORDERBY ${orderBy}`,
    start === undefined ? '' : `STARTPOSITION ${start}`,
    max === undefined ? '' : `MAXRESULTS ${max}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** A quote inside is escaped, never doubled. @example literal("O'Brien") // "'O\\'Brien'" */
export const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** Names that were made inactive stay away from queries unless they are asked for. */
const LISTS: ReadonlySet<Entity> = new Set<Entity>(['Term', 'Item', 'Customer']);
export const alsoInactive = (entity: Entity): readonly string[] => (LISTS.has(entity) ? ['Active IN (true,false)'] : []);
export const isTransaction = (entity: Entity): boolean => !LISTS.has(entity);

/** Null: there is none with that id, or no more. */
export async function readById(context: Context, entity: Entity, id: string): Promise<JsonObject | null> {
  try {
    const below = `/${entity.toLowerCase()}/${encodeURIComponent(id)}`;
    return recordIn(await ask(context, below), entity);
  } catch (error) {
    if (hasCode(error, '610')) return null;
    throw error;
  }
}

export async function readOne(context: Context, below: string, name: string): Promise<JsonObject> {
  return recordIn(await ask(context, below), name);
}

function recordIn({ body }: Answer, name: string): JsonObject {
  const record = body[name];
  if (!isObject(record)) throw strange(`The answer has no ${name} in it.`);
  return record;
}

export interface Write {
  readonly entity: Entity;
  readonly body: JsonObject;
  /** Names the request: repeated with it, it is done once. */
  readonly requestId: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** The record as it is there afterwards. */
export async function write(context: Context, { entity, body, requestId, params }: Write): Promise<JsonObject> {
  const answer = await context.http.post(pathOf(context, `/${entity.toLowerCase()}`), {
    query: queryOf(context, { ...params, requestid: requestId }),
    body,
    isRepeatable: true,
  });
  return recordIn(answerOf(context, answer.body, entity), entity);
}

export interface Changes {
  /** The stubs of what was deleted. */
  readonly deleted: readonly JsonObject[];
  /** It has as many objects as it can have: there may be more that it doesn't tell. */
  readonly isCut: boolean;
}

const CDC_MAX_COUNT = 1_000;

/** What was deleted since then; changed records are in it as well, and count towards its limit. */
export async function readDeletes(context: Context, entity: Entity, since: string): Promise<Changes> {
  const { body } = await ask(context, '/cdc', { entities: entity, changedSince: timeText(since) });
  if (!Array.isArray(body['CDCResponse'])) throw strange(`The answer about changes of ${entity} has no CDCResponse.`);
  const objects = listAt(body, 'CDCResponse')
    .flatMap((one) => listAt(one, 'QueryResponse'))
    .flatMap((one) => listAt(one, entity));
  return { deleted: objects.filter(isDeleted), isCut: objects.length >= CDC_MAX_COUNT };
}

export const isDeleted = (raw: JsonObject): boolean => raw['status'] === 'Deleted';

/** With an offset always: without one it would be read in a zone of the server's. */
export const timeText = (iso: string): string => `${new Date(iso).toISOString().slice(0, 19)}+00:00`;
