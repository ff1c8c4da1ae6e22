// Names of companies as people and ERPs write them: what is one company comes to one form, what is another one does not.
import { expect, test } from 'vitest';
import { companyName } from './company-name.rules.ts';

const SAME: readonly (readonly [form: string | null, first: string, ...names: string[]])[] = [
  ['gmbh', 'Müller & Söhne GmbH', 'Mueller und Soehne G.m.b.H.', 'MÜLLER + SÖHNE gmbh', ' Müller  Söhne  GmbH '],
  ['gmbh co kg', 'Groß Bau GmbH & Co. KG', 'Gross Bau GmbH und Co KG', 'GROSS BAU GmbH u. Co. KG'],
  ['sa', 'Électricité Durand S.A.', 'Electricite Durand SA', 'ELECTRICITE DURAND s. a.'],
  ['sarl', 'Durand et Fils S.à r.l.', 'Durand & Fils SARL'],
  ['sa', 'Hermanos García y Cía S.A. de C.V.', 'Hermanos Garcia Cia SA de CV'],
  ['inc', 'Smith Bros. Mfg., Inc.', 'Smith Brothers Manufacturing Incorporated'],
  ['ltd', 'Harrods (London) Limited', 'Harrods London Ltd.', 'HARRODS LONDON LTD'],
  ['ltd', 'Tan Trading Pte. Ltd.', 'Tan Trading PTE LTD'],
  ['as', 'Ærø Skibsværft A/S', 'Aeroe Skibsvaerft AS'],
  ['ab', 'Åkerlund & Söner AB', 'Aakerlund och Soener Aktiebolag'],
  ['spzoo', 'Łódź Stal Sp. z o.o.', 'Lodz Stal sp z o o'],
  ['bv', 'Van den Berg B.V.', 'Van den Berg BV'],
  ['kk', 'Tanaka Seisakusho K.K.', 'Tanaka Seisakusho Kabushiki Kaisha'],
  ['ooo', 'OOO Romashka', 'Romashka OOO'],
  [null, 'Bäckerei Huber', 'Baeckerei Huber', 'BACKEREI HUBER'],
];

test('a name is one however it is written, and its legal form is told apart', () => {
  for (const [form, name, ...others] of SAME) {
    expect(companyName(name).form, name).toBe(form);
    for (const other of others) expect(companyName(other), other).toEqual(companyName(name));
  }
});

test('a legal form stands behind the name, and before it only where people write it so', () => {
  expect(companyName('SARL Durand')).toEqual(companyName('Durand SARL'));
  expect(companyName('AG Consulting').tokens).toEqual(['ag', 'consulting']);
});

test('initials stay, and so does a name that is nothing but a legal form', () => {
  expect(companyName('E. Müller GmbH').tokens).toEqual(['e', 'muller']);
  expect(companyName('Limited').tokens).toEqual(['limited']);
  expect(companyName('A & B').tokens).toEqual(['a', 'b']);
  expect(companyName('').tokens).toEqual([]);
});

test('another company is another one', () => {
  const tokens = (name: string) => companyName(name).tokens.join(' ');
  expect(tokens('Müller Bäckerei GmbH')).not.toBe(tokens('Müller Brauerei GmbH'));
  expect(companyName('Müller GmbH').form).not.toBe(companyName('Müller AG').form);
});
