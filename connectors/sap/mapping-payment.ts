/**
 * Payments, as accounting has them: credits of payment documents on a customer's account, and clearings that set credit notes against
 * invoices without any money. Down payments and bills of exchange (special G/L) are no receivables: they stand beside, never among them.
 */
import {
  type Assembled,
  type AssembleContext,
  defineMapping,
  type JsonObject,
  MappingError,
  NotOurs,
  padded,
  sapDay,
  text,
  isZero,
  negated,
  sumOf,
  minus,
  plain,
} from '../../src/connect/index.ts';
import { sizeOf, quotient } from './amounts.ts';
import { Applications, lineKey, sharesOf } from './clearing.ts';
import { accountId } from './companies.ts';
import { amountAt, dayAt, given, isSet, keyAt, neededKey, neededText, rowsAt, textAt } from './fields.ts';
import {
  amountOf,
  clearingOf,
  continues,
  creditOf,
  documentOf,
  isDebit,
  isOfPayment,
  isOpenLine,
  isSpecial,
  linesBy,
  totalOf,
} from './lines.ts';
import { type Books, targetOf } from './owners.ts';
import type { Settings } from './settings.ts';

const table = defineMapping('Payment', [
  { ours: 'number', read: 'AccountingDocument', codec: padded(10) },
  { ours: 'legalEntity', read: 'CompanyCode', codec: text() },
]);
const lineTable = defineMapping('Payment', [
  { ours: 'receivedOn', read: 'PostingDate', codec: sapDay },
  { ours: 'currency', read: 'TransactionCurrency', codec: text() },
  { ours: 'reference', read: 'DocumentReferenceID', codec: text() },
  { ours: 'memo', read: 'DocumentItemText', codec: text() },
]);

type Context = AssembleContext<Settings>;

/** @throws NotOurs for a document that takes back another one, and for one that is no more than a down payment */
export function assemblePayment(raw: JsonObject, { config }: Context): Assembled<'Payment'> {
  const head = table.read(raw);
  const customer = accountId(neededKey(raw, 'Customer'), neededText(raw, 'CompanyCode'));
  const own = rowsAt(raw, 'lines');
  if (own.some((line) => isSet(line, 'IsReversal'))) throw new NotOurs('It takes back another document.');
  const special = own.filter(isSpecial);
  const credits = own.filter((line) => !isSpecial(line) && isOfPayment(line, config));
  if (credits.every(isDebit) && special.length > 0)
    throw new NotOurs('It is a down payment or a bill of exchange (special G/L), no receivable.');
  const books = booksOf(raw, config);
  const money = credits.every(isDebit) ? null : moneyOf(credits, { books, discounts: rowsAt(raw, 'discounts') });
  const applications = applicationsOf(raw, { books, money });
  const isVoid = own.some((line) => isSet(line, 'IsReversed'));
  const first = credits.find((line) => !isDebit(line)) ?? rowsAt(raw, 'cleared')[0];
  if (first === undefined) throw new MappingError('lines', 'No line of the document is there.');
  const { memo, reference, ...line } = lineTable.read(first);
  const clearedOn = dayAt(first, 'ClearingDate');
  const document = {
    ...head,
    ...line,
    customer,
    ...(money === null && clearedOn !== undefined ? { receivedOn: clearedOn } : {}),
    ...(money === null ? {} : given({ memo, reference, rate: rateOf(first) })),
    amount: money?.amount ?? '0',
    unapplied: isVoid ? '0' : (money?.unapplied ?? '0'),
    method: config.paymentMethods[textAt(first, 'PaymentMethod') ?? ''] ?? ('OTHER' as const),
    state: isVoid ? ('VOIDED' as const) : ('RECEIVED' as const),
    ...(isVoid ? given({ voidedOn: voidedOn(raw) }) : {}),
    applications: isVoid ? [] : applications,
  };
  const extensions = given({
    accountingDocumentType: textAt(first, 'AccountingDocumentType'),
    fiscalYear: textAt(raw, 'FiscalYear'),
    specialGl: special.length === 0 ? undefined : special.map(specialOf),
  });
  return { document, extensions };
}

const specialOf = (line: JsonObject): JsonObject => ({
  code: textAt(line, 'SpecialGLCode') ?? '',
  amount: amountOf(line),
  currency: textAt(line, 'TransactionCurrency') ?? '',
  isOpen: isOpenLine(line),
});

/** When it was taken back; a document that takes back another one has a day of its own. */
export const voidedOn = (raw: JsonObject): string | undefined => {
  const [line] = rowsAt(raw, 'reversal');
  return line && dayAt(line, 'PostingDate');
};

const RATE_DECIMALS = 9;

/** Units of the company's currency for one of the document's, as it was booked; undefined where both are the same. */
export function rateOf(line: JsonObject): string | undefined {
  const [currency, home] = [textAt(line, 'TransactionCurrency'), textAt(line, 'CompanyCodeCurrency')];
  const [amount, inHome] = [amountAt(line, 'AmountInTransactionCurrency'), amountAt(line, 'AmountInCompanyCodeCurrency')];
  if (home === undefined || currency === home || amount === undefined || inHome === undefined || isZero(amount)) return undefined;
  return quotient(inHome, amount, RATE_DECIMALS);
}

export const booksOf = (raw: JsonObject, settings: Settings): Books => ({
  settings,
  billing: new Map(rowsAt(raw, 'billing').map((one) => [neededKey(one, 'BillingDocument'), one])),
  targets: linesBy(rowsAt(raw, 'targets'), documentOf),
});

interface Money {
  readonly amount: string;
  readonly unapplied: string;
  readonly discount: string;
  readonly lines: readonly JsonObject[];
}

/** What came: what was credited, less what was granted as cash discount and what was left of a document as a rest. */
function moneyOf(
  lines: readonly JsonObject[],
  { books, discounts }: { readonly books: Books; readonly discounts: readonly JsonObject[] },
): Money {
  const credits = lines.filter((line) => !isDebit(line));
  const rests = lines.filter((line) => isDebit(line) && targetOf(line, books) !== null);
  const told = sumOf(credits.map((line) => sizeOf(amountAt(line, 'CashDiscountAmount') ?? '0')));
  const discount = books.settings.discountAccounts.length === 0 ? told : totalOf(discounts);
  const isPart = (line: JsonObject) => continues(line, books.settings) && targetOf(line, books) !== null;
  const unapplied = creditOf(credits.filter((line) => isOpenLine(line) && !isPart(line)));
  const amount = minus(creditOf([...credits, ...rests]), discount);
  return { amount: plain(amount), unapplied: plain(unapplied), discount, lines };
}

function applicationsOf(raw: JsonObject, { books, money }: { books: Books; money: Money | null }) {
  const applications = new Applications();
  const customer = neededKey(raw, 'Customer');
  const own = new Map((money?.lines ?? []).map((line) => [lineKey(line), line]));
  for (const line of own.values()) {
    const target = continues(line, books.settings) && !isDebit(line) ? targetOf(line, books) : null;
    if (target !== null && 'id' in target) applications.add(target, negated(amountOf(line)), dayAt(line, 'PostingDate'));
  }
  const isItsOwn = (clearing: string | null) => clearing === documentOf(raw);
  for (const group of groupsOf(raw)) {
    mustBeOneCurrency(group, money);
    const [any] = group;
    const clearedOn = any && dayAt(any, 'ClearingDate');
    const isMine = any !== undefined && isItsOwn(clearingOf(any));
    for (const { line, creditNote, target, amount, customer: whose } of sharesOf(group, books)) {
      if (creditNote === null ? !own.has(line) : !(isMine && whose === customer)) continue;
      applications.add(target, amount, clearedOn);
      if (creditNote) applications.add(creditNote, amount, clearedOn);
    }
  }
  for (const line of own.values()) {
    const target = isDebit(line) ? targetOf(line, books) : null;
    if (target !== null && 'id' in target) applications.leave(target, amountOf(line));
  }
  applications.discount(money?.discount ?? '0');
  return applications.list().map((one) => ({
    ...one,
    amount: plain(one.amount),
    ...(one.discount === undefined ? {} : { discount: plain(one.discount) }),
  }));
}

/** Lines that were cleared together, each clearing by itself. */
const groupsOf = (raw: JsonObject): readonly (readonly JsonObject[])[] => [
  ...linesBy(rowsAt(raw, 'cleared'), clearingOf).values(),
];

/** Amounts of two currencies have no common one that a line would tell. */
function mustBeOneCurrency(group: readonly JsonObject[], money: Money | null): void {
  const currencies = [...new Set([...group, ...(money?.lines ?? [])].map((line) => textAt(line, 'TransactionCurrency')))];
  if (currencies.length <= 1) return;
  const message = `It was cleared with lines in ${currencies.join(' and ')}, of which nothing tells how much of one paid the other.`;
  throw new MappingError('TransactionCurrency', message);
}

export const isPaymentLine = (line: JsonObject, settings: Settings): boolean =>
  isOfPayment(line, settings) && (!isDebit(line) || isSpecial(line)) && keyAt(line, 'Customer') !== undefined;
