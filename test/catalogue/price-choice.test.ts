// Which price a line gets: against a naive oracle that walks all prices in the order of the rule.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimal, decimal } from '../../src/kernel/decimal.ts';
import { type Price, priceMissing, priceOf, type PriceWanted } from '../../src/o2c/catalogue/price.rules.ts';

const DAYS = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01'];
const QUANTITIES = ['0', '1', '1.000000', '9.5', '10', '100'];
const LISTS = [
  { id: 'list-eur', code: 'EUR26', isDefault: true, currency: 'EUR' },
  { id: 'list-vip', code: 'VIP', isDefault: false, currency: 'EUR' },
  { id: 'list-usd', code: 'USD26', isDefault: true, currency: 'USD' },
];
const CUSTOMERS = ['ada', 'bo'];

const owner = fc.oneof(
  fc.record({ customerId: fc.constantFrom(...CUSTOMERS), currency: fc.constantFrom('EUR', 'USD'), list: fc.constant(null) }),
  fc.constantFrom(...LISTS).map(({ currency, ...list }) => ({ customerId: null, currency, list })),
);
const price: fc.Arbitrary<Price> = fc
  .record({
    owner,
    minQuantity: fc.constantFrom(...QUANTITIES),
    unitPrice: fc.integer({ min: 1, max: 1_000_000 }).map(String),
    validFrom: fc.constantFrom(...DAYS),
    validTo: fc.constantFrom(...DAYS, null),
  })
  .map(({ owner: of, minQuantity, ...rest }) => ({ ...of, ...rest, minQuantity: decimal(minQuantity) }));

/** As the tables: one price for a source, quantity and day. */
const prices = fc.uniqueArray(price, {
  maxLength: 40,
  selector: ({ customerId, list, currency, minQuantity, validFrom }) =>
    `${customerId} ${list?.id} ${currency} ${minQuantity.coefficient / 10n ** BigInt(minQuantity.scale)} ${validFrom}`,
});
const wanted: fc.Arbitrary<PriceWanted> = fc.record({
  productId: fc.constant('pump'),
  customerId: fc.constantFrom(...CUSTOMERS),
  priceListId: fc.constantFrom('list-vip', 'list-usd', 'list-eur', null),
  currency: fc.constantFrom('EUR', 'USD', 'JPY'),
  quantity: fc.constantFrom(...QUANTITIES, '1000').map(decimal),
  on: fc.constantFrom('2025-12-31', ...DAYS, '2026-02-15', '2027-01-01'),
});

/** Everything that fits is found first by walking quantities down, then days back. */
function naive(all: readonly Price[], line: PriceWanted): { unitPrice: string; priceRule: string } | null {
  const sources: readonly [string | null, (p: Price) => boolean][] = [
    ['agreement', (p) => p.customerId === line.customerId],
    ['list', (p) => p.list !== null && p.list.id === line.priceListId],
    ['default', (p) => p.list !== null && p.list.isDefault],
  ];
  const quantities = [...QUANTITIES].map(decimal).sort((a, b) => compareDecimal(b, a));
  for (const [source, belongs] of sources)
    for (const quantity of quantities)
      for (const day of DAYS.toReversed())
        for (const p of all) {
          if (!belongs(p) || p.currency !== line.currency || p.validFrom !== day || compareDecimal(p.minQuantity, quantity) !== 0)
            continue;
          if (compareDecimal(quantity, line.quantity) > 0 || day > line.on || (p.validTo !== null && p.validTo < line.on))
            continue;
          return { unitPrice: p.unitPrice, priceRule: p.list ? `${source} ${p.list.code}` : 'agreement' };
        }
  return null;
}

describe('the price of a line', () => {
  it('is that of the oracle, for any prices and any line', () => {
    fc.assert(
      fc.property(prices, wanted, (all, line) => {
        expect(priceOf(new Map([['pump', all]]), line)).toEqual(naive(all, line));
      }),
      { seed: 26, numRuns: 3000 },
    );
  });

  it('is none for a product that nothing was set for', () => {
    const line = { customerId: 'ada', priceListId: null, currency: 'EUR', quantity: decimal('1'), on: '2026-01-01' };
    expect(priceOf(new Map(), { ...line, productId: 'pump' })).toBeNull();
  });

  it('that is missing is refused with the product, the currency and the day', () => {
    const refusal = priceMissing({ sku: 'PUMP-1', currency: 'SEK', on: '2026-01-01', path: ['lines', '0', 'productId'] });
    expect(refusal).toMatchObject({ code: 'PRICE_MISSING', inputPath: ['lines', '0', 'productId'] });
    expect(refusal.message).toContain('no price of PUMP-1 in SEK for this quantity on 2026-01-01');
  });
});
