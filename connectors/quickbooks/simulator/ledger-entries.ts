/** Deposits and journal entries: what is stored of them, and the payments and customers that change with them. */
import { fromMinor } from './amounts.ts';
import { type Body, given, listOf, partOf, refOf, textOf } from './body.ts';
import type { Books } from './books.ts';
import { againstRules, badReference, linkProblem, missing } from './fault.ts';
import { amountOf } from './sales-lines.ts';
import { checkNote, docNumberOf, type Draft, existing, moneyOf, txnDateOf } from './transaction.ts';

/** @throws ApiFault for what QuickBooks refuses */
export function settleDeposit(draft: Draft): Body {
  const { books, body, before } = draft;
  const account = existing(books, body, ['DepositToAccountRef', 'Account']);
  if (account === undefined) throw missing('DepositToAccountRef');
  const { currency, rate, decimals } = moneyOf(draft, undefined);
  checkNote(body);
  const sent = listOf(body, 'Line');
  if (sent.length === 0) throw missing('Line');
  let totalMinor = 0;
  const lines = sent.map((line, index) => {
    const minor = amountOf(line.Amount, 'Line.Amount', decimals);
    totalMinor += minor;
    const payment = linkedPayment(line);
    if (payment !== undefined) checkPayment(books, payment, before?.id);
    const { Id: _id, LineNum: _number, CustomExtensions: _extensions, ...rest } = line;
    if (payment !== undefined) return { ...rest, Amount: fromMinor(minor, decimals) };
    existing(books, partOf(line, 'DepositLineDetail'), ['AccountRef', 'Account']);
    return { Id: String(index + 1), LineNum: index + 1, ...rest, Amount: fromMinor(minor, decimals) };
  });
  return given({
    ...body,
    DocNumber: docNumberOf(draft),
    TxnDate: txnDateOf(draft),
    CurrencyRef: books.ref(currency),
    ExchangeRate: rate,
    DepositToAccountRef: account,
    TotalAmt: fromMinor(totalMinor, decimals),
    Line: lines,
  });
}

/** The payments that are in a deposit point to it; nothing else of them changes. */
export function linkDeposit(books: Books, depositId: string, [before, after]: readonly [Body, Body]): void {
  const [old, now] = [paymentsIn(before), paymentsIn(after)];
  for (const id of new Set([...old, ...now])) {
    const payment = books.row('Payment', id);
    if (payment === undefined || old.has(id) === now.has(id)) continue;
    payment.links = now.has(id) ? [{ id: depositId, type: 'Deposit' }] : [];
  }
}

/** @throws ApiFault for what QuickBooks refuses, also when debits and credits differ */
export function settleJournalEntry(draft: Draft): Body {
  const { books, body } = draft;
  const { currency, rate, decimals } = moneyOf(draft, undefined);
  checkNote(body);
  const sent = listOf(body, 'Line');
  if (sent.length < 2) throw missing('Line');
  let balance = 0;
  const lines = sent.map((line, index) => {
    const detail = partOf(line, 'JournalEntryLineDetail');
    const minor = amountOf(line.Amount, 'Line.Amount', decimals);
    if (detail.PostingType !== 'Debit' && detail.PostingType !== 'Credit') throw missing('PostingType');
    balance += detail.PostingType === 'Debit' ? minor : -minor;
    const account = existing(books, detail, ['AccountRef', 'Account']);
    if (account === undefined) throw missing('AccountRef');
    if (isReceivable(books, account.value) && customerIn(detail) === undefined)
      throw againstRules('A line in accounts receivable must name a customer.', 'Entity');
    return { ...line, Id: textOf(line, 'Id') ?? String(index), Amount: fromMinor(minor, decimals) };
  });
  if (balance !== 0) throw againstRules('Debits and credits of a journal entry must be equal.', 'Line');
  return given({
    ...body,
    DocNumber: docNumberOf(draft),
    TxnDate: txnDateOf(draft),
    CurrencyRef: books.ref(currency),
    ExchangeRate: rate,
    Adjustment: body.Adjustment === true,
    TotalAmt: 0,
    Line: lines,
  });
}

/** A journal entry in accounts receivable changes what a customer owes, without any invoice. */
export function postJournalEntry(books: Books, body: Body, sign: 1 | -1, decimals: number): void {
  for (const line of listOf(body, 'Line')) {
    const detail = partOf(line, 'JournalEntryLineDetail');
    if (!isReceivable(books, refOf(detail, 'AccountRef') ?? '')) continue;
    const minor = amountOf(line.Amount, 'Line.Amount', decimals);
    books.owe(customerIn(detail), sign * (detail.PostingType === 'Debit' ? minor : -minor));
  }
}

const isReceivable = (books: Books, accountId: string): boolean =>
  books.row('Account', accountId)?.body.AccountType === 'Accounts Receivable';

function customerIn(detail: Body): string | undefined {
  const entity = partOf(detail, 'Entity');
  return entity.Type === undefined || entity.Type === 'Customer' ? refOf(entity, 'EntityRef') : undefined;
}

function linkedPayment(line: Body): string | undefined {
  const link = listOf(line, 'LinkedTxn')[0];
  return link?.TxnType === 'Payment' ? textOf(link, 'TxnId') : undefined;
}

const paymentsIn = (body: Body): ReadonlySet<string> =>
  new Set(listOf(body, 'Line').flatMap((line) => linkedPayment(line) ?? []));

function checkPayment(books: Books, id: string, depositId: string | undefined): void {
  const payment = books.row('Payment', id);
  if (payment === undefined) throw badReference('LinkedTxn', id);
  if (payment.links.some((link) => link.id !== depositId)) throw linkProblem(`Payment ${id} has been deposited already.`);
}
