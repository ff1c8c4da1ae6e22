/**
 * The only source of chance: the system's for ids and secrets, a seeded one for tests, rehearsals and simulations.
 * The seeded one must never make a secret: whoever knows the seed knows every value.
 */
import { type Decimal, decimal, decimalOf, roundDecimal } from './decimal.ts';

/** Random bytes. */
export interface Randomness {
  bytes(count: number): Uint8Array;
}

/** Repeatable chance: the same seed gives the same values in the same order, on every machine. */
export interface SeededRandomness extends Randomness {
  /** A whole number from 0 to `max − 1`, each equally likely; `max` from 1 to 2⁵³ − 1. */
  int(max: number): number;
  /** A number from 0 up to but without 1, for drawing from distributions; never for money. */
  fraction(): number;
  /** One element of a list that is not empty. */
  pick<Item>(list: readonly Item[]): Item;
  /** The same elements in another order. */
  shuffle<Item>(list: readonly Item[]): Item[];
  /** A decimal from `min` to `max`, both included, with `scale` decimals. */
  decimal(range: { min: string; max: string; scale: number }): Decimal;
}

/** Few bytes come out of a stock: asking the system takes as long for 4,096 as for 10, and each id needs some. None is given twice. */
const STOCK_BYTES = 4_096;
const FEW_BYTES = 64;
let stock = new Uint8Array(0);
let given = 0;

/** The system's cryptographic source. @example systemRandom.bytes(16) */
export const systemRandom: Randomness = {
  bytes(count) {
    if (count <= FEW_BYTES) {
      if (given + count > stock.length) {
        stock = crypto.getRandomValues(new Uint8Array(STOCK_BYTES));
        given = 0;
      }
      given += count;
      return stock.slice(given - count, given);
    }
    const bytes = new Uint8Array(count);
    // the system gives 65,536 bytes at most per call
    for (let at = 0; at < count; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    return bytes;
  },
};

/**
 * Repeatable chance from a seed.
 * @example seededRandom('demo').int(6) // always the same die
 */
export function seededRandom(seed: number | string): SeededRandomness {
  const next = sfc32(String(seed));
  const fraction = () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
  const int = (max: number): number => {
    if (!Number.isSafeInteger(max) || max < 1) throw new RangeError(`int() needs a whole number from 1, not ${max}.`);
    return Number(below(BigInt(max), next));
  };
  return {
    fraction,
    int,
    bytes: (count) => Uint8Array.from({ length: count }, () => next() >>> 24),
    pick(list) {
      if (list.length === 0) throw new RangeError('pick() needs a list that is not empty.');
      return list[int(list.length)] as (typeof list)[number];
    },
    shuffle(list) {
      const result = [...list];
      for (let last = result.length - 1; last > 0; last--) {
        const other = int(last + 1);
        [result[last], result[other]] = [result[other] as never, result[last] as never];
      }
      return result;
    },
    decimal({ min, max, scale }) {
      const low = roundDecimal(decimal(min), scale, 'DOWN').coefficient;
      const high = roundDecimal(decimal(max), scale, 'DOWN').coefficient;
      if (high < low) throw new RangeError(`decimal() needs min ≤ max, not ${min} and ${max}.`);
      return decimalOf(low + below(high - low + 1n, next), scale);
    },
  };
}

/** A number from 0 to `limit − 1` without bias: draws that would be too large are drawn again. */
function below(limit: bigint, next: () => number): bigint {
  const bits = (limit - 1n).toString(2).length;
  for (;;) {
    let drawn = 0n;
    for (let have = 0; have < bits; have += 32) drawn = (drawn << 32n) | BigInt(next() >>> 0);
    drawn &= (1n << BigInt(bits)) - 1n;
    if (drawn < limit) return drawn;
  }
}

/** Small fast counter (public domain, by C. Doty-Humphrey): 128 bits of state, passes PractRand; the seed is spread by FNV-1a. */
function sfc32(seed: string): () => number {
  let a = fnv(`${seed}/a`);
  let b = fnv(`${seed}/b`);
  let c = fnv(`${seed}/c`);
  let counter = 1;
  const next = () => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result;
  };
  for (let warmUp = 0; warmUp < 15; warmUp++) next();
  return next;
}

function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}
