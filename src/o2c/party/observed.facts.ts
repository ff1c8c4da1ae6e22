/** What following customers of an ERP needs: those that are linked, locked, the hierarchy above them, and the numbers and names that are taken. */
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import { KnownParties, type ShownCustomer } from './known-parties.rules.ts';
import { Customer, CustomerAccount, CustomerAlias, LegalEntity } from './party.entity.ts';

const texts = (list: readonly (string | null)[]) => sql.typed([...new Set(list.filter((t) => t !== null))], 'text[]');

interface HierarchyRow {
  readonly id: string;
  readonly parent_id: string | null;
  /** The customer of the account that was asked for. */
  readonly account_id: string | null;
}

/** Parents as they are: of the accounts, of those that they shall belong to, and of everything above. */
const hierarchyOf = (tx: Tx, accountIds: readonly (string | null | undefined)[]) =>
  tx.rows<HierarchyRow>(
    sql`with recursive up as (
          select c.id, c.parent_id, a.id as account_id from customer_account a join customer c on c.id = a.customer_id where a.id = any(${sql.uuids(accountIds)})
          union
          select c.id, c.parent_id, null::uuid from up join customer c on c.id = up.parent_id
        ) select id, parent_id, account_id from up`,
  );

/** Does a customer that is known get another parent? Then the hierarchy is locked first, as whoever else changes it does. */
function isMoving(rows: readonly HierarchyRow[], inputs: readonly ShownCustomer[]): boolean {
  const byAccount = new Map(rows.filter((r) => r.account_id !== null).map((r) => [r.account_id, r]));
  return inputs.some(({ recordId, isOwner, parentAccountId }) => {
    const row = recordId !== null && isOwner ? byAccount.get(recordId) : undefined;
    return row !== undefined && row.parent_id !== (byAccount.get(parentAccountId ?? null)?.id ?? null);
  });
}

export async function loadObservedParties(tx: Tx, inputs: readonly ShownCustomer[]): Promise<KnownParties> {
  const linked = inputs.flatMap((i) => (i.recordId !== null && i.isOwner ? [i.recordId] : []));
  const around = [...inputs.map((i) => i.recordId), ...inputs.map((i) => i.parentAccountId)];
  let hierarchy = await hierarchyOf(tx, around);
  if (isMoving(hierarchy, inputs)) {
    await tx.rows(sql`select pg_advisory_xact_lock(hierarchy_key())`);
    hierarchy = await hierarchyOf(tx, around);
  }
  const numbers = texts(inputs.flatMap((i) => [i.number, i.fallbackNumber]));
  const entityIds = sql.uuids(inputs.map((i) => i.legalEntityId));
  const accounts = await tx.load(CustomerAccount, sql`t.id = any(${sql.uuids(inputs.map((i) => i.recordId))})`, {
    lock: linked.length > 0,
  });
  const customerIds = sql.uuids(accounts.filter((a) => linked.includes(a.id)).map((a) => a.customerId));
  const isFresh = linked.length === 0;
  return new KnownParties({
    hierarchy: hierarchy.map((r) => ({ id: r.id, parentId: r.parent_id, accountId: r.account_id })),
    accounts,
    customers: isFresh ? [] : await tx.load(Customer, sql`t.id = any(${customerIds})`, { lock: true }),
    aliases: isFresh ? [] : await tx.load(CustomerAlias, sql`t.customer_id = any(${customerIds})`),
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
