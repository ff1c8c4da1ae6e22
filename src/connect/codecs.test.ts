// The codecs: what comes, what is written, what is refused by the field's name, and that there and back gives the same again.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Codec, Decoder } from './codec.ts';
import {
  amount,
  amountNumber,
  bool,
  codes,
  currency,
  day,
  flag,
  id,
  instant,
  not,
  padded,
  sapDay,
  sapInstant,
  text,
  whole,
} from './codecs.ts';
import { MappingError } from './connector.ts';
import { country, countryName } from './country.ts';

const decoded = (codec: Decoder<unknown>, value: unknown): unknown => codec.decode(value, 'F');
const state = codes([
  ['A', 'OPEN'],
  ['B', 'OPEN'],
  ['V', 'VOIDED'],
]);

describe('a codec', () => {
  it.each<[string, Decoder<unknown>, unknown, unknown]>([
    ['a text', text(), 'x', 'x'],
    ['an id that is a number', id, 42, '42'],
    ['an amount', amount, '2656.240', '2656.240'],
    ['a number for an amount', amountNumber, 12.5, '12.5'],
    ['a whole number as a text', whole, '30', 30],
    ['a time with an offset', instant(), '2026-05-01T00:00:00-07:00', '2026-05-01T00:00:00-07:00'],
    ['an offset without a colon', instant(), '2026-05-01T00:00:00.5-0700', '2026-05-01T00:00:00.5-07:00'],
    ['a time without one, where it is known', instant('Z'), '2026-05-01T00:00:00', '2026-05-01T00:00:00Z'],
    ['T', flag('T', 'F'), 'T', true],
    ['F as inactive', not(flag('T', 'F')), 'F', true],
    ['the second code of the same meaning', state, 'B', 'OPEN'],
    ['a number with zeros', padded(10), '0000000042', '42'],
    ['a number of zeros', padded(10), '0000000000', '0'],
    ['a number with letters', padded(10), '00USCU_SC04', '00USCU_SC04'],
    ['a day of SAP', sapDay, '/Date(1471392000000)/', '2016-08-17'],
    ['a day of SAP before 1970', sapDay, '/Date(-86400000)/', '1969-12-31'],
    ['a time of SAP, which is UTC whatever its offset', sapInstant, '/Date(1472796947125+0120)/', '2016-09-02T06:15:47.125Z'],
    ['a country by name', country, ' united states ', 'US'],
    ['a country by another name', country, 'USA', 'US'],
    ['a country by letters', country, 'de', 'DE'],
    ['a country that had two', country, 'Germany', 'DE'],
  ])('reads %s', (_, codec, value, ours) => expect(decoded(codec, value)).toBe(ours));

  it.each<[string, Decoder<unknown>, unknown]>([
    ['a number for a text', text(), 1],
    ['a number beyond what is exact for an id', id, 2 ** 60],
    ['half a day', whole, 1.5],
    ['a day that does not exist', day, '2026-02-30'],
    ['a time for a day', day, '2026-02-03T00:00:00Z'],
    ['a time without an offset', instant(), '2026-05-01T00:00:00'],
    ['a time that does not exist', instant(), '2026-02-30T00:00:00Z'],
    ['25 o’clock', instant(), '2026-02-03T25:00:00Z'],
    ['a currency in small letters', currency, 'eur'],
    ['yes for true', bool, 'yes'],
    ['another letter', flag('T', 'F'), 'Y'],
    ['an unknown code', state, 'Z'],
    ['a code that every object has', state, 'constructor'],
    ['a plain day for SAP', sapDay, '2026-01-31'],
    ['a time beyond all calendars', sapInstant, '/Date(99999999999999999)/'],
    ['a country that there is not', country, 'Atlantis'],
    ['a group of countries', country, 'EU'],
    ['a country that is no more', country, 'DD'],
  ])('refuses %s, with the field', (_, codec, value) => {
    expect(() => decoded(codec, value)).toThrow(MappingError);
    expect(() => decoded(codec, value)).toThrow(/^F must be /);
  });

  it('refuses to write what the ERP can not hold, rather than a part of it', () => {
    expect(() => text(5).encode('123456', 'DocNumber')).toThrow('DocNumber holds 5 characters at most');
    expect(() => amountNumber.encode('1234567890123456.78', 'Amount')).toThrow('holds 15 digits');
    expect(amountNumber.encode('1234567890123.45', 'Amount')).toBe(1234567890123.45);
    expect(amountNumber.encode('0.000000000001', 'Amount')).toBe(1e-12);
    expect(state.encode('OPEN', 'Status')).toBe('A');
    expect(() => countryName.encode('EU', 'Country')).toThrow('Country can not be written');
  });

  it('knows what nothing means where nothing means no', () => {
    expect([flag('X', '').empty, not(flag('X', '')).empty, flag('T', 'F').empty]).toEqual([false, true, undefined]);
  });

  it('gives ours again after there and back', () => {
    const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });
    const dayText = days.map((date) => date.toISOString().slice(0, 10));
    const amounts = fc
      .tuple(fc.boolean(), fc.bigInt(0n, 10n ** 14n))
      .map(([minus, n]) => `${minus && n > 0n ? '-' : ''}${n / 100n}.${n % 100n < 10n ? '0' : ''}${n % 100n}`); // prettier-ignore
    const again = <T>(codec: Codec<T>, values: fc.Arbitrary<T>, same = (value: T): unknown => value) =>
      fc.assert(
        fc.property(values, (value) => {
          const sent = JSON.parse(JSON.stringify(codec.encode(value, 'F'))) as unknown;
          expect(same(codec.decode(sent, 'F'))).toEqual(same(value));
        }),
        { seed: 6, numRuns: 100 },
      );
    again(day, dayText);
    again(sapDay, dayText);
    again(
      sapInstant,
      days.map((date) => date.toISOString()),
    );
    again(amount, amounts);
    again(amountNumber, amounts, (value) => Number(value));
    again(padded(10), fc.nat().map(String));
    again(flag('X', ''), fc.boolean());
    again(not(bool), fc.boolean());
    again(whole, fc.integer());
    again(text(100), fc.string({ maxLength: 100 }));
    for (const codec of [country, countryName])
      again(codec, fc.constantFrom('DE', 'US', 'GB', 'JP', 'CZ', 'KR', 'TR', 'NL', 'AE', 'CI'));
  });
});
