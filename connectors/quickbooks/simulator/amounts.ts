/** Amounts inside the simulator are whole minor units. JSON numbers are read by their decimal text, so that no sum goes through a binary float. */

const DECIMALS_OF: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, KWD: 3 };
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;
/** Far from where doubles have gaps. */
const SMALL = 1_000_000_000;
const MAX_MINOR = 9_000_000_000_000_000n;

interface Exact {
  readonly digits: bigint;
  readonly scale: number;
}

/** How many decimals a currency has. */
export const decimalsOf = (currency: string): number => DECIMALS_OF[currency] ?? 2;

/** Null when the value is no number that can be an amount. */
export function toMinor(value: unknown, decimals: number): number | null {
  // most amounts have no more decimals than they may: then rounding the product is exact
  if (typeof value === 'number' && Math.abs(value) < SMALL) {
    const minor = Math.round(value * 10 ** decimals);
    if (fromMinor(minor, decimals) === value) return minor;
  }
  const exact = exactOf(value);
  return exact === null ? null : rounded(exact, decimals);
}

/** The JSON number of an amount: the nearest one, which prints with the same digits. */
export const fromMinor = (minor: number, decimals: number): number => minor / 10 ** decimals;

/** An amount in text with all its decimals, as `LineEx` has it. */
export function minorText(minor: number, decimals: number): string {
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${minor < 0 ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}

/** The product of two JSON numbers in minor units, rounded half up. Null when one is no number. */
export function productMinor(a: unknown, b: unknown, decimals: number): number | null {
  if (typeof a === 'number' && Number.isInteger(a) && Math.abs(a) < 1_000 && typeof b === 'number') {
    const minor = toMinor(b, decimals);
    if (minor !== null && fromMinor(minor, decimals) === b && Math.abs(b) < SMALL) return a * minor;
  }
  const left = exactOf(a);
  const right = exactOf(b);
  if (left === null || right === null) return null;
  return rounded({ digits: left.digits * right.digits, scale: left.scale + right.scale }, decimals);
}

/** So many per cent of an amount, rounded half up. */
export function percentOf(minor: number, percent: number): number {
  const rate = exactOf(percent) ?? { digits: 0n, scale: 0 };
  return rounded({ digits: BigInt(minor) * rate.digits, scale: rate.scale + 2 }, 0) ?? 0;
}

/** An amount in the home currency. */
export function inHome(minor: number, from: number, rate: number, to: number): number {
  const exact = exactOf(rate) ?? { digits: 1n, scale: 0 };
  return rounded({ digits: BigInt(minor) * exact.digits, scale: exact.scale + from }, to) ?? 0;
}

function exactOf(value: unknown): Exact | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const parts = DECIMAL.exec(String(value).trim());
  if (parts === null) return null;
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] = parts;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  if (scale > 40 || scale < -20) return null;
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

function rounded({ digits, scale }: Exact, decimals: number): number | null {
  let minor = digits;
  if (scale <= decimals) minor *= 10n ** BigInt(decimals - scale);
  else {
    const divisor = 10n ** BigInt(scale - decimals);
    const size = digits < 0n ? -digits : digits;
    const up = (size % divisor) * 2n >= divisor ? 1n : 0n;
    minor = (size / divisor + up) * (digits < 0n ? -1n : 1n);
  }
  return minor > MAX_MINOR || minor < -MAX_MINOR ? null : Number(minor);
}
