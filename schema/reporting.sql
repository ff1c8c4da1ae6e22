-- Made by `cashgraph schema`; do not edit.

create or replace view reporting.legal_entity with (security_invoker = true) as
  select
    'le_' || t.id::text as id,
    t.code as code,
    t.name as name,
    t.country as country,
    t.functional_currency as functional_currency,
    t.time_zone as time_zone,
    t.closed_through as closed_through,
    t.billing_rule as billing_rule,
    t.credit_stage as credit_stage,
    t.discount_reduces_tax as discount_reduces_tax,
    t.version as version,
    t.created_at as created_at
  from legal_entity t;
comment on view reporting.legal_entity is 'A company of the group, with books of its own.';
comment on column reporting.legal_entity.id is 'The id of the legal entity: its kind and a UUIDv7.';
comment on column reporting.legal_entity.code is 'Its short code, unique in the group.';
comment on column reporting.legal_entity.name is 'Its legal name.';
comment on column reporting.legal_entity.country is 'Its country, ISO 3166-1 alpha-2.';
comment on column reporting.legal_entity.functional_currency is 'The currency of its books.';
comment on column reporting.legal_entity.time_zone is 'The IANA time zone in which its days begin and end.';
comment on column reporting.legal_entity.closed_through is 'The last day of its books that is closed.';
comment on column reporting.legal_entity.billing_rule is 'When its orders are billed.';
comment on column reporting.legal_entity.credit_stage is 'The stage at which credit is checked, and from which an order counts as exposure.';
comment on column reporting.legal_entity.discount_reduces_tax is 'An early-payment discount lowers the tax in proportion, as in the EU and the UK.';
comment on column reporting.legal_entity.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.legal_entity.created_at is 'When it was recorded here.';

create or replace view reporting.customer with (security_invoker = true) as
  select
    'cus_' || t.id::text as id,
    t.number as number,
    t.name as name,
    'cus_' || t.parent_id::text as parent_id,
    t.country as country,
    t.segment as segment,
    t.tax_id as tax_id,
    t.email as email,
    t.version as version,
    t.created_at as created_at
  from customer t;
comment on view reporting.customer is 'A customer of the group: who they are. What they owe is on their accounts.';
comment on column reporting.customer.id is 'The id of the customer: its kind and a UUIDv7.';
comment on column reporting.customer.number is 'The number of the customer in the group.';
comment on column reporting.customer.name is 'The name.';
comment on column reporting.customer.parent_id is 'The customer that it belongs to.';
comment on column reporting.customer.country is 'The country, ISO 3166-1 alpha-2.';
comment on column reporting.customer.segment is 'The group''s own classification.';
comment on column reporting.customer.tax_id is 'The tax registration number.';
comment on column reporting.customer.email is 'The e-mail address for documents.';
comment on column reporting.customer.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.customer.created_at is 'When it was recorded here.';

create or replace view reporting.customer_account with (security_invoker = true) as
  select
    'acc_' || t.id::text as id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'cus_' || t.customer_id::text as customer_id,
    'cus_' || t.origin_customer_id::text as origin_customer_id,
    t.number as number,
    t.currency as currency,
    'pt_' || t.payment_terms_id::text as payment_terms_id,
    t.billing_rule as billing_rule,
    t.tax_exemption as tax_exemption,
    t.tax_region as tax_region,
    t.version as version,
    t.created_at as created_at
  from customer_account t;
comment on view reporting.customer_account is 'A customer''s account with one legal entity: what every document names, for ever.';
comment on column reporting.customer_account.id is 'The id of the account: its kind and a UUIDv7.';
comment on column reporting.customer_account.legal_entity_id is 'The legal entity that the account is with.';
comment on column reporting.customer_account.customer_id is 'Whose account it is.';
comment on column reporting.customer_account.origin_customer_id is 'The customer that it was opened for: its documents are made out to it, whoever it was found to be the same as.';
comment on column reporting.customer_account.number is 'The number of the customer at that legal entity.';
comment on column reporting.customer_account.currency is 'The currency of documents unless they say another.';
comment on column reporting.customer_account.payment_terms_id is 'The terms of documents unless they say others.';
comment on column reporting.customer_account.billing_rule is 'When its orders are billed; null: by the legal entity''s rule.';
comment on column reporting.customer_account.tax_exemption is 'The VATEX code of the reason for which its deliveries are exempt from tax; null: they are not.';
comment on column reporting.customer_account.tax_region is 'The region for tax, for example US-CA.';
comment on column reporting.customer_account.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.customer_account.created_at is 'When it was recorded here.';

create or replace view reporting.payment_terms with (security_invoker = true) as
  select
    'pt_' || t.id::text as id,
    t.code as code,
    t.name as name,
    t.net_days as net_days,
    t.is_end_of_month as is_end_of_month,
    t.discount_days as discount_days,
    t.discount_percent as discount_percent,
    t.version as version,
    t.created_at as created_at
  from payment_terms t;
comment on view reporting.payment_terms is 'When a document falls due, and the discount for paying early.';
comment on column reporting.payment_terms.id is 'The id of the payment terms: its kind and a UUIDv7.';
comment on column reporting.payment_terms.code is 'Their code, unique in the group, for example `NET30`.';
comment on column reporting.payment_terms.name is 'What they are called on documents.';
comment on column reporting.payment_terms.net_days is 'Days from the issue date to the due date.';
comment on column reporting.payment_terms.is_end_of_month is 'The due date moves to the end of its month.';
comment on column reporting.payment_terms.discount_days is 'Days from the issue date within which the discount may be taken.';
comment on column reporting.payment_terms.discount_percent is 'The early-payment discount, in percent of the total.';
comment on column reporting.payment_terms.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.payment_terms.created_at is 'When it was recorded here.';

create or replace view reporting.product with (security_invoker = true) as
  select
    'prd_' || t.id::text as id,
    t.sku as sku,
    t.name as name,
    t.kind as kind,
    t.unit as unit,
    t.tax_class as tax_class,
    t.hs_code as hs_code,
    t.origin_country as origin_country,
    t.weight_kg as weight_kg,
    t.is_active as is_active,
    t.version as version,
    t.created_at as created_at
  from product t;
comment on view reporting.product is 'A product: goods or a service that can be ordered.';
comment on column reporting.product.id is 'The id of the product: its kind and a UUIDv7.';
comment on column reporting.product.sku is 'The stock keeping unit, unique in the group.';
comment on column reporting.product.name is 'The name on documents.';
comment on column reporting.product.kind is 'What it is.';
comment on column reporting.product.unit is 'The unit as UN/ECE Recommendation 20 code, for example C62 (one) or KGM.';
comment on column reporting.product.tax_class is 'The class by which tax rules find its rate, for example STANDARD.';
comment on column reporting.product.hs_code is 'The Harmonized System code for customs, 6 to 10 digits.';
comment on column reporting.product.origin_country is 'The country of origin, ISO 3166-1 alpha-2.';
comment on column reporting.product.weight_kg is 'The weight of one, in kilograms.';
comment on column reporting.product.is_active is 'It can be ordered.';
comment on column reporting.product.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.product.created_at is 'When it was recorded here.';

create or replace view reporting.exchange_rate with (security_invoker = true) as
  select
    'xr_' || t.id::text as id,
    t.from_currency as from_currency,
    t.to_currency as to_currency,
    t.valid_on as valid_on,
    t.rate as rate,
    t.version as version,
    t.created_at as created_at
  from exchange_rate t;
comment on view reporting.exchange_rate is 'An exchange rate. Documents store the rate that they were made with and keep it.';
comment on column reporting.exchange_rate.id is 'The id of the exchange rate: its kind and a UUIDv7.';
comment on column reporting.exchange_rate.from_currency is 'The currency that is converted.';
comment on column reporting.exchange_rate.to_currency is 'The currency that it is converted to.';
comment on column reporting.exchange_rate.valid_on is 'The day from which it holds, until the next one.';
comment on column reporting.exchange_rate.rate is 'Units of `toCurrency` for one unit of `fromCurrency`.';
comment on column reporting.exchange_rate.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.exchange_rate.created_at is 'When it was recorded here.';

create or replace view reporting.credit_account with (security_invoker = true) as
  select
    'ca_' || t.id::text as id,
    'cus_' || t.customer_id::text as customer_id,
    t.currency as currency,
    reporting.amount(t.limit_minor, t.currency) as limit,
    t.limit_rate as limit_rate,
    reporting.amount(t.limit_group_minor, t.group_currency) as limit_in_group_currency,
    t.limit_version as limit_version,
    t.is_blocked as is_blocked,
    t.group_currency as group_currency,
    reporting.amount(t.open_item_minor, t.group_currency) as open_items,
    reporting.amount(t.unbilled_minor, t.group_currency) as unbilled,
    reporting.amount(t.delivered_minor, t.group_currency) as delivered,
    reporting.amount(t.exposure_minor, t.group_currency) as exposure,
    t.version as version,
    t.created_at as created_at
  from credit_account t;
comment on view reporting.credit_account is 'The credit of a customer and everything below it, over all legal entities.';
comment on column reporting.credit_account.id is 'The id of the credit account: its kind and a UUIDv7.';
comment on column reporting.credit_account.customer_id is 'Whose credit it is.';
comment on column reporting.credit_account.currency is 'The currency of the limit; null where there is none.';
comment on column reporting.credit_account.limit is 'What the customer and everything below it may owe; null: no limit.';
comment on column reporting.credit_account.limit_rate is 'Units of the group''s currency for one of the limit''s, when the limit was set.';
comment on column reporting.credit_account.limit_in_group_currency is 'The limit at that rate: what exposure is held against.';
comment on column reporting.credit_account.limit_version is 'Counts the changes of the limit; an approval is for one of them.';
comment on column reporting.credit_account.is_blocked is 'Nothing more may be sold on credit.';
comment on column reporting.credit_account.group_currency is 'The group''s currency.';
comment on column reporting.credit_account.open_items is 'What is open, unapplied payments and credit notes taken off.';
comment on column reporting.credit_account.unbilled is 'What is ordered and not billed yet, from the stage at which credit is checked.';
comment on column reporting.credit_account.delivered is 'Of the unbilled: what was shipped and kept.';
comment on column reporting.credit_account.exposure is 'Open items and unbilled orders of the customer and everything below it.';
comment on column reporting.credit_account.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.credit_account.created_at is 'When it was recorded here.';

create or replace view reporting.sales_order with (security_invoker = true) as
  select
    'ord_' || t.id::text as id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id,
    t.origin as origin,
    t.lifecycle as lifecycle,
    t.fulfilment_status as fulfilment_status,
    t.billing_status as billing_status,
    t.return_status as return_status,
    t.open_hold_count as open_hold_count,
    t.number as number,
    t.customer_reference as customer_reference,
    t.ordered_on as ordered_on,
    t.requested_on as requested_on,
    t.ship_to_name as ship_to_name,
    t.ship_to_address as ship_to_address,
    t.ship_to_country as ship_to_country,
    t.ship_to_region as ship_to_region,
    'pt_' || t.payment_terms_id::text as payment_terms_id,
    t.billing_rule as billing_rule,
    t.credit_stage as credit_stage,
    t.currency as currency,
    t.base_currency as base_currency,
    t.group_currency as group_currency,
    t.rate as rate,
    t.group_rate as group_rate,
    reporting.amount(t.net_minor, t.currency) as net,
    reporting.amount_group(t.net_minor, t.currency, t.group_rate, t.group_currency) as net_group,
    reporting.amount(t.tax_minor, t.currency) as tax,
    reporting.amount_group(t.tax_minor, t.currency, t.group_rate, t.group_currency) as tax_group,
    reporting.amount(t.total_minor, t.currency) as total,
    reporting.amount_group(t.total_minor, t.currency, t.group_rate, t.group_currency) as total_group,
    reporting.amount(t.billed_minor, t.currency) as billed,
    reporting.amount_group(t.billed_minor, t.currency, t.group_rate, t.group_currency) as billed_group,
    reporting.amount(t.credited_minor, t.currency) as credited,
    reporting.amount_group(t.credited_minor, t.currency, t.group_rate, t.group_currency) as credited_group,
    reporting.amount(t.unbilled_minor, t.currency) as unbilled,
    reporting.amount_group(t.unbilled_minor, t.currency, t.group_rate, t.group_currency) as unbilled_group,
    reporting.amount(t.released_minor, t.currency) as credit_released,
    reporting.amount_group(t.released_minor, t.currency, t.group_rate, t.group_currency) as credit_released_group,
    'act_' || t.placed_by_id::text as placed_by_id,
    'act_' || t.last_editor_id::text as last_editor_id,
    t.content_version as content_version,
    t.confirmed_at as confirmed_at,
    t.closed_at as closed_at,
    t.close_reason as close_reason,
    t.version as version,
    t.created_at as created_at
  from sales_order t;
comment on view reporting.sales_order is 'An order: what a customer wants, from the draft to the last shipment and invoice.';
comment on column reporting.sales_order.id is 'The id of the order: its kind and a UUIDv7.';
comment on column reporting.sales_order.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.sales_order.account_id is 'The customer''s account it is on.';
comment on column reporting.sales_order.origin is 'Where it was made. An order of an ERP is followed as it is there, and only fulfilled and held here.';
comment on column reporting.sales_order.lifecycle is 'The step that it is at.';
comment on column reporting.sales_order.fulfilment_status is 'How much of it was shipped.';
comment on column reporting.sales_order.billing_status is 'How much of it was billed.';
comment on column reporting.sales_order.return_status is 'How much of what was shipped came back.';
comment on column reporting.sales_order.open_hold_count is 'How many holds are open.';
comment on column reporting.sales_order.number is 'The number of the order.';
comment on column reporting.sales_order.customer_reference is 'The customer''s own purchase order number.';
comment on column reporting.sales_order.ordered_on is 'The day of the order: prices and tax rules are those of this day.';
comment on column reporting.sales_order.requested_on is 'The day on which the customer wants it.';
comment on column reporting.sales_order.ship_to_name is 'Who it is shipped to.';
comment on column reporting.sales_order.ship_to_address is 'Where it is shipped to.';
comment on column reporting.sales_order.ship_to_country is 'The country that it is shipped to, ISO 3166-1 alpha-2.';
comment on column reporting.sales_order.ship_to_region is 'The region that it is shipped to.';
comment on column reporting.sales_order.payment_terms_id is 'The terms of its invoices.';
comment on column reporting.sales_order.billing_rule is 'When it is billed.';
comment on column reporting.sales_order.credit_stage is 'The stage at which credit is checked, and from which it counts as exposure.';
comment on column reporting.sales_order.currency is 'The currency of the order.';
comment on column reporting.sales_order.base_currency is 'The legal entity''s functional currency.';
comment on column reporting.sales_order.group_currency is 'The group''s currency.';
comment on column reporting.sales_order.rate is 'Units of functional currency for one unit of its currency, on the day of the order.';
comment on column reporting.sales_order.group_rate is 'Units of the group''s currency for one unit of its currency, on the day of the order.';
comment on column reporting.sales_order.net is 'The sum of the line nets: ordered less cancelled. Net, tax and total of an ERP’s order are as they are there.';
comment on column reporting.sales_order.net_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The sum of the line nets: ordered less cancelled. Net, tax and total of an ERP’s order are as they are there.';
comment on column reporting.sales_order.tax is 'What its invoices charge, and the tax on what is not billed yet.';
comment on column reporting.sales_order.tax_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What its invoices charge, and the tax on what is not billed yet.';
comment on column reporting.sales_order.total is 'Net and tax together: what is billed and what is not billed yet.';
comment on column reporting.sales_order.total_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. Net and tax together: what is billed and what is not billed yet.';
comment on column reporting.sales_order.billed is 'The sum of its invoices.';
comment on column reporting.sales_order.billed_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The sum of its invoices.';
comment on column reporting.sales_order.credited is 'The sum of its credit notes.';
comment on column reporting.sales_order.credited_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The sum of its credit notes.';
comment on column reporting.sales_order.unbilled is 'What is not billed yet, with tax.';
comment on column reporting.sales_order.unbilled_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What is not billed yet, with tax.';
comment on column reporting.sales_order.credit_released is 'The total at which a second person let it go beyond the credit limit, as it was ordered then; null: nobody did.';
comment on column reporting.sales_order.credit_released_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The total at which a second person let it go beyond the credit limit, as it was ordered then; null: nobody did.';
comment on column reporting.sales_order.placed_by_id is 'Who handed it in.';
comment on column reporting.sales_order.last_editor_id is 'Who changed last what is ordered.';
comment on column reporting.sales_order.content_version is 'Counts the changes of what is ordered; a credit release is for one of them.';
comment on column reporting.sales_order.confirmed_at is 'When it was confirmed.';
comment on column reporting.sales_order.closed_at is 'When it was closed short or cancelled.';
comment on column reporting.sales_order.close_reason is 'Why it was closed short or cancelled.';
comment on column reporting.sales_order.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.sales_order.created_at is 'When it was recorded here.';

create or replace view reporting.order_line with (security_invoker = true) as
  select
    'orl_' || t.id::text as id,
    t.line_number as line_number,
    'prd_' || t.product_id::text as product_id,
    t.sku as sku,
    t.description as description,
    t.is_shipped as is_shipped,
    t.is_closed as is_closed,
    t.unit as unit,
    t.quantity as quantity,
    t.cancelled_quantity as cancelled_quantity,
    t.planned_quantity as planned_quantity,
    t.released_quantity as released_quantity,
    t.shipped_quantity as shipped_quantity,
    t.returned_quantity as returned_quantity,
    t.billed_quantity as billed_quantity,
    t.credited_quantity as credited_quantity,
    t.unit_price as unit_price,
    t.discount_percent as discount_percent,
    t.price_rule as price_rule,
    t.currency as currency,
    reporting.amount(t.net_minor, t.currency) as net,
    reporting.amount_group(t.net_minor, t.currency, d.group_rate, t.group_currency) as net_group,
    reporting.amount(t.billed_net_minor, t.currency) as billed_net,
    reporting.amount_group(t.billed_net_minor, t.currency, d.group_rate, t.group_currency) as billed_net_group,
    t.tax_category as tax_category,
    t.tax_rate as tax_rate,
    t.tax_reason as tax_reason,
    t.group_currency as group_currency,
    reporting.amount(t.group_unbilled_minor, t.group_currency) as exposure,
    'ord_' || t.order_id::text as order_id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id
  from order_line t
  join sales_order d on d.tenant_id = t.tenant_id and d.id = t.order_id;
comment on view reporting.order_line is 'A line of an order.';
comment on column reporting.order_line.id is 'The id of the order line: its kind and a UUIDv7.';
comment on column reporting.order_line.line_number is 'Its place on the order, from 1.';
comment on column reporting.order_line.product_id is 'The product; null for a line of free text.';
comment on column reporting.order_line.sku is 'The stock keeping unit as it was ordered.';
comment on column reporting.order_line.description is 'What is ordered.';
comment on column reporting.order_line.is_shipped is 'It is goods, which are shipped; a service is not.';
comment on column reporting.order_line.is_closed is 'The ERP that made the order delivers and bills no more of it; the rest of it is cancelled.';
comment on column reporting.order_line.unit is 'The unit as UN/ECE Recommendation 20 code.';
comment on column reporting.order_line.quantity is 'How much is ordered.';
comment on column reporting.order_line.cancelled_quantity is 'How much of it was cancelled.';
comment on column reporting.order_line.planned_quantity is 'How much of it is in fulfilments.';
comment on column reporting.order_line.released_quantity is 'How much of that is released.';
comment on column reporting.order_line.shipped_quantity is 'How much of that is shipped.';
comment on column reporting.order_line.returned_quantity is 'How much of that came back.';
comment on column reporting.order_line.billed_quantity is 'How much is billed.';
comment on column reporting.order_line.credited_quantity is 'How much of what was billed is credited.';
comment on column reporting.order_line.unit_price is 'The price of one without tax; up to 6 decimals.';
comment on column reporting.order_line.discount_percent is 'What is taken off the price, in percent.';
comment on column reporting.order_line.price_rule is 'Which rule priced it: `agreement`, `list <code>`, `default <code>` or `manual`; of an ERP''s order `observed`.';
comment on column reporting.order_line.currency is 'The currency of the order.';
comment on column reporting.order_line.net is 'Ordered less cancelled, times price less discount, rounded to the currency; of an ERP’s order as it is there.';
comment on column reporting.order_line.net_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. Ordered less cancelled, times price less discount, rounded to the currency; of an ERP’s order as it is there.';
comment on column reporting.order_line.billed_net is 'How much of the net is billed.';
comment on column reporting.order_line.billed_net_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. How much of the net is billed.';
comment on column reporting.order_line.tax_category is 'The VAT category code (UNCL5305).';
comment on column reporting.order_line.tax_rate is 'The tax rate in percent.';
comment on column reporting.order_line.tax_reason is 'Why no tax is charged, as VATEX code.';
comment on column reporting.order_line.group_currency is 'The group''s currency.';
comment on column reporting.order_line.exposure is 'What it is as exposure: reserved and not billed, with tax, in the group’s currency.';
comment on column reporting.order_line.order_id is 'The order.';
comment on column reporting.order_line.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.order_line.account_id is 'The customer''s account it is on.';

create or replace view reporting.hold with (security_invoker = true) as
  select
    'hld_' || t.id::text as id,
    'ord_' || t.order_id::text as order_id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id,
    t.kind as kind,
    t.stage as stage,
    t.lifecycle as lifecycle,
    t.reason as reason,
    t.currency as currency,
    reporting.amount(t.amount_minor, t.currency) as amount,
    t.content_version as content_version,
    'ful_' || t.fulfilment_id::text as fulfilment_id,
    'act_' || t.placed_by_id::text as placed_by_id,
    'act_' || t.released_by_id::text as released_by_id,
    t.released_at as released_at,
    t.version as version,
    t.created_at as created_at
  from hold t;
comment on view reporting.hold is 'A hold: why an order goes no further. A customer never sees that it is suspected of fraud.';
comment on column reporting.hold.id is 'The id of the hold: its kind and a UUIDv7.';
comment on column reporting.hold.order_id is 'The order that it stops.';
comment on column reporting.hold.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.hold.account_id is 'The customer''s account it is on.';
comment on column reporting.hold.kind is 'What put it.';
comment on column reporting.hold.stage is 'What it stops.';
comment on column reporting.hold.lifecycle is 'Whether it still stops anything.';
comment on column reporting.hold.reason is 'Why, as a sentence.';
comment on column reporting.hold.currency is 'The currency of the amount.';
comment on column reporting.hold.amount is 'Of a credit hold: the amount that did not fit.';
comment on column reporting.hold.content_version is 'What was ordered when it was put.';
comment on column reporting.hold.fulfilment_id is 'The fulfilment that it stops; null: all of them.';
comment on column reporting.hold.placed_by_id is 'Who put it, or whose command the check ran in.';
comment on column reporting.hold.released_by_id is 'Who released it, or whose command lifted it.';
comment on column reporting.hold.released_at is 'When.';
comment on column reporting.hold.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.hold.created_at is 'When it was recorded here.';

create or replace view reporting.fulfilment with (security_invoker = true) as
  select
    'ful_' || t.id::text as id,
    'ord_' || t.order_id::text as order_id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id,
    t.origin as origin,
    t.lifecycle as lifecycle,
    t.return_status as return_status,
    t.number as number,
    'lp_' || t.provider_id::text as provider_id,
    t.provider_status as provider_status,
    t.provider_reference as provider_reference,
    t.provider_text as provider_text,
    t.carrier as carrier,
    t.tracking_number as tracking_number,
    t.planned_on as planned_on,
    t.released_at as released_at,
    t.shipped_on as shipped_on,
    t.delivered_on as delivered_on,
    t.received_by as received_by,
    t.return_reason as return_reason,
    t.version as version,
    t.created_at as created_at
  from fulfilment t;
comment on view reporting.fulfilment is 'A fulfilment: goods of an order that leave together.';
comment on column reporting.fulfilment.id is 'The id of the fulfilment: its kind and a UUIDv7.';
comment on column reporting.fulfilment.order_id is 'The order that it fulfils.';
comment on column reporting.fulfilment.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.fulfilment.account_id is 'The customer''s account it is on.';
comment on column reporting.fulfilment.origin is 'Where it was made. A delivery of an ERP is followed as it is there.';
comment on column reporting.fulfilment.lifecycle is 'The step that it is at.';
comment on column reporting.fulfilment.return_status is 'How much of it came back.';
comment on column reporting.fulfilment.number is 'The number of the fulfilment.';
comment on column reporting.fulfilment.provider_id is 'The third party that carries it out; null: we do.';
comment on column reporting.fulfilment.provider_status is 'What the third party said to the request.';
comment on column reporting.fulfilment.provider_reference is 'The third party''s own reference.';
comment on column reporting.fulfilment.provider_text is 'What the third party answered, in its own words.';
comment on column reporting.fulfilment.carrier is 'Who carries it.';
comment on column reporting.fulfilment.tracking_number is 'The tracking number of the carrier.';
comment on column reporting.fulfilment.planned_on is 'The day on which it is planned to leave.';
comment on column reporting.fulfilment.released_at is 'When it was released.';
comment on column reporting.fulfilment.shipped_on is 'The day on which it left.';
comment on column reporting.fulfilment.delivered_on is 'The day on which it arrived.';
comment on column reporting.fulfilment.received_by is 'Who took it, as proof of delivery.';
comment on column reporting.fulfilment.return_reason is 'Why goods of it came back, as said last.';
comment on column reporting.fulfilment.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.fulfilment.created_at is 'When it was recorded here.';

create or replace view reporting.fulfilment_line with (security_invoker = true) as
  select
    'ffl_' || t.id::text as id,
    'orl_' || t.order_line_id::text as order_line_id,
    t.quantity as quantity,
    t.returned_quantity as returned_quantity,
    'ful_' || t.fulfilment_id::text as fulfilment_id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id
  from fulfilment_line t;
comment on view reporting.fulfilment_line is 'What a fulfilment has of one line of the order.';
comment on column reporting.fulfilment_line.id is 'The id of the fulfilment line: its kind and a UUIDv7.';
comment on column reporting.fulfilment_line.order_line_id is 'The line of the order.';
comment on column reporting.fulfilment_line.quantity is 'How much of it.';
comment on column reporting.fulfilment_line.returned_quantity is 'How much of that came back.';
comment on column reporting.fulfilment_line.fulfilment_id is 'The fulfilment.';
comment on column reporting.fulfilment_line.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.fulfilment_line.account_id is 'The customer''s account it is on.';

create or replace view reporting.tracking_event with (security_invoker = true) as
  select
    'trk_' || t.id::text as id,
    t.source as source,
    t.kind as kind,
    t.occurred_at as occurred_at,
    t.description as description,
    t.location as location,
    t.reference as reference,
    t.carrier as carrier,
    t.tracking_number as tracking_number,
    t.received_by as received_by,
    t.created_at as created_at,
    'ful_' || t.fulfilment_id::text as fulfilment_id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id
  from tracking_event t;
comment on view reporting.tracking_event is 'Where a fulfilment was, as reported.';
comment on column reporting.tracking_event.id is 'The id of the tracking event: its kind and a UUIDv7.';
comment on column reporting.tracking_event.source is 'Who reported it: `in-house` or the code of the third party.';
comment on column reporting.tracking_event.kind is 'What happened.';
comment on column reporting.tracking_event.occurred_at is 'When it happened, as reported.';
comment on column reporting.tracking_event.description is 'More about it.';
comment on column reporting.tracking_event.location is 'Where.';
comment on column reporting.tracking_event.reference is 'The third party''s own reference.';
comment on column reporting.tracking_event.carrier is 'Who carries it.';
comment on column reporting.tracking_event.tracking_number is 'The tracking number of the carrier.';
comment on column reporting.tracking_event.received_by is 'Who took it.';
comment on column reporting.tracking_event.created_at is 'When it was recorded here.';
comment on column reporting.tracking_event.fulfilment_id is 'The fulfilment.';
comment on column reporting.tracking_event.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.tracking_event.account_id is 'The customer''s account it is on.';

create or replace view reporting.invoice with (security_invoker = true) as
  select
    'inv_' || t.id::text as id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id,
    t.origin as origin,
    t.lifecycle as lifecycle,
    t.status as status,
    t.number as number,
    t.customer_reference as customer_reference,
    t.seller_name as seller_name,
    t.buyer_name as buyer_name,
    t.buyer_tax_id as buyer_tax_id,
    t.buyer_country as buyer_country,
    t.currency as currency,
    reporting.amount(t.net_minor, t.currency) as net,
    reporting.amount_group(t.net_minor, t.currency, t.group_rate, g.group_currency) as net_group,
    reporting.amount(t.tax_minor, t.currency) as tax,
    reporting.amount_group(t.tax_minor, t.currency, t.group_rate, g.group_currency) as tax_group,
    reporting.amount(t.total_minor, t.currency) as total,
    reporting.amount_group(t.total_minor, t.currency, t.group_rate, g.group_currency) as total_group,
    reporting.amount(t.paid_minor, t.currency) as paid,
    reporting.amount_group(t.paid_minor, t.currency, t.group_rate, g.group_currency) as paid_group,
    reporting.amount(t.credited_minor, t.currency) as credited,
    reporting.amount_group(t.credited_minor, t.currency, t.group_rate, g.group_currency) as credited_group,
    reporting.amount(t.discounted_minor, t.currency) as discounted,
    reporting.amount_group(t.discounted_minor, t.currency, t.group_rate, g.group_currency) as discounted_group,
    reporting.amount(t.written_off_minor, t.currency) as written_off,
    reporting.amount_group(t.written_off_minor, t.currency, t.group_rate, g.group_currency) as written_off_group,
    reporting.amount(t.open_minor, t.currency) as open,
    reporting.amount_group(t.open_minor, t.currency, t.group_rate, g.group_currency) as open_group,
    t.base_currency as base_currency,
    reporting.amount(t.base_total_minor, t.base_currency) as base_total,
    t.rate as rate,
    t.group_rate as group_rate,
    'pt_' || t.payment_terms_id::text as payment_terms_id,
    'ord_' || t.order_id::text as order_id,
    t.discount_until as discount_until,
    reporting.amount(t.discount_offered_minor, t.currency) as discount_offered,
    reporting.amount_group(t.discount_offered_minor, t.currency, t.group_rate, g.group_currency) as discount_offered_group,
    t.issued_on as issued_on,
    t.due_on as due_on,
    t.settled_on as settled_on,
    t.voided_on as voided_on,
    t.version as version,
    t.created_at as created_at,
    g.group_currency as group_currency
  from invoice t
  join tenant g on g.tenant_id = t.tenant_id;
comment on view reporting.invoice is 'An invoice. Issued it never changes: a credit note undoes it, and what is paid follows from its open items.';
comment on column reporting.invoice.id is 'The id of the invoice: its kind and a UUIDv7.';
comment on column reporting.invoice.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.invoice.account_id is 'The customer''s account it is on.';
comment on column reporting.invoice.origin is 'Where it was made.';
comment on column reporting.invoice.lifecycle is 'The step that it is at.';
comment on column reporting.invoice.status is 'The step and the amounts in one word.';
comment on column reporting.invoice.number is 'The legal number, without gaps in its series; null for a draft.';
comment on column reporting.invoice.customer_reference is 'The customer''s own reference, for example its purchase order number.';
comment on column reporting.invoice.seller_name is 'What the legal entity was called when it was issued; null for a draft.';
comment on column reporting.invoice.buyer_name is 'What the customer was called when it was issued.';
comment on column reporting.invoice.buyer_tax_id is 'The tax registration number of the customer when it was issued.';
comment on column reporting.invoice.buyer_country is 'The country of the customer when it was issued.';
comment on column reporting.invoice.currency is 'The currency of the invoice.';
comment on column reporting.invoice.net is 'The sum of the line nets.';
comment on column reporting.invoice.net_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The sum of the line nets.';
comment on column reporting.invoice.tax is 'The sum of the taxes, each computed per category and rate on the rounded sum of nets.';
comment on column reporting.invoice.tax_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The sum of the taxes, each computed per category and rate on the rounded sum of nets.';
comment on column reporting.invoice.total is 'Net and tax together.';
comment on column reporting.invoice.total_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. Net and tax together.';
comment on column reporting.invoice.paid is 'What payments took of it.';
comment on column reporting.invoice.paid_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What payments took of it.';
comment on column reporting.invoice.credited is 'What credit notes took of it.';
comment on column reporting.invoice.credited_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What credit notes took of it.';
comment on column reporting.invoice.discounted is 'What discounts took of it.';
comment on column reporting.invoice.discounted_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What discounts took of it.';
comment on column reporting.invoice.written_off is 'What was written off.';
comment on column reporting.invoice.written_off_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What was written off.';
comment on column reporting.invoice.open is 'What is still to be paid.';
comment on column reporting.invoice.open_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What is still to be paid.';
comment on column reporting.invoice.base_currency is 'The legal entity''s functional currency.';
comment on column reporting.invoice.base_total is 'The total in functional currency, at the stored rate; null for a draft.';
comment on column reporting.invoice.rate is 'Units of functional currency for one unit of its currency, on the issue date.';
comment on column reporting.invoice.group_rate is 'Units of the group''s currency for one unit of its currency, on the issue date.';
comment on column reporting.invoice.payment_terms_id is 'The terms that set its due date.';
comment on column reporting.invoice.order_id is 'The order that it bills.';
comment on column reporting.invoice.discount_until is 'The last day on which paying gets the early-payment discount; null: there is none.';
comment on column reporting.invoice.discount_offered is 'The discount for paying all of it by then.';
comment on column reporting.invoice.discount_offered_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The discount for paying all of it by then.';
comment on column reporting.invoice.issued_on is 'The issue date.';
comment on column reporting.invoice.due_on is 'The due date.';
comment on column reporting.invoice.settled_on is 'The day on which nothing was open any more.';
comment on column reporting.invoice.voided_on is 'The day on which the ERP took it back, where that is later than its own: until then it counted.';
comment on column reporting.invoice.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.invoice.created_at is 'When it was recorded here.';
comment on column reporting.invoice.group_currency is 'The group''s currency.';

create or replace view reporting.invoice_line with (security_invoker = true) as
  select
    'inl_' || t.id::text as id,
    t.line_number as line_number,
    t.description as description,
    t.quantity as quantity,
    t.unit_price as unit_price,
    t.currency as currency,
    reporting.amount(t.net_minor, t.currency) as net,
    reporting.amount_group(t.net_minor, t.currency, d.group_rate, g.group_currency) as net_group,
    t.tax_category as tax_category,
    t.tax_rate as tax_rate,
    t.tax_reason as tax_reason,
    t.unit as unit,
    t.discount_percent as discount_percent,
    'orl_' || t.order_line_id::text as order_line_id,
    'ful_' || t.fulfilment_id::text as fulfilment_id,
    t.credited_quantity as credited_quantity,
    reporting.amount(t.credited_net_minor, t.currency) as credited_net,
    reporting.amount_group(t.credited_net_minor, t.currency, d.group_rate, g.group_currency) as credited_net_group,
    t.ordered_quantity as ordered_quantity,
    'inv_' || t.invoice_id::text as invoice_id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id,
    g.group_currency as group_currency
  from invoice_line t
  join invoice d on d.tenant_id = t.tenant_id and d.id = t.invoice_id
  join tenant g on g.tenant_id = t.tenant_id;
comment on view reporting.invoice_line is 'A line of an invoice.';
comment on column reporting.invoice_line.id is 'The id of the invoice line: its kind and a UUIDv7.';
comment on column reporting.invoice_line.line_number is 'Its place on the invoice, from 1.';
comment on column reporting.invoice_line.description is 'What was sold.';
comment on column reporting.invoice_line.quantity is 'How much of it.';
comment on column reporting.invoice_line.unit_price is 'The price of one, in the currency of the invoice; up to 6 decimals.';
comment on column reporting.invoice_line.currency is 'The currency of the invoice.';
comment on column reporting.invoice_line.net is 'Quantity times unit price, rounded to the currency.';
comment on column reporting.invoice_line.net_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. Quantity times unit price, rounded to the currency.';
comment on column reporting.invoice_line.tax_category is 'The VAT category code (UNCL5305), for example S, Z, E, AE, O.';
comment on column reporting.invoice_line.tax_rate is 'The tax rate in percent.';
comment on column reporting.invoice_line.tax_reason is 'Why no tax is charged, as VATEX code.';
comment on column reporting.invoice_line.unit is 'The unit as UN/ECE Recommendation 20 code.';
comment on column reporting.invoice_line.discount_percent is 'What is taken off the price, in percent.';
comment on column reporting.invoice_line.order_line_id is 'The line of the order that it bills.';
comment on column reporting.invoice_line.fulfilment_id is 'The fulfilment that it bills.';
comment on column reporting.invoice_line.credited_quantity is 'How much of it credit notes took back.';
comment on column reporting.invoice_line.credited_net is 'The net amount that credit notes took back.';
comment on column reporting.invoice_line.credited_net_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The net amount that credit notes took back.';
comment on column reporting.invoice_line.ordered_quantity is 'Of a line of an ERP: how much of the line of the order it bills; null: its own quantity.';
comment on column reporting.invoice_line.invoice_id is 'The invoice.';
comment on column reporting.invoice_line.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.invoice_line.account_id is 'The customer''s account it is on.';
comment on column reporting.invoice_line.group_currency is 'The group''s currency.';

create or replace view reporting.invoice_tax with (security_invoker = true) as
  select
    'int_' || t.id::text as id,
    t.tax_category as tax_category,
    t.tax_rate as tax_rate,
    t.currency as currency,
    reporting.amount(t.taxable_minor, t.currency) as taxable,
    reporting.amount_group(t.taxable_minor, t.currency, d.group_rate, g.group_currency) as taxable_group,
    reporting.amount(t.tax_minor, t.currency) as tax,
    reporting.amount_group(t.tax_minor, t.currency, d.group_rate, g.group_currency) as tax_group,
    'inv_' || t.invoice_id::text as invoice_id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id,
    g.group_currency as group_currency
  from invoice_tax t
  join invoice d on d.tenant_id = t.tenant_id and d.id = t.invoice_id
  join tenant g on g.tenant_id = t.tenant_id;
comment on view reporting.invoice_tax is 'The tax of an invoice in one category and rate.';
comment on column reporting.invoice_tax.id is 'The id of the tax row: its kind and a UUIDv7.';
comment on column reporting.invoice_tax.tax_category is 'The VAT category code (UNCL5305).';
comment on column reporting.invoice_tax.tax_rate is 'The tax rate in percent.';
comment on column reporting.invoice_tax.currency is 'The currency of the invoice.';
comment on column reporting.invoice_tax.taxable is 'The sum of the line nets of this category and rate.';
comment on column reporting.invoice_tax.taxable_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The sum of the line nets of this category and rate.';
comment on column reporting.invoice_tax.tax is 'The tax on that sum, rounded once.';
comment on column reporting.invoice_tax.tax_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The tax on that sum, rounded once.';
comment on column reporting.invoice_tax.invoice_id is 'The invoice.';
comment on column reporting.invoice_tax.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.invoice_tax.account_id is 'The customer''s account it is on.';
comment on column reporting.invoice_tax.group_currency is 'The group''s currency.';

create or replace view reporting.credit_note with (security_invoker = true) as
  select
    'cn_' || t.id::text as id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id,
    'inv_' || t.invoice_id::text as invoice_id,
    t.origin as origin,
    t.lifecycle as lifecycle,
    t.status as status,
    t.number as number,
    t.reason as reason,
    t.currency as currency,
    reporting.amount(t.net_minor, t.currency) as net,
    reporting.amount_group(t.net_minor, t.currency, t.group_rate, g.group_currency) as net_group,
    reporting.amount(t.tax_minor, t.currency) as tax,
    reporting.amount_group(t.tax_minor, t.currency, t.group_rate, g.group_currency) as tax_group,
    reporting.amount(t.total_minor, t.currency) as total,
    reporting.amount_group(t.total_minor, t.currency, t.group_rate, g.group_currency) as total_group,
    reporting.amount(t.open_minor, t.currency) as open,
    reporting.amount_group(t.open_minor, t.currency, t.group_rate, g.group_currency) as open_group,
    t.base_currency as base_currency,
    reporting.amount(t.base_total_minor, t.base_currency) as base_total,
    t.rate as rate,
    t.group_rate as group_rate,
    'ord_' || t.order_id::text as order_id,
    t.issued_on as issued_on,
    t.voided_on as voided_on,
    t.version as version,
    t.created_at as created_at,
    g.group_currency as group_currency
  from credit_note t
  join tenant g on g.tenant_id = t.tenant_id;
comment on view reporting.credit_note is 'A credit note: what undoes an invoice in whole or in part.';
comment on column reporting.credit_note.id is 'The id of the credit note: its kind and a UUIDv7.';
comment on column reporting.credit_note.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.credit_note.account_id is 'The customer''s account it is on.';
comment on column reporting.credit_note.invoice_id is 'The invoice that it credits.';
comment on column reporting.credit_note.origin is 'Where it was made.';
comment on column reporting.credit_note.lifecycle is 'The step that it is at.';
comment on column reporting.credit_note.status is 'The step and the amounts in one word.';
comment on column reporting.credit_note.number is 'The legal number: without gaps in its series, if it was issued here.';
comment on column reporting.credit_note.reason is 'Why it was given.';
comment on column reporting.credit_note.currency is 'The currency of the credit note.';
comment on column reporting.credit_note.net is 'The net amount that is credited.';
comment on column reporting.credit_note.net_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The net amount that is credited.';
comment on column reporting.credit_note.tax is 'The tax on it.';
comment on column reporting.credit_note.tax_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The tax on it.';
comment on column reporting.credit_note.total is 'Net and tax together.';
comment on column reporting.credit_note.total_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. Net and tax together.';
comment on column reporting.credit_note.open is 'What was not set against an invoice yet.';
comment on column reporting.credit_note.open_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What was not set against an invoice yet.';
comment on column reporting.credit_note.base_currency is 'The legal entity''s functional currency.';
comment on column reporting.credit_note.base_total is 'The total in functional currency, at the stored rate.';
comment on column reporting.credit_note.rate is 'Units of functional currency for one unit of its currency.';
comment on column reporting.credit_note.group_rate is 'Units of the group''s currency for one unit of its currency.';
comment on column reporting.credit_note.order_id is 'The order whose bill it takes back.';
comment on column reporting.credit_note.issued_on is 'The issue date.';
comment on column reporting.credit_note.voided_on is 'The day on which the ERP took it back, where that is later than its own: until then it counted.';
comment on column reporting.credit_note.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.credit_note.created_at is 'When it was recorded here.';
comment on column reporting.credit_note.group_currency is 'The group''s currency.';

create or replace view reporting.credit_note_line with (security_invoker = true) as
  select
    'cnl_' || t.id::text as id,
    'inl_' || t.invoice_line_id::text as invoice_line_id,
    t.line_number as line_number,
    t.description as description,
    t.quantity as quantity,
    t.currency as currency,
    reporting.amount(t.net_minor, t.currency) as net,
    reporting.amount_group(t.net_minor, t.currency, d.group_rate, g.group_currency) as net_group,
    t.tax_category as tax_category,
    t.tax_rate as tax_rate,
    'cn_' || t.credit_note_id::text as credit_note_id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id,
    g.group_currency as group_currency
  from credit_note_line t
  join credit_note d on d.tenant_id = t.tenant_id and d.id = t.credit_note_id
  join tenant g on g.tenant_id = t.tenant_id;
comment on view reporting.credit_note_line is 'A line of a credit note: what it takes back of a line of the invoice.';
comment on column reporting.credit_note_line.id is 'The id of the credit note line: its kind and a UUIDv7.';
comment on column reporting.credit_note_line.invoice_line_id is 'The line of the invoice that it takes back; null where the ERP names none.';
comment on column reporting.credit_note_line.line_number is 'Its place on the credit note, from 1.';
comment on column reporting.credit_note_line.description is 'What is taken back.';
comment on column reporting.credit_note_line.quantity is 'How much of it.';
comment on column reporting.credit_note_line.currency is 'The currency of the credit note.';
comment on column reporting.credit_note_line.net is 'The net amount that it takes back.';
comment on column reporting.credit_note_line.net_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The net amount that it takes back.';
comment on column reporting.credit_note_line.tax_category is 'The VAT category code (UNCL5305).';
comment on column reporting.credit_note_line.tax_rate is 'The tax rate in percent.';
comment on column reporting.credit_note_line.credit_note_id is 'The credit note.';
comment on column reporting.credit_note_line.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.credit_note_line.account_id is 'The customer''s account it is on.';
comment on column reporting.credit_note_line.group_currency is 'The group''s currency.';

create or replace view reporting.credit_note_tax with (security_invoker = true) as
  select
    'cnt_' || t.id::text as id,
    t.description as description,
    t.tax_category as tax_category,
    t.tax_rate as tax_rate,
    t.currency as currency,
    reporting.amount(t.taxable_minor, t.currency) as taxable,
    reporting.amount_group(t.taxable_minor, t.currency, d.group_rate, g.group_currency) as taxable_group,
    reporting.amount(t.tax_minor, t.currency) as tax,
    reporting.amount_group(t.tax_minor, t.currency, d.group_rate, g.group_currency) as tax_group,
    'cn_' || t.credit_note_id::text as credit_note_id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id,
    g.group_currency as group_currency
  from credit_note_tax t
  join credit_note d on d.tenant_id = t.tenant_id and d.id = t.credit_note_id
  join tenant g on g.tenant_id = t.tenant_id;
comment on view reporting.credit_note_tax is 'What a credit note takes of one tax category and rate.';
comment on column reporting.credit_note_tax.id is 'The id of the credited tax row: its kind and a UUIDv7.';
comment on column reporting.credit_note_tax.description is 'What is credited.';
comment on column reporting.credit_note_tax.tax_category is 'The VAT category code (UNCL5305).';
comment on column reporting.credit_note_tax.tax_rate is 'The tax rate in percent.';
comment on column reporting.credit_note_tax.currency is 'The currency of the credit note.';
comment on column reporting.credit_note_tax.taxable is 'The net amount credited of this category and rate.';
comment on column reporting.credit_note_tax.taxable_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The net amount credited of this category and rate.';
comment on column reporting.credit_note_tax.tax is 'The tax on it.';
comment on column reporting.credit_note_tax.tax_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The tax on it.';
comment on column reporting.credit_note_tax.credit_note_id is 'The credit note.';
comment on column reporting.credit_note_tax.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.credit_note_tax.account_id is 'The customer''s account it is on.';
comment on column reporting.credit_note_tax.group_currency is 'The group''s currency.';

create or replace view reporting.payment with (security_invoker = true) as
  select
    'pay_' || t.id::text as id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id,
    t.origin as origin,
    t.lifecycle as lifecycle,
    t.status as status,
    t.number as number,
    t.method as method,
    t.reference as reference,
    t.bank_account as bank_account,
    t.currency as currency,
    reporting.amount(t.amount_minor, t.currency) as amount,
    reporting.amount_group(t.amount_minor, t.currency, t.group_rate, g.group_currency) as amount_group,
    reporting.amount(t.open_minor, t.currency) as unapplied,
    reporting.amount_group(t.open_minor, t.currency, t.group_rate, g.group_currency) as unapplied_group,
    t.base_currency as base_currency,
    reporting.amount(t.base_amount_minor, t.base_currency) as base_amount,
    t.rate as rate,
    t.group_rate as group_rate,
    t.received_on as received_on,
    t.returned_on as returned_on,
    t.return_reason as return_reason,
    'inv_' || t.invoice_id::text as invoice_id,
    t.voided_on as voided_on,
    t.version as version,
    t.created_at as created_at,
    g.group_currency as group_currency
  from payment t
  join tenant g on g.tenant_id = t.tenant_id;
comment on view reporting.payment is 'A payment of a customer. Received it is owed to the customer until it is set against documents.';
comment on column reporting.payment.id is 'The id of the payment: its kind and a UUIDv7.';
comment on column reporting.payment.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.payment.account_id is 'The customer''s account it is on.';
comment on column reporting.payment.origin is 'Where it was made known.';
comment on column reporting.payment.lifecycle is 'The step that it is at.';
comment on column reporting.payment.status is 'The step and the amounts in one word.';
comment on column reporting.payment.number is 'Its number.';
comment on column reporting.payment.method is 'How it was paid.';
comment on column reporting.payment.reference is 'The payer''s reference.';
comment on column reporting.payment.bank_account is 'Our bank account that it came to.';
comment on column reporting.payment.currency is 'The currency of the payment.';
comment on column reporting.payment.amount is 'What was paid; nothing where an ERP only sets credit notes against invoices by it.';
comment on column reporting.payment.amount_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What was paid; nothing where an ERP only sets credit notes against invoices by it.';
comment on column reporting.payment.unapplied is 'What was not set against a document yet.';
comment on column reporting.payment.unapplied_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What was not set against a document yet.';
comment on column reporting.payment.base_currency is 'The legal entity''s functional currency.';
comment on column reporting.payment.base_amount is 'What was paid, in functional currency at the stored rate; null until it is received.';
comment on column reporting.payment.rate is 'Units of functional currency for one unit of its currency, on the day it was received.';
comment on column reporting.payment.group_rate is 'Units of the group''s currency for one unit of its currency.';
comment on column reporting.payment.received_on is 'The day on which the money was there.';
comment on column reporting.payment.returned_on is 'The day on which the bank took it back.';
comment on column reporting.payment.return_reason is 'Why the bank took it back.';
comment on column reporting.payment.invoice_id is 'Of a cash sale: the invoice that it paid as it was made.';
comment on column reporting.payment.voided_on is 'The day on which the ERP took it back, where that is later than its own: until then it counted.';
comment on column reporting.payment.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.payment.created_at is 'When it was recorded here.';
comment on column reporting.payment.group_currency is 'The group''s currency.';

create or replace view reporting.open_item with (security_invoker = true) as
  select
    'oi_' || t.id::text as id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id,
    t.kind as kind,
    t.document_kind as document_kind,
    t.document_number as document_number,
    t.instalment as instalment,
    t.revision as revision,
    t.due_on as due_on,
    t.effective_on as effective_on,
    t.recorded_at as recorded_at,
    t.currency as currency,
    reporting.amount(t.original_minor, t.currency) as original,
    reporting.amount_group(t.original_minor, t.currency, t.group_rate, t.group_currency) as original_group,
    reporting.amount(t.open_minor, t.currency) as open,
    reporting.amount_group(t.open_minor, t.currency, t.group_rate, t.group_currency) as open_group,
    reporting.amount(t.cash_minor, t.currency) as paid_by_cash,
    reporting.amount_group(t.cash_minor, t.currency, t.group_rate, t.group_currency) as paid_by_cash_group,
    reporting.amount(t.credit_minor, t.currency) as credited,
    reporting.amount_group(t.credit_minor, t.currency, t.group_rate, t.group_currency) as credited_group,
    reporting.amount(t.discount_minor, t.currency) as discounted,
    reporting.amount_group(t.discount_minor, t.currency, t.group_rate, t.group_currency) as discounted_group,
    reporting.amount(t.write_off_minor, t.currency) as written_off,
    reporting.amount_group(t.write_off_minor, t.currency, t.group_rate, t.group_currency) as written_off_group,
    reporting.amount(t.returned_minor, t.currency) as returned,
    reporting.amount_group(t.returned_minor, t.currency, t.group_rate, t.group_currency) as returned_group,
    reporting.amount(t.voided_minor, t.currency) as voided,
    reporting.amount_group(t.voided_minor, t.currency, t.group_rate, t.group_currency) as voided_group,
    t.base_currency as base_currency,
    reporting.amount(t.base_original_minor, t.base_currency) as base_original,
    reporting.amount(t.base_open_minor, t.base_currency) as base_open,
    t.group_currency as group_currency,
    t.group_rate as group_rate,
    reporting.amount(t.group_open_minor, t.group_currency) as group_open,
    t.discount_until as discount_until,
    reporting.amount(t.discount_offered_minor, t.currency) as discount_offered,
    reporting.amount_group(t.discount_offered_minor, t.currency, t.group_rate, t.group_currency) as discount_offered_group,
    t.settled_on as settled_on,
    case t.document_kind when 'Order' then 'ord_' when 'Fulfilment' then 'ful_' when 'Invoice' then 'inv_' when 'CreditNote' then 'cn_' when 'Payment' then 'pay_' when 'Allocation' then 'alc_' when 'Customer' then 'cus_' when 'CustomerAccount' then 'acc_' when 'Product' then 'prd_' end || t.document_id::text as document_id
  from open_item t;
comment on view reporting.open_item is 'What a customer owes us (positive) or we owe the customer (negative). Ageing, statements, exposure and cash application all work on these.';
comment on column reporting.open_item.id is 'The id of the open item: its kind and a UUIDv7.';
comment on column reporting.open_item.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.open_item.account_id is 'The customer''s account it is on.';
comment on column reporting.open_item.kind is 'What made it.';
comment on column reporting.open_item.document_kind is 'The kind of record that made it: Invoice, CreditNote or Payment.';
comment on column reporting.open_item.document_number is 'The number of the document.';
comment on column reporting.open_item.instalment is 'Which instalment of the document, from 1.';
comment on column reporting.open_item.revision is 'Counts how often the ERP changed what its document comes to, from 1: the item before is voided.';
comment on column reporting.open_item.due_on is 'The day on which it is due; for what we owe, the day of the document.';
comment on column reporting.open_item.effective_on is 'The day from which it counts.';
comment on column reporting.open_item.recorded_at is 'When we learnt of it.';
comment on column reporting.open_item.currency is 'The currency of the document.';
comment on column reporting.open_item.original is 'The amount at first: positive is owed to us, negative by us.';
comment on column reporting.open_item.original_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The amount at first: positive is owed to us, negative by us.';
comment on column reporting.open_item.open is 'What is still open: the original less what allocations took.';
comment on column reporting.open_item.open_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What is still open: the original less what allocations took.';
comment on column reporting.open_item.paid_by_cash is 'What payments took of it (signed as the original).';
comment on column reporting.open_item.paid_by_cash_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What payments took of it (signed as the original).';
comment on column reporting.open_item.credited is 'What credit notes took of it.';
comment on column reporting.open_item.credited_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What credit notes took of it.';
comment on column reporting.open_item.discounted is 'What discounts took of it.';
comment on column reporting.open_item.discounted_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What discounts took of it.';
comment on column reporting.open_item.written_off is 'What was written off.';
comment on column reporting.open_item.written_off_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. What was written off.';
comment on column reporting.open_item.returned is 'For a payment: what the bank took back; for a credit note: what was paid out.';
comment on column reporting.open_item.returned_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. For a payment: what the bank took back; for a credit note: what was paid out.';
comment on column reporting.open_item.voided is 'All of it, once the ERP took its document back or changed what it comes to.';
comment on column reporting.open_item.voided_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. All of it, once the ERP took its document back or changed what it comes to.';
comment on column reporting.open_item.base_currency is 'The legal entity''s functional currency.';
comment on column reporting.open_item.base_original is 'The original amount in functional currency, at the stored rate.';
comment on column reporting.open_item.base_open is 'What is open in functional currency.';
comment on column reporting.open_item.group_currency is 'The group''s currency.';
comment on column reporting.open_item.group_rate is 'Units of the group''s currency for one of its own: the stored rate of its document.';
comment on column reporting.open_item.group_open is 'What is open, in the group''s currency at the stored rate: what it is as exposure.';
comment on column reporting.open_item.discount_until is 'The last day on which paying gets the early-payment discount; null: there is none.';
comment on column reporting.open_item.discount_offered is 'The discount for paying all of it by then.';
comment on column reporting.open_item.discount_offered_group is 'In the group''s currency at the stored rate of the document; null: there is no rate. The discount for paying all of it by then.';
comment on column reporting.open_item.settled_on is 'The day on which nothing was open any more.';
comment on column reporting.open_item.document_id is 'The document that made it.';

create or replace view reporting.allocation with (security_invoker = true) as
  select
    'alc_' || t.id::text as id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    'acc_' || t.account_id::text as account_id,
    t.kind as kind,
    'oi_' || t.to_item_id::text as to_item_id,
    reporting.amount(t.to_minor, t.to_currency) as to_amount,
    t.to_currency as to_currency,
    'oi_' || t.from_item_id::text as from_item_id,
    'acc_' || t.from_account_id::text as from_account_id,
    reporting.amount(t.from_minor, t.from_currency) as from_amount,
    t.from_currency as from_currency,
    t.base_currency as base_currency,
    t.effective_on as effective_on,
    t.recorded_at as recorded_at,
    t.rule as rule,
    'act_' || t.actor_id::text as actor_id,
    'je_' || t.entry_id::text as entry_id,
    'alc_' || t.reverses_id::text as reverses_id,
    'alc_' || t.with_id::text as with_id,
    'pay_' || t.via_id::text as via_id,
    'con_' || t.connection_id::text as connection_id
  from allocation t;
comment on view reporting.allocation is 'What closed an item: a payment, a credit note, a discount, a write-off. Never changed; taken back by another with negated amounts.';
comment on column reporting.allocation.id is 'The id of the allocation: its kind and a UUIDv7.';
comment on column reporting.allocation.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.allocation.account_id is 'The customer''s account it is on.';
comment on column reporting.allocation.kind is 'How it closes the item.';
comment on column reporting.allocation.to_item_id is 'The item that is closed, owed to us.';
comment on column reporting.allocation.to_amount is 'What it takes of that item, in that item''s currency; negative in a reversal.';
comment on column reporting.allocation.to_currency is 'The currency of the item that is closed.';
comment on column reporting.allocation.from_item_id is 'The item that is used, owed by us.';
comment on column reporting.allocation.from_account_id is 'The account of the item that is used; a parent may pay for its children.';
comment on column reporting.allocation.from_amount is 'What it uses of that item, in that item''s currency; negative in a reversal.';
comment on column reporting.allocation.from_currency is 'The currency of the item that is used.';
comment on column reporting.allocation.base_currency is 'The legal entity''s functional currency.';
comment on column reporting.allocation.effective_on is 'The day from which it counts.';
comment on column reporting.allocation.recorded_at is 'When we learnt of it.';
comment on column reporting.allocation.rule is 'The rule by which it was made, for example `manual`, `import`, or `early-payment` for a discount by the terms.';
comment on column reporting.allocation.actor_id is 'Who made it.';
comment on column reporting.allocation.entry_id is 'The journal entry that it posted.';
comment on column reporting.allocation.reverses_id is 'The allocation that this one takes back.';
comment on column reporting.allocation.with_id is 'Of a discount: the allocation of the payment or credit note that it was granted with; it is taken back with that.';
comment on column reporting.allocation.via_id is 'The payment document of an ERP that made it, also where it uses a credit note.';
comment on column reporting.allocation.connection_id is 'The connection by which it was observed in an ERP; null: by our own authority.';

create or replace view reporting.journal_entry with (security_invoker = true) as
  select
    'je_' || t.id::text as id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    t.event_type as event_type,
    t.record_kind as record_kind,
    t.effective_on as effective_on,
    t.recorded_at as recorded_at,
    'je_' || t.reverses_id::text as reverses_id,
    'act_' || t.actor_id::text as actor_id,
    'con_' || t.connection_id::text as connection_id,
    case t.record_kind when 'Order' then 'ord_' when 'Fulfilment' then 'ful_' when 'Invoice' then 'inv_' when 'CreditNote' then 'cn_' when 'Payment' then 'pay_' when 'Allocation' then 'alc_' when 'Customer' then 'cus_' when 'CustomerAccount' then 'acc_' when 'Product' then 'prd_' end || t.record_id::text as record_id
  from journal_entry t;
comment on view reporting.journal_entry is 'One balanced entry of the receivables sub-ledger. Entries never change; a correction is another entry that reverses the first.';
comment on column reporting.journal_entry.id is 'The id of the journal entry: its kind and a UUIDv7.';
comment on column reporting.journal_entry.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.journal_entry.event_type is 'What happened, for example `invoice.issued`.';
comment on column reporting.journal_entry.record_kind is 'The kind of record that it happened to.';
comment on column reporting.journal_entry.effective_on is 'The day on which it counts.';
comment on column reporting.journal_entry.recorded_at is 'When we learnt of it.';
comment on column reporting.journal_entry.reverses_id is 'The entry that this one takes back.';
comment on column reporting.journal_entry.actor_id is 'Who did it.';
comment on column reporting.journal_entry.connection_id is 'The connection by which it was observed in an ERP; null: by our own authority.';
comment on column reporting.journal_entry.record_id is 'The record that it is about.';

create or replace view reporting.transfer with (security_invoker = true) as
  select
    'tr_' || t.id::text as id,
    t.debit_code as debit_code,
    t.debit_detail as debit_detail,
    'acc_' || t.debit_account_id::text as debit_account_id,
    'oi_' || t.debit_item_id::text as debit_item_id,
    t.credit_code as credit_code,
    t.credit_detail as credit_detail,
    'acc_' || t.credit_account_id::text as credit_account_id,
    'oi_' || t.credit_item_id::text as credit_item_id,
    t.currency as currency,
    reporting.amount(t.amount_minor, t.currency) as amount,
    t.base_currency as base_currency,
    reporting.amount(t.base_minor, t.base_currency) as base_amount,
    'je_' || t.entry_id::text as entry_id,
    'le_' || t.legal_entity_id::text as legal_entity_id,
    t.effective_on as effective_on,
    t.recorded_at as recorded_at
  from transfer t;
comment on view reporting.transfer is 'An amount moved from one ledger code to another, in the document currency and in the functional currency.';
comment on column reporting.transfer.id is 'The id of the transfer: its kind and a UUIDv7.';
comment on column reporting.transfer.debit_code is 'The ledger code that is debited, for example RECEIVABLE.';
comment on column reporting.transfer.debit_detail is 'What the debited code is split by: a tax rate, a bank account.';
comment on column reporting.transfer.debit_account_id is 'The customer''s account on the debit side.';
comment on column reporting.transfer.debit_item_id is 'The open item that a debited RECEIVABLE belongs to.';
comment on column reporting.transfer.credit_code is 'The ledger code that is credited.';
comment on column reporting.transfer.credit_detail is 'What the credited code is split by.';
comment on column reporting.transfer.credit_account_id is 'The customer''s account on the credit side.';
comment on column reporting.transfer.credit_item_id is 'The open item that a credited RECEIVABLE belongs to.';
comment on column reporting.transfer.currency is 'The currency of the document.';
comment on column reporting.transfer.amount is 'The amount in the document''s currency; zero for a difference of exchange rates.';
comment on column reporting.transfer.base_currency is 'The legal entity''s functional currency.';
comment on column reporting.transfer.base_amount is 'The amount in the legal entity''s functional currency, at the stored rate.';
comment on column reporting.transfer.entry_id is 'The journal entry.';
comment on column reporting.transfer.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.transfer.effective_on is 'The day on which it counts.';
comment on column reporting.transfer.recorded_at is 'When we learnt of it.';

create or replace view reporting.connection with (security_invoker = true) as
  select
    'con_' || t.id::text as id,
    t.code as code,
    t.name as name,
    t.connector as connector,
    t.lifecycle as lifecycle,
    t.credentials_version as credentials_version,
    t.sync_every_s as sync_every_s,
    t.version as version,
    t.created_at as created_at
  from connection t;
comment on view reporting.connection is 'A connection to an ERP, which serves one or more legal entities.';
comment on column reporting.connection.id is 'The id of the connection: its kind and a UUIDv7.';
comment on column reporting.connection.code is 'Its code, unique in the group; part of its webhook address, and the source of what came by it.';
comment on column reporting.connection.name is 'What it is called.';
comment on column reporting.connection.connector is 'The connector that it works with, for example `quickbooks`.';
comment on column reporting.connection.lifecycle is 'Whether it works.';
comment on column reporting.connection.credentials_version is 'Counts the changes of its credentials, which are never shown.';
comment on column reporting.connection.sync_every_s is 'How often what has changed is read, in seconds.';
comment on column reporting.connection.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.connection.created_at is 'When it was recorded here.';

create or replace view reporting.sync_stream with (security_invoker = true) as
  select
    'sst_' || t.id::text as id,
    'con_' || t.connection_id::text as connection_id,
    t.name as name,
    t.record_kind as record_kind,
    t.is_enabled as is_enabled,
    t.asked_mode as asked_mode,
    t.next_run_at as next_run_at,
    t.last_started_at as last_started_at,
    t.last_succeeded_at as last_succeeded_at,
    t.last_full_at as last_full_at,
    t.last_changed_at as last_changed_at,
    t.failure as failure,
    t.failing_since as failing_since,
    t.failure_count as failure_count,
    t.rows_per_second as rows_per_second,
    t.version as version,
    t.created_at as created_at
  from sync_stream t;
comment on view reporting.sync_stream is 'One kind of records that is read from an ERP.';
comment on column reporting.sync_stream.id is 'The id of the stream: its kind and a UUIDv7.';
comment on column reporting.sync_stream.connection_id is 'Whose stream it is.';
comment on column reporting.sync_stream.name is 'Its name in the connector, for example `invoices`.';
comment on column reporting.sync_stream.record_kind is 'What its records become, for example Invoice.';
comment on column reporting.sync_stream.is_enabled is 'It is read.';
comment on column reporting.sync_stream.asked_mode is 'How it is read next where somebody asked; null: what has changed.';
comment on column reporting.sync_stream.next_run_at is 'When it is read next.';
comment on column reporting.sync_stream.last_started_at is 'When it was read last.';
comment on column reporting.sync_stream.last_succeeded_at is 'Up to when it is known to be equal to the ERP.';
comment on column reporting.sync_stream.last_full_at is 'When everything was read last.';
comment on column reporting.sync_stream.last_changed_at is 'When something came that was new.';
comment on column reporting.sync_stream.failure is 'Why it could not be read, in a sentence; null: it could.';
comment on column reporting.sync_stream.failing_since is 'Since when.';
comment on column reporting.sync_stream.failure_count is 'How often in a row.';
comment on column reporting.sync_stream.rows_per_second is 'Records a second in the last read that had any.';
comment on column reporting.sync_stream.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.sync_stream.created_at is 'When it was recorded here.';

create or replace view reporting.sync_run with (security_invoker = true) as
  select
    'srn_' || t.id::text as id,
    'con_' || t.connection_id::text as connection_id,
    'sst_' || t.stream_id::text as stream_id,
    t.mode as mode,
    t.state as state,
    t.started_at as started_at,
    t.ended_at as ended_at,
    t.page_count as page_count,
    t.read_count as read_count,
    t.changed_count as changed_count,
    t.unchanged_count as unchanged_count,
    t.deleted_count as deleted_count,
    t.waiting_count as waiting_count,
    t.refused_count as refused_count,
    t.ignored_count as ignored_count,
    t.total_count as total_count,
    t.failure as failure,
    t.version as version,
    t.created_at as created_at
  from sync_run t;
comment on view reporting.sync_run is 'One time that a stream was read.';
comment on column reporting.sync_run.id is 'The id of the run: its kind and a UUIDv7.';
comment on column reporting.sync_run.connection_id is 'The connection.';
comment on column reporting.sync_run.stream_id is 'The stream that was read.';
comment on column reporting.sync_run.mode is 'What was read.';
comment on column reporting.sync_run.state is 'How it went.';
comment on column reporting.sync_run.started_at is 'When it began.';
comment on column reporting.sync_run.ended_at is 'When it ended.';
comment on column reporting.sync_run.page_count is 'Pages read.';
comment on column reporting.sync_run.read_count is 'Records read.';
comment on column reporting.sync_run.changed_count is 'Records that were new or changed.';
comment on column reporting.sync_run.unchanged_count is 'Records that were as they are here.';
comment on column reporting.sync_run.deleted_count is 'Records that are gone there.';
comment on column reporting.sync_run.waiting_count is 'Records that wait for others.';
comment on column reporting.sync_run.refused_count is 'Records that did not fit.';
comment on column reporting.sync_run.ignored_count is 'Records that are no business of ours.';
comment on column reporting.sync_run.total_count is 'About how many it has, where the ERP says so.';
comment on column reporting.sync_run.failure is 'Why it stopped.';
comment on column reporting.sync_run.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.sync_run.created_at is 'When it was recorded here.';

create or replace view reporting.sync_issue with (security_invoker = true) as
  select
    'iss_' || t.id::text as id,
    'con_' || t.connection_id::text as connection_id,
    'sst_' || t.stream_id::text as stream_id,
    'erq_' || t.erp_request_id::text as erp_request_id,
    t.reason as reason,
    t.record_kind as record_kind,
    t.external_id as external_id,
    t.field as field,
    t.message as message,
    t.erp_text as erp_text,
    t.code as code,
    t.lifecycle as lifecycle,
    t.seen_count as seen_count,
    t.last_seen_at as last_seen_at,
    t.resolved_at as resolved_at,
    t.version as version,
    t.created_at as created_at,
    case t.record_kind when 'Order' then 'ord_' when 'Fulfilment' then 'ful_' when 'Invoice' then 'inv_' when 'CreditNote' then 'cn_' when 'Payment' then 'pay_' when 'Allocation' then 'alc_' when 'Customer' then 'cus_' when 'CustomerAccount' then 'acc_' when 'Product' then 'prd_' end || t.record_id::text as record_id
  from sync_issue t;
comment on view reporting.sync_issue is 'Something that came from an ERP, or was asked of it, and did not fit.';
comment on column reporting.sync_issue.id is 'The id of the issue: its kind and a UUIDv7.';
comment on column reporting.sync_issue.connection_id is 'The connection.';
comment on column reporting.sync_issue.stream_id is 'The stream, of what was read.';
comment on column reporting.sync_issue.erp_request_id is 'The request, of what was asked of the ERP.';
comment on column reporting.sync_issue.reason is 'What it is about.';
comment on column reporting.sync_issue.record_kind is 'The kind of record, for example Invoice.';
comment on column reporting.sync_issue.external_id is 'The id of the record there.';
comment on column reporting.sync_issue.field is 'The field that is wrong.';
comment on column reporting.sync_issue.message is 'What is wrong, and what would be right.';
comment on column reporting.sync_issue.erp_text is 'The ERP''s own words.';
comment on column reporting.sync_issue.code is 'Of what the books here refused: the error code, for example RATE_MISSING.';
comment on column reporting.sync_issue.lifecycle is 'Whether it still stands.';
comment on column reporting.sync_issue.seen_count is 'How often it was met.';
comment on column reporting.sync_issue.last_seen_at is 'When it was met last.';
comment on column reporting.sync_issue.resolved_at is 'When it went away.';
comment on column reporting.sync_issue.version is 'Counts the changes of this record from 1; give it back as `expectedVersion`.';
comment on column reporting.sync_issue.created_at is 'When it was recorded here.';
comment on column reporting.sync_issue.record_id is 'The record that it is about.';

create or replace view reporting.sales_rows with (security_invoker = true) as
  select
    'je_' || r.id::text as id,
    'le_' || r.legal_entity_id::text as legal_entity_id,
    r.legal_entity_code as legal_entity_code,
    'cus_' || r.customer_id::text as customer_id,
    r.customer_number as customer_number,
    r.customer_name as customer_name,
    r.customer_country as customer_country,
    r.customer_segment as customer_segment,
    'acc_' || r.account_id::text as account_id,
    r.account_number as account_number,
    r.document_kind as document_kind,
    r.document_id as document_id,
    r.document_number as document_number,
    r.is_cash_sale as is_cash_sale,
    r.is_reversal as is_reversal,
    r.effective_on as effective_on,
    r.recorded_at as recorded_at,
    r.currency as currency,
    r.net as net,
    r.net_group as net_group,
    r.tax as tax,
    r.tax_group as tax_group,
    r.total as total,
    r.total_group as total_group,
    r.group_currency as group_currency,
    r.base_currency as base_currency,
    r.base_net as base_net,
    r.base_total as base_total
  from sales_row r;
comment on view reporting.sales_rows is 'What was billed (positive) and credited (negative), as the books have it: a row for each journal entry of an invoice or a credit note. What was taken back or changed later is a row of its own on its own day, so the sum over any days is what the books say of them. Rows never change but for the names in them.';
comment on column reporting.sales_rows.id is 'The journal entry.';
comment on column reporting.sales_rows.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.sales_rows.legal_entity_code is 'Its code.';
comment on column reporting.sales_rows.customer_id is 'The customer that the account belongs to now.';
comment on column reporting.sales_rows.customer_number is 'Its number.';
comment on column reporting.sales_rows.customer_name is 'Its name.';
comment on column reporting.sales_rows.customer_country is 'Its country, by ISO 3166.';
comment on column reporting.sales_rows.customer_segment is 'Its segment.';
comment on column reporting.sales_rows.account_id is 'The customer''s account with the legal entity.';
comment on column reporting.sales_rows.account_number is 'Its number.';
comment on column reporting.sales_rows.document_kind is 'Invoice or CreditNote.';
comment on column reporting.sales_rows.document_id is 'The document.';
comment on column reporting.sales_rows.document_number is 'Its number.';
comment on column reporting.sales_rows.is_cash_sale is 'Paid as it was sold: no part of credit sales.';
comment on column reporting.sales_rows.is_reversal is 'Takes another row back.';
comment on column reporting.sales_rows.effective_on is 'The day on which it counts.';
comment on column reporting.sales_rows.recorded_at is 'When we learnt of it.';
comment on column reporting.sales_rows.currency is 'The currency of the amounts.';
comment on column reporting.sales_rows.net is 'Without tax.';
comment on column reporting.sales_rows.net_group is 'The same in the group''s currency, at the stored rate of its document; null: it has none.';
comment on column reporting.sales_rows.tax is 'The tax.';
comment on column reporting.sales_rows.tax_group is 'The same in the group''s currency, at the stored rate of its document; null: it has none.';
comment on column reporting.sales_rows.total is 'Both together.';
comment on column reporting.sales_rows.total_group is 'The same in the group''s currency, at the stored rate of its document; null: it has none.';
comment on column reporting.sales_rows.group_currency is 'The group''s currency: of the amounts whose names say so, at the stored rate of the document.';
comment on column reporting.sales_rows.base_currency is 'The legal entity''s functional currency.';
comment on column reporting.sales_rows.base_net is 'Without tax, in functional currency as it was posted.';
comment on column reporting.sales_rows.base_total is 'With tax, in functional currency as it was posted.';

create or replace view reporting.payment_rows with (security_invoker = true) as
  select
    'pay_' || r.id::text as id,
    'le_' || r.legal_entity_id::text as legal_entity_id,
    r.legal_entity_code as legal_entity_code,
    'cus_' || r.customer_id::text as customer_id,
    r.customer_number as customer_number,
    r.customer_name as customer_name,
    r.customer_country as customer_country,
    r.customer_segment as customer_segment,
    'acc_' || r.account_id::text as account_id,
    r.account_number as account_number,
    r.number as number,
    r.method as method,
    r.status as status,
    r.reference as reference,
    r.received_on as received_on,
    r.returned_on as returned_on,
    r.currency as currency,
    r.amount as amount,
    r.amount_group as amount_group,
    r.unapplied as unapplied,
    r.unapplied_group as unapplied_group,
    r.group_currency as group_currency,
    r.base_currency as base_currency,
    r.base_amount as base_amount
  from payment_row r;
comment on view reporting.payment_rows is 'Payments: a row for each, also for those that are announced, failed or taken back. What came on some days is the sum of `amount` by `received_on`, less that by `returned_on`.';
comment on column reporting.payment_rows.id is 'The payment.';
comment on column reporting.payment_rows.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.payment_rows.legal_entity_code is 'Its code.';
comment on column reporting.payment_rows.customer_id is 'The customer that the account belongs to now.';
comment on column reporting.payment_rows.customer_number is 'Its number.';
comment on column reporting.payment_rows.customer_name is 'Its name.';
comment on column reporting.payment_rows.customer_country is 'Its country, by ISO 3166.';
comment on column reporting.payment_rows.customer_segment is 'Its segment.';
comment on column reporting.payment_rows.account_id is 'The customer''s account with the legal entity.';
comment on column reporting.payment_rows.account_number is 'Its number.';
comment on column reporting.payment_rows.number is 'Its number.';
comment on column reporting.payment_rows.method is 'How it was paid, for example BANK_TRANSFER.';
comment on column reporting.payment_rows.status is 'PENDING, UNAPPLIED, PARTIALLY_APPLIED, APPLIED, FAILED, CANCELLED, RETURNED or VOIDED.';
comment on column reporting.payment_rows.reference is 'What the payer wrote.';
comment on column reporting.payment_rows.received_on is 'The day on which the money came; null: it did not.';
comment on column reporting.payment_rows.returned_on is 'The day on which it was taken back: by the bank, or by the ERP.';
comment on column reporting.payment_rows.currency is 'The currency of the amounts.';
comment on column reporting.payment_rows.amount is 'The amount.';
comment on column reporting.payment_rows.amount_group is 'The same in the group''s currency, at the stored rate of its document; null: it has none.';
comment on column reporting.payment_rows.unapplied is 'What of it is not set against anything.';
comment on column reporting.payment_rows.unapplied_group is 'The same in the group''s currency, at the stored rate of its document; null: it has none.';
comment on column reporting.payment_rows.group_currency is 'The group''s currency: of the amounts whose names say so, at the stored rate of the document.';
comment on column reporting.payment_rows.base_currency is 'The legal entity''s functional currency.';
comment on column reporting.payment_rows.base_amount is 'The amount in functional currency, at the stored rate; null before it came.';

create or replace view reporting.open_item_rows with (security_invoker = true) as
  select
    'oi_' || r.id::text as id,
    'le_' || r.legal_entity_id::text as legal_entity_id,
    r.legal_entity_code as legal_entity_code,
    'cus_' || r.customer_id::text as customer_id,
    r.customer_number as customer_number,
    r.customer_name as customer_name,
    r.customer_country as customer_country,
    r.customer_segment as customer_segment,
    'acc_' || r.account_id::text as account_id,
    r.account_number as account_number,
    r.kind as kind,
    r.document_kind as document_kind,
    r.document_id as document_id,
    r.document_number as document_number,
    r.instalment as instalment,
    r.effective_on as effective_on,
    r.due_on as due_on,
    r.settled_on as settled_on,
    r.currency as currency,
    r.original as original,
    r.original_group as original_group,
    r.open as open,
    r.open_group as open_group,
    r.group_currency as group_currency,
    r.base_currency as base_currency,
    r.base_open as base_open
  from open_item_row r;
comment on view reporting.open_item_rows is 'Open items, and those that were: owed to us (positive) or by us (negative). What is settled has nothing open and stays, so that who keeps a copy sees it closed.';
comment on column reporting.open_item_rows.id is 'The open item.';
comment on column reporting.open_item_rows.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.open_item_rows.legal_entity_code is 'Its code.';
comment on column reporting.open_item_rows.customer_id is 'The customer that the account belongs to now.';
comment on column reporting.open_item_rows.customer_number is 'Its number.';
comment on column reporting.open_item_rows.customer_name is 'Its name.';
comment on column reporting.open_item_rows.customer_country is 'Its country, by ISO 3166.';
comment on column reporting.open_item_rows.customer_segment is 'Its segment.';
comment on column reporting.open_item_rows.account_id is 'The customer''s account with the legal entity.';
comment on column reporting.open_item_rows.account_number is 'Its number.';
comment on column reporting.open_item_rows.kind is 'INVOICE, CREDIT_NOTE, PAYMENT, DEBIT or OPENING.';
comment on column reporting.open_item_rows.document_kind is 'The kind of record that made it: Invoice, CreditNote or Payment.';
comment on column reporting.open_item_rows.document_id is 'The document.';
comment on column reporting.open_item_rows.document_number is 'Its number.';
comment on column reporting.open_item_rows.instalment is 'Which instalment of the document, from 1.';
comment on column reporting.open_item_rows.effective_on is 'The day from which it counts.';
comment on column reporting.open_item_rows.due_on is 'The day on which it is due; for what we owe, the day of the document.';
comment on column reporting.open_item_rows.settled_on is 'The day on which nothing was open any more.';
comment on column reporting.open_item_rows.currency is 'The currency of the amounts.';
comment on column reporting.open_item_rows.original is 'The amount at first.';
comment on column reporting.open_item_rows.original_group is 'The same in the group''s currency, at the stored rate of its document; null: it has none.';
comment on column reporting.open_item_rows.open is 'What is still open.';
comment on column reporting.open_item_rows.open_group is 'The same in the group''s currency, at the stored rate of its document; null: it has none.';
comment on column reporting.open_item_rows.group_currency is 'The group''s currency: of the amounts whose names say so, at the stored rate of the document.';
comment on column reporting.open_item_rows.base_currency is 'The legal entity''s functional currency.';
comment on column reporting.open_item_rows.base_open is 'What is open in functional currency.';

create or replace view reporting.ageing_rows with (security_invoker = true) as
  select
    'oi_' || r.id::text as id,
    'le_' || r.legal_entity_id::text as legal_entity_id,
    r.legal_entity_code as legal_entity_code,
    'cus_' || r.customer_id::text as customer_id,
    r.customer_number as customer_number,
    r.customer_name as customer_name,
    r.customer_country as customer_country,
    r.customer_segment as customer_segment,
    'acc_' || r.account_id::text as account_id,
    r.account_number as account_number,
    r.kind as kind,
    r.document_kind as document_kind,
    r.document_id as document_id,
    r.document_number as document_number,
    r.instalment as instalment,
    r.as_of as as_of,
    r.due_on as due_on,
    r.days_overdue as days_overdue,
    r.bucket as bucket,
    r.currency as currency,
    r.open as open,
    r.open_group as open_group,
    r.group_currency as group_currency
  from ageing_row(now()) r;
comment on view reporting.ageing_rows is 'Each open item with its days overdue and its bucket, today by the legal entity''s own calendar. The sums by bucket are those of `ageing`.';
comment on column reporting.ageing_rows.id is 'The open item.';
comment on column reporting.ageing_rows.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.ageing_rows.legal_entity_code is 'Its code.';
comment on column reporting.ageing_rows.customer_id is 'The customer that the account belongs to now.';
comment on column reporting.ageing_rows.customer_number is 'Its number.';
comment on column reporting.ageing_rows.customer_name is 'Its name.';
comment on column reporting.ageing_rows.customer_country is 'Its country, by ISO 3166.';
comment on column reporting.ageing_rows.customer_segment is 'Its segment.';
comment on column reporting.ageing_rows.account_id is 'The customer''s account with the legal entity.';
comment on column reporting.ageing_rows.account_number is 'Its number.';
comment on column reporting.ageing_rows.kind is 'INVOICE, CREDIT_NOTE, PAYMENT, DEBIT or OPENING.';
comment on column reporting.ageing_rows.document_kind is 'The kind of record that made it: Invoice, CreditNote or Payment.';
comment on column reporting.ageing_rows.document_id is 'The document.';
comment on column reporting.ageing_rows.document_number is 'Its number.';
comment on column reporting.ageing_rows.instalment is 'Which instalment of the document, from 1.';
comment on column reporting.ageing_rows.as_of is 'The day for which this is: today.';
comment on column reporting.ageing_rows.due_on is 'The day on which it is due.';
comment on column reporting.ageing_rows.days_overdue is 'Days since then; 0 or less: not due yet.';
comment on column reporting.ageing_rows.bucket is 'NOT_DUE, DAYS_1_TO_30, DAYS_31_TO_60, DAYS_61_TO_90 or OVER_90; UNAPPLIED: owed by us.';
comment on column reporting.ageing_rows.currency is 'The currency of the amounts.';
comment on column reporting.ageing_rows.open is 'What is open.';
comment on column reporting.ageing_rows.open_group is 'The same in the group''s currency, at the stored rate of its document; null: it has none.';
comment on column reporting.ageing_rows.group_currency is 'The group''s currency: of the amounts whose names say so, at the stored rate of the document.';

create or replace view reporting.cash_forecast_by_due_date_rows with (security_invoker = true) as
  select
    r.id as id,
    'le_' || r.legal_entity_id::text as legal_entity_id,
    r.legal_entity_code as legal_entity_code,
    r.due_on as due_on,
    r.is_overdue as is_overdue,
    r.currency as currency,
    r.amount as amount,
    r.amount_group as amount_group,
    r.group_currency as group_currency,
    r.item_count as item_count
  from cash_forecast_by_due_date_row(now()) r;
comment on view reporting.cash_forecast_by_due_date_rows is 'What is owed to us by the day on which it is due: a forecast of cash only as far as customers pay on the day. What is overdue stands at the day on which it was due; what we owe is not taken off.';
comment on column reporting.cash_forecast_by_due_date_rows.id is 'Tells the row apart: legal entity, day and currency.';
comment on column reporting.cash_forecast_by_due_date_rows.legal_entity_id is 'The legal entity whose books it is in.';
comment on column reporting.cash_forecast_by_due_date_rows.legal_entity_code is 'Its code.';
comment on column reporting.cash_forecast_by_due_date_rows.due_on is 'The day on which it is due.';
comment on column reporting.cash_forecast_by_due_date_rows.is_overdue is 'The day is past.';
comment on column reporting.cash_forecast_by_due_date_rows.currency is 'The currency of the amounts.';
comment on column reporting.cash_forecast_by_due_date_rows.amount is 'What is open of it.';
comment on column reporting.cash_forecast_by_due_date_rows.amount_group is 'The same in the group''s currency, at the stored rate of its document; null: it has none.';
comment on column reporting.cash_forecast_by_due_date_rows.group_currency is 'The group''s currency: of the amounts whose names say so, at the stored rate of the document.';
comment on column reporting.cash_forecast_by_due_date_rows.item_count is 'Of how many open items.';

create or replace view reporting.sync_health_rows with (security_invoker = true) as
  select
    'sst_' || r.id::text as id,
    'con_' || r.connection_id::text as connection_id,
    r.connection_code as connection_code,
    r.connection_name as connection_name,
    r.connector as connector,
    r.lifecycle as lifecycle,
    r.health as health,
    r.stream as stream,
    r.record_kind as record_kind,
    r.is_enabled as is_enabled,
    r.last_succeeded_at as last_succeeded_at,
    r.lag_s as lag_s,
    r.last_changed_at as last_changed_at,
    r.failure as failure,
    r.failing_since as failing_since,
    r.failure_count as failure_count,
    r.waiting_count as waiting_count,
    r.refused_count as refused_count,
    r.open_issue_count as open_issue_count,
    r.open_drift_count as open_drift_count
  from sync_health_row r;
comment on view reporting.sync_health_rows is 'Each stream of each connection to an ERP: how far it was read, what stands in its way, what did not fit.';
comment on column reporting.sync_health_rows.id is 'The stream.';
comment on column reporting.sync_health_rows.connection_id is 'The connection.';
comment on column reporting.sync_health_rows.connection_code is 'Its code.';
comment on column reporting.sync_health_rows.connection_name is 'Its name.';
comment on column reporting.sync_health_rows.connector is 'By which connector, for example quickbooks.';
comment on column reporting.sync_health_rows.lifecycle is 'ACTIVE or PAUSED.';
comment on column reporting.sync_health_rows.health is 'UNKNOWN, HEALTHY, FAILING or SIGNED_OUT.';
comment on column reporting.sync_health_rows.stream is 'The name of the stream.';
comment on column reporting.sync_health_rows.record_kind is 'What it brings.';
comment on column reporting.sync_health_rows.is_enabled is 'It is read.';
comment on column reporting.sync_health_rows.last_succeeded_at is 'Up to when it was read to its end; null: never.';
comment on column reporting.sync_health_rows.lag_s is 'How many seconds ago that is.';
comment on column reporting.sync_health_rows.last_changed_at is 'When it last brought something new.';
comment on column reporting.sync_health_rows.failure is 'Why it could not be read.';
comment on column reporting.sync_health_rows.failing_since is 'Since when.';
comment on column reporting.sync_health_rows.failure_count is 'How often in a row.';
comment on column reporting.sync_health_rows.waiting_count is 'Records that wait for one that they refer to.';
comment on column reporting.sync_health_rows.refused_count is 'Records that did not fit.';
comment on column reporting.sync_health_rows.open_issue_count is 'Issues of it that stand open.';
comment on column reporting.sync_health_rows.open_drift_count is 'Differences from the ERP that stand open, of the whole connection.';
