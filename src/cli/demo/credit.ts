/** The credit of the demo's customers: who is blocked or a risk, and limits that most keep, some nearly use up and a few are beyond. */
import { currency as currencyOf, exponentOf } from '../../kernel/currency.ts';
import { addDays, type PlainDate } from '../../kernel/date.ts';
import { decimal, decimalText, divideDecimal, multiplyDecimal } from '../../kernel/decimal.ts';
import { money, moneyDecimal, moneyFrom } from '../../kernel/money.ts';
import { seededRandom } from '../../kernel/random.ts';
import { CUSTOMERS, type DemoCustomer, type Habit } from './customers.ts';
import { type Owed, mostOwed, owedOf, owedOn, treeOf } from './owed.ts';
import type { Move } from './phases.ts';
import type { History } from './history.ts';
import { rateOn } from './rates.ts';
import type { DemoOrder } from './selling.ts';
import { idKey } from './step.ts';

/** The day of the yearly review, before the first order. */
const REVIEW_DAYS = 60;
/** Days after the start: by then nobody believes that those who are broke will pay. */
const BLOCKING_DAYS = 230;

/** An order that is to meet a limit that it doesn't fit in, and the day on which that is looked at. */
export interface Tight {
  readonly order: DemoOrder;
  readonly on: PlainDate;
}

export interface CreditPlan {
  readonly history: History;
  /** Those that fit. */
  readonly orders: readonly DemoOrder[];
  readonly tight: readonly Tight[];
}

const RISKS: Readonly<Partial<Record<Habit, string>>> = {
  EARLY: 'A',
  PROMPT: 'A',
  VERY_SLOW: 'C',
  ERRATIC: 'C',
  FADING: 'D',
  BROKE: 'E',
};

const habitOf = ({ accounts }: DemoCustomer): Habit | undefined => accounts[0]?.habit;

export const block = (number: string, on: PlainDate, reason: string): Move => ({
  on,
  phase: 'block',
  input: { of: (id) => ({ customerId: id('cus', number), reason }) },
});

/** What an order is worth by the first prices, in cents. Those of today are at most a tenth above, with tax a third. */
const worthOf = ({ lines }: DemoOrder): bigint =>
  lines.reduce(
    (sum, { product, quantity }) =>
      sum + moneyFrom(multiplyDecimal(decimal(product.price), decimal(String(quantity))), 'EUR').minor,
    0n,
  );

const percent = (minor: bigint, of: number): bigint => (minor * BigInt(of)) / 100n;

/** Two digits and zeros, as people choose limits. */
function rounded(minor: bigint, isUp: boolean): bigint {
  const unit = 10n ** BigInt(Math.max(0, String(minor).length - 2));
  return ((isUp ? minor + unit - 1n : minor) / unit) * unit;
}

/** Of a hundred customers this many are kept short; the limit in percent of the most that was and may be owed. */
const NEAR = 35;
const NEAR_PERCENT = [100, 104] as const;
const USUAL_PERCENT = [110, 220] as const;

/** In euro cents; null: none is asked for. */
function limitOf(customer: DemoCustomer, { history: { span }, orders, tight }: CreditPlan, owed: Owed): bigint | null {
  if (habitOf(customer) === 'BROKE') return null;
  const { number } = customer;
  const meets = tight.find(({ order }) => order.trader.customer.number === number);
  if (meets) return rounded(percent(owedOn(owed, number, meets.on), 80) + percent(worthOf(meets.order), 30), false);
  const random = seededRandom(`demo/limit/${number}`);
  const [least, most] = random.int(100) < NEAR ? NEAR_PERCENT : USUAL_PERCENT;
  const tree = new Set(treeOf(number));
  const wanted = orders
    .filter(({ trader }) => tree.has(trader.customer.number))
    .reduce((sum, order) => sum + percent(worthOf(order), 135), 0n);
  const from = addDays(span.end, -REVIEW_DAYS);
  const needed = mostOwed(owed, number, { from, to: span.end }) + wanted;
  return rounded(percent(needed, least + random.int(most - least)) + 100_000n, true);
}

/** The limit as it is asked for and granted: in the currency that the customer is billed in, rounded. */
function amountOf({ accounts }: DemoCustomer, euro: bigint, { rates, span }: History): { amount: string; currency: string } {
  const currency = accounts[0]?.currency ?? 'EUR';
  if (currency === 'EUR') return { amount: decimalText(moneyDecimal(money(euro, currency))), currency };
  const rate = rateOn(rates, { from: currency, to: 'EUR' }, addDays(span.end, -REVIEW_DAYS));
  const scale = exponentOf(currencyOf(currency));
  const exact = divideDecimal(moneyDecimal(money(euro, 'EUR')), rate, { scale, rounding: 'HALF_UP' });
  return { amount: decimalText(moneyDecimal(money(rounded(moneyFrom(exact, currency).minor, true), currency))), currency };
}

/** The yearly review of everybody's credit, and the blocks of those that were given up before it. */
export function creditMoves(plan: CreditPlan): readonly Move[] {
  const { history } = plan;
  const { start, end } = history.span;
  const owed = owedOf(history);
  const on = addDays(end, -REVIEW_DAYS);
  const limits = CUSTOMERS.flatMap((customer): readonly Move[] => {
    const euro = limitOf(customer, plan, owed);
    if (euro === null) return [];
    const { number } = customer;
    const limit = amountOf(customer, euro, history);
    const reason = customer.parent === null ? 'Yearly review' : 'Yearly review, within the limit of its group';
    return [
      {
        on,
        phase: 'askLimit',
        input: { makes: idKey('apr', number), of: (id) => ({ customerId: id('cus', number), limit, reason }) },
      },
      { on, phase: 'grantLimit', input: { of: (id) => ({ approvalId: id('apr', number), amount: limit, reason: 'Agreed' }) } },
    ];
  });
  const risks = CUSTOMERS.flatMap((customer): readonly Move[] => {
    const riskClass = RISKS[habitOf(customer) ?? 'NORMAL'];
    const { number } = customer;
    return riskClass === undefined
      ? []
      : [{ on, phase: 'classify', input: { of: (id) => ({ customerId: id('cus', number), riskClass }) } }];
  });
  const blocks = CUSTOMERS.filter((c) => habitOf(c) === 'BROKE').map(({ number }) =>
    block(number, addDays(start, BLOCKING_DAYS), 'Has stopped paying; the lawyers have it'),
  );
  return [...limits, ...risks, ...blocks];
}
