import { describe, expect, it } from 'vitest';
import { CURRENCIES, currency, exponentOf, isCurrency } from './currency.ts';

describe('currencies', () => {
  it('list each code once, with three capitals, a name and 0, 2, 3 or 4 decimals', () => {
    expect(new Set(CURRENCIES.map(({ code }) => code)).size).toBe(CURRENCIES.length);
    for (const { code, name, exponent } of CURRENCIES) {
      expect(code).toMatch(/^[A-Z]{3}$/);
      expect(name).toMatch(/^\p{Lu}\S.*[^;\s]$/u);
      expect([0, 2, 3, 4]).toContain(exponent);
    }
  });

  it('cover all that this runtime knows but metals, rights and codes that nobody pays with', () => {
    const unknown = Intl.supportedValuesOf('currency').filter((code) => !isCurrency(code));
    expect(unknown).toEqual(['XDR', 'XSU'].filter((code) => unknown.includes(code)));
  });

  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['ISK', 0],
    ['HUF', 2],
    ['KWD', 3],
    ['TND', 3],
    ['UGX', 0],
    ['CLP', 0],
    ['CLF', 4],
    ['UYW', 4],
    ['MGA', 2],
  ])('%s has %i decimals, as ISO 4217 says', (code, exponent) => expect(exponentOf(currency(code))).toBe(exponent));

  it('say when they were withdrawn, so that old documents stay readable', () => {
    expect(CURRENCIES.find(({ code }) => code === 'HRK')?.withdrawnIn).toBe(2023);
    expect(CURRENCIES.find(({ code }) => code === 'EUR')).not.toHaveProperty('withdrawnIn');
  });

  it.each(['eur', 'EURO', '', 'XXX', 'XAU', 'EUR ', '__proto__', 'constructor'])('refuse %j by its name', (code) => {
    expect(() => currency(code)).toThrow(`${JSON.stringify(code)} is not a currency: send an ISO 4217 code`);
    expect(isCurrency(code)).toBe(false);
  });
});
