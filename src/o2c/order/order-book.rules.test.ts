// The book of an order against a model that keeps whole millionths and knows nothing of it: amounts, exposure, statuses, rows.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, decimalText } from '../../kernel/decimal.ts';
import type { CommandContext } from '../../write/command.ts';
import { lineNetOf, type OrderLineRow, type OrderRow, partNetOf, wantedOf } from './line-amounts.rules.ts';
import { OrderBook } from './order-book.rules.ts';

const ONE = 1_000_000n;
const EXPONENT = { EUR: 2n, JPY: 0n, KWD: 3n } as const;
type Currency = keyof typeof EXPONENT;

/** Millionths as decimal text, and back. */
const text = (millionths: bigint) => decimalText({ coefficient: millionths, scale: 6 });
const millionths = (value: string) => {
  const { coefficient, scale } = decimal(value);
  return coefficient * 10n ** BigInt(6 - scale);
};
const half = (numerator: bigint, denominator: bigint) => (2n * numerator + denominator) / (2n * denominator);

const lineOf = fc.record({
  quantity: fc.bigInt({ min: 1n, max: 50n * ONE }),
  price: fc.bigInt({ min: 0n, max: 2_000n * ONE }),
  discount: fc.constantFrom(0n, 0n, 12_500_000n, 33_333_300n, 100_000_000n),
  rate: fc.constantFrom('0', '7', '19', '8.875'),
  isShipped: fc.boolean(),
});
const orderOf = fc.record({
  currency: fc.constantFrom<Currency>('EUR', 'JPY', 'KWD'),
  groupRate: fc.bigInt({ min: 1_000n, max: 3n * ONE }),
  stage: fc.constantFrom<OrderRow['creditStage']>('ORDER', 'RELEASE', 'DELIVERY'),
  lines: fc.array(lineOf, { minLength: 1, maxLength: 4 }),
});
type Sample = typeof orderOf extends fc.Arbitrary<infer T> ? T : never;

const stepOf = fc.record({
  what: fc.constantFrom('plan', 'release', 'ship', 'return', 'bill', 'bill', 'credit', 'cancel'),
  line: fc.nat(),
  /** How much of what is possible, in thousandths; often all of it. */
  part: fc.oneof(fc.constant(1_000n), fc.bigInt({ min: 1n, max: 1_000n })),
});

function bookOf({ currency, groupRate, stage, lines }: Sample): OrderBook {
  const owner = { tenantId: 't', legalEntityId: 'le', accountId: 'a' };
  const nothing = { netMinor: 0n, taxMinor: 0n, totalMinor: 0n, billedMinor: 0n, creditedMinor: 0n, unbilledMinor: 0n };
  const order = {
    id: 'o',
    number: 'ORD-1',
    ...owner,
    ...nothing,
    lifecycle: 'CONFIRMED',
    creditStage: stage,
    currency,
    groupCurrency: 'EUR',
    groupRate: text(groupRate),
    openHoldCount: 0,
    version: 3,
  } as OrderRow;
  const quantities = ['cancelled', 'planned', 'released', 'shipped', 'returned', 'billed', 'credited'];
  const row = (line: Sample['lines'][number], i: number) => ({
    id: `l${i}`,
    lineNumber: i + 1,
    orderId: 'o',
    ...owner,
    isShipped: line.isShipped,
    currency,
    groupCurrency: 'EUR',
    quantity: text(line.quantity),
    unitPrice: text(line.price),
    discountPercent: text(line.discount),
    taxCategory: line.rate === '0' ? 'Z' : 'S',
    taxRate: line.rate,
    netMinor: 0n,
    billedNetMinor: 0n,
    groupUnbilledMinor: 0n,
    groupDeliveredMinor: 0n,
    version: 1,
    ...Object.fromEntries(quantities.map((name) => [`${name}Quantity`, '0'])),
  });
  const rows = lines.map((line, i) => row(line, i) as OrderLineRow);
  const book = new OrderBook({ order, lines: rows, holds: [] });
  book.settle();
  return book;
}

/** Net and tax of so much of a line, each rounded once. */
function valueOf(sample: Sample, i: number, quantity: bigint): { net: bigint; tax: bigint } {
  const line = sample.lines[i] as Sample['lines'][number];
  const scale = 10n ** EXPONENT[sample.currency];
  const net = half(quantity * line.price * (100n * ONE - line.discount) * scale, ONE * ONE * 100n * ONE);
  return { net, tax: half(net * millionths(line.rate), 100n * ONE) };
}

function exposureOf(sample: Sample, i: number, row: OrderLineRow): { unbilled: bigint; delivered: bigint } {
  const at = (name: keyof OrderLineRow) => millionths(row[name] as string);
  const reserved = {
    ORDER: at('quantity') - at('cancelledQuantity'),
    RELEASE: at('releasedQuantity') - at('returnedQuantity'),
    DELIVERY: at('shippedQuantity') - at('returnedQuantity'),
  }[row.isShipped ? sample.stage : 'ORDER'];
  const group = (quantity: bigint) => {
    const { net, tax } = valueOf(sample, i, quantity > 0n ? quantity : 0n);
    return half((net + tax) * sample.groupRate * 100n, ONE * 10n ** EXPONENT[sample.currency]);
  };
  // what came back and was credited is billed once more when it leaves once more
  const again = sample.stage !== 'ORDER' && row.isShipped ? at('creditedQuantity') : 0n;
  const billed = at('billedQuantity') - again;
  const unbilled = group(reserved - billed);
  const delivered = group(at('shippedQuantity') - at('returnedQuantity') - billed);
  return { unbilled, delivered: delivered < unbilled ? delivered : unbilled };
}

/** Tax by rate on the sum of the nets. */
function taxOf(sample: Sample, nets: readonly bigint[]): bigint {
  const rates = [...new Set(sample.lines.map((l) => l.rate))];
  const netOf = (rate: string) => nets.reduce((sum, net, i) => sum + (sample.lines[i]?.rate === rate ? net : 0n), 0n);
  return rates.reduce((sum, rate) => sum + half(netOf(rate) * millionths(rate), 100n * ONE), 0n);
}

const least = (...all: bigint[]) => all.reduce((a, b) => (b < a ? b : a));

function take(book: OrderBook, sample: Sample, step: { what: string; line: number; part: bigint }): void {
  const row = book.lines[step.line % book.lines.length] as OrderLineRow;
  const i = row.lineNumber - 1;
  const at = (name: keyof OrderLineRow) => millionths(row[name] as string);
  const wanted = at('quantity') - at('cancelledQuantity');
  const free = least(wanted - at('plannedQuantity'), wanted - at('billedQuantity'));
  const most: Record<string, bigint> = {
    plan: row.isShipped ? wanted - at('plannedQuantity') : 0n,
    release: at('plannedQuantity') - at('releasedQuantity'),
    ship: at('releasedQuantity') - at('shippedQuantity'),
    return: at('shippedQuantity') - at('returnedQuantity'),
    bill: wanted - at('billedQuantity'),
    credit: at('billedQuantity') - at('creditedQuantity'),
    cancel: free,
  };
  const quantity = ((most[step.what] ?? 0n) * step.part) / 1_000n;
  if (quantity <= 0n || book.order.lifecycle !== 'CONFIRMED') return;
  const add = (name: keyof OrderLineRow) => book.changeLine(row.id, { [name]: text(at(name) + quantity) });
  const part = { id: row.id, quantity: decimal(text(quantity)) };
  if (step.what === 'bill') {
    const netMinor = partNetOf(row, part.quantity);
    const tax = half(netMinor * millionths(sample.lines[i]?.rate ?? '0'), 100n * ONE);
    book.bill({ lines: [{ ...part, netMinor }], grossMinor: netMinor + tax });
  } else if (step.what === 'credit') book.credit({ lines: [part], grossMinor: 1n });
  else if (step.what === 'cancel') add('cancelledQuantity');
  else
    add(
      `${step.what === 'return' ? 'returned' : step.what === 'ship' ? 'shipped' : step.what === 'plan' ? 'planned' : 'released'}Quantity`,
    );
  book.settle();
}

/** What the book says of everything that it derives. */
const saidBy = ({ order, lines }: OrderBook) => ({
  lifecycle: order.lifecycle,
  unbilled: order.unbilledMinor,
  total: order.totalMinor,
  netAndTax: order.netMinor + order.taxMinor,
  lines: lines.map((row) => ({
    net: row.netMinor,
    billedNet: row.billedNetMinor,
    exposure: { unbilled: row.groupUnbilledMinor, delivered: row.groupDeliveredMinor },
  })),
});

/** What must be so, by the quantities alone. */
function rightOf({ order, lines }: OrderBook, sample: Sample): ReturnType<typeof saidBy> {
  const at = (row: OrderLineRow, name: keyof OrderLineRow) => millionths(row[name] as string);
  const wanted = (row: OrderLineRow) => at(row, 'quantity') - at(row, 'cancelledQuantity');
  const billed = (row: OrderLineRow) => at(row, 'billedQuantity');
  const some = lines.filter((row) => wanted(row) > 0n);
  const isDone = some.every((r) => billed(r) === wanted(r) && (!r.isShipped || at(r, 'shippedQuantity') === wanted(r)));
  const lifecycle = isDone && some.length > 0 ? 'COMPLETED' : 'CONFIRMED';
  const nets = lines.map((row, i) => ({
    net: valueOf(sample, i, wanted(row)).net,
    billedNet: valueOf(sample, i, billed(row)).net,
    exposure: lifecycle === 'CONFIRMED' ? exposureOf(sample, i, row) : { unbilled: 0n, delivered: 0n },
  }));
  const open = nets.map((n) => n.net - n.billedNet);
  const unbilled = open.reduce((a, b) => a + b, 0n) + taxOf(sample, open);
  const total = order.billedMinor + unbilled;
  return { lifecycle, unbilled, total, netAndTax: total, lines: nets };
}

describe('the book of an order', () => {
  it('keeps amounts, exposure and steps as a model does that counts in millionths', () => {
    fc.assert(
      fc.property(orderOf, fc.array(stepOf, { maxLength: 25 }), (sample, steps) => {
        const book = bookOf(sample);
        expect(saidBy(book)).toEqual(rightOf(book, sample));
        for (const step of steps) {
          take(book, sample, step);
          expect(saidBy(book)).toEqual(rightOf(book, sample));
        }
      }),
      { seed: 4711, numRuns: 400 },
    );
  });

  it('bills a line in parts that add up to it, in whatever sizes', () => {
    fc.assert(
      fc.property(orderOf, fc.array(stepOf, { maxLength: 8 }), (sample, steps) => {
        const book = bookOf(sample);
        for (const step of [...steps, ...sample.lines.map((_, line) => ({ line, part: 1_000n }))])
          take(book, sample, { ...step, what: 'bill' });
        for (const row of book.lines) expect(row.billedNetMinor).toBe(lineNetOf(row, wantedOf(row)));
        expect(book.order.unbilledMinor).toBe(0n);
      }),
      { seed: 815, numRuns: 200 },
    );
  });

  it('writes each changed row once, and tells what was before of what is summed up', () => {
    fc.assert(
      fc.property(orderOf, fc.array(stepOf, { minLength: 1, maxLength: 10 }), (sample, steps) => {
        const settled = bookOf(sample);
        const loaded = { order: settled.order, lines: settled.lines, holds: [] };
        const book = new OrderBook(loaded);
        for (const step of steps) take(book, sample, step);
        const updates = book.rows().flatMap((r) => (r.op === 'update' ? [r] : []));
        expect(new Set(updates.map((u) => u.id)).size).toBe(updates.length);
        for (const { id, set, was } of updates.filter((u) => u.entity === 'OrderLine')) {
          const before = loaded.lines.find((l) => l.id === id);
          const { groupUnbilledMinor, groupDeliveredMinor } = before as OrderLineRow;
          expect({ ...before, ...set }).toEqual(book.line(id));
          expect(was).toEqual({ groupUnbilledMinor, groupDeliveredMinor });
        }
        const unbilledOf = (values: Readonly<Record<string, unknown>> = {}) => (values['groupUnbilledMinor'] ?? 0n) as bigint;
        const delta = updates.reduce((sum, { set, was }) => sum + unbilledOf(set) - unbilledOf(was), 0n);
        expect(book.exposure() - book.exposureBefore()).toBe(delta);
        expect(book.event('order.billed').recordVersion).toBe(4);
      }),
      { seed: 99, numRuns: 150 },
    );
  });

  it('is left as it is by what happens to a copy of it', () => {
    const sample = {
      currency: 'EUR',
      groupRate: ONE,
      stage: 'ORDER',
      lines: [{ quantity: 3n * ONE, price: ONE, discount: 0n, rate: '19', isShipped: true }],
    } as const;
    const book = bookOf(sample as unknown as Sample);
    const copy = book.copy();
    copy.changeLine('l0', { quantity: '5' });
    copy.placeHold(
      { newId: () => 'h', now: new Date(0), principal: { actorId: 'x', personId: null } } as unknown as CommandContext,
      {
        kind: 'MANUAL',
        stage: 'ORDER',
        reason: 'x',
      },
    );
    copy.settle();
    expect([book.line('l0').quantity, book.holds.length, book.order.openHoldCount]).toEqual(['3.000000', 0, 0]);
    expect([copy.line('l0').quantity, copy.holds.length, copy.order.openHoldCount]).toEqual(['5', 1, 1]);
  });
});
