/** What an invariant is, and the sums that several of them compare. Fragments read the rows that can't be changed, never a stored sum. */
import { type Sql, sql } from '../read/sql.ts';

export interface Invariant {
  /** Its number in the list of invariants; several queries can have one. */
  readonly number: number;
  readonly name: string;
  readonly description: string;
  /** `SYSTEM` looks at the whole database. Absent: `TENANT`, narrowed by row-level security. */
  readonly scope?: 'TENANT' | 'SYSTEM';
  /** No rows while it holds; else `record` and `id` of what offends, and what is wrong with it. */
  readonly sql: Sql;
}

/** RECEIVABLE, one row per side: what an entry adds to an item (debit) or takes from it (credit). */
export const receivable: Sql = sql`
  select entry_id, legal_entity_id, debit_account_id as account_id, debit_item_id as item_id, currency,
    amount_minor as minor, base_minor as base, effective_on, recorded_at
  from transfer where debit_code = 'RECEIVABLE'
  union all
  select entry_id, legal_entity_id, credit_account_id, credit_item_id, currency, -amount_minor, -base_minor, effective_on, recorded_at
  from transfer where credit_code = 'RECEIVABLE'`;

/** What allocations take of items, signed as the item. */
export const taken: Sql = sql`
  select id as allocation_id, entry_id, to_item_id as item_id, kind, to_minor as minor, to_base_minor as base, effective_on, recorded_at
  from allocation where to_item_id is not null
  union all
  select id, entry_id, from_item_id, kind, -from_minor, -from_base_minor, effective_on, recorded_at
  from allocation where from_item_id is not null`;

/**
 * Of an order of an ERP: all that it comes to with tax, and the nets by which that is shared out. Where the ERP closed lines, its totals may
 * or may not count them: then it is the nets of all lines, taxed as the whole is.
 */
export const worth: Sql = sql`
  select o.id as order_id, sum(greatest(l.net_minor, 0)) as nets,
    case when not bool_or(l.is_closed) then o.total_minor when o.net_minor = 0 then sum(l.net_minor)
      else round(o.total_minor * sum(l.net_minor) / o.net_minor) end as whole
  from sales_order o join order_line l on l.order_id = o.id where o.origin = 'OBSERVED' group by o.id, o.total_minor, o.net_minor`;

/** Documents that are in the books, with the sign that their items have. */
export const booked: Sql = sql`
  select 'invoice' as record, 'Invoice' as document_kind, 'INVOICE' as item_kind, id, legal_entity_id, account_id, number, currency, base_currency, rate,
    total_minor as minor, base_total_minor as base, issued_on as effective_on, 1 as sign
  from invoice where lifecycle = 'ISSUED'
  union all
  select 'credit_note', 'CreditNote', 'CREDIT_NOTE', id, legal_entity_id, account_id, number, currency, base_currency, rate,
    total_minor, base_total_minor, issued_on, -1
  from credit_note where lifecycle = 'ISSUED'
  union all
  select 'payment', 'Payment', 'PAYMENT', id, legal_entity_id, account_id, number, currency, base_currency, rate,
    amount_minor, base_amount_minor, received_on, -1
  from payment where lifecycle in ('RECEIVED', 'RETURNED')`;

/** The whole log of the tenant in order: what is sealed, then what waits in the inbox. */
export const logged: Sql = sql`
  select event_id, type, record_kind, record_id, record_version, actor_id, request_id, 0 as part, position as place from event
  union all
  select event_id, type, record_kind, record_id, record_version, actor_id, request_id, 1, id from event_inbox`;

/** The tenant's log has forgotten its beginning: what came before can't be asked of it. */
export const isForgetful: Sql = sql`exists (select from event_anchor)`;

/** Whatever was recorded after this is in the log still. */
export const keptSince: Sql = sql`coalesce((select a.recorded_at from event_anchor a), '-infinity')`;

/** Every record that commands make, with its version; an allocation has only one. */
export const records: Sql = sql`
  select 'Tenant' as kind, tenant_id as id, version from tenant
  union all select 'LegalEntity', id, version from legal_entity
  union all select 'Actor', id, version from actor
  union all select 'ApiKey', id, version from api_key
  union all select 'ForbiddenPair', id, version from forbidden_pair
  union all select 'Approval', id, version from approval
  union all select 'Product', id, version from product
  union all select 'PriceList', id, version from price_list
  union all select 'PriceListItem', id, version from price_list_item
  union all select 'CustomerPrice', id, version from customer_price
  union all select 'TaxRule', id, version from tax_rule
  union all select 'PaymentTerms', id, version from payment_terms
  union all select 'ExchangeRate', id, version from exchange_rate
  union all select 'Customer', id, version from customer
  union all select 'CustomerAccount', id, version from customer_account
  union all select 'CustomerMatch', id, version from customer_match
  union all select 'Invoice', id, version from invoice
  union all select 'CreditNote', id, version from credit_note
  union all select 'Payment', id, version from payment
  union all select 'Order', id, version from sales_order
  union all select 'Hold', id, version from hold
  union all select 'ValidationRule', id, version from validation_rule
  union all select 'Fulfilment', id, version from fulfilment
  union all select 'LogisticsProvider', id, version from logistics_provider
  union all select 'CreditAccount', id, version from credit_account
  union all select 'ConnectedSystem', id, version from connection
  union all select 'Authority', id, version from authority
  union all select 'ErpRequest', id, version from erp_request
  union all select 'SyncIssue', id, version from sync_issue
  union all select 'SyncDrift', id, version from sync_drift
  union all select 'Export', id, version from export
  union all select 'Upload', id, version from upload
  union all select 'Import', id, version from import
  union all select 'WebhookEndpoint', id, version from webhook_endpoint
  union all select 'Allocation', id, 1 from allocation`;
