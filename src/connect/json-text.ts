/**
 * JSON whose numbers are amounts: read without losing a digit. A number that JavaScript would write again just as it stood stays a
 * number (`12.5`, `100`); any other becomes a decimal text (`1.10`, `0.1000000000000000055`, `1e3` as `1000`). So whoever reads an
 * amount takes both, by `decimalOf` or the `amount` codec, and never adds up what came as a number.
 */
import { MappingError } from './connector.ts';

/**
 * @throws SyntaxError for what isn't JSON
 * @example parseJson('{"a":1.5,"b":1.50}') // { a: 1.5, b: '1.50' }
 */
export function parseJson(text: string): unknown {
  const read = JSON.parse(text) as unknown;
  // most answers have only plain numbers, and are read once
  return MAYBE_INEXACT.test(text) ? (JSON.parse(withNumbersKept(text)) as unknown) : read;
}

/** A zero at the end of the decimals, an exponent, a negative zero, or more than 15 digits: too often rather than too seldom. */
const MAYBE_INEXACT = /(?:^|[:,[\s])-?(?:\d+\.\d*0(?!\d)|\d[\d.]*[eE]|\d[\d.]{15}|(?<=-)0(?![.\d]))/;
const NUMBER = /-?\d[\d.eE+-]*/g;

/** Only what stands outside of texts is looked at. The JSON is known to be right. */
function withNumbersKept(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at);
    const end = quote < 0 ? text.length : quote;
    parts.push(text.slice(at, end).replace(NUMBER, kept));
    at = quote < 0 ? text.length : endOfText(text, quote);
    if (quote >= 0) parts.push(text.slice(quote, at));
  }
  return parts.join('');
}

/** After the closing quote. */
function endOfText(text: string, quote: number): number {
  for (let close = text.indexOf('"', quote + 1); ; close = text.indexOf('"', close + 1)) {
    let slashes = 0;
    while (text[close - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return close + 1;
  }
}

const kept = (source: string): string => (String(Number(source)) === source ? source : `"${withoutExponent(source) ?? source}"`);

const EXPONENT_MAX = 40;

/** Null where that would be a number of no ERP. */
function withoutExponent(source: string): string | null {
  const [, sign = '', whole = '', fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const shift = Number(power);
  if (whole === '' || Math.abs(shift) > EXPONENT_MAX) return null;
  if (shift === 0) return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
  const digits = `${'0'.repeat(Math.max(0, 1 - whole.length - shift))}${whole}${fraction.padEnd(shift, '0')}`;
  const point = digits.length - Math.max(fraction.length - shift, 0);
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  return `${sign}${left}${point < digits.length ? `.${digits.slice(point)}` : ''}`;
}

const DECIMAL = /^-?\d{1,22}(\.\d+)?$/;
const DECIMALS_MAX_COUNT = 12;

/**
 * The exact decimal text of an amount, quantity or rate as an ERP gives it: a number or a text of `parseJson`. Zeros at the end beyond
 * twelve decimals are dropped, never another digit.
 * @throws MappingError with the ERP's field
 * @example decimalOf(line.Amount, 'Line[0].Amount') // '12.50'
 */
export function decimalOf(value: unknown, field: string): string {
  const text = typeof value === 'number' ? withoutExponent(String(value)) : typeof value === 'string' ? value.trim() : null;
  const wrong = () => new MappingError(field, `${field} must be a decimal such as 12.50, and is ${shown(value)}.`);
  if (text === null) throw wrong();
  const plain = /[eE]/.test(text) ? withoutExponent(text) : text;
  if (plain === null || !DECIMAL.test(plain)) throw wrong();
  const [whole = '', fraction = ''] = plain.split('.');
  const short = fraction.length > DECIMALS_MAX_COUNT ? fraction.replace(/0+$/, '') : fraction;
  if (short.length > DECIMALS_MAX_COUNT) throw wrong();
  const result = short === '' ? whole : `${whole}.${short}`;
  return /^-[0.]+$/.test(result) ? result.slice(1) : result;
}

/** A value in a sentence: short, whatever it is. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
