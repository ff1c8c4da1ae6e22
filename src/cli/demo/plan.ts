/**
 * The whole history as a list of steps: who runs which command with which inputs at which instant. It is a pure function of the last
 * day, so a start that was interrupted makes the same list again and goes on where it stopped; inputs name records by keys, since
 * ids are known only when the records are made.
 */
import { addDays, addMonths, endOfMonth, type PlainDate, startOfMonth } from '../../kernel/date.ts';
import { bankDay, instantOf } from './calendar.ts';
import { CUSTOMERS, type DemoCustomer } from './customers.ts';
import { founding, newCustomers } from './growth.ts';
import { historyOf, TRADERS } from './history.ts';
import { lineMoves } from './line.ts';
import { newPrices, offering } from './offering.ts';
import { stepsOfDay } from './phases.ts';
import type { Step } from './step.ts';
import * as step from './steps.ts';
import { today } from './today.ts';

/** What falls on a day, by the day. */
function byDay<T>(list: readonly T[], dayOf: (item: T) => PlainDate | null): ReadonlyMap<PlainDate, readonly T[]> {
  const days = new Map<PlainDate, T[]>();
  for (const item of list) {
    const day = dayOf(item);
    if (day !== null) days.set(day, [...(days.get(day) ?? []), item]);
  }
  return days;
}

/** The books of a month are closed on the tenth of the month after the next. */
const CLOSING_DAY = 10;

const newIn = (month: number): readonly DemoCustomer[] => CUSTOMERS.filter((c) => c.since === month);

/** Every step of the history in order. Nothing happens after its last day. */
export function stepsOf(end: PlainDate, issuer: string): readonly Step[] {
  const history = historyOf(end);
  const { span, rates, invoices, payments, credits, losses } = history;
  const issued = byDay(invoices, (i) => i.issuedOn);
  const booked = byDay(payments, (p) => p.bookedOn);
  const applied = byDay(payments, (p) => (p.allocations.length > 0 ? p.appliedOn : null));
  const returned = byDay(payments, (p) => (p.returnedOn === null ? null : bankDay(p.returnedOn)));
  const credited = byDay(credits, (c) => c.on);
  const lost = byDay(losses, (l) => l.on);
  const moved = byDay(lineMoves(history, TRADERS), (m) => m.on);
  const rated = byDay(rates, (r) => (r.validOn < span.start ? span.start : r.validOn));
  const currencies = new Map(invoices.map((i) => [i.key, i.currency]));
  const steps: (Step | null)[] = [...founding(span.start, issuer), ...offering(span.start)];
  let month = 0;
  for (let day = span.start; day <= end; day = addDays(day, 1)) {
    const at = (minute: number) => instantOf(day, minute);
    const of = <T>(days: ReadonlyMap<PlainDate, readonly T[]>) => days.get(day) ?? [];
    steps.push(...stepsOfDay(day, of(moved)), step.setRates(at(0), of(rated)));
    if (day === startOfMonth(day) && day !== span.start) month += 1;
    if (day.endsWith('-01-01') && day !== span.start) steps.push(newPrices(at(5), { day, start: span.start }));
    if (day === startOfMonth(day) || day === span.start) steps.push(...newCustomers(day, newIn(month)));
    steps.push(
      step.draft(at(10), of(issued)),
      step.issue(at(15), of(issued)),
      step.credit(at(20), of(credited)),
      step.record(at(25), of(booked)),
      step.apply(at(30), of(applied), (key) => currencies.get(key) ?? ''),
      step.returns(at(35), of(returned)),
      step.writeOffs(at(40), of(lost)),
    );
    if (day === bankDay(addDays(startOfMonth(day), CLOSING_DAY - 1)) && day > addMonths(span.start, 2)) {
      steps.push(step.closeBooks(at(45), endOfMonth(addMonths(day, -2))));
    }
  }
  return [...steps, ...today(end, TRADERS, issuer)].filter((s) => s !== null);
}
