/** Payments: what they pay, what stays unapplied, and the invoices and credit memos that change with them. */
import { decimalsOf, fromMinor } from './amounts.ts';
import { type Body, given, listOf, refOf, textOf } from './body.ts';
import type { Books, Row } from './books.ts';
import type { EntityName } from './entities.ts';
import { againstRules, badReference, badSum, missing } from './fault.ts';
import { amountOf } from './sales-lines.ts';
import { currencyOf } from './settings.ts';
import { checkNote, customerOf, type Draft, existing, moneyOf, txnDateOf } from './transaction.ts';
import { UNDEPOSITED_FUNDS } from './sales-form.ts';

/** Minor units by `Invoice/17`. */
export type Applied = ReadonlyMap<string, number>;

const NONE: Applied = new Map();
const TARGETS: ReadonlySet<string> = new Set(['Invoice', 'CreditMemo', 'JournalEntry']);

/** @throws ApiFault for what QuickBooks refuses, also when more is applied than is open */
export function settlePayment(draft: Draft): Body {
  const { books, body, before } = draft;
  const customer = customerOf(draft, true);
  const txnDate = txnDateOf(draft);
  const { currency, rate, decimals } = moneyOf(draft, customer);
  checkNote(body);
  if (body.TotalAmt === undefined) throw missing('TotalAmt');
  const totalMinor = amountOf(body.TotalAmt, 'TotalAmt', decimals);
  if (totalMinor < 0) throw againstRules('The amount of a payment is not below zero.', 'TotalAmt');
  const lines = listOf(body, 'Line').map((line) => settleLine(books, line, decimals));
  const settled = given({
    ...body,
    TxnDate: txnDate,
    CurrencyRef: books.ref(currency),
    ExchangeRate: rate,
    CustomerRef: customer && books.ref(customer.id),
    PaymentMethodRef: existing(books, body, ['PaymentMethodRef', 'PaymentMethod']),
    DepositToAccountRef: existing(books, body, ['DepositToAccountRef', 'Account']) ?? depositTo(books, totalMinor),
    LinkedTxn: undefined,
    TotalAmt: fromMinor(totalMinor, decimals),
    Line: lines,
  });
  checkApplied(books, { customerId: customer?.id ?? '', before, now: appliedBy(settled) });
  if (unappliedOf(settled) < 0) throw badSum('The amounts of the lines come to more than the payment.', 'TotalAmt');
  return settled;
}

/** What a payment applies, by the record that it is applied to. */
export function appliedBy(body: Body | undefined): Applied {
  if (body === undefined) return NONE;
  const decimals = decimalsOf(refOf(body, 'CurrencyRef') ?? 'USD');
  const applied = new Map<string, number>();
  for (const line of listOf(body, 'Line')) {
    const link = listOf(line, 'LinkedTxn')[0] ?? {};
    const key = `${textOf(link, 'TxnType')}/${textOf(link, 'TxnId')}`;
    applied.set(key, (applied.get(key) ?? 0) + amountOf(line.Amount, 'Line.Amount', decimals));
  }
  return applied;
}

/** What is left of a payment: credits that it uses add to it, what it pays takes away. */
function unappliedOf(body: Body): number {
  let left = amountOf(body.TotalAmt, 'TotalAmt', decimalsOf(refOf(body, 'CurrencyRef') ?? 'USD'));
  for (const [key, minor] of appliedBy(body)) left += key.startsWith('CreditMemo/') ? minor : -minor;
  return left;
}

/** Moves what is open of everything that is applied to differently than before; each of them is a version later. */
export function applyPayment(books: Books, payment: Row, [before, now]: readonly [Applied, Applied]): void {
  for (const key of new Set([...before.keys(), ...now.keys()])) {
    const difference = (now.get(key) ?? 0) - (before.get(key) ?? 0);
    const target = targetOf(books, key);
    if (target === undefined || target.entity === 'JournalEntry' || difference === 0) continue;
    books.setOpen(target, target.openMinor - difference);
    if (target.entity === 'Invoice') {
      const others = target.links.filter(({ id }) => id !== payment.id);
      target.links = now.has(key) ? [...others, { id: payment.id, type: 'Payment' }] : others;
    }
    books.bump(target);
  }
  books.setOpen(payment, unappliedOf(payment.body));
}

/** Takes an invoice or a credit memo that is gone out of the payments that were applied to it; a payment of nothing goes with it. */
export function releaseFrom(books: Books, target: Row): void {
  const key = `${target.entity}/${target.id}`;
  for (const payment of paymentsOf(books, target)) {
    const before = appliedBy(payment.body);
    const lines = listOf(payment.body, 'Line').filter((line) => {
      const link = listOf(line, 'LinkedTxn')[0] ?? {};
      return `${textOf(link, 'TxnType')}/${textOf(link, 'TxnId')}` !== key;
    });
    const body = trimmed({ ...payment.body, Line: lines });
    const isLinkOnly = payment.body.TotalAmt === 0;
    books.replace(payment, body);
    applyPayment(books, payment, [before, appliedBy(body)]);
    if (isLinkOnly && listOf(body, 'Line').length === 0) books.remove(payment);
  }
}

/** The payments that are applied to it. A credit memo has no link to them, so they are looked for among its customer's. */
function paymentsOf(books: Books, target: Row): readonly Row[] {
  if (target.entity === 'Invoice')
    return target.links.flatMap(({ id, type }) => (type === 'Payment' ? (books.row('Payment', id) ?? []) : []));
  return [...books.rows('Payment')].filter(({ body }) => appliedBy(body).has(`${target.entity}/${target.id}`));
}

/** Without the credit that is gone the payment may pay more than it has: its last lines give way. */
function trimmed(body: Body): Body {
  const decimals = decimalsOf(refOf(body, 'CurrencyRef') ?? 'USD');
  let missingMinor = -unappliedOf(body);
  const lines: Body[] = [];
  for (const line of [...listOf(body, 'Line')].reverse()) {
    const isCredit = listOf(line, 'LinkedTxn')[0]?.TxnType === 'CreditMemo';
    const minor = amountOf(line.Amount, 'Line.Amount', decimals);
    const cut = isCredit ? 0 : Math.max(0, Math.min(minor, missingMinor));
    missingMinor -= cut;
    if (minor > cut) lines.unshift({ ...line, Amount: fromMinor(minor - cut, decimals) });
  }
  return { ...body, Line: lines };
}

function settleLine(books: Books, line: Body, decimals: number): Body {
  const link = listOf(line, 'LinkedTxn')[0];
  if (line.Amount === undefined) throw missing('Line.Amount');
  const minor = amountOf(line.Amount, 'Line.Amount', decimals);
  if (minor <= 0) throw againstRules('The amount of a line is above zero.', 'Line.Amount');
  if (link === undefined) throw missing('Line.LinkedTxn');
  const [type, id] = [textOf(link, 'TxnType') ?? '', textOf(link, 'TxnId') ?? ''];
  if (!TARGETS.has(type) || books.row(type as EntityName, id) === undefined) throw badReference('LinkedTxn', id);
  return { Amount: fromMinor(minor, decimals), LinkedTxn: [{ TxnId: id, TxnType: type }] };
}

interface Check {
  readonly customerId: string;
  readonly before: Row | undefined;
  readonly now: Applied;
}

function checkApplied(books: Books, { customerId, before, now }: Check): void {
  const old = appliedBy(before?.body);
  for (const [key, minor] of now) {
    const target = targetOf(books, key);
    if (target === undefined || target.entity === 'JournalEntry') continue;
    if (minor > target.openMinor + (old.get(key) ?? 0))
      throw againstRules(`The amount applied to ${key} is more than what is open of it.`, 'Line.Amount');
    const owner = refOf(target.body, 'CustomerRef') ?? '';
    if (owner !== customerId && !isBelow(books, owner, customerId) && !isBelow(books, customerId, owner))
      throw againstRules(`${key} is another customer's.`, 'Line.LinkedTxn');
    if (currencyOf(books, target.body) !== refOf(books.row('Customer', customerId)?.body ?? {}, 'CurrencyRef'))
      throw againstRules(`${key} is in another currency.`, 'Line.LinkedTxn');
  }
}

/** A sub-customer's bills may be paid by its parent, and the other way round. */
function isBelow(books: Books, id: string, parentId: string): boolean {
  for (let at = books.row('Customer', id); at !== undefined; ) {
    const above = refOf(at.body, 'ParentRef');
    if (above === parentId) return true;
    at = above === undefined ? undefined : books.row('Customer', above);
  }
  return false;
}

const depositTo = (books: Books, totalMinor: number) => (totalMinor === 0 ? undefined : books.ref(UNDEPOSITED_FUNDS));

function targetOf(books: Books, key: string): Row | undefined {
  const [type = '', id = ''] = key.split('/');
  return books.row(type as EntityName, id);
}
