/**
 * Keeps exposure: whichever command changes open items, order lines, the hierarchy of customers or whose an account is, the credit accounts of the
 * customers and of everything above them follow in the same transaction. It is the only writer of these sums, and it holds
 * the demand that credit fits: the update takes rows only where the limit holds, and every row or nothing.
 */
import { DomainError } from '../../kernel/errors.ts';
import type { EventDraft } from '../../outbox/event.ts';
import { sql } from '../../read/sql.ts';
import type { Change, CommandContext, Demand, RowChange } from '../../write/command.ts';
import type { Derivation, Derived } from '../../write/derivation.ts';
import type { Session } from '../../write/transaction.ts';
import { loadAccountExposure, loadExposure, lockChains, type LockedChains } from './credit.facts.ts';
import {
  chainOf,
  creditStatus,
  deltasOf,
  type Exposure,
  figuresOf,
  type MadeCustomer,
  type Regrouping,
  regroupingOf,
  spread,
} from './exposure.rules.ts';

const NAME = 'credit';

const NONE: ReadonlyMap<string, Exposure> = new Map();

/** What a change that was checked demands: that credit still fits when it is written. */
export const creditDemand = (accountId: string): Demand => ({ of: NAME, subject: accountId });

export const exposureDerivation: Derivation = {
  name: NAME,
  async derive(session, changes, context): Promise<Derived> {
    const deltas = deltasOf(changes);
    const regrouping = regroupingOf(changes);
    const { made, moved, rehomed } = regrouping;
    if (deltas.size + moved.length + rehomed.length === 0)
      return { rows: made.map((c) => newCreditAccount(context, c)), events: [] };
    const hierarchy = await locked(session, [...deltas.keys()], regrouping);
    const stored = moved.length === 0 ? NONE : await storedOf(session, regrouping);
    const ofAccounts =
      rehomed.length === 0
        ? NONE
        : await loadAccountExposure(
            session,
            rehomed.map((r) => r.id),
          );
    const nothing = { openItem: 0n, unbilled: 0n, delivered: 0n };
    const added = spread(deltas, regrouping, {
      ...hierarchy,
      storedOf: (id) => stored.get(id) ?? nothing,
      ofAccount: (id) => ofAccounts.get(id) ?? nothing,
    });
    const demanded = demandedOf(changes, deltas, hierarchy);
    const changed = await add(session, { context, added, demanded, creditAccounts: hierarchy.creditAccounts });
    return {
      rows: made.map((c) => newCreditAccount(context, c, added.get(c.id))),
      events: changed.flatMap((row) => changeEvent(row, added.get(row.customer_id))),
    };
  },
};

/** The chains of everything that the changes touch, with the customers and accounts that they make. */
async function locked(session: Session, accountIds: readonly string[], { made, moved, rehomed, opened }: Regrouping) {
  const isMade = new Set(made.map((c) => c.id));
  const known = [
    ...opened.values(),
    ...moved.flatMap((m) => [m.id, m.to]),
    ...rehomed.flatMap((r) => [r.from, r.to]),
    ...made.map((c) => c.parentId),
  ];
  const chains = await lockChains(session, {
    accountIds: accountIds.filter((id) => !opened.has(id)),
    customerIds: known.filter((id): id is string => id !== null && !isMade.has(id)),
  });
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
type Locked = Awaited<ReturnType<typeof locked>>;

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
  /** By customer. */
  readonly added: ReadonlyMap<string, Exposure>;
  readonly demanded: ReadonlySet<string>;
  readonly creditAccounts: LockedChains['creditAccounts'];
}

/** Every row of the stored ones, or nothing. @throws CONFLICT_RETRY where a limit that is demanded doesn't hold */
async function add(session: Session, { context, added, demanded, creditAccounts }: Adding): Promise<readonly ChangedRow[]> {
  const rows = [...added].flatMap(([customerId, exposure]) => {
    const id = creditAccounts.get(customerId);
    return id === undefined ? [] : [{ id, ...exposure, isDemanded: demanded.has(customerId) }];
  });
  if (rows.length === 0) return [];
  const minors = (part: keyof Exposure) =>
    sql.typed(
      rows.map((r) => r[part].toString()),
      'bigint[]',
    );
  const changed = await session.rows<ChangedRow>(sql`
    update credit_account t set open_item_minor = t.open_item_minor + v.open_item, unbilled_minor = t.unbilled_minor + v.unbilled,
      delivered_minor = t.delivered_minor + v.delivered, version = t.version + case when t.limit_minor is null then 0 else 1 end
    from unnest(${sql.uuids(rows.map((r) => r.id))}, ${minors('openItem')}, ${minors('unbilled')}, ${minors('delivered')},
      ${sql.typed(
        rows.map((r) => r.isDemanded),
        'boolean[]',
      )}) as v(id, open_item, unbilled, delivered, is_demanded)
    where t.tenant_id = ${context.tenant.id} and t.id = v.id and (not v.is_demanded or t.limit_group_minor is null
      or v.open_item + v.unbilled <= 0 or t.exposure_minor + v.open_item + v.unbilled <= t.limit_group_minor)
    returning t.id, t.customer_id, t.version, t.group_currency, t.limit_group_minor::text as limit,
      t.open_item_minor::text as open_item, t.unbilled_minor::text as unbilled, t.delivered_minor::text as delivered`);
  if (changed.length !== rows.length)
    throw new DomainError('CONFLICT_RETRY', 'Others used the same credit meanwhile. Try again: it is checked anew.');
  return changed;
}

/** Of those with a limit only: the rest has no version of its exposure, so that whole files can be read in quickly. */
function changeEvent(row: ChangedRow, delta: Exposure | undefined): EventDraft[] {
  if (row.limit === null || !delta) return [];
  const limit = BigInt(row.limit);
  const after = { openItem: BigInt(row.open_item), unbilled: BigInt(row.unbilled), delivered: BigInt(row.delivered) };
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
