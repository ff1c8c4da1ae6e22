// One order with a life by chance: part shipments, part bills, returns, credits, cancellations. After each step the order, and the
// document that the step made, must say what the oracle says.
import { deepStrictEqual } from 'node:assert';
import { currency as currencyOf, exponentOf } from '../../src/kernel/currency.ts';
import { decimalText } from '../../src/kernel/decimal.ts';
import type { SeededRandomness } from '../../src/kernel/random.ts';
import type { Shown } from '../support/world.ts';
import { type BillModel, type LineFacts, type LineModel, OrderModel, type Sums, sumsOf } from './oracle.ts';
import type { Part, Shop } from './shop.ts';

const TAXES = [
  ['S', '19'],
  ['S', '7'],
  ['S', '5.5'],
  ['L', '3.3333'],
  ['Z', '0'],
  ['E', '0'],
] as const;
/** In the life of an order. */
const STEPS = 9;
const CURRENCIES = ['EUR', 'JPY', 'KWD'] as const;

const millionths = (text: string): bigint => {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
};
const text = (micro: bigint): string => `${micro / 1_000_000n}.${String(micro % 1_000_000n).padStart(6, '0')}`;

export class RandomOrder {
  private readonly decimals: number;
  private readonly currency: string;
  private readonly model: OrderModel;
  private readonly inputs: Record<string, unknown>[];
  private readonly shipments: { id: string; left: Map<LineModel, bigint> }[] = [];
  private id = '';
  private lineIds: string[] = [];

  constructor(
    private readonly shop: Shop,
    private readonly dice: SeededRandomness,
    isBilledOnShipment: boolean,
  ) {
    this.currency = dice.pick(CURRENCIES);
    this.decimals = exponentOf(currencyOf(this.currency));
    const lines = Array.from({ length: 1 + dice.int(4) }, () => this.line());
    this.inputs = lines.map(({ input }) => input);
    this.model = new OrderModel(
      lines.map(({ facts }) => facts),
      isBilledOnShipment,
      this.decimals,
    );
  }

  private line(): { input: Record<string, unknown>; facts: LineFacts } {
    const { dice } = this;
    const number = (max: string, scale: number) => decimalText(dice.decimal({ min: '0', max, scale }));
    const quantity = text(millionths(number(dice.pick(['3', '1000']), dice.int(7))) || 1_000_000n);
    const unitPrice = dice.int(12) === 0 ? '0' : number(dice.pick(['0.02', '20', '9000']), dice.int(7));
    const discountPercent = dice.int(2) === 0 ? '0' : number('100', dice.int(5));
    const [taxCategory, taxRate] = dice.pick(TAXES);
    const isShipped = dice.int(3) > 0;
    const input = { description: 'Part', quantity, unitPrice, discountPercent, taxCategory, taxRate, isShipped };
    const hundredths = (percent: string) => millionths(percent) / 100n;
    const facts = {
      quantity: millionths(quantity),
      price: millionths(unitPrice),
      discount: hundredths(discountPercent),
      category: taxCategory,
      rate: hundredths(taxRate),
      isGoods: isShipped,
    };
    return { input, facts };
  }

  /** Its whole life; how many invoices and notes came of it. */
  async live(): Promise<{ bills: number; notes: number }> {
    const order = await this.shop.place(this.inputs, { currency: this.currency });
    this.id = order.id;
    this.lineIds = order.lines.map((line: Shown) => line.id);
    this.check(order);
    for (let step = 0; step < STEPS; step++) {
      await this.dice.pick(this.steps())();
      this.model.settle();
      this.check(await this.shop.orderOf(this.id));
    }
    await this.checkDocuments();
    return { bills: this.model.bills.length, notes: this.model.notes.length };
  }

  /** What can happen to it now, the likelier the oftener; a refusal now and then. */
  private steps(): (() => Promise<void>)[] {
    const { lines, isCompleted, bills } = this.model;
    const has = (of: (line: LineModel) => bigint) => lines.some((line) => of(line) > 0n);
    const when = (is: boolean, times: number, step: () => Promise<void>) => Array.from({ length: is ? times : 0 }, () => step);
    const isOpen = !isCompleted;
    return [
      ...when(isOpen && has((line) => this.shippable(line)), 3, () => this.ship()),
      ...when(isOpen && has((line) => this.model.billable(line)), 5, () => this.bill()),
      ...when(
        this.shipments.some(({ left }) => [...left.values()].some((there) => there > 0n)),
        2,
        () => this.takeBack(),
      ),
      ...when(
        has((line) => this.model.creditable(line)),
        4,
        () => this.credit(),
      ),
      ...when(isOpen, 1, () => this.cancel()),
      ...when(bills.length > 0, 1, () => this.goodwill()),
      ...when(isOpen && this.dice.int(4) === 0, 1, () => this.bill(true)),
      ...when(this.dice.int(4) === 0, 1, () => this.credit(true)),
    ];
  }

  private shippable = (line: LineModel): bigint => (line.isGoods ? this.model.wanted(line) - line.shipped : 0n);

  /** Some of what there is of some lines, or all of it. */
  private some(of: (line: LineModel) => bigint): { line: LineModel; quantity: bigint }[] {
    const isAll = this.dice.int(3) === 0;
    return this.model.lines.flatMap((line) => {
      const there = of(line);
      if (there === 0n || (!isAll && this.dice.int(3) === 0)) return [];
      const isWhole = isAll || this.dice.int(3) === 0;
      return [{ line, quantity: isWhole ? there : 1n + (there * BigInt(this.dice.int(999))) / 1_000n }];
    });
  }

  private partsOf = (parts: readonly { line: LineModel; quantity: bigint }[]): Part[] =>
    parts.map(({ line, quantity }) => ({
      orderLineId: this.lineIds[this.model.lines.indexOf(line)] ?? '',
      quantity: text(quantity),
    }));

  private async ship(): Promise<void> {
    const parts = this.some(this.shippable);
    if (parts.length === 0) return;
    const id = await this.shop.ship(this.id, this.partsOf(parts));
    for (const { line, quantity } of parts) line.shipped += quantity;
    this.shipments.push({ id, left: new Map(parts.map(({ line, quantity }) => [line, quantity])) });
  }

  private async takeBack(): Promise<void> {
    const full = this.shipments.filter(({ left }) => [...left.values()].some((there) => there > 0n));
    const shipment = this.dice.pick(full);
    const parts = this.some((line) => shipment.left.get(line) ?? 0n);
    if (parts.length === 0) return;
    await this.shop.takeBack(shipment.id, this.partsOf(parts));
    for (const { line, quantity } of parts) {
      line.returned += quantity;
      shipment.left.set(line, (shipment.left.get(line) ?? 0n) - quantity);
    }
  }

  private async cancel(): Promise<void> {
    const parts = this.some((line) => {
      const rest = this.model.wanted(line) - (line.shipped > line.billed ? line.shipped : line.billed);
      return this.model.isCompleted ? 0n : rest / 2n; // never all of it
    });
    if (parts.length === 0) return;
    await this.shop.desk.do(
      'cancelOrderLines',
      { id: this.id, expectedVersion: await this.version(), lines: this.partsOf(parts) },
      'order',
    );
    for (const { line, quantity } of parts) line.cancelled += quantity;
  }

  private version = async (): Promise<number> => (await this.shop.orderOf(this.id)).version;

  private async bill(isWhole = this.dice.int(3) === 0): Promise<void> {
    const billable = (line: LineModel) => this.model.billable(line);
    const parts = isWhole ? this.all(billable) : this.some(billable);
    if (parts.length === 0) {
      if (isWhole)
        deepStrictEqual((await this.shop.billing.refused('billOrder', { orderId: this.id }))[0]?.code, 'NOTHING_TO_BILL');
      return;
    }
    const invoice = await this.shop.bill(this.id, isWhole ? {} : { lines: this.dice.shuffle(this.partsOf(parts)) });
    this.same(invoice, this.model.bill(parts));
  }

  private all = (of: (line: LineModel) => bigint) =>
    this.model.lines.flatMap((line) => (of(line) > 0n ? [{ line, quantity: of(line) }] : []));

  private async credit(isWhole = this.dice.int(3) === 0): Promise<void> {
    const creditable = (line: LineModel) => this.model.creditable(line);
    const parts = isWhole ? this.all(creditable) : this.some(creditable);
    if (parts.length === 0 && !isWhole) return;
    const made = this.model.creditReturn(parts);
    const more = isWhole ? {} : { lines: this.partsOf(parts) };
    if (made.length === 0) {
      const [refused] = await this.shop.billing.refused('creditReturn', { orderId: this.id, reason: 'None', ...more });
      deepStrictEqual(refused?.code, 'NOTHING_TO_CREDIT');
      return;
    }
    await this.shop.credit(this.id, more);
    const notes = (await this.shop.notesOf(this.id)).slice(-made.length);
    deepStrictEqual(
      notes.map((note) => this.sums(note)),
      made,
    );
  }

  /** A credit by amounts on some bill. */
  private async goodwill(): Promise<void> {
    const bill = this.model.bills[this.dice.int(Math.max(1, this.model.bills.length))];
    const index = bill?.left.findIndex((group) => group.net > 0n) ?? -1;
    const group = bill?.left[index];
    if (!bill || !group) return;
    const net = this.dice.int(3) === 0 ? group.net : 1n + (group.net * BigInt(this.dice.int(999))) / 1_000n;
    const invoice = (await this.shop.invoicesOf(this.id))[this.model.bills.indexOf(bill)];
    const lines = [{ taxCategory: group.category, taxRate: decimalPercent(group.rate), net: this.amount(net) }];
    const note = await this.shop.billing.do(
      'issueCreditNote',
      { invoiceId: invoice.id, reason: 'Goodwill', lines },
      'creditNote',
      'net { amount } tax { amount } total { amount }',
    );
    deepStrictEqual(
      this.sums(note),
      this.model.note(
        bill,
        bill.left.map((_, i) => (i === index ? net : 0n)),
      ),
    );
  }

  private amount(minor: bigint): string {
    const digits = String(minor).padStart(this.decimals + 1, '0');
    return this.decimals === 0 ? digits : `${digits.slice(0, -this.decimals)}.${digits.slice(-this.decimals)}`;
  }

  private minor = (shown: Shown): bigint => BigInt(shown.amount.replace('.', ''));
  private sums = (document: Shown): Sums => ({
    net: this.minor(document.net),
    tax: this.minor(document.tax),
    total: this.minor(document.total),
  });

  private same(invoice: Shown, bill: BillModel): void {
    deepStrictEqual(this.sums(invoice), sumsOf(bill.groups));
    deepStrictEqual(
      invoice.lines.map((line: Shown) => [millionths(line.quantity), this.minor(line.net)]),
      bill.lines.map(({ quantity, net }) => [quantity, net]),
    );
    const taxes = invoice.taxes.map(
      (tax: Shown) => `${tax.taxCategory} ${millionths(tax.taxRate) / 100n} ${this.minor(tax.taxable)} ${this.minor(tax.tax)}`,
    );
    deepStrictEqual(taxes.sort(), bill.groups.map((g) => `${g.category} ${g.rate} ${g.net} ${g.tax}`).sort());
  }

  private check(order: Shown): void {
    const { net, tax, total, billed, unbilled, credited } = order;
    const shown = { net, tax, total, billed, unbilled, credited };
    deepStrictEqual(
      Object.fromEntries(Object.entries(shown).map(([name, amount]) => [name, this.minor(amount)])),
      this.model.amounts(),
    );
    deepStrictEqual(order.lifecycle, this.model.isCompleted ? 'COMPLETED' : 'CONFIRMED');
    deepStrictEqual(
      order.lines.map((line: Shown) => [
        ...[line.cancelledQuantity, line.shippedQuantity, line.returnedQuantity, line.billedQuantity, line.creditedQuantity].map(
          millionths,
        ),
        this.minor(line.net),
        this.minor(line.billedNet),
      ]),
      this.model.lines.map((l) => [l.cancelled, l.shipped, l.returned, l.billed, l.credited, this.model.netOf(l), l.billedNet]),
    );
  }

  /** Every document once more, as they are in the end. */
  private async checkDocuments(): Promise<void> {
    const invoices = await this.shop.invoicesOf(this.id);
    deepStrictEqual(
      invoices.map((invoice) => this.sums(invoice)),
      this.model.bills.map((bill) => sumsOf(bill.groups)),
    );
    invoices.forEach((invoice, i) => this.same(invoice, this.model.bills[i] as BillModel));
    deepStrictEqual(
      (await this.shop.notesOf(this.id)).map((note) => this.sums(note)),
      this.model.notes,
    );
  }
}

const decimalPercent = (rate: bigint): string => `${rate / 10_000n}.${String(rate % 10_000n).padStart(4, '0')}`;
