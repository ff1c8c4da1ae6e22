/** What a step of a random history is, and how its small numbers become records, days and amounts. */
import fc from 'fast-check';
import { addDays } from '../../src/kernel/date.ts';
import type { Expected, Now } from './books-commands.ts';
import { type Books, type Entity, EXPONENT, size } from './books-model.ts';

const WEIGHTS = {
  draft: 6,
  edit: 1,
  cancel: 1,
  issue: 7,
  pay: 7,
  arrive: 2,
  apply: 10,
  applyAgain: 4,
  applyCredit: 3,
  reverse: 5,
  giveBack: 2,
  credit: 4,
  writeOff: 3,
  close: 1,
  wait: 5,
} as const;
export type Op = keyof typeof WEIGHTS;

export interface Step {
  readonly op: Op;
  readonly which: number;
  readonly other: number;
  readonly size: number;
  readonly day: number;
}

const small = fc.noBias(fc.nat({ max: 96 }));
const op = fc.oneof(
  ...(Object.keys(WEIGHTS) as Op[]).map((value) => ({ arbitrary: fc.constant(value), weight: WEIGHTS[value] })),
);
export const history: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ op, which: small, other: small, size: small, day: small }),
  { minLength: 24, maxLength: 36, size: 'max' },
);

/** A command, what must come of it, and whether it makes allocations. */
export interface Move {
  readonly name: string;
  readonly input: Record<string, unknown>;
  readonly expected: Expected;
}

export interface Place {
  readonly books: Books;
  readonly entities: readonly Entity[];
  readonly now: Now;
}

export const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(list.length, 1)];

export function text(minor: bigint, currency: string): string {
  const exponent = Number(EXPONENT[currency] ?? 2n);
  const digits = size(minor)
    .toString()
    .padStart(exponent + 1, '0');
  return `${minor < 0n ? '-' : ''}${exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`}`;
}

/** Mostly absent, else a day of the last weeks, today, or tomorrow, which nothing may count on. */
/** Mostly the first three, so that their documents meet. */
export const accountOf = ({ accounts }: Books, n: number) => (n < 72 ? pick(accounts.slice(0, 3), n) : pick(accounts, n));

export const someDay = (n: number, today: string): string | undefined =>
  n < 55 ? undefined : n < 90 ? addDays(today, -(n - 55)) : n < 95 ? today : addDays(today, 1);
export const someAmount = (open: bigint, n: number): bigint =>
  n < 45 ? open : n < 85 ? (open * BigInt(n)) / 97n : n < 90 ? open + 1n : n < 95 ? 1n : 0n;

export const done = (commit: (id: string) => void, codes: readonly string[] = []): Expected => ({ codes, commit });
export const withDay = (name: string, day: string | undefined) => (day === undefined ? {} : { [name]: day });

export type Maker = (place: Place, step: Step) => Move | null;
