/**
 * Receivables and credits that no billing document stands behind: accounting documents on customers' accounts, each of a customer. What comes
 * from billing, and what is a payment, is left to the other streams.
 */
import {
  amount,
  type Assembled,
  type AssembleContext,
  currency,
  defineMapping,
  type JsonObject,
  MappingError,
  NotOurs,
  padded,
  sapDay,
  type SourceRecord,
  text,
  negated,
  plain,
} from '../../src/connect/index.ts';
import { linesAround } from './billing.ts';
import { rootsOf } from './chains.ts';
import { accountId } from './companies.ts';
import { dayAt, given, isSet, keyAt, neededKey, neededText, rowsAt, textAt } from './fields.ts';
import { nextOf, parted } from './keyset.ts';
import {
  accountingId,
  changedLines,
  continues,
  documentOf,
  isDebit,
  isNotOfTypes,
  isOfBilling,
  isOfPayment,
  isSpecial,
  LINE_KEY,
  LINES,
  linesBy,
  linesOfDocuments,
  openOf,
  referenceOf,
  servedLines,
  totalOf,
} from './lines.ts';
import { all } from './literals.ts';
import { rateOf, voidedOn } from './mapping-payment.ts';
import { reversalOf } from './payments.ts';
import { type Lister, recordOf, type Source } from './reading.ts';
import type { Settings } from './settings.ts';
import type { Context } from './system.ts';

type Assembling = AssembleContext<Settings>;
export type Side = 'DEBIT' | 'CREDIT';

/** Does a line make the document a receivable, or a credit, of its own? */
function isOfSide(line: JsonObject, side: Side, settings: Settings): boolean {
  if (isSpecial(line) || isOfBilling(line, settings) || continues(line, settings)) return false;
  return side === 'DEBIT' ? isDebit(line) : !isDebit(line) && !isOfPayment(line, settings);
}

export function accountingSource(side: Side): Source {
  const own: Lister = {
    only: 'ALL',
    async list(context, asked) {
      const { billingTypes, paymentTypes } = context.config;
      const filter = all(
        await servedLines(context),
        `SpecialGLCode eq '' and BillingDocument eq '' and DebitCreditCode eq '${side === 'DEBIT' ? 'S' : 'H'}'`,
        isNotOfTypes(side === 'DEBIT' ? billingTypes : [...billingTypes, ...paymentTypes]),
      );
      return nextOf(context, { service: 'items', set: LINES, by: LINE_KEY, filter, keysOf: (row) => [documentOf(row)] }, asked);
    },
  };
  const changes: Lister = {
    only: 'CHANGES',
    async list(context, asked) {
      const filter = all(await servedLines(context), changedLines(context, asked.since ?? ''));
      const more = ['InvoiceReference', 'InvoiceReferenceFiscalYear'];
      const keysOf = (row: JsonObject) => [documentOf(row), referenceOf(row) ?? documentOf(row)];
      return nextOf(context, { service: 'items', set: LINES, by: LINE_KEY, more, filter, keysOf }, asked);
    },
  };
  return { listers: [own, changes], load: (context, keys) => load(context, keys, side) };
}

async function load(context: Context, keys: readonly string[], side: Side): Promise<readonly SourceRecord[]> {
  const documents = (await rootsOf(context, keys)).map((key) => {
    const [CompanyCode = '', FiscalYear = '', AccountingDocument = ''] = parted(key);
    return { CompanyCode, FiscalYear, AccountingDocument };
  });
  const { own, referring } = await linesAround(context, documents);
  const isMine = (line: JsonObject) => isOfSide(line, side, context.config) && keyAt(line, 'Customer') !== undefined;
  const mine = linesBy([...own.values()].flat().filter(isMine), accountingId);
  const reversals = linesBy(
    await linesOfDocuments(context, [...mine.values()].flat().flatMap(reversalOf).map(parted)),
    documentOf,
  );
  return [...mine].flatMap(([id, lines]) => {
    const [line] = lines;
    if (!line) return [];
    const customer = neededKey(line, 'Customer');
    const isPart = (one: JsonObject) => keyAt(one, 'Customer') === customer && documentOf(one) !== documentOf(line);
    const raw = {
      CompanyCode: neededText(line, 'CompanyCode'),
      FiscalYear: neededText(line, 'FiscalYear'),
      AccountingDocument: neededKey(line, 'AccountingDocument'),
      Customer: customer,
      lines,
      referring: (referring.get(documentOf(line)) ?? []).filter(isPart),
      reversal: reversalOf(line).flatMap((key) => reversals.get(key)?.slice(0, 1) ?? []),
    };
    return [recordOf(id, raw)];
  });
}

const head = defineMapping('Invoice', [
  { ours: 'number', read: 'AccountingDocument', codec: padded(10) },
  { ours: 'legalEntity', read: 'CompanyCode', codec: text() },
]);
const firstLine = defineMapping('Invoice', [
  { ours: 'currency', read: 'TransactionCurrency', codec: currency },
  { ours: 'issuedOn', read: 'DocumentDate', codec: sapDay },
  { ours: 'customerReference', read: 'DocumentReferenceID', codec: text() },
]);
const lineTable = defineMapping('Invoice.lines', [
  { ours: 'id', read: 'AccountingDocumentItem', codec: padded(6) },
  { ours: 'description', read: 'DocumentItemText', codec: text(), otherwise: '' },
  { ours: 'net', read: 'AmountInTransactionCurrency', codec: amount },
]);

/** @throws NotOurs for one that takes back another one */
function readDocument(raw: JsonObject, { config }: Assembling, side: Side) {
  const lines = rowsAt(raw, 'lines');
  const [first] = lines;
  if (first === undefined) throw new MappingError('lines', 'No line of the document is there.');
  if (lines.some((line) => isSet(line, 'IsReversal'))) throw new NotOurs('It takes back another document.');
  const isVoid = lines.some((line) => isSet(line, 'IsReversed'));
  const signed = (total: string) => plain(side === 'DEBIT' ? total : negated(total));
  const parts = rowsAt(raw, 'referring').filter((line) => continues(line, config));
  const total = signed(totalOf(lines));
  const type = textAt(first, 'AccountingDocumentTypeName') ?? textAt(first, 'AccountingDocumentType') ?? 'Accounting document';
  const document = {
    ...head.read(raw),
    ...firstLine.read(first),
    customer: accountId(neededKey(raw, 'Customer'), neededText(raw, 'CompanyCode')),
    lines: lines.map((line) => {
      const read = lineTable.read(line);
      const net = signed(read.net);
      return { ...read, description: read.description === '' ? type : read.description, quantity: '1', unitPrice: net, net };
    }),
    net: total,
    // lines on a customer's account are gross, and the tax in them stands on others
    tax: '0',
    total,
    taxes: [],
    open: isVoid ? '0' : signed(openOf([...lines, ...parts])),
    state: isVoid ? ('VOIDED' as const) : ('ISSUED' as const),
    ...given({ rate: rateOf(first), voidedOn: isVoid ? voidedOn(raw) : undefined }),
  };
  const extensions = given({
    accountingDocumentType: textAt(first, 'AccountingDocumentType'),
    fiscalYear: textAt(raw, 'FiscalYear'),
    isWithoutBilling: true,
  });
  return { document, extensions, lines, first };
}

export function assembleAccountingInvoice(raw: JsonObject, context: Assembling): Assembled<'Invoice'> {
  const { document, extensions, lines, first } = readDocument(raw, context, 'DEBIT');
  const due = lines.flatMap((line) => dayAt(line, 'NetDueDate') ?? []).toSorted();
  const terms = textAt(first, 'PaymentTerms');
  return { document: { ...document, dueOn: due.at(-1) ?? document.issuedOn, ...given({ terms }) }, extensions };
}

export function assembleAccountingCredit(raw: JsonObject, context: Assembling): Assembled<'CreditNote'> {
  const { document, extensions } = readDocument(raw, context, 'CREDIT');
  return { document, extensions };
}
