// Orders that each fit and together don't are not all confirmed, however many people confirm at once; the rest wait, and nothing is lost.
import { expect, test } from 'vitest';
import { publicId, startWorld } from '../support/world.ts';
import { atOnce, broken, commandsOf, principalOf, range, rowsOf } from '../write/company.ts';
import { exposures, openGroup, wide, wrongExposure } from './group.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const { database } = world;
const group = await openGroup(world);
const commands = await commandsOf(world, 'admin');
const principal = await principalOf(world, 'admin');
const platform = await wide(world, 20);

const orderOf = (account: string) => ({
  accountId: group.accounts[account],
  currency: 'EUR',
  lines: [{ description: 'Pump', quantity: '1', unitPrice: '100', taxCategory: 'Z', taxRate: '0', isShipped: true }],
});

/** Orders that are handed in; their ids. */
async function handIn(accounts: readonly string[]): Promise<string[]> {
  const drafts = await commands.set('draftOrder', accounts.map(orderOf));
  const ids = drafts.map((d) => publicId('ord', d.ok ? d.recordId : JSON.stringify(d)));
  const handed = await commands.set(
    'submitOrder',
    ids.map((id) => ({ id })),
  );
  expect(handed.filter((h) => !h.ok)).toEqual([]);
  return ids;
}

const countOf = async (ids: readonly string[]) =>
  rowsOf<{ lifecycle: string; holds: number; count: number }>(
    world,
    'select lifecycle, open_hold_count as holds, count(*)::int from sales_order where id = any($1) group by 1, 2 order by 1, 2',
    [ids.map((id) => id.slice(4))],
  );

test.each([
  ['the limit of the customer itself', 'S1', '1000', ['S1 DE']],
  ['a limit two levels above, with orders of two legal entities', 'H', '2000', ['S1 DE', 'S1 US', 'S2 DE', 'S2 US']],
])('of 200 confirmations of 100 on 20 connections, 10 get through %s of 1,000', async (_, limited, limit, accounts) => {
  await group.limit(limited, limit);
  const ids = await handIn(range(200).map((i) => accounts[i % accounts.length] ?? ''));
  await atOnce(20, ids, async (id) => {
    const outcome = await platform.write.run(platform.command('confirmOrder'), { id }, { principal, requestId: `confirm ${id}` });
    expect(outcome).toMatchObject({ ok: true });
  });
  expect(await countOf(ids)).toEqual([
    { lifecycle: 'CONFIRMED', holds: 0, count: 10 },
    { lifecycle: 'SUBMITTED', holds: 1, count: 190 },
  ]);
  expect((await exposures(database))[limited]).toBe(Number(limit) * 100);
  expect(await wrongExposure(database)).toEqual([]);
  await group.limit(limited, null);
});

test('a set of confirmations counts what it confirmed before', async () => {
  await group.limit('M2', String(((await exposures(database))['M2'] ?? 0) / 100 + 250));
  const ids = await handIn(range(5).map(() => 'S2 DE'));
  await commands.set(
    'confirmOrder',
    ids.map((id) => ({ id })),
  );
  expect(await countOf(ids)).toEqual([
    { lifecycle: 'CONFIRMED', holds: 0, count: 2 },
    { lifecycle: 'SUBMITTED', holds: 1, count: 3 },
  ]);
});

test('no invariant is broken by any of it', async () => {
  expect(await broken(world, world.tenantId)).toEqual([]);
});
