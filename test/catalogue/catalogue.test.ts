// What is sold, at which price, with which tax and how it is paid: made, read and refused over the API.
import { beforeAll, describe, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { openBooks, type Person, startWorld } from '../support/world.ts';
import { told } from './told.ts';

const world = await startWorld({ now: '2026-03-01T09:00:00.000Z' });
const { customerId } = await openBooks(world);
const admin = await world.as('admin');
const integration = await world.as('integration');
const billing = await world.as('billing');
await admin.do(
  'createActor',
  { kind: 'PORTAL', name: 'Buyer', issuer: 'urn:cashgraph:local', subject: 'buyer', roles: [], customerIds: [customerId] },
  'actor',
);
const buyer = await world.as('buyer');

const product = (more: object = {}) => ({ sku: 'PUMP-1', name: 'Pump Größe 1', unit: 'C62', ...more });
const first = async (person: Person, name: string, input: object) => (await person.refused(name, { ...input }))[0];

describe('a product', () => {
  it('is made with what documents and customs need, and found by SKU and by the beginning of its name', async () => {
    const customs = { hsCode: '841370', originCountry: 'DE', weightKg: '12.5' };
    const made = await integration.do(
      'createProduct',
      product(customs),
      'product',
      'id sku kind unit taxClass hsCode originCountry weightKg isActive version',
    );
    expect(made).toMatchObject({
      ...customs,
      sku: 'PUMP-1',
      unit: 'C62',
      kind: 'GOODS',
      taxClass: 'STANDARD',
      isActive: true,
      version: 1,
    });
    const found = await buyer.ask(
      `{ product(sku: "PUMP-1") { id name } products(where: { searchName: { startsWith: "pump grosse" } }) { nodes { id } } }`,
    );
    expect(found).toEqual({ product: { id: made.id, name: 'Pump Größe 1' }, products: { nodes: [{ id: made.id }] } });
  });

  it('changes by field, where null clears and what is the same changes nothing', async () => {
    const fields = 'version name searchName hsCode weightKg isActive';
    const { id } = await admin.do('createProduct', product({ sku: 'PUMP-2', hsCode: '841370', weightKg: '1.500' }), 'product');
    expect(await admin.do('updateProduct', { id, weightKg: '1.5', hsCode: '841370' }, 'product', fields)).toMatchObject({
      version: 1,
    });
    const changed = await admin.do(
      'updateProduct',
      { id, expectedVersion: 1, name: 'Pumpe 2', hsCode: null, isActive: false },
      'product',
      fields,
    );
    expect(changed).toEqual({
      version: 2,
      name: 'Pumpe 2',
      searchName: 'pumpe 2',
      hsCode: null,
      weightKg: '1.5',
      isActive: false,
    });
    expect(await first(admin, 'updateProduct', { id, expectedVersion: 1, name: 'Late' })).toMatchObject({
      code: 'VERSION_CONFLICT',
    });
    const [event] = await told(admin, 'product.updated', 1);
    expect(event?.payload).toMatchObject({
      fields: 'hsCode isActive name',
      name: 'Pumpe 2',
      hsCode: null,
      weightKg: '1.500000',
    });
  });

  it.each<[string, object, string, RegExp]>([
    ['unit', { unit: 'piece' }, 'unit', /UN\/ECE Recommendation 20 code, for example C62/],
    ['tax class', { taxClass: 'standard' }, 'taxClass', /capital letters, digits and _, for example STANDARD/],
    ['code for customs', { hsCode: '84.13' }, 'hsCode', /6 to 10 digits/],
    ['country', { originCountry: 'Germany' }, 'originCountry', /two capital letters/],
    ['weight', { weightKg: '0' }, 'weightKg', /at least 0.000001/],
  ])('with a wrong %s is refused at its field', async (_, more, field, message) => {
    const problem = await first(admin, 'createProduct', product({ sku: 'WRONG', ...more }));
    expect(problem).toMatchObject({ code: 'INVALID_INPUT', path: ['input', field] });
    expect(problem?.message).toMatch(message);
  });

  it('has a SKU of its own', async () => {
    await admin.do('createProduct', product({ sku: 'TWICE' }), 'product');
    expect(await first(integration, 'createProduct', product({ sku: 'TWICE' }))).toMatchObject({ code: 'ALREADY_EXISTS' });
  });
});

describe('a price', () => {
  let productId: string;
  let priceListId: string;
  beforeAll(async () => {
    productId = (await admin.do('createProduct', product({ sku: 'PRICED' }), 'product')).id;
    priceListId = (
      await admin.do('createPriceList', { code: 'EUR26', name: 'Prices 2026', currency: 'EUR', isDefault: true }, 'priceList')
    ).id;
  });

  it('is set in a list from a quantity and a day on, and seen in the list and at the product', async () => {
    const at = { priceListId, productId, validFrom: '2026-01-01' };
    await integration.do('setPrice', { ...at, unitPrice: '9.999999' }, 'price');
    await integration.do('setPrice', { ...at, minQuantity: '100', unitPrice: '9', validTo: '2026-12-31' }, 'price');
    const { priceList, product: seen } = await billing.ask(`{
      priceList(code: "EUR26") { isDefault items { nodes { minQuantity unitPrice validFrom validTo priceList { code } } } }
      product(sku: "PRICED") { prices { totalCount } }
    }`);
    expect(priceList.items.nodes).toEqual(
      expect.arrayContaining([
        { minQuantity: '0', unitPrice: '9.999999', validFrom: '2026-01-01', validTo: null, priceList: { code: 'EUR26' } },
        { minQuantity: '100', unitPrice: '9', validFrom: '2026-01-01', validTo: '2026-12-31', priceList: { code: 'EUR26' } },
      ]),
    );
    expect(seen.prices.totalCount).toBe(2);
  });

  it('that was set is never changed: the same key is refused, a later day is not', async () => {
    const at = { priceListId, productId, minQuantity: '50' };
    await admin.do('setPrice', { ...at, unitPrice: '9.5', validFrom: '2026-01-01' }, 'price');
    expect(await first(admin, 'setPrice', { ...at, unitPrice: '8', validFrom: '2026-01-01' })).toMatchObject({
      code: 'ALREADY_EXISTS',
      message: expect.stringContaining('from a later day') as string,
    });
    await admin.do('setPrice', { ...at, unitPrice: '8', validFrom: '2026-04-01' }, 'price');
  });

  it('that is agreed is seen by that customer, who sees no list', async () => {
    const agreed = { customerId, productId, currency: 'EUR', unitPrice: '8.50', validFrom: '2026-01-01' };
    await integration.do('agreePrice', agreed, 'price');
    expect(await first(admin, 'agreePrice', { ...agreed, unitPrice: '1' })).toMatchObject({ code: 'ALREADY_EXISTS' });
    const seen = await buyer.ask(`{ product(sku: "PRICED") { agreedPrices { nodes { unitPrice customer { id } } } } }`);
    expect(seen.product.agreedPrices.nodes).toEqual([{ unitPrice: '8.5', customer: { id: customerId } }]);
    for (const hidden of ['priceLists { totalCount }', 'product(sku: "PRICED") { prices { totalCount } }']) {
      expect((await buyer.send(`{ ${hidden} }`)).errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    }
  });

  it('names the field that is wrong', async () => {
    const other = `prd_${customerId.slice(4)}`;
    const at = { priceListId, productId, unitPrice: '1', validFrom: '2026-05-01' };
    const wrong = async (more: object) => {
      const { code, path } = (await first(admin, 'setPrice', { ...at, ...more })) ?? {};
      return [code, path?.at(-1)];
    };
    expect(await wrong({ productId: other })).toEqual(['NOT_FOUND', 'productId']);
    expect(await wrong({ priceListId: `pl_${customerId.slice(4)}` })).toEqual(['NOT_FOUND', 'priceListId']);
    expect(await wrong({ validTo: '2026-04-30' })).toEqual(['INVALID_INPUT', 'validTo']);
    expect(await wrong({ unitPrice: '1.0000001' })).toEqual(['INVALID_INPUT', 'unitPrice']);
    expect(await wrong({ unitPrice: '-1' })).toEqual(['INVALID_INPUT', 'unitPrice']);
    const agree = {
      customerId: `cus_${productId.slice(4)}`,
      productId,
      currency: 'EUR',
      unitPrice: '1',
      validFrom: '2026-05-01',
    };
    expect(await first(admin, 'agreePrice', agree)).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'customerId'] });
  });

  it('is set by whoever manages prices only', async () => {
    for (const person of [billing, buyer, await world.as('order-desk')]) {
      const answer = await person.send(
        'mutation($input: CreatePriceListInput!) { createPriceList(input: $input) { priceList { id } } }',
        {
          input: { code: 'X', name: 'X', currency: 'EUR' },
        },
      );
      expect(answer.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    }
  });

  it('by default comes from one list per currency', async () => {
    expect(
      await first(admin, 'createPriceList', { code: 'EUR27', name: 'More', currency: 'EUR', isDefault: true }),
    ).toMatchObject({
      code: 'ALREADY_EXISTS',
      message: expect.stringContaining('default price list of this currency') as string,
    });
    await admin.do(
      'createPriceList',
      { code: 'USD26', name: 'Prices in dollars', currency: 'USD', isDefault: true },
      'priceList',
    );
    expect(await first(admin, 'createPriceList', { code: 'USD26', name: 'Again', currency: 'EUR' })).toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });
});

describe('the tax table', () => {
  const rule = { sellerCountry: 'DE', taxCategory: 'S', rate: '19', validFrom: '2007-01-01' };

  it('takes a row once, and a newer one in its place', async () => {
    const fields =
      'sellerCountry buyerCountry buyerRegion isBuyerRegistered taxClass taxCategory rate reasonCode validFrom validTo';
    const reverse = {
      ...rule,
      buyerCountry: 'FR',
      isBuyerRegistered: true,
      taxCategory: 'AE',
      rate: '0',
      reasonCode: 'VATEX-EU-AE',
    };
    expect(await billing.do('setTaxRule', reverse, 'taxRule', fields)).toEqual({
      ...reverse,
      buyerRegion: null,
      taxClass: null,
      validTo: null,
    });
    expect(await first(billing, 'setTaxRule', reverse)).toMatchObject({ code: 'ALREADY_EXISTS' });
    await billing.do('setTaxRule', { ...reverse, validFrom: '2026-01-01' }, 'taxRule');
    await billing.do(
      'setTaxRule',
      { ...rule, sellerCountry: 'US', buyerCountry: 'US', buyerRegion: 'US-CA', rate: '7.25' },
      'taxRule',
    );
  });

  it.each<[string, object, string, RegExp]>([
    [
      'a region of another country',
      { buyerCountry: 'FR', buyerRegion: 'US-CA' },
      'buyerRegion',
      /must be a region of buyerCountry/,
    ],
    ['a region without a country', { buyerRegion: 'US-CA' }, 'buyerRegion', /must be a region of buyerCountry/],
    ['a rate where nothing is charged', { taxCategory: 'AE', reasonCode: 'VATEX-EU-AE' }, 'rate', /must be 0 in category AE/],
    ['the standard category at zero', { rate: '0.00' }, 'rate', /must be above 0 in category S/],
    ['no reason for no tax', { taxCategory: 'G', rate: '0' }, 'reasonCode', /for example VATEX-EU-G/],
    ['a reason where tax is charged', { reasonCode: 'VATEX-EU-G' }, 'reasonCode', /must be left out in category S/],
    ['an end before its beginning', { validTo: '2006-12-31' }, 'validTo', /must be 2007-01-01, the first day, or after it/],
    ['a country that is none', { buyerCountry: 'France' }, 'buyerCountry', /two capital letters/],
  ])('refuses a row with %s', async (_, more, field, message) => {
    const problem = await first(billing, 'setTaxRule', { ...rule, ...more });
    expect(problem).toMatchObject({ code: 'INVALID_INPUT', path: ['input', field] });
    expect(problem?.message).toMatch(message);
  });
});

describe('payment terms', () => {
  const part = (instalment: number, percent: string, netDays: number) => ({ instalment, percent, netDays });
  const thirds = [part(1, '33.3333', 0), part(2, '33.3333', 30), part(3, '33.3334', 60)];

  it('are made with instalments, which everybody reads in order', async () => {
    await billing.do(
      'createPaymentTerms',
      { code: 'THIRDS', name: 'In three parts', netDays: 60, instalments: thirds },
      'paymentTerms',
    );
    const seen = await buyer.ask(`{ paymentTerms(code: "THIRDS") { netDays instalments { instalment percent netDays } } }`);
    expect(seen.paymentTerms).toEqual({ netDays: 60, instalments: thirds });
  });

  it.each<[string, object, readonly string[], RegExp]>([
    [
      'that are not whole',
      { instalments: [part(1, '50', 0), part(2, '49.9999', 60)] },
      ['instalments'],
      /must add up to 100 percent, and add up to 99.9999/,
    ],
    ['that are more', { instalments: [part(1, '50', 0), part(2, '50.0001', 60)] }, ['instalments'], /add up to 100.0001/],
    ['in another order', { instalments: [part(2, '50', 0), part(1, '50', 60)] }, ['instalments', '0', 'instalment'], /must be 1/],
    [
      'due at once',
      { instalments: [part(1, '50', 60), part(2, '50', 60)] },
      ['instalments', '1', 'netDays'],
      /must be more than 60/,
    ],
    [
      'due after the end',
      { instalments: [part(1, '50', 0), part(2, '50', 61)] },
      ['instalments', '1', 'netDays'],
      /must be 60, the netDays of the terms/,
    ],
    ['of one part', { instalments: [part(1, '99', 60)] }, ['instalments'], /a list of 2 to 60 items/],
    [
      'with a discount after the first is due',
      { instalments: thirds, discountDays: 1, discountPercent: '2' },
      ['discountDays'],
      /must be at most 0, the days to the first due date/,
    ],
  ])('with parts %s are refused', async (_, more, path, message) => {
    const problem = await first(billing, 'createPaymentTerms', { code: 'WRONG', name: 'Wrong', netDays: 60, ...more });
    expect(problem).toMatchObject({ code: 'INVALID_INPUT', path: ['input', ...path] });
    expect(problem?.message).toMatch(message);
  });
});

it('every invariant holds after all of it', async () => {
  await world.platform.sealer.sealed();
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
