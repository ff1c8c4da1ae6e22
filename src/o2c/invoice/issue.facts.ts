/** What issuing an invoice needs beside its lines: how its parties are called now, series, terms, and the rates of the day. */
import { sql } from '../../read/sql.ts';
import type { CommandContext, Tx } from '../../write/command.ts';
import { loadRates, loadTerms } from '../catalogue/index.ts';
import { loadAccounts, todayIn } from '../party/index.ts';

export interface IssueWanted {
  readonly accountId: string;
  readonly legalEntityId: string;
  readonly currency: string;
  readonly baseCurrency: string;
  readonly paymentTermsId: string | null;
  /** Absent: today. */
  readonly issuedOn: string | undefined;
}

/** Who an invoice is for, as it will stand on it for ever. */
export interface Buyer {
  readonly accountId: string;
  readonly name: string;
  readonly taxId: string | null;
  readonly country: string | null;
}

export async function loadIssuing(tx: Tx, wanted: readonly IssueWanted[], context: CommandContext) {
  const accountIds = wanted.map((w) => w.accountId);
  const accounts = await loadAccounts(tx, accountIds);
  const rates = wanted.flatMap(({ currency, baseCurrency, issuedOn, legalEntityId }) => {
    const on = issuedOn ?? todayIn(accounts, legalEntityId, context.now);
    return [baseCurrency, context.tenant.groupCurrency].map((to) => ({ from: currency, to, on }));
  });
  // whoever issues an invoice puts the customer's name on it, whether they may read customers or not
  const buyers = await tx.rows<Buyer>(
    sql`select a.id as "accountId", c.name, c.tax_id as "taxId", c.country
        from customer_account a join customer c on c.tenant_id = a.tenant_id and c.id = a.origin_customer_id where a.id = any(${sql.uuids(accountIds)})`,
  );
  return {
    ...accounts,
    buyers: new Map(buyers.map((b) => [b.accountId, b])),
    rates: await loadRates(tx, rates),
    terms: await loadTerms(
      tx,
      wanted.map((w) => w.paymentTermsId),
    ),
  };
}
export type Issuing = Awaited<ReturnType<typeof loadIssuing>>;
