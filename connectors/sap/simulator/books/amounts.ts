/** Amounts inside the books are whole minor units as bigint, quantities whole thousandths: nothing here goes through a binary float. */

/** Of those that the simulated system trades in; two where it is not named. */
const DECIMALS: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, KWD: 3 };
const QUANTITY_DECIMALS = 3;
const TEXT = /^(-?)(\d*)(?:\.(\d*))?$/;

const decimalsOf = (currency: string): number => DECIMALS[currency] ?? 2;

/** A decimal text in units of so many decimals, rounded half away from zero. */
export function unitsOf(text: string, decimals: number): bigint {
  const [, sign = '', whole = '', fraction = ''] = TEXT.exec(text.trim()) ?? [];
  const shown = fraction.slice(0, decimals).padEnd(decimals, '0');
  const up = (fraction[decimals] ?? '0') >= '5' ? 1n : 0n;
  const size = BigInt(`${whole}${shown}` || '0') + up;
  return sign === '-' ? -size : size;
}

export function textOfUnits(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  const fraction = decimals === 0 ? '' : `.${digits.slice(point)}`;
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}${fraction}`;
}

export const minorOf = (text: string, currency: string): bigint => unitsOf(text, decimalsOf(currency));
/** As released services show it: with the decimals of its currency. */
export const amountText = (minor: bigint, currency: string): string => textOfUnits(minor, decimalsOf(currency));

/** Thousandths. */
export const quantityOf = (text: string): bigint => unitsOf(text, QUANTITY_DECIMALS);
/** Quantities follow their unit: whole ones show no decimals. */
export const quantityText = (thousandths: bigint): string =>
  thousandths % 1_000n === 0n ? String(thousandths / 1_000n) : textOfUnits(thousandths, QUANTITY_DECIMALS);

/** Rounded half away from zero. */
function divided(value: bigint, by: bigint): bigint {
  const size = value < 0n ? -value : value;
  const rounded = (size * 2n + by) / (by * 2n);
  return value < 0n ? -rounded : rounded;
}

const RATE_DECIMALS = 9;

/** What a quantity costs at a price for so many of its unit. */
export function priced(price: string, per: string, quantity: bigint, currency: string): bigint {
  const units = unitsOf(price, RATE_DECIMALS) * quantity;
  return divided(units, unitsOf(per, 0) * 10n ** BigInt(RATE_DECIMALS + QUANTITY_DECIMALS - decimalsOf(currency)));
}

/** So many per cent of an amount. */
export const percentOf = (minor: bigint, percent: string): bigint =>
  divided(minor * unitsOf(percent, RATE_DECIMALS), 100n * 10n ** BigInt(RATE_DECIMALS));

/** An amount in another currency, at what one unit of its own is worth there. */
export function converted(minor: bigint, rate: string, from: string, to: string): bigint {
  const shift = RATE_DECIMALS + decimalsOf(from) - decimalsOf(to);
  return divided(minor * unitsOf(rate, RATE_DECIMALS), 10n ** BigInt(shift));
}
