/** What happened to the invoices that the demo writes by hand, over the eighteen months: they, the money and what was given up. Pure. */
import { addDays, type PlainDate } from '../../kernel/date.ts';
import { seededRandom } from '../../kernel/random.ts';
import { type DemoPayment, paymentsOf } from './bank.ts';
import { bankDay, HISTORY_DAYS } from './calendar.ts';
import { CUSTOMERS } from './customers.ts';
import { type DemoRate, demoRates } from './rates.ts';
import { type Credit, type Loss, type Payout, settle } from './settlement.ts';
import { accountKey, type DemoInvoice, invoicesOf, type Span, type Trader } from './trade.ts';

export interface History {
  readonly span: Span;
  readonly rates: readonly DemoRate[];
  readonly invoices: readonly DemoInvoice[];
  readonly payments: readonly DemoPayment[];
  readonly credits: readonly Credit[];
  readonly losses: readonly Loss[];
}

export const TRADERS: readonly Trader[] = CUSTOMERS.flatMap((customer) =>
  customer.accounts.map((account) => ({ customer, account })),
);

/** In which currency a customer abroad pays at times: the one of the company that it buys from. */
const HOME = { DE: 'EUR', US: 'USD', JP: 'JPY' } as const;

function payerOf({ customer, account }: Trader) {
  return {
    key: accountKey(account.entity, customer.isPaidByParent && customer.parent ? customer.parent : customer.number),
    isDebit: account.habit === 'DEBIT',
    isCheque: account.entity === 'US' && account.habit === 'ERRATIC',
    alsoIn: account.currency === HOME[account.entity] ? null : HOME[account.entity],
  };
}

/** What happened in the eighteen months up to the last day. */
export function historyOf(end: PlainDate): History {
  const span = { start: addDays(end, -HISTORY_DAYS), end };
  const rates = demoRates(span.start, end);
  const invoices: DemoInvoice[] = [];
  const credits: Credit[] = [];
  const losses: Loss[] = [];
  const payouts = new Map<string, { payer: ReturnType<typeof payerOf>; list: Payout[] }>();
  for (const trader of TRADERS) {
    const payer = payerOf(trader);
    const random = seededRandom(`demo/settlement/${trader.account.entity}/${trader.customer.number}`);
    for (const invoice of invoicesOf(trader, span)) {
      invoices.push(invoice);
      for (const move of settle({ trader, invoice, random, span })) {
        if (move.kind === 'CREDIT') credits.push({ ...move, on: bankDay(move.on) });
        else if (move.kind === 'LOSS') losses.push({ ...move, on: bankDay(move.on) });
        else payouts.set(payer.key, { payer, list: [...(payouts.get(payer.key)?.list ?? []), move] });
      }
    }
  }
  const payments = [...payouts.values()].flatMap(({ payer, list }) => paymentsOf(payer, list, rates));
  return { span, rates, invoices, payments, credits, losses };
}
