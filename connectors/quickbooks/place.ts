/** Addresses. QuickBooks has five free lines, and countries as people write them; a country that can't be told is left as it is there. */
import { type Canonical, country, type JsonObject } from '../../src/connect/index.ts';
import { given, isObject, textAt, valueAt } from './fields.ts';

type Address = NonNullable<Canonical<'Customer'>['address']>;

const LINES = ['Line1', 'Line2', 'Line3', 'Line4', 'Line5'] as const;
export const ADDRESS_FIELDS = [...LINES, 'City', 'CountrySubDivisionCode', 'PostalCode', 'Country'] as const;

export function addressAt(raw: JsonObject, path: string): Address | undefined {
  const source = valueAt(raw, path);
  if (!isObject(source)) return undefined;
  const lines = LINES.flatMap((name) => textAt(source, name)?.split(/\r?\n/) ?? []).filter((line) => line.trim() !== '');
  const address = given({
    lines: lines.length === 0 ? undefined : lines.slice(0, 10),
    city: textAt(source, 'City'),
    region: textAt(source, 'CountrySubDivisionCode'),
    postalCode: textAt(source, 'PostalCode'),
    country: countryCode(textAt(source, 'Country')),
  });
  return Object.keys(address).length === 0 ? undefined : address;
}

/** The name stands in the first line; what is beyond the fifth goes into it. */
export function writeAddress(address: Address): JsonObject {
  const lines = [...(address.name === undefined ? [] : [address.name]), ...(address.lines ?? [])];
  const five = [...lines.slice(0, 4), ...(lines.length > 4 ? [lines.slice(4).join(', ')] : [])];
  return given({
    ...Object.fromEntries(five.map((line, i) => [`Line${i + 1}`, line])),
    City: address.city,
    CountrySubDivisionCode: address.region,
    PostalCode: address.postalCode,
    Country: address.country,
  });
}

/** By its letters or its English name; undefined for one that nobody knows. */
export function countryCode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : country.decode(text, 'Country');
  } catch {
    return undefined;
  }
}
