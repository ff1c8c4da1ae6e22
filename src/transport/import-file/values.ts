/** The texts of a file as values: days in the file's own form, amounts, currencies, texts. Each refusal says what would be right. */
import { isCurrency } from '../../kernel/currency.ts';
import { FIRST_DATE, isPlainDate, LAST_DATE, type PlainDate } from '../../kernel/date.ts';
import { isDomainError } from '../../kernel/errors.ts';
import { moneyText, parseMoney } from '../../kernel/money.ts';
import { Unfit } from './unfit.ts';

/** A value that can't be taken; the message is the reason. */
export class BadValue extends Error {}

export interface DateFormat {
  readonly pattern: string;
  parse(text: string): PlainDate;
}

const PARTS: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  DD: '(?<day>\\d{2})',
  D: '(?<day>\\d{1,2})',
};

/**
 * How a file writes its days: YYYY, MM or M, DD or D, and what stands between.
 * @throws Unfit when the pattern lacks a part
 * @example dateFormat('M/D/YYYY').parse('4/6/2013') // '2013-04-06'
 */
export function dateFormat(pattern: string): DateFormat {
  const tokens = pattern.match(/YYYY|MM?|DD?|[^YMD]+/g) ?? [];
  const kinds = tokens
    .filter((token) => token in PARTS)
    .map((token) => token[0] ?? '')
    .toSorted((a, b) => (a < b ? -1 : 1));
  if (kinds.join('') !== 'DMY' || tokens.join('') !== pattern || /[A-Za-z]/.test(pattern.replace(/[YMD]/g, ''))) {
    throw new Unfit(
      `"${pattern}" is no date format: write it with YYYY, MM or M, and DD or D, such as YYYY-MM-DD, M/D/YYYY, D.M.YYYY or YYYYMMDD.`,
      'USE',
    );
  }
  const form = new RegExp(`^${tokens.map((token) => PARTS[token] ?? token.replace(/[^\w]/g, '\\$&')).join('')}$`);
  const parse = (text: string): PlainDate => {
    const { year = '', month = '', day = '' } = form.exec(text)?.groups ?? {};
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    if (isPlainDate(date)) return date;
    throw new BadValue(`${shown(text)} is not a day that exists, written ${pattern}, from ${FIRST_DATE} to ${LAST_DATE}`);
  };
  return { pattern, parse };
}

/** The amount with all decimals of its currency. @throws BadValue @example amountText('12.5', 'EUR') // '12.50' */
export function amountText(text: string, currency: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(text))
    throw new BadValue(`${shown(text)} is not an amount: write digits with a "." before the decimals, such as 1234.56`);
  if (text.startsWith('-'))
    throw new BadValue(`${shown(text)} is negative: only amounts above zero are read, and credit notes are made by the API`);
  if (/^[0.]+$/.test(text)) throw new BadValue(`${shown(text)} is nothing: write an amount above zero`);
  try {
    return moneyText(parseMoney(text, currency));
  } catch (error) {
    throw isDomainError(error) ? new BadValue(error.message.replace(/\.$/, '')) : error;
  }
}

/** @throws BadValue */
export function currencyCode(text: string): string {
  if (isCurrency(text)) return text;
  throw new BadValue(`${shown(text)} is not a currency: write an ISO 4217 code in capital letters, such as EUR`);
}

/** A whole number of days, either sign. @throws BadValue */
export function dayCount(text: string): number {
  if (!/^-?\d{1,5}$/.test(text))
    throw new BadValue(`${shown(text)} is not a number of days: write a whole number, such as -3 or 12`);
  return Number(text);
}

/** @throws BadValue */
export function plainText(text: string, max: number): string {
  if (/\p{Cc}/u.test(text)) throw new BadValue('it has a control character: take it out');
  const { length } = Array.from(text); // characters, as Postgres and the API count them
  if (length > max) throw new BadValue(`it has ${length} characters, and ${max} is the limit`);
  return text;
}

const shown = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
