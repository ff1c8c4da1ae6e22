// Whole files of orders at once: each is priced, checked and confirmed as if it had come alone, and together they keep within the limit.
import { beforeAll, expect, it } from 'vitest';
import type { Outcome } from '../../src/write/outcome.ts';
import { broken } from '../support/invariants.ts';
import { bare, type Shown, startWorld } from '../support/world.ts';
import { exposureOf, filters, openShop, type Shop } from './shop.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
let shop: Shop;
beforeAll(async () => {
  shop = await openShop(world, { limit: '1000.00' });
});

async function placeAll(inputs: readonly Record<string, unknown>[]): Promise<readonly Outcome[]> {
  const { platform, tenantId } = world;
  const principal = await platform.systemPrincipal(tenantId);
  return platform.write.runSet(platform.command('placeOrder'), inputs, { principal, requestId: 'set' });
}

const lifecycles = async (outcomes: readonly Outcome[]): Promise<string[]> => {
  const ids = outcomes.map((o) => (o.ok ? o.recordId : ''));
  const { orders } = await shop.desk.ask('{ orders(first: 500) { nodes { id lifecycle holds { kind reason } } } }');
  const found = new Map<string, Shown>(orders.nodes.map((o: Shown) => [bare(o.id), o]));
  return ids.map((id) => {
    const order = found.get(id);
    return order ? [order.lifecycle, ...order.holds.map((h: Shown) => h.kind)].join(' ') : 'none';
  });
};

it('confirms as many of a set as fit, in the order given, and holds the others', async () => {
  const outcomes = await placeAll(Array.from({ length: 20 }, () => filters(shop, '5'))); // 119.00 each
  const said = await lifecycles(outcomes);
  expect(said).toEqual([...Array<string>(8).fill('CONFIRMED'), ...Array<string>(12).fill('SUBMITTED CREDIT')]);
  expect(await exposureOf(shop)).toBe('952.00');
});

it('sees the other orders of its own set with the same reference, and lets bad ones harm nobody', async () => {
  const small = (customerReference: string) => filters(shop, '0.1', { customerReference });
  const outcomes = await placeAll([
    small('A-1'),
    small('a 1'),
    { ...small('A-2'), accountId: 'acc_01999999-0000-7000-8000-000000000001' },
    small('A-2'),
    { ...small('A-3'), lines: [] },
    small('A-3'),
  ]);
  expect(outcomes.map((o) => (o.ok ? 'ok' : `${o.problems[0]?.code} ${o.problems[0]?.path.join('.')}`))).toEqual([
    'ok',
    'ok',
    'NOT_FOUND accountId',
    'ok',
    'INVALID_INPUT lines',
    'ok',
  ]);
  expect(await lifecycles(outcomes)).toEqual(['CONFIRMED', 'SUBMITTED DUPLICATE', 'none', 'CONFIRMED', 'none', 'CONFIRMED']);
  const { holds } = await shop.desk.ask('{ holds(where: { kind: { eq: DUPLICATE } }) { nodes { reason } } }');
  expect(holds.nodes).toEqual([
    { reason: `Another order that was handed in at the same time has the customer's reference "a 1" as well.` },
  ]);
});

it('leaves everything in order', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
