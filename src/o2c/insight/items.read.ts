/** Open items, ageing and what is due as flat rows. Ageing and what is due change as days go by, also where nothing happens. */
import { sql } from '../../read/sql.ts';
import {
  amount,
  count,
  currency,
  dayOf,
  groupCurrency,
  idOf,
  inBoth,
  legalEntity,
  maybe,
  parties,
  word,
} from './parties.read.ts';
import type { Report } from './report.read.ts';

const document = [
  word('kind', 'INVOICE, CREDIT_NOTE, PAYMENT, DEBIT or OPENING.'),
  word('document_kind', 'The kind of record that made it: Invoice, CreditNote or Payment.'),
  word('document_id', 'The document.'),
  word('document_number', 'Its number.'),
  count('instalment', 'Which instalment of the document, from 1.'),
];
const scope = { records: ['OpenItem', 'CustomerAccount'], permissions: ['items:read', 'customers:read'] } as const;
const filters = { day: 'due_on', legalEntity: true, customer: true, currency: true } as const;

export const openItemsReport: Report = {
  name: 'open_item_rows',
  description:
    'Open items, and those that were: owed to us (positive) or by us (negative). What is settled has nothing open and stays, so that who keeps a copy sees it closed.',
  row: 'open_item_row',
  key: { column: 'id', type: 'uuid' },
  scope,
  filters,
  columns: [
    idOf('id', 'oi', 'The open item.'),
    ...parties,
    ...document,
    dayOf('effective_on', 'The day from which it counts.'),
    dayOf('due_on', 'The day on which it is due; for what we owe, the day of the document.'),
    maybe(dayOf('settled_on', 'The day on which nothing was open any more.')),
    currency,
    ...inBoth('original', 'The amount at first.'),
    ...inBoth('open', 'What is still open.'),
    groupCurrency,
    { name: 'base_currency', type: 'currency', description: "The legal entity's functional currency." },
    amount('base_open', 'What is open in functional currency.'),
  ],
  // whatever closes or uses an item changes its document, and that has an event
  changed: sql`select i.id from open_item i where i.document_id in (select record_id from changed)
    union all select i.id from open_item i where i.account_id in (select id from changed_account)`,
};

export const ageingReport: Report = {
  name: 'ageing_rows',
  description:
    "Each open item with its days overdue and its bucket, today by the legal entity's own calendar. The sums by bucket are those of `ageing`.",
  row: 'ageing_row',
  over: 'instant',
  key: { column: 'id', type: 'uuid' },
  scope,
  filters,
  columns: [
    idOf('id', 'oi', 'The open item.'),
    ...parties,
    ...document,
    dayOf('as_of', 'The day for which this is: today.'),
    dayOf('due_on', 'The day on which it is due.'),
    count('days_overdue', 'Days since then; 0 or less: not due yet.'),
    word('bucket', 'NOT_DUE, DAYS_1_TO_30, DAYS_31_TO_60, DAYS_61_TO_90 or OVER_90; UNAPPLIED: owed by us.'),
    currency,
    ...inBoth('open', 'What is open.'),
    groupCurrency,
  ],
};

export const dueReport: Report = {
  name: 'cash_forecast_by_due_date_rows',
  description:
    'What is owed to us by the day on which it is due: a forecast of cash only as far as customers pay on the day. What is overdue stands at the day on which it was due; what we owe is not taken off.',
  row: 'cash_forecast_by_due_date_row',
  over: 'instant',
  key: { column: 'id', type: 'text' },
  scope: { records: ['OpenItem'], permissions: ['items:read'] },
  filters: { day: 'due_on', legalEntity: true, currency: true },
  columns: [
    word('id', 'Tells the row apart: legal entity, day and currency.'),
    ...legalEntity,
    dayOf('due_on', 'The day on which it is due.'),
    { name: 'is_overdue', type: 'boolean', description: 'The day is past.' },
    currency,
    ...inBoth('amount', 'What is open of it.'),
    groupCurrency,
    count('item_count', 'Of how many open items.'),
  ],
};
