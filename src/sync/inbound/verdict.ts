/** What becomes of one record of a page: whether it is observed, with what, or kept for a reason. Pure. */
import type { Canonical, CanonicalKind } from '../../canonical/canonical.ts';
import type { SourceRecord, Stream } from '../../connect/connector.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { OpenConnection, ServedEntity } from '../engine.ts';
import type { Assembled, Assembly } from './assemble.ts';
import { inputOf } from './inputs.ts';
import type { Trouble } from './issues.ts';
import type { Kept } from './keep.ts';
import type { Known, Setting } from './known.ts';
import { type Reference, referenceKey, referencesIn, type Resolutions } from './references.ts';
import type { RecordState } from './taken.ts';

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

export interface Candidate {
  readonly record: SourceRecord;
  readonly hash: string;
  readonly before: Known | null;
}

export interface Context {
  readonly connection: OpenConnection;
  readonly page: ToJudge;
  readonly setting: Setting;
  readonly resolutions: Resolutions;
  /** Each is given away once. */
  readonly ours: Map<string, { readonly id: string; readonly accountId: string }>;
  readonly entity: ServedEntity;
}

export function verdictOf(candidate: Candidate, { assembly, wrong }: Assembled, context: Context): Verdict {
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
