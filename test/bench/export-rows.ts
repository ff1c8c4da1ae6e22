// A tenant with as many invoices as the bench of exports asks for, set by set, and the ordinary reads beside it.
import type pg from 'pg';

const CUSTOMERS = 10_000;
const READS = 200;

/** Gives documents: one page of open invoices, one invoice by its id, one customer with its latest invoices. */
export async function fillInvoices(client: pg.Client, tenantId: string, rows: number): Promise<readonly string[]> {
  // rows of all kinds at once, of which nothing else refers to anything: no trigger has anything to do
  await client.query(`set session_replication_role = replica; set app.tenant_id = '${tenantId}'`);
  for (const statement of STATEMENTS) await client.query(statement, [tenantId, ...(statement.includes('$2') ? [rows] : [])]);
  await client.query('vacuum (analyze) customer, customer_account, invoice');
  const { rows: some } = await client.query<{ id: string; customer: string }>(
    `select i.id, a.customer_id as customer from invoice i join customer_account a on a.tenant_id = i.tenant_id and a.id = i.account_id
     order by md5(i.number) limit ${READS}`,
  );
  return some.flatMap(({ id, customer }) => [
    '{ invoices(first: 20, where: { status: { eq: OPEN } }, orderBy: [{ field: DUE_ON }]) { nodes { id number dueOn open { amount currency } customer { id name } } } }',
    `{ invoice(id: "inv_${id}") { id number status total { amount currency } customer { name } } }`,
    `{ customer(id: "cus_${customer}") { id name accounts(first: 1) { nodes { number invoices(first: 10, orderBy: [{ field: ISSUED_ON, direction: DESC }]) { nodes { id number total { amount } } } } } } }`,
  ]);
}

const id = (kind: number, n: string) => `('0190a000-0000-7000-8${kind}00-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

const STATEMENTS = [
  `insert into legal_entity (tenant_id, id, code, name, country, functional_currency, time_zone, created_at)
   values ($1, ${id(1, '1')}, 'DE01', 'Bench GmbH', 'DE', 'EUR', 'Europe/Berlin', now())`,
  `insert into customer (tenant_id, id, number, name, search_name, country, segment, created_at)
   select $1, ${id(2, 'n')}, 'C-' || n, 'Müller & Söhne "Nr. ' || n || '", GmbH', 'muller sohne nr ' || n, (array['DE', 'FR', 'NL'])[1 + n % 3], 'SMB', now()
   from generate_series(1, ${CUSTOMERS}) n`,
  `insert into customer_account (tenant_id, id, legal_entity_id, customer_id, origin_customer_id, number, currency, created_at)
   select $1, ${id(3, 'n')}, ${id(1, '1')}, ${id(2, 'n')}, ${id(2, 'n')}, 'C-' || n, 'EUR', now() from generate_series(1, ${CUSTOMERS}) n`,
  `insert into invoice (tenant_id, id, legal_entity_id, account_id, origin, lifecycle, status, number, customer_reference, currency, net_minor, tax_minor, total_minor,
     paid_minor, open_minor, base_currency, base_total_minor, rate, group_rate, issued_on, due_on, settled_on, created_at)
   select $1, ${id(4, 'n')}, ${id(1, '1')}, ${id(3, `1 + n % ${CUSTOMERS}`)}, 'IMPORTED', 'ISSUED', case when n % 5 = 0 then 'OPEN' else 'PAID' end,
     'INV-' || lpad(n::text, 8, '0'), case when n % 2 = 0 then 'PO-' || n % 1000 end, 'EUR', n % 100000 + 100, 0, n % 100000 + 100,
     case when n % 5 = 0 then 0 else n % 100000 + 100 end, case when n % 5 = 0 then n % 100000 + 100 else 0 end, 'EUR', n % 100000 + 100, 1, 1,
     date '2024-01-01' + n % 700, date '2024-01-31' + n % 700, case when n % 5 > 0 then date '2024-01-25' + n % 700 end, now() - n * interval '1 second'
   from generate_series(1, $2::int) n`,
];
