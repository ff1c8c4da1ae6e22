/**
 * Judges the records of one page: what is as it is here is dropped, the rest is assembled, and either observed or kept for a reason.
 * It reads and writes nothing; what it found out is looked at again when it is written.
 */
import type { Canonical, CanonicalKind, JsonObject } from '../../canonical/canonical.ts';
import type { SourceRecord, Stream } from '../../connect/connector.ts';
import { DomainError } from '../../kernel/errors.ts';
import { hashOf } from '../../kernel/hash.ts';
import type { Session } from '../../write/transaction.ts';
import type { OpenConnection, ServedEntity } from '../engine.ts';
import { type Assembly, type Assembled, assemble } from './assemble.ts';
import { inputOf } from './inputs.ts';
import type { Trouble } from './issues.ts';
import type { Kept } from './keep.ts';
import { KINDS } from './kinds.ts';
import { type Known, knownRecords, oursNamed, type Setting, settingOf } from './known.ts';
import { type Reference, referenceKey, referencesIn, resolve, type Resolutions } from './references.ts';
import type { RecordState } from './taken.ts';

/** The hash of a record that is gone there. */
export const GONE_HASH = 'gone';

export interface ToJudge {
  readonly stream: Stream;
  /** Each external id once. */
  readonly records: readonly SourceRecord[];
  /** Records in these states are looked at again although nothing of them changed. */
  readonly again: ReadonlySet<RecordState>;
  /** They come from what is kept here: one that is other there by now is left to whoever brought that. */
  readonly isReplay: boolean;
  /** When they were asked for: what came since then is newer. */
  readonly readAt: Date | null;
  readonly link: { readonly externalId: string; readonly recordId: string; readonly accountId: string } | null;
}

/** What is written of a record: by itself, or with the outcome of its command. */
export interface Verdict {
  readonly kept: Kept;
  readonly trouble: Trouble | null;
  /** Null: nothing is to be observed. */
  readonly input: Readonly<Record<string, unknown>> | null;
}

export interface Judged {
  readonly setting: Setting;
  readonly verdicts: readonly Verdict[];
  /** External ids of those that are as they are here. */
  readonly unchanged: readonly string[];
  /** What connectors threw that is neither a wrong field nor a record of no interest. */
  readonly faults: readonly unknown[];
  readonly known: ReadonlyMap<string, Known>;
}

interface Candidate {
  readonly record: SourceRecord;
  readonly hash: string;
  readonly before: Known | null;
}

export async function judge(session: Session, connection: OpenConnection, page: ToJudge): Promise<Judged> {
  const { stream, records, link } = page;
  const where = { connection, stream: stream.name };
  const setting = await settingOf(session, where);
  const withRaw = records.flatMap(({ isDeleted, externalId }) => (isDeleted ? [externalId] : []));
  const known = await knownRecords(session, where, { ids: records.map(({ externalId }) => externalId), withRaw });
  const candidates: Candidate[] = [];
  const unchanged: string[] = [];
  for (const record of records) {
    const before = known.get(record.externalId) ?? null;
    const hash = record.isDeleted ? GONE_HASH : hashOf(record.raw);
    if (isUnchanged({ record, hash, before }, page)) unchanged.push(record.externalId);
    else candidates.push({ record, hash, before });
  }
  const assembled = candidates.map((candidate) => {
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
  const context = { connection, page, setting, resolutions, ours: new Map(ours), entity: entityOf(connection) };
  return {
    setting,
    unchanged,
    known,
    verdicts: assembled.map((one) => verdictOf(one.candidate, one.assembled, context)),
    faults: assembled.flatMap((one) => ('fault' in one.assembled && one.assembled.fault ? [one.assembled.fault] : [])),
  };
}

function entityOf({ entities, name }: OpenConnection): ServedEntity {
  const [entity] = entities;
  if (!entity) throw new DomainError('NOT_CONFIGURED', `${name} serves no legal entity yet: say which one's books it holds.`);
  return entity;
}

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

interface Context {
  readonly connection: OpenConnection;
  readonly page: ToJudge;
  readonly setting: Setting;
  readonly resolutions: Resolutions;
  /** Each is given away once. */
  readonly ours: Map<string, { readonly id: string; readonly accountId: string }>;
  readonly entity: ServedEntity;
}

function verdictOf(candidate: Candidate, { assembly, wrong }: Assembled, context: Context): Verdict {
  const { record, before } = candidate;
  const plain = { ...base(candidate, context), extensions: assembly?.extensions ?? null };
  const trouble = (reason: Trouble['reason'], field: string | null, message: string): Trouble => ({
    externalId: record.externalId,
    recordId: plain.recordId,
    reason,
    field,
    message,
  });
  const only = (state: RecordState, why: Trouble | null = null): Verdict => ({
    kept: { ...plain, state },
    trouble: why,
    input: null,
  });
  if (record.isDeleted && !before?.recordId) return only('GONE');
  if (wrong) return only('REFUSED', trouble('MAPPING', wrong.field, wrong.message));
  if (!assembly) return only('IGNORED');
  const linked = linkedTo(candidate, assembly, context);
  const kept = { ...plain, ...linked, number: numberOf(assembly.document) };
  if (!isFollowed(linked, context)) {
    if (record.isDeleted)
      return { kept: { ...kept, state: 'GONE' }, trouble: trouble('CONFLICT', null, GONE_THERE), input: null };
    return { kept: { ...kept, state: linked.recordId === null ? 'IGNORED' : 'SYNCED' }, trouble: null, input: null };
  }
  const { waitsFor, resolved } = referred(candidate, assembly, context);
  if (waitsFor.length > 0) return { kept: { ...kept, state: 'WAITING', waitsFor }, trouble: null, input: null };
  const { customer } = assembly.document as { readonly customer?: string };
  const accountId = customer === undefined ? linked.accountId : (resolved(referenceKey('Customer', customer)) ?? null);
  const input = inputOf({
    kind: context.page.stream.kind,
    document: assembly.document,
    externalId: record.externalId,
    recordId: linked.recordId,
    legalEntityId: context.entity.id,
    occurredAt: record.updatedAt ?? assembly.createdAt,
    isDeleted: record.isDeleted ?? false,
    isOwner: linked.recordId === null || linked.isMadeThere,
    connection: context.connection.code,
    resolved,
  });
  return { kept: { ...kept, accountId, state: record.isDeleted ? 'GONE' : 'SYNCED' }, trouble: null, input };
}

const GONE_THERE =
  'It was deleted there, though Cashgraph has authority over it: it stays here. Make it there again, or void it here.';

function base({ record, hash, before }: Candidate, { page: { link } }: Context): Kept {
  const mine = link?.externalId === record.externalId ? link : null;
  if (mine && before?.recordId && before.recordId !== mine.recordId)
    throw new DomainError('CONFLICT_RETRY', `The record ${record.externalId} there is another record of ours already.`);
  return {
    externalId: record.externalId,
    state: 'SYNCED',
    recordId: mine?.recordId ?? before?.recordId ?? null,
    accountId: mine?.accountId ?? before?.accountId ?? null,
    isMadeThere: mine ? false : (before?.isMadeThere ?? true),
    number: null,
    version: record.version ?? (record.isDeleted ? (before?.version ?? null) : null),
    externalAt: record.updatedAt,
    waitsFor: null,
    hash,
    raw: record.isDeleted ? null : JSON.stringify(record.raw),
    extensions: null,
    before,
  };
}

type Linked = Pick<Kept, 'recordId' | 'accountId' | 'isMadeThere'>;

/** By what is known, or by the id of ours that it carries. */
function linkedTo(candidate: Candidate, { ours: named }: Assembly, context: Context): Linked {
  const { recordId, accountId, isMadeThere } = base(candidate, context);
  const ours = recordId === null && named !== null ? context.ours.get(named) : undefined;
  if (!ours) return { recordId, accountId, isMadeThere };
  context.ours.delete(ours.id);
  return { recordId: ours.id, accountId: ours.accountId, isMadeThere: false };
}

/** An order is its maker's, whoever has authority over orders. */
function isFollowed({ recordId, isMadeThere }: Linked, { page: { stream }, setting }: Context): boolean {
  if (stream.kind === 'Order') return recordId === null || isMadeThere;
  return setting.followed.has(stream.kind);
}

const numberOf = (document: Canonical): string | null => ('number' in document ? (document.number ?? null) : null);

interface Referred {
  readonly waitsFor: readonly string[];
  readonly resolved: (key: string) => string | undefined;
}

function referred({ record, before }: Candidate, { document }: Assembly, { setting, resolutions, page }: Context): Referred {
  const found = (key: string) => resolutions.get(key)?.recordId ?? undefined;
  // what is gone waits for nothing: it is taken back as it was known
  if (record.isDeleted)
    return {
      waitsFor: [],
      resolved: (key) => found(key) ?? (key.startsWith('Customer/') ? (before?.accountId ?? undefined) : undefined),
    };
  const isItself = ({ kind, id }: Reference) => kind === page.stream.kind && id === record.externalId;
  const isMissing = (reference: Reference): boolean => {
    if (isItself(reference)) return false;
    const resolution = resolutions.get(referenceKey(reference.kind, reference.id));
    if (reference.isNeeded) return !resolution?.recordId;
    return !resolution && isServed(setting, reference.kind);
  };
  const missing = referencesIn(document).filter(isMissing);
  return { waitsFor: [...new Set(missing.map(({ kind, id }) => referenceKey(kind, id)))], resolved: found };
}

/** Does any stream bring in such records? */
const isServed = ({ served }: Setting, kind: CanonicalKind): boolean => served.has(kind);

export const recordKindOf = ({ kind }: Stream): string => KINDS[kind].record;
