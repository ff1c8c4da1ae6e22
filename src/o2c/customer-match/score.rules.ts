/** From comparisons to a score and to evidence that a person can read. Pure. */
import { type Compared, type EvidenceKind, type Level, LEVELS } from './compare.rules.ts';
import type { Weights } from './weights.rules.ts';

/** Of all pairs that have something rare in common, about one in five thousand is the same before anything else is looked at. */
const PRIOR_BITS = -Math.log2(5_000);

/**
 * A pair is proposed from here on. Four of five proposals right is what a worklist of a person bears: they take a minute each, while a
 * customer that nobody proposes lets exposure through. (What the threshold gives is measured in `quality.test.ts`.)
 */
export const PROPOSED_FROM = 0.8;

export interface Evidence extends Omit<Compared, 'share'> {
  /** In bits. */
  readonly weight: number;
  readonly sentence: string;
}

export interface Scored {
  /** 0 to 1. */
  readonly score: number;
  /** What weighs most first. */
  readonly evidence: readonly Evidence[];
}

export function scored(list: readonly Compared[], weights: Weights): Scored {
  const evidence = list
    .map(({ share, ...one }): Evidence => {
      const weight = weights(one.kind, one.level);
      return { ...one, weight: weight > 0 ? weight * share : weight, sentence: sentenceOf(one) };
    })
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const bits = evidence.reduce((total, { weight }) => total + weight, PRIOR_BITS);
  return { score: 1 / (1 + 2 ** -bits), evidence };
}

const NOUN: Readonly<Record<EvidenceKind, string>> = {
  TAX_ID: 'tax number',
  BANK_ACCOUNT: 'bank account',
  PHONE: 'telephone number',
  EMAIL: 'e-mail address',
  ADDRESS: 'address',
  NAME: 'name',
  COUNTRY: 'country',
};

const SENTENCES: Partial<Record<`${EvidenceKind} ${Level}`, string>> = {
  'TAX_ID NEAR': 'Their tax numbers differ in one character.',
  'TAX_ID ELSEWHERE': 'Their tax numbers are of different registers, so they can not be compared.',
  'TAX_ID DIFFERENT': 'They have different tax numbers of the same country.',
  'EMAIL DOMAIN': 'Their e-mail addresses are of the same company.',
  'ADDRESS NEAR': 'They are in the same street of the same place.',
  'ADDRESS PLACE': 'They are in the same place.',
  'NAME NEAR': 'Their names are nearly the same.',
  'NAME SOME': 'Their names have words in common.',
  'NAME DIFFERENT': 'Their names have nothing in common.',
  'NAME EQUAL': 'They have the same name, however it is written.',
  'COUNTRY DIFFERENT': 'They are in different countries.',
};

const sentenceOf = ({ kind, level }: Pick<Compared, 'kind' | 'level'>): string =>
  SENTENCES[`${kind} ${level}`] ??
  (level === 'EQUAL' ? `They have the same ${NOUN[kind]}.` : `They have different ${NOUN[kind]}s.`);

/** Is there anything by now that speaks more for it than what was known when it was decided? */
export const speaksMore = (
  now: readonly Pick<Evidence, 'kind' | 'level' | 'weight'>[],
  before: readonly { readonly kind: string; readonly level: string }[],
): boolean =>
  now.some(({ kind, level, weight }) => {
    const known = before.find((one) => one.kind === kind);
    const levels: readonly string[] = LEVELS[kind];
    return weight > 0 && (!known || levels.indexOf(level) < levels.indexOf(known.level));
  });
