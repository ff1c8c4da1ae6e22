/** What making lines needs: the account with its books, the buyer, products, prices, tax rules, terms and rates. */
import { sql } from '../../read/sql.ts';
import type { CommandContext, Tx } from '../../write/command.ts';
import { loadPrices, loadRates, loadTaxRules, loadTerms, Product } from '../catalogue/index.ts';
import { loadAccounts, todayIn } from '../party/index.ts';
import type { OrderRow } from './line-amounts.rules.ts';
import type { Buyer, Placing } from './placing.rules.ts';

/** Of an order that is made or changed: whatever decides which prices, taxes and rates it gets. */
export interface Placed {
  readonly accountId: string;
  readonly currency?: string | undefined;
  readonly orderedOn?: string | undefined;
  readonly paymentTermsId?: string | undefined;
  readonly lines?: readonly { readonly productId?: string | undefined }[] | undefined;
}

/** All but the rates of other currencies is asked for in one turn. */
export async function loadPlacing(tx: Tx, placed: readonly Placed[], context: CommandContext): Promise<Placing> {
  const accountIds = placed.map((p) => p.accountId);
  const productIds = placed.flatMap((p) => (p.lines ?? []).flatMap((l) => l.productId ?? []));
  const ids = sql.uuids(accountIds);
  const ofAccounts = (column: string) =>
    sql`array(select distinct ${sql.id('a', column)} from customer_account a where a.id = any(${ids}))`;
  const prices = {
    productIds,
    customers: ofAccounts('origin_customer_id'),
    priceLists: ofAccounts('price_list_id'),
    currencies: sql`(${ofAccounts('currency')} || ${sql.typed([...new Set(placed.flatMap((p) => p.currency ?? []))], 'text[]')})`,
  };
  const sellers = sql`array(
    select distinct e.country from customer_account a join legal_entity e on e.tenant_id = a.tenant_id and e.id = a.legal_entity_id
    where a.id = any(${ids}))`;
  const [accounts, buyers, products, pricesFound, taxRules, terms] = await Promise.all([
    loadAccounts(tx, accountIds),
    loadBuyers(tx, accountIds),
    tx.load(Product, sql`t.id = any(${sql.uuids(productIds)})`),
    loadPrices(tx, prices),
    loadTaxRules(tx, sellers),
    loadTerms(
      tx,
      placed.map((p) => p.paymentTermsId),
    ),
  ]);
  const rates = placed.flatMap((p) => {
    const account = accounts.accounts.get(p.accountId);
    if (!account) return [];
    const entity = accounts.entities.get(account.legalEntityId);
    const on = p.orderedOn ?? todayIn(accounts, account.legalEntityId, context.now);
    const from = p.currency ?? account.currency;
    return [entity?.functionalCurrency ?? from, context.tenant.groupCurrency].map((to) => ({ from, to, on }));
  });
  return {
    ...accounts,
    buyers,
    products: new Map(products.map((p) => [p.id, p])),
    prices: pricesFound,
    taxRules,
    terms,
    rates: await loadRates(tx, rates),
  };
}

/** By account. Beyond the scope of the actor: tax depends on the buyer, whether the actor may see them or not. */
async function loadBuyers(tx: Tx, accountIds: readonly string[]): Promise<ReadonlyMap<string, Buyer>> {
  const rows = await tx.rows<Buyer & { readonly accountId: string }>(
    sql`select a.id as "accountId", c.country, c.tax_id is not null as "isRegistered"
        from customer_account a join customer c on c.tenant_id = a.tenant_id and c.id = a.origin_customer_id where a.id = any(${sql.uuids(accountIds)})`,
  );
  return new Map(rows.map((row) => [row.accountId, row]));
}

/** What lines that are added to an order go by; nothing for one that isn't there. */
export const placedOf = (order: OrderRow | undefined, lines: Placed['lines']): Placed[] =>
  order ? [{ accountId: order.accountId, currency: order.currency, orderedOn: order.orderedOn, lines }] : [];
