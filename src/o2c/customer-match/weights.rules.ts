/**
 * What each way of comparing says, in bits: the log-likelihood ratio of record linkage (I. P. Fellegi and A. B. Sunter, "A Theory for
 * Record Linkage", Journal of the American Statistical Association 64, 1969). With m the share of pairs that are the same and compare so,
 * and u the share of pairs that are not, the weight is log2(m / u); absent values weigh nothing. Weights add up to log odds.
 *
 * Decisions of a tenant change its weights: each m and u is the mean of a beta distribution whose prior is a sample in which pairs compared
 * as the table below says, of `PRIOR_PAIRS` pairs, or of as many as it takes to see `PRIOR_HITS` that compare so where that is rarer. So
 * m' = (n · m + confirmed pairs that compare so) / (n + confirmed pairs that compare at all), and u' the same of rejected and undone ones: one
 * decision moves a weight by a seventh of a bit at most. All that was decided on had been proposed before, so rejected pairs are not any
 * pairs but those that look alike: a weight moves by `LEARNT_MAX_BITS` at most, so that no run of decisions makes the rest unfindable.
 */
import { type EvidenceKind, type Level, LEVELS } from './compare.rules.ts';

/** m and u of each level, for companies that several ERPs of one group know. Within a kind, each adds up to 1. */
const PRIOR: { readonly [K in EvidenceKind]: Readonly<Record<(typeof LEVELS)[K][number], readonly [m: number, u: number]>> } = {
  // unique by law; mistyped, of another country, or shared by a group for tax
  TAX_ID: { EQUAL: [0.728, 0.000002], NEAR: [0.02, 0.0001], ELSEWHERE: [0.25, 0.3], DIFFERENT: [0.002, 0.699898] },
  BANK_ACCOUNT: { EQUAL: [0.6, 0.00001], DIFFERENT: [0.4, 0.99999] },
  PHONE: { EQUAL: [0.4, 0.0001], DIFFERENT: [0.6, 0.9999] },
  EMAIL: { EQUAL: [0.3, 0.0002], DOMAIN: [0.4, 0.001], DIFFERENT: [0.3, 0.9988] },
  ADDRESS: { EQUAL: [0.6, 0.0005], NEAR: [0.12, 0.003], PLACE: [0.1, 0.01], DIFFERENT: [0.18, 0.9865] },
  NAME: { EQUAL: [0.5, 0.0005], NEAR: [0.3, 0.002], SOME: [0.12, 0.02], DIFFERENT: [0.08, 0.9775] },
  COUNTRY: { EQUAL: [0.85, 0.4], DIFFERENT: [0.15, 0.6] },
};

const PRIOR_PAIRS = 50;
const PRIOR_HITS = 10;
const LEARNT_MAX_BITS = 2;

/** How often decided pairs compared so. */
export interface DecidedCount {
  readonly kind: string;
  readonly level: string;
  readonly isSame: boolean;
  readonly count: number;
}

/** In bits. */
export type Weights = (kind: EvidenceKind, level: Level) => number;

const keyOf = (kind: string, level: string, isSame: boolean) => `${kind} ${level} ${isSame}`;

/** Without decisions: the prior. */
export function weightsOf(decided: readonly DecidedCount[] = []): Weights {
  const counts = new Map(decided.map(({ kind, level, isSame, count }) => [keyOf(kind, level, isSame), count]));
  const totals = new Map<string, number>();
  for (const { kind, isSame, count } of decided) totals.set(`${kind} ${isSame}`, (totals.get(`${kind} ${isSame}`) ?? 0) + count);
  const learnt = (kind: EvidenceKind, level: Level, { isSame, prior }: { isSame: boolean; prior: number }) => {
    const pairs = Math.max(PRIOR_PAIRS, PRIOR_HITS / prior);
    return (pairs * prior + (counts.get(keyOf(kind, level, isSame)) ?? 0)) / (pairs + (totals.get(`${kind} ${isSame}`) ?? 0));
  };
  return (kind, level) => {
    const [m, u] = (PRIOR[kind] as Partial<Record<Level, readonly [number, number]>>)[level] ?? [1, 1];
    const before = Math.log2(m / u);
    const now = Math.log2(learnt(kind, level, { isSame: true, prior: m }) / learnt(kind, level, { isSame: false, prior: u }));
    return Math.min(before + LEARNT_MAX_BITS, Math.max(before - LEARNT_MAX_BITS, now));
  };
}
