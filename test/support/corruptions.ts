// Ways to corrupt the books of `openSmallCompany` by SQL, past triggers and foreign keys, each with the invariants that it breaks.
import { sumCorruptions } from './corruptions-sums.ts';
import { syncCorruptions } from './corruptions-sync.ts';
import { webhookCorruptions } from './corruptions-webhooks.ts';

const one = (table: string, where: string) => `id = (select id from ${table} where ${where} order by id limit 1)`;
const issued = (net: number) => one('invoice', `net_minor = ${net} and lifecycle = 'ISSUED'`);
const paidItem = one(
  'open_item',
  `kind = 'INVOICE' and cash_minor > 0 and currency = 'EUR' and open_minor = 0 and discount_minor = 0`,
);
const usedPayment = one('open_item', `kind = 'PAYMENT' and open_minor = 0 and cash_minor < 0`);
const newTransfer = (
  set: string,
) => `create temporary table copied on commit drop as select * from transfer where debit_code = 'CURRENCY_CLEARING' limit 1;
  update copied set id = gen_random_uuid(), ${set}; insert into transfer select * from copied`;
const newDelivery = `insert into delivery (tenant_id, consumer, record_id, position, next_at, state)
  select tenant_id, 'hook', record_id, position, now(), 'PENDING' from event where position = 3;
  insert into delivery_cursor values ('hook', 5)`;

/** What is done to the database, and who must say so. */
export const corruptions: readonly (readonly [what: string, statements: string, names: readonly string[]])[] = [
  [
    'currency clearing that is left with a balance',
    newTransfer(`amount_minor = 0, base_minor = 5, credit_code = 'BILLED', credit_item_id = null`),
    ['1 entry-balanced'],
  ],
  [
    'a transfer without a credit side',
    `alter table transfer alter credit_code drop not null; update transfer set credit_code = null where ${one('transfer', `credit_code = 'TAX'`)}`,
    ['1 entry-balanced', '2 trial-balance'],
  ],
  [
    'an entry on another day than its transfers',
    `update journal_entry set effective_on = effective_on + 1 where ${one('journal_entry', `event_type = 'invoice.issued'`)}`,
    ['1 transfer-of-entry'],
  ],
  [
    'a transfer in another base currency',
    `update transfer set base_currency = 'USD' where ${one('transfer', `currency = 'JPY'`)}`,
    ['2 trial-balance'],
  ],
  [
    'RECEIVABLE on another account',
    `update transfer set debit_account_id = (select account_id from open_item i where i.account_id <> debit_account_id limit 1) where ${one('transfer', `debit_code = 'RECEIVABLE' and credit_code = 'BILLED'`)}`,
    ['3 control-account', '13 ageing-foots', '33 owners-agree'],
  ],
  [
    'an item with more open',
    `update open_item set open_minor = open_minor + 7, write_off_minor = write_off_minor - 7 where ${one('open_item', `write_off_minor > 0 and open_minor > 0`)}`,
    ['3 control-account', '4 item-open', '8 settled-by-kind', '8 document-settlement', '13 ageing-summed', '22 item-exposure'],
  ],
  [
    'an allocation that counts before its item',
    `update open_item set effective_on = effective_on + 60 where ${paidItem}`,
    ['4 item-open-any-day', '13 ageing-foots'],
  ],
  ['an item of another number', `update open_item set document_number = 'X' where ${paidItem}`, ['5 document-total']],
  [
    'an item without its document',
    `update open_item set document_id = gen_random_uuid() where ${one('open_item', `kind = 'INVOICE' and open_minor = original_minor`)}`,
    ['5 document-total', '8 document-settlement', '22 item-exposure'],
  ],
  [
    'a credit note used as cash',
    `update allocation set kind = 'CASH' where ${one('allocation', `kind = 'CREDIT'`)}`,
    ['6 sides-of-items', '8 settled-by-kind'],
  ],
  [
    'an entry of another allocation',
    `update allocation a set entry_id = (select entry_id from allocation b where b.kind = 'WRITE_OFF' limit 1) where ${one('allocation', `kind = 'DISCOUNT'`)}`,
    ['7 allocation-posted'],
  ],
  [
    'a reversal whose entry reverses nothing',
    `update journal_entry set reverses_id = null where event_type = 'allocation.reversed'`,
    ['7 reversal-agrees'],
  ],
  [
    'an entry that is reversed twice',
    `insert into journal_entry (tenant_id, id, legal_entity_id, event_type, record_kind, record_id, effective_on, recorded_at, reverses_id, actor_id, connection_id)
     select tenant_id, gen_random_uuid(), legal_entity_id, event_type, record_kind, record_id, effective_on, recorded_at, reverses_id, actor_id, gen_random_uuid()
     from journal_entry where event_type = 'allocation.reversed' order by id limit 1`,
    ['7 entry-reversed', '7 reversed-once'],
  ],
  [
    'an entry that reverses another one',
    `update journal_entry set reverses_id = (select id from journal_entry where event_type = 'payment.received' order by id limit 1) where event_type = 'payment.returned'`,
    ['7 entry-reversed'],
  ],
  [
    'an item that says credit where it was cash',
    `update open_item set cash_minor = 0, credit_minor = cash_minor where ${usedPayment}`,
    ['8 settled-by-kind'],
  ],
  [
    'a discount that was granted with something on another invoice',
    `update allocation set with_id = (select id from allocation where kind = 'CASH' and to_currency = 'JPY' limit 1) where ${one('allocation', `kind = 'DISCOUNT'`)}`,
    ['8 discount-granted'],
  ],
  [
    'a discount of more than was offered',
    `update open_item set discount_offered_minor = 1 where discount_minor > 0 and discount_offered_minor > 0; update invoice set discount_offered_minor = 1 where discounted_minor > 0 and discount_offered_minor > 0`,
    ['8 discount-granted', '18 snapshot-holds'],
  ],
  ['an item settled on another day', `update open_item set settled_on = settled_on + 1 where ${usedPayment}`, ['8 settled-on']],
  ['a paid invoice that says open', `update invoice set status = 'OPEN' where ${issued(100000)}`, ['8 document-settlement']],
  [
    'an invoice that says more was paid',
    `update invoice set paid_minor = paid_minor + 1, discounted_minor = discounted_minor - 1 where ${issued(100000)}`,
    ['8 document-settlement'],
  ],
  [
    'a payer that is not above',
    `update customer set parent_id = null; update event set payload = payload - 'parentId'`,
    ['9 accounts-fit', '22 exposure-stored'],
  ],
  [
    'a payment of an ERP of which more is allocated than it is set against',
    `update payment_application set missing_minor = missing_minor + 1 where missing_minor = 0`,
    ['7 applied-as-shown'],
  ],
  [
    'a payment that was voided and is set against something still',
    `update payment set lifecycle = 'VOIDED', status = 'VOIDED' where number = 'C79'`,
    ['7 applied-as-shown'],
  ],
  [
    'an invoice that was voided and is owed still',
    `update invoice set lifecycle = 'VOIDED', status = 'VOIDED' where number = '1002'`,
    ['5 document-total'],
  ],
  [
    'an item that was voided and stands for its document',
    `update open_item set voided_minor = 0, credit_minor = credit_minor + voided_minor where document_number = '1004' and voided_minor <> 0`,
    ['5 document-total', '8 settled-by-kind', '8 document-settlement'],
  ],
  [
    'an invoice of an ERP with another tax than there',
    `update invoice_tax set tax_minor = tax_minor + 1 where invoice_id = (select id from invoice where number = '1002')`,
    ['10 observed-figures'],
  ],
  [
    'a posting into a closed period that no ERP made',
    `update journal_entry set connection_id = null where ${one('journal_entry', `event_type = 'payment.observed'`)}`,
    ['14 closed-period'],
  ],
  [
    'an order of which an ERP billed less',
    `update invoice_line set ordered_gross_minor = ordered_gross_minor - 1, ordered_quantity = ordered_quantity - 1 where ordered_quantity is not null`,
    ['17 billed-quantities', '17 order-amounts'],
  ],
  [
    'a refund of a payment',
    `update allocation set kind = 'REFUND' where ${one('allocation', `kind = 'RETURN'`)}`,
    ['6 sides-of-items', '11 within-received'],
  ],
  [
    'an allocation in another currency',
    `update allocation set to_currency = 'GBP' where ${one('allocation', `to_currency = 'JPY'`)}`,
    ['9 currencies-fit'],
  ],
  [
    'a line that was rounded wrongly',
    `update invoice_line set unit_price = unit_price + 0.01 where ${one('invoice_line', `quantity = 1.5`)}`,
    ['10 line-arithmetic', '18 snapshot-holds'],
  ],
  [
    'a tax that was computed wrongly',
    `update invoice_tax set tax_rate = 18 where ${one('invoice_tax', `tax_rate = 19`)}`,
    ['10 line-arithmetic'],
  ],
  [
    'a credit note that is no sum',
    `update credit_note_tax set taxable_minor = taxable_minor - 1 where ${one('credit_note_tax', 'tax_rate = 7')}`,
    ['10 credit-arithmetic'],
  ],
  [
    'a payment of less than was used',
    `update payment set amount_minor = amount_minor - 100 where amount_minor = 70000`,
    ['5 document-total', '11 within-received', '12 base-amount'],
  ],
  ['a base amount at another rate', `update invoice set rate = rate + 0.01 where currency = 'JPY'`, ['12 base-amount']],
  [
    'a realised difference that is called something else',
    `update transfer set debit_code = 'BAD_DEBT' where debit_code = 'FX'`,
    ['12 difference-realised'],
  ],
  [
    'an item on another day than the books',
    `update open_item set effective_on = effective_on - 1 where ${paidItem}`,
    ['13 ageing-foots'],
  ],
  [
    'a posting that came after closing',
    `update legal_entity set closed_through = '2026-03-01' where code = 'DE'`,
    ['14 closed-period'],
  ],
  ['a trigger that is off', `alter table transfer disable trigger transfer_append_only`, ['14 append-only']],
  [
    'a number that is missing',
    `update invoice set series_number = 77 where series_number = (select next_number - 1 from number_series where prefix = 'INV-DE-')`,
    ['15 numbers-dense'],
  ],
  [
    'two invoices of one number',
    `drop index invoice_series_unique, invoice_number_ours; update invoice set series_number = 2, number = 'INV-DE-000002' where number = 'INV-DE-000001'`,
    ['5 document-total', '15 numbers-dense', '18 snapshot-holds'],
  ],
  [
    'an issue date before that of a lower number',
    `update number_series set last_on = '2026-01-01' where kind = 'INVOICE' and prefix like '%DE%'`,
    ['16 dates-rise'],
  ],
  [
    'an issued invoice with another due date',
    `update invoice set due_on = due_on + 1 where ${issued(100000)}`,
    ['5 instalments', '18 snapshot-holds'],
  ],
  [
    'an issued invoice for somebody else',
    `update invoice set buyer_name = 'Somebody' where ${issued(100000)}`,
    ['18 snapshot-holds'],
  ],
  [
    'a bill of an order at another price',
    `update invoice_line set unit_price = unit_price * 2 where order_line_id is not null`,
    ['10 ordered-lines', '18 snapshot-holds'],
  ],
  ['a return of less than was credited', `update credit_note_line set quantity = quantity - 1`, ['10 credited-lines']],
  [
    'a line of an order of which more is credited than came back',
    `update order_line set credited_quantity = credited_quantity - 1 where credited_quantity > 0`,
    ['17 billed-quantities'],
  ],
  [
    'an order that says more was credited',
    `update sales_order set credited_minor = credited_minor + 1 where credited_minor > 0`,
    ['17 order-amounts'],
  ],
  [
    'a credit note that lost its order',
    `update credit_note set order_id = null where order_id is not null`,
    ['17 order-amounts', '17 order-of-note'],
  ],
  [
    'a customer that another one stands for, and that nobody decided on',
    `update customer set merged_into_id = (select min(k.id::text)::uuid from customer k) where id = (select max(c.id::text)::uuid from customer c)`,
    ['22 matched-as-one'],
  ],
  [
    'an account that is with another customer than it was opened for, whom nobody stands for',
    `update customer_account set origin_customer_id = (select min(k.id::text)::uuid from customer k where k.id <> customer_id) where ${one('customer_account', 'true')}`,
    ['22 matched-as-one'],
  ],
  [
    'an item that is exposure at another rate',
    `update open_item set group_rate = group_rate + 1 where ${one('open_item', 'open_minor = 0')}`,
    ['22 item-exposure'],
  ],
  [
    'a line that is more exposure than is ordered',
    `update order_line set group_unbilled_minor = group_unbilled_minor + 1 where ${one('order_line', 'group_unbilled_minor > 0')};
     update credit_account set unbilled_minor = unbilled_minor + 1 where unbilled_minor > 0`,
    ['22 line-exposure-exact'],
  ],
  [
    'a line with more in fulfilments than they have',
    `update order_line set planned_quantity = 1 where planned_quantity = 0`,
    ['17 fulfilled-quantities'],
  ],
  [
    'a line of which people planned more than was ordered',
    `update order_line set planned_quantity = quantity + 1 where ${one('order_line', 'planned_quantity = 0')}`,
    ['17 fulfilled-quantities', '17 planned-within'],
  ],
  [
    'a closed line of which nothing is cancelled',
    `update order_line set is_closed = true, price_rule = 'observed' where ${one('order_line', 'quantity > greatest(shipped_quantity, billed_quantity) + cancelled_quantity')}`,
    ['17 closed-lines'],
  ],
  ['a fulfilment of which nothing came back', `update fulfilment set return_status = 'NONE'`, ['17 returned-of-shipped']],
  [
    'an order of which a part left',
    `update sales_order set fulfilment_status = 'PARTIAL' where fulfilment_status = 'NONE'`,
    ['17 order-statuses'],
  ],
  ['an order with a hold that is not there', `update sales_order set open_hold_count = 1`, ['17 holds-counted']],
  [
    'an order that nobody let go beyond the limit',
    `update sales_order set released_version = content_version, released_minor = total_minor`,
    ['23 release-granted'],
  ],
  [
    'a line that is exposure in another currency',
    `update order_line set group_currency = 'USD' where ${one('order_line', 'group_unbilled_minor > 0')}`,
    ['22 line-exposure'],
  ],
  ['a key without its effect', `update idempotency set record_id = gen_random_uuid() where key = 'key-2'`, ['25 key-has-effect']],
  ['a key without its answer', `update idempotency set selection_hash = 'x' where key = 'key-2'`, ['25 key-has-effect']],
  [
    'a hole in the log',
    `delete from event where position = 4 and record_kind = 'ExchangeRate'; update exchange_rate set version = 1`,
    ['26 positions-dense', '35 change-logged'],
  ],
  ['a head beyond the log', `update event_head set position = position + 1`, ['26 positions-dense']],
  ['a delivery beyond its cursor', `${newDelivery}; update delivery_cursor set position = 2`, ['26 deliveries-accounted']],
  ['a dead letter without a reason', `${newDelivery}; update delivery set state = 'DEAD'`, ['26 deliveries-accounted']],
  [
    'two versions in the wrong order',
    `update event e set record_version = 3 - record_version where type in ('invoice.drafted', 'invoice.draft_changed') and record_id = (select record_id from event where type = 'invoice.draft_changed')`,
    ['27 versions-in-order'],
  ],
  [
    'an external id of two records',
    `alter table external_ref drop constraint external_ref_unique; update external_ref set external_id = 'I-1'`,
    ['29 external-once'],
  ],
  [
    'an event that is in the log twice',
    `insert into event_inbox (tenant_id, event_id, type, type_version, record_kind, record_id, record_version, actor_id, request_id, occurred_at, recorded_at, payload)
     select tenant_id, event_id, type, type_version, record_kind, record_id, record_version, actor_id, request_id, occurred_at, recorded_at, payload from event where type = 'invoice.drafted' and record_id = (select id from invoice where lifecycle = 'DRAFT' and version = 1 limit 1)
     union all select tenant_id, event_id, type, type_version, record_kind, record_id, record_version, actor_id, request_id, occurred_at, recorded_at, payload from event where type = 'allocation.made' and position = (select min(position) from event where type = 'allocation.made')`,
    ['29 external-once'],
  ],
  [
    'a lease of two owners',
    `alter table lease drop constraint lease_pk; insert into lease values ('seal', 'a', 1, now()), ('seal', 'b', 1, now())`,
    ['31 one-owner'],
  ],
  [
    'a delivery that overtakes',
    `${newDelivery}; insert into delivery (tenant_id, consumer, record_id, position, next_at, state, claim_token, claimed_until)
     select e.tenant_id, 'hook', d.record_id, e.position, now(), 'PENDING', 1, now() + interval '1 hour' from event e cross join delivery d where e.position = 5`,
    ['26 deliveries-accounted', '31 one-owner'],
  ],
  [
    'a key that leaves the tenant out',
    `alter table invoice drop constraint invoice_pk cascade; alter table invoice add constraint invoice_pk primary key (id); alter table invoice_line add constraint invoice_line_invoice foreign key (invoice_id) references invoice (id)`,
    ['33 tenant-in-keys'],
  ],
  ['a table without forced security', `alter table payment no force row level security`, ['33 security-forced']],
  ['a view that runs as its owner', `create view all_payments as select 1 as one`, ['33 security-forced']],
  [
    'a line on another account',
    `update invoice_line set account_id = gen_random_uuid() where ${one('invoice_line', 'true')}`,
    ['33 owners-agree'],
  ],
  ['a change that is not in the log', `update customer set version = version + 1 where number = 'P'`, ['35 change-logged']],
  ['an event of nobody', `update event set actor_id = gen_random_uuid() where position = 7`, ['35 change-logged']],
  [
    'a constraint that was never checked',
    `alter table payment add constraint some_check check (amount_minor > 0) not valid`,
    ['40 schema-whole'],
  ],
  [
    'an index that is not valid',
    `update pg_index set indisvalid = false where indexrelid = 'invoice_by_due'::regclass`,
    ['40 schema-whole'],
  ],
  [
    'a wish that Cashgraph itself granted',
    `insert into approval (tenant_id, id, kind, lifecycle, record_kind, record_id, record_version, reason, last_editor_id, requested_by_id, decided_by_id, decided_at, expires_at, created_at)
      select tenant_id, gen_random_uuid(), 'CREDIT_LIMIT', 'APPROVED', 'CreditAccount', gen_random_uuid(), 1, 'x', id, id, tenant_id, now(), now() + interval '1 day', now() from actor where subject = 'admin'`,
    ['23 four-eyes', '23 granted-is-done', '35 change-logged'],
  ],
  [
    'both halves of a forbidden pair by a person and its key',
    `update actor set owner_id = (select id from actor where subject = 'admin') where kind = 'SYSTEM'; update actor set kind = 'API_KEY' where kind = 'SYSTEM';
      insert into duty (tenant_id, record_id, pair, person_id, permission, done_at)
      select tenant_id, tenant_id, 'a:b c:d', id, case when owner_id is null then 'a:b' else 'c:d' end, now() from actor`,
    ['24 one-half-done'],
  ],
  [
    'somebody who holds a pair that nobody may hold',
    `insert into forbidden_pair (tenant_id, id, first_permission, second_permission, extent, created_at)
      select tenant_id, gen_random_uuid(), 'invoices:issue', 'cash:apply', 'PERSON', now() from tenant;
      insert into actor_role (tenant_id, id, actor_id, role, created_at)
      select tenant_id, gen_random_uuid(), id, role, now() from actor cross join (values ('billing'), ('cash')) r(role) where subject = 'admin'`,
    ['24 no-pair-held'],
  ],
  [
    'a tax of an undone invoice at another rate',
    `update transfer t set debit_detail = 'S 7' where debit_code = 'TAX' and debit_detail = 'S 19' and exists (select from journal_entry e where e.id = t.entry_id and e.event_type = 'credit_note.issued')`,
    ['19 undone-nets'],
  ],
  [
    'a customer of which more is stored as exposure',
    `update credit_account set open_item_minor = open_item_minor + 1 where ${one('credit_account', 'true')}`,
    ['22 exposure-stored'],
  ],
  ...syncCorruptions,
  ...webhookCorruptions,
  ...sumCorruptions,
];
