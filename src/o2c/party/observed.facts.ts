/** What following customers of an ERP needs: those that are linked, locked, the hierarchy above them, and the numbers and names that are taken. */
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import { KnownParties, type ShownCustomer } from './known-parties.rules.ts';
import { Customer, CustomerAccount, CustomerAlias, LegalEntity } from './party.entity.ts';
import { CustomerTrait } from './trait.entity.ts';

const texts = (list: readonly (string | null)[]) => sql.typed([...new Set(list.filter((t) => t !== null))], 'text[]');

interface HierarchyRow {
  readonly id: string;
  readonly parent_id: string | null;
  /** An account that was asked for: it is the customer of that one … */
  readonly account_id: string | null;
  /** … or the one that it was opened for. */
  readonly origin_of: string | null;
}

/** Parents as they are: of the accounts, of those that they shall belong to, and of everything above. */
const hierarchyOf = (tx: Tx, accountIds: readonly (string | null | undefined)[]) =>
  tx.rows<HierarchyRow>(
    sql`with recursive named as (
          select a.id, a.customer_id, a.origin_customer_id from customer_account a where a.id = any(${sql.uuids(accountIds)})
        ), up as (
          select c.id, c.parent_id, n.account_id, n.origin_of
          from (select customer_id, id as account_id, null::uuid as origin_of from named union all select origin_customer_id, null, id from named) n
          join customer c on c.id = n.customer_id
          union
          select c.id, c.parent_id, null::uuid, null::uuid from up join customer c on c.id = up.parent_id
        ) select id, parent_id, account_id, origin_of from up`,
  );

/** Does a customer that is known get another parent? Then the hierarchy is locked first, as whoever else changes it does. */
function isMoving(rows: readonly HierarchyRow[], inputs: readonly ShownCustomer[]): boolean {
  const byAccount = new Map(rows.flatMap((r) => (r.account_id === null ? [] : [[r.account_id, r.id] as const])));
  const followed = new Map(rows.flatMap((r) => (r.origin_of === null ? [] : [[r.origin_of, r] as const])));
  return inputs.some(({ recordId, isOwner, parentAccountId }) => {
    const row = recordId !== null && isOwner ? followed.get(recordId) : undefined;
    return row !== undefined && row.parent_id !== (byAccount.get(parentAccountId ?? '') ?? null);
  });
}

export async function loadObservedParties(tx: Tx, inputs: readonly ShownCustomer[]): Promise<KnownParties> {
  const linked = inputs.flatMap((i) => (i.recordId !== null && i.isOwner ? [i.recordId] : []));
  const around = [...inputs.map((i) => i.recordId), ...inputs.map((i) => i.parentAccountId)];
  let hierarchy = await hierarchyOf(tx, around);
  const isMade = inputs.some((i) => i.recordId === null && i.parentAccountId);
  if (isMoving(hierarchy, inputs)) {
    await tx.rows(sql`select pg_advisory_xact_lock(hierarchy_key())`);
    hierarchy = await hierarchyOf(tx, around);
  } else if (isMade) {
    // so that whom a parent's account belongs to stays so
    await tx.rows(sql`select pg_advisory_xact_lock_shared(hierarchy_key())`);
    hierarchy = await hierarchyOf(tx, around);
  }
  const numbers = texts(inputs.flatMap((i) => [i.number, i.fallbackNumber]));
  const entityIds = sql.uuids(inputs.map((i) => i.legalEntityId));
  // those of the parties of new ones are locked as well: the new one goes to whom that one belongs
  const parties = inputs.flatMap((i) => (i.recordId === null && i.partyAccountId ? [i.partyAccountId] : []));
  const isFresh = linked.length + parties.length === 0;
  const customers = isFresh ? [] : await lockOrigins(tx, [...linked, ...parties]);
  const accounts = await tx.load(
    CustomerAccount,
    { ids: [...inputs.map((i) => i.recordId), ...parties] },
    {
      lock: !isFresh,
    },
  );
  const customerIds = sql.uuids([...customers.map((c) => c.id), ...accounts.map((a) => a.customerId)]);
  return new KnownParties({
    hierarchy: hierarchy.map((r) => ({ id: r.id, parentId: r.parent_id, accountId: r.account_id })),
    accounts,
    customers,
    aliases: isFresh ? [] : await tx.load(CustomerAlias, sql`t.customer_id = any(${customerIds})`),
    traits: isFresh ? [] : await tx.load(CustomerTrait, sql`t.customer_id = any(${customerIds})`),
    entities: await tx.load(LegalEntity, sql`t.id = any(${entityIds})`),
    customerNumbers: (await tx.rows<{ number: string }>(sql`select number from customer where number = any(${numbers})`)).map(
      (r) => r.number,
    ),
    accountNumbers: (
      await tx.rows<{ key: string }>(
        sql`select legal_entity_id || ' ' || number as key from customer_account where legal_entity_id = any(${entityIds}) and number = any(${numbers})`,
      )
    ).map((r) => r.key),
    booked: isFresh ? [] : await bookedOf(tx, linked),
    siblings: isFresh ? [] : await siblingsOf(tx, hierarchy, inputs),
  });
}

/** The customers that accounts were opened for, which never changes: locked before the accounts, as whoever matches them does. */
const lockOrigins = (tx: Tx, accountIds: readonly string[]) =>
  tx.load(
    Customer,
    sql`t.id in (select a.origin_customer_id from customer_account a where a.id = any(${sql.uuids(accountIds)}))`,
    { lock: true },
  );

/** Accounts with a document: their currency stays. */
async function bookedOf(tx: Tx, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.rows<{ id: string }>(
    sql`select a.id from customer_account a where a.id = any(${sql.uuids(ids)})
        and (exists (select from open_item i where i.account_id = a.id) or exists (select from sales_order o where o.account_id = a.id)
          or exists (select from invoice i where i.account_id = a.id) or exists (select from payment p where p.account_id = a.id))`,
  );
  return rows.map((r) => r.id);
}

/** Customers of the hierarchy with an account at a legal entity of the inputs: parents that the ERP may have given, and may take away. */
async function siblingsOf(
  tx: Tx,
  hierarchy: readonly HierarchyRow[],
  inputs: readonly ShownCustomer[],
): Promise<readonly string[]> {
  const rows = await tx.rows<{ key: string }>(
    sql`select legal_entity_id || ' ' || customer_id as key from customer_account
        where customer_id = any(${sql.uuids(hierarchy.map((r) => r.id))}) and legal_entity_id = any(${sql.uuids(inputs.map((i) => i.legalEntityId))})`,
  );
  return rows.map((r) => r.key);
}
