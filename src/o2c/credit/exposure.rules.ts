/**
 * What the rows of a transaction do to exposure: how much each account's changes, and how that goes up the hierarchy of
 * customers. Pure; `exposure.derivation.ts` writes it.
 */
import { money, moneyText } from '../../kernel/money.ts';
import type { Change, RowChange } from '../../write/command.ts';

/** In minor units of the group's currency. */
export interface Exposure {
  readonly openItem: bigint;
  readonly unbilled: bigint;
  /** Of the unbilled. */
  readonly delivered: bigint;
}

const NOTHING: Exposure = { openItem: 0n, unbilled: 0n, delivered: 0n };

export const plus = (a: Exposure, b: Exposure): Exposure => ({
  openItem: a.openItem + b.openItem,
  unbilled: a.unbilled + b.unbilled,
  delivered: a.delivered + b.delivered,
});
export const minus = (a: Exposure): Exposure => ({ openItem: -a.openItem, unbilled: -a.unbilled, delivered: -a.delivered });
const isNothing = (a: Exposure): boolean => a.openItem === 0n && a.unbilled === 0n && a.delivered === 0n;

/** The columns that exposure is the sum of, by entity and property. */
const TRACKED: Readonly<Record<string, Readonly<Record<string, keyof Exposure>>>> = {
  OpenItem: { groupOpenMinor: 'openItem' },
  OrderLine: { groupUnbilledMinor: 'unbilled', groupDeliveredMinor: 'delivered' },
};

type Values = Readonly<Record<string, unknown>>;
const NONE: Values = {};

const numberOf = (values: Values, property: string, row: RowChange): bigint => {
  const value = values[property];
  if (typeof value === 'bigint') return value;
  throw new Error(`A change of ${row.entity} by ${row.op} doesn't say what ${property} was before and is after`);
};

/** What one row adds to each part of exposure. @throws Error when an amount of it before or after isn't given: a mistake in code */
function deltaOf(row: RowChange, columns: Readonly<Record<string, keyof Exposure>>): Exposure {
  const delta = { ...NOTHING };
  for (const [property, part] of Object.entries(columns)) {
    if (row.op === 'insert') delta[part] += numberOf(row.values, property, row);
    else if (row.op === 'delete') delta[part] -= numberOf(row.was ?? NONE, property, row);
    else if (property in row.set) delta[part] += numberOf(row.set, property, row) - numberOf(row.was ?? NONE, property, row);
  }
  return delta;
}

/** Account → what the changes add to its exposure. Accounts whose exposure stays are left out. @throws Error when a row doesn't say what was before */
export function deltasOf(changes: readonly Pick<Change, 'rows'>[]): ReadonlyMap<string, Exposure> {
  const deltas = new Map<string, Exposure>();
  for (const { rows } of changes) {
    for (const row of rows) {
      const columns = TRACKED[row.entity];
      if (!columns) continue;
      const delta = deltaOf(row, columns);
      const accountId = String((row.op === 'insert' ? row.values : row.owner)['accountId']);
      deltas.set(accountId, plus(deltas.get(accountId) ?? NOTHING, delta));
    }
  }
  for (const [accountId, delta] of deltas) if (isNothing(delta)) deltas.delete(accountId);
  return deltas;
}

export interface MadeCustomer {
  readonly id: string;
  readonly parentId: string | null;
}

export interface MovedCustomer {
  readonly id: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** An account that goes to another customer, which was found to be the same as its own. */
export interface MovedAccount {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** What the changes do to the hierarchy: customers that are made and moved, and the customers of accounts that are opened and moved. */
export interface Regrouping {
  readonly made: readonly MadeCustomer[];
  readonly moved: readonly MovedCustomer[];
  readonly rehomed: readonly MovedAccount[];
  readonly opened: ReadonlyMap<string, string>;
}

export function regroupingOf(changes: readonly Pick<Change, 'rows'>[]): Regrouping {
  const made: MadeCustomer[] = [];
  const moved: MovedCustomer[] = [];
  const rehomed: MovedAccount[] = [];
  const opened = new Map<string, string>();
  for (const row of changes.flatMap((change) => change.rows)) {
    if (row.entity === 'CustomerAccount' && row.op === 'insert')
      opened.set(row.values['id'] as string, row.values['customerId'] as string);
    if (row.entity === 'CustomerAccount' && row.op === 'update' && 'customerId' in row.set) {
      if (!row.was || !('customerId' in row.was))
        throw new Error("A change of an account's customer doesn't say what it was before");
      rehomed.push({ id: row.id, from: row.was['customerId'] as string, to: row.set['customerId'] as string });
    }
    if (row.entity !== 'Customer') continue;
    if (row.op === 'insert')
      made.push({ id: row.values['id'] as string, parentId: (row.values['parentId'] ?? null) as string | null });
    if (row.op !== 'update' || !('parentId' in row.set)) continue;
    if (!row.was || !('parentId' in row.was)) throw new Error("A change of a customer's parent doesn't say what it was before");
    moved.push({ id: row.id, from: row.was['parentId'] as string | null, to: row.set['parentId'] as string | null });
  }
  return { made, moved, rehomed, opened };
}

/** The part of the hierarchy that a transaction touches, as it stood before. */
export interface Hierarchy {
  readonly parents: ReadonlyMap<string, string | null>;
  customerOf(accountId: string): string;
  /** The stored exposure of a customer that is moved, with everything below it. */
  storedOf(customerId: string): Exposure;
  /** What the documents of an account that is moved came to before. */
  ofAccount(accountId: string): Exposure;
}

/** A customer and everything above it. */
export function chainOf(parents: ReadonlyMap<string, string | null>, customerId: string): string[] {
  const chain: string[] = [];
  for (let id: string | null = customerId; id !== null; ) {
    const parentId: string | null | undefined = parents.get(id);
    if (parentId === undefined) throw new Error(`The customer ${id} has no credit account`);
    chain.push(id);
    id = parentId;
  }
  return chain;
}

/**
 * Customer → what is added to the exposure that is stored of it. Deltas go up the chains as they were, then whole trees are moved, and at
 * last single accounts, up the chains as they are by then.
 */
export function spread(
  deltas: ReadonlyMap<string, Exposure>,
  { moved, rehomed }: Pick<Regrouping, 'moved' | 'rehomed'>,
  hierarchy: Hierarchy,
): ReadonlyMap<string, Exposure> {
  const parents = new Map(hierarchy.parents);
  const added = new Map<string, Exposure>();
  const addUp = (from: string | null, exposure: Exposure) => {
    if (from === null) return;
    for (const id of chainOf(parents, from)) added.set(id, plus(added.get(id) ?? NOTHING, exposure));
  };
  for (const [accountId, delta] of deltas) addUp(hierarchy.customerOf(accountId), delta);
  for (const { id, from, to } of moved) {
    const whole = plus(hierarchy.storedOf(id), added.get(id) ?? NOTHING);
    addUp(from, minus(whole));
    addUp(to, whole);
    parents.set(id, to);
  }
  for (const { id, from, to } of rehomed) {
    const whole = plus(hierarchy.ofAccount(id), deltas.get(id) ?? NOTHING);
    addUp(from, minus(whole));
    addUp(to, whole);
  }
  for (const [id, exposure] of added) if (isNothing(exposure)) added.delete(id);
  return added;
}

/** What the log says of a credit account with every change of it, in the group's currency: the figures after it. */
export function figuresOf({ openItem, unbilled, delivered }: Exposure, limitMinor: bigint | null, currency: string) {
  const text = (minor: bigint) => moneyText(money(minor, currency));
  const exposure = openItem + unbilled;
  return {
    currency,
    exposure: text(exposure),
    openItems: text(openItem),
    unbilled: text(unbilled),
    delivered: text(delivered),
    limit: limitMinor === null ? null : text(limitMinor),
    available: limitMinor === null ? null : text(limitMinor - exposure),
  };
}

export type CreditStatus = 'NO_LIMIT' | 'WITHIN' | 'OVER';

/** How exposure stands to the limit, both in the group's currency. */
export function creditStatus(limitMinor: bigint | null, exposureMinor: bigint): CreditStatus {
  if (limitMinor === null) return 'NO_LIMIT';
  return exposureMinor <= limitMinor ? 'WITHIN' : 'OVER';
}
