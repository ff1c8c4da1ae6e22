/** The two customers of a pair with everything that moves with them: locked in the order in which whoever else changes the hierarchy, accounts and credit locks them. */
import { sql } from '../../read/sql.ts';
import type { RowOf, Tx } from '../../write/command.ts';
import { CreditAccount, type CreditAccountRow, lockChains } from '../credit/index.ts';
import { type AccountRow, Customer, CustomerAccount, CustomerAlias } from '../party/index.ts';

export type CustomerRow = RowOf<typeof Customer>;
export type AliasRow = RowOf<typeof CustomerAlias>;

export interface Parties {
  /** The two, those below them, those that were found to be the same as they are, those that stand for them, and others that were asked for. */
  readonly customers: ReadonlyMap<string, CustomerRow>;
  /** Those that the two have, or that were opened for them. */
  readonly accounts: readonly AccountRow[];
  readonly aliases: readonly AliasRow[];
  /** By customer, of the two. */
  readonly credit: ReadonlyMap<string, CreditAccountRow>;
  /** Customer → the one above it, of all customers here and everything above them. */
  readonly parents: ReadonlyMap<string, string | null>;
}

/**
 * Nobody else moves a customer or adds to any exposure until the transaction ends: whoever does holds the hierarchy as it is, so taking it
 * for oneself waits for all of them.
 */
export async function lockParties(tx: Tx, ids: readonly string[], others: readonly string[] = []): Promise<Parties> {
  await tx.rows(sql`select pg_advisory_xact_lock(hierarchy_key())`);
  const two = sql.uuids(ids);
  // first the two themselves: whoever adds an account or a customer to one of them holds it, and what was added is seen from here on
  await tx.load(Customer, sql`t.id = any(${two})`, { lock: true });
  const accounts = await tx.load(CustomerAccount, sql`(t.customer_id = any(${two}) or t.origin_customer_id = any(${two}))`, {
    lock: true,
  });
  const customers = await tx.load(
    Customer,
    sql`(t.id = any(${sql.uuids([...ids, ...others])}) or t.parent_id = any(${two}) or t.merged_into_id = any(${two})
      or t.id in (select m.merged_into_id from customer m where m.id = any(${two})))`,
    { lock: true },
  );
  const { parents } = await lockChains(tx, { accountIds: [], customerIds: customers.map((c) => c.id) });
  const credit = await tx.load(CreditAccount, sql`t.customer_id = any(${two})`);
  return {
    customers: new Map(customers.map((c) => [c.id, c])),
    accounts,
    aliases: await tx.load(CustomerAlias, sql`t.customer_id = any(${two})`),
    credit: new Map(credit.map((c) => [c.customerId, c])),
    parents,
  };
}
