/**
 * The credit of customers, locked: the hierarchy first, so that no chain changes, then the chains from the root down and by id,
 * which is one order for everybody. Each lock is a statement of its own: a statement sees what was committed before it began,
 * not what was committed while it waited.
 */
import { type Sql, sql } from '../../read/sql.ts';
import type { CommandContext, Tx } from '../../write/command.ts';
import { type CheckedAccount, CreditBook, type CreditNode, type LockedChains } from './credit-book.rules.ts';
import { Customer, requireNotMerged } from '../party/index.ts';
import { CreditAccount } from './credit.entity.ts';
import type { CreditAccountRow } from './credit.rules.ts';
import { chainOf, type Exposure } from './exposure.rules.ts';

/** What runs a statement: a command's facts or a derivation. */
export interface Rows {
  rows<T>(source: Sql): Promise<readonly T[]>;
}

interface ChainRow {
  readonly id: string;
  readonly customer_id: string;
  readonly parent_id: string | null;
  readonly accounts_of: readonly string[];
  readonly number: string;
  readonly exposure: string;
  readonly limit: string | null;
  readonly is_blocked: boolean;
  readonly block_reason: string | null;
}

/** Locks the credit accounts of the customers of accounts, of other customers, and of everything above them. */
export async function lockChains(
  tx: Rows,
  { accountIds, customerIds = [] }: { readonly accountIds: readonly string[]; readonly customerIds?: readonly string[] },
): Promise<LockedChains> {
  const rows = await tx.rows<ChainRow>(
    sql`select id, customer_id, parent_id, accounts_of, number, exposure_minor::text as exposure, limit_group_minor::text as limit, is_blocked, block_reason
        from lock_credit_chains(${sql.uuids(accountIds)}, ${sql.uuids(customerIds)})`,
  );
  return {
    nodes: rows.map(nodeOf),
    parents: new Map(rows.map((row) => [row.customer_id, row.parent_id])),
    customers: new Map(rows.flatMap((row) => row.accounts_of.map((account) => [account, row.customer_id] as const))),
    creditAccounts: new Map(rows.map((row) => [row.customer_id, row.id])),
  };
}

/** What is stored of customers; read it under their locks. */
export async function loadExposure(tx: Rows, customerIds: readonly string[]): Promise<ReadonlyMap<string, Exposure>> {
  const rows = await tx.rows<{ customer_id: string; open_item: string; unbilled: string; delivered: string }>(sql`
    select customer_id, open_item_minor::text as open_item, unbilled_minor::text as unbilled, delivered_minor::text as delivered
    from credit_account where customer_id = any(${sql.uuids(customerIds)})`);
  return new Map(
    rows.map((r) => [
      r.customer_id,
      { openItem: BigInt(r.open_item), unbilled: BigInt(r.unbilled), delivered: BigInt(r.delivered) },
    ]),
  );
}

/** What the documents of accounts come to; read it while nobody else can change the hierarchy, and nobody adds to any exposure. */
export async function loadAccountExposure(tx: Rows, accountIds: readonly string[]): Promise<ReadonlyMap<string, Exposure>> {
  const ids = sql.uuids(accountIds);
  const rows = await tx.rows<{ id: string; open_item: string; unbilled: string; delivered: string }>(sql`
    select id, sum(open_item)::text as open_item, sum(unbilled)::text as unbilled, sum(delivered)::text as delivered from (
      select account_id as id, group_open_minor as open_item, 0 as unbilled, 0 as delivered from open_item where account_id = any(${ids}) and settled_on is null
      union all
      select account_id, 0, group_unbilled_minor, group_delivered_minor from order_line where account_id = any(${ids}) and group_unbilled_minor <> 0
    ) part group by id`);
  return new Map(
    rows.map((r) => [r.id, { openItem: BigInt(r.open_item), unbilled: BigInt(r.unbilled), delivered: BigInt(r.delivered) }]),
  );
}

/**
 * Credit accounts that a command changes, locked. @throws WRONG_STATE for a customer that another one stands for: whatever would be set
 * of it would hold nothing back
 */
export async function loadCreditAccounts(tx: Tx, customerIds: readonly string[]): Promise<readonly CreditAccountRow[]> {
  const accounts = await tx.load(CreditAccount, sql`t.customer_id = any(${sql.uuids(customerIds)})`, { lock: true });
  await requireUnmerged(tx, customerIds, 'customerId');
  return accounts;
}

/** Call it with their credit accounts locked, so that it stays so. @throws WRONG_STATE */
export async function requireUnmerged(tx: Tx, customerIds: readonly string[], path: string): Promise<void> {
  const customers = await tx.load(Customer, sql`t.id = any(${sql.uuids(customerIds)})`);
  for (const id of customerIds) requireNotMerged(customers, id, path);
}

/**
 * The credit of accounts, locked until the transaction ends: call it in `facts` after every other lock. An account that
 * doesn't exist is left out; one that the actor may not see is not, so look accounts up as well.
 */
export async function loadCredit(tx: Tx, accountIds: readonly string[], context: CommandContext): Promise<CreditBook> {
  const { groupCurrency } = context.tenant;
  if (accountIds.length === 0) return new CreditBook({ groupCurrency, nodes: [], accounts: new Map() });
  const [chains, loaded] = await Promise.all([lockChains(tx, { accountIds }), loadAccounts(tx, accountIds, context.now)]);
  const { nodes, parents, customers } = chains;
  const accounts = new Map(
    [...customers].flatMap(([id, customerId]) => {
      const account = loaded.get(id);
      return account ? [[id, { ...account, chain: chainOf(parents, customerId) }] as const] : [];
    }),
  );
  return new CreditBook({ groupCurrency, nodes, accounts, chains });
}

const nodeOf = (row: ChainRow): CreditNode => ({
  customerId: row.customer_id,
  number: row.number,
  exposureMinor: BigInt(row.exposure),
  limitMinor: row.limit === null ? null : BigInt(row.limit),
  isBlocked: row.is_blocked,
  blockReason: row.block_reason,
});

interface AccountRow {
  readonly id: string;
  readonly number: string;
  readonly is_blocked: boolean;
  /** The customer that it was opened for. */
  readonly origin: string;
  readonly is_moved: boolean;
  readonly days: number | null;
  readonly allowed: string | null;
  readonly overdue: string;
}

/**
 * Accounts with what their ERPs say, and what their customers, with everything below them, owe for longer than the legal entities of
 * those accounts allow: in all legal entities, by the day that it is in the account's own.
 */
async function loadAccounts(
  tx: Rows,
  accountIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, Omit<CheckedAccount, 'chain'>>> {
  const rows = await tx.rows<AccountRow>(sql`
    with recursive ruled as (
      select a.id as account_id, a.customer_id, le.overdue_block_days as days, le.overdue_block_minor as allowed,
        (${sql.typed(now.toISOString(), 'timestamptz')} at time zone le.time_zone)::date - le.overdue_block_days as due_before
      from customer_account a join legal_entity le on le.id = a.legal_entity_id
      where a.id = any(${sql.uuids(accountIds)}) and le.overdue_block_days is not null
    ), below as (
      select account_id, customer_id as id from ruled
      union all
      select b.account_id, c.id from below b join customer c on c.parent_id = b.id
    )
    select own.id, own.number, own.is_blocked_in_erp as is_blocked, o.number as origin, own.origin_customer_id <> own.customer_id as is_moved,
      r.days, r.allowed::text, coalesce((
      select sum(i.group_open_minor) from below b join customer_account a on a.customer_id = b.id join open_item i on i.account_id = a.id
      where b.account_id = r.account_id and i.settled_on is null and i.open_minor > 0 and i.due_on < r.due_before
    ), 0)::text as overdue
    from customer_account own join customer o on o.id = own.origin_customer_id left join ruled r on r.account_id = own.id
    where own.id = any(${sql.uuids(accountIds)})`);
  return new Map(rows.map((row) => [row.id, checkedOf(row)]));
}

function checkedOf({ number, origin, days, allowed, overdue, ...row }: AccountRow): Omit<CheckedAccount, 'chain'> {
  const ruled = days === null || allowed === null ? null : { days, allowedMinor: BigInt(allowed), overdueMinor: BigInt(overdue) };
  return { number, origin, isMoved: row.is_moved, isBlockedInErp: row.is_blocked, overdue: ruled };
}
