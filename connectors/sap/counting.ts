/** How many rows of a set there are, as SAP counts them: plain text, not JSON. */
import type { Period } from '../../src/connect/index.ts';
import { strange } from './faults.ts';
import { all, day } from './literals.ts';
import { type Context, rootOf, type ServiceName, systemQuery } from './system.ts';

export interface Counting {
  readonly service: ServiceName;
  readonly set: string;
  readonly filters: readonly string[];
  /** The field that a period is about. */
  readonly day?: string;
  readonly period?: Period | null;
}

export async function countOf(context: Context, { service, set, filters, day: field, period = null }: Counting): Promise<number> {
  const within =
    period === null || field === undefined ? null : `${field} ge ${day(period.from)} and ${field} le ${day(period.to)}`;
  const filter = all(...filters, within);
  const { body } = await context.http.get(`${rootOf(service)}/${set}/$count`, {
    query: { ...systemQuery(context), ...(filter === '' ? {} : { $filter: filter }) },
    headers: { accept: 'text/plain' },
    answer: 'TEXT',
  });
  const text = String(body).trim();
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw strange(`The count of ${set} is no number.`);
}
