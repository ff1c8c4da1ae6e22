/** Random documents that are right in themselves: made of what the ERP has, with sums that add up. Seeded. */
import type { Canonical, CanonicalKind } from '../../canonical/canonical.ts';
import { decimal, decimalOf, decimalText, multiplyDecimal } from '../../kernel/decimal.ts';
import { type Money, money, moneyText, parseMoney, times } from '../../kernel/money.ts';
import type { SeededRandomness } from '../../kernel/random.ts';
import type { KitCustomer, KitReferences } from './kit-erp.ts';

export interface Making {
  readonly random: SeededRandomness;
  readonly references: KitReferences;
  /** A day in the ERP's open books. */
  readonly today: string;
  /** Makes names unique. */
  readonly serial: number;
  /** Of the books there: documents in another one have an exchange rate. */
  readonly functionalCurrency: string;
  /** The company there that a new customer has business with, where the ERP has several. */
  readonly legalEntity?: string;
}

const WORDS = [
  'Pump',
  'Valve',
  'Seal kit',
  'Größe M',
  "O'Brien's part",
  'Ölfilter 5/8"',
  '東京 fitting',
  'Gasket & ring',
  'Freight',
];

/** A document of that kind that the ERP could take; null where it has nothing that one could refer to. */
export function randomDocument<K extends CanonicalKind>(kind: K, making: Making): Canonical<K> | null {
  const maker = MAKERS[kind];
  const { customers, products, taxes, openInvoices, openOrders = [] } = making.references;
  const needed = kind === 'Payment' ? [openInvoices] : kind === 'Delivery' ? [openOrders] : [customers, products, taxes];
  return maker && needed.every((list) => list.length > 0) ? (maker(making) as Canonical<K>) : null;
}

const MAKERS: Partial<Record<CanonicalKind, (making: Making) => Canonical>> = {
  Customer: ({ random, serial, legalEntity }) => ({
    ...(legalEntity === undefined ? {} : { legalEntity }),
    name: `${random.pick(WORDS)} ${random.pick(['GmbH', 'Inc.', 'K.K.', 'Ltd'])} ${serial}`,
    isActive: true,
    email: `ap${serial}@example.com`,
    phone: `+49 30 ${100_000 + between(random, 0, 899_999)}`,
  }),
  Product: ({ random, serial }) => ({
    sku: `SKU-${serial}`,
    name: `${random.pick(WORDS)} ${serial}`,
    kind: random.pick(['GOODS', 'SERVICE'] as const),
    isActive: true,
  }),
  Order: (making) => saleOf('Order', making, randomSale(making)),
  Invoice: (making) => saleOf('Invoice', making, randomSale(making)),
  CreditNote: (making) => saleOf('CreditNote', making, randomSale(making)),
  Delivery: delivery,
  Payment: payment,
};

const between = (random: SeededRandomness, min: number, max: number): number => min + random.int(max - min + 1);

export interface SaleLine {
  readonly quantity: bigint;
  readonly priceMinor: bigint;
}

export interface Sale {
  readonly customer: KitReferences['customers'][number];
  readonly tax: KitReferences['taxes'][number];
  readonly lines: readonly SaleLine[];
  /** What the tax comes to, where it is not that on the whole net, rounded once. */
  readonly taxMinor?: bigint;
}

export type SaleKind = 'Order' | 'Invoice' | 'CreditNote';

function randomSale({ random, references }: Making): Sale {
  const line = () => ({ quantity: BigInt(between(random, 1, 40)), priceMinor: BigInt(between(random, 1, 500_000)) });
  return {
    customer: random.pick(references.customers),
    tax: random.pick(references.taxes),
    lines: Array.from({ length: between(random, 1, 5) }, line),
  };
}

/** Rounded half up, as a document that is taxed as a whole has it. */
export const taxOn = (net: Money, rate: string): Money => times(net, multiplyDecimal(decimal(rate), decimalOf(1n, 2)));

export function saleOf(kind: SaleKind, making: Making, { customer, tax, lines, taxMinor }: Sale): Canonical<SaleKind> {
  const { random, references, serial, today } = making;
  const { id, currency, legalEntity } = customer;
  const inText = (minor: bigint) => moneyText(money(minor, currency));
  const net = money(
    lines.reduce((sum, line) => sum + line.quantity * line.priceMinor, 0n),
    currency,
  );
  const taxed = taxMinor ?? taxOn(net, tax.rate).minor;
  const document = {
    ...(legalEntity === undefined ? {} : { legalEntity }),
    customer: id,
    currency,
    ...rateIn(customer, making),
    lines: lines.map(({ quantity, priceMinor }) => ({
      product: random.pick(references.products),
      description: `${random.pick(WORDS)} ${between(random, 1, 999)}`,
      quantity: quantity.toString(),
      unitPrice: inText(priceMinor),
      net: inText(quantity * priceMinor),
      taxCategory: tax.category,
      taxRate: tax.rate,
    })),
    net: moneyText(net),
    tax: inText(taxed),
    total: inText(net.minor + taxed),
    customerReference: `PO-${serial}`,
  };
  if (kind === 'Order') return { ...document, orderedOn: today, state: 'CONFIRMED' };
  const taxes = [{ taxCategory: tax.category, taxRate: tax.rate, taxable: moneyText(net), tax: inText(taxed) }];
  const bill = { ...document, taxes, issuedOn: today, state: 'ISSUED' as const };
  return kind === 'CreditNote' ? bill : { ...bill, dueOn: today };
}

/** Units of the functional currency for one of the document's. */
function rateIn(customer: Omit<KitCustomer, 'id'>, { random, functionalCurrency }: Making): { rate?: string } {
  return customer.currency === (customer.functionalCurrency ?? functionalCurrency)
    ? {}
    : { rate: decimalText(random.decimal({ min: '0.5', max: '1.9', scale: 4 })) };
}

/** Over one invoice of the customer, in part or whole, with something left over at times. */
function payment(making: Making): Canonical<'Payment'> {
  const { random, references, today, serial } = making;
  const { id, customer: payer, currency, open } = random.pick(references.openInvoices);
  const { legalEntity, functionalCurrency } = references.customers.find((one) => one.id === payer) ?? {};
  const books = { currency, ...(functionalCurrency === undefined ? {} : { functionalCurrency }) };
  const openMinor = parseMoney(open, currency).minor;
  const applied = between(random, 0, 1) === 0 || openMinor < 4n ? openMinor : openMinor / 3n;
  const over = between(random, 0, 2) === 0 ? 100n : 0n;
  const inText = (minor: bigint) => moneyText(money(minor, currency));
  return {
    ...(legalEntity === undefined ? {} : { legalEntity }),
    customer: payer,
    receivedOn: today,
    currency,
    ...rateIn(books, making),
    amount: inText(applied + over),
    method: 'BANK_TRANSFER',
    reference: `REF-${serial}`,
    state: 'RECEIVED',
    applications: [{ kind: 'Invoice', document: id, amount: inText(applied) }],
  };
}

/** All that is left of an order, or of one of its lines a part. */
function delivery({ random, references, today, serial }: Making): Canonical<'Delivery'> {
  const { id, legalEntity, lines } = random.pick(references.openOrders ?? []);
  const [first, ...rest] = lines.map((line) => ({ orderLine: line.id, quantity: line.quantity }));
  if (first === undefined) throw new Error(`The order ${id} has nothing left to deliver.`);
  const isPart = rest.length > 0 && between(random, 0, 1) === 0;
  return {
    ...(legalEntity === undefined ? {} : { legalEntity }),
    order: id,
    state: 'SHIPPED',
    shippedOn: today,
    trackingNumber: `TRACK-${serial}`,
    lines: isPart ? [first] : [first, ...rest],
  };
}
