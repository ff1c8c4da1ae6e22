/**
 * The record service: single records by their id or by ours, written with names that NetSuite must know, or it says so. What was made is
 * told by the address in the answer, which has no body; an answer without it is never taken for done.
 */
import type { JsonObject } from '../../src/connect/index.ts';
import { isNotThere, strange } from './faults.ts';
import { isObject, neededText } from './fields.ts';
import { type Context, isId, literal, query } from './suiteql.ts';

/** The types that are written, by their names in paths. */
export type RecordType =
  | 'customer'
  | 'customerSubsidiaryRelationship'
  | 'salesOrder'
  | 'itemFulfillment'
  | 'invoice'
  | 'creditMemo'
  | 'customerPayment';

const BASE = '/services/rest/record/v1';
/** A name that isn't known would only be warned about, and the value would be lost. */
const HEADERS = { 'x-netsuite-propertynamevalidation': 'Error' };

/** A record of ours by the external id that it was given. */
const ofOurs = (externalId: string): string => `eid:${encodeURIComponent(externalId)}`;

/** Null: there is none. */
export async function readRecord(
  { http }: Context,
  type: RecordType,
  { id, withLines = false }: { readonly id: string; readonly withLines?: boolean },
): Promise<JsonObject | null> {
  try {
    const { body } = await http.get(`${BASE}/${type}/${id}`, withLines ? { query: { expandSubResources: true } } : {});
    if (!isObject(body)) throw strange(`The answer about a ${type} is no record.`);
    return body;
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}

/** The internal id of the record with that external id; null: there is none. */
export async function idOfOurs(context: Context, type: RecordType, externalId: string): Promise<string | null> {
  const record = await readRecord(context, type, { id: ofOurs(externalId) });
  return record && neededText(record, 'id');
}

/** Makes it under our external id: asked twice it is one record, and its lines are those that were sent last. */
export async function upsert(
  { http }: Context,
  type: RecordType,
  { externalId, body, list }: { readonly externalId: string; readonly body: JsonObject; readonly list?: 'item' | undefined },
): Promise<string> {
  const answer = await http.put(`${BASE}/${type}/${ofOurs(externalId)}`, {
    headers: HEADERS,
    body,
    ...(list === undefined ? {} : { query: { replace: list } }),
  });
  return idIn(answer.headers, type);
}

export async function make({ http }: Context, type: RecordType, body: JsonObject): Promise<string> {
  return idIn((await http.post(`${BASE}/${type}`, { headers: HEADERS, body })).headers, type);
}

/** @returns the id of what was made of it */
export async function transform(
  { http }: Context,
  {
    type,
    id,
    into,
    body,
  }: { readonly type: RecordType; readonly id: string; readonly into: RecordType; readonly body: JsonObject },
): Promise<string> {
  const answer = await http.post(`${BASE}/${type}/${id}/!transform/${into}`, { headers: HEADERS, body });
  return idIn(answer.headers, into);
}

/** Sub-lists are merged: lines that are not named stay. */
export async function patch(
  { http }: Context,
  {
    type,
    id,
    body,
    isRepeatable,
  }: { readonly type: RecordType; readonly id: string; readonly body: JsonObject; readonly isRepeatable: boolean },
): Promise<void> {
  await http.patch(`${BASE}/${type}/${id}`, { headers: HEADERS, body, isRepeatable });
}

/** It is gone afterwards, whoever removed it. */
export async function remove({ http }: Context, type: RecordType, id: string): Promise<void> {
  try {
    await http.delete(`${BASE}/${type}/${id}`, { isRepeatable: true });
  } catch (error) {
    if (!isNotThere(error)) throw error;
  }
}

function idIn(headers: Readonly<Record<string, string>>, type: string): string {
  const id = decodeURIComponent(headers['location']?.split('?')[0]?.replace(/\/$/, '').split('/').at(-1) ?? '');
  if (isId(id)) return id;
  throw strange(`The answer does not say which ${type} was made: it has no Location with an id.`);
}

/** The internal id of a currency. Null where the account has none of that symbol. */
export async function currencyId(context: Context, symbol: string): Promise<string | null> {
  const [row] = await query(context, `SELECT c.id FROM currency c WHERE c.symbol = ${literal(symbol)} FETCH FIRST 1 ROWS ONLY`);
  return row === undefined ? null : neededText(row, 'id');
}
