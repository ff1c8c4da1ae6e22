/**
 * Judges the records of one page: what is as it is here is dropped, the rest is assembled, and either observed or kept for a reason.
 * It writes nothing; what it found out is looked at again when it is written.
 */
import type { JsonObject } from '../../canonical/canonical.ts';
import type { Stream } from '../../connect/connector.ts';
import { hashOf } from '../../kernel/hash.ts';
import { mapInSlices } from '../../kernel/slices.ts';
import type { Session } from '../../write/transaction.ts';
import type { OpenConnection } from '../engine.ts';
import { assemble } from './assemble.ts';
import type { Candidate, ToJudge } from './judging.ts';
import { KINDS } from './kinds.ts';
import { type Known, knownRecords, oursNamed, partyAccounts, type Setting, settingOf } from './known.ts';
import { referencesIn, resolve } from './references.ts';
import { partyOf } from './referred.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** The hash of a record that is gone there. */
export const GONE_HASH = 'gone';

export interface Judged {
  readonly setting: Setting;
  readonly verdicts: readonly Verdict[];
  /** External ids of those that are as they are here. */
  readonly unchanged: readonly string[];
  /** What connectors threw that is neither a wrong field nor a record of no interest. */
  readonly faults: readonly unknown[];
  readonly known: ReadonlyMap<string, Known>;
}

export async function judge(session: Session, connection: OpenConnection, page: ToJudge): Promise<Judged> {
  const { stream, records, link } = page;
  const where = { connection, stream: stream.name };
  const setting = await settingOf(session, where);
  const withRaw = records.flatMap(({ isDeleted, externalId }) => (isDeleted ? [externalId] : []));
  const known = await knownRecords(session, where, { ids: records.map(({ externalId }) => externalId), withRaw });
  const candidates: Candidate[] = [];
  const unchanged: string[] = [];
  await mapInSlices(records, (record) => {
    const before = known.get(record.externalId) ?? null;
    const hash = record.isDeleted ? GONE_HASH : hashOf(record.raw);
    if (isUnchanged({ record, hash, before }, page)) unchanged.push(record.externalId);
    else candidates.push({ record, hash, before });
  });
  const assembled = await mapInSlices(candidates, (candidate) => {
    const raw = rawOf(candidate);
    return { candidate, assembled: raw === null ? {} : assemble(connection, stream, raw) };
  });
  const documents = assembled.flatMap((one) => one.assembled.assembly ?? []);
  const named = documents.flatMap(({ ours }) => ours ?? []);
  const ours = link || named.length === 0 ? new Map() : await oursNamed(session, { connection, kind: stream.kind, named });
  const resolutions = await resolve(
    session,
    connection,
    documents.flatMap(({ document }) => referencesIn(document)),
  );
  const parties = await partyAccounts(
    session,
    connection,
    documents.flatMap(({ document }) => partyOf(document) ?? []),
  );
  const context = { connection, page, setting, resolutions, ours: new Map(ours), parties, firstOfParty: new Map() };
  const verdicts = await mapInSlices(assembled, (one) => verdictOf(one.candidate, one.assembled, context));
  return {
    setting,
    known,
    unchanged: [...unchanged, ...verdicts.filter(isStillIgnored).map(({ kept }) => kept.externalId)],
    verdicts: verdicts.filter((verdict) => !isStillIgnored(verdict)),
    faults: assembled.flatMap((one) => ('fault' in one.assembled && one.assembled.fault ? [one.assembled.fault] : [])),
  };
}

/** Looked at again, and no business of ours as before. */
const isStillIgnored = ({ kept: { state, hash, before } }: Verdict): boolean =>
  state === 'IGNORED' && before?.state === 'IGNORED' && before.hash === hash;

function isUnchanged({ record, hash, before }: Candidate, { again, isReplay, readAt, link }: ToJudge): boolean {
  if (link?.externalId === record.externalId && before?.recordId !== link.recordId) return false;
  if (!before) return record.isDeleted === true;
  if (before.hash === hash) return !again.has(before.state);
  if (isReplay) return true;
  // somebody has taken a newer one since this one was asked for
  const atMs = record.updatedAt === null ? Number.NaN : Date.parse(record.updatedAt);
  return readAt !== null && before.syncedAtMs >= readAt.getTime() && atMs < (before.externalAtMs ?? Number.NEGATIVE_INFINITY);
}

/** Of one that is gone, what was known of it last. */
const rawOf = ({ record, before }: Candidate): JsonObject | null => {
  if (!record.isDeleted) return record.raw;
  return before?.raw ? (JSON.parse(before.raw) as JsonObject) : null;
};

export const recordKindOf = ({ kind }: Stream): string => KINDS[kind].record;
