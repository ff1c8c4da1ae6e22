/** Random documents that are right in themselves: made of what the ERP has, with sums that add up. Seeded. */
import type { Canonical, CanonicalKind } from '../../canonical/canonical.ts';
import { decimal, decimalOf, multiplyDecimal } from '../../kernel/decimal.ts';
import { money, moneyText, parseMoney, times } from '../../kernel/money.ts';
import type { SeededRandomness } from '../../kernel/random.ts';
import type { KitReferences } from './kit-erp.ts';

export interface Making {
  readonly random: SeededRandomness;
  readonly references: KitReferences;
  /** A day in the ERP's open books. */
  readonly today: string;
  /** Makes names unique. */
  readonly serial: number;
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
  const { customers, products, taxes, openInvoices } = making.references;
  const lacks = kind === 'Payment' ? openInvoices.length === 0 : [customers, products, taxes].some((list) => list.length === 0);
  return maker && !lacks ? (maker(making) as Canonical<K>) : null;
}

const MAKERS: Partial<Record<CanonicalKind, (making: Making) => Canonical>> = {
  Customer: ({ random, serial }) => ({
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
  Order: (making) => ({ ...sale(making).document, orderedOn: making.today, state: 'CONFIRMED' }),
  Invoice: (making) => {
    const { document, taxes } = sale(making);
    return { ...document, taxes, issuedOn: making.today, dueOn: making.today, state: 'ISSUED' };
  },
  CreditNote: (making) => {
    const { document, taxes } = sale(making);
    return { ...document, taxes, issuedOn: making.today, state: 'ISSUED' };
  },
  Payment: payment,
};

const between = (random: SeededRandomness, min: number, max: number): number => min + random.int(max - min + 1);

function sale({ random, references, serial }: Making) {
  const { id, currency } = random.pick(references.customers);
  const tax = random.pick(references.taxes);
  const inText = (minor: bigint) => moneyText(money(minor, currency));
  const lines = Array.from({ length: between(random, 1, 5) }, () => {
    const quantity = BigInt(between(random, 1, 40));
    const priceMinor = BigInt(between(random, 1, 500_000));
    return {
      quantity,
      priceMinor,
      text: `${random.pick(WORDS)} ${between(random, 1, 999)}`,
      product: random.pick(references.products),
    };
  });
  const net = money(
    lines.reduce((sum, line) => sum + line.quantity * line.priceMinor, 0n),
    currency,
  );
  const taxed = times(net, multiplyDecimal(decimal(tax.rate), decimalOf(1n, 2)));
  return {
    document: {
      customer: id,
      currency,
      lines: lines.map(({ quantity, priceMinor, text: description, product }) => ({
        product,
        description,
        quantity: quantity.toString(),
        unitPrice: inText(priceMinor),
        net: inText(quantity * priceMinor),
        taxCategory: tax.category,
        taxRate: tax.rate,
      })),
      net: moneyText(net),
      tax: moneyText(taxed),
      total: inText(net.minor + taxed.minor),
      customerReference: `PO-${serial}`,
    },
    taxes: [{ taxCategory: tax.category, taxRate: tax.rate, taxable: moneyText(net), tax: moneyText(taxed) }],
  };
}

/** Over one invoice of the customer, in part or whole, with something left over at times. */
function payment({ random, references, today, serial }: Making): Canonical<'Payment'> {
  const { id, customer: payer, currency, open } = random.pick(references.openInvoices);
  const openMinor = parseMoney(open, currency).minor;
  const applied = between(random, 0, 1) === 0 || openMinor < 4n ? openMinor : openMinor / 3n;
  const over = between(random, 0, 2) === 0 ? 100n : 0n;
  const inText = (minor: bigint) => moneyText(money(minor, currency));
  return {
    customer: payer,
    receivedOn: today,
    currency,
    amount: inText(applied + over),
    method: 'BANK_TRANSFER',
    reference: `REF-${serial}`,
    state: 'RECEIVED',
    applications: [{ kind: 'Invoice', document: id, amount: inText(applied) }],
  };
}
