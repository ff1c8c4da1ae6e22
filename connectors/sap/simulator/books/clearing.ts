/** Clearing: open lines of one customer that belong together are no more open. Only what sums up to nothing can be cleared. */
import type { Row } from '../model.ts';
import { minorOf } from './amounts.ts';
import { fiscalPeriodOf } from './calendar.ts';
import { ACCOUNTS } from './configuration.ts';
import { type Context, textOf } from './context.ts';
import { checkOpenPeriod } from './periods.ts';
import { LINES, nextDocument, post } from './posting.ts';
import { refuse, shown } from './refusals.ts';

export interface ClearingDocument {
  readonly document: string;
  readonly year: string;
  readonly date: string;
}

/** A line by its key. */
export interface LineKey {
  readonly company: string;
  readonly year: string;
  /** Padded or not. */
  readonly document: string;
  readonly item: string;
}

export const amountOf = (line: Row): bigint =>
  minorOf(textOf(line, 'AmountInTransactionCurrency'), textOf(line, 'TransactionCurrency'));
export const localOf = (line: Row): bigint =>
  minorOf(textOf(line, 'AmountInCompanyCodeCurrency'), textOf(line, 'CompanyCodeCurrency'));
export const sumOf = (lines: readonly Row[], read: (line: Row) => bigint): bigint =>
  lines.reduce((sum, line) => sum + read(line), 0n);

export function lineOf({ store }: Context, { company, year, document, item }: LineKey): Row {
  const line = store.get(LINES, {
    CompanyCode: company,
    FiscalYear: year,
    AccountingDocument: document.padStart(10, '0'),
    AccountingDocumentItem: item,
  });
  if (line === undefined) throw refuse('F5/062', `Document ${document} ${company} ${year} does not exist`);
  return line;
}

/** Marks them; the document that does it stands elsewhere. */
export function clearLines(context: Context, lines: readonly Row[], { document, year, date }: ClearingDocument): void {
  const { store } = context;
  if (sumOf(lines, amountOf) !== 0n) throw new Error(`Lines that do not sum up to nothing can not be cleared by ${document}.`);
  for (const line of lines) {
    const now = store.get(LINES, line) ?? line;
    if (now.IsCleared === true) throw refuse('F5/805', `Item ${shown(textOf(now, 'AccountingDocument'))} is already cleared`);
    store.change(LINES, now, {
      IsCleared: true,
      ClearingDate: date,
      ClearingCreationDate: store.moment.day,
      ClearingAccountingDocument: document,
      ClearingDocFiscalYear: year,
    });
  }
  for (const line of lines) refreshClearingStatus(context, line);
}

/** How far a billing document is cleared. Its own stamp stays as it is. */
export function refreshClearingStatus(context: Context, line: Row): void {
  const { store } = context;
  const number = textOf(line, 'BillingDocument') || billingReferred(context, line);
  const billing = number === '' ? undefined : store.get('A_BillingDocument', { BillingDocument: number });
  if (billing === undefined || textOf(billing, 'AccountingDocument') === '') return;
  const [own] = receivablesOfBilling(context, billing);
  if (own === undefined) return;
  const status = own.IsCleared === true ? 'C' : partialsOf(context, own).length > 0 ? 'B' : 'A';
  if (status !== billing.InvoiceClearingStatus) store.change('A_BillingDocument', billing, { InvoiceClearingStatus: status });
}

function billingReferred({ store }: Context, line: Row): string {
  if (textOf(line, 'InvoiceReference') === '') return '';
  const invoice = store.get(LINES, {
    CompanyCode: line.CompanyCode,
    FiscalYear: line.InvoiceReferenceFiscalYear,
    AccountingDocument: line.InvoiceReference,
    AccountingDocumentItem: line.InvoiceItemReference,
  });
  return invoice === undefined ? '' : textOf(invoice, 'BillingDocument');
}

/** Of the customer, in the accounting document of an invoice. */
export const receivablesOfBilling = ({ store }: Context, billing: Row): Row[] =>
  [
    ...store.table(LINES).related({
      AccountingDocument: billing.AccountingDocument ?? '',
      CompanyCode: billing.CompanyCode ?? '',
      FiscalYear: billing.FiscalYear ?? '',
    }),
  ].filter((line) => line.FinancialAccountType === 'D');

/** Open lines that refer to an invoice: partial payments of it. */
export const partialsOf = ({ store }: Context, invoice: Row): Row[] =>
  [
    ...store.table(LINES).related({ InvoiceReference: invoice.AccountingDocument ?? '', CompanyCode: invoice.CompanyCode ?? '' }),
  ].filter(
    (line) =>
      line.InvoiceReferenceFiscalYear === invoice.FiscalYear &&
      line.FollowOnDocumentType === 'Z' &&
      line.IsReversed !== true &&
      line.IsCleared !== true,
  );

/** Clears lines among themselves by a document of its own, which has lines only where exchange rates differ. */
export function clear(context: Context, keys: readonly LineKey[], date = context.store.moment.day): ClearingDocument {
  const lines = keys.map((key) => lineOf(context, key));
  const [first] = lines;
  if (first === undefined) throw refuse('F5/263', 'Select the items to be cleared');
  for (const name of ['CompanyCode', 'Customer', 'TransactionCurrency'])
    if (lines.some((line) => line[name] !== first[name])) throw refuse('F5/264', `The items differ in ${name}`);
  if (lines.some((line) => line.IsCleared === true)) throw refuse('F5/805', 'At least one of the items is already cleared');
  if (sumOf(lines, amountOf) !== 0n)
    throw refuse('F5/702', `Difference is too large for clearing: ${textOf(first, 'TransactionCurrency')}`);
  const company = textOf(first, 'CompanyCode');
  checkOpenPeriod(context, company, date);
  const { year } = fiscalPeriodOf(date, context.company(company).fiscalYearStartMonth);
  const difference = sumOf(lines, localOf);
  if (difference === 0n) {
    const document = nextDocument(context, company, year, 'AB');
    clearLines(context, lines, { document, year, date });
    context.happened('JournalEntry', 'Created', { CompanyCode: company, FiscalYear: year, AccountingDocument: shown(document) });
    return { document, year, date };
  }
  const posted = postDifference(context, first, { difference, date });
  const customer = posted.lines.filter((line) => line.FinancialAccountType === 'D');
  clearLines(context, [...lines, ...customer], { document: posted.document, year: posted.year, date });
  return { document: posted.document, year: posted.year, date };
}

function postDifference(
  context: Context,
  line: Row,
  { difference, date }: { readonly difference: bigint; readonly date: string },
) {
  return post(context, {
    company: textOf(line, 'CompanyCode'),
    documentType: 'AB',
    postingDate: date,
    documentDate: date,
    currency: textOf(line, 'TransactionCurrency'),
    lines: [
      {
        account: textOf(line, 'GLAccount'),
        type: 'D',
        postingKey: difference > 0n ? '17' : '07',
        minor: 0n,
        local: -difference,
        values: {
          Customer: textOf(line, 'Customer'),
          CustomerName: textOf(line, 'CustomerName'),
          IsOpenItemManaged: 'X',
          NetDueDate: date,
        },
      },
      {
        account: ACCOUNTS.exchangeDifference,
        type: 'S',
        postingKey: difference > 0n ? '40' : '50',
        minor: 0n,
        local: difference,
      },
    ],
  });
}

/** Takes a clearing back: its lines are open again. */
export function resetClearing(context: Context, company: string, document: string, year: string): void {
  const { store } = context;
  const number = document.padStart(10, '0');
  const lines = [
    ...store.table(LINES).related({ ClearingAccountingDocument: number, CompanyCode: company, ClearingDocFiscalYear: year }),
  ];
  if (lines.length === 0) throw refuse('F5A/272', `Document ${document} ${company} ${year} is no clearing document`);
  for (const line of lines)
    store.change(LINES, line, {
      IsCleared: false,
      ClearingDate: null,
      ClearingCreationDate: null,
      ClearingAccountingDocument: '',
      ClearingDocFiscalYear: '0000',
      ...(context.doResetsStampLines ? { LastChangeDate: store.moment.day } : {}),
    });
  for (const line of store.table(LINES).related({ AccountingDocument: number, CompanyCode: company, FiscalYear: year }))
    store.change(LINES, line, { ClearingIsReversed: true });
  for (const line of lines) refreshClearingStatus(context, line);
}
