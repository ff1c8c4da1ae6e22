/** Two customers compared: for each thing that both say, how it compares. What one of them doesn't say speaks neither way. Pure. */
import { type CompanyName, parsedAddress, parsedTaxId, type TraitKind } from '../party/index.ts';
import { distance, nameLikeness, type Words } from './name-likeness.rules.ts';

/** What is compared, and how it can compare: what speaks most for the two being the same comes first. */
export const LEVELS = {
  TAX_ID: ['EQUAL', 'NEAR', 'ELSEWHERE', 'DIFFERENT'],
  BANK_ACCOUNT: ['EQUAL', 'DIFFERENT'],
  PHONE: ['EQUAL', 'DIFFERENT'],
  EMAIL: ['EQUAL', 'DOMAIN', 'DIFFERENT'],
  ADDRESS: ['EQUAL', 'NEAR', 'PLACE', 'DIFFERENT'],
  NAME: ['EQUAL', 'NEAR', 'SOME', 'DIFFERENT'],
  COUNTRY: ['EQUAL', 'DIFFERENT'],
} as const;
export type EvidenceKind = keyof typeof LEVELS;
export type Level = (typeof LEVELS)[EvidenceKind][number];

/** A trait as far as it is compared. */
export interface Said {
  readonly value: string;
  readonly shown: string;
  /** Of a name: its parts. */
  readonly parts?: CompanyName;
}

/** A customer with those that were found to be the same as it. */
export interface Identity {
  readonly customerId: string;
  readonly number: string;
  readonly name: string;
  /** Another one stands for it; null: it stands for itself. */
  readonly mergedIntoId: string | null;
  readonly countries: readonly string[];
  readonly traits: Partial<Record<TraitKind, readonly Said[]>>;
}

export interface Compared {
  readonly kind: EvidenceKind;
  readonly level: Level;
  readonly value: string;
  readonly otherValue: string;
  /** 0 to 1: how much of the weight counts that the level has. Of names only: a common one says less. */
  readonly share: number;
}

type Found = Pick<Compared, 'level'> & { readonly share?: number };

const NAME_EQUAL = 0.97;
const NAME_NEAR = 0.75;
const NAME_SOME = 0.35;

/** The pair of values that speaks most for the two being the same; null where one of them says nothing. */
function best(
  kind: EvidenceKind,
  [ours = [], theirs = []]: readonly (readonly Said[] | undefined)[],
  compare: (a: Said, b: Said) => Found | null,
) {
  const levels: readonly string[] = LEVELS[kind];
  let found: Compared | null = null;
  const rank = ({ level, share = 1 }: Found) => levels.indexOf(level) - share;
  for (const a of ours) {
    for (const b of theirs) {
      const one = compare(a, b);
      if (!one || (found && rank(found) <= rank(one))) continue;
      found = { kind, share: 1, ...one, value: a.shown, otherValue: b.shown };
    }
  }
  return found;
}

/** Of one country's register, ids can only be equal or not; of two, they say nothing of each other. */
function taxIds(a: Said, b: Said): Found {
  const [one, other] = [parsedTaxId(a.value), parsedTaxId(b.value)];
  if (one.number === other.number && (one.country === other.country || one.country === '' || other.country === ''))
    return { level: 'EQUAL' };
  if (one.register !== other.register || one.country !== other.country || one.country === '') return { level: 'ELSEWHERE' };
  return { level: distance(one.number, other.number) === 1 ? 'NEAR' : 'DIFFERENT' };
}

const domainOf = ({ value }: Said): string => value.slice(value.indexOf('@') + 1);

/** Of addresses that are everybody's nothing but the whole says something. */
function emails(a: Identity, b: Identity): Compared | null {
  const [ours, theirs] = [a.traits.EMAIL, b.traits.EMAIL];
  const equal = best('EMAIL', [ours, theirs], (one, other) => (one.value === other.value ? { level: 'EQUAL' } : null));
  if (equal) return equal;
  const domains = [a.traits.EMAIL_DOMAIN, b.traits.EMAIL_DOMAIN];
  const shared = best('EMAIL', domains, (one, other) => ({ level: one.value === other.value ? 'DOMAIN' : 'DIFFERENT' }));
  const full = (list: readonly Said[] | undefined, domain: string) =>
    list?.find((one) => domainOf(one) === domain || domainOf(one).endsWith(`.${domain}`))?.shown ?? domain;
  return shared && { ...shared, value: full(ours, shared.value), otherValue: full(theirs, shared.otherValue) };
}

function addresses(a: Said, b: Said): Found {
  const [one, other] = [parsedAddress(a.value), parsedAddress(b.value)];
  const isSame = (part: 'postalCode' | 'city' | 'street' | 'houseNumber') => one[part] !== '' && one[part] === other[part];
  const isApart = one.country !== '' && other.country !== '' && one.country !== other.country;
  const isPlace = isSame('postalCode') || (isSame('city') && (one.postalCode === '' || other.postalCode === ''));
  if (isApart || !isPlace) return { level: 'DIFFERENT' };
  const isStreet = one.street !== '' && other.street !== '' && distance(one.street, other.street) <= one.street.length / 5;
  if (!isStreet) return { level: 'PLACE' };
  return { level: isSame('houseNumber') ? 'EQUAL' : 'NEAR' };
}

const names =
  (words: Words) =>
  ({ parts: one }: Said, { parts: other }: Said): Found | null => {
    if (!one || !other) return null;
    const { likeness, rarity } = nameLikeness(one.tokens, other.tokens, words);
    const isOtherForm = one.form !== null && other.form !== null && one.form !== other.form;
    if (likeness >= NAME_EQUAL) return { level: isOtherForm ? 'NEAR' : 'EQUAL', share: rarity };
    if (likeness >= NAME_NEAR) return { level: 'NEAR', share: rarity };
    return likeness >= NAME_SOME ? { level: 'SOME', share: rarity } : { level: 'DIFFERENT' };
  };

/** A company has business in several countries, so any in common counts. */
function countries(a: Identity, b: Identity): Compared | null {
  const said = ({ countries: list }: Identity) => list.map((code) => ({ value: code, shown: code }));
  return best('COUNTRY', [said(a), said(b)], (one, other) => ({ level: one.value === other.value ? 'EQUAL' : 'DIFFERENT' }));
}

const isEqual = (a: Said, b: Said): Found => ({ level: a.value === b.value ? 'EQUAL' : 'DIFFERENT' });

/** What both say, each kind once. */
export function compared(a: Identity, b: Identity, words: Words): readonly Compared[] {
  const of = (kind: TraitKind) => [a.traits[kind], b.traits[kind]];
  return [
    best('TAX_ID', of('TAX_ID'), taxIds),
    best('BANK_ACCOUNT', of('BANK_ACCOUNT'), isEqual),
    best('PHONE', of('PHONE'), isEqual),
    emails(a, b),
    best('ADDRESS', of('ADDRESS'), addresses),
    best('NAME', of('NAME'), names(words)),
    countries(a, b),
  ].filter((one) => one !== null);
}
