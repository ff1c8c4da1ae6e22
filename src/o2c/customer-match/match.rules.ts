/** The rows and events of pairs of customers. Pure. */
import { personOf } from '../../access/principal.ts';
import { matchMachine } from './match.machine.ts';
import { transition } from '../../kernel/machine.ts';
import type { Change, CommandContext, RowChange, RowOf } from '../../write/command.ts';
import type { CustomerMatch, CustomerMatchEvidence } from './match.entity.ts';
import type { Evidence, Scored } from './score.rules.ts';

export type MatchRow = RowOf<typeof CustomerMatch>;
export type EvidenceRow = RowOf<typeof CustomerMatchEvidence>;
type Written = Pick<Change, 'rows' | 'events'>;
type Action = 'CONFIRM' | 'REJECT' | 'UNDO' | 'PROPOSE' | 'WITHDRAW';

/** A pair as it is kept: the smaller id first. */
export const pairOf = (a: string, b: string): readonly [string, string] => (a < b ? [a, b] : [b, a]);

const rounded = (value: number, decimals: number): string => {
  const factor = 10 ** decimals;
  return String(Math.round(value * factor) / factor);
};

const evidenceRows = ({ id, tenantId }: MatchRow, evidence: readonly Evidence[], newId: () => string): readonly RowChange[] =>
  evidence.map(({ weight, ...one }, place) => ({
    op: 'insert',
    entity: 'CustomerMatchEvidence',
    values: { ...one, id: newId(), tenantId, matchId: id, place: place + 1, weight: rounded(weight, 2) },
  }));

function told(match: MatchRow, from: string | null) {
  const emits = matchMachine.rows.find((row) => row.to === match.lifecycle)?.emits ?? [];
  const { lifecycle: to, customerId, otherCustomerId, score, keptCustomerId, movedAccountCount, movedCustomerCount } = match;
  return emits.map((type) => ({
    type,
    recordKind: 'CustomerMatch',
    recordId: match.id,
    recordVersion: match.version,
    legalEntityId: null,
    accountId: null,
    customerId: null,
    payload: { from, to, customerId, otherCustomerId, score, keptCustomerId, movedAccountCount, movedCustomerCount },
    ...(match.reason === null ? {} : { personal: { reason: match.reason } }),
  }));
}

/** A pair that nobody knew. */
export function newMatch(
  context: CommandContext,
  [customerId, otherCustomerId]: readonly [string, string],
  { score, evidence }: Scored,
): Written & { readonly match: MatchRow } {
  const match: MatchRow = {
    id: context.newId(),
    tenantId: context.tenant.id,
    customerId,
    otherCustomerId,
    lifecycle: matchMachine.initial,
    score: rounded(score, 4),
    keptCustomerId: null,
    movedAccountCount: 0,
    movedCustomerCount: 0,
    decidedById: null,
    decidedAt: null,
    reason: null,
    version: 1,
    createdAt: context.now,
  };
  const rows: RowChange[] = [
    { op: 'insert', entity: 'CustomerMatch', values: { ...match } },
    ...evidenceRows(match, evidence, context.newId),
  ];
  return { match, rows, events: told(match, null) };
}

/** A step of a pair. @throws WRONG_STATE for one that a person may not make */
export function stepped(match: MatchRow, action: Action, set: Partial<MatchRow>): Written & { readonly match: MatchRow } {
  const state = match.lifecycle;
  const isByPerson = action === 'CONFIRM' || action === 'REJECT' || action === 'UNDO';
  const step = isByPerson ? transition(matchMachine, { state, action }) : matchMachine.next(state, action);
  if (!step.ok) throw new Error(step.message);
  const changed = { ...set, lifecycle: step.to };
  const after: MatchRow = { ...match, ...changed, version: match.version + 1 };
  const { id, version, tenantId } = match;
  return {
    match: after,
    rows: [{ op: 'update', entity: 'CustomerMatch', id, version, set: changed, owner: { tenantId } }],
    events: told(after, state),
  };
}

/** What is noted of whoever decides. */
export const decision = (context: CommandContext, reason: string | undefined) => ({
  decidedById: personOf(context.principal),
  decidedAt: context.now,
  reason: reason ?? null,
});

interface Anew {
  readonly match: MatchRow;
  readonly held: readonly EvidenceRow[];
}

/** A pair of which something else is known than was: proposed with that. */
export function proposedAnew(
  context: CommandContext,
  { match, held }: Anew,
  { score, evidence }: Scored,
): Written & { readonly match: MatchRow } {
  const nobody = { decidedById: null, decidedAt: null, reason: null, keptCustomerId: null };
  const {
    rows,
    events,
    match: after,
  } = stepped(match, 'PROPOSE', { ...nobody, score: rounded(score, 4), movedAccountCount: 0, movedCustomerCount: 0 });
  const { tenantId } = match;
  const gone = held.map(({ id }): RowChange => ({ op: 'delete', entity: 'CustomerMatchEvidence', id, owner: { tenantId } }));
  return { rows: [...rows, ...gone, ...evidenceRows(match, evidence, context.newId)], events, match: after };
}

type Telling = Pick<EvidenceRow, 'kind' | 'level' | 'value' | 'otherValue'>;
const textOf = (list: readonly Telling[]): string =>
  list
    .map(({ kind, level, value, otherValue }) => [kind, level, value, otherValue].join('\n'))
    .sort()
    .join('\n\n');

/** Is it all as it was? Weights drift with every decision and every customer, which is nothing new. */
export const isSameEvidence = (a: readonly Telling[], b: readonly Telling[]): boolean => textOf(a) === textOf(b);
