/**
 * Sales forms as they are read: estimates as orders, invoices, sales receipts as invoices that were paid at once, credit memos, and
 * refund receipts as credit notes that were paid out at once. The tables hold the way back as well (`push-sales.ts`).
 */
import {
  type AssembleContext,
  type Assembled,
  amountNumber,
  codes,
  currency,
  day,
  defineMapping,
  id,
  type JsonObject,
  MappingError,
  NotOurs,
  text,
  isZero,
  minus,
  plain,
} from '../../src/connect/index.ts';
import { amountAt, currencyAt, dayAt, given, listAt, neededAmount, refAt, textAt } from './fields.ts';
import { readLines } from './lines.ts';
import { assembled } from './mapping-lists.ts';
import { isVoidNote, type Note, readNote } from './note.ts';
import { addressAt } from './place.ts';
import type { Method, Settings } from './settings.ts';
import { readTaxes, taxReader } from './taxes.ts';

type Context = AssembleContext<Settings>;

const MEMO_MAX_CHARS = 1_000;

/** What all sales forms have. Whose they are, their number and rate are read by code: QuickBooks leaves them out at times. */
const FORM = [
  { ours: 'number', read: 'DocNumber', codec: text() },
  { ours: 'customer', write: 'CustomerRef.value', codec: id },
  { ours: 'currency', write: 'CurrencyRef.value', codec: currency },
  { ours: 'memo', read: 'CustomerMemo.value', write: 'CustomerMemo.value', codec: text(MEMO_MAX_CHARS) },
  { ours: 'total', read: 'TotalAmt', codec: amountNumber },
] as const;
const TERMS = { ours: 'terms', read: 'SalesTermRef.value', write: 'SalesTermRef.value', codec: id } as const;
const ISSUED = { ours: 'issuedOn', read: 'TxnDate', write: 'TxnDate', codec: day } as const;

export const orderTable = defineMapping('Order', [
  ...FORM,
  TERMS,
  { ours: 'orderedOn', read: 'TxnDate', write: 'TxnDate', codec: day },
  { ours: 'requestedOn', read: 'ShipDate', write: 'ShipDate', codec: day },
  {
    ours: 'state',
    read: 'TxnStatus',
    write: 'TxnStatus',
    codec: codes([
      ['Pending', 'OPEN'],
      ['Accepted', 'CONFIRMED'],
      ['Closed', 'COMPLETED'],
      ['Converted', 'COMPLETED'],
      ['Rejected', 'CANCELLED'],
    ]),
    otherwise: 'OPEN',
  },
]);
export const invoiceTable = defineMapping('Invoice', [
  ...FORM,
  TERMS,
  ISSUED,
  { ours: 'dueOn', write: 'DueDate', codec: day },
  { ours: 'open', read: 'Balance', codec: amountNumber },
]);
export const creditTable = defineMapping('CreditNote', [...FORM, ISSUED]);

/** What all sales forms have beside their table. */
function readForm(raw: JsonObject, { config, functionalCurrency }: Context) {
  const note = readNote(textAt(raw, 'PrivateNote'));
  const tax = amountAt(raw, 'TxnTaxDetail.TotalTax') ?? '0';
  const net = minus(neededAmount(raw, 'TotalAmt'), tax);
  const isVoid = isVoided(raw);
  const { lines, untaxed } = readLines(raw, { net: isVoid ? null : net, taxes: taxReader(raw, config) });
  return {
    note,
    state: isVoid ? ('VOIDED' as const) : ('ISSUED' as const),
    taxes: readTaxes(raw, { net, tax, untaxed }, config),
    form: {
      customer: customerOf(raw, config),
      currency: currencyAt(raw, functionalCurrency),
      lines: [...lines],
      net,
      tax,
      ...given({
        rate: rateAt(raw),
        customerReference: customField(raw, config.customFields.customerReference) ?? note.reference,
      }),
    },
  };
}

export function rateAt(raw: JsonObject): string | undefined {
  const rate = amountAt(raw, 'ExchangeRate');
  return rate === undefined || isZero(rate) ? undefined : plain(rate);
}

/** A voided document stands with its number and without amounts; a total of nothing alone is no void. */
export const isVoided = (raw: JsonObject): boolean =>
  isZero(amountAt(raw, 'TotalAmt') ?? '1') && isVoidNote(textAt(raw, 'PrivateNote'));

function customerOf(raw: JsonObject, { cashSaleCustomer }: Settings): string {
  const customer = refAt(raw, 'CustomerRef') ?? cashSaleCustomer;
  if (customer !== undefined) return customer;
  const message = 'CustomerRef is missing: name a customer there, or set cashSaleCustomer for sales to nobody in particular.';
  throw new MappingError('CustomerRef', message);
}

function customField(raw: JsonObject, definitionId: string | undefined): string | undefined {
  if (definitionId === undefined) return undefined;
  const field = listAt(raw, 'CustomField').find((one) => textAt(one, 'DefinitionId') === definitionId);
  return field && textAt(field, 'StringValue');
}

const BY_CODE = ['CustomerRef', 'CurrencyRef', 'ExchangeRate', 'Line', 'TxnTaxDetail', 'LinkedTxn'];

/** The note is mapped where nothing but our marks is in it. */
const byCode = (note: Note, ...more: readonly string[]) => [
  ...BY_CODE,
  ...more,
  ...(note.text === undefined ? ['PrivateNote'] : []),
];

/** @throws NotOurs for an estimate that nobody has accepted yet */
export function assembleOrder(raw: JsonObject, context: Context): Assembled<'Order'> {
  const read = orderTable.read(raw);
  const { ours } = readNote(textAt(raw, 'PrivateNote'));
  if (read.state === 'OPEN' && ours === undefined && context.config.pendingEstimates === 'IGNORE')
    throw new NotOurs('Nobody has accepted this estimate yet.');
  const { form, note } = readForm(raw, context);
  const document = { ...read, ...form, ...given({ shipTo: addressAt(raw, 'ShipAddr') }) };
  return assembled(raw, { document, tables: [orderTable], mapped: byCode(note, 'ShipAddr'), ours });
}

export function assembleInvoice(raw: JsonObject, context: Context): Assembled<'Invoice'> {
  const read = invoiceTable.read(raw);
  const { form, taxes, state, note } = readForm(raw, context);
  const orders = ordersOf(raw);
  const dueOn = dayAt(raw, 'DueDate') ?? read.issuedOn;
  const document = { ...read, ...form, dueOn, taxes, state, ...(orders.length === 0 ? {} : { orders }) };
  const mapped = byCode(note, 'DueDate', 'HomeBalance', 'HomeTotalAmt');
  return assembled(raw, { document, tables: [invoiceTable], mapped, ours: note.ours });
}

/** A cash sale: nothing of it is ever open. */
export function assembleSalesReceipt(raw: JsonObject, context: Context): Assembled<'Invoice'> {
  const { terms: _terms, ...read } = invoiceTable.read(raw);
  const { form, taxes, state, note } = readForm(raw, context);
  const paidBy = methodAt(raw, context.config);
  const document = { ...read, ...form, dueOn: read.issuedOn, open: '0', taxes, state, paidBy };
  return assembled(raw, { document, tables: [invoiceTable], mapped: byCode(note, 'PaymentMethodRef'), ours: note.ours });
}

export function assembleCreditMemo(raw: JsonObject, context: Context): Assembled<'CreditNote'> {
  const { form, taxes, state, note } = readForm(raw, context);
  const more = given({
    open: amountAt(raw, 'RemainingCredit') ?? amountAt(raw, 'Balance'),
    invoice: note.invoice ?? refAt(raw, 'InvoiceRef'),
  });
  const document = { ...creditTable.read(raw), ...form, taxes, state, ...more };
  const mapped = byCode(note, 'RemainingCredit', 'Balance', 'InvoiceRef', 'HomeBalance', 'HomeTotalAmt');
  return assembled(raw, { document, tables: [creditTable], mapped, ours: note.ours });
}

export function assembleRefundReceipt(raw: JsonObject, context: Context): Assembled<'CreditNote'> {
  const { form, taxes, state, note } = readForm(raw, context);
  const refundedBy = methodAt(raw, context.config);
  const document = { ...creditTable.read(raw), ...form, open: '0', taxes, state, refundedBy };
  const mapped = byCode(note, 'PaymentMethodRef', 'Balance');
  return assembled(raw, { document, tables: [creditTable], mapped, ours: note.ours });
}

/** The estimates that it was made from, by itself or by one of its lines. */
function ordersOf(raw: JsonObject): string[] {
  const links = [...listAt(raw, 'LinkedTxn'), ...listAt(raw, 'Line').flatMap((line) => listAt(line, 'LinkedTxn'))];
  const ids = links.flatMap((link) => (textAt(link, 'TxnType') === 'Estimate' ? (textAt(link, 'TxnId') ?? []) : []));
  return [...new Set(ids)];
}

/** By the settings; OTHER where they don't name it. */
export function methodAt(raw: JsonObject, { paymentMethods }: Settings): Method {
  const methodId = refAt(raw, 'PaymentMethodRef');
  const known = Object.entries(paymentMethods).find(([, one]) => one === methodId);
  return methodId === undefined || !known ? 'OTHER' : (known[0] as Method);
}
