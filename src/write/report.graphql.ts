/** What reports in the graph share: flat rows of scalars, as a BI tool wants them, and the ids that they are asked for with. */
import { DomainError } from '../kernel/errors.ts';
import { parsePublicId } from '../kernel/ids.ts';
import { CurrencyScalar, DecimalScalar } from '../read/schema.ts';
import type { Sql } from '../read/sql.ts';
import type { GraphContext } from './context.ts';

export const reportText = (name: string, description: string) => ({ name, type: () => String, description, nullable: true });
export const reportAmount = (name: string, description: string) => ({ name, type: () => DecimalScalar, description });
export const reportCurrency = { name: 'currency', type: () => CurrencyScalar, description: 'The currency of the amounts.' };

/** @throws INVALID_ID that names the argument */
export function uuidOf(prefix: string, id: string, name: string): string {
  const parsed = parsePublicId(id);
  if (parsed.prefix !== prefix)
    throw new DomainError('INVALID_ID', `${name} must be an id that begins with ${prefix}_.`, { path: [name] });
  return parsed.uuid;
}

const camel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** Rows as instances, so that their fields are read by name. */
export async function reportRows(context: GraphContext, row: new () => object, source: Sql): Promise<object[]> {
  const rows = await context.read.rows<Record<string, unknown>>(context.principal, source);
  const columns = Object.keys(rows[0] ?? {}).map((name) => ({ name, property: camel(name) }));
  return rows.map((values) => {
    const made = new row() as Record<string, unknown>;
    for (const { name, property } of columns) made[property] = values[name];
    return made;
  });
}
