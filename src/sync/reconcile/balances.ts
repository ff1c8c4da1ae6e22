/** What each customer owes there and here: by the ERP's own balances and our open items, in each currency. */
import type { ConnectorContext } from '../../connect/connector.ts';
import { addDecimal, compareDecimal, decimal, type Decimal, decimalText } from '../../kernel/decimal.ts';
import { sql } from '../../read/sql.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { type Finding, finding } from './finding.ts';

interface Owed {
  readonly customer: string;
  readonly accountId: string | null;
  readonly currency: string;
  ours: Decimal;
  theirs: Decimal;
}

const ZERO = decimal('0');

/** Given the accounts that the customers there are here, the cause of a customer's difference. */
type CausesOf = (accounts: ReadonlyMap<string, string>) => (customer: string) => string;

export async function balanceFindings(
  engines: SyncEngines,
  connection: OpenConnection,
  { context, causeOf }: { readonly context: ConnectorContext; readonly causeOf: CausesOf },
): Promise<readonly Finding[]> {
  const { connector } = connection;
  if (!connector.balances) return [];
  const { owed, accounts } = await ours(engines, connection);
  const cause = causeOf(accounts);
  for await (const page of connector.balances(context)) {
    for (const { customer, currency, amount } of page) {
      const accountId = accounts.get(customer) ?? null;
      const one = placeOf(owed, { customer, accountId, currency });
      one.theirs = addDecimal(one.theirs, decimal(amount));
    }
  }
  return [...owed.values()]
    .filter((one) => compareDecimal(one.ours, one.theirs) !== 0)
    .map(({ customer, accountId, currency, ...amounts }) =>
      finding({
        kind: 'BALANCE',
        accountId,
        externalId: customer,
        currency,
        ours: decimalText(amounts.ours),
        theirs: decimalText(amounts.theirs),
        cause: cause(customer),
      }),
    );
}

function placeOf(owed: Map<string, Owed>, of: Pick<Owed, 'customer' | 'accountId' | 'currency'>): Owed {
  const key = `${of.currency} ${of.customer}`;
  const place = owed.get(key) ?? { ...of, ours: ZERO, theirs: ZERO };
  owed.set(key, place);
  return place;
}

async function ours(
  engines: SyncEngines,
  { tenantId, id, entities }: OpenConnection,
): Promise<{ owed: Map<string, Owed>; accounts: ReadonlyMap<string, string> }> {
  const [linked, open] = await engines.inTenant(tenantId, async (session) => [
    await session.rows<{ externalId: string; accountId: string }>(sql`
      select external_id as "externalId", record_id as "accountId" from erp_record
      where tenant_id = ${tenantId} and connection_id = ${id} and record_kind = 'CustomerAccount' and record_id is not null and state <> 'GONE'`),
    await session.rows<{ accountId: string; currency: string; amount: string }>(sql`
      select account_id as "accountId", currency, money_text(sum(open_minor)::bigint, currency) as amount from open_item
      where tenant_id = ${tenantId} and legal_entity_id = any(${sql.uuids(entities.map((entity) => entity.id))}) and open_minor <> 0
      group by account_id, currency`),
  ]);
  const customers = new Map(linked.map((row) => [row.accountId, row.externalId]));
  const owed = new Map<string, Owed>();
  for (const { accountId, currency, amount } of open) {
    const customer = customers.get(accountId);
    if (customer !== undefined) placeOf(owed, { customer, accountId, currency }).ours = decimal(amount);
  }
  return { owed, accounts: new Map(linked.map((row) => [row.externalId, row.accountId])) };
}
