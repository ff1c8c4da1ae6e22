/** An order of the demo, and the moves that carry it on: each names the records of those before by the customer's reference. */
import { addDays, type PlainDate } from '../../kernel/date.ts';
import type { SeededRandomness } from '../../kernel/random.ts';
import type { DemoCustomer } from './customers.ts';
import type { Move, Phase } from './phases.ts';
import { type Product, PRODUCTS } from './products.ts';
import { amountText, idKey, type Lookup } from './step.ts';
import { bankAccountOf } from './steps.ts';
import { accountKey, type Trader } from './trade.ts';

export interface OrderedLine {
  readonly product: Product;
  readonly quantity: number;
  readonly discountPercent?: string;
}

export interface DemoOrder {
  /** The customer's purchase order number: unique, and how later moves name the order. */
  readonly key: string;
  readonly trader: Trader;
  readonly on: PlainDate;
  readonly lines: readonly OrderedLine[];
}

/** In what an order differs from the usual one: null takes the field away. */
export interface Unusual {
  readonly customerReference?: string | null;
  readonly requestedOn?: null;
}

/** A quantity of a line, by its number from 1 on. */
export interface Part {
  readonly line: number;
  readonly quantity: number;
}

export interface Shipment {
  /** The n-th of its order, from 1 on. */
  readonly number: number;
  readonly on: PlainDate;
  /** Absent: all goods that are left. */
  readonly parts?: readonly Part[];
}

export const isGoods = ({ product }: OrderedLine): boolean => product.kind === 'GOODS';
const accountOf = ({ customer, account }: Trader): string => accountKey(account.entity, customer.number);

/** Customers of services pay in advance. */
export const isBilledOnOrder = ({ segment }: DemoCustomer): boolean => segment === 'Services';

/** What somebody orders: about as much as on an invoice of the same customer. */
export function wishOf({ account: { size } }: Trader, random: SeededRandomness, kind?: Product['kind']): readonly OrderedLine[] {
  return random
    .shuffle(PRODUCTS.filter((product) => kind === undefined || product.kind === kind))
    .slice(0, 1 + random.int(3))
    .map((product) => ({ product, quantity: 1 + random.int(Math.max(1, Math.round(product.most * size))) }));
}

const DAYS_WANTED = 14;

/** Drafts or places an order. */
export function enter(order: DemoOrder, phase: 'place' | 'placeByHand' | 'draft', unusual: Unusual = {}): Move {
  const { key, trader, on, lines } = order;
  const fields = { customerReference: key, requestedOn: addDays(on, DAYS_WANTED), ...unusual };
  return {
    on,
    phase,
    input: {
      makes: idKey('ord', fields.customerReference ?? `without reference ${key}`),
      of: (id) => ({
        accountId: id('acc', accountOf(trader)),
        ...fields,
        lines: lines.map(({ product, quantity, discountPercent }) => ({
          productId: id('prd', product.sku),
          quantity: String(quantity),
          ...(discountPercent === undefined ? {} : { discountPercent }),
        })),
      }),
    },
  };
}

/** A move of an order that names it by `id`, with a reason where the command wants one. */
export const onOrder = (
  { key }: DemoOrder,
  on: PlainDate,
  phase: Phase & ('submit' | 'confirm' | 'cancel' | 'close'),
  reason?: string,
): Move => ({
  on,
  phase,
  input: { of: (id) => ({ id: id('ord', key), ...(reason === undefined ? {} : { reason }) }) },
});

const partsIn = (id: Lookup, key: string, parts: readonly Part[] | undefined) =>
  parts
    ? { lines: parts.map(({ line, quantity }) => ({ orderLineId: id('orl', `${key} ${line}`), quantity: String(quantity) })) }
    : {};

const CARRIERS = { DE: 'DHL', US: 'UPS', JP: 'Yamato' } as const;

const fulfilmentKey = ({ key }: DemoOrder, number: number): string => `${key}/${number}`;

const trackingNumber = ({ key }: DemoOrder, number: number): string => `${key.replace(/\D/g, '')}${number}`.padStart(12, '0');

/** Sets goods apart and hands them to the warehouse. */
export const release = (order: DemoOrder, { number, on, parts }: Shipment): readonly Move[] => [
  {
    on,
    phase: 'plan',
    input: {
      makes: idKey('ful', fulfilmentKey(order, number)),
      of: (id) => ({ orderId: id('ord', order.key), ...partsIn(id, order.key, parts), plannedOn: on }),
    },
  },
  { on, phase: 'release', input: { of: (id) => ({ id: id('ful', fulfilmentKey(order, number)) }) } },
];

/** Goods leave on the day on which they are planned. */
export const ship = (order: DemoOrder, shipment: Shipment): readonly Move[] => [
  ...release(order, shipment),
  {
    on: shipment.on,
    phase: 'ship',
    input: {
      of: (id) => ({
        id: id('ful', fulfilmentKey(order, shipment.number)),
        carrier: CARRIERS[order.trader.account.entity],
        trackingNumber: trackingNumber(order, shipment.number),
      }),
    },
  },
];

export const deliver = (order: DemoOrder, number: number, on: PlainDate): Move => ({
  on,
  phase: 'deliver',
  input: { of: (id) => ({ id: id('ful', fulfilmentKey(order, number)), receivedBy: 'Goods receipt' }) },
});

export const track = (
  order: DemoOrder,
  { number, on }: Shipment,
  seen: {
    readonly kind: 'IN_TRANSIT' | 'OUT_FOR_DELIVERY' | 'EXCEPTION';
    readonly location: string;
    readonly description: string;
  },
): Move => ({
  on,
  phase: 'track',
  input: {
    of: (id) => ({
      id: id('ful', fulfilmentKey(order, number)),
      source: 'in-house',
      externalId: `${trackingNumber(order, number)}-${seen.kind}`,
      occurredAt: `${on}T04:30:00Z`,
      ...seen,
    }),
  },
});

/** Some of the first shipment comes back, and is credited on the same day. */
export const takeBack = (order: DemoOrder, on: PlainDate, part: Part): readonly Move[] => [
  {
    on,
    phase: 'takeBack',
    input: {
      of: (id) => ({
        id: id('ful', fulfilmentKey(order, 1)),
        ...partsIn(id, order.key, [part]),
        reason: 'Damaged on arrival',
      }),
    },
  },
  { on, phase: 'credit', input: { of: (id) => ({ orderId: id('ord', order.key), reason: 'Damaged on arrival' }) } },
];

const billKey = ({ key }: DemoOrder, number: number): string => `${key}/${number}`;

/** Bills all that can be billed by then. */
export const bill = (order: DemoOrder, number: number, on: PlainDate): Move => ({
  on,
  phase: 'bill',
  input: { makes: idKey('inv', billKey(order, number)), of: (id) => ({ orderId: id('ord', order.key) }) },
});

/** The customer pays a bill: less the discount where it is early. */
export function pay(order: DemoOrder, number: number, { on, isEarly }: { on: PlainDate; isEarly: boolean }): readonly Move[] {
  const { account } = order.trader;
  const name = billKey(order, number);
  const reference = `${name} paid`;
  const owed = (id: Lookup) => {
    const { minor, currency, discountMinor } = id.amountOf('inv', name);
    return { amount: amountText(isEarly ? minor - discountMinor : minor, currency), currency };
  };
  return [
    {
      on,
      phase: 'pay',
      input: {
        makes: idKey('pay', reference),
        of: (id) => ({
          accountId: id('acc', accountOf(order.trader)),
          amount: owed(id),
          method: account.habit === 'DEBIT' ? 'DIRECT_DEBIT' : 'BANK_TRANSFER',
          reference,
          bankAccount: bankAccountOf(accountOf(order.trader)),
        }),
      },
    },
    {
      on,
      phase: 'apply',
      input: {
        of: (id) => ({
          paymentId: id('pay', reference),
          evidence: 'The remittance advice names the order.',
          allocations: [{ invoiceId: id('inv', name), amount: owed(id).amount }],
        }),
      },
    },
  ];
}
