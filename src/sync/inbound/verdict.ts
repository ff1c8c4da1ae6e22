/** What becomes of one record of a page: whether it is observed, with what, or kept for a reason. Pure. */
import type { Canonical, CanonicalKind } from '../../canonical/canonical.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ServedEntity } from '../engine.ts';
import type { Assembled, Assembly } from './assemble.ts';
import { companyOf, placeOf } from './company.ts';
import { inputOf } from './inputs.ts';
import type { Trouble } from './issues.ts';
import type { Candidate, Context, Linked, Place } from './judging.ts';
import type { Kept } from './keep.ts';
import type { LineThere } from './order-lines.ts';
import { accountOfParty, partyOf, referred } from './referred.ts';
import { referenceKey } from './references.ts';
import type { RecordState } from './taken.ts';

/** What is written of a record: by itself, or with the outcome of its command. */
export interface Verdict {
  readonly kept: Kept;
  readonly trouble: Trouble | null;
  /** Null: nothing is to be observed. */
  readonly input: Readonly<Record<string, unknown>> | null;
}

export function verdictOf(candidate: Candidate, { assembly, wrong }: Assembled, context: Context): Verdict {
  const { record, before } = candidate;
  const plain = { ...base(candidate, context), ...saidOf(assembly) };
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
  const refused = (message: string): Verdict => only('REFUSED', trouble('REFUSED', null, message));
  if (record.isDeleted && !before?.recordId) return only('GONE');
  if (wrong) return only('REFUSED', trouble('MAPPING', wrong.field, wrong.message));
  if (!assembly) return only('IGNORED');
  const { entity, problem } = placeOf(context.page.stream.kind, assembly.document, context.connection);
  if (problem !== undefined) return refused(problem);
  if (!entity) return plain.recordId === null ? only('IGNORED') : refused(MOVED_AWAY);
  const place = { candidate, assembly, entity };
  const linked = linkedTo(place, context);
  const kept = { ...plain, ...linked, number: numberOf(assembly.document) };
  if (!isFollowed(linked, entity, context)) {
    if (record.isDeleted)
      return { kept: { ...kept, state: 'GONE' }, trouble: trouble('CONFLICT', null, GONE_THERE), input: null };
    const state = linked.recordId === null ? 'IGNORED' : 'SYNCED';
    return { kept: { ...kept, state, orderLines: orderLinesOf(assembly, linked, context) }, trouble: null, input: null };
  }
  const { waitsFor, stray, resolved, accountId = linked.accountId } = referred(place, context);
  if (stray) return refused(`It names the ${stray}, which is of another company there than itself.`);
  const party = accountOfParty(place, linked, context);
  const all = [...waitsFor, ...party.waitsFor];
  if (all.length > 0) return { kept: { ...kept, state: 'WAITING', waitsFor: all }, trouble: null, input: null };
  const input = inputOf({
    kind: context.page.stream.kind,
    document: assembly.document,
    externalId: record.externalId,
    recordId: linked.recordId,
    legalEntityId: entity.id,
    occurredAt: record.updatedAt ?? assembly.createdAt,
    isDeleted: record.isDeleted ?? false,
    isOwner: linked.recordId === null || linked.isMadeThere,
    connection: context.connection.code,
    partyAccountId: party.accountId,
    resolved,
  });
  return { kept: { ...kept, accountId, state: record.isDeleted ? 'GONE' : 'SYNCED' }, trouble: null, input };
}

const MOVED_AWAY = 'It is in the books of a company there by now that is not served: here it stays as it was.';
const GONE_THERE =
  'It was deleted there, though Cashgraph has authority over it: it stays here. Make it there again, or void it here.';

/** Ours, as far as it is known or was said. */
function knownAs({ record, before }: Candidate, { page: { link } }: Context): Linked {
  const mine = link?.externalId === record.externalId ? link : null;
  if (mine && before?.recordId && before.recordId !== mine.recordId)
    throw new DomainError('CONFLICT_RETRY', `The record ${record.externalId} there is another record of ours already.`);
  return {
    recordId: mine?.recordId ?? before?.recordId ?? null,
    accountId: mine?.accountId ?? before?.accountId ?? null,
    isMadeThere: mine ? false : (before?.isMadeThere ?? true),
  };
}

function base(candidate: Candidate, context: Context): Kept {
  const { record, hash, before } = candidate;
  return {
    externalId: record.externalId,
    state: 'SYNCED',
    ...knownAs(candidate, context),
    number: null,
    version: record.version ?? (record.isDeleted ? (before?.version ?? null) : null),
    externalAt: record.updatedAt,
    waitsFor: null,
    hash,
    raw: record.isDeleted ? null : JSON.stringify(record.raw),
    extensions: null,
    company: null,
    party: null,
    orderLines: [],
    before,
  };
}

/** What the document says of itself, whatever becomes of it. */
const saidOf = (assembly: Assembly | undefined): Pick<Kept, 'extensions' | 'company' | 'party'> => ({
  extensions: assembly?.extensions ?? null,
  company: assembly ? companyOf(assembly.document) : null,
  party: assembly ? partyOf(assembly.document) : null,
});

/** By what is known, or by the id of ours that it carries. */
function linkedTo({ candidate, assembly: { ours: named }, entity }: Place, context: Context): Linked {
  const known = knownAs(candidate, context);
  const ours = known.recordId === null && named !== null ? context.ours.get(named) : undefined;
  if (ours?.legalEntityId !== entity.id) return known;
  context.ours.delete(ours.id);
  return { recordId: ours.id, accountId: ours.accountId, isMadeThere: false };
}

/** Each is its maker's, whoever has authority. */
const OF_ITS_MAKER: ReadonlySet<CanonicalKind> = new Set(['Order', 'Delivery']);

function isFollowed({ recordId, isMadeThere }: Linked, entity: ServedEntity, { page: { stream }, setting }: Context): boolean {
  if (OF_ITS_MAKER.has(stream.kind)) return recordId === null || isMadeThere;
  return setting.follows(stream.kind, entity.id);
}

/** Of an order that was made here. */
function orderLinesOf({ document }: Assembly, { recordId }: Linked, { page, resolutions }: Context): readonly LineThere[] {
  if (page.stream.kind !== 'Order' || recordId === null) return [];
  return (document as Canonical<'Order'>).lines.flatMap(({ id, product, sku = null, description }) => {
    const productId = product === undefined ? null : (resolutions.get(referenceKey('Product', product))?.recordId ?? null);
    return id === undefined ? [] : [{ id, productId, sku, description }];
  });
}

const numberOf = (document: Canonical): string | null => ('number' in document ? (document.number ?? null) : null);
