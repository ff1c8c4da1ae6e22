/** Enums of the graph by name. Several fields and inputs may use one; they must agree on its values. */
import { registerEnumType } from 'type-graphql';
import { sentence } from './schema-classes.ts';

interface Known {
  readonly values: Readonly<Record<string, string>>;
  readonly descriptions: Record<string, { description: string }>;
  isRegistered: boolean;
}

const known = new Map<string, Known>();

/**
 * The enum of that name, for `@Field(() => enumType(…))`. A value's inner form is its name, unless `values` is an object.
 * @example enumType('PaymentMethod', ['CARD', 'CASH'], { CARD: 'By card.', CASH: 'In cash.' })
 */
export function enumType(
  name: string,
  values: readonly string[] | Readonly<Record<string, string>>,
  descriptions: Readonly<Record<string, string>> = {},
): object {
  const wanted: Record<string, string> = Array.isArray(values)
    ? Object.fromEntries(values.map((value: string) => [value, value]))
    : { ...(values as Readonly<Record<string, string>>) };
  const found = known.get(name) ?? { values: wanted, descriptions: {}, isRegistered: false };
  known.set(name, found);
  const names = Object.keys(wanted);
  if (names.toSorted().join(' ') !== Object.keys(found.values).toSorted().join(' ')) {
    throw new Error(`The enum ${name} is declared with ${Object.keys(found.values).join(', ')} and with ${names.join(', ')}.`);
  }
  for (const value of names) {
    const description = descriptions[value];
    if (description !== undefined || !found.descriptions[value])
      found.descriptions[value] = { description: description ?? sentence(value) };
  }
  return found.values;
}

/** @example meaning('InvoiceOrderField') // 'What a list of Invoice records can be ordered by.' */
function meaning(name: string): string {
  const [, record] = /^(.+)OrderField$/.exec(name) ?? [];
  return record === undefined
    ? `What a ${sentence(name).slice(0, -1).toLowerCase()} can be.`
    : `What a list of ${record} records can be ordered by.`;
}

/** Tells type-graphql of all of them, when every description is in. */
export function registerEnums(): void {
  for (const [name, one] of known) {
    if (one.isRegistered) continue;
    one.isRegistered = true;
    registerEnumType(one.values, { name, description: meaning(name), valuesConfig: one.descriptions });
  }
}
