/** Amounts in minor units and quantities in units of 10⁻⁸, both whole numbers, so that no sum ever passes through a binary fraction. */
import { decimal, decimalText, divideDecimal, multiplyDecimal, roundDecimal } from '../../../../src/connect/index.ts';

export const QUANTITY_DECIMALS = 8;

/** Null for what is no decimal, or is too large. */
export function toMinor(value: unknown, decimals: number): number | null {
  const text = decimalOrNull(value);
  if (text === null) return null;
  const minor = Number(roundDecimal(decimal(text), decimals, 'HALF_UP').coefficient);
  return Number.isSafeInteger(minor) ? minor : null;
}

/** A decimal as JSON has it: a number, or a text of one. */
export function decimalOrNull(value: unknown): string | null {
  const text = typeof value === 'number' ? plain(value) : typeof value === 'string' ? value.trim() : '';
  return /^-?\d{1,20}(\.\d{1,10})?$/.test(text) ? text : null;
}

/** `1e-7` as `0.0000001`. */
const plain = (value: number): string => {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [digits = '0', power = '0'] = text.split('e');
  const shifted = Number(power) < 0 ? divideDecimal(decimal(digits), decimal(`1${'0'.repeat(-Number(power))}`), CUT) : null;
  return shifted === null ? text : trimmed(decimalText(shifted));
};
const CUT = { scale: 12, rounding: 'HALF_UP' } as const;

export const minorText = (minor: number, decimals: number): string =>
  decimals === 0 ? String(minor) : decimalText({ coefficient: BigInt(minor), scale: decimals });

/** Without zeros at the end of its decimals. */
export const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** Price times quantity, rounded once. */
export function lineMinor(quantity: number, rate: string, decimals: number): number {
  const price = decimal(rate);
  const exact = { coefficient: price.coefficient * BigInt(quantity), scale: price.scale + QUANTITY_DECIMALS };
  return Number(roundDecimal(exact, decimals, 'HALF_UP').coefficient);
}

/** Price for a quantity whose amount is known. */
export function rateOf(minor: number, quantity: number, decimals: number): string {
  const amount = decimal(minorText(minor, decimals));
  const count = { coefficient: BigInt(quantity), scale: QUANTITY_DECIMALS };
  return trimmed(decimalText(divideDecimal(amount, count, { scale: 8, rounding: 'HALF_UP' })));
}

export function percentOf(minor: number, percent: string): number {
  const part = multiplyDecimal(decimal(String(minor)), decimal(percent));
  return Number(roundDecimal({ ...part, scale: part.scale + 2 }, 0, 'HALF_UP').coefficient);
}

export interface Conversion {
  /** Units of the second currency for one of the first. */
  readonly rate: string;
  readonly from: number;
  readonly to: number;
}

/** Into another currency, rounded once. */
export function converted(minor: number, { rate, from, to }: Conversion): number {
  if (rate === '1' && from === to) return minor;
  const price = decimal(rate);
  const exact = { coefficient: price.coefficient * BigInt(minor), scale: price.scale + from };
  return Number(roundDecimal(exact, to, 'HALF_UP').coefficient);
}

export const quantityText = (quantity: number): string => trimmed(minorText(quantity, QUANTITY_DECIMALS));
