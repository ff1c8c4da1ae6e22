/** Tax registration numbers in one form: of which country, and of which of its registers. Pure. */

export interface TaxId {
  /** The VAT register of a country of Europe, or whatever else the country registers by. Only ids of one register can differ. */
  readonly register: 'VAT' | 'LOCAL';
  /** ISO 3166-1 alpha-2; empty where nothing says it. */
  readonly country: string;
  readonly number: string;
}

/** National parts of VAT numbers by prefix, as the EU, Britain, Switzerland and Norway write them. */
const VAT: Readonly<Record<string, RegExp>> = {
  AT: /^U\d{8}$/,
  BE: /^[01]?\d{9}$/,
  BG: /^\d{9,10}$/,
  CH: /^E\d{9}$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  EL: /^\d{9}$/,
  ES: /^[A-Z]\d{7}[A-Z0-9]$|^\d{8}[A-Z]$/,
  FI: /^\d{8}$/,
  FR: /^[A-Z0-9]{2}\d{9}$/,
  GB: /^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^\d[A-Z0-9+*]\d{5}[A-Z]{1,2}$/,
  IT: /^\d{11}$/,
  LT: /^(\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^\d{9}B\d{2}$/,
  NO: /^\d{9}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
  XI: /^\d{9}$/,
};

/** What some countries write behind the number. */
const SUFFIX = /(MWST|TVA|IVA|VAT|MVA)$/;
const MIN_CHARS = 5;

/** Greece calls itself EL in VAT numbers; its ISO code is GR. */
const isoOf = (prefix: string): string => (prefix === 'EL' ? 'GR' : prefix);
const prefixOf = (country: string): string => (country === 'GR' ? 'EL' : country);

/**
 * Null for what is no number: too short, or all of one digit as people write who have none.
 * @example taxId('de 123.456.789', null) // { register: 'VAT', country: 'DE', number: '123456789' }
 * @example taxId('12-3456789', 'US') // { register: 'LOCAL', country: 'US', number: '123456789' }
 */
export function taxId(text: string, country: string | null): TaxId | null {
  const plain = text
    .toUpperCase()
    .replace(/[^A-Z0-9+*]/g, '')
    .replace(SUFFIX, '');
  const digits = plain.replace(/\D/g, '');
  if (plain.length < MIN_CHARS || digits === '' || /^(\d)\1*$/.test(digits)) return null;
  const prefix = plain.slice(0, 2);
  const rest = plain.slice(2);
  if (VAT[prefix]?.test(rest)) return { register: 'VAT', country: isoOf(prefix), number: rest };
  const own = country === null ? '' : prefixOf(country);
  if (VAT[own]?.test(plain)) return { register: 'VAT', country: isoOf(own), number: plain };
  // the Swiss write the same number with and without its CHE
  if (own === 'CH' && /^\d{9}$/.test(plain)) return { register: 'VAT', country: 'CH', number: `E${plain}` };
  return { register: 'LOCAL', country: country ?? '', number: plain };
}

export const taxIdText = ({ register, country, number }: TaxId): string => `${register}:${country}:${number}`;

export function parsedTaxId(text: string): TaxId {
  const [register, country = '', ...number] = text.split(':');
  return { register: register === 'VAT' ? 'VAT' : 'LOCAL', country, number: number.join(':') };
}
