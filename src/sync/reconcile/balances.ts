/** What each customer owes there and here: by the ERP's own balances and our open items, in each currency. */
import type { ConnectorContext } from '../../connect/connector.ts';
import { addDecimal, compareDecimal, decimal, type Decimal, decimalText } from '../../kernel/decimal.ts';
import { sql } from '../../read/sql.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { type Finding, finding } from './finding.ts';

interface Owed {
  readonly customer: string;
  readonly account: Account | null;
  readonly currency: string;
  ours: Decimal;
  theirs: Decimal;
}

const ZERO = decimal('0');

/** What a customer there is here. */
interface Account {
  readonly accountId: string;
  readonly legalEntityId: string;
}

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
  const cause = causeOf(new Map([...accounts].map(([customer, { accountId }]) => [customer, accountId])));
  for await (const page of connector.balances(context)) {
    for (const { customer, currency, amount } of page) {
      const one = placeOf(owed, { customer, account: accounts.get(customer) ?? null, currency });
      one.theirs = addDecimal(one.theirs, decimal(amount));
    }
  }
  return [...owed.values()]
    .filter((one) => compareDecimal(one.ours, one.theirs) !== 0)
    .map(({ customer, account, currency, ...amounts }) =>
      finding({
        kind: 'BALANCE',
        ...account,
        externalId: customer,
        currency,
        ours: decimalText(amounts.ours),
        theirs: decimalText(amounts.theirs),
        cause: cause(customer),
      }),
    );
}

function placeOf(owed: Map<string, Owed>, of: Pick<Owed, 'customer' | 'account' | 'currency'>): Owed {
  const key = `${of.currency} ${of.customer}`;
  const place = owed.get(key) ?? { ...of, ours: ZERO, theirs: ZERO };
  owed.set(key, place);
  return place;
}

async function ours(
  engines: SyncEngines,
  { tenantId, id, entities }: OpenConnection,
): Promise<{ owed: Map<string, Owed>; accounts: ReadonlyMap<string, Account> }> {
  const [linked, open] = await engines.inTenant(tenantId, async (session) => [
    await session.rows<Account & { externalId: string }>(sql`
      select r.external_id as "externalId", a.id as "accountId", a.legal_entity_id as "legalEntityId"
      from erp_record r join customer_account a on a.tenant_id = r.tenant_id and a.id = r.record_id
      where r.tenant_id = ${tenantId} and r.connection_id = ${id} and r.record_kind = 'CustomerAccount' and r.state <> 'GONE'`),
    await session.rows<{ accountId: string; currency: string; amount: string }>(sql`
      select account_id as "accountId", currency, money_text(sum(open_minor)::bigint, currency) as amount from open_item
      where tenant_id = ${tenantId} and legal_entity_id = any(${sql.uuids(entities.map((entity) => entity.id))}) and open_minor <> 0
      group by account_id, currency`),
  ]);
  const customers = new Map(linked.map(({ externalId: customer, ...account }) => [account.accountId, { customer, account }]));
  const owed = new Map<string, Owed>();
  for (const { accountId, currency, amount } of open) {
    const known = customers.get(accountId);
    if (known) placeOf(owed, { ...known, currency }).ours = decimal(amount);
  }
  return { owed, accounts: new Map(linked.map(({ externalId, ...account }) => [externalId, account])) };
}
