/** The way into the books for everybody who has records of an ERP in hand: a push with its answer, a webhook, a read of one record. */
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { streamOf } from './kinds.ts';
import { takePage } from './page.ts';
import { sumOf, type TakeResult, type Taking } from './taken.ts';
import { settle } from './waiting.ts';

/** @throws DomainError where the database can't be reached, or a link contradicts another; what is wrong with a record is its own outcome */
export async function takeRecords(engines: SyncEngines, connection: OpenConnection, taking: Taking): Promise<TakeResult> {
  const requestId = `erp ${connection.code} ${engines.newId()}`;
  const { arrived, ...result } = await takePage(engines, connection, { ...taking, requestId });
  await settle(engines, connection, { arrived, requestId });
  return result;
}

/** Ids that are asked for in one request. */
const GET_MAX_COUNT = 50;

/** Reads some records of a stream from the ERP, and takes them. @throws ExternalError */
export async function refreshRecords(
  engines: SyncEngines,
  connection: OpenConnection,
  which: { readonly stream: string; readonly externalIds: readonly string[]; readonly signal?: AbortSignal },
): Promise<TakeResult> {
  const { stream, signal = new AbortController().signal } = which;
  const context = connection.context(signal);
  const ids = [...new Set(which.externalIds)];
  const results: TakeResult[] = [];
  for (let at = 0; at < ids.length; at += GET_MAX_COUNT) {
    const readAt = engines.clock.now();
    const records = await streamOf(connection.connector, stream).get(context, ids.slice(at, at + GET_MAX_COUNT));
    results.push(await takeRecords(engines, connection, { stream, records, readAt }));
  }
  return { counts: sumOf(results.map(({ counts }) => counts)), records: new Map(results.flatMap(({ records }) => [...records])) };
}
