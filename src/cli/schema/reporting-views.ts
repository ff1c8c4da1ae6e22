/**
 * The views of the schema `reporting` as SQL text, made from the catalogue and from the reports: what a migration has to say, and what
 * `schema/reporting.sql` shows. A field that is added to an entity is missing in the database until a migration has its view anew.
 */
import { snake } from '../../kernel/text.ts';
import { type Report, type ReportColumn, reports } from '../../o2c/insight/index.ts';
import type { Catalogue, ReadColumn, ReadRecord } from '../../read/catalogue.ts';
import { shownFields } from '../../read/shown.ts';
import { type ReportingView, type ViewColumn, viewText } from './reporting-text.ts';

/** The records that have a view. */
export const REPORTED: readonly string[] = [
  'LegalEntity',
  'Customer',
  'CustomerAccount',
  'PaymentTerms',
  'Product',
  'ExchangeRate',
  'CreditAccount',
  'Order',
  'OrderLine',
  'Hold',
  'Fulfilment',
  'FulfilmentLine',
  'TrackingEvent',
  'Invoice',
  'InvoiceLine',
  'InvoiceTax',
  'CreditNote',
  'CreditNoteLine',
  'CreditNoteTax',
  'Payment',
  'OpenItem',
  'Allocation',
  'JournalEntry',
  'Transfer',
  'ConnectedSystem',
  'SyncStream',
  'SyncRun',
  'SyncIssue',
];

/** Keys of rows that are reached through another record: the graph shows that by the place, a view by the key. */
const PARENTS: Readonly<Record<string, readonly [record: string, description: string]>> = {
  legalEntityId: ['LegalEntity', 'The legal entity whose books it is in.'],
  accountId: ['CustomerAccount', "The customer's account it is on."],
  orderId: ['Order', 'The order.'],
  fulfilmentId: ['Fulfilment', 'The fulfilment.'],
  invoiceId: ['Invoice', 'The invoice.'],
  creditNoteId: ['CreditNote', 'The credit note.'],
  entryId: ['JournalEntry', 'The journal entry.'],
};
/** Whose rate turns the amounts of a line into the group's currency. */
const RATES: Readonly<Record<string, readonly [record: string, by: string]>> = {
  OrderLine: ['Order', 'orderId'],
  InvoiceLine: ['Invoice', 'invoiceId'],
  InvoiceTax: ['Invoice', 'invoiceId'],
  CreditNoteLine: ['CreditNote', 'creditNoteId'],
  CreditNoteTax: ['CreditNote', 'creditNoteId'],
};
/** Keys of one of several kinds of records, and the property that says of which. */
const OF_SEVERAL: Readonly<Record<string, readonly [kind: string, description: string]>> = {
  documentId: ['documentKind', 'The document that made it.'],
  recordId: ['recordKind', 'The record that it is about.'],
};
const KINDS = ['Order', 'Fulfilment', 'Invoice', 'CreditNote', 'Payment', 'Allocation', 'Customer', 'CustomerAccount', 'Product'];
/** Times that a transfer has of its entry. */
const TIMES: Readonly<Record<string, string>> = {
  effectiveOn: 'The day on which it counts.',
  recordedAt: 'When we learnt of it.',
};
const IN_GROUP = "In the group's currency at the stored rate of the document; null: there is no rate. ";

/** Every view there must be, in the order in which they are made. */
export const reportingViews = (catalogue: Catalogue): readonly ReportingView[] => [
  ...REPORTED.map((name) => viewOfRecord(catalogue, catalogue.record(name))),
  ...reports.filter(({ over }) => over !== 'period').map(viewOfReport),
];

/** The text of `schema/reporting.sql`. */
export const reportingSql = (catalogue: Catalogue): string =>
  `${['-- Made by `cashgraph schema`; do not edit.', ...reportingViews(catalogue).map(viewText)].join('\n\n')}\n`;

function viewOfRecord(catalogue: Catalogue, record: ReadRecord): ReportingView {
  const rate = rateOf(catalogue, record);
  const group = record.columns.groupCurrency ? 't.group_currency' : 'g.group_currency';
  const shown = shownFields(record).flatMap((field): ViewColumn[] => {
    if (field.permission !== null || field.kind === 'computed') return [];
    const { name, description } = field;
    if (field.kind === 'money') {
      const [minor, code] = [`t.${field.column.column}`, `t.${field.currency.column}`];
      const plain = { name: snake(name), sql: `reporting.amount(${minor}, ${code})`, description };
      if (rate === null || field.currency.property !== 'currency') return [plain];
      const inGroup = `reporting.amount_group(${minor}, ${code}, ${rate.alias}.group_rate, ${group})`;
      return [plain, { name: `${plain.name}_group`, sql: inGroup, description: `${IN_GROUP}${description}` }];
    }
    if (field.kind !== 'scalar' || field.column.type === 'jsonb' || field.column.isSearchText) return [];
    return [{ name: snake(name), sql: valueOf(catalogue, field.column, field.ref), description }];
  });
  const keys = Object.values(record.columns).flatMap((column) => keyOf(catalogue, column));
  const needsTenant = rate !== null && !record.columns.groupCurrency;
  return {
    name: record.table,
    description: record.definition.description,
    columns: [
      ...shown,
      ...keys,
      ...(needsTenant ? [{ name: 'group_currency', sql: group, description: "The group's currency." }] : []),
    ],
    from: [`${record.table} t`, ...(rate?.join ?? []), ...(needsTenant ? ['join tenant g on g.tenant_id = t.tenant_id'] : [])],
  };
}

/** What is kept from the graph because the place in it says the same. */
function keyOf(catalogue: Catalogue, { property, column, meta }: ReadColumn): ViewColumn[] {
  if (meta) return [];
  const parent = PARENTS[property];
  if (parent) return [{ name: column, sql: publicId(catalogue.record(parent[0]), `t.${column}`), description: parent[1] }];
  const several = OF_SEVERAL[property];
  if (several) {
    const kinds = KINDS.map((name) => `when '${name}' then '${catalogue.record(name).definition.prefix}_'`).join(' ');
    return [{ name: column, sql: `case t.${snake(several[0])} ${kinds} end || t.${column}::text`, description: several[1] }];
  }
  const time = TIMES[property];
  return time === undefined ? [] : [{ name: column, sql: `t.${column}`, description: time }];
}

function rateOf(catalogue: Catalogue, record: ReadRecord): { readonly alias: string; readonly join: readonly string[] } | null {
  if (record.columns.groupRate) return { alias: 't', join: [] };
  const of = RATES[record.name];
  if (!of) return null;
  const [name, by] = of;
  const { table } = catalogue.record(name);
  return { alias: 'd', join: [`join ${table} d on d.tenant_id = t.tenant_id and d.id = t.${snake(by)}`] };
}

const publicId = ({ definition }: ReadRecord, value: string): string => `'${definition.prefix}_' || ${value}::text`;

const valueOf = (catalogue: Catalogue, { column }: ReadColumn, ref: string | null): string =>
  ref === null ? `t.${column}` : publicId(catalogue.record(ref), `t.${column}`);

/** Over an instant it is that of today; over a period there is a function, since a view can't be asked for one. */
function viewOfReport(report: Report): ReportingView {
  const column = ({ name, type, prefix, description }: ReportColumn): ViewColumn => ({
    name,
    sql: type === 'uuid' ? `'${prefix}_' || r.${name}::text` : `r.${name}`,
    description,
  });
  const { name, description, row, over } = report;
  return { name, description, columns: report.columns.map(column), from: [`${row}${over === 'instant' ? '(now())' : ''} r`] };
}
