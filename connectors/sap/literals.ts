/** Literals of OData V2 in filters and keys. What is in them is escaped; encoding for the address is the client's. */

/** @example text("O'Brien") // "'O''Brien'" */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A calendar day. @example day('2026-01-31') // "datetime'2026-01-31T00:00:00'" */
export const day = (value: string): string => `datetime'${value}T00:00:00'`;

/** An instant, in UTC. @example instant('2026-01-31T09:00:00.000Z') */
export const instant = (value: string): string => `datetimeoffset'${new Date(value).toISOString().replace(/\.000Z$/, 'Z')}'`;

/** Conditions that must all hold. */
export const all = (...conditions: readonly (string | null)[]): string => {
  const given = conditions.filter((one) => one !== null && one !== '');
  return given.length === 1 ? (given[0] ?? '') : given.map((one) => `(${one})`).join(' and ');
};

/** Conditions of which one must hold. */
export const any = (conditions: readonly string[]): string =>
  conditions.length === 1 ? (conditions[0] ?? '') : conditions.map((one) => `(${one})`).join(' or ');

/** The key of an entity in an address: encoded, a `/` too. @example keyText({ SalesOrder: '1' }) // "(SalesOrder='1')" */
export function keyText(key: Readonly<Record<string, string>>): string {
  const parts = Object.entries(key).map(
    ([name, value]) => [name, encodeURIComponent(text(value)).replaceAll("'", '%27')] as const,
  );
  const [first] = parts;
  return parts.length === 1 && first ? `(${first[1]})` : `(${parts.map(([name, value]) => `${name}=${value}`).join(',')})`;
}
