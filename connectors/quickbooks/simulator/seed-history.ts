/** Eighteen months of trade up to now: estimates, invoices and what became of them. Made by the same writes as everything else. */
import { decimalsOf, fromMinor } from './amounts.ts';
import { type Body, given } from './body.ts';
import type { Row } from './books.ts';
import { CHECKING } from './seed-setup.ts';
import { below, chance, type Customer, type Lists, pick, priceIn, type Seeding } from './seed-lists.ts';
import { PERSON } from './writer.ts';

const DAYS = 548;
const DAY_SEC = 86_400;
const RUN_DAYS = 6;
const DEPOSIT_MAX = 40;
const OPEN_SEC = 32_400;
/** How long after its date an invoice is paid. */
const PAID_AFTER_DAYS = { min: 3, spread: 50 };
/** How customers pay: `part` of what others pay is paid at all, and so many days later. */
const PAYERS = {
  PROMPT: { part: 1, lateDays: 0 },
  LATE: { part: 0.8, lateDays: 30 },
  BAD: { part: 0.4, lateDays: 60 },
} as const;

type Action = () => void;

export class History {
  readonly #seeding: Seeding;
  readonly #lists: Lists;
  readonly #endSec: number;
  readonly #due = new Map<number, Action[]>();
  /** Invoices that their customer pays together. */
  readonly #together = new Map<string, Row[]>();
  #undeposited: Row[] = [];
  #day = 0;
  #nowSec = 0;
  #stepSec = 60;

  constructor(seeding: Seeding, lists: Lists, endSec: number) {
    this.#seeding = seeding;
    this.#lists = lists;
    this.#endSec = endSec;
  }

  /** About so many invoices. */
  run(size: number): void {
    const { books } = this.#seeding;
    books.nowSec = () => this.#nowSec;
    this.#stepSec = Math.max(1, Math.min(900, Math.floor((OPEN_SEC * DAYS) / (size * 4 + 1))));
    let made = 0;
    for (this.#day = 0; this.#day < DAYS; this.#day++) {
      this.#nowSec = this.#endSec - (DAYS - this.#day) * DAY_SEC;
      // once a month bills of some days are made in one run, all within the same second
      const isRun = this.#day % 30 === 0;
      const wanted = Math.round((size * Math.min(DAYS, this.#day + (isRun ? RUN_DAYS : 1))) / DAYS);
      for (; made < wanted; made++) this.#sell(isRun);
      for (const action of this.#due.get(this.#day) ?? []) {
        this.#tick();
        action();
      }
      this.#due.delete(this.#day);
      if (this.#day % 7 === 6) this.#deposit();
      if (this.#day % 30 === 29) this.#interest();
      books.takeChanges();
    }
  }

  #sell(isRun: boolean): void {
    const { random, writer } = this.#seeding;
    if (!isRun) this.#tick();
    const customer = this.#customer();
    const kind = random.fraction();
    if (kind < 0.04) writer.create('SalesReceipt', { ...this.#form(customer), ...this.#paidBy() }, PERSON);
    else if (kind < 0.05)
      writer.create('RefundReceipt', { ...this.#form(customer), DepositToAccountRef: this.#ref(CHECKING) }, PERSON);
    if (kind < 0.2) this.#estimate(customer, kind < 0.16);
    else this.#invoice(customer, this.#form(customer));
  }

  #estimate(customer: Customer, isTaken: boolean): void {
    const { random, writer } = this.#seeding;
    const status = isTaken || chance(random, 0.7) ? 'Pending' : 'Rejected';
    const form = this.#form(customer);
    const estimate = writer.create('Estimate', { ...form, TxnStatus: status }, PERSON);
    if (!isTaken) return;
    const days = 1 + below(random, 12);
    const isLate = this.#day + days >= DAYS;
    if (isLate) return;
    this.#later(days, () => {
      const link = [{ TxnId: estimate.id, TxnType: 'Estimate' }];
      this.#invoice(customer, { ...form, LinkedTxn: link });
    });
  }

  #invoice(customer: Customer, form: Body): void {
    const { random, writer } = this.#seeding;
    const isSent = chance(random, 0.4);
    const terms = { SalesTermRef: this.#ref(customer.termId) };
    const invoice = writer.create('Invoice', { ...form, ...terms, ...(isSent ? { EmailStatus: 'EmailSent' } : {}) }, PERSON);
    const { part, lateDays } = PAYERS[customer.payer];
    // who pays badly leaves more of them for later than this history lasts
    const fate = part === 1 ? random.fraction() : 1 - (1 - random.fraction()) * part;
    const days = lateDays + PAID_AFTER_DAYS.min + below(random, PAID_AFTER_DAYS.spread);
    if (fate < 0.62) this.#later(days, () => this.#pay(customer, [invoice], 1));
    else if (fate < 0.72) this.#payInParts(customer, invoice, days);
    else if (fate < 0.84) this.#payTogether(customer, invoice, days);
    else if (fate < 0.88) this.#later(days, () => this.#credit(customer, invoice));
    else if (fate < 0.9) this.#later(1 + below(random, 20), () => writer.void('Invoice', { Id: invoice.id }, PERSON));
    else if (fate < 0.908) this.#later(1 + below(random, 60), () => writer.remove('Invoice', { Id: invoice.id }, PERSON));
  }

  #payInParts(customer: Customer, invoice: Row, days: number): void {
    const { random } = this.#seeding;
    this.#later(days, () => this.#pay(customer, [invoice], 0.3 + 0.4 * random.fraction()));
    if (chance(random, 0.6)) this.#later(days + 15, () => this.#pay(customer, [invoice], 1));
  }

  #payTogether(customer: Customer, invoice: Row, days: number): void {
    const key = customer.row.id;
    const others = this.#together.get(key);
    if (others !== undefined) {
      others.push(invoice);
      return;
    }
    const invoices = [invoice];
    this.#together.set(key, invoices);
    this.#later(days, () => {
      this.#together.delete(key);
      this.#pay(customer, invoices, 1);
    });
  }

  /** A part of what is open; now and then more than that, which stays unapplied. */
  #pay(customer: Customer, invoices: readonly Row[], part: number): void {
    const { random, writer } = this.#seeding;
    const decimals = decimalsOf(customer.currency);
    const lines = invoices.flatMap((invoice) => {
      const minor = part === 1 ? invoice.openMinor : Math.max(1, Math.floor(invoice.openMinor * part));
      return invoice.openMinor <= 0 ? [] : [{ minor, id: invoice.id }];
    });
    if (lines.length === 0) return;
    const extra = chance(random, 0.02) ? priceIn(customer.currency, 500 + below(random, 20_000)) : 0;
    const total = lines.reduce((sum, { minor }) => sum + minor, extra);
    const payment = writer.create(
      'Payment',
      given({
        CustomerRef: this.#ref(customer.row.id),
        TotalAmt: fromMinor(total, decimals),
        ...this.#rate(customer),
        ...this.#paidBy(),
        Line: lines.map(({ minor, id }) => ({
          Amount: fromMinor(minor, decimals),
          LinkedTxn: [{ TxnId: id, TxnType: 'Invoice' }],
        })),
      }),
      PERSON,
    );
    this.#received(payment);
  }

  /** A credit memo, and mostly a payment of nothing that brings it and the invoice together. */
  #credit(customer: Customer, invoice: Row): void {
    const { random, writer } = this.#seeding;
    const decimals = decimalsOf(customer.currency);
    const memo = writer.create('CreditMemo', this.#form(customer, 1), PERSON);
    const minor = Math.min(memo.openMinor, invoice.openMinor);
    if (minor <= 0 || chance(random, 0.3)) return;
    const Amount = fromMinor(minor, decimals);
    const link = (TxnId: string, TxnType: string): Body => ({ Amount, LinkedTxn: [{ TxnId, TxnType }] });
    writer.create(
      'Payment',
      {
        CustomerRef: this.#ref(customer.row.id),
        TotalAmt: 0,
        PrivateNote: 'Created by QB Online to link credits to charges.',
        ...this.#rate(customer),
        Line: [link(invoice.id, 'Invoice'), link(memo.id, 'CreditMemo')],
      },
      PERSON,
    );
  }

  /** The week's money goes to the bank, so many payments at a time. */
  #deposit(): void {
    const { writer, books } = this.#seeding;
    const payments = this.#undeposited.filter((row) => books.row(row.entity, row.id) === row);
    this.#undeposited = [];
    for (let from = 0; from < payments.length; from += DEPOSIT_MAX) {
      this.#tick();
      const lines = payments.slice(from, from + DEPOSIT_MAX).map(({ id, body }) => ({
        Amount: body.TotalAmt ?? 0,
        LinkedTxn: [{ TxnId: id, TxnType: 'Payment', TxnLineId: '0' }],
      }));
      writer.create('Deposit', { DepositToAccountRef: this.#ref(CHECKING), Line: lines }, PERSON);
    }
  }

  /** The bank's, once a month. */
  #interest(): void {
    const { writer, random } = this.#seeding;
    this.#tick();
    const Amount = fromMinor(100 + below(random, 4_000), 2);
    const line = (PostingType: string, account: string): Body => ({
      Amount,
      DetailType: 'JournalEntryLineDetail',
      JournalEntryLineDetail: { PostingType, AccountRef: this.#ref(account) },
    });
    writer.create('JournalEntry', { PrivateNote: 'Interest', Line: [line('Debit', CHECKING), line('Credit', '1')] }, PERSON);
  }

  /** Four of five payments in dollars go to the bank with the others. */
  #received(row: Row): void {
    if (row.entity === 'Payment' && row.body.ExchangeRate === undefined && chance(this.#seeding.random, 0.8))
      this.#undeposited.push(row);
  }

  #form(customer: Customer, linesMax = 4): Body {
    const { random } = this.#seeding;
    const decimals = decimalsOf(customer.currency);
    const lines = Array.from({ length: 1 + below(random, linesMax) }, () => {
      const { id, name, cents } = pick(random, this.#lists.products);
      const Qty = 1 + below(random, 12);
      const price = priceIn(customer.currency, cents);
      return {
        Description: name,
        Amount: fromMinor(price * Qty, decimals),
        DetailType: 'SalesItemLineDetail',
        SalesItemLineDetail: { ItemRef: this.#ref(id), UnitPrice: fromMinor(price, decimals), Qty },
      };
    });
    const discount = {
      DetailType: 'DiscountLineDetail',
      DiscountLineDetail: { PercentBased: true, DiscountPercent: 5, DiscountAccountRef: this.#ref('86') },
    };
    return {
      CustomerRef: this.#ref(customer.row.id),
      ...this.#rate(customer),
      Line: chance(random, 0.05) ? [...lines, discount] : lines,
    };
  }

  #paidBy(): Body {
    const { random } = this.#seeding;
    const method = 1 + below(random, 6);
    return {
      PaymentMethodRef: this.#ref(String(method)),
      ...(method === 2 ? { PaymentRefNum: String(1_000 + below(random, 9_000)) } : {}),
    };
  }

  /** A foreign currency's rate, which moves a little from month to month. */
  #rate({ currency }: Customer): Body {
    const month = Math.floor(this.#day / 30);
    if (currency === 'EUR') return { ExchangeRate: (10_500 + ((month * 37) % 900)) / 10_000 };
    if (currency === 'KWD') return { ExchangeRate: (32_100 + ((month * 41) % 700)) / 10_000 };
    return currency === 'JPY' ? { ExchangeRate: (6_400 + ((month * 53) % 600)) / 1_000_000 } : {};
  }

  /** Few customers buy much. */
  #customer(): Customer {
    const { random } = this.#seeding;
    const { customers } = this.#lists;
    return customers[Math.floor(random.fraction() ** 2 * customers.length)] as Customer;
  }

  #ref(id: string) {
    return this.#seeding.books.ref(id);
  }

  #later(days: number, action: Action): void {
    const day = this.#day + days;
    const actions = this.#due.get(day);
    if (actions === undefined) this.#due.set(day, [action]);
    else actions.push(action);
  }

  #tick(): void {
    const last = this.#endSec - (DAYS - this.#day) * DAY_SEC + DAY_SEC - 1;
    this.#nowSec = Math.min(last, this.#nowSec + this.#stepSec);
  }
}
