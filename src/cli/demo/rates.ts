/** Exchange rates of each month, wandering around what the currencies are worth: made once, so that payments in another currency fit them. */
import { decimal, type Decimal } from '../../kernel/decimal.ts';
import { addMonths, type PlainDate, startOfMonth } from '../../kernel/date.ts';
import { seededRandom } from '../../kernel/random.ts';
import { EURO_WORTH, RATE_PAIRS } from './company.ts';

export interface DemoRate {
  readonly from: string;
  readonly to: string;
  readonly validOn: PlainDate;
  readonly rate: string;
}

/** From the month in which the history begins to that of its end. */
export function demoRates(start: PlainDate, end: PlainDate): readonly DemoRate[] {
  const random = seededRandom('demo/rates');
  const worth = new Map(Object.entries(EURO_WORTH));
  const rates: DemoRate[] = [];
  for (let month = startOfMonth(start); month <= end; month = addMonths(month, 1)) {
    for (const [from, to] of RATE_PAIRS) {
      const rate = ((worth.get(from) ?? 1) / (worth.get(to) ?? 1)).toPrecision(6);
      rates.push({ from, to, validOn: month, rate: Number(rate).toFixed(8) });
    }
    for (const [code, value] of worth) if (code !== 'EUR') worth.set(code, value * (0.985 + random.fraction() * 0.031));
  }
  return rates;
}

/** The newest rate on a day. */
export function rateOn(rates: readonly DemoRate[], pair: { readonly from: string; readonly to: string }, day: PlainDate): Decimal {
  const found = rates.findLast((r) => r.from === pair.from && r.to === pair.to && r.validOn <= day);
  if (!found) throw new Error(`The demo has no rate from ${pair.from} to ${pair.to} on ${day}`);
  return decimal(found.rate);
}
