/** The days of the demo's history: when it begins and ends, when bills are written and when the bank's lines are booked. */
import { localDate } from '../../kernel/clock.ts';
import { addDays, dayOfWeek, type PlainDate } from '../../kernel/date.ts';

/** Eighteen months. */
export const HISTORY_DAYS = 548;

/** The day that it is everywhere the group has a company: no document of the demo is dated in a future of its own zone. */
export const lastDayAt = (now: Date): PlainDate => localDate(now, 'America/New_York');

const BILLING = [2, 5];
const BANK = [1, 4];
const ORDERS = [1, 3];

const onOneOf =
  (weekdays: readonly number[]) =>
  (day: PlainDate): PlainDate => {
    let on = day;
    while (!weekdays.includes(dayOfWeek(on))) on = addDays(on, 1);
    return on;
  };

/** That day or the next on which goods leave and invoices are issued: Tuesdays and Fridays. */
export const billingDay = onOneOf(BILLING);
/** That day or the next on which goods arrive and bank lines are booked: Mondays and Thursdays. */
export const bankDay = onOneOf(BANK);
/** That day or the next on which orders come in: Mondays and Wednesdays. */
export const orderDay = onOneOf(ORDERS);
/** That day or the next on which banks move money. */
export const workday = onOneOf([1, 2, 3, 4, 5]);
/** That day or the next with this number in the week. */
export const weekday = (day: PlainDate, number: number): PlainDate => onOneOf([number])(day);

export const later = (a: PlainDate, b: PlainDate): PlainDate => (a > b ? a : b);

/** An instant of a day at which it is the same day in Tokyo, Berlin and New York. `minute` orders what happens on it. */
export const instantOf = (day: PlainDate, minute: number): Date => new Date(`${day}T13:${String(minute).padStart(2, '0')}:00Z`);
