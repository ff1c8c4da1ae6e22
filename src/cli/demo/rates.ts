/** Exchange rates of each month, wandering around what the currencies are worth: made once, so that payments in another currency fit them. */
import { decimal, type Decimal, decimalText, divideDecimal, multiplyDecimal, roundDecimal } from '../../kernel/decimal.ts';
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
  const worth = new Map(Object.entries(EURO_WORTH).map(([code, value]) => [code, decimal(value)]));
  const worthOf = (code: string) => worth.get(code) ?? decimal('1');
  const rates: DemoRate[] = [];
  for (let month = startOfMonth(start); month <= end; month = addMonths(month, 1)) {
    for (const [from, to] of RATE_PAIRS) {
      rates.push({
        from,
        to,
        validOn: month,
        rate: decimalText(divideDecimal(worthOf(from), worthOf(to), { scale: 8, rounding: 'HALF_UP' })),
      });
    }
    for (const [code, value] of worth) {
      const drift = random.decimal({ min: '0.985', max: '1.016', scale: 4 });
      if (code !== 'EUR') worth.set(code, roundDecimal(multiplyDecimal(value, drift), 10, 'HALF_UP'));
    }
  }
  return rates;
}

/** The newest rate on a day. */
export function rateOn(
  rates: readonly DemoRate[],
  pair: { readonly from: string; readonly to: string },
  day: PlainDate,
): Decimal {
  const found = rates.findLast((r) => r.from === pair.from && r.to === pair.to && r.validOn <= day);
  if (!found) throw new Error(`The demo has no rate from ${pair.from} to ${pair.to} on ${day}`);
  return decimal(found.rate);
}
