// What somebody writes by hand who knows the tables and needs nothing else: one statement of json functions for each read, with the
// tenant as a condition, and exactly the answer of our graph. $1 is the tenant.
import type { QueryName } from './reads-queries.ts';

const money = (minor: string, currency: string) => `json_build_object('amount', money_text(${minor}, ${currency}))`;
const withCurrency = (minor: string, currency: string) =>
  `json_build_object('amount', money_text(${minor}, ${currency}), 'currency', ${currency})`;
const list = (source: string) => `(select coalesce(json_agg(r), '[]') from (${source}) r)`;
const nodes = (source: string) => `json_build_object('nodes', ${list(source)})`;
const row = (source: string) => `(select row_to_json(r) from (${source}) r)`;

const q1Lines = `select l.line_number as "lineNumber", trim_scale(l.quantity)::text as quantity, trim_scale(l.unit_price)::text as "unitPrice",
  ${money('l.net_minor', 'l.currency')} as net,
  ${row(`select 'prd_' || p.id as id, p.sku, p.name from product p where p.tenant_id = $1 and p.id = l.product_id`)} as product
  from order_line l where l.tenant_id = $1 and l.order_id = o.id order by l.line_number`;
const q1Orders = `select 'ord_' || o.id as id, o.number, o.lifecycle, o.ordered_on as "orderedOn", ${withCurrency('o.total_minor', 'o.currency')} as total,
  ${list(q1Lines)} as lines
  from sales_order o where o.tenant_id = $1 and o.account_id = a.id order by o.ordered_on desc, o.id desc limit 10`;
const q1Accounts = `select 'acc_' || a.id as id, a.number, ${nodes(q1Orders)} as orders
  from customer_account a where a.tenant_id = $1 and a.customer_id = c.id order by a.number, a.id limit 1`;

const q2Closed = `select 'alc_' || l.id as id, ${money('l.to_minor', 'l.to_currency')} as "toAmount",
  ${row(`select case f.document_kind when 'Invoice' then 'inv_' when 'CreditNote' then 'cn_' else 'pay_' end || f.document_id as "documentId"
    from open_item f where f.tenant_id = $1 and f.id = l.from_item_id`)} as "from"
  from allocation l where l.tenant_id = $1 and l.to_item_id = t.id order by l.recorded_at, l.id`;
const q2Items = `select ${list(q2Closed)} as "closedBy" from open_item t where t.tenant_id = $1 and t.document_id = i.id order by t.instalment, t.id`;
const q2Invoices = `select 'inv_' || i.id as id, i.number, i.due_on as "dueOn", ${money('i.total_minor', 'i.currency')} as total,
  ${withCurrency('i.open_minor', 'i.currency')} as open,
  ${row(`select 'cus_' || c.id as id, c.name from customer_account a join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
    where a.tenant_id = $1 and a.id = i.account_id`)} as customer,
  ${list(q2Items)} as items
  from invoice i where i.tenant_id = $1 and i.status in ('OPEN', 'PARTIALLY_PAID') and i.due_on >= $2 order by i.due_on, i.id limit 50`;

const q3Closed = `select ${money('l.to_minor', 'l.to_currency')} as "toAmount",
  ${row(
    `select ${row(`select 'pay_' || p.id as id, p.reference, p.received_on as "receivedOn", p.method from payment p
    where p.tenant_id = $1 and p.id = f.document_id`)} as payment from open_item f where f.tenant_id = $1 and f.id = l.from_item_id`,
  )} as "from"
  from allocation l where l.tenant_id = $1 and l.to_item_id = t.id order by l.recorded_at, l.id`;
const q3Items = `select ${list(q3Closed)} as "closedBy" from open_item t where t.tenant_id = $1 and t.document_id = i.id order by t.instalment, t.id`;
// the page first, then what hangs on its rows: in one select list the page would be sorted with all of it
const q3Invoices = `select 'inv_' || i.id as id, i.number, i.status, i.issued_on as "issuedOn", ${money('i.total_minor', 'i.currency')} as total,
  ${money('i.open_minor', 'i.currency')} as open, ${list(q3Items)} as items
  from (select * from invoice i where i.tenant_id = $1 and i.account_id = a.id order by i.issued_on desc, i.id desc limit 10) i
  order by i.issued_on desc, i.id desc`;
const q3Accounts = `select ${nodes(q3Invoices)} as invoices from customer_account a where a.tenant_id = $1 and a.customer_id = c.id order by a.number, a.id limit 1`;
const q3Customers = `select 'cus_' || c.id as id, c.name, c.country, ${nodes(q3Accounts)} as accounts
  from customer c where c.tenant_id = $1 and (c.number, c.id) > ($2, $3::uuid) order by c.number, c.id limit 50`;

const q4Invoices = `select 'inv_' || i.id as id, i.number, 'ord_' || i.order_id as "orderId", i.status, i.issued_on as "issuedOn", i.due_on as "dueOn", i.currency,
  ${money('i.total_minor', 'i.currency')} as total, ${money('i.tax_minor', 'i.currency')} as tax, ${money('i.open_minor', 'i.currency')} as open,
  i.customer_reference as "customerReference", 'acc_' || i.account_id as "accountId"
  from invoice i where i.tenant_id = $1 and (i.created_at, i.id) > ($2, $3::uuid) order by i.created_at, i.id limit 1000`;

interface AgeingOf {
  /** As SQL, like `today`. */
  readonly tenant: string;
  readonly today: string;
  /** What comes before the currency, and how many columns that is. */
  readonly keys: string;
  readonly keyCount: number;
}

const SEGMENT = { keys: `coalesce(c.segment, '') as segment`, keyCount: 1 };
const CUSTOMER = { keys: 'c.number as "customerNumber", c.name as "customerName"', keyCount: 2 };

function ageingOf({ tenant, today, keys, keyCount }: AgeingOf): string {
  const bucket = (condition: string) =>
    `money_text(coalesce(sum(t.open_minor) filter (where t.open_minor > 0 and ${today}::date - t.due_on ${condition}), 0)::bigint, t.currency)`;
  const places = Array.from({ length: keyCount + 1 }, (_, i) => i + 1).join(', ');
  return `select ${keys}, t.currency, ${bucket('<= 0')} as "notDue", ${bucket('between 1 and 30')} as "days1To30",
  ${bucket('between 31 and 60')} as "days31To60", ${bucket('between 61 and 90')} as "days61To90", ${bucket('> 90')} as "over90",
  money_text(coalesce(sum(t.open_minor) filter (where t.open_minor < 0), 0)::bigint, t.currency) as unapplied,
  money_text(sum(t.open_minor)::bigint, t.currency) as total, count(*)::int as "itemCount"
  from open_item t join customer_account a on a.tenant_id = t.tenant_id and a.id = t.account_id
  join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
  where t.tenant_id = ${tenant} and t.settled_on is null group by ${places} order by ${places}`;
}

/** The same statement for whoever writes it by hand. */
export const ageingStatement = (tenant: string, today: string): string => ageingOf({ tenant, today, ...SEGMENT });

const answer = (key: string, value: string) => `select json_build_object('${key}', ${value})::text`;

export const LIMIT_STATEMENTS: Readonly<Record<QueryName, string>> = {
  q1: answer(
    'customer',
    row(
      `select 'cus_' || c.id as id, c.name, c.segment, c.country, ${nodes(q1Accounts)} as accounts from customer c where c.tenant_id = $1 and c.id = $2`,
    ),
  ),
  q2: answer('invoices', nodes(q2Invoices)),
  q3: answer('customers', nodes(q3Customers)),
  q4: answer('invoices', nodes(q4Invoices)),
  q5: answer('ageing', list(ageingStatement('$1', '$2'))),
  q5live: answer('ageing', list(ageingOf({ tenant: '$1', today: '$2', ...CUSTOMER }))),
  q6: answer(
    'customer',
    row(`select 'cus_' || c.id as id, c.number, c.name from customer c where c.tenant_id = $1 and c.id = $2`),
  ),
};
