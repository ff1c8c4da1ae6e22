/** Due dates and rates: pure. */
import { addDays, endOfMonth } from '../../kernel/date.ts';
import { DomainError } from '../../kernel/errors.ts';

export interface Terms {
  readonly netDays: number;
  readonly isEndOfMonth: boolean;
}

/** @example dueDate('2026-01-15', { netDays: 30, isEndOfMonth: true }) // '2026-02-28' */
export function dueDate(issuedOn: string, { netDays, isEndOfMonth }: Terms): string {
  const due = addDays(issuedOn, netDays);
  return isEndOfMonth ? endOfMonth(due) : due;
}

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
