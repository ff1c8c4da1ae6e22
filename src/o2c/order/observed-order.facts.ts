/** What following orders of an ERP needs: those that are known, locked, accounts, products and the rates of their days. */
import { sql } from '../../read/sql.ts';
import type { CommandContext, Tx } from '../../write/command.ts';
import { loadRates, Product } from '../catalogue/index.ts';
import { loadAccounts } from '../party/index.ts';
import type { OrderShown } from './order-shown.commands.ts';
import { loadOrders } from './order.facts.ts';

export async function loadShown(tx: Tx, inputs: readonly OrderShown[], context: CommandContext) {
  const loaded = await loadOrders(
    tx,
    inputs.map((i) => i.recordId),
  );
  const accounts = await loadAccounts(
    tx,
    inputs.map((i) => i.accountId),
  );
  const productIds = inputs.flatMap((i) => i.lines.map((l) => l.productId));
  const products = await tx.load(Product, sql`t.id = any(${sql.uuids(productIds)})`);
  const rates = inputs.flatMap(({ accountId, currency: from, orderedOn: on }) => {
    const base = accounts.entities.get(accounts.accounts.get(accountId)?.legalEntityId ?? '')?.functionalCurrency ?? from;
    const group = context.tenant.groupCurrency;
    return [
      { from, to: base, on },
      { from, to: group, on },
      { from: base, to: group, on },
    ];
  });
  return { loaded, ...accounts, products: new Map(products.map((p) => [p.id, p])), rates: await loadRates(tx, rates) };
}
export type OrderFacts = Awaited<ReturnType<typeof loadShown>>;
