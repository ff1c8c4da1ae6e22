// Placing orders over HTTP: where prices, taxes and terms of a line come from, who may say them by hand, and what is refused, by field.
import { beforeAll, describe, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { openBooks, startWorld } from '../support/world.ts';
import { filters, openShop, ORDER, orderOf, place, refusal, type Shop } from './shop.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
let shop: Shop;
/** Has no price and no tax rule, and one that is not sold any more. */
let bookId: string;
let oldId: string;
beforeAll(async () => {
  shop = await openShop(world);
  const { admin } = shop;
  bookId = (await admin.do('createProduct', { sku: 'BOOK', name: 'Book', unit: 'C62', taxClass: 'BOOKS' }, 'product')).id;
  oldId = (await admin.do('createProduct', { sku: 'OLD', name: 'Old', unit: 'C62' }, 'product')).id;
  await admin.do('updateProduct', { id: oldId, isActive: false }, 'product');
  const rate = { fromCurrency: 'USD', toCurrency: 'EUR', validOn: '2020-01-01', rate: '0.9' };
  await admin.do('setExchangeRate', rate, 'exchangeRate');
});

const FREE = { description: 'Crate', quantity: '1', unitPrice: '10', taxCategory: 'S', taxRate: '19' };

describe('an order', () => {
  it('is drafted, changed, handed in and confirmed, with its number and one version for each step', async () => {
    const { buyer, desk, pumpId } = shop;
    const draft = await place(buyer, filters(shop, '10', { customerReference: 'PO-1' }), 'draftOrder');
    expect(draft).toMatchObject({ lifecycle: 'DRAFT', number: 'ORD-DE01-000001', version: 1, total: { amount: '238.00' } });
    const lines = [{ productId: pumpId, quantity: '2.5' }];
    const changed = await buyer.do('changeOrderDraft', { id: draft.id, expectedVersion: 1, lines }, 'order', ORDER);
    expect(changed).toMatchObject({ customerReference: 'PO-1', net: { amount: '1250.00' }, lines: [{ quantity: '2.5' }] });
    const submitted = await buyer.do('submitOrder', { id: draft.id }, 'order', ORDER);
    expect(submitted).toMatchObject({ lifecycle: 'SUBMITTED', version: 3, onHold: false });
    const confirmed = await desk.do('confirmOrder', { id: draft.id }, 'order', ORDER);
    expect(confirmed).toMatchObject({ lifecycle: 'CONFIRMED', version: 4, lines: [{ exposure: { amount: '1487.50' } }] });
  });

  it('is placed in one step with one event, also by a portal user', async () => {
    const order = await place(shop.buyer, filters(shop, '1'));
    expect(order).toMatchObject({
      lifecycle: 'CONFIRMED',
      version: 1,
      total: { amount: '23.80' },
      unbilled: { amount: '23.80' },
    });
  });

  it('takes nothing that is only tried out', async () => {
    const dry = await place(shop.desk, { ...filters(shop, '1'), dryRun: true });
    expect(dry).toMatchObject({ lifecycle: 'CONFIRMED' });
    const { orders } = await shop.desk.ask('query($id: ID!) { orders(where: { id: { eq: $id } }) { nodes { id } } }', {
      id: dry.id,
    });
    expect(orders.nodes).toEqual([]);
  });
});

describe('a line', () => {
  it('gets the price of the agreement, then of the account’s list, then of the default list, each by quantity and day', async () => {
    const { admin, desk, customerId, filterId, accountId } = shop;
    const priced = async (quantity: string) => {
      const { lines } = await place(desk, { accountId, lines: [{ productId: filterId, quantity }], dryRun: true });
      return [lines[0].unitPrice, lines[0].priceRule];
    };
    expect(await priced('99')).toEqual(['20', 'default LIST-DE01']);
    expect(await priced('100')).toEqual(['18', 'default LIST-DE01']);
    const { id: priceListId } = await admin.do('createPriceList', { code: 'KEY', name: 'Key', currency: 'EUR' }, 'priceList');
    await admin.do('setPrice', { priceListId, productId: filterId, unitPrice: '17.123456', validFrom: '2026-01-01' }, 'price');
    await admin.do('updateAccount', { id: accountId, priceListId }, 'account');
    expect(await priced('1')).toEqual(['17.123456', 'list KEY']);
    const agreed = { customerId, productId: filterId, currency: 'EUR', minQuantity: '10' };
    await admin.do('agreePrice', { ...agreed, unitPrice: '16', validFrom: '2026-02-01' }, 'price');
    await admin.do('agreePrice', { ...agreed, unitPrice: '15', validFrom: '2026-04-01' }, 'price');
    expect(await priced('9')).toEqual(['17.123456', 'list KEY']);
    expect(await priced('10')).toEqual(['16', 'agreement']);
    const before = await place(desk, { ...filters(shop, '10'), orderedOn: '2026-01-15', dryRun: true });
    expect(before.lines[0]).toMatchObject({ unitPrice: '17.123456', priceRule: 'list KEY' });
    await admin.do('updateAccount', { id: accountId, priceListId: null }, 'account');
  });

  it('says that its price was said by hand, and takes a discount off before it rounds once', async () => {
    const { desk, accountId, pumpId } = shop;
    const line = { productId: pumpId, quantity: '3', unitPrice: '33.333333', discountPercent: '12.5' };
    const order = await place(desk, { accountId, lines: [line], dryRun: true });
    expect(order.lines[0]).toMatchObject({ priceRule: 'manual', discountPercent: '12.5', net: { amount: '87.50' } });
    expect(order).toMatchObject({ tax: { amount: '16.63' }, total: { amount: '104.13' } });
  });

  it('may be of free text, with everything said by hand', async () => {
    const order = await place(shop.desk, { accountId: shop.accountId, lines: [FREE], dryRun: true });
    expect(order.lines[0]).toMatchObject({ sku: null, description: 'Crate', priceRule: 'manual', taxRate: '19' });
  });

  it('is taxed by where it is shipped to', async () => {
    const { admin, desk } = shop;
    await admin.do(
      'setTaxRule',
      { sellerCountry: 'DE', buyerCountry: 'CH', taxCategory: 'G', rate: '0', reasonCode: 'VATEX-EU-G', validFrom: '2020-01-01' },
      'taxRule',
    );
    const abroad = await place(desk, { ...filters(shop, '1'), shipToCountry: 'CH', dryRun: true });
    expect(abroad).toMatchObject({ tax: { amount: '0.00' }, lines: [{ taxCategory: 'G', taxRate: '0' }] });
    const draft = await place(desk, filters(shop, '1'), 'draftOrder');
    const moved = { id: draft.id, expectedVersion: 1, shipToCountry: 'CH' };
    expect(await refusal(desk, 'changeOrderDraft', moved)).toBe('INVALID_INPUT input.lines');
    const { lines } = filters(shop, '1');
    expect(await desk.do('changeOrderDraft', { ...moved, lines }, 'order', ORDER)).toMatchObject({ tax: { amount: '0.00' } });
  });
});

it('counts a foreign order as exposure at the rate of its day, which it keeps', async () => {
  const { desk, accountId, admin } = shop;
  const line = { ...FREE, quantity: '3', unitPrice: '33.33' };
  const order = await place(desk, { accountId, currency: 'USD', lines: [line] });
  expect(order).toMatchObject({ total: { amount: '118.99' }, lines: [{ exposure: { amount: '107.09' } }] });
  const newer = { fromCurrency: 'USD', toCurrency: 'EUR', validOn: '2026-03-02', rate: '0.5' };
  await admin.do('setExchangeRate', newer, 'exchangeRate');
  const changes = [{ orderLineId: order.lines[0].id, quantity: '6' }];
  const grown = await desk.do('changeOrder', { id: order.id, expectedVersion: 1, changes }, 'order', ORDER);
  expect(grown.lines).toMatchObject([{ exposure: { amount: '214.18' } }]);
});

describe('what rules decide', () => {
  const BY_HAND = {
    unitPrice: '1',
    discountPercent: '1',
    description: 'Cheap',
    unit: 'KGM',
    taxCategory: 'Z',
    taxRate: '0',
    taxReason: 'VATEX-EU-G',
    isShipped: false,
  };

  it.each(Object.entries(BY_HAND))('is not for a portal user to say: %s', async (field, value) => {
    const { buyer, accountId, filterId } = shop;
    const lines = [
      { productId: filterId, quantity: '1' },
      { productId: filterId, quantity: '1', [field]: value },
    ];
    for (const name of ['placeOrder', 'draftOrder']) {
      const input = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Input!`;
      const { errors } = await buyer.send(`mutation($input: ${input}) { ${name}(input: $input) { userErrors { code } } }`, {
        input: { accountId, lines },
      });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
      expect(errors?.[0]?.message).toMatch(new RegExp(`^lines\\.1\\.${field} needs the permission orders:price`));
    }
  });

  it.each([
    ['orderedOn', '2026-01-01'],
    ['paymentTermsId', 'pt_01999999-0000-7000-8000-000000000001'],
  ])('is not for a portal user to say of the whole order: %s', async (field, value) => {
    const { errors } = await shop.buyer.send(
      'mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { userErrors { code } } }',
      {
        input: { ...filters(shop, '1'), [field]: value },
      },
    );
    expect(errors?.[0]?.message).toMatch(`${field} needs the permission orders:price`);
  });

  it('is refused on somebody else’s account as if it were not there', async () => {
    const other = await openBooks(world, { code: 'AT01', number: 'C-2' });
    expect(await refusal(shop.buyer, 'placeOrder', { ...filters(shop, '1'), accountId: other.accountId })).toBe(
      'NOT_FOUND input.accountId',
    );
  });
});

const NOBODY = (prefix: string) => `${prefix}_01999999-0000-7000-8000-000000000001`;

describe('a refusal names the field', () => {
  it.each<[string, (s: Shop) => Record<string, unknown>]>([
    ['NOT_FOUND input.accountId', () => ({ accountId: NOBODY('acc') })],
    ['NOT_FOUND input.paymentTermsId', () => ({ paymentTermsId: NOBODY('pt') })],
    ['NOT_FOUND input.lines.0.productId', () => ({ lines: [{ productId: NOBODY('prd'), quantity: '1' }] })],
    ['INVALID_INPUT input.lines', () => ({ lines: [] })],
    ['INVALID_INPUT input.lines.0.quantity', (s) => ({ lines: [{ productId: s.filterId, quantity: '0' }] })],
    ['INVALID_INPUT input.lines.0.productId', () => ({ lines: [{ quantity: '1' }] })],
    ['INVALID_INPUT input.lines.0.taxCategory', () => ({ lines: [{ ...FREE, taxCategory: undefined }] })],
    ['INVALID_INPUT input.lines.0.taxRate', (s) => ({ lines: [{ productId: s.filterId, quantity: '1', taxCategory: 'S' }] })],
    ['INVALID_INPUT input.lines.0.taxRate', () => ({ lines: [{ ...FREE, taxCategory: 'Z' }] })],
    ['INVALID_INPUT input.lines.0.isShipped', (s) => ({ lines: [{ productId: s.filterId, quantity: '1', isShipped: true }] })],
    ['INVALID_INPUT input.lines.0.unit', () => ({ lines: [{ ...FREE, unit: 'piece' }] })],
    ['PRICE_MISSING input.lines.0.productId', () => ({ currency: 'USD' })],
    ['RATE_MISSING input.currency', () => ({ currency: 'JPY', lines: [FREE] })],
    ['PRICE_MISSING input.lines.0.productId', () => ({ lines: [{ productId: bookId, quantity: '1' }] })],
    ['TAX_RULE_MISSING input.lines.0.productId', () => ({ lines: [{ productId: bookId, quantity: '1', unitPrice: '5' }] })],
    ['INVALID_INPUT input.lines.0.productId', () => ({ lines: [{ productId: oldId, quantity: '1', unitPrice: '5' }] })],
    ['AMOUNT_INVALID input.lines.0', () => ({ lines: [{ ...FREE, quantity: '999999999999', unitPrice: '999999999999' }] })],
    ['EFFECTIVE_DATE_INVALID input.orderedOn', () => ({ orderedOn: '2026-03-03' })],
    ['EFFECTIVE_DATE_INVALID input.requestedOn', () => ({ requestedOn: '2026-03-01' })],
    ['INVALID_INPUT input.shipToCountry', () => ({ shipToCountry: 'de' })],
    ['INVALID_INPUT input.customerReference', () => ({ customerReference: 'x'.repeat(101) })],
  ])('%s', async (expected, more) => {
    expect(await refusal(shop.desk, 'placeOrder', { ...filters(shop, '1'), ...more(shop) })).toBe(expected);
  });

  it('says which price is missing', async () => {
    const [problem] = await shop.desk.refused('placeOrder', { ...filters(shop, '1'), currency: 'USD' });
    expect(problem?.message).toMatch(/no price of FILTER-DE01 in USD/);
  });
});

it('keeps a thousand lines, and not one more', async () => {
  const { desk, accountId, filterId } = shop;
  const lines = Array.from({ length: 1001 }, () => ({ productId: filterId, quantity: '1', unitPrice: '20' }));
  expect(await refusal(desk, 'placeOrder', { accountId, lines })).toBe('INVALID_INPUT input.lines');
  const order = await desk.do('placeOrder', { accountId, lines: lines.slice(1) }, 'order', 'id total { amount }');
  expect(order.total).toEqual({ amount: '23800.00' });
  expect((await orderOf(desk, order.id)).lines).toHaveLength(1000);
});

it('leaves everything in order', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
