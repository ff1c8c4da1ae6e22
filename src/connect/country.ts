/** Countries as people and ERPs write them: two letters, or the English name. What is neither is refused, not guessed. */
import type { Codec } from './codec.ts';
import { MappingError } from './connector.ts';
import { shown } from './json-text.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
/** Names that are common beside the official one. */
const ALIASES: Readonly<Record<string, string>> = {
  USA: 'US',
  'U.S.A.': 'US',
  'UNITED STATES OF AMERICA': 'US',
  UK: 'GB',
  'GREAT BRITAIN': 'GB',
  ENGLAND: 'GB',
  'CZECH REPUBLIC': 'CZ',
  TURKEY: 'TR',
  'SOUTH KOREA': 'KR',
  HOLLAND: 'NL',
  'THE NETHERLANDS': 'NL',
  UAE: 'AE',
};
/** Regions that are no countries: groups, and codes for tests. */
const NO_COUNTRIES = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);
/** East Germany has a name still, and it is that of Germany. */
const isInUse = (code: string): boolean => !NO_COUNTRIES.has(code) && new Intl.Locale(`und-${code}`).region === code;

const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
const byName = new Map<string, string>(Object.entries(ALIASES));
const nameOf = new Map<string, string>();
for (const code of LETTERS.flatMap((one) => LETTERS.map((two) => one + two))) {
  const name = isInUse(code) ? names.of(code) : undefined;
  if (name === undefined) continue;
  nameOf.set(code, name);
  if (!byName.has(name.toUpperCase())) byName.set(name.toUpperCase(), code);
}

function decode(value: unknown, field: string): string {
  const word = typeof value === 'string' ? value.trim().toUpperCase() : '';
  const code = nameOf.has(word) ? word : byName.get(word);
  if (code !== undefined) return code;
  throw new MappingError(field, `${field} must be a country such as DE or Germany, and is ${shown(value)}.`);
}

/** Written as two letters. */
export const country: Codec<string> = { decode, encode: (value) => value };

/** Written as the English name. */
export const countryName: Codec<string> = {
  decode,
  encode(value, field) {
    const name = nameOf.get(value);
    if (name !== undefined && byName.get(name.toUpperCase()) === value) return name;
    throw new MappingError(field, `${field} can not be written: ${value} is no country with a name of its own.`);
  },
};
