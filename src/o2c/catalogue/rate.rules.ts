/** Exchange rates of the days that were asked for. Pure. */
import { DomainError } from '../../kernel/errors.ts';

/** The newest rate of each day that was asked for; keys are `FROM TO day`. */
export type Rates = ReadonlyMap<string, string>;

export const rateKey = (from: string, to: string, on: string): string => `${from} ${to} ${on}`;

/** Units of `to` for one unit of `from` on a day, as decimal text. @throws RATE_MISSING that says which rate to set */
export function rateOf(rates: Rates, from: string, to: string, on: string): string {
  if (from === to) return '1';
  const rate = rates.get(rateKey(from, to, on));
  if (rate === undefined) {
    throw new DomainError(
      'RATE_MISSING',
      `There is no exchange rate from ${from} to ${to} for ${on}. Set one that is valid on or before that day.`,
      {
        details: { from, to, on },
        path: ['currency'],
      },
    );
  }
  return rate;
}
