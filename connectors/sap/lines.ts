/**
 * Lines of accounting documents on customers' accounts (A_OperationalAcctgDocItemCube): which there are, what is asked of them, how they are
 * named. Amounts have their sign: what the customer owes is above zero.
 */
import { type JsonObject, negated, sumOf } from '../../src/connect/index.ts';
import { companyFilter } from './companies.ts';
import { isSet, keyAt, neededAmount, neededKey, neededText, textAt } from './fields.ts';
import { amongOf, joined } from './keyset.ts';
import { all, any, day } from './literals.ts';
import { rowsOf } from './rows.ts';
import type { Settings } from './settings.ts';
import { type Context, systemDay } from './system.ts';

export const LINES = 'A_OperationalAcctgDocItemCube';
export const LINE_KEY = ['CompanyCode', 'FiscalYear', 'AccountingDocument', 'AccountingDocumentItem'] as const;
export const DOCUMENT_KEY = ['CompanyCode', 'FiscalYear', 'AccountingDocument'] as const;
const REFERENCE_KEY = ['CompanyCode', 'InvoiceReferenceFiscalYear', 'InvoiceReference'] as const;
const CLEARING_KEY = ['CompanyCode', 'ClearingDocFiscalYear', 'ClearingAccountingDocument'] as const;

const LINE_FIELDS = [
  ...LINE_KEY,
  'Customer',
  'AccountingDocumentType',
  'AccountingDocumentTypeName',
  'SpecialGLCode',
  'DebitCreditCode',
  'AmountInTransactionCurrency',
  'TransactionCurrency',
  'AmountInCompanyCodeCurrency',
  'CompanyCodeCurrency',
  'CashDiscountAmount',
  'PostingDate',
  'DocumentDate',
  'NetDueDate',
  'PaymentTerms',
  'PaymentMethod',
  'BillingDocument',
  'InvoiceReference',
  'InvoiceReferenceFiscalYear',
  'InvoiceItemReference',
  'IsCleared',
  'ClearingDate',
  'ClearingAccountingDocument',
  'ClearingDocFiscalYear',
  'IsReversed',
  'IsReversal',
  'ReverseDocument',
  'ReverseDocumentFiscalYear',
  'DocumentReferenceID',
  'PaymentReference',
  'AssignmentReference',
  'DocumentItemText',
] as const;

export const OF_CUSTOMERS = "FinancialAccountType eq 'D'";

/** Lines of customers of the companies that are served. */
export const servedLines = async (context: Context): Promise<string> =>
  all(OF_CUSTOMERS, await companyFilter(context, 'items', LINES));

/** Made, changed or cleared from that day on: a clearing stamps nothing but itself. */
export function changedLines(context: Context, since: string): string {
  const from = day(systemDay(context, since));
  return any([`LastChangeDate ge ${from}`, `AccountingDocumentCreationDate ge ${from}`, `ClearingCreationDate ge ${from}`]);
}

const ofTypes = (types: readonly string[], operator: 'eq' | 'ne'): string =>
  types.map((type) => `AccountingDocumentType ${operator} '${type}'`).join(operator === 'eq' ? ' or ' : ' and ');
export const isOfTypes = (types: readonly string[]): string =>
  types.length === 0 ? "AccountingDocumentType eq ''" : ofTypes(types, 'eq');
export const isNotOfTypes = (types: readonly string[]): string | null => (types.length === 0 ? null : ofTypes(types, 'ne'));

/** Company, year and number; only the number is one that may have zeros in front. */
const keyBy = (line: JsonObject, [company, year, number]: readonly [string, string, string]): string =>
  joined([textAt(line, company) ?? '', textAt(line, year) ?? '', keyAt(line, number) ?? '']);

/** An accounting document's key: its number is given anew in each company and year. */
export const documentOf = (line: JsonObject): string => keyBy(line, DOCUMENT_KEY);
/** The one in which it was cleared; null: it is open. */
export const clearingOf = (line: JsonObject): string | null =>
  keyAt(line, 'ClearingAccountingDocument') === undefined ? null : keyBy(line, CLEARING_KEY);

/** The document that it is a part of, such as the invoice that a payment pays in part; null: none. `V` and a year of zeros mean none. */
export function referenceOf(line: JsonObject): string | null {
  const year = textAt(line, 'InvoiceReferenceFiscalYear');
  const number = keyAt(line, 'InvoiceReference');
  if (number === undefined || number === 'V' || year === undefined || /^0+$/.test(year)) return null;
  return keyBy(line, REFERENCE_KEY);
}

const linesWith =
  (by: readonly string[]) =>
  (context: Context, keys: readonly (readonly string[])[], filter = OF_CUSTOMERS): Promise<readonly JsonObject[]> =>
    rowsOf(context, { service: 'items', set: LINES, fields: LINE_FIELDS, by, keys, filter, orderBy: LINE_KEY.join(',') });

export const linesOfDocuments = linesWith(DOCUMENT_KEY);
export const linesReferringTo = linesWith(REFERENCE_KEY);
export const linesClearedBy = linesWith(CLEARING_KEY);

/** Lines of these documents on accounts that hold what was granted as cash discount. */
export async function discountsOf(context: Context, keys: readonly (readonly string[])[]): Promise<readonly JsonObject[]> {
  const { discountAccounts } = context.config;
  if (discountAccounts.length === 0) return [];
  const of = await amongOf(context, { service: 'items', set: LINES, field: 'GLAccount', values: discountAccounts });
  return linesOfDocuments(context, keys, all("FinancialAccountType eq 'S'", of));
}

export const amountOf = (line: JsonObject): string => neededAmount(line, 'AmountInTransactionCurrency');
/** What the customer owes. */
export const isDebit = (line: JsonObject): boolean => textAt(line, 'DebitCreditCode') !== 'H';
export const isSpecial = (line: JsonObject): boolean => textAt(line, 'SpecialGLCode') !== undefined;
export const isOpenLine = (line: JsonObject): boolean => clearingOf(line) === null;
const typeOf = (line: JsonObject): string => textAt(line, 'AccountingDocumentType') ?? '';
export const isTakenBack = (line: JsonObject): boolean => isSet(line, 'IsReversed') || isSet(line, 'IsReversal');
export const isOfBilling = (line: JsonObject, { billingTypes }: Settings): boolean =>
  keyAt(line, 'BillingDocument') !== undefined || billingTypes.includes(typeOf(line));
export const isOfPayment = (line: JsonObject, { paymentTypes }: Settings): boolean => paymentTypes.includes(typeOf(line));

export const totalOf = (lines: readonly JsonObject[]): string => sumOf(lines.map(amountOf));
export const openOf = (lines: readonly JsonObject[]): string => totalOf(lines.filter(isOpenLine));
export const creditOf = (lines: readonly JsonObject[]): string => negated(totalOf(lines));

/** By itself for an accounting document that comes from no billing: company, year, number and customer. */
export const accountingId = (line: JsonObject): string =>
  [
    neededText(line, 'CompanyCode'),
    neededText(line, 'FiscalYear'),
    neededKey(line, 'AccountingDocument'),
    neededKey(line, 'Customer'),
  ].join('/');

/** Null for what is no such id. */
export function accountingKey(id: string): { readonly key: readonly string[]; readonly customer: string } | null {
  const [company = '', year = '', number = '', customer = '', ...more] = id.split('/');
  const isOne = [company, number, customer].every((part) => part !== '') && /^\d{4}$/.test(year) && more.length === 0;
  return isOne ? { key: [company, year, number], customer } : null;
}

/** The line of that document that it refers to; null: the document as a whole. */
export const referencedLine = (line: JsonObject): string | null => {
  const item = keyAt(line, 'InvoiceItemReference');
  const reference = referenceOf(line);
  return item === undefined || reference === null ? null : joined([reference, item]);
};
/** The key of a line itself, as a reference has it. */
export const ownLine = (line: JsonObject): string => joined([documentOf(line), keyAt(line, 'AccountingDocumentItem') ?? '']);

/** A line reduces or continues what it refers to: a payment in part, or the rest that was left of a document when it was cleared. */
export const continues = (line: JsonObject, settings: Settings): boolean =>
  referenceOf(line) !== null &&
  !isSpecial(line) &&
  !isOfBilling(line, settings) &&
  (isDebit(line) || isOfPayment(line, settings));

/** By a key of theirs, such as the document that they are of; lines without it are left out. */
export function linesBy<Line extends JsonObject>(
  lines: readonly Line[],
  keyOf: (line: Line) => string | null,
): ReadonlyMap<string, readonly Line[]> {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = keyOf(line);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(line);
    else groups.set(key, [line]);
  }
  return groups;
}
