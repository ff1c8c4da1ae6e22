// Many people at the same few orders of one customer: whatever the order of it, credit holds, amounts foot and nothing fails but by name.
import { beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { broken } from '../support/invariants.ts';
import { bare, startWorld } from '../support/world.ts';
import { principalOf, rowsOf } from '../write/company.ts';
import { exposureOf, filters, openShop, orderOf, place, type Shop } from './shop.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
const random = seededRandom('orders at once');
const below = (n: number) => (random.bytes(1)[0] ?? 0) % n;
let shop: Shop;
beforeAll(async () => {
  shop = await openShop(world, { limit: '300.00' });
});

const EXPECTED =
  /WRONG_STATE|VERSION_CONFLICT|CREDIT_LIMIT_EXCEEDED|ORDER_ON_HOLD|QUANTITY_EXCEEDED|IN_USE|INVALID_INPUT|CONFLICT_RETRY/;

it('lets 12 writers place, change, confirm, plan and cancel orders of one customer at once', async () => {
  const { desk, accountId, filterId } = shop;
  const orders = await Promise.all(Array.from({ length: 6 }, () => place(desk, filters(shop, '3'), 'draftOrder')));
  const [admin] = [await principalOf(world, 'admin')];
  let requests = 0;
  const run = async (name: string, input: Record<string, unknown>) => {
    requests += 1;
    const { write } = world.platform;
    const outcome = await write.run(world.platform.command(name), input, { principal: admin, requestId: `r${requests}` });
    if (!outcome.ok) expect(outcome.problems[0]?.code).toMatch(EXPECTED);
    return outcome.ok;
  };
  const steps = [
    (id: string) => run('submitOrder', { id }),
    (id: string) => run('confirmOrder', { id }),
    (id: string) => run('confirmOrder', { id }),
    (id: string) => run('planFulfilment', { orderId: id }),
    async (id: string) => {
      const { lines, version } = await orderOf(desk, id);
      const changes = [{ orderLineId: lines[0].id, quantity: String(1 + below(6)) }];
      return run('changeOrder', { id, expectedVersion: version, changes });
    },
    async (id: string) => {
      const { lines } = await orderOf(desk, id);
      return run('cancelOrderLines', { id, lines: [{ orderLineId: lines[0].id, quantity: '0.5' }] });
    },
    () => run('placeOrder', { accountId, lines: [{ productId: filterId, quantity: '1' }], customerReference: `R${below(5)}` }),
    (id: string) => (below(3) === 0 ? run('cancelOrder', { id, reason: 'x' }) : run('confirmOrder', { id })),
  ];
  let done = 0;
  const writer = async () => {
    for (let i = 0; i < 6; i++) {
      const order = orders[below(orders.length)];
      if (await steps[below(steps.length)]?.(order?.id)) done += 1;
    }
  };
  await Promise.all(Array.from({ length: 12 }, writer));
  expect(done).toBeGreaterThan(10);
  expect(Number(await exposureOf(shop))).toBeLessThanOrEqual(300);
  const [row] = await rowsOf<{ sum: string }>(
    world,
    `select coalesce(sum(l.group_unbilled_minor), 0)::text as sum from order_line l where l.account_id = $1`,
    [bare(accountId)],
  );
  expect(await exposureOf(shop)).toBe((Number(row?.sum) / 100).toFixed(2));
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
