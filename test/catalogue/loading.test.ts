// Prices, taxes and terms as commands load them: for many lines at once, by whoever orders, even who may not see a price list.
import { expect, it } from 'vitest';
import { decimal } from '../../src/kernel/decimal.ts';
import { object } from '../../src/kernel/input.ts';
import {
  instalmentsOf,
  loadPrices,
  loadTaxRules,
  loadTerms,
  priceOf,
  type PriceWanted,
  taxOf,
  type TaxQuestion,
} from '../../src/o2c/catalogue/index.ts';
import { sql } from '../../src/read/sql.ts';
import { command, type Tx } from '../../src/write/command.ts';
import { bare, openBooks, startWorld } from '../support/world.ts';
import { principalOf } from '../write/company.ts';

const world = await startWorld({ now: '2026-03-01T09:00:00.000Z' });
const { customerId } = await openBooks(world);
const admin = await world.as('admin');

const texts = (list: readonly string[]) => sql.typed(list, 'text[]');

/** What `load` finds in a command of the warehouse, which may see neither prices nor the tax table; with its count of statements. */
async function loaded<T>(load: (tx: Tx) => Promise<T>): Promise<{ found: T; statements: number }> {
  const seen: { found: T; statements: number }[] = [];
  const probe = command({
    name: 'probe',
    description: 'Changes nothing.',
    permission: 'products:read',
    record: 'Customer',
    input: object('ProbeInput', {}),
    async facts(tx) {
      let statements = 0;
      const counted = <R>(run: () => R): R => {
        statements += 1;
        return run();
      };
      const found = await load({
        rows: (source) => counted(() => tx.rows(source)),
        load: (schema, where, options) => counted(() => tx.load(schema, where, options)),
        inScope: (record, alias) => tx.inScope(record, alias),
      });
      seen.push({ found, statements });
      return null;
    },
    decide: () => ({ unchanged: bare(customerId) }),
  });
  await world.platform.write.run(probe, {}, { principal: await principalOf(world, 'warehouse'), requestId: 'probe' });
  const [first] = seen;
  if (!first) throw new Error('Nothing was loaded');
  return first;
}

it('finds the prices of many lines in one statement: agreement, then the own list, then the default list', async () => {
  const products = await Promise.all(
    ['A', 'B', 'C', 'D'].map(
      async (sku) => (await admin.do('createProduct', { sku, name: sku, unit: 'C62' }, 'product')).id as string,
    ),
  );
  const listOf = async (input: object) =>
    (await admin.do('createPriceList', { name: 'Prices', ...input }, 'priceList')).id as string;
  const usual = await listOf({ code: 'EUR26', currency: 'EUR', isDefault: true });
  const own = await listOf({ code: 'VIP', currency: 'EUR' });
  const dollars = await listOf({ code: 'USD26', currency: 'USD', isDefault: true });
  const [a = '', b = '', c = '', d = ''] = products;
  const set = (priceListId: string, productId: string, unitPrice: string, more: object = {}) =>
    admin.do('setPrice', { priceListId, productId, unitPrice, validFrom: '2026-01-01', ...more }, 'price');
  for (const product of [a, b, c]) await set(usual, product, '10');
  for (const product of [a, b]) await set(own, product, '9.50');
  await set(own, b, '9', { minQuantity: '100' });
  await set(usual, c, '11', { validFrom: '2026-04-01' });
  await set(dollars, a, '12');
  await admin.do(
    'agreePrice',
    { customerId, productId: a, currency: 'EUR', unitPrice: '8.123456', validFrom: '2026-01-01', validTo: '2026-12-31' },
    'price',
  );
  const line = (productId: string, more: Partial<PriceWanted> = {}): PriceWanted => ({
    productId: bare(productId),
    customerId: bare(customerId),
    priceListId: bare(own),
    currency: 'EUR',
    quantity: decimal('1'),
    on: '2026-03-01',
    ...more,
  });
  const lines: readonly [PriceWanted, string | null][] = [
    [line(a), '8.123456 agreement'],
    [line(a, { on: '2027-01-01' }), '9.5 list VIP'],
    [line(b), '9.5 list VIP'],
    [line(b, { quantity: decimal('100.000') }), '9 list VIP'],
    [line(b, { priceListId: null }), '10 default EUR26'],
    [line(b, { priceListId: bare(dollars) }), '10 default EUR26'],
    [line(c), '10 default EUR26'],
    [line(c, { on: '2026-04-01' }), '11 default EUR26'],
    [line(a, { currency: 'USD' }), '12 default USD26'],
    [line(a, { on: '2025-12-31' }), null],
    [line(d), null],
  ];
  const { found, statements } = await loaded((tx) =>
    loadPrices(tx, {
      productIds: lines.map(([wanted]) => wanted.productId),
      customers: sql.uuids(lines.map(([wanted]) => wanted.customerId)),
      priceLists: sql.uuids(lines.map(([wanted]) => wanted.priceListId)),
      currencies: texts(lines.map(([wanted]) => wanted.currency)),
    }),
  );
  expect(statements).toBe(1);
  const shown = lines.map(([wanted]) => priceOf(found, wanted)).map((price) => price && `${price.unitPrice} ${price.priceRule}`);
  expect(shown).toEqual(lines.map(([, expected]) => expected));
  expect(
    await loaded((tx) =>
      loadPrices(tx, { productIds: [], customers: sql.uuids([]), priceLists: sql.uuids([]), currencies: texts([]) }),
    ),
  ).toEqual({ found: new Map(), statements: 0 });
});

it('finds the tax rules of several countries that sell in one statement', async () => {
  const set = (input: object) => admin.do('setTaxRule', { validFrom: '2020-01-01', taxCategory: 'S', ...input }, 'taxRule');
  await set({ sellerCountry: 'DE', buyerCountry: 'DE', rate: '19' });
  await set({ sellerCountry: 'DE', buyerCountry: 'DE', taxClass: 'REDUCED', rate: '7.00' });
  await set({
    sellerCountry: 'DE',
    buyerCountry: 'FR',
    isBuyerRegistered: true,
    taxCategory: 'AE',
    rate: '0',
    reasonCode: 'VATEX-EU-AE',
  });
  await set({ sellerCountry: 'DE', taxCategory: 'G', rate: '0', reasonCode: 'VATEX-EU-G' });
  await set({ sellerCountry: 'FR', buyerCountry: 'FR', rate: '20' });
  await set({ sellerCountry: 'NL', rate: '21' });
  await set({ sellerCountry: 'US', buyerCountry: 'US', buyerRegion: 'US-CA', rate: '7.25' });
  const { found, statements } = await loaded((tx) => loadTaxRules(tx, texts(['DE', 'US', 'FR', 'DE'])));
  expect(statements).toBe(1);
  expect(new Set(found.map((rule) => rule.sellerCountry))).toEqual(new Set(['DE', 'FR', 'US']));
  const taxed = (more: Partial<TaxQuestion>) => {
    const usual = { sellerCountry: 'DE', buyerCountry: 'DE', buyerRegion: null, isBuyerRegistered: false, taxClass: 'STANDARD' };
    const { taxCategory, taxRate, taxReason } = taxOf(found, { ...usual, exemption: null, on: '2026-03-01', ...more });
    return [taxCategory, taxRate, taxReason];
  };
  expect(taxed({})).toEqual(['S', '19', null]);
  expect(taxed({ taxClass: 'REDUCED' })).toEqual(['S', '7', null]);
  expect(taxed({ buyerCountry: 'FR', isBuyerRegistered: true })).toEqual(['AE', '0', 'VATEX-EU-AE']);
  expect(taxed({ buyerCountry: 'US', buyerRegion: 'US-CA' })).toEqual(['G', '0', 'VATEX-EU-G']);
  expect(taxed({ sellerCountry: 'FR', buyerCountry: 'FR' })).toEqual(['S', '20', null]);
  expect(taxed({ sellerCountry: 'US', buyerCountry: 'US', buyerRegion: 'US-CA' })).toEqual(['S', '7.25', null]);
  expect(taxed({ exemption: 'VATEX-EU-132' })).toEqual(['E', '0', 'VATEX-EU-132']);
});

it('finds terms with their instalments in order', async () => {
  const parts = [30, 60, 90].map((netDays, i) => ({ instalment: i + 1, percent: i === 2 ? '33.3334' : '33.3333', netDays }));
  const make = async (input: object) =>
    bare((await admin.do('createPaymentTerms', { name: 'Terms', ...input }, 'paymentTerms')).id);
  const thirds = await make({ code: 'THIRDS', netDays: 90, instalments: parts });
  const early = await make({ code: 'EARLY', netDays: 30, discountDays: 10, discountPercent: '2' });
  const { found, statements } = await loaded((tx) => loadTerms(tx, [thirds, early, null, undefined]));
  expect(statements).toBe(2);
  expect(found.get(thirds)?.instalments.map((part) => part.netDays)).toEqual([30, 60, 90]);
  const of = found.get(early);
  if (!of) throw new Error('The terms were not found');
  expect(instalmentsOf('2026-03-01', 11900n, of)).toEqual([
    { instalment: 1, dueOn: '2026-03-31', minor: 11900n, discountUntil: '2026-03-11', discountOfferedMinor: 238n },
  ]);
});
