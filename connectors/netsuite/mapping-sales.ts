/**
 * Sales as they are read: orders, invoices, cash sales as invoices that were paid at once, and credit memos. The tables hold the way back
 * as well (`split-sales.ts`).
 */
import {
  type Assembled,
  type AssembleContext,
  day,
  defineMapping,
  id,
  type JsonObject,
  MappingError,
  NotOurs,
  text,
  isZero,
  minus,
} from '../../src/connect/index.ts';
import { assembled, oursIn } from './assembled.ts';
import { amountAt, given, isTrue, letterOf, listAt, neededAmount, neededText, textAt } from './fields.ts';
import { originsOf, readLines, saleRows, type Side, sideOf } from './lines.ts';
import { accountId } from './lists.ts';
import { rateAt } from './mapping-lists.ts';
import { invoiceIn } from './memo.ts';
import type { Method, Settings } from './settings.ts';
import { readTaxes, taxOf, taxReader } from './taxes.ts';

type Context = AssembleContext<Settings>;

const MEMO_MAX_CHARS = 999;
const REFERENCE_MAX_CHARS = 45;

/** What all sales have. */
const FORM = [
  { ours: 'number', read: 'tranid', codec: text() },
  { ours: 'memo', read: 'memo', write: 'memo', codec: text(MEMO_MAX_CHARS) },
  { ours: 'customerReference', read: 'otherrefnum', write: 'otherRefNum', codec: text(REFERENCE_MAX_CHARS) },
] as const;
const TERMS = { ours: 'terms', read: 'terms', write: 'terms.id', codec: id } as const;
const ISSUED = { ours: 'issuedOn', read: 'trandate', write: 'tranDate', codec: day } as const;

export const orderTable = defineMapping('Order', [
  ...FORM,
  TERMS,
  { ours: 'orderedOn', read: 'trandate', write: 'tranDate', codec: day },
  { ours: 'requestedOn', write: 'shipDate', codec: day },
]);
export const invoiceTable = defineMapping('Invoice', [...FORM, TERMS, ISSUED, { ours: 'dueOn', write: 'dueDate', codec: day }]);
export const creditTable = defineMapping('CreditNote', [...FORM, ISSUED]);

const MAPPED = [
  'foreigntotal',
  'foreignamountunpaid',
  'mainamount',
  'unused',
  'voided',
  'duedate',
  'terms',
  'paymentmethod',
  'createdfrom',
  'createdfromtype',
];

/** A wrong letter is refused with the ones that are known. */
export function statusOf(raw: JsonObject, known: string): string {
  const letter = letterOf(textAt(raw, 'status'));
  if (letter !== undefined && known.includes(letter) && letter.length === 1) return letter;
  const type = textAt(raw, 'type') ?? 'transaction';
  throw new MappingError(
    'status',
    `status of a ${type} must be one of ${known.split('').join(', ')}, and is ${letter ?? 'missing'}.`,
  );
}

export const isVoided = (raw: JsonObject): boolean => isTrue(raw, 'voided') || letterOf(textAt(raw, 'status')) === 'V';

/** The customer's account with the company whose document it is. */
export const customerOf = (raw: JsonObject): string => accountId(neededText(raw, 'entity'), textAt(raw, 'subsidiary'));

export function currencyOf(raw: JsonObject, { functionalCurrency }: Context): string {
  const code = textAt(raw, 'currency') ?? functionalCurrency;
  if (/^[A-Z]{3}$/.test(code)) return code;
  throw new MappingError(
    'currency',
    `currency must be the symbol of a currency such as USD, and is ${code === '' ? 'missing' : code}.`,
  );
}

/** The amount of the whole document on the customer's side: credits are negative in the ledger. */
const totalOf = (raw: JsonObject, side: Side): string => {
  const total = neededAmount(raw, 'foreigntotal');
  return side === -1 && total.startsWith('-') ? total.slice(1) : total;
};

/** What all sales have beside their table. `ofKind`: on which side they are where their amount does not say so. */
function readForm(raw: JsonObject, context: Context, ofKind: Side) {
  const side = sideOf(raw, ofKind);
  const currency = currencyOf(raw, context);
  const isVoid = isVoided(raw);
  const total = totalOf(raw, side);
  const tax = taxOf(raw, side);
  const net = minus(total, tax);
  const sale = { side, net, currency, settings: context.config };
  const lines = readLines(raw, {
    side,
    net: isVoid ? null : net,
    taxes: taxReader(raw, sale),
    billed: originsOf(raw),
  });
  return {
    side,
    state: isVoid ? ('VOIDED' as const) : ('ISSUED' as const),
    taxes: isVoid ? [] : readTaxes(raw, sale),
    form: {
      customer: customerOf(raw),
      currency,
      lines: [...lines],
      net,
      tax,
      total,
      ...given({ rate: rateAt(raw), legalEntity: textAt(raw, 'subsidiary') }),
    },
  };
}

const ORDER_STATES = {
  A: 'OPEN',
  B: 'CONFIRMED',
  C: 'CANCELLED',
  D: 'CONFIRMED',
  E: 'CONFIRMED',
  F: 'CONFIRMED',
  G: 'COMPLETED',
  H: 'COMPLETED',
} as const;

export function assembleOrder(raw: JsonObject, context: Context): Assembled<'Order'> {
  const letter = statusOf(raw, 'ABCDEFGHV') as keyof typeof ORDER_STATES | 'V';
  const { form } = readForm(raw, context, 1);
  const closed = new Set(saleRows(raw).flatMap((row) => (isTrue(row, 'isclosed') ? (textAt(row, 'id') ?? []) : [])));
  const days = saleRows(raw).flatMap((row) => textAt(row, 'expectedshipdate') ?? []);
  const requestedOn = days.sort().at(-1);
  const isCancelled = isVoided(raw) || (letter === 'H' && !isBegun(raw));
  const document = {
    ...orderTable.read(raw),
    ...form,
    lines: form.lines.map((line) => (line.id !== undefined && closed.has(line.id) ? { ...line, isClosed: true } : line)),
    state: isCancelled || letter === 'V' ? ('CANCELLED' as const) : ORDER_STATES[letter],
    ...given({ requestedOn: requestedOn === undefined ? undefined : day.decode(requestedOn, 'expectedshipdate') }),
  };
  return assembled(raw, context, { document, tables: [orderTable], mapped: MAPPED, ours: oursIn(raw) });
}

/** Something of it was delivered or billed: closed after that it is closed short, else it was cancelled. */
const isBegun = (raw: JsonObject): boolean =>
  saleRows(raw).some((row) => ['quantityshiprecv', 'quantitybilled'].some((name) => !isZero(amountAt(row, name) ?? '0')));

/** @throws NotOurs for an invoice that nobody has approved yet, or that was rejected */
export function assembleInvoice(raw: JsonObject, context: Context): Assembled<'Invoice'> {
  if (textAt(raw, 'type') === 'CashSale') return assembleCashSale(raw, context);
  const letter = statusOf(raw, 'ABDEV');
  if (letter === 'D' || letter === 'E') throw new NotOurs('Nobody has approved this invoice.');
  const read = invoiceTable.read(raw);
  const { form, taxes, state } = readForm(raw, context, 1);
  const orders = ordersOf(raw);
  const dueOn = textAt(raw, 'duedate');
  const document = {
    ...read,
    ...form,
    dueOn: dueOn === undefined ? read.issuedOn : day.decode(dueOn, 'duedate'),
    open: amountAt(raw, 'foreignamountunpaid') ?? '0',
    taxes,
    state,
    ...(orders.length === 0 ? {} : { orders }),
  };
  return assembled(raw, context, { document, tables: [invoiceTable], mapped: MAPPED, ours: oursIn(raw) });
}

/** Nothing of it is ever open. */
function assembleCashSale(raw: JsonObject, context: Context): Assembled<'Invoice'> {
  const { terms: _terms, ...read } = invoiceTable.read(raw);
  const { form, taxes, state } = readForm(raw, context, 1);
  const orders = ordersOf(raw);
  const document = {
    ...read,
    ...form,
    dueOn: read.issuedOn,
    open: '0',
    taxes,
    state,
    paidBy: methodAt(raw, context.config),
    ...(orders.length === 0 ? {} : { orders }),
  };
  return assembled(raw, context, { document, tables: [invoiceTable], mapped: MAPPED, ours: oursIn(raw) });
}

export function assembleCreditMemo(raw: JsonObject, context: Context): Assembled<'CreditNote'> {
  const { form, taxes, state } = readForm(raw, context, -1);
  const { memo, ...read } = creditTable.read(raw);
  const noted = invoiceIn(memo);
  const isOfInvoice = textAt(raw, 'createdfromtype') === 'CustInvc';
  const document = {
    ...read,
    ...form,
    open: unusedOf(raw),
    taxes,
    state,
    ...given({ memo: noted.memo, invoice: isOfInvoice ? textAt(raw, 'createdfrom') : noted.invoice }),
  };
  return assembled(raw, context, { document, tables: [creditTable], mapped: MAPPED, ours: oursIn(raw) });
}

/** What of a credit or payment is not set against anything yet. */
export function unusedOf(raw: JsonObject): string {
  const unused = amountAt(raw, 'unused') ?? '0';
  return unused.startsWith('-') ? unused.slice(1) : unused;
}

function ordersOf(raw: JsonObject): string[] {
  const orders = listAt(raw, 'links').flatMap((link) => textAt(link, 'previousdoc') ?? []);
  const from = textAt(raw, 'createdfromtype') === 'SalesOrd' ? [textAt(raw, 'createdfrom') ?? []].flat() : [];
  return [...new Set([...from, ...orders])];
}

/** By the settings; OTHER where they don't name it. */
export function methodAt(raw: JsonObject, { paymentMethods }: Settings): Method {
  const method = textAt(raw, 'paymentmethod');
  const known = Object.entries(paymentMethods).find(([, one]) => one === method);
  return method === undefined || !known ? 'OTHER' : (known[0] as Method);
}
