/** Which periods are closed for posting, by company. It closes and asks; it posts nothing. */
import { fiscalPeriodOf } from './calendar.ts';
import type { Context } from './context.ts';
import { refuse } from './refusals.ts';

/** Nothing is posted into periods up to this day any more; '' opens all. */
export function closePeriods({ store, companies }: Context, through: string, company?: string): void {
  for (const { code } of companies) if (company === undefined || company === code) store.setFact(`closed ${code}`, through);
}

/** @throws SapRefusal */
export function checkOpenPeriod(context: Context, company: string, day: string): void {
  const closed = context.store.fact(`closed ${company}`) ?? '';
  if (closed === '' || day > closed) return;
  const { year, period } = fiscalPeriodOf(day, context.company(company).fiscalYearStartMonth);
  throw refuse('F5/201', `Period ${period}/${year} is not open for account type D and company code ${company}`, 'PostingDate');
}
