/** Days, instants and fiscal years of the simulated system, as its rows show them. The time comes from outside. */
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** What the clock of the simulated system shows. */
export interface Moment {
  /** `2026-01-31` in the system's zone. */
  readonly day: string;
  /** `10:33:45` in the system's zone. */
  readonly time: string;
  /** UTC, with seven decimals. */
  readonly stamp: string;
}

export function momentOf(now: Date, zoneOffsetMinutes: number): Moment {
  const local = new Date(now.getTime() + zoneOffsetMinutes * MINUTE_MS).toISOString();
  return { day: local.slice(0, 10), time: local.slice(11, 19), stamp: now.toISOString().replace('Z', '0000Z') };
}

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

export interface FiscalPeriod {
  /** Text, as SAP has it. */
  readonly year: string;
  readonly period: string;
}

/** @param startMonth 1 for calendar years, 4 where they begin in April: January to March then belong to the year before */
export function fiscalPeriodOf(day: string, startMonth: number): FiscalPeriod {
  const month = Number(day.slice(5, 7));
  const isBefore = month < startMonth;
  const year = Number(day.slice(0, 4)) - (isBefore ? 1 : 0);
  const period = month - startMonth + (isBefore ? 12 : 0) + 1;
  return { year: String(year), period: String(period).padStart(3, '0') };
}
