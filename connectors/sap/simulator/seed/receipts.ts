/** How the customers of a believable company pay: in time, late, in parts, less a discount, into the blue, or not at all. */
import type { SeededRandomness } from '../../../../src/connect/index.ts';
import { amountText, minorOf, percentOf } from '../books/amounts.ts';
import { receivablesOfBilling } from '../books/clearing.ts';
import { textOf } from '../books/context.ts';
import type { LineKey } from '../books/clearing.ts';
import type { Posted } from '../books/posting.ts';
import type { SapBooks } from '../books/sap-books.ts';
import type { Row } from '../model.ts';
import { type Account, below, chance, pick } from './masters.ts';
import { DISPUTE } from './words.ts';

export interface Scene {
  readonly books: SapBooks;
  readonly random: SeededRandomness;
  readonly later: (days: number, action: () => void) => void;
  readonly today: () => string;
}

const DAY_MS = 86_400_000;
/** After the due date. */
const LATE_DAYS = { PROMPT: { from: -6, spread: 9 }, LATE: { from: 8, spread: 35 }, BAD: { from: 30, spread: 90 } };

export class Receipts {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** @param fate 0 to 1: what will become of the invoice */
  expect(account: Account, invoice: Row, fate: number): void {
    const { random, later } = this.#scene;
    const number = textOf(invoice, 'BillingDocument');
    const line = this.#lineOf(number);
    if (line === undefined) return;
    if (account.payer === 'BAD' && chance(random, 0.35)) return this.#dun(number);
    const { from, spread } = LATE_DAYS[account.payer];
    const days = Math.max(1, this.#daysUntil(textOf(line, 'NetDueDate')) + from + below(random, spread));
    if (fate < 0.06) later(Math.min(days, 20), () => this.#credit(number, chance(random, 0.5) ? 100n : 25n));
    else if (fate < 0.09) this.#dispute(number);
    else if (fate < 0.17) this.#inParts(number, days);
    else if (fate < 0.18) later(days, () => this.#pay(number, { how: 'RESIDUAL', percent: '80' }));
    else if (fate < 0.2) later(days, () => this.#onAccount(account, number));
    else if (fate < 0.21) this.#returned(number, days);
    else if (fate < 0.22) later(days, () => this.#ahead(account));
    else if (textOf(line, 'CashDiscount1Percent') !== '0.000' && account.payer === 'PROMPT')
      later(10, () => this.#withDiscount(number));
    else later(days, () => this.#pay(number, { how: 'FULL' }));
  }

  #lineOf(invoice: string): Row | undefined {
    const { context } = this.#scene.books;
    const billing = context.store.get('A_BillingDocument', { BillingDocument: invoice });
    const [line] = billing === undefined ? [] : receivablesOfBilling(context, billing);
    return line?.IsCleared === true ? undefined : line;
  }

  #daysUntil(day: string): number {
    return Math.round((Date.parse(day) - Date.parse(this.#scene.today())) / DAY_MS);
  }

  /** Nothing, when it is no more open. */
  #pay(
    invoice: string,
    { how, percent }: { readonly how: 'FULL' | 'RESIDUAL' | 'PARTIAL'; readonly percent?: string },
  ): Posted | undefined {
    const line = this.#lineOf(invoice);
    if (line === undefined) return undefined;
    const amount = percent === undefined ? undefined : this.#part(line, percent);
    return this.#scene.books.people.receivePayment({
      invoices: [invoice],
      how,
      reference: this.#reference(),
      ...(amount === undefined ? {} : { amount }),
    });
  }

  #part(line: Row, percent: string): string {
    const currency = textOf(line, 'TransactionCurrency');
    const minor = percentOf(minorOf(textOf(line, 'AmountInTransactionCurrency'), currency), percent);
    return amountText(minor > 0n ? minor : 1n, currency);
  }

  #inParts(invoice: string, days: number): void {
    const { random, later } = this.#scene;
    later(days, () => this.#pay(invoice, { how: 'PARTIAL', percent: String(30 + below(random, 40)) }));
    if (chance(random, 0.6)) later(days + 12, () => this.#pay(invoice, { how: 'FULL' }));
  }

  #withDiscount(invoice: string): void {
    const line = this.#lineOf(invoice);
    if (line === undefined) return;
    const currency = textOf(line, 'TransactionCurrency');
    const gross = minorOf(textOf(line, 'AmountInTransactionCurrency'), currency);
    const discount = percentOf(gross, textOf(line, 'CashDiscount1Percent'));
    this.#scene.books.people.receivePayment({
      invoices: [invoice],
      amount: amountText(gross - discount, currency),
      reference: this.#reference(),
    });
  }

  /** Mostly set off against the invoice when it is paid. */
  #credit(invoice: string, percent: bigint): void {
    const { books, random, later } = this.#scene;
    if (this.#lineOf(invoice) === undefined) return;
    const memo = textOf(books.people.creditMemo({ invoice, percent }), 'BillingDocument');
    if (percent === 100n) {
      later(3, () => this.#setOff(invoice, memo));
      return;
    }
    if (chance(random, 0.7))
      later(15, () => {
        if (this.#lineOf(invoice) !== undefined && this.#lineOf(memo) !== undefined)
          books.people.receivePayment({ invoices: [invoice], credits: [memo], reference: this.#reference() });
      });
  }

  #setOff(invoice: string, memo: string): void {
    const lines = [this.#lineOf(invoice), this.#lineOf(memo)];
    if (lines.every((line) => line !== undefined)) this.#scene.books.people.clear(lines.map(keyOf));
  }

  /** Cleared later, when somebody finds out what it was for. */
  #onAccount(account: Account, invoice: string): void {
    const { books, later } = this.#scene;
    const line = this.#lineOf(invoice);
    if (line === undefined) return;
    const amount = textOf(line, 'AmountInTransactionCurrency');
    const { customer, company } = account;
    const posted = books.people.receivePayment({
      how: 'ON_ACCOUNT',
      customer,
      company,
      currency: textOf(line, 'TransactionCurrency'),
      amount,
      reference: this.#reference(),
    });
    const own = posted.lines.find((one) => one.FinancialAccountType === 'D');
    later(6, () => {
      const now = this.#lineOf(invoice);
      if (now !== undefined && own !== undefined && textOf(now, 'Customer') === textOf(own, 'Customer'))
        books.people.clear([keyOf(now), keyOf(own)]);
    });
  }

  /** A down payment on a special account, and an invoice that accounting writes by itself. */
  #ahead({ customer, company, currency }: Account): void {
    const { books, random } = this.#scene;
    books.people.receivePayment({
      how: 'DOWN_PAYMENT',
      customer,
      company,
      currency,
      amount: String(500 + below(random, 4_000)),
      reference: this.#reference(),
    });
    books.people.postInvoice({
      customer,
      company,
      currency,
      amount: String(100 + below(random, 900)),
      text: 'Recharged freight',
      reference: `FR-${below(random, 9_999)}`,
    });
  }

  #returned(invoice: string, days: number): void {
    const { books, later } = this.#scene;
    later(days, () => {
      const posted = this.#pay(invoice, { how: 'FULL' });
      if (posted !== undefined) later(4, () => books.people.returnPayment(posted));
    });
  }

  #dispute(invoice: string): void {
    const { books, random, later } = this.#scene;
    later(8 + below(random, 20), () => {
      const line = this.#lineOf(invoice);
      if (line !== undefined) books.people.markLine(keyOf(line), { text: pick(random, DISPUTE), dunningBlock: 'A' });
    });
  }

  #dun(invoice: string): void {
    const { books, random, later } = this.#scene;
    later(45 + below(random, 40), () => {
      const line = this.#lineOf(invoice);
      if (line !== undefined) books.people.markLine(keyOf(line), { dunningLevel: String(1 + below(random, 3)) });
    });
  }

  #reference(): string {
    return `ST${String(10_000_000 + below(this.#scene.random, 89_999_999))}`;
  }
}

const keyOf = (line: Row | undefined): LineKey => ({
  company: line === undefined ? '' : textOf(line, 'CompanyCode'),
  year: line === undefined ? '' : textOf(line, 'FiscalYear'),
  document: line === undefined ? '' : textOf(line, 'AccountingDocument'),
  item: line === undefined ? '' : textOf(line, 'AccountingDocumentItem'),
});
