/** Every change of a transaction, from wherever it comes: judged whole before anything is booked, so that a refusal leaves nothing behind. */
import { invalidContent, Problem, userError } from '../problem.ts';
import {
  appliedSum,
  autoApplied,
  checkApplies,
  countApplies,
  depositOf,
  follow,
  mergedApplies,
  settle,
  unfollow,
} from './applying.ts';
import type { Books } from './books.ts';
import { setHeader, setParties } from './header.ts';
import type { TranInput } from './input.ts';
import { copied, mergedLines, recompute } from './lines.ts';
import { APPLYING_CODES, ITEM_CODES, type TranCode, TRAN_TYPES, Transaction, tranType } from './model.ts';
import { checkInOrder, countInOrder, orderOf, setOrderStatus } from './order-state.ts';
import { reversal } from './reversal.ts';

const FIRST_NUMBER = 1_000;

export class Writer {
  readonly #books: Books;

  constructor(books: Books) {
    this.#books = books;
  }

  /** @param source what it is made of */
  create(code: TranCode, input: TranInput, source?: Transaction): Transaction {
    const books = this.#books;
    if (code === 'Journal') throw userError('Journals are made by voids only.');
    const draft = new Transaction(0, code, books.nowSec());
    draft.rate = '';
    if (code === 'ItemShip') draft.status = 'C';
    setParties(books, draft, input.header);
    if (source !== undefined) draft.createdFrom = source.id;
    this.#fill(draft, input, null);
    const id = books.newId('transaction');
    draft.id = id;
    this.#number(draft);
    const externalId = input.header['externalId'];
    if (typeof externalId === 'string') {
      books.setExternalId(TRAN_TYPES[code].record, id, { before: null, after: externalId });
      draft.externalId = externalId;
    }
    books.insert(draft);
    this.#count(draft);
    return draft;
  }

  update(transaction: Transaction, input: TranInput): void {
    const books = this.#books;
    if (transaction.isVoided) throw userError('A voided transaction can not be changed.');
    if (transaction.code === 'Journal') throw userError('This journal was made by a void.');
    this.#assertOpen(transaction);
    assertSameParties(transaction, input);
    const before = Object.assign(new Transaction(transaction.id, transaction.code, transaction.createdSec), transaction);
    this.#uncount(transaction);
    const source = this.#sourceOf(transaction);
    if (source !== undefined) unfollow(source, transaction.id);
    try {
      const draft = Object.assign(new Transaction(transaction.id, transaction.code, transaction.createdSec), transaction);
      this.#fill(draft, input, before);
      const externalId = input.header['externalId'];
      if (externalId !== undefined && externalId !== transaction.externalId) {
        const after = externalId === null ? null : String(externalId);
        books.setExternalId(TRAN_TYPES[transaction.code].record, transaction.id, { before: transaction.externalId, after });
        draft.externalId = after;
      }
      // what it is linked with may have changed while it was taken back
      draft.followers = transaction.followers;
      draft.open = transaction.open;
      Object.assign(transaction, draft);
    } finally {
      this.#count(transaction);
    }
    books.edited(transaction);
  }

  remove(transaction: Transaction): void {
    const { followers, code } = transaction;
    this.#assertOpen(transaction);
    if (followers.length > 0)
      throw new Problem(
        400,
        'USER_ERROR',
        `Error while accessing a resource. This transaction cannot be deleted because it is linked to by one or more transactions: ${followers.join(', ')}.`,
      );
    this.#uncount(transaction);
    const source = this.#sourceOf(transaction);
    if (source !== undefined) unfollow(source, transaction.id);
    if (code === 'SalesOrd') this.#books.setLive(transaction, false);
    this.#books.removeTransaction(transaction);
  }

  /** What it posted is taken back: its amounts become nothing, or a journal reverses them. */
  void(transaction: Transaction): void {
    const books = this.#books;
    const { code } = transaction;
    if (transaction.isVoided) throw userError('The transaction is voided already.');
    if (!('V' in tranType(code).statuses)) throw userError(`A ${tranType(code).title} can not be voided.`);
    const payers = transaction.followers.filter((id) => {
      const other = books.transactions.get(id);
      return (
        other !== undefined &&
        (other.applies.some(({ doc }) => doc === transaction.id) || depositOf(books, other) === transaction)
      );
    });
    if (payers.length > 0) throw userError(`Other transactions are applied to it: ${payers.join(', ')}. Un-apply them first.`);
    if (!books.voidsByJournal) this.#assertOpen(transaction);
    this.#uncount(transaction);
    transaction.applies = [];
    if (books.voidsByJournal) books.insert(reversal(books, transaction));
    else {
      const modifiedSec = books.nowSec();
      transaction.lines = transaction.lines.map((line) =>
        Object.assign(copied(line), { minor: 0, rate: '0', quantity: 0, taxMinor: null, modifiedSec }),
      );
      transaction.taxes = transaction.taxes.map((tax) => ({ ...tax, minor: 0 }));
      transaction.total = 0;
      transaction.memo = 'VOID';
    }
    transaction.isVoided = true;
    settle(books, transaction);
    transaction.closeDay = books.today;
    books.edited(transaction);
  }

  closeOrder(order: Transaction): void {
    const atSec = this.#books.nowSec();
    order.lines = order.lines.map((line) => Object.assign(copied(line), { isClosed: true, modifiedSec: atSec }));
    setOrderStatus(this.#books, order);
    this.#books.edited(order);
  }

  /** Everything but what it does to others. */
  #fill(draft: Transaction, input: TranInput, before: Transaction | null): void {
    const books = this.#books;
    setHeader(books, draft, input.header);
    if (input.custom !== undefined) draft.custom = { ...draft.custom, ...input.custom };
    if (input.package !== undefined)
      draft.packages = input.package.isReplace ? input.package.items : [...draft.packages, ...input.package.items];
    if (ITEM_CODES.has(draft.code)) {
      if (input.item !== undefined) draft.lines = mergedLines(books, draft, input.item);
      if (draft.lines.length === 0) throw invalidContent('You must enter at least one line item for this transaction.', 'item');
      const isShipment = draft.code === 'ItemShip';
      if (isShipment) {
        draft.shippedDay = draft.status === 'C' ? (draft.shippedDay ?? draft.day) : null;
        // goods without a price
        draft.lines = draft.lines.map((line) => Object.assign(copied(line), { rate: null, minor: 0 }));
      } else recompute(books, draft);
      checkInOrder(books, draft);
    }
    if (APPLYING_CODES.has(draft.code)) this.#apply(draft, input);
    else if (draft.code === 'CustDep' && draft.total <= 0) throw invalidContent('Please enter value(s) for: Payment', 'payment');
    const isUsedBySelf = draft.code === 'CustCred' || draft.code === 'CustPymt';
    const used = (before === null ? 0 : this.#appliedTo(before)) + (isUsedBySelf ? appliedSum(draft.applies) : 0);
    if (draft.total < used) throw userError('The total is smaller than what is applied already.', 'item');
    this.#assertOpen(draft);
  }

  #apply(draft: Transaction, { header, apply }: TranInput): void {
    const books = this.#books;
    const hasTotal =
      draft.code === 'CustCred' || header['payment'] !== undefined || (draft.code === 'CustPymt' && draft.total > 0);
    if (apply !== undefined) draft.applies = mergedApplies(books, draft, apply);
    if (!hasTotal && apply !== undefined) draft.total = appliedSum(draft.applies);
    if (apply === undefined && header['autoApply'] === true) draft.applies = autoApplied(books, draft);
    if (draft.code === 'CustRfnd' || draft.code === 'DepAppl') {
      draft.total = appliedSum(draft.applies);
      if (draft.total === 0) throw invalidContent('You must enter at least one line item for this transaction.', 'apply');
    }
    if (draft.code === 'CustPymt' && draft.total === 0 && draft.applies.length === 0)
      throw invalidContent('Please enter value(s) for: Payment', 'payment');
    checkApplies(books, draft);
    const deposit = depositOf(books, draft);
    if (deposit !== undefined && draft.total > deposit.open) throw userError('The deposit has less than that left.', 'apply');
  }

  #count(transaction: Transaction): void {
    const books = this.#books;
    const { code, total, applies } = transaction;
    const source = this.#sourceOf(transaction);
    if (source !== undefined) follow(source, transaction.id);
    if (code === 'SalesOrd') setOrderStatus(books, transaction);
    else if (!transaction.isVoided) countInOrder(books, transaction, 1);
    if (code === 'CustInvc') books.setOpen(transaction, total - this.#appliedTo(transaction));
    else if (code === 'CustCred' || code === 'CustPymt')
      books.setOpen(transaction, total - appliedSum(applies) - this.#appliedTo(transaction));
    else if (code === 'CustDep') books.setOpen(transaction, total - this.#appliedTo(transaction));
    countApplies(books, transaction, 1);
    settle(books, transaction);
  }

  /** Takes back what it does to others, and to its customer's balance. */
  #uncount(transaction: Transaction): void {
    const books = this.#books;
    if (transaction.isVoided) return;
    countApplies(books, transaction, -1);
    if (orderOf(books, transaction) !== undefined) countInOrder(books, transaction, -1);
    books.setOpen(transaction, 0);
  }

  /** By payments, credits, refunds and deposit applications. */
  #appliedTo({ id, code, followers }: Transaction): number {
    let minor = 0;
    for (const follower of followers) {
      const other = this.#books.transactions.get(follower);
      if (other === undefined || other.isVoided) continue;
      if (code === 'CustDep' && other.code === 'DepAppl') minor += other.total;
      for (const apply of other.applies) if (apply.doc === id) minor += apply.minor + apply.discount;
    }
    return minor;
  }

  #sourceOf({ createdFrom }: Transaction): Transaction | undefined {
    return createdFrom === null ? undefined : this.#books.transactions.get(createdFrom);
  }

  #number(transaction: Transaction): void {
    const { prefix } = TRAN_TYPES[transaction.code];
    const serial = FIRST_NUMBER + this.#books.newId(`number ${prefix}`);
    transaction.number = `${prefix}${serial}`;
    if (transaction.tranId === '') transaction.tranId = transaction.number;
  }

  #assertOpen({ code, day }: Transaction): void {
    const { closedThrough } = this.#books;
    if (closedThrough === null || day > closedThrough || !TRAN_TYPES[code].isPosting) return;
    throw userError(`The accounting period of ${day} is closed. Choose a date after ${closedThrough}.`, 'tranDate');
  }
}

/** Whose it is, and in which company and currency, stands for good. */
function assertSameParties(transaction: Transaction, { header }: TranInput): void {
  const { entity, subsidiary, currency } = transaction;
  for (const [name, own] of Object.entries({ entity, customer: entity, subsidiary, currency })) {
    const sent = header[name];
    if (sent !== undefined && Number(sent) !== own)
      throw invalidContent(`The ${name} of a transaction can not be changed.`, name);
  }
}
