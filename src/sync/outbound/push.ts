/**
 * One push: what an ERP is sent, so that whatever was lost on the way it is done once. What an earlier try may have made is looked for
 * before anything is made again; what is known is read anew before it is changed again. A record that changed there meanwhile is
 * decided on once more, on what it is now.
 */
import type { Canonical, JsonObject } from '../../canonical/canonical.ts';
import type { ConnectorContext, Push, PushCommand, SourceRecord, Stream } from '../../connect/connector.ts';
import { ExternalError } from '../../connect/external-error.ts';
import { sql } from '../../read/sql.ts';
import type { Session } from '../../write/transaction.ts';
import { type Overridden, overriddenIn } from './overridden.ts';

/** The record there as ours was made of it last. */
export interface Known {
  readonly externalId: string;
  /** As it was read last. */
  readonly version: string | null;
  readonly raw: JsonObject;
}

export interface Pushing {
  readonly push: Push;
  readonly stream: Stream;
  readonly context: ConnectorContext;
  readonly functionalCurrency: string;
  readonly command: PushCommand;
  readonly document: Canonical;
  readonly ours: string;
  readonly key: string;
  /** From 1; a later one may follow one that reached the ERP. */
  readonly attempt: number;
  readonly known: Known | null;
}

/** What came of it; null: there was nothing to take back. */
export interface Effect {
  readonly record: SourceRecord;
  readonly overridden: readonly Overridden[];
}

/** It can't be done, whatever is tried: said to people. */
export class Impossible extends Error {
  override readonly name = 'Impossible';
}

/** @throws ExternalError, Impossible, MappingError */
export async function pushOnce(pushing: Pushing): Promise<Effect | null> {
  const { command, known, push } = pushing;
  if (!known) return command === 'VOID' ? takeBackFound(pushing) : make(pushing);
  if (command === 'CREATE') {
    const now = await readAgain(pushing, known);
    return now && !now.isDeleted ? unchanged(now) : make({ ...pushing, known: null });
  }
  if (!push.commands.includes(command))
    throw new Impossible(`A record that is there already can't be changed by this connection.`);
  return pushing.attempt > 1 ? changeAgain(pushing, known) : change(pushing, known);
}

const unchanged = (record: SourceRecord): Effect => ({ record, overridden: [] });
const requestOf = ({ command, document, ours, key, attempt }: Pushing, known: Known | null) => ({
  command,
  document,
  ours,
  key,
  attempt,
  known,
});

/** An update of what was never made makes it: an earlier request may have been refused, or may have got there unknown to us. */
async function make(pushing: Pushing): Promise<Effect> {
  const { push, context, command, attempt } = pushing;
  if (!push.commands.includes('CREATE')) throw new Impossible('It is not there, and this connection can not make it.');
  const request = { ...requestOf(pushing, null), command: 'CREATE' as const };
  if (attempt > 1 || command === 'UPDATE') {
    const found = await push.find(context, request);
    if (found) return unchanged(found);
  }
  const { record, overridden = [] } = await push.send(context, request);
  return { record, overridden };
}

/** What carries our id there, whoever knows of it. */
export const findOurs = (pushing: Pushing): Promise<SourceRecord | null> =>
  pushing.push.find(pushing.context, requestOf(pushing, null));

async function takeBackFound(pushing: Pushing): Promise<Effect | null> {
  const found = await findOurs(pushing);
  if (!found) return null;
  return found.isDeleted || isTakenBack(pushing, found) ? unchanged(found) : change(pushing, found);
}

async function change(pushing: Pushing, known: Known): Promise<Effect> {
  try {
    return await send(pushing, known);
  } catch (error) {
    if (!(error instanceof ExternalError && error.kind === 'CONFLICT')) throw error;
    return changeAgain(pushing, known);
  }
}

/**
 * On what it is there now; what others changed there and we set by this is told. The connector still gets the content as we took it last:
 * what differs from that was changed by others and is not ours to undo, such as an application that somebody added to a payment.
 */
async function changeAgain(pushing: Pushing, known: Known): Promise<Effect> {
  const { command, document } = pushing;
  const now = await readAgain(pushing, known);
  if (!now || now.isDeleted) {
    if (command === 'UPDATE') throw new Impossible('It was deleted there.');
    return unchanged(now ?? { ...known, updatedAt: null, isDeleted: true });
  }
  if (command === 'VOID' && isTakenBack(pushing, now)) return unchanged(now);
  const assembled = (raw: JsonObject) => assembledOf(pushing, raw);
  const theirs = { before: assembled(known.raw), now: assembled(now.raw) };
  const sent = await send(pushing, { ...known, version: now.version });
  return { ...sent, overridden: overriddenIn({ theirs, ours: document, told: sent.overridden }) };
}

async function send(pushing: Pushing, known: Known): Promise<Effect> {
  const { record, overridden = [] } = await pushing.push.send(pushing.context, requestOf(pushing, known));
  return { record, overridden };
}

async function readAgain({ stream, context }: Pushing, { externalId }: Known): Promise<SourceRecord | null> {
  const records = await stream.get(context, [externalId]);
  return records.find((record) => record.externalId === externalId) ?? null;
}

const TAKEN_BACK: ReadonlySet<unknown> = new Set(['VOIDED', 'CANCELLED']);

function isTakenBack(pushing: Pushing, { raw }: SourceRecord): boolean {
  const document = assembledOf(pushing, raw);
  return document !== null && 'state' in document && TAKEN_BACK.has(document.state);
}

/** Null: it is none that we would take. It may still be changed. */
export function assembledOf(
  { stream, context, functionalCurrency }: Pick<Pushing, 'stream' | 'context' | 'functionalCurrency'>,
  raw: JsonObject,
): Canonical | null {
  try {
    return stream.assemble(raw, { config: context.config, functionalCurrency }).document;
  } catch {
    return null;
  }
}

/** What the connection knows of our record there, unless it is gone. */
export async function loadKnown(
  session: Session,
  which: { readonly connectionId: string; readonly stream: string; readonly recordId: string },
): Promise<Known | null> {
  const [row] = await session.rows<{ externalId: string; version: string | null; raw: string | null }>(sql`
    select external_id as "externalId", external_version as version, coalesce(taken_raw, raw) as raw from erp_record
    where connection_id = ${which.connectionId} and stream = ${which.stream} and record_id = ${which.recordId} and state <> 'GONE'
    order by synced_at desc limit 1`);
  return row ? { ...row, raw: JSON.parse(row.raw ?? '{}') as JsonObject } : null;
}
