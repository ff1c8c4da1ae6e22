/** What a record refers to, as far as it is here: what it has to wait for, and what of it is of another legal entity. Pure. */
import type { Canonical, CanonicalKind } from '../../canonical/canonical.ts';
import type { Context, Linked, Place } from './judging.ts';
import type { Setting } from './known.ts';
import { type Reference, referenceKey, referenceOf, referencesIn } from './references.ts';

export const partyOf = (document: Canonical): string | null => ('party' in document ? (document.party ?? null) : null);

/**
 * The account that the same customer has with another company there. Two accounts of a customer that is new here must not become two
 * customers: the second one waits until the first is here.
 */
export function accountOfParty({ candidate: { record }, assembly }: Place, { recordId }: Linked, context: Context) {
  const { parties, firstOfParty } = context;
  const party = partyOf(assembly.document);
  const accountId = party === null ? null : (parties.get(party)?.find((one) => one !== recordId) ?? null);
  if (party === null || accountId !== null || recordId !== null || record.isDeleted) return { accountId, waitsFor: [] };
  const first = firstOfParty.get(party);
  if (first !== undefined) return { accountId, waitsFor: [referenceKey('Customer', first)] };
  firstOfParty.set(party, record.externalId);
  return { accountId, waitsFor: [] };
}

interface Referred {
  readonly waitsFor: readonly string[];
  /** What it needs and is of another legal entity, as people read it. */
  readonly stray?: string;
  readonly resolved: (key: string) => string | undefined;
  /** That what it needs is on. */
  readonly accountId?: string | null;
}

/** Documents that belong to one legal entity: another one's can't be set off against them. */
const OF_ONE_ENTITY: ReadonlySet<CanonicalKind> = new Set(['Order', 'Invoice', 'CreditNote']);

export function referred({ candidate: { record, before }, assembly, entity }: Place, context: Context): Referred {
  const { setting, resolutions, page } = context;
  const found = (key: string) => {
    const { recordId, legalEntityId } = resolutions.get(key) ?? { recordId: null, legalEntityId: null };
    const isElsewhere = legalEntityId !== null && legalEntityId !== entity.id && OF_ONE_ENTITY.has(referenceOf(key).kind);
    return isElsewhere ? undefined : (recordId ?? undefined);
  };
  // what is gone waits for nothing: it is taken back as it was known
  if (record.isDeleted)
    return {
      waitsFor: [],
      resolved: (key) => found(key) ?? (key.startsWith('Customer/') ? (before?.accountId ?? undefined) : undefined),
    };
  const isItself = ({ kind, id }: Reference) => kind === page.stream.kind && id === record.externalId;
  const resolvedBy = ({ kind, id }: Reference) => resolutions.get(referenceKey(kind, id));
  const isMissing = (reference: Reference): boolean => {
    if (isItself(reference)) return false;
    const resolution = resolvedBy(reference);
    if (reference.isNeeded) return !resolution?.recordId;
    return !resolution && isServed(setting, reference.kind);
  };
  const references = referencesIn(assembly.document);
  const needed = references.find(({ isNeeded }) => isNeeded);
  const on = needed && resolvedBy(needed);
  return {
    waitsFor: [...new Set(references.filter(isMissing).map(({ kind, id }) => referenceKey(kind, id)))],
    ...(needed && on?.legalEntityId && on.legalEntityId !== entity.id ? { stray: `${needed.kind} ${needed.id}` } : {}),
    ...(on?.accountId ? { accountId: on.accountId } : {}),
    resolved: found,
  };
}

/** Does any stream bring in such records? */
const isServed = ({ served }: Setting, kind: CanonicalKind): boolean => served.has(kind);
