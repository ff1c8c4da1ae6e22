/** Sales and payments as flat rows: what was billed and credited as the books have it, and the money that came. */
import { sql } from '../../read/sql.ts';
import { amount, currency, dayOf, groupCurrency, idOf, inBoth, maybe, parties, word } from './parties.read.ts';
import type { Report } from './report.read.ts';

export const salesReport: Report = {
  name: 'sales_rows',
  description:
    'What was billed (positive) and credited (negative), as the books have it: a row for each journal entry of an invoice or a credit note. What was taken back or changed later is a row of its own on its own day, so the sum over any days is what the books say of them. Rows never change but for the names in them.',
  row: 'sales_row',
  key: { column: 'id', type: 'uuid' },
  scope: { records: ['Invoice', 'CustomerAccount'], permissions: ['invoices:read', 'customers:read'] },
  filters: { day: 'effective_on', legalEntity: true, customer: true, currency: true },
  columns: [
    idOf('id', 'je', 'The journal entry.'),
    ...parties,
    word('document_kind', 'Invoice or CreditNote.'),
    word('document_id', 'The document.'),
    maybe(word('document_number', 'Its number.')),
    { name: 'is_cash_sale', type: 'boolean', description: 'Paid as it was sold: no part of credit sales.' },
    { name: 'is_reversal', type: 'boolean', description: 'Takes another row back.' },
    dayOf('effective_on', 'The day on which it counts.'),
    { name: 'recorded_at', type: 'timestamptz', description: 'When we learnt of it.' },
    currency,
    ...inBoth('net', 'Without tax.'),
    ...inBoth('tax', 'The tax.'),
    ...inBoth('total', 'Both together.'),
    groupCurrency,
    { name: 'base_currency', type: 'currency', description: "The legal entity's functional currency." },
    amount('base_net', 'Without tax, in functional currency as it was posted.'),
    amount('base_total', 'With tax, in functional currency as it was posted.'),
  ],
  changed: sql`select e.id from journal_entry e where e.record_id in (select record_id from changed)
    union all select e.id from journal_entry e join invoice d on d.tenant_id = e.tenant_id and d.id = e.record_id where d.account_id in (select id from changed_account)
    union all select e.id from journal_entry e join credit_note d on d.tenant_id = e.tenant_id and d.id = e.record_id where d.account_id in (select id from changed_account)`,
};

export const paymentsReport: Report = {
  name: 'payment_rows',
  description:
    'Payments: a row for each, also for those that are announced, failed or taken back. What came on some days is the sum of `amount` by `received_on`, less that by `returned_on`.',
  row: 'payment_row',
  key: { column: 'id', type: 'uuid' },
  scope: { records: ['Payment', 'CustomerAccount'], permissions: ['payments:read', 'customers:read'] },
  filters: { day: 'received_on', legalEntity: true, customer: true, currency: true },
  columns: [
    idOf('id', 'pay', 'The payment.'),
    ...parties,
    word('number', 'Its number.'),
    word('method', 'How it was paid, for example BANK_TRANSFER.'),
    word('status', 'PENDING, UNAPPLIED, PARTIALLY_APPLIED, APPLIED, FAILED, CANCELLED, RETURNED or VOIDED.'),
    maybe(word('reference', 'What the payer wrote.')),
    maybe(dayOf('received_on', 'The day on which the money came; null: it did not.')),
    maybe(dayOf('returned_on', 'The day on which it was taken back: by the bank, or by the ERP.')),
    currency,
    ...inBoth('amount', 'The amount.'),
    ...inBoth('unapplied', 'What of it is not set against anything.'),
    groupCurrency,
    { name: 'base_currency', type: 'currency', description: "The legal entity's functional currency." },
    maybe(amount('base_amount', 'The amount in functional currency, at the stored rate; null before it came.')),
  ],
  changed: sql`select record_id from changed union all select p.id from payment p where p.account_id in (select id from changed_account)`,
};
