// Customers move in the hierarchy while payments and invoices come in: what is stored stays what everything adds up to.
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { startWorld } from '../support/world.ts';
import { atOnce, range } from '../write/company.ts';
import { exposures, issue, openGroup, pay, wrongExposure } from './group.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const { database } = world;
const group = await openGroup(world);
const random = seededRandom('moves');
const pick = <T>(list: readonly T[]): T => list[(random.bytes(1)[0] ?? 0) % list.length] as T;

test('moves of customers at once with payments and invoices on them leave every sum right', async () => {
  await group.limit('H', '500');
  await group.limit('M1', '90');
  const numbers = ['M1', 'M2', 'S1', 'S2'];
  const accounts = Object.keys(group.accounts);
  let moved = 0;
  await atOnce(12, range(160), async (i) => {
    if (i % 4 === 0) {
      const input = { id: group.customers[pick(numbers)], parentId: group.customers[pick(['H', 'none', ...numbers])] ?? null };
      try {
        await group.make('updateCustomer', input);
        moved += 1;
      } catch (error) {
        expect((error as Error).message).toMatch(/HIERARCHY_CYCLE/);
      }
    } else if (i % 4 === 1) await issue(group, pick(accounts.filter((a) => a.endsWith('DE'))), '11.90');
    else await pay(group, pick(accounts), '3.33', pick(['EUR', 'USD', 'JPY']) === 'JPY' ? 'USD' : 'EUR');
  });
  expect(moved).toBeGreaterThan(10);
  expect(await wrongExposure(database)).toEqual([]);
  expect(Object.values(await exposures(database)).some((minor) => minor !== 0)).toBe(true);
});
