/** What payments, credits and refunds are set against: read from the sub-list `apply`, judged, counted in what is open of both sides. */
import { invalidContent } from '../problem.ts';
import { minorText, toMinor } from './amounts.ts';
import type { Books } from './books.ts';
import { ACCOUNTS } from './chart.ts';
import { idIn, type LineInput, type Sublist, textIn } from './input.ts';
import type { Apply, TranCode, Transaction } from './model.ts';

const TARGETS: Partial<Record<TranCode, ReadonlySet<TranCode>>> = {
  CustPymt: new Set<TranCode>(['CustInvc']),
  CustCred: new Set<TranCode>(['CustInvc']),
  DepAppl: new Set<TranCode>(['CustInvc']),
  CustRfnd: new Set<TranCode>(['CustCred', 'CustPymt', 'CustDep']),
};

export const appliedSum = (applies: readonly Apply[]): number => applies.reduce((sum, { minor }) => sum + minor, 0);

/** The applications after the sub-list was sent; those of before are not counted in what is open. */
export function mergedApplies(books: Books, draft: Transaction, { items, isReplace }: Sublist<LineInput>): Apply[] {
  const applies = new Map(draft.applies.map((apply) => [apply.doc, apply]));
  const sent = new Set<number>();
  const { decimals } = books.currency(draft.currency);
  for (const { values, path } of items) {
    const doc = idIn(values, 'doc');
    if (doc === undefined) throw invalidContent('Please enter value(s) for: Doc', `${path}.doc`);
    sent.add(doc);
    const known = applies.get(doc);
    const isApplied = values['apply'] === undefined ? known !== undefined || 'amount' in values : values['apply'] === true;
    if (!isApplied) {
      applies.delete(doc);
      continue;
    }
    const discount = minorIn(textIn(values, 'disc'), { decimals, path: `${path}.disc` }) ?? known?.discount ?? 0;
    const left = books.transactions.get(doc)?.open ?? 0;
    const isMoney = draft.total > 0 && draft.code !== 'DepAppl' && draft.code !== 'CustRfnd';
    const used = appliedSum([...applies.values()].filter((apply) => apply.doc !== doc));
    const rest = isMoney ? Math.min(left - discount, draft.total - used) : left - discount;
    const minor = minorIn(textIn(values, 'amount'), { decimals, path: `${path}.amount` }) ?? known?.minor ?? rest;
    if (minor === known?.minor && discount === known.discount) continue;
    applies.set(doc, { doc, minor, discount, modifiedSec: books.nowSec() });
  }
  return [...applies.values()].filter(({ doc }) => !isReplace || sent.has(doc)).slice();
}

function minorIn(text: string | undefined, { decimals, path }: { decimals: number; path: string }): number | undefined {
  if (text === undefined) return undefined;
  const minor = toMinor(text, decimals);
  if (minor === null || minor < 0) throw invalidContent(`Invalid amount ${text}.`, path);
  return minor;
}

/** What is open of the customer, what is due first at first. */
export function applicable(books: Books, draft: Transaction): Transaction[] {
  const targets = TARGETS[draft.code];
  const isSame = (one: Transaction) => one.currency === draft.currency && one.subsidiary === draft.subsidiary;
  const open = books.live(draft.entity).filter((one) => targets?.has(one.code) === true && isSame(one) && one.open > 0);
  const due = ({ dueDay, day }: Transaction) => dueDay ?? day;
  return open.sort((a, b) => (due(a) === due(b) ? a.id - b.id : due(a) < due(b) ? -1 : 1));
}

/** Oldest first, as far as the money goes. */
export function autoApplied(books: Books, draft: Transaction): Apply[] {
  let left = draft.total;
  return applicable(books, draft).flatMap(({ id, open }) => {
    const minor = Math.min(open, left);
    left -= minor;
    return minor > 0 ? [{ doc: id, minor, discount: 0, modifiedSec: books.nowSec() }] : [];
  });
}

/** @throws Problem when one can't be; nothing of the draft is counted yet */
export function checkApplies(books: Books, draft: Transaction): void {
  const { decimals } = books.currency(draft.currency);
  for (const { doc, minor, discount } of draft.applies) {
    const target = books.transactions.get(doc);
    const path = 'apply.items.doc';
    if (target === undefined || TARGETS[draft.code]?.has(target.code) !== true)
      throw invalidContent(`Invalid doc reference key ${doc}.`, path);
    if (target.entity !== draft.entity) throw invalidContent(`The transaction ${doc} is of another customer.`, path);
    if (target.currency !== draft.currency || target.subsidiary !== draft.subsidiary)
      throw invalidContent(`The transaction ${doc} is in another currency or of another subsidiary.`, path);
    if (minor + discount <= 0 || minor + discount > target.open)
      throw invalidContent(
        `You can not apply ${minorText(minor + discount, decimals)} to the transaction ${doc}: ${minorText(target.open, decimals)} is due.`,
        'apply.items.amount',
      );
  }
  if (appliedSum(draft.applies) > draft.total)
    throw invalidContent('The applied amount is larger than the amount of the transaction.', 'apply');
}

/** Counts the applications in what is open, or takes them back. Of the other side only a line moves. */
export function countApplies(books: Books, source: Transaction, sign: 1 | -1): void {
  for (const { doc, minor, discount } of source.applies) {
    const target = books.transactions.get(doc);
    if (target === undefined) continue;
    books.setOpen(target, target.open - sign * (minor + discount));
    if (sign === 1) follow(target, source.id);
    else unfollow(target, source.id);
    settle(books, target);
    books.lineChanged(target);
  }
  const deposit = depositOf(books, source);
  if (deposit === undefined) return;
  books.setOpen(deposit, deposit.open - sign * source.total);
  settle(books, deposit);
  books.lineChanged(deposit);
}

/** Of which a deposit application takes. */
export const depositOf = (books: Books, { code, createdFrom }: Transaction): Transaction | undefined =>
  code === 'DepAppl' && createdFrom !== null ? books.transaction('CustDep', createdFrom) : undefined;

export function follow(target: Transaction, id: number): void {
  if (!target.followers.includes(id)) target.followers = target.followers.concat(id);
}

export function unfollow(target: Transaction, id: number): void {
  target.followers = target.followers.filter((one) => one !== id);
}

/** The status and closing day that follow from what is open. */
export function settle(books: Books, transaction: Transaction): void {
  transaction.status = statusOf(transaction);
  const hasOpen = transaction.code === 'CustInvc' || transaction.code === 'CustCred' || transaction.code === 'CustPymt';
  if (!hasOpen) return;
  transaction.closeDay = transaction.open > 0 ? null : (transaction.closeDay ?? books.today);
}

function statusOf({ code, status, isVoided, open, account }: Transaction): string {
  if (isVoided) return 'V';
  const isAtBank = account !== ACCOUNTS.UNDEPOSITED;
  switch (code) {
    case 'CustInvc':
    case 'CustCred':
      return open > 0 ? 'A' : 'B';
    case 'CustPymt':
    case 'CashSale':
      return isAtBank ? 'C' : 'B';
    case 'CustDep':
      return open === 0 ? 'C' : isAtBank ? 'B' : 'A';
    default:
      return status;
  }
}
