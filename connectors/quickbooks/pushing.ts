/**
 * Writing with one effect: a request has an id that QuickBooks knows again, what was made carries our record's id in its note, and an
 * update rests on what was read a moment before. A conflict is decided anew, once.
 */
import {
  type CanonicalKind,
  ExternalError,
  type JsonObject,
  MappingError,
  type PushRequest,
  type PushResult,
  type SourceRecord,
} from '../../src/connect/index.ts';
import { type Context, type Entity, literal, queryRows, readById, statementOf, timeText, write } from './company.ts';
import { hasCode, refusal } from './faults.ts';
import { instantAt, neededText, textAt } from './fields.ts';
import { type Decision, decide, type Setting } from './merge.ts';
import { readNote } from './note.ts';
import { recordOf } from './reading.ts';

const PAGE_MAX_COUNT = 1_000;
/** A lost request is looked for by whoever asks again; after that long nobody does. */
const LOOK_BACK_DAYS = 90;
const DAY_MS = 86_400_000;

/** The transaction with our id in its note, the oldest if somebody has copied it. */
async function findOurs(
  context: Context,
  entity: Entity,
  { ours, customer }: { ours: string; customer: string },
): Promise<JsonObject | null> {
  const since = timeText(new Date(context.now().getTime() - LOOK_BACK_DAYS * DAY_MS).toISOString());
  const recent = `MetaData.LastUpdatedTime >= ${literal(since)}`;
  const rows = await allRows(context, entity, [`CustomerRef = ${literal(customer)}`, recent]).catch((error: unknown) => {
    // it is not told everywhere by which fields can be asked
    if (hasCode(error, '4001')) return allRows(context, entity, [recent]);
    throw error;
  });
  const found = rows.filter((row) => readNote(textAt(row, 'PrivateNote')).ours === ours);
  return found.sort((a, b) => madeMs(a) - madeMs(b))[0] ?? null;
}

const madeMs = (row: JsonObject): number => Date.parse(instantAt(row, 'MetaData.CreateTime') ?? '') || 0;

async function allRows(context: Context, entity: Entity, where: readonly string[]): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  for (let start = 1; ; start += PAGE_MAX_COUNT) {
    const orderBy = 'MetaData.LastUpdatedTime';
    const page = await queryRows(context, entity, statementOf({ entity, where, orderBy, start, max: PAGE_MAX_COUNT }));
    rows.push(...page.rows);
    if (page.rows.length < PAGE_MAX_COUNT) return rows;
  }
}

export interface Creation {
  readonly entity: Entity;
  readonly body: JsonObject;
  readonly customer: string;
}

/** Makes a transaction, or finds that it has been made. */
export async function create<K extends CanonicalKind>(
  context: Context,
  request: PushRequest<K>,
  { entity, body, customer }: Creation,
): Promise<PushResult> {
  const send = async (requestId: string) => ({ record: recordOf(await write(context, { entity, body, requestId })) });
  try {
    return await send(request.key);
  } catch (error) {
    if (!(error instanceof ExternalError && error.kind === 'REJECTED')) throw error;
    // the id or the number was used already: perhaps by an earlier attempt of ours
    const isUsed = hasCode(error, '600', '6140');
    const found = isUsed ? await findOurs(context, entity, { ours: request.ours, customer }) : null;
    if (found) return { record: recordOf(found), isFound: true };
    // it is not told whether an id that was refused once is refused for ever: nothing was made by it, so another one may ask again
    if (request.attempt > 1 && !hasCode(error, '6140')) return send(`${request.key}-${request.attempt}`.slice(0, 50));
    throw error;
  }
}

export interface Update {
  readonly entity: Entity;
  readonly settings: (fresh: JsonObject) => readonly Setting[];
  /** Sent with every update, since QuickBooks wants it or would take it for cleared. */
  readonly always?: (fresh: JsonObject) => JsonObject;
}

/** Brings the record there up to ours. */
export async function update<K extends CanonicalKind>(
  context: Context,
  request: PushRequest<K>,
  { entity, settings, always }: Update,
): Promise<PushResult> {
  const id = knownId(request);
  return againOnConflict(async () => {
    const fresh = await freshOf(context, entity, id);
    const { changes, overridden }: Decision = decide(settings(fresh), fresh, request.known?.raw ?? null);
    if (Object.keys(changes).length === 0) return { record: recordOf(fresh), isFound: true };
    const body = { ...always?.(fresh), ...changes, Id: id, SyncToken: neededText(fresh, 'SyncToken'), sparse: true };
    const after = await write(context, { entity, body, requestId: versionedKey(request, fresh) });
    return { record: recordOf(after), ...(overridden.length === 0 ? {} : { overridden }) };
  });
}

export interface Voiding {
  readonly entity: Entity;
  readonly params: Readonly<Record<string, string>>;
  readonly isDone: (fresh: JsonObject) => boolean;
  readonly body?: JsonObject;
}

export async function takeBack<K extends CanonicalKind>(
  context: Context,
  request: PushRequest<K>,
  { entity, params, isDone, body = {} }: Voiding,
): Promise<PushResult> {
  const id = knownId(request);
  return againOnConflict(async () => {
    const fresh = await freshOf(context, entity, id);
    if (isDone(fresh)) return { record: recordOf(fresh), isFound: true };
    const sent = { ...body, Id: id, SyncToken: neededText(fresh, 'SyncToken') };
    await write(context, { entity, body: sent, params, requestId: versionedKey(request, fresh) });
    // the answer to a void is not always the whole record
    return { record: recordOf(await freshOf(context, entity, id)) };
  });
}

/** What is asked differs with the version that it is asked of, so its name does. At most 50 characters. */
const versionedKey = ({ key }: { readonly key: string }, fresh: JsonObject): string =>
  `${key.slice(0, 36)}-${textAt(fresh, 'SyncToken') ?? ''}`.slice(0, 50);

async function againOnConflict(work: () => Promise<PushResult>): Promise<PushResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ExternalError && error.kind === 'CONFLICT') return work();
    throw error;
  }
}

/** The record as it is now. @throws ExternalError REJECTED when it is gone */
async function freshOf(context: Context, entity: Entity, id: string): Promise<JsonObject> {
  const fresh = await readById(context, entity, id);
  if (!fresh) throw refusal(`${entity} ${id} is not in QuickBooks any more: it was deleted or merged there.`);
  return fresh;
}

function knownId({ known, command }: PushRequest): string {
  if (known === null) throw refusal(`QuickBooks has no such record yet, so it can't be asked for ${command}.`);
  return known.externalId;
}

/** Looks for what an earlier attempt has done: the record that was made, or one that is already as it was asked to be. */
export async function findBy<K extends CanonicalKind>(
  context: Context,
  request: PushRequest<K>,
  { entity, customer, isDone }: { entity: Entity; customer: string; isDone: (fresh: JsonObject) => boolean },
): Promise<SourceRecord | null> {
  if (request.known === null) {
    const found = await findOurs(context, entity, { ours: request.ours, customer });
    return found && recordOf(found);
  }
  const fresh = await readById(context, entity, request.known.externalId);
  return fresh && isDone(fresh) ? recordOf(fresh) : null;
}

/** A value that QuickBooks can't hold is a refusal like its own. */
export async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MappingError) throw refusal(error.message);
    throw error;
  }
}
