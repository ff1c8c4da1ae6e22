/** Eighteen months of trade up to now: orders, deliveries, invoices and what became of them. Made by the same writes as everything else. */
import { minorText } from '../books/amounts.ts';
import { ACCOUNTS } from '../books/chart.ts';
import type { LineInput, Raw, TranInput } from '../books/input.ts';
import type { TranCode, Transaction } from '../books/model.ts';
import { tranInput } from '../records/parse.ts';
import { transformed } from '../records/transform.ts';
import { below, chance, type Customer, type Lists, type Seeding } from './lists.ts';
import { DISPUTE } from './words.ts';

const DAYS = 548;
const DAY_SEC = 86_400;
const OPEN_SEC = 32_400;
const EMPTY: TranInput = tranInput({ values: {}, custom: {}, sublists: new Map() });

type Action = () => void;
type Values = Readonly<Record<string, Raw>>;

export class History {
  readonly #seeding: Seeding;
  readonly #lists: Lists;
  readonly #endSec: number;
  readonly #due = new Map<number, Action[]>();
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
    const { books } = this.#seeding.records;
    books.nowSec = () => this.#nowSec;
    this.#stepSec = Math.max(1, Math.min(900, Math.floor((OPEN_SEC * DAYS) / (size * 4 + 1))));
    let made = 0;
    for (this.#day = 0; this.#day < DAYS; this.#day++) {
      this.#nowSec = this.#endSec - (DAYS - this.#day) * DAY_SEC;
      const wanted = Math.round((size * (this.#day + 1)) / DAYS);
      for (; made < wanted; made++) this.#sell();
      for (const action of this.#due.get(this.#day) ?? []) {
        this.#tick();
        action();
      }
      this.#due.delete(this.#day);
      books.takeChanges();
    }
  }

  #sell(): void {
    const { random } = this.#seeding;
    this.#tick();
    const customer = this.#customer();
    const subsidiary = random.pick(customer.subsidiaries);
    const kind = random.fraction();
    if (kind < 0.03) this.#create('CashSale', this.#form(customer, subsidiary));
    if (kind < 0.68) this.#order(customer, subsidiary);
    else this.#invoiced(customer, this.#create('CustInvc', this.#form(customer, subsidiary)));
  }

  #order(customer: Customer, subsidiary: number): void {
    const { random } = this.#seeding;
    const form = this.#form(customer, subsidiary);
    const isPending = this.#day > DAYS - 5 && chance(random, 0.3);
    const shipDate = this.#dayText(3 + below(random, 10));
    const header = {
      ...form.header,
      orderStatus: isPending ? 'A' : 'B',
      shipDate,
      otherRefNum: `PO-${10_000 + below(random, 90_000)}`,
    };
    const order = this.#create('SalesOrd', { ...form, header });
    if (isPending) return;
    const days = 1 + below(random, 9);
    if (chance(random, 0.03)) return this.#later(days, () => this.#seeding.records.writer.closeOrder(order));
    if (chance(random, 0.012)) this.#deposit(customer, order);
    const isParted = chance(random, 0.16);
    this.#later(days, () => this.#deliver(customer, order, isParted ? 0.5 : 1));
    if (isParted)
      this.#later(days + 4 + below(random, 12), () =>
        chance(random, 0.85) ? this.#deliver(customer, order, 1) : this.#closeShort(order),
      );
  }

  /** A part of what is left, and its bill. */
  #deliver(customer: Customer, order: Transaction, part: number): void {
    const isShipped = this.#ship(order, part);
    const bill = () => {
      if (order.lines.every((one) => one.isClosed || one.billed >= one.quantity)) return;
      const invoice = this.#made(order, 'CustInvc', EMPTY);
      if (invoice !== null) this.#invoiced(customer, invoice);
    };
    if (!isShipped && part !== 1) return;
    if (part === 1) return this.#later(below(this.#seeding.random, 2), bill);
    this.#tick();
    bill();
  }

  #ship(order: Transaction, part: number): boolean {
    const { random } = this.#seeding;
    const items = order.lines.map(({ id, quantity, fulfilled }): LineInput => {
      const left = Math.floor((quantity - fulfilled) / 100_000_000);
      const count = part === 1 ? left : Math.floor(left * part);
      return { key: null, values: { orderLine: id, quantity: String(count) }, path: 'item' };
    });
    const left = items.filter(({ values }) => this.#isLeft(order, Number(values['orderLine'])));
    if (left.every(({ values }) => values['quantity'] === '0')) return false;
    const parcel = { packageTrackingNumber: `TB${1_000_000 + below(random, 9_000_000)}GB`, packageDescr: 'Parcel' };
    return (
      this.#made(order, 'ItemShip', {
        header: {},
        item: { items: left, isReplace: false },
        package: { items: [parcel], isReplace: true },
      }) !== null
    );
  }

  #isLeft(order: Transaction, id: number): boolean {
    const line = order.lines.find((one) => one.id === id);
    const product = this.#lists.products.find((one) => one.id === line?.item);
    return line !== undefined && product?.isService === false && !line.isClosed && line.quantity > line.fulfilled;
  }

  #closeShort(order: Transaction): void {
    if (order.status === 'D' || order.status === 'E') this.#seeding.records.writer.closeOrder(order);
  }

  #invoiced(customer: Customer, invoice: Transaction): void {
    const { random, records } = this.#seeding;
    const { writer } = records;
    const fate = random.fraction();
    if (fate < 0.025) {
      this.#later(5 + below(random, 20), () => this.#dispute(invoice));
      return;
    }
    if (fate < 0.06) this.#later(3 + below(random, 20), () => this.#credit(invoice));
    else if (fate < 0.07)
      return this.#later(1 + below(random, 15), () => (invoice.followers.length === 0 ? writer.void(invoice) : undefined));
    else if (fate < 0.075 && invoice.createdFrom === null)
      return this.#later(1 + below(random, 40), () => (invoice.followers.length === 0 ? writer.remove(invoice) : undefined));
    this.#paidLater(customer, invoice);
  }

  #paidLater({ payer }: Customer, invoice: Transaction): void {
    const { random } = this.#seeding;
    const due = Math.max(0, Math.round((Date.parse(invoice.dueDay ?? invoice.day) - Date.parse(invoice.day)) / 86_400_000));
    if (payer === 'PROMPT') return this.#later(Math.max(1, due - 5 + below(random, 9)), () => this.#pay(invoice, 1));
    if (payer === 'LATE') {
      const days = due + 5 + below(random, 40);
      if (chance(random, 0.85)) return this.#later(days, () => this.#pay(invoice, 1));
      this.#later(days, () => this.#pay(invoice, 0.3 + 0.4 * random.fraction()));
      return this.#later(days + 20, () => this.#pay(invoice, 1));
    }
    const fate = random.fraction();
    const days = due + 30 + below(random, 100);
    if (fate < 0.4) this.#later(days, () => this.#pay(invoice, 1));
    else if (fate < 0.65) this.#later(days, () => this.#pay(invoice, 0.2 + 0.5 * random.fraction()));
  }

  /** A part of what is open, now and then together with others that are due, or with more than is asked for. */
  #pay(invoice: Transaction, part: number): void {
    const { random, records } = this.#seeding;
    const { books } = records;
    if (invoice.open <= 0 || !books.transactions.has(invoice.id)) return;
    const { decimals } = books.currency(invoice.currency);
    const isDue = (one: Transaction) =>
      one.code === 'CustInvc' &&
      one.id !== invoice.id &&
      one.currency === invoice.currency &&
      one.subsidiary === invoice.subsidiary;
    const others = part === 1 && chance(random, 0.12) ? books.live(invoice.entity).filter(isDue).slice(0, 3) : [];
    const paid = [invoice, ...others].filter(({ memo }) => memo?.startsWith('Disputed') !== true);
    const parts = paid.map((one) => ({ doc: one.id, minor: part === 1 ? one.open : Math.max(1, Math.floor(one.open * part)) }));
    if (parts.length === 0) return;
    const extra = chance(random, 0.012) ? 100 + below(random, 20_000) : 0;
    const total = parts.reduce((sum, { minor }) => sum + minor, extra);
    const discount = part === 1 && chance(random, 0.01) ? Math.floor(invoice.open / 50) : 0;
    const items = parts.map(({ doc, minor }) => {
      const own = doc === invoice.id ? discount : 0;
      return line({
        doc,
        apply: true,
        amount: minorText(minor - own, decimals),
        ...(own > 0 ? { disc: minorText(own, decimals) } : {}),
      });
    });
    const { entity, subsidiary, currency } = invoice;
    const isAtBank = this.#day < DAYS - 4 || chance(random, 0.5);
    const method = 1 + below(random, 5);
    this.#create('CustPymt', {
      header: {
        customer: entity,
        subsidiary,
        currency,
        payment: minorText(total - discount, decimals),
        paymentMethod: String(method),
        ...(isAtBank ? { account: subsidiary === 1 ? ACCOUNTS.BANK : ACCOUNTS.BANK_ABROAD } : {}),
        ...(method === 2 ? { checkNumber: String(1_000 + below(random, 9_000)) } : {}),
      },
      apply: { items, isReplace: false },
    });
  }

  #dispute(invoice: Transaction): void {
    const { books, writer } = this.#seeding.records;
    if (!books.transactions.has(invoice.id) || invoice.isVoided) return;
    const reason = this.#seeding.random.pick(DISPUTE);
    writer.update(invoice, { header: { memo: `Disputed: ${reason}` }, custom: { custbody_dispute: reason } });
  }

  /** Of one line, mostly set against its invoice. */
  #credit(invoice: Transaction): void {
    const { random, records } = this.#seeding;
    const [first] = invoice.lines;
    if (!records.books.transactions.has(invoice.id) || invoice.isVoided || first === undefined) return;
    const values: Values = {
      item: first.item,
      quantity: '1',
      rate: first.rate ?? '0',
      description: first.description,
      ...(first.taxCode === null ? {} : { taxCode: first.taxCode }),
    };
    const apply = chance(random, 0.3) || invoice.open === 0 ? { apply: { items: [], isReplace: true } } : {};
    this.#made(invoice, 'CustCred', {
      header: { memo: `Return of ${invoice.tranId}` },
      item: { items: [line(values)], isReplace: true },
      ...apply,
    });
  }

  /** Paid before the goods go out, and used for their bill. */
  #deposit({ id }: Customer, order: Transaction): void {
    const { books } = this.#seeding.records;
    const payment = minorText(Math.max(1, Math.floor(order.total / 4)), books.currency(order.currency).decimals);
    const { subsidiary, currency } = order;
    const deposit = this.#create('CustDep', { header: { customer: id, subsidiary, currency, payment, salesOrder: order.id } });
    this.#later(20, () => {
      const invoice = order.followers.map((one) => books.transactions.get(one)).find((one) => one?.code === 'CustInvc');
      if (invoice === undefined || invoice.open < deposit.open || deposit.open === 0) return;
      const amount = minorText(deposit.open, books.currency(currency).decimals);
      this.#made(deposit, 'DepAppl', {
        header: {},
        apply: { items: [line({ doc: invoice.id, apply: true, amount })], isReplace: false },
      });
    });
  }

  #form(customer: Customer, subsidiary: number): TranInput {
    const { random, setUp } = this.#seeding;
    const isHome = subsidiary === customer.subsidiaries[0];
    const other = setUp.subsidiaries.find(({ id }) => id === subsidiary);
    const currency = isHome ? customer.currency : (other?.currency ?? customer.currency);
    const taxCode = isHome ? customer.taxCode : (other?.taxes[2] ?? customer.taxCode);
    const items = Array.from({ length: 1 + below(random, 3) }, () => {
      const { id, prices } = random.pick(this.#lists.products);
      return line({ item: id, quantity: String(1 + below(random, 10)), rate: prices.get(currency) ?? '1', taxCode });
    });
    const header = { entity: customer.id, subsidiary, currency, location: this.#lists.locations.get(subsidiary) ?? 1 };
    return { header, item: { items, isReplace: false } };
  }

  #create(code: TranCode, input: TranInput): Transaction {
    return this.#seeding.records.writer.create(code, input);
  }

  /** Null where nothing is left to be made of it. */
  #made(source: Transaction, into: TranCode, sent: TranInput): Transaction | null {
    const { books, writer } = this.#seeding.records;
    if (source.isVoided || !books.transactions.has(source.id) || (source.code === 'SalesOrd' && 'CGH'.includes(source.status)))
      return null;
    return writer.create(into, transformed(books, source, into, sent), source);
  }

  /** Few customers buy much. */
  #customer(): Customer {
    const { random } = this.#seeding;
    const { customers } = this.#lists;
    return customers[Math.floor(random.fraction() ** 1.6 * customers.length)] as Customer;
  }

  #dayText(days: number): string {
    return this.#seeding.records.books.zone.day(this.#nowSec + days * DAY_SEC);
  }

  #later(days: number, action: Action): void {
    const day = this.#day + Math.max(1, days);
    const actions = this.#due.get(day);
    if (actions === undefined) this.#due.set(day, [action]);
    else actions.push(action);
  }

  #tick(): void {
    const last = this.#endSec - (DAYS - this.#day) * DAY_SEC + DAY_SEC - 1;
    this.#nowSec = Math.min(last, this.#nowSec + this.#stepSec);
  }
}

const line = (values: Values): LineInput => ({ key: null, values, path: 'item' });
