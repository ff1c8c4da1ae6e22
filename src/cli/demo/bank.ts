/** The bank's side of the demo: what customers send on one day becomes one payment, some pay too much, twice or in another currency. */
import { addDays, type PlainDate } from '../../kernel/date.ts';
import { decimal } from '../../kernel/decimal.ts';
import { convert, money, times } from '../../kernel/money.ts';
import { type SeededRandomness, seededRandom } from '../../kernel/random.ts';
import { bankDay, workday } from './calendar.ts';
import { type DemoRate, rateOn } from './rates.ts';
import type { Payout } from './settlement.ts';

export interface DemoAllocation {
  readonly invoice: string;
  readonly minor: bigint;
  readonly discountMinor: bigint;
  /** In the currency of the payment, where that is another. */
  readonly fromMinor: bigint | null;
}

export interface DemoPayment {
  /** The payer's reference: unique, and how a later start finds the payment again. */
  readonly key: string;
  readonly account: string;
  readonly currency: string;
  readonly minor: bigint;
  readonly method: 'BANK_TRANSFER' | 'DIRECT_DEBIT' | 'CHEQUE';
  readonly receivedOn: PlainDate;
  /** The day on which the bank's line is booked. */
  readonly bookedOn: PlainDate;
  readonly allocations: readonly DemoAllocation[];
  /** The day on which it is set against invoices; null: it stays unapplied. */
  readonly appliedOn: PlainDate | null;
  readonly returnedOn: PlainDate | null;
}

export interface Payer {
  readonly key: string;
  readonly isDebit: boolean;
  readonly isCheque: boolean;
  /** Pays in this currency at times, although invoices are in another. */
  readonly alsoIn: string | null;
}

/** The payments of one payer, one for each day on which it sends money; a direct debit stands alone. */
export function paymentsOf(payer: Payer, payouts: readonly Payout[], rates: readonly DemoRate[]): readonly DemoPayment[] {
  const random = seededRandom(`demo/bank/${payer.key}`);
  const groups = new Map<string, Payout[]>();
  for (const payout of payouts) {
    const key = payer.isDebit ? `${payout.on} ${payout.invoice.key} ${payout.bouncesOn ?? ''}` : payout.on;
    groups.set(key, [...(groups.get(key) ?? []), payout]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group], i) => paid({ payer, group, random, rates, serial: i + 1 }));
}

interface Paid {
  readonly payer: Payer;
  readonly group: readonly Payout[];
  readonly random: SeededRandomness;
  readonly rates: readonly DemoRate[];
  readonly serial: number;
}

function paid({ payer, group, random, rates, serial }: Paid): readonly DemoPayment[] {
  const [first] = group;
  if (!first) return [];
  const receivedOn = first.on;
  const bookedOn = bankDay(receivedOn);
  const luck = random.int(1000);
  const isForeign = payer.alsoIn !== null && group.length === 1 && first.bouncesOn === null && luck < 250;
  const currency = isForeign && payer.alsoIn ? payer.alsoIn : first.invoice.currency;
  const allocations = group.map((p) => ({
    invoice: p.invoice.key,
    minor: p.minor,
    discountMinor: p.discountMinor,
    fromMinor: isForeign
      ? convert(
          money(p.minor, p.invoice.currency),
          rateOn(rates, { from: p.invoice.currency, to: currency }, receivedOn),
          currency,
        ).minor
      : null,
  }));
  const sum = allocations.reduce((total, a) => total + (a.fromMinor ?? a.minor), 0n);
  const isOver = luck >= 970 && first.bouncesOn === null;
  const key = `${payer.key.replace(' ', '')}-${receivedOn.replaceAll('-', '')}-${serial}`;
  const payment: DemoPayment = {
    key,
    account: payer.key,
    currency,
    minor: isOver ? sum + overpaid(sum, currency) : sum,
    method: payer.isDebit ? 'DIRECT_DEBIT' : payer.isCheque ? 'CHEQUE' : 'BANK_TRANSFER',
    receivedOn,
    bookedOn,
    allocations,
    appliedOn: luck >= 940 && luck < 960 && first.bouncesOn === null ? bankDay(addDays(bookedOn, 6 + random.int(12))) : bookedOn,
    returnedOn: first.bouncesOn,
  };
  if (luck < 960 || luck >= 966) return [payment];
  const againOn = workday(addDays(receivedOn, 3 + random.int(6)));
  return [
    payment,
    {
      ...payment,
      key: `${key}-2`,
      receivedOn: againOn,
      bookedOn: bankDay(againOn),
      allocations: [],
      appliedOn: null,
      returnedOn: null,
    },
  ];
}

/** About a hundredth of it: an amount typed wrongly, or a credit that was forgotten. */
const overpaid = (sum: bigint, currency: string): bigint => {
  const more = times(money(sum, currency), decimal('0.01')).minor;
  return more > 0n ? more : 1n;
};
