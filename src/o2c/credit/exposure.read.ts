/** What exposure is made of, as SQL: open items and order lines of a customer and everything below it, each row in scope. */
import type { Principal } from '../../access/principal.ts';
import { type Sql, sql } from '../../read/sql.ts';
import { customerColumn, servedBy } from '../../write/freshness.ts';

export interface ExposureRequest {
  readonly customerId: string;
  readonly principal: Pick<Principal, 'portal'>;
  /** The principal's scope over an alias. */
  readonly scope: (record: string, alias: string) => Sql;
}

/** The tables `tree` (customers) and `part` (what adds up to their exposure), each with the names that rows show. */
const parts = ({ customerId, scope, principal }: ExposureRequest): Sql => sql`
  recursive tree as (
    select c.tenant_id, c.id, c.number, c.name from customer c where c.id = ${sql.typed(customerId, 'uuid')} and ${scope('Customer', 'c')}
    union all
    select c.tenant_id, c.id, c.number, c.name from tree t join customer c on c.tenant_id = t.tenant_id and c.parent_id = t.id and ${scope('Customer', 'c')}
  ), account as (
    select t.tenant_id, a.id, t.number as customer_number, t.name as customer_name, le.code as legal_entity_code, served.connection,
      to_char(served.synced_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as synced_at
    from tree t
    join customer_account a on a.tenant_id = t.tenant_id and ${sql.id('a', customerColumn(principal))} = t.id and ${scope('CustomerAccount', 'a')}
    join legal_entity le on le.tenant_id = a.tenant_id and le.id = a.legal_entity_id and ${scope('LegalEntity', 'le')}
    ${servedBy('le', principal)}
  ), part as (
    select a.customer_number, a.customer_name, a.legal_entity_code, a.connection, a.synced_at, i.currency as document_currency, i.group_currency as currency, i.document_id, i.id,
      case i.document_kind when 'Invoice' then 'inv_' when 'CreditNote' then 'cn_' else 'pay_' end as prefix,
      i.document_kind, i.document_number, i.instalment as line_number, i.due_on, i.group_open_minor as open_item, 0::bigint as unbilled, 0::bigint as delivered
    from account a join open_item i on i.tenant_id = a.tenant_id and i.account_id = a.id and i.settled_on is null and ${scope('OpenItem', 'i')}
    union all
    select a.customer_number, a.customer_name, a.legal_entity_code, a.connection, a.synced_at, l.currency, l.group_currency, l.order_id, l.id,
      'ord_', 'Order', o.number, l.line_number, null, 0, l.group_unbilled_minor, l.group_delivered_minor
    from account a
    join order_line l on l.tenant_id = a.tenant_id and l.account_id = a.id and l.group_unbilled_minor > 0 and ${scope('OrderLine', 'l')}
    join sales_order o on o.tenant_id = l.tenant_id and o.id = l.order_id and ${scope('Order', 'o')}
  )`;

/** One row per customer, legal entity and currency of the documents; amounts in the group's currency, at the documents' stored rates. */
export const exposureSql = (request: ExposureRequest): Sql => sql`
  with ${parts(request)}
  select customer_number, customer_name, legal_entity_code, connection, synced_at, document_currency, currency,
    money_text(sum(open_item)::bigint, currency) as open_items, money_text(sum(unbilled)::bigint, currency) as unbilled,
    money_text(sum(delivered)::bigint, currency) as delivered, money_text(sum(open_item + unbilled)::bigint, currency) as exposure,
    count(distinct document_id)::int as document_count
  from part group by customer_number, customer_name, legal_entity_code, connection, synced_at, document_currency, currency
  order by customer_number, legal_entity_code, document_currency, currency`;

/** The open items and order lines themselves, what weighs most first. */
export const exposureLinesSql = (request: ExposureRequest, first: number): Sql => sql`
  with ${parts(request)}
  select customer_number, customer_name, legal_entity_code, connection, synced_at, document_kind, prefix || document_id::text as document_id, document_number, line_number,
    due_on::text as due_on, document_currency, currency, money_text(open_item + unbilled, currency) as exposure, money_text(delivered, currency) as delivered
  from part order by abs(open_item + unbilled) desc, id limit ${first}`;
