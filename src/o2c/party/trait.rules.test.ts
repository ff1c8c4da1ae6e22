// Tax numbers, addresses, e-mail and bank accounts in one form each, and what of a customer is kept to compare it by.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { CommandContext } from '../../write/command.ts';
import { bankAccountKey, emailAddresses, phoneKey, postalAddress } from './contact.rules.ts';
import { parsedTaxId, taxId, taxIdText } from './tax-id.rules.ts';
import { accountTraits, ownTraits, type TraitRow, traitRows } from './trait.rules.ts';

describe('a tax number', () => {
  it.each([
    ['DE 811.569.869', null, 'VAT:DE:811569869'],
    ['811569869', 'DE', 'VAT:DE:811569869'],
    ['ATU12345678', 'DE', 'VAT:AT:U12345678'],
    ['FR 40 303 265 045', null, 'VAT:FR:40303265045'],
    ['EL123456780', null, 'VAT:GR:123456780'],
    ['123456780', 'GR', 'VAT:GR:123456780'],
    ['CHE-123.456.789 MWST', null, 'VAT:CH:E123456789'],
    ['123.456.789', 'CH', 'VAT:CH:E123456789'],
    ['gb 123 4567 89', null, 'VAT:GB:123456789'],
    ['NL123456789B01', null, 'VAT:NL:123456789B01'],
    ['12-3456789', 'US', 'LOCAL:US:123456789'],
    ['93/815/08152', 'DE', 'LOCAL:DE:9381508152'],
  ])('%s of %s is %s', (text, country, wanted) => {
    const found = taxId(text, country);
    expect(found && taxIdText(found)).toBe(wanted);
    expect(parsedTaxId(wanted)).toEqual(found);
  });

  it.each(['000000000', 'none', '', 'N/A', '1111', '99-9999999'])('%s is none', (text) => expect(taxId(text, 'US')).toBeNull());
});

test('an e-mail address counts whole, and by its company unless that is everybody’s', () => {
  expect(emailAddresses('AP+erp@Mail.Mueller.co.uk; x@mueller.de')).toEqual([
    { address: 'ap@mail.mueller.co.uk', domain: 'mueller.co.uk' },
    { address: 'x@mueller.de', domain: 'mueller.de' },
  ]);
  expect(emailAddresses('hans@GMAIL.com, nobody, @x.de')).toEqual([{ address: 'hans@gmail.com', domain: null }]);
});

test('a telephone number is one with and without its country, and none when it is too short', () => {
  expect(new Set(['+49 (0)711 / 123456', '0049711123456', '0711-123456'].map(phoneKey)).size).toBe(1);
  expect(['12345', '', '0000000000'].map(phoneKey)).toEqual([null, null, null]);
});

test('a bank account is one with and without its spaces', () => {
  expect(bankAccountKey('de89 3704 0044 0532 0130 00')).toBe('DE89370400440532013000');
  expect(bankAccountKey('0000000')).toBeNull();
});

describe('an address', () => {
  const street = (line: string, more: object = {}) =>
    postalAddress({ lines: [line], postalCode: '70173', city: 'Stuttgart', country: 'DE', ...more });
  it.each([
    ['Hauptstraße 12 a', 'Hauptstr. 12a', 'HAUPT STR 12A'],
    ['Am Königsplatz 3', 'Am Koenigspl. 3', 'am königs platz 3'],
    ['120 Main Street', '120 main st.', '120 Main ST'],
    ['Avenida de la Paz 7', 'Avda. de la Paz 7', 'Av de la Paz, 7'],
  ])('%s is one however its street is written', (...lines) => {
    const [first, ...others] = lines.map((line) => street(line));
    expect(first?.street).not.toBe('');
    for (const other of others) expect(other).toEqual(first);
  });

  it('takes the line with the number for the street, and leaves the country out of the postal code', () => {
    expect(
      postalAddress({ lines: ['c/o Huber', 'Ring 5'], postalCode: 'D-70173', city: 'Stuttgart', country: 'DE' }),
    ).toMatchObject({
      street: 'ring',
      houseNumber: '5',
      postalCode: '70173',
    });
    expect(street('', { postalCode: '', city: 'Ulm' })).toBeNull();
  });
});

/** Digests are texts that end with what they are of, so that a test can see which there are. */
const context = (keys: readonly string[]): CommandContext =>
  ({
    tenant: { id: 'tenant' },
    newId: (() => {
      let count = 0;
      return () => `id-${(count += 1)}`;
    })(),
    digests: (text: string) => keys.map((key) => `${key}.${text.slice(-2)}`),
  }) as unknown as CommandContext;

test('a bank account is never kept but as digests, one for each key, with its last four characters', () => {
  const found = accountTraits(context(['new', 'old']), {
    name: 'X',
    bankAccounts: ['DE89 3704 0044 0532 0130 00', 'DE89370400440532013000'],
  });
  expect(found).toEqual([
    { kind: 'BANK_ACCOUNT', value: 'new.00', shown: '•••• 3000' },
    { kind: 'BANK_ACCOUNT', value: 'old.00', shown: '•••• 3000' },
  ]);
  expect(accountTraits(context([]), { name: 'X', bankAccounts: ['DE89370400440532013000'] })).toEqual([]);
});

test('what is kept after any changes is what holds now and all names that there were, each once', () => {
  const details = fc.record({
    name: fc.constantFrom('Alpha GmbH', 'Beta und Söhne', 'Gamma', 'Alpha AG'),
    country: fc.constantFrom('DE', 'AT', null),
    taxId: fc.constantFrom('811569869', 'ATU12345678', null),
    email: fc.constantFrom('a@alpha.example', 'b@gmail.com', null),
  });
  fc.assert(
    fc.property(fc.array(details, { minLength: 1, maxLength: 6 }), (versions) => {
      const made = context([]);
      let held: TraitRow[] = [];
      for (const version of versions) {
        const rows = traitRows(made, { customerId: 'c', accountId: null }, { held, now: ownTraits(version) });
        const gone = new Set(rows.flatMap((row) => (row.op === 'delete' ? [row.id] : [])));
        const added = rows.flatMap((row) =>
          row.op === 'insert' && row.entity === 'CustomerTrait' ? [row.values as unknown as TraitRow] : [],
        );
        held = [...held.filter(({ id }) => !gone.has(id)), ...added];
        expect(rows.some((row) => row.entity === 'CustomerToCompare')).toBe(rows.length > 0);
      }
      const keyOf = ({ kind, value }: Pick<TraitRow, 'kind' | 'value'>) => `${kind} ${value}`;
      const isName = ({ kind }: Pick<TraitRow, 'kind'>) => kind === 'NAME' || kind === 'NAME_WORD';
      const last = versions.at(-1);
      const wanted = new Set([
        ...versions.flatMap((version) => ownTraits(version).filter(isName).map(keyOf)),
        ...(last ? ownTraits(last).map(keyOf) : []),
      ]);
      expect(new Set(held.map(keyOf))).toEqual(wanted);
      expect(held).toHaveLength(wanted.size);
    }),
    { seed: 5, numRuns: 200 },
  );
});
