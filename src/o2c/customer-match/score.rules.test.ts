// What comparisons come to: which pairs are proposed, what speaks against them, and how far decisions move that.
import { describe, expect, it, test } from 'vitest';
import { companyName } from '../party/index.ts';
import { compared, type Identity, LEVELS, type Level } from './compare.rules.ts';
import { Words } from './name-likeness.rules.ts';
import { PROPOSED_FROM, scored, speaksMore } from './score.rules.ts';
import { type DecidedCount, weightsOf } from './weights.rules.ts';

const words = new Words(
  10_000,
  new Map([
    ['muller', 400],
    ['handel', 900],
    ['werkzeugbau', 60],
    ['zanotti', 2],
  ]),
);
const said = (value: string, shown = value) => [{ value, shown }];

interface Sayings {
  readonly name?: string;
  readonly taxId?: string;
  readonly email?: string;
  readonly domain?: string;
  readonly address?: string;
  readonly bank?: string;
  readonly phone?: string;
  readonly country?: string;
}
const identity = ({ name = 'Zanotti', ...more }: Sayings): Identity => ({
  customerId: 'c',
  number: 'N',
  name,
  mergedIntoId: null,
  countries: more.country ? [more.country] : [],
  traits: {
    NAME: [{ value: name, shown: name, parts: companyName(name) }],
    ...(more.taxId ? { TAX_ID: said(more.taxId) } : {}),
    ...(more.email ? { EMAIL: said(more.email) } : {}),
    ...(more.domain ? { EMAIL_DOMAIN: said(more.domain) } : {}),
    ...(more.address ? { ADDRESS: said(more.address) } : {}),
    ...(more.bank ? { BANK_ACCOUNT: said(more.bank) } : {}),
    ...(more.phone ? { PHONE: said(more.phone) } : {}),
  },
});
const result = (a: Sayings, b: Sayings, decided: readonly DecidedCount[] = []) =>
  scored(compared(identity(a), identity(b), words), weightsOf(decided));
const levels = (a: Sayings, b: Sayings) =>
  result(a, b)
    .evidence.map(({ kind, level }) => `${kind} ${level}`)
    .sort();

const DE = 'VAT:DE:811569869';
const HOME = 'DE|70173|stuttgart|hauptstr|12';

describe('a pair', () => {
  it.each<[string, Sayings, Sayings]>([
    ['one tax number, whatever the names are', { taxId: DE }, { taxId: DE, name: 'Nothing Alike' }],
    ['one rare name in one place', { address: HOME, country: 'DE' }, { address: 'DE|70173|stuttgart|am ring|3', country: 'DE' }],
    [
      'one name and one company in the e-mail',
      { email: 'a@z.example', domain: 'z.example' },
      { email: 'b@z.example', domain: 'z.example' },
    ],
    ['one bank account, and a word in common', { bank: 'x', name: 'Zanotti Srl' }, { bank: 'x', name: 'Zanotti Trading' }],
  ])('is proposed for %s', (_, a, b) => expect(result(a, b).score).toBeGreaterThan(PROPOSED_FROM));

  it.each<[string, Sayings, Sayings]>([
    ['a name alone', {}, {}],
    [
      'a common name in one place',
      { name: 'Müller Handel', address: HOME },
      { name: 'Mueller Handel', address: 'DE|70173|stuttgart|am ring|3' },
    ],
    [
      'one name and address with two tax numbers of one country',
      { taxId: DE, address: HOME },
      { taxId: 'VAT:DE:298765432', address: HOME },
    ],
    ['one company in the e-mail with other names', { name: 'Alpha', domain: 'z.example' }, { name: 'Beta', domain: 'z.example' }],
    ['one house', { name: 'Alpha', address: HOME }, { name: 'Beta', address: HOME }],
    [
      'one bank account of two that have no word in common',
      { name: 'Alpha', bank: 'x', taxId: DE },
      { name: 'Beta', bank: 'x', taxId: 'VAT:DE:298765432' },
    ],
  ])('is not proposed for %s', (_, a, b) => expect(result(a, b).score).toBeLessThan(PROPOSED_FROM));
});

test('what one of them does not say speaks neither way, and the order of the two changes nothing', () => {
  const [a, b] = [
    { taxId: DE, address: HOME, country: 'DE' },
    { phone: '711123456', name: 'Zanotti Spa' },
  ];
  expect(levels(a, b)).toEqual(['NAME EQUAL']);
  const more = { ...b, taxId: DE, domain: 'z.example' };
  expect(result(more, a).score).toBe(result(a, more).score);
});

test('tax numbers are compared within one register of one country only', () => {
  expect(levels({ taxId: DE }, { taxId: 'VAT:DE:811569868' })).toContain('TAX_ID NEAR');
  expect(levels({ taxId: DE }, { taxId: 'VAT:AT:U12345678' })).toContain('TAX_ID ELSEWHERE');
  expect(levels({ taxId: DE }, { taxId: 'LOCAL:DE:9381508152' })).toContain('TAX_ID ELSEWHERE');
  expect(levels({ taxId: DE }, { taxId: 'LOCAL::811569869' })).toContain('TAX_ID EQUAL');
});

test('a name is the same with its words apart, swapped or cut off, nearly so mistyped or with another legal form, and a common one says less', () => {
  const level = (a: string, b: string) => levels({ name: a }, { name: b })[0];
  expect(level('Zanotti Werkzeugbau', 'Zanotti Werkzeug Bau')).toBe('NAME EQUAL');
  expect(level('Werkzeugbau Zanotti', 'Zanotti Werkzeugbau GmbH')).toBe('NAME EQUAL');
  expect(level('Zanotti Werkzeugbau', 'Zanoti Werkzeugb.')).toBe('NAME NEAR');
  expect(level('Zanotti GmbH', 'Zanotti AG')).toBe('NAME NEAR');
  expect(level('Zanotti Werkzeugbau', 'Zanotti Tooling')).toBe('NAME SOME');
  expect(level('Zanotti Werkzeugbau', 'Alpha Beta')).toBe('NAME DIFFERENT');
  const weight = (name: string) => result({ name }, { name }).evidence[0]?.weight ?? 0;
  expect(weight('Zanotti')).toBeGreaterThan(2 * weight('Müller'));
});

test('no weight is learnt from nothing, none moves further than it may, and one decision moves each by next to nothing', () => {
  const prior = weightsOf();
  for (const [kind, all] of Object.entries(LEVELS) as [keyof typeof LEVELS, readonly Level[]][]) {
    for (const level of all) {
      const told = (isSame: boolean, count: number) =>
        weightsOf([{ kind, level, isSame, count }])(kind, level) - prior(kind, level);
      expect(Math.abs(told(true, 1)) + Math.abs(told(false, 1))).toBeLessThan(0.35);
      expect(told(true, 10_000)).toBeGreaterThan(0);
      expect(told(false, 10_000)).toBeLessThan(0);
      expect(Math.max(told(true, 1e9), -told(false, 1e9))).toBeLessThan(2.001);
    }
  }
});

test('after a rejection only what speaks more than what was known then is news', () => {
  const { evidence } = result({ taxId: DE, domain: 'z.example' }, { taxId: DE, domain: 'z.example' });
  const before = evidence.map(({ kind, level }) => ({ kind, level }));
  expect(speaksMore(evidence, before)).toBe(false);
  expect(
    speaksMore(
      evidence,
      before.filter(({ kind }) => kind !== 'TAX_ID'),
    ),
  ).toBe(true);
  expect(
    speaksMore(
      evidence,
      before.map((one) => (one.kind === 'NAME' ? { ...one, level: 'SOME' } : one)),
    ),
  ).toBe(true);
});
