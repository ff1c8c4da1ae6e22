/**
 * Measures over a period, as flat rows. Formulas: DSO, best possible DSO and average days delinquent as receivables managers use them
 * (closing receivables × days ÷ credit sales; semilla-advisors.com/credit.html), the rest as their descriptions say. What has no agreed
 * definition for any period (collection effectiveness over odd days, count-back over part months) isn't here.
 */
import { amount, count, dayOf, maybe, word } from './parties.read.ts';
import type { Report } from './report.read.ts';

const days = (name: string, description: string) => maybe(amount(name, `${description} Null where nothing was sold on credit.`));

export const measuresReport: Report = {
  name: 'receivable_measures',
  description:
    "What receivables did over a period: of each legal entity in its functional currency, and of the group as a whole in the group's currency at the stored rates of documents. Everything counts by its effective day, with tax.",
  row: 'receivable_measures_row',
  over: 'period',
  key: { column: 'id', type: 'text' },
  scope: {
    records: ['OpenItem', 'Invoice', 'Payment'],
    permissions: ['items:read', 'invoices:read', 'payments:read', 'legal-entities:read'],
  },
  filters: { legalEntity: true },
  columns: [
    word('id', 'Tells the row apart: the code of the legal entity; empty: the group.'),
    maybe({ name: 'legal_entity_id', type: 'uuid', prefix: 'le', description: 'The legal entity; null: the group.' }),
    maybe(word('legal_entity_code', 'Its code.')),
    dayOf('from_on', 'The first day of the period.'),
    dayOf('to_on', 'Its last day.'),
    count('days', 'How many days it has.'),
    { name: 'currency', type: 'currency', description: 'The currency of the amounts.' },
    amount('opening', 'Receivables at the end of the day before: owed to us, less what we owe.'),
    maybe(amount('sales', 'Billed, less credited; null: a document has no rate to this currency.')),
    maybe(amount('credit_sales', 'The same without what was paid as it was sold.')),
    maybe(amount('cash_received', 'What came, less what was taken back or paid out.')),
    amount('closing', "Receivables at the end of the last day: the books' control account."),
    amount('owed', 'Of that: what is owed to us.'),
    amount('overdue', 'Of that: what was due before the last day.'),
    maybe(amount('overdue_share', 'Overdue as a part of what is owed, from 0 to 1; null where nothing is owed.')),
    days('dso', 'Days sales outstanding: closing × days ÷ credit sales.'),
    days('best_possible_dso', 'The same with what is not overdue: (closing − overdue) × days ÷ credit sales.'),
    days('average_days_delinquent', 'The difference of the two: overdue × days ÷ credit sales.'),
    maybe(
      amount(
        'average_days_to_pay',
        'Days from the day of an invoice to that on which cash was set against it, weighted by the amount, over what was paid in the period and stands; null: nothing was.',
      ),
    ),
  ],
};
