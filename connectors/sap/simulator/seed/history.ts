/** Eighteen months of trade up to now: orders and what became of them. Made by the same work of people as everything else. */
import type { SeededRandomness } from '../../../../src/connect/index.ts';
import { addDays } from '../books/calendar.ts';
import { textOf } from '../books/context.ts';
import { isService } from '../books/order-status.ts';
import type { People } from '../books/people.ts';
import type { SapBooks } from '../books/sap-books.ts';
import type { Row } from '../model.ts';
import { below, chance, type Account, type Masters, pick, type Seeding } from './masters.ts';
import { Receipts } from './receipts.ts';

const DAYS = 548;
const DAY_MS = 86_400_000;
/** Billing documents that come of an order, on average. */
const BILLED_EACH = 1.45;
const OPEN_MS = 32_400_000;

type Action = () => void;

export class History {
  readonly #books: SapBooks;
  readonly #people: People;
  readonly #random: SeededRandomness;
  readonly #masters: Masters;
  readonly #size: number;
  readonly #endMs: number;
  readonly #due = new Map<number, Action[]>();
  readonly #receipts: Receipts;
  readonly #stepMs: number;
  #day = 0;
  #nowMs = 0;

  constructor({ books, random, size }: Seeding, masters: Masters, endMs: number) {
    this.#books = books;
    this.#people = books.people;
    this.#random = random;
    this.#masters = masters;
    this.#size = size;
    this.#endMs = endMs;
    this.#stepMs = Math.max(1, Math.min(900_000, Math.floor((OPEN_MS * DAYS) / (size * 8 + 1))));
    this.#receipts = new Receipts({
      books,
      random,
      later: (days, action) => this.#later(days, action),
      today: () => this.#today(),
    });
  }

  run(): void {
    this.#books.context.store.now = () => new Date(this.#nowMs);
    if (this.#masters.accounts.length === 0) return;
    let made = 0;
    for (this.#day = 0; this.#day < DAYS; this.#day++) {
      this.#nowMs = this.#endMs - (DAYS - this.#day) * DAY_MS;
      const wanted = Math.round((this.#size * (this.#day + 1)) / (DAYS * BILLED_EACH));
      for (; made < wanted; made++) this.#do(() => this.#sell());
      for (const action of this.#due.get(this.#day) ?? []) this.#do(action);
      this.#due.delete(this.#day);
    }
  }

  /** Few customers buy much. */
  #sell(): void {
    const random = this.#random;
    const { accounts, materials } = this.#masters;
    const account = accounts[Math.floor(random.fraction() ** 2 * accounts.length)] as Account;
    const order = this.#people.createOrder({
      soldTo: account.customer,
      company: account.company,
      purchaseOrder: `PO-${100_000 + below(random, 899_999)}`,
      requestedDate: addDays(this.#today(), 2 + below(random, 10)),
      items: Array.from({ length: 1 + below(random, 4) }, () => ({
        material: pick(random, materials),
        quantity: String(1 + below(random, 24)),
        ...(chance(random, 0.08) ? { discountPercent: String(1 + below(random, 10)) } : {}),
      })),
    });
    const number = textOf(order, 'SalesOrder');
    const fate = random.fraction();
    if (isBlocked(order) && fate < 0.25) return;
    if (fate < 0.01) return this.#later(2, () => this.#people.deleteOrder(number));
    if (fate > 0.97) this.#reject(number);
    this.#later(4 + below(random, 9), () => this.#fulfil(account, number));
  }

  /** Its first item, if others are left. */
  #reject(number: string): void {
    const [first, second] = this.#items(number);
    if (first !== undefined && second !== undefined) this.#people.rejectItem(number, textOf(first, 'SalesOrderItem'));
  }

  /** Delivered at once or in two parts, and billed; services are billed by the order. */
  #fulfil(account: Account, number: string): void {
    const random = this.#random;
    const order = this.#books.get('A_SalesOrder', { SalesOrder: number });
    if (order !== null && isBlocked(order)) this.#people.releaseCredit(number);
    const open = this.#items(number).filter((item) => textOf(item, 'SalesDocumentRjcnReason') === '');
    const goods = open.filter((item) => !isService(item));
    if (open.some(isService)) this.#invoiced(account, this.#people.bill({ order: number }));
    if (goods.length === 0) return;
    const isSplit = chance(random, 0.12);
    const first = isSplit ? goods.map((item) => ({ item: textOf(item, 'SalesOrderItem'), quantity: halfOf(item) })) : undefined;
    this.#ship(account, number, first);
    if (isSplit && chance(random, 0.8)) this.#later(5 + below(random, 12), () => this.#ship(account, number, undefined));
  }

  #ship(
    account: Account,
    order: string,
    items: readonly { readonly item: string; readonly quantity: string }[] | undefined,
  ): void {
    const some = items?.filter(({ quantity }) => quantity !== '0');
    if (
      some?.length === 0 ||
      (some === undefined &&
        this.#items(order).every((item) => textOf(item, 'DeliveryStatus') !== 'A' && textOf(item, 'DeliveryStatus') !== 'B'))
    )
      return;
    const upTo = chance(this.#random, 0.02) ? 'CREATED' : 'ISSUED';
    const delivery = this.#people.deliver({ order, upTo, ...(some === undefined ? {} : { items: some }) });
    if (upTo === 'CREATED') return;
    this.#invoiced(account, this.#people.bill({ deliveries: [textOf(delivery, 'DeliveryDocument')] }));
  }

  #invoiced(account: Account, invoice: Row): void {
    const number = textOf(invoice, 'BillingDocument');
    const random = this.#random;
    const fate = random.fraction();
    if (fate < 0.025) this.#later(1 + below(random, 12), () => this.#people.cancelBilling(number));
    else this.#receipts.expect(account, invoice, fate);
  }

  #items(order: string): Row[] {
    return [...this.#books.related('A_SalesOrderItem', { SalesOrder: order })];
  }

  #do(action: Action): void {
    const last = this.#endMs - (DAYS - this.#day) * DAY_MS + DAY_MS - 1;
    this.#nowMs = Math.min(last, this.#nowMs + this.#stepMs);
    action();
  }

  #later(days: number, action: Action): void {
    const day = this.#day + days;
    const actions = this.#due.get(day);
    if (actions === undefined) this.#due.set(day, [action]);
    else actions.push(action);
  }

  #today(): string {
    return this.#books.context.store.moment.day;
  }
}

/** For its credit, until a person lets it go. */
const isBlocked = (order: Row): boolean => textOf(order, 'TotalCreditCheckStatus') === 'B';
const halfOf = (item: Row): string => String(Math.floor(Number(textOf(item, 'RequestedQuantity')) / 2));
