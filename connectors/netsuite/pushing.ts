/**
 * Writing with one effect: what is made carries our record's id as its external id, which NetSuite holds once only, and is looked for
 * before anything is made. What was written is read again, since scripts of the account may have changed it.
 */
import { type JsonObject, MappingError, type PushRequest, type PushResult, type SourceRecord } from '../../src/connect/index.ts';
import { refusal, strange } from './faults.ts';
import { currencyId, idOfOurs, patch, type RecordType, remove } from './record-service.ts';
import { SOURCES, type StreamName } from './streams.ts';
import type { Context } from './suiteql.ts';

/** What is written, and where it is read. */
export interface Place {
  readonly type: RecordType;
  readonly stream: StreamName;
}

/** The record as its stream reads it; null: it isn't there, or the role may not see it. */
export async function readBack(context: Context, stream: StreamName, externalId: string): Promise<SourceRecord | null> {
  const records = await SOURCES[stream].get(context, [externalId]);
  return records.find((record) => record.externalId === externalId) ?? null;
}

/** @throws ExternalError for one that was just written and can't be read */
export async function written(context: Context, stream: StreamName, externalId: string): Promise<SourceRecord> {
  const record = await readBack(context, stream, externalId);
  if (record) return record;
  throw strange(`${externalId} was written, and can not be read among the ${stream}: does the role see its subsidiary?`);
}

/** What carries our id. */
export async function findByOurs(context: Context, { type, stream }: Place, ours: string): Promise<SourceRecord | null> {
  const id = await idOfOurs(context, type, ours);
  return id === null ? null : readBack(context, stream, id);
}

/** Makes it unless it has been made. */
export async function makeOnce(
  context: Context,
  place: Place & { readonly ours: string },
  make: () => Promise<string>,
): Promise<PushResult> {
  const found = await findByOurs(context, place, place.ours);
  if (found) return { record: found, isFound: true };
  return { record: await written(context, place.stream, await make()) };
}

/** The record as it is now. @throws ExternalError REJECTED when it is gone */
export async function freshOf(context: Context, stream: StreamName, request: PushRequest): Promise<SourceRecord> {
  const id = knownId(request);
  const fresh = await readBack(context, stream, id);
  if (!fresh || fresh.isDeleted) throw refusal(`${id} is not in NetSuite any more: it was deleted there.`);
  return fresh;
}

export function knownId({ known, command }: PushRequest): string {
  if (known === null) throw refusal(`NetSuite has no such record yet, so it can't be asked for ${command}.`);
  return known.externalId;
}

/** The fields that differ are sent; null: there is nothing to do. */
export async function patchFields(
  context: Context,
  type: RecordType,
  { id, body, isRepeatable = true }: { readonly id: string; readonly body: JsonObject; readonly isRepeatable?: boolean },
): Promise<boolean> {
  if (Object.keys(body).length === 0) return false;
  await patch(context, { type, id, body, isRepeatable });
  return true;
}

/** The API has no way to void, and what is deleted leaves a gap: whoever set up the connection says whether that may be. */
export async function takeBack(context: Context, { type }: Place, request: PushRequest): Promise<PushResult> {
  const id = knownId(request);
  if (context.config.takesBack === 'REFUSE')
    throw refusal(
      `NetSuite can not be asked to void: void ${type} ${id} there, and it comes back voided. (Or set takesBack to DELETE.)`,
    );
  await remove(context, type, id);
  const raw = request.known?.raw ?? {};
  return { record: { externalId: id, version: null, updatedAt: null, isDeleted: true, raw } };
}

/** @throws ExternalError REJECTED where the account doesn't have it */
export async function currencyOf(context: Context, symbol: string): Promise<{ readonly id: string }> {
  const id = await currencyId(context, symbol);
  if (id !== null) return { id };
  throw refusal(`NetSuite has no currency ${symbol}: add it under Lists > Accounting > Currencies.`);
}

/** A value that NetSuite can't hold is a refusal like its own. */
export async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MappingError) throw refusal(error.message);
    throw error;
  }
}
