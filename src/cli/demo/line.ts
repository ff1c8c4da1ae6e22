/** The whole line of the demo from orders to cash, beside what is billed by hand: rules, credit, usual orders and special cases. */
import { addDays, type PlainDate } from '../../kernel/date.ts';
import { casesOf, SPECIAL } from './cases.ts';
import { creditMoves } from './credit.ts';
import { type Habit, PORTAL_CUSTOMERS } from './customers.ts';
import { ordersOf } from './orders.ts';
import type { Move } from './phases.ts';
import type { History } from './history.ts';
import type { Trader } from './trade.ts';

/** Rules that orders are validated by; an order that each of them holds is among the special cases. */
const RULES = [
  {
    entity: 'US',
    rule: {
      code: 'US-REFERENCE',
      description: 'Customers of Westwind give their purchase order number.',
      stage: 'ORDER',
      field: 'customerReference',
      operator: 'IS_PRESENT',
    },
  },
  {
    entity: null,
    rule: {
      code: 'DISCOUNT-MAX',
      description: 'Discounts above 15 % are agreed with the head of sales.',
      stage: 'ORDER',
      field: 'lines.discountPercent',
      operator: 'LTE',
      operands: ['15'],
    },
  },
  {
    entity: 'JP',
    rule: {
      code: 'JP-DELIVERY-DAY',
      description: 'Goods of Ostwind leave only with a day on which they are wanted.',
      stage: 'RELEASE',
      field: 'requestedOn',
      operator: 'IS_PRESENT',
    },
  },
] as const;

/** Ostwind looks at credit when goods are released, the others when orders are confirmed. */
const policies = (on: PlainDate): readonly Move[] => [
  { on, phase: 'policy', input: { of: (id) => ({ id: id('le', 'JP'), creditStage: 'RELEASE' }) } },
  ...RULES.map(
    ({ entity, rule }): Move => ({
      on,
      phase: 'rule',
      input: { of: (id) => ({ ...rule, ...(entity === null ? {} : { legalEntityId: id('le', entity) }) }) },
    }),
  ),
];

/** Before the first order. */
const POLICY_DAYS = 60;

/** Nobody sells to them any more. */
const LOST: ReadonlySet<Habit> = new Set(['BROKE', 'FADING']);

/** All that happens on the line up to the last day. */
export function lineMoves(history: History, traders: readonly Trader[]): readonly Move[] {
  const { end } = history.span;
  const usual = traders.filter(({ customer, account }) => !LOST.has(account.habit) && !SPECIAL.has(customer.number));
  const inPortal = usual.filter(({ customer }) => PORTAL_CUSTOMERS.some(({ number }) => number === customer.number));
  const orders = ordersOf({ usual, inPortal }, end);
  const cases = casesOf(end, traders);
  const plan = { history, orders: [...orders.map(({ order }) => order), ...cases.orders], tight: cases.tight };
  return [
    ...policies(addDays(end, -POLICY_DAYS)),
    ...creditMoves(plan),
    ...orders.flatMap(({ moves }) => moves),
    ...cases.moves,
  ].filter(({ on }) => on <= end);
}
