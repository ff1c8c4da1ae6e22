/** What moves when two customers become one, and goes back when that is undone. Pure. */
import { chainOf } from '../credit/index.ts';
import { normalise } from '../../kernel/text.ts';
import type { Change, CommandContext, RowChange, RowOf } from '../../write/command.ts';
import { type AccountRow, aliasRow, changedCustomer, toCompare } from '../party/index.ts';
import type { Keeping } from './keeping.rules.ts';
import type { CustomerMatchMove } from './match.entity.ts';
import type { CustomerRow, Parties } from './pair.facts.ts';

export type MoveRow = RowOf<typeof CustomerMatchMove>;
type Written = Pick<Change, 'rows' | 'events'>;

const joined = (parts: readonly Written[]): Written => ({
  rows: parts.flatMap((p) => p.rows),
  events: parts.flatMap((p) => p.events),
});

function movedAccount(account: AccountRow, to: string): Written {
  const { id, version, tenantId, legalEntityId, customerId: from } = account;
  return {
    rows: [
      {
        op: 'update',
        entity: 'CustomerAccount',
        id,
        version,
        set: { customerId: to },
        was: { customerId: from },
        owner: { tenantId, legalEntityId, accountId: id },
      },
    ],
    events: [
      {
        type: 'account.moved',
        recordKind: 'CustomerAccount',
        recordId: id,
        recordVersion: version + 1,
        legalEntityId,
        accountId: id,
        customerId: to,
        payload: { from, to },
      },
    ],
  };
}

interface Standing {
  readonly type: 'customer.merged' | 'customer.restored';
  readonly with: string;
  readonly accountCount: number;
}

function standing({ tenant }: CommandContext, customer: CustomerRow, { type, accountCount, ...other }: Standing): Written {
  const { id, version } = customer;
  const set = { mergedIntoId: type === 'customer.merged' ? other.with : null };
  return {
    rows: [{ op: 'update', entity: 'Customer', id, version, set, owner: { tenantId: tenant.id } }],
    events: [
      {
        type,
        recordKind: 'Customer',
        recordId: id,
        recordVersion: version + 1,
        legalEntityId: null,
        accountId: null,
        customerId: id,
        payload: { with: other.with, accountCount },
      },
    ],
  };
}

/** @throws Error for a parent that it has already: a mistake in code */
function reparented(context: CommandContext, customer: CustomerRow, parentId: string | null): Written {
  const change = changedCustomer(context, { customer, traits: [] }, { parentId });
  if (!change) throw new Error(`The customer ${customer.id} belongs to ${parentId} already`);
  return change;
}

export interface Moved extends Written {
  readonly accountCount: number;
  readonly customerCount: number;
}

/** The accounts, the customers below, the parent and the names of one go to the other. */
export function merged(
  context: CommandContext,
  parties: Parties,
  { keeping, matchId }: { keeping: Keeping; matchId: string },
): Moved {
  const { kept, merged: gone } = keeping;
  const accounts = parties.accounts.filter((a) => a.customerId === gone.id);
  const children = [...parties.customers.values()].filter((c) => c.parentId === gone.id);
  const takesParent = kept.parentId === null && gone.parentId !== null;
  const moves = [
    ...children.map((customer) => ({ customer, to: kept.id })),
    ...(takesParent ? [{ customer: kept, to: gone.parentId }] : []),
  ];
  const noted = moves.map(({ customer, to }): RowChange => {
    const values = { id: context.newId(), tenantId: context.tenant.id, matchId, customerId: customer.id };
    return { op: 'insert', entity: 'CustomerMatchMove', values: { ...values, fromParentId: customer.parentId, toParentId: to } };
  });
  const all = joined([
    ...accounts.map((account) => movedAccount(account, kept.id)),
    ...moves.map(({ customer, to }) => reparented(context, customer, to)),
    standing(context, gone, { type: 'customer.merged', with: kept.id, accountCount: accounts.length }),
  ]);
  const rows = [...all.rows, ...noted, ...namesOf(context, parties, keeping), toCompare(context, kept.id)];
  return { rows, events: all.events, accountCount: accounts.length, customerCount: moves.length };
}

/** By all its names the other one is found as well. */
function namesOf(context: CommandContext, { aliases }: Parties, { kept, merged: gone }: Keeping): readonly RowChange[] {
  const known = new Set([kept.searchName, ...aliases.filter((a) => a.customerId === kept.id).map((a) => a.searchName)]);
  const names = [gone.name, ...aliases.filter((a) => a.customerId === gone.id).map((a) => a.name)];
  return names.flatMap((name) => {
    const searchName = normalise(name);
    if (known.has(searchName)) return [];
    known.add(searchName);
    return [aliasRow(context, { customerId: kept.id, name, source: 'match', originCustomerId: gone.id })];
  });
}

/**
 * Everything goes back that the match moved and that is still where it put it; what somebody moved on since stays there. Accounts that were
 * opened for the one since go with it, whatever else came to the kept one stays with that.
 */
export function restored(
  context: CommandContext,
  parties: Parties,
  { keeping, moves }: { readonly keeping: Keeping; readonly moves: readonly MoveRow[] },
): Moved {
  const { kept, merged: gone } = keeping;
  const accounts = parties.accounts.filter((a) => a.customerId === kept.id && a.originCustomerId === gone.id);
  const parents = new Map(parties.parents);
  const back = moves.flatMap(({ customerId, fromParentId, toParentId }) => {
    const customer = parties.customers.get(customerId);
    if (!customer || customer.parentId !== toParentId) return [];
    // somebody may have put that parent below it since
    if (fromParentId !== null && chainOf(parents, fromParentId).includes(customerId)) return [];
    parents.set(customerId, fromParentId);
    return [reparented(context, customer, fromParentId)];
  });
  const { tenant } = context;
  const owner = { tenantId: tenant.id };
  const names = parties.aliases.filter((a) => a.customerId === kept.id && a.originCustomerId === gone.id);
  const all = joined([
    ...accounts.map((account) => movedAccount(account, gone.id)),
    ...back,
    standing(context, gone, { type: 'customer.restored', with: kept.id, accountCount: accounts.length }),
  ]);
  const rows: RowChange[] = [
    ...names.map(({ id }): RowChange => ({ op: 'delete', entity: 'CustomerAlias', id, owner })),
    ...moves.map(({ id }): RowChange => ({ op: 'delete', entity: 'CustomerMatchMove', id, owner })),
    ...all.rows,
    toCompare(context, kept.id),
    toCompare(context, gone.id),
  ];
  return { rows, events: all.events, accountCount: accounts.length, customerCount: back.length };
}
