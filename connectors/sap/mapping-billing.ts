/**
 * Invoices and credit memos of billing. Their amounts are above zero whatever they are; what is still open, when it is due and whose account it
 * is on stands in accounting, so a document that was not posted yet is none of ours yet.
 */
import {
  amount,
  type Assembled,
  type AssembleContext,
  type Canonical,
  currency,
  defineMapping,
  type JsonObject,
  listOf,
  NotOurs,
  padded,
  sapDay,
  text,
  compare,
  isZero,
  minus,
  negated,
  plain,
  plus,
  sumOf,
} from '../../src/connect/index.ts';
import { quotient, rateOf, sizeOf } from './amounts.ts';
import { accountId } from './companies.ts';
import { amountAt, dayAt, given, isSet, keyAt, neededKey, neededText, restOf, rowsAt, textAt } from './fields.ts';
import { continues, isSpecial, openOf } from './lines.ts';
import { withoutProduct } from './mapping-order.ts';
import { rateOf as bookedRateOf } from './mapping-payment.ts';
import { CREDITS, INVOICES, isCancelling } from './owners.ts';
import type { Settings } from './settings.ts';
import { ETAG } from './query.ts';
import { unitOf } from './units.ts';

type Context = AssembleContext<Settings>;
type Line = Canonical<'Invoice'>['lines'][number];
type Tax = Canonical<'Invoice'>['taxes'][number];

const HEAD = [
  { ours: 'number', read: 'BillingDocument', codec: padded(10) },
  { ours: 'legalEntity', read: 'CompanyCode', codec: text() },
  { ours: 'currency', read: 'TransactionCurrency', codec: currency },
  { ours: 'issuedOn', read: 'BillingDocumentDate', codec: sapDay },
  { ours: 'net', read: 'TotalNetAmount', codec: amount },
  { ours: 'customerReference', read: 'PurchaseOrderByCustomer', codec: text() },
] as const;
const invoice = defineMapping('Invoice', [...HEAD, { ours: 'terms', read: 'CustomerPaymentTerms', codec: text() }]);
const credit = defineMapping('CreditNote', HEAD);
const item = defineMapping('Invoice.lines', [
  { ours: 'id', read: 'BillingDocumentItem', codec: padded(6) },
  { ours: 'product', read: 'Material', codec: padded(40) },
  { ours: 'sku', read: 'Material', codec: padded(40) },
  { ours: 'description', read: 'BillingDocumentItemText', codec: text(), otherwise: '' },
  { ours: 'net', read: 'NetAmount', codec: amount },
]);
const items = listOf(item);

const BY_CODE = [
  ETAG,
  'TaxAmount',
  'TotalGrossAmount',
  'PayerParty',
  'LastChangeDateTime',
  'CreationDate',
  'BillingDocumentIsCancelled',
  'AccountingDocument',
  'AbsltAccountingExchangeRate',
  'isWithoutProducts',
];

/** @throws NotOurs for one that cancels another one, is no invoice or credit memo, or is not posted yet */
function readDocument(raw: JsonObject, { config }: Context, categories: ReadonlySet<string>) {
  const category = textAt(raw, 'SDDocumentCategory');
  if (isCancelling(raw)) throw new NotOurs('It cancels another document.');
  if (category !== undefined && !categories.has(category))
    throw new NotOurs(`A document of the category ${category} is no receivable.`);
  const isVoid = isSet(raw, 'BillingDocumentIsCancelled');
  if (keyAt(raw, 'AccountingDocument') === undefined && !isVoid) throw new NotOurs('It is not posted in accounting yet.');
  const accounting = rowsAt(raw, 'accounting').filter((line) => !isSpecial(line));
  const parts = rowsAt(raw, 'referring').filter((line) => continues(line, config));
  const lines = linesOf(raw, config);
  const net = neededText(raw, 'TotalNetAmount');
  const tax = amountAt(raw, 'TaxAmount') ?? sumOf(rowsAt(raw, 'to_Item').map((one) => amountAt(one, 'TaxAmount') ?? '0'));
  const [first] = accounting;
  const payer = (first && keyAt(first, 'Customer')) ?? keyAt(raw, 'PayerParty') ?? neededKey(raw, 'SoldToParty');
  const canceller = rowsAt(raw, 'cancelledBy')[0];
  return {
    accounting,
    // what the customer owes by it; of a credit note that is below zero
    owed: isVoid ? '0' : openOf([...accounting, ...parts]),
    shared: {
      customer: accountId(payer, neededText(raw, 'CompanyCode')),
      lines,
      tax: plain(tax),
      total: plain(plus(net, tax)),
      taxes: taxesOf(raw, { net, tax }),
      state: isVoid ? ('VOIDED' as const) : ('ISSUED' as const),
      ...given({
        rate: first && bookedRateOf(first),
        voidedOn: isVoid && canceller ? dayAt(canceller, 'BillingDocumentDate') : undefined,
      }),
    },
  };
}

const PRICE_DECIMALS = 9;

function linesOf(raw: JsonObject, settings: Settings): Line[] {
  const rows = rowsAt(raw, 'to_Item');
  const there = raw['orders'];
  const orders = new Set<unknown>(Array.isArray(there) ? (there as readonly unknown[]) : []);
  return items.decode(rows, 'to_Item').map((read, i): Line => {
    const row = rows[i] ?? {};
    const quantity = plain(amountAt(row, 'BillingQuantity') ?? '1');
    const net = read.net;
    const tax = amountAt(row, 'TaxAmount') ?? '0';
    return {
      ...(isSet(raw, 'isWithoutProducts') ? withoutProduct(read) : read),
      net: plain(read.net),
      quantity,
      unitPrice: isZero(quantity) ? plain(net) : quotient(net, quantity, PRICE_DECIMALS),
      taxRate: rateOf(net, tax),
      taxCategory: categoryOf(tax),
      ...given({
        unit: unitOf(textAt(row, 'BillingQuantityUnit'), settings),
        ...(orders.has(keyAt(row, 'SalesDocument'))
          ? { order: keyAt(row, 'SalesDocument'), orderLine: keyAt(row, 'SalesDocumentItem') }
          : {}),
      }),
    };
  });
}

/** Standard rate, or none at all: SAP's tax codes are each company's own. */
const categoryOf = (tax: string): string => (isZero(tax) ? 'O' : 'S');

/** By the rates of the items. What the document has more than its items, as rounding does, is with the largest of them. */
function taxesOf(raw: JsonObject, whole: { readonly net: string; readonly tax: string }): Tax[] {
  const byRate = new Map<string, { taxable: string; tax: string }>();
  for (const row of rowsAt(raw, 'to_Item')) {
    const net = amountAt(row, 'NetAmount') ?? '0';
    const tax = amountAt(row, 'TaxAmount') ?? '0';
    const rate = rateOf(net, tax);
    const sum = byRate.get(rate) ?? { taxable: '0', tax: '0' };
    byRate.set(rate, { taxable: plus(sum.taxable, net), tax: plus(sum.tax, tax) });
  }
  if (byRate.size === 0) byRate.set(rateOf(whole.net, whole.tax), { taxable: '0', tax: '0' });
  const [largest] = [...byRate.values()].toSorted((a, b) => compare(sizeOf(b.tax), sizeOf(a.tax)));
  if (largest) {
    const all = [...byRate.values()];
    largest.taxable = plus(largest.taxable, minus(whole.net, sumOf(all.map((one) => one.taxable))));
    largest.tax = plus(largest.tax, minus(whole.tax, sumOf(all.map((one) => one.tax))));
  }
  return [...byRate].map(([taxRate, { taxable, tax }]) => ({
    taxRate,
    taxCategory: categoryOf(tax),
    taxable: plain(taxable),
    tax: plain(tax),
  }));
}

const extensionsOf = (raw: JsonObject): { extensions: JsonObject } => ({
  extensions: restOf(raw, [...BY_CODE, ...invoice.fields.map(({ read }) => read ?? '')]),
});

export function assembleInvoice(raw: JsonObject, context: Context): Assembled<'Invoice'> {
  const { shared, accounting, owed } = readDocument(raw, context, INVOICES);
  const read = invoice.read(raw);
  const due = accounting.flatMap((line) => dayAt(line, 'NetDueDate') ?? []).toSorted();
  const orders = [...new Set(shared.lines.flatMap(({ order }) => order ?? []))];
  const document = {
    ...read,
    ...shared,
    net: plain(read.net),
    dueOn: due.at(-1) ?? read.issuedOn,
    open: plain(owed),
    ...(orders.length === 0 ? {} : { orders }),
  };
  const { extensions } = extensionsOf(raw);
  return { document, extensions: due.length > 0 ? extensions : { ...extensions, dueDateIsNotKnown: true } };
}

export function assembleCreditMemo(raw: JsonObject, context: Context): Assembled<'CreditNote'> {
  const { shared, owed } = readDocument(raw, context, CREDITS);
  const read = credit.read(raw);
  return { document: { ...read, ...shared, net: plain(read.net), open: plain(negated(owed)) }, ...extensionsOf(raw) };
}
