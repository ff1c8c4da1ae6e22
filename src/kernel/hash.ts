/** Digests of texts and values: for comparing, chaining and keeping secrets unreadable. Never for anything that must be reversible. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from './json.ts';

/** @example sha256('abc') // 'ba7816bf…', 64 hexadecimal digits */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The same for the same value, whatever the order of its keys. */
export const hashOf = (value: unknown): string => sha256(canonicalJson(value));

/** Compares two digests in a time that says nothing about them. */
export function isSameDigest(a: string, b: string): boolean {
  const left = Buffer.from(a, 'hex');
  const right = Buffer.from(b, 'hex');
  return left.length === right.length && timingSafeEqual(left, right);
}
