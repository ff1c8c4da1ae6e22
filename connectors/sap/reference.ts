/**
 * The public id of our record as a field of SAP holds it: at most 30 characters, in capitals, since some fields make them so by themselves.
 * @example toReference('ord_0190a6b2-0000-7000-8000-000000000001') // 'ORD-0373…'
 */

const OURS = /^([a-z][a-z0-9]{0,3})_([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;
const REFERENCE = /^([a-z][a-z0-9]{0,3})-([0-9a-z]{25})$/i;
const DIGITS = 25;
const BASE = 36;

export function toReference(ours: string): string {
  const [, prefix = '', ...parts] = OURS.exec(ours) ?? [];
  if (parts.length === 0) return ours;
  return `${prefix}-${BigInt(`0x${parts.join('')}`)
    .toString(BASE)
    .padStart(DIGITS, '0')}`.toUpperCase();
}

/** Undefined for what is none: somebody else may use the field. */
export function fromReference(text: string | undefined): string | undefined {
  const [, prefix, digits] = REFERENCE.exec(text?.trim() ?? '') ?? [];
  if (prefix === undefined || digits === undefined) return undefined;
  const value = digits
    .toLowerCase()
    .split('')
    .reduce((sum, digit) => sum * BigInt(BASE) + BigInt(Number.parseInt(digit, BASE)), 0n);
  const hex = value.toString(16).padStart(32, '0');
  if (hex.length > 32) return undefined;
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return `${prefix.toLowerCase()}_${uuid}`;
}
