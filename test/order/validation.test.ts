// Validation rules as people meet them: set without code, they hold orders that don't fulfil them, and let go those that do by then.
import { beforeAll, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { type Shown, startWorld } from '../support/world.ts';
import { filters, openShop, place, refusal, type Shop, step } from './shop.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
let shop: Shop;
beforeAll(async () => {
  shop = await openShop(world);
});

const RULE = 'id code version isActive field operator operands stage';
const set = (code: string, input: Record<string, unknown>): Promise<Shown> =>
  shop.admin.do(
    'setValidationRule',
    { code, description: `${code} must hold`, stage: 'ORDER', ...input },
    'validationRule',
    RULE,
  );
const off = ({ id }: Shown) => shop.admin.do('deactivateValidationRule', { id }, 'validationRule', RULE);
const openHolds = (order: Shown) => order.holds.filter((h: Shown) => h.lifecycle === 'OPEN');

it('holds an order at the stage of each rule that it does not fulfil, and says what was found', async () => {
  const rules = [
    await set('PO', { field: 'customerReference', operator: 'STARTS_WITH', operands: ['PO-'] }),
    await set('MIN', { field: 'lines.quantity', operator: 'GTE', operands: ['5'] }),
    await set('BIG', { field: 'groupTotal', operator: 'LTE', operands: ['100.00'], stage: 'DELIVERY' }),
    await set('OTHER', { field: 'currency', operator: 'IN', operands: ['USD'], legalEntityId: shop.legalEntityId }),
  ];
  const [other] = rules.slice(-1);
  await off(other);
  const order = await place(shop.buyer, filters(shop, '4.5'));
  expect(order).toMatchObject({ lifecycle: 'SUBMITTED', openHoldCount: 3 });
  expect(openHolds(order).map((h: Shown) => [h.stage, h.reason])).toEqual([
    ['DELIVERY', 'BIG must hold (BIG: groupTotal is 107.1.)'],
    ['ORDER', 'MIN must hold (MIN: lines.quantity of line 1 is 4.5.)'],
    ['ORDER', 'PO must hold (PO: customerReference is missing.)'],
  ]);
  const [problem] = await shop.desk.refused('confirmOrder', { id: order.id });
  expect(problem).toMatchObject({ code: 'ORDER_ON_HOLD', message: expect.stringMatching(/MIN must hold.*PO must hold/) });

  const changes = [{ orderLineId: order.lines[0].id, quantity: '5' }];
  const changed = await step(shop.desk, 'changeOrder', { id: order.id, expectedVersion: 1, changes, customerReference: 'PO-7' });
  expect(openHolds(changed).map((h: Shown) => h.stage)).toEqual(['DELIVERY']);
  expect(changed.holds.filter((h: Shown) => h.lifecycle === 'LIFTED')).toHaveLength(3);
  expect(await step(shop.desk, 'confirmOrder', { id: order.id })).toMatchObject({ lifecycle: 'CONFIRMED', openHoldCount: 1 });

  const grown = await step(shop.desk, 'changeOrder', {
    id: order.id,
    expectedVersion: 3,
    changes: [{ orderLineId: order.lines[0].id, quantity: '6' }],
    lines: [{ productId: shop.filterId, quantity: '1' }],
  });
  expect(grown).toMatchObject({ lifecycle: 'CONFIRMED' });
  expect(openHolds(grown).map((h: Shown) => [h.stage, h.reason])).toEqual(
    expect.arrayContaining([['RELEASE', 'MIN must hold (MIN: lines.quantity of line 2 is 1.)']]),
  );
  for (const rule of rules) await off(rule);
});

it('is changed under its code, with its version, and looked at again once it is set again', async () => {
  const rule = await set('CODE', { field: 'customerReference', operator: 'IS_PRESENT' });
  expect(rule).toMatchObject({ version: 1, isActive: true, operands: [] });
  const changed = await set('CODE', { field: 'shipToCountry', operator: 'NE', operands: ['XX'], expectedVersion: 1 });
  expect(changed).toMatchObject({ id: rule.id, version: 2, field: 'shipToCountry', operands: ['XX'] });
  const input = { code: 'CODE', description: 'x', stage: 'ORDER', field: 'total', operator: 'GT', operands: ['0'] };
  expect(await refusal(shop.admin, 'setValidationRule', { ...input, expectedVersion: 1 })).toBe(
    'VERSION_CONFLICT input.expectedVersion',
  );
  expect(await off(rule)).toMatchObject({ version: 3, isActive: false });
  expect(await off(rule)).toMatchObject({ version: 3 });
  expect(await set('CODE', { field: 'total', operator: 'GT', operands: ['1000000'] })).toMatchObject({
    version: 4,
    isActive: true,
  });
  expect(await place(shop.desk, filters(shop, '1'))).toMatchObject({ lifecycle: 'SUBMITTED', openHoldCount: 1 });
  await off(rule);
  expect(await place(shop.desk, filters(shop, '1'))).toMatchObject({ lifecycle: 'CONFIRMED' });
});

it('is refused by field', async () => {
  const rule = { code: 'BAD', description: 'x', stage: 'ORDER', field: 'total', operator: 'GT', operands: ['0'] };
  const asked = (more: Record<string, unknown>) => refusal(shop.admin, 'setValidationRule', { ...rule, ...more });
  expect(await asked({ field: 'price' })).toBe('INVALID_INPUT input.field');
  expect(await asked({ operator: 'STARTS_WITH' })).toBe('INVALID_INPUT input.operator');
  expect(await asked({ operands: [] })).toBe('INVALID_INPUT input.operands');
  expect(await asked({ operands: ['a lot'] })).toBe('INVALID_INPUT input.operands.0');
  expect(await asked({ operator: 'IN', operands: Array<string>(101).fill('1') })).toBe('INVALID_INPUT input.operands');
  expect(await asked({ legalEntityId: 'le_01999999-0000-7000-8000-000000000001' })).toBe('NOT_FOUND input.legalEntityId');
  expect(await refusal(shop.admin, 'deactivateValidationRule', { id: 'vr_01999999-0000-7000-8000-000000000001' })).toBe(
    'NOT_FOUND input.id',
  );
});

it('leaves everything in order', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
