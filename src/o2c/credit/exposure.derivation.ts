/**
 * Keeps exposure: whichever command changes open items, order lines, the hierarchy of customers or whose an account is, the credit accounts of the
 * customers and of everything above them follow in the same transaction. It is the only writer of these sums, and it holds
 * the demand that credit fits: the update takes rows only where the limit holds, and every row or nothing.
 */
import { DomainError } from '../../kernel/errors.ts';
import type { EventDraft } from '../../outbox/event.ts';
import { sql } from '../../read/sql.ts';
import type { Change, CommandContext, Demand, RowChange } from '../../write/command.ts';
import type { Authored, Derivation, Derived } from '../../write/derivation.ts';
import type { Session } from '../../write/transaction.ts';
import type { CreditBook, LockedChains } from './credit-book.rules.ts';
import { loadAccountExposure, loadExposure, lockChains } from './credit.facts.ts';
import {
  chainOf,
  creditStatus,
  deltasOf,
  type Exposure,
  figuresOf,
  type MadeCustomer,
  minus,
  plus,
  type Regrouping,
  regroupingOf,
  spread,
} from './exposure.rules.ts';

const NAME = 'credit';

const NONE: ReadonlyMap<string, Exposure> = new Map();
const NONE_OF_IT: Exposure = { openItem: 0n, unbilled: 0n, delivered: 0n };

/** What a change that was checked demands: that credit still fits when it is written. */
export const creditDemand = (accountId: string, { chains }: CreditBook): Demand => ({
  of: NAME,
  subject: accountId,
  locked: chains,
});

export const exposureDerivation: Derivation = {
  name: NAME,
  async derive(session, authors) {
    const regrouping = regroupingOf(authors.flatMap((author) => author.changes));
    const { made, moved, rehomed } = regrouping;
    if (made.length + moved.length + rehomed.length === 0) return grown(session, authors, regrouping);
    const all: Derived[] = [];
    for (const { changes, context } of authors) all.push(await regrouped(session, changes, context));
    return all;
  },
};

/** The hierarchy stays as it is: all are added in one statement, and each credit account tells of each author's part by itself. */
async function grown(session: Session, authors: readonly Authored[], regrouping: Regrouping): Promise<readonly Derived[]> {
  const nothing = authors.map((): Derived => ({ rows: [], events: [] }));
  const deltas = authors.map(({ changes }) => deltasOf(changes));
  const accountIds = new Set(deltas.flatMap((of) => [...of.keys()]));
  const [first] = authors;
  if (accountIds.size === 0 || !first) return nothing;
  const hierarchy = hierarchyOf(
    lockedBefore(authors, accountIds) ?? (await chainsOf(session, [...accountIds], regrouping)),
    regrouping,
  );
  const parts = deltas.map((of) =>
    spread(of, regrouping, { ...hierarchy, storedOf: () => NONE_OF_IT, ofAccount: () => NONE_OF_IT }),
  );
  const demanded = new Set(authors.flatMap(({ changes }, i) => [...demandedOf(changes, deltas[i] ?? NONE, hierarchy)]));
  const { context } = first;
  const changed = await add(session, { context, parts, demanded, creditAccounts: hierarchy.creditAccounts });
  const events = eventsOf(changed, parts);
  return authors.map((_, i) => ({ rows: [], events: events[i] ?? [] }));
}

async function regrouped(session: Session, changes: readonly Change[], context: CommandContext): Promise<Derived> {
  const deltas = deltasOf(changes);
  const regrouping = regroupingOf(changes);
  const { made, moved, rehomed } = regrouping;
  if (deltas.size + moved.length + rehomed.length === 0)
    return { rows: made.map((c) => newCreditAccount(context, c)), events: [] };
  const hierarchy = hierarchyOf(await chainsOf(session, [...deltas.keys()], regrouping), regrouping);
  const stored = moved.length === 0 ? NONE : await storedOf(session, regrouping);
  const ofAccounts =
    rehomed.length === 0
      ? NONE
      : await loadAccountExposure(
          session,
          rehomed.map((r) => r.id),
        );
  const added = spread(deltas, regrouping, {
    ...hierarchy,
    storedOf: (id) => stored.get(id) ?? NONE_OF_IT,
    ofAccount: (id) => ofAccounts.get(id) ?? NONE_OF_IT,
  });
  const demanded = demandedOf(changes, deltas, hierarchy);
  const changed = await add(session, { context, parts: [added], demanded, creditAccounts: hierarchy.creditAccounts });
  return { rows: made.map((c) => newCreditAccount(context, c, added.get(c.id))), events: eventsOf(changed, [added])[0] ?? [] };
}

/** The chains that were locked when credit was checked, where those are of everything that the changes touch. */
function lockedBefore(authors: readonly Authored[], accountIds: ReadonlySet<string>): LockedChains | null {
  const demands = authors.flatMap(({ changes }) => changes.flatMap((change) => change.demands ?? []));
  const [chains] = new Set(demands.flatMap((d) => (d.of === NAME && d.locked ? [d.locked as LockedChains] : [])));
  return chains && [...accountIds].every((id) => chains.customers.has(id)) ? chains : null;
}

/** The chains of everything that the changes touch, locked. */
function chainsOf(
  session: Session,
  accountIds: readonly string[],
  { made, moved, rehomed, opened }: Regrouping,
): Promise<LockedChains> {
  const isMade = new Set(made.map((c) => c.id));
  const known = [
    ...opened.values(),
    ...moved.flatMap((m) => [m.id, m.to]),
    ...rehomed.flatMap((r) => [r.from, r.to]),
    ...made.map((c) => c.parentId),
  ];
  return lockChains(session, {
    accountIds: accountIds.filter((id) => !opened.has(id)),
    customerIds: known.filter((id): id is string => id !== null && !isMade.has(id)),
  });
}

/** With the customers and accounts that the changes make. */
function hierarchyOf(chains: LockedChains, { made, opened }: Regrouping) {
  const customers = new Map([...chains.customers, ...opened]);
  return {
    creditAccounts: chains.creditAccounts,
    parents: new Map([...chains.parents, ...made.map((c): [string, string | null] => [c.id, c.parentId])]),
    customerOf(accountId: string): string {
      const customerId = customers.get(accountId);
      if (customerId === undefined) throw new Error(`The account ${accountId} is of no customer that has a credit account`);
      return customerId;
    },
  };
}
type Locked = ReturnType<typeof hierarchyOf>;

/** What moves with the customers; one that is made in this transaction has nothing stored yet. */
const storedOf = (session: Session, { moved }: Regrouping) =>
  loadExposure(
    session,
    moved.map((m) => m.id),
  );

/** The customers of which a change demands that their limit holds; an account that nothing is added to demands nothing. */
function demandedOf(
  changes: readonly Change[],
  deltas: ReadonlyMap<string, Exposure>,
  { parents, customerOf }: Locked,
): ReadonlySet<string> {
  const subjects = changes
    .flatMap((c) => c.demands ?? [])
    .flatMap((d) => (d.of === NAME && deltas.has(d.subject) ? [d.subject] : []));
  return new Set([...new Set(subjects)].flatMap((accountId) => chainOf(parents, customerOf(accountId))));
}

interface ChangedRow {
  readonly id: string;
  readonly customer_id: string;
  readonly version: number;
  readonly group_currency: string;
  readonly limit: string | null;
  readonly open_item: string;
  readonly unbilled: string;
  readonly delivered: string;
}

interface Adding {
  readonly context: CommandContext;
  /** By customer: of each author. */
  readonly parts: readonly ReadonlyMap<string, Exposure>[];
  readonly demanded: ReadonlySet<string>;
  readonly creditAccounts: LockedChains['creditAccounts'];
}

/** Every row of the stored ones, or nothing. @throws CONFLICT_RETRY where a limit that is demanded doesn't hold */
async function add(session: Session, { context, parts, demanded, creditAccounts }: Adding): Promise<readonly ChangedRow[]> {
  const sums = new Map<string, Exposure & { readonly steps: number }>();
  for (const [customerId, exposure] of parts.flatMap((of) => [...of])) {
    const { steps = 0, ...before } = sums.get(customerId) ?? (NONE_OF_IT as Exposure & { readonly steps?: number });
    sums.set(customerId, { ...plus(before, exposure), steps: steps + 1 });
  }
  const rows = [...sums].flatMap(([customerId, sum]) => {
    const id = creditAccounts.get(customerId);
    return id === undefined ? [] : [{ id, ...sum, isDemanded: demanded.has(customerId) }];
  });
  if (rows.length === 0) return [];
  const column = (pick: (row: (typeof rows)[number]) => unknown, type: string) => sql.typed(rows.map(pick), type);
  const minors = (part: keyof Exposure) => column((row) => row[part].toString(), 'bigint[]');
  const changed = await session.rows<ChangedRow>(sql`
    update credit_account t set open_item_minor = t.open_item_minor + v.open_item, unbilled_minor = t.unbilled_minor + v.unbilled,
      delivered_minor = t.delivered_minor + v.delivered, version = t.version + case when t.limit_minor is null then 0 else v.steps end
    from unnest(${sql.uuids(rows.map((r) => r.id))}, ${minors('openItem')}, ${minors('unbilled')}, ${minors('delivered')},
      ${column((row) => row.isDemanded, 'boolean[]')}, ${column((row) => row.steps, 'int[]')}) as v(id, open_item, unbilled, delivered, is_demanded, steps)
    where t.tenant_id = ${context.tenant.id} and t.id = v.id and (not v.is_demanded or t.limit_group_minor is null
      or v.open_item + v.unbilled <= 0 or t.exposure_minor + v.open_item + v.unbilled <= t.limit_group_minor)
    returning t.id, t.customer_id, t.version, t.group_currency, t.limit_group_minor::text as limit,
      t.open_item_minor::text as open_item, t.unbilled_minor::text as unbilled, t.delivered_minor::text as delivered`);
  if (changed.length !== rows.length)
    throw new DomainError('CONFLICT_RETRY', 'Others used the same credit meanwhile. Try again: it is checked anew.');
  return changed;
}

/** Each author's part as an event of its own, one after the other, up to what is stored now. */
function eventsOf(changed: readonly ChangedRow[], parts: readonly ReadonlyMap<string, Exposure>[]): readonly EventDraft[][] {
  const events = parts.map((): EventDraft[] => []);
  const left = new Map(changed.map((row) => [row.customer_id, { row, version: row.version, after: storedIn(row) }]));
  // from the last to the first, each from what it left to what it found
  for (let i = parts.length - 1; i >= 0; i--) {
    for (const [customerId, delta] of parts[i] ?? []) {
      const found = left.get(customerId);
      if (!found) continue;
      const { row, version, after } = found;
      events[i]?.push(...changeEvent({ ...row, version }, { delta, after }));
      left.set(customerId, { row, version: version - 1, after: plus(after, minus(delta)) });
    }
  }
  return events;
}

const storedIn = (row: ChangedRow): Exposure => ({
  openItem: BigInt(row.open_item),
  unbilled: BigInt(row.unbilled),
  delivered: BigInt(row.delivered),
});

/** Of those with a limit only: the rest has no version of its exposure, so that whole files can be read in quickly. */
function changeEvent(row: ChangedRow, { delta, after }: { readonly delta: Exposure; readonly after: Exposure }): EventDraft[] {
  if (row.limit === null) return [];
  const limit = BigInt(row.limit);
  const exposure = after.openItem + after.unbilled;
  return [
    {
      type: 'credit.exposure_changed',
      recordKind: 'CreditAccount',
      recordId: row.id,
      recordVersion: row.version,
      legalEntityId: null,
      accountId: null,
      customerId: row.customer_id,
      payload: {
        from: creditStatus(limit, exposure - delta.openItem - delta.unbilled),
        to: creditStatus(limit, exposure),
        ...figuresOf(after, limit, row.group_currency),
      },
    },
  ];
}

/** The credit account that every customer has from the start, with what the same transaction puts on it. */
const newCreditAccount = (
  context: CommandContext,
  { id: customerId }: MadeCustomer,
  { openItem, unbilled, delivered }: Exposure = { openItem: 0n, unbilled: 0n, delivered: 0n },
): RowChange => ({
  op: 'insert',
  entity: 'CreditAccount',
  values: {
    id: context.newId(),
    tenantId: context.tenant.id,
    customerId,
    groupCurrency: context.tenant.groupCurrency,
    openItemMinor: openItem,
    unbilledMinor: unbilled,
    deliveredMinor: delivered,
    version: 1,
    createdAt: context.now,
  },
});
