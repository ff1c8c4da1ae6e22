/**
 * The orders of the demo's last eight weeks: what most of them go through, by the habits of their customers. What would happen
 * after the last day hasn't yet, so the young ones are under way.
 */
import { addDays, type PlainDate } from '../../kernel/date.ts';
import { type SeededRandomness, seededRandom } from '../../kernel/random.ts';
import { dueDate } from '../../o2c/catalogue/terms.rules.ts';
import { bankDay, billingDay, later, orderDay } from './calendar.ts';
import type { Habit } from './customers.ts';
import type { Move } from './phases.ts';
import * as selling from './selling.ts';
import type { DemoOrder, OrderedLine } from './selling.ts';
import { termsOf, type Trader } from './trade.ts';

/** What an order goes through, as far as there is time. */
export type Fate = 'WHOLE' | 'TWICE' | 'SHORT' | 'RETURNED' | 'CANCELLED';

export interface FatedOrder {
  readonly order: DemoOrder;
  readonly moves: readonly Move[];
}

/** Days before the last one. */
const FIRST = 56;
const LAST = 1;
/** Orders on each day on which some come in, and how many of them are of customers who look at them in the portal. */
const DAILY = 5;
const DAILY_OF_PORTAL = 1;

/** How often of a hundred. */
const FATES: readonly (readonly [below: number, fate: Fate])[] = [
  [14, 'TWICE'],
  [20, 'SHORT'],
  [28, 'RETURNED'],
  [34, 'CANCELLED'],
  [100, 'WHOLE'],
];

/** Only who pays on time pays something so young. */
const PAYING: ReadonlySet<Habit> = new Set(['EARLY', 'PROMPT', 'NORMAL', 'DEBIT', 'PARTIAL']);

/** The customer's number for the n-th order of an account in the demo. */
export const orderKey = ({ customer, account }: Trader, serial: string): string =>
  `4500-${account.entity}${customer.number.slice(2)}-${serial}`;

export interface Sellers {
  /** Who orders as usual. */
  readonly usual: readonly Trader[];
  /** Those of them whose people sign in to the portal. */
  readonly inPortal: readonly Trader[];
}

/** The usual orders of the last weeks. */
export function ordersOf({ usual, inPortal }: Sellers, end: PlainDate): readonly FatedOrder[] {
  const random = seededRandom('demo/orders');
  const orders: FatedOrder[] = [];
  const last = addDays(end, -LAST);
  for (let on = orderDay(addDays(end, -FIRST)); on <= last; on = orderDay(addDays(on, 1))) {
    for (let i = 0; i < DAILY; i++) {
      const trader = random.pick(i < DAILY_OF_PORTAL ? inPortal : usual);
      const key = orderKey(trader, String(orders.length + 1).padStart(3, '0'));
      const luck = random.int(100);
      const fate = FATES.find(([below]) => luck < below)?.[1] ?? 'WHOLE';
      orders.push(fated({ key, trader, on, lines: selling.wishOf(trader, random) }, fate, random));
    }
  }
  return orders;
}

const firstGoods = (lines: readonly OrderedLine[]): number => lines.findIndex(selling.isGoods);

/** An order that comes in through the shop, and all that becomes of it. Services and what is paid in advance don't come in parts. */
export function fated(wanted: DemoOrder, wish: Fate, random: SeededRandomness): FatedOrder {
  const goods = firstGoods(wanted.lines);
  const isWhole = goods < 0 || selling.isBilledOnOrder(wanted.trader.customer);
  const fate = isWhole && wish !== 'CANCELLED' ? 'WHOLE' : wish;
  // what comes in parts has some
  const lines = wanted.lines.map((line, i) =>
    i === goods && fate !== 'WHOLE' ? { ...line, quantity: line.quantity + 3 } : line,
  );
  const order = { ...wanted, lines };
  const rest = {
    WHOLE: () => whole(order, random),
    TWICE: () => inParts(order, random, false),
    SHORT: () => inParts(order, random, true),
    RETURNED: () => returned(order, random),
    CANCELLED: () => [selling.onOrder(order, addDays(order.on, 1), 'cancel', 'Ordered by mistake')],
  }[fate]();
  return { order, moves: [selling.enter(order, 'place'), ...rest] };
}

/** The day on which goods leave after some. */
const leaving = (order: DemoOrder, random: SeededRandomness): PlainDate => billingDay(addDays(order.on, 1 + random.int(9)));
const arrival = (on: PlainDate, random: SeededRandomness): PlainDate => bankDay(addDays(on, 2 + random.int(3)));

function whole(order: DemoOrder, random: SeededRandomness): readonly Move[] {
  const on = leaving(order, random);
  const delay = random.int(3) === 0 ? 2 : 0;
  const billedOn = selling.isBilledOnOrder(order.trader.customer) ? billingDay(order.on) : billingDay(addDays(on, delay));
  const shipped =
    firstGoods(order.lines) < 0
      ? []
      : [...selling.ship(order, { number: 1, on }), selling.deliver(order, 1, arrival(on, random))];
  return [...shipped, selling.bill(order, 1, billedOn), ...paid(order, 1, billedOn, random)];
}

/** Half of the first goods leaves with all others; the other half later, or never. */
function inParts(order: DemoOrder, random: SeededRandomness, isShort: boolean): readonly Move[] {
  const on = leaving(order, random);
  const halved = firstGoods(order.lines);
  const parts = order.lines.flatMap((line, i) =>
    selling.isGoods(line) ? [{ line: i + 1, quantity: i === halved ? Math.floor(line.quantity / 2) : line.quantity }] : [],
  );
  const first = [
    ...selling.ship(order, { number: 1, on, parts }),
    selling.bill(order, 1, on),
    selling.deliver(order, 1, arrival(on, random)),
    ...paid(order, 1, on, random),
  ];
  if (isShort)
    return [
      ...first,
      selling.onOrder(order, bankDay(addDays(on, 9)), 'close', 'The rest is not made any more; the customer agrees'),
    ];
  const again = billingDay(addDays(on, 8 + random.int(20)));
  return [
    ...first,
    ...selling.ship(order, { number: 2, on: again }),
    selling.bill(order, 2, again),
    selling.deliver(order, 2, arrival(again, random)),
    ...paid(order, 2, again, random),
  ];
}

/** Delivered and billed; one piece comes back before the customer pays, which it then hasn't yet. */
function returned(order: DemoOrder, random: SeededRandomness): readonly Move[] {
  const on = leaving(order, random);
  const arrived = arrival(on, random);
  return [
    ...selling.ship(order, { number: 1, on }),
    selling.bill(order, 1, on),
    selling.deliver(order, 1, arrived),
    ...selling.takeBack(order, billingDay(addDays(arrived, 2)), { line: firstGoods(order.lines) + 1, quantity: 1 }),
  ];
}

/** Who pays early takes the discount, who pays on time pays within a week of the due date. */
function paid(order: DemoOrder, number: number, billedOn: PlainDate, random: SeededRandomness): readonly Move[] {
  const { habit, terms } = order.trader.account;
  const { netDays, isEndOfMonth = false, instalments } = termsOf(terms);
  if (!PAYING.has(habit) || instalments) return [];
  const isEarly = habit === 'EARLY';
  const due = dueDate(billedOn, { netDays, isEndOfMonth });
  const on = isEarly ? bankDay(addDays(billedOn, 4 + random.int(3))) : bankDay(addDays(due, random.int(5)));
  return selling.pay(order, number, { on: later(on, billedOn), isEarly });
}
