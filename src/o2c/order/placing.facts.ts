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

export async function loadPlacing(tx: Tx, placed: readonly Placed[], context: CommandContext): Promise<Placing> {
  const accountIds = placed.map((p) => p.accountId);
  const productIds = sql.uuids(placed.flatMap((p) => (p.lines ?? []).map((l) => l.productId)));
  const [accounts, buyers, products] = await Promise.all([
    loadAccounts(tx, accountIds),
    loadBuyers(tx, accountIds),
    tx.load(Product, sql`t.id = any(${productIds})`),
  ]);
  const known = placed.flatMap((p) => {
    const account = accounts.accounts.get(p.accountId);
    if (!account) return [];
    const entity = accounts.entities.get(account.legalEntityId);
    const on = p.orderedOn ?? todayIn(accounts, account.legalEntityId, context.now);
    return [{ lines: p.lines ?? [], account, entity, on, currency: p.currency ?? account.currency }];
  });
  const priced = known.flatMap(({ lines, account, currency }) =>
    lines.flatMap(({ productId }) =>
      productId ? [{ productId, customerId: account.originCustomerId, priceListId: account.priceListId, currency }] : [],
    ),
  );
  const rates = known.flatMap(({ entity, currency, on }) =>
    [entity?.functionalCurrency ?? currency, context.tenant.groupCurrency].map((to) => ({ from: currency, to, on })),
  );
  const countries = [...accounts.entities.values()].map((e) => e.country);
  const termsIds = [...placed.map((p) => p.paymentTermsId), ...known.map((k) => k.account.paymentTermsId)];
  const [prices, taxRules, terms, ratesFound] = await Promise.all([
    loadPrices(tx, priced),
    loadTaxRules(tx, countries),
    loadTerms(tx, termsIds),
    loadRates(tx, rates),
  ]);
  return {
    ...accounts,
    buyers,
    products: new Map(products.map((p) => [p.id, p])),
    prices,
    taxRules,
    terms,
    rates: ratesFound,
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
