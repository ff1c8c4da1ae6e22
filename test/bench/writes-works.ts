// What the write bench has done, kind by kind: how it is asked of us, and what must be in the books afterwards for each that was acknowledged.
import type { Stock } from './writes-stock.ts';

export type Draw = (most: number) => number;

export interface Work {
  readonly title: string;
  /** Of pgbench's transactions in the same round, by connections. */
  readonly goal: Readonly<Record<number, number>>;
  readonly document: string;
  /** So many inputs, each of them new; what they are done on is made before, where it is used up. */
  inputs(stock: Stock, count: number, draw: Draw): Promise<readonly object[]>;
  readonly isUsedUp?: boolean;
  /** One row of sums over everything that is in the books. */
  readonly sums: string;
  /** By how much each sum grows with one that was acknowledged. */
  readonly each: Readonly<Record<string, number>>;
}

const COALESCED = { 16: 1, 64: 4 };
const ALONE = { 16: 0.4, 64: 0.4 };
const PRICE_MINOR = 100;

const mutation = (name: string, selection: string) =>
  `mutation($input: ${name.slice(0, 1).toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} userErrors { code message path } } }`;
const many = (count: number, make: (i: number) => object) => Array.from({ length: count }, (_, i) => make(i));
/** Each of the list in turn, from a place that is drawn: no two of a moment are the same. */
function inTurn<T>(list: readonly T[], draw: Draw): (i: number) => T {
  const from = draw(list.length);
  return (i) => list[(from + i) % list.length] as T;
}
const events = (type: string) =>
  `(select count(*) from event where type = '${type}') + (select count(*) from event_inbox where type = '${type}') as events, (select count(*) from idempotency) as keys`;

export const orderOf = (draw: Draw, products: number) => {
  const quantity = draw(40);
  return [1, 2, 3].map(() => ({ product: draw(products) - 1, quantity, priceMinor: PRICE_MINOR }));
};

/** The orders of the yardsticks: what they come to is on the balance of their customers. */
export const yardstickSums = (schema: string) =>
  `select (select count(*) from ${schema}.sales_order) as orders, (select count(*) from ${schema}.order_line) as lines, (select count(*) from ${schema}.outbox) as outbox,
     (select sum(version - 1) from ${schema}.customer) as versions, (select sum(balance_minor) from ${schema}.customer) - (select coalesce(sum(total_minor), 0) from ${schema}.sales_order) as "offBalance",
     (select coalesce(sum(amount_minor), 0) from ${schema}.order_line) - (select coalesce(sum(total_minor), 0) from ${schema}.sales_order) as "offLines"`;
export const YARDSTICK_EACH = { orders: 1, lines: 3, outbox: 1, versions: 1, offBalance: 0, offLines: 0 };

export const WORKS = {
  placeOrder: {
    title: 'placeOrder of three lines, with credit, taxes and holds looked at',
    goal: COALESCED,
    document: mutation('placeOrder', 'order { id number status: lifecycle }'),
    inputs: async ({ accounts, products }, count, draw) => {
      const account = inTurn(accounts, draw);
      return many(count, (i) => ({
        accountId: account(i),
        lines: orderOf(draw, products.length).map(({ product, quantity }) => ({
          productId: products[product],
          quantity: String(quantity),
          unitPrice: '1.00',
        })),
      }));
    },
    sums: `select (select count(*) from sales_order where lifecycle = 'CONFIRMED') as orders, (select count(*) from order_line) as lines, ${events('order.confirmed')},
      (select sum(unbilled_minor) from credit_account) - (select sum(group_unbilled_minor) from order_line) as "offExposure",
      (select sum(net_minor) from order_line) - (select sum(net_minor) from sales_order) as "offLines"`,
    each: { orders: 1, lines: 3, events: 1, keys: 1, offExposure: 0, offLines: 0 },
  },
  recordPayment: {
    title: 'recordPayment',
    goal: COALESCED,
    document: mutation('recordPayment', 'payment { id number status }'),
    inputs: async ({ accounts }, count, draw) => {
      const account = inTurn(accounts, draw);
      return many(count, (i) => ({
        accountId: account(i),
        amount: { amount: `${draw(500)}.00`, currency: 'EUR' },
        reference: 'REM',
      }));
    },
    sums: `select (select count(*) from payment) as payments, (select count(*) from open_item where kind = 'PAYMENT') as items, ${events('payment.received')},
      (select sum(open_item_minor) from credit_account) - (select sum(group_open_minor) from open_item) as "offExposure",
      (select sum(amount_minor) from payment) + (select sum(original_minor) from open_item where kind = 'PAYMENT') as "offItems"`,
    each: { payments: 1, items: 1, events: 1, keys: 1, offExposure: 0, offItems: 0 },
  },
  applyCash: {
    title: 'applyCash: a payment against an invoice',
    goal: COALESCED,
    document: mutation('applyCash', 'payment { id number status }'),
    inputs: async ({ cash }, count, draw) => {
      const pair = inTurn(cash, draw);
      return many(count, (i) => {
        const [paymentId, invoiceId] = pair(i);
        return { paymentId, allocations: [{ invoiceId, amount: '1.00' }] };
      });
    },
    sums: `select (select count(*) from allocation) as allocations, (select sum(paid_minor) from invoice) as paid, (select count(*) from idempotency) as keys,
      (select sum(open_item_minor) from credit_account) - (select sum(group_open_minor) from open_item) as "offExposure",
      (select sum(to_minor) from allocation) - (select sum(paid_minor) from invoice) as "offPaid"`,
    each: { allocations: 1, paid: 100, keys: 1, offExposure: 0, offPaid: 0 },
  },
  recordTracking: {
    title: 'recordTracking: a report of a carrier',
    goal: COALESCED,
    document: mutation('recordTracking', 'fulfilment { id number status: lifecycle }'),
    inputs: async ({ fulfilments }, count, draw) => {
      const fulfilment = inTurn(fulfilments, draw);
      const occurredAt = new Date().toISOString();
      const run = draw(2 ** 31);
      return many(count, (i) => ({
        id: fulfilment(i),
        source: 'in-house',
        externalId: `${run}-${i}`,
        kind: 'IN_TRANSIT',
        occurredAt,
      }));
    },
    sums: `select (select count(*) from tracking_event) as reports, (select count(*) from idempotency) as keys`,
    each: { reports: 1, keys: 1 },
  },
  releaseHold: {
    title: 'releaseHold',
    goal: ALONE,
    document: mutation('releaseHold', 'hold { id lifecycle }'),
    isUsedUp: true,
    inputs: async (stock, count) => (await stock.holds(count)).map((holdId) => ({ holdId, reason: 'All is well.' })),
    sums: `select (select count(*) from hold where lifecycle = 'RELEASED') as released, ${events('order.hold_released')}`,
    each: { released: 1, events: 1, keys: 1 },
  },
  updateCustomer: {
    title: 'updateCustomer',
    goal: ALONE,
    document: mutation('updateCustomer', 'customer { id number name }'),
    inputs: async ({ customers }, count, draw) => {
      const customer = inTurn(customers, draw);
      const run = draw(2 ** 31);
      return many(count, (i) => ({ id: customer(i), email: `ap${run}-${i}@example.com` }));
    },
    sums: `select (select sum(version) from customer) as versions, ${events('customer.updated')}`,
    each: { versions: 1, events: 1, keys: 1 },
  },
} as const satisfies Record<string, Work>;

export type WorkName = keyof typeof WORKS;
export const WORK_NAMES = Object.keys(WORKS) as WorkName[];
