// Whatever a group does at once, orders and bills and cash, moves of customers, matches of them and their undoing, exposure stays what it is made of, in every chain, and
// no order goes beyond a limit by itself. COMMANDS sets how many are tried (400 unless told; 10,000 for a release).
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { isDomainError } from '../../src/kernel/errors.ts';
import { startWorld } from '../support/world.ts';
import { atOnce, broken, principalOf, range, rowsOf } from '../write/company.ts';
import { openGroup, wide, wrongExposure } from './group.ts';
import { nextStep, type Picking } from './steps.ts';

const COUNT = Number(process.env['COMMANDS'] ?? 400);
const WANTED = ['matchCustomers', 'undoCustomerMatch', 'updateCustomer'];
const SEED = process.env['RANDOM_SEED'] ?? 'credit';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const group = await openGroup(world);
const platform = await wide(world, 8);
const people = { admin: await principalOf(world, 'admin'), credit: await principalOf(world, 'credit') };

const random = seededRandom(SEED);
const below = (n: number) => Number(`0x${Buffer.from(random.bytes(3)).toString('hex')}`) % n;
const picking: Picking = {
  group,
  below,
  rows: (from, count = 1) =>
    rowsOf(world, `select * from (${from}) t order by md5(t.id::text || $1) limit ${count}`, [String(below(1 << 20))]),
};

test(
  'a random run of everything at once leaves every exposure right and no invariant broken',
  async () => {
    await group.admin.do('updateLegalEntity', { id: group.entities['US'], creditStage: 'DELIVERY' }, 'legalEntity');
    await group.admin.do('updateLegalEntity', { id: group.entities['FR'], creditStage: 'RELEASE' }, 'legalEntity');
    await group.limit('H', '9000');
    await group.limit('S1', '2500');
    await group.limit('M2', '4000', 'USD');
    const done = new Set<string>();
    let beaten = 0;
    const attempt = async (i: number) => {
      const step = await nextStep(picking);
      if (!step) return;
      const request = { principal: people[step.by ?? 'admin'], requestId: `random ${i}` };
      try {
        const { ok } = await platform.write.run(platform.command(step.command), step.input, request);
        if (ok) done.add(step.command);
      } catch (error) {
        if (!isDomainError(error) || !['CONFLICT_RETRY', 'FORBIDDEN'].includes(error.code)) throw error;
        if (error.code === 'CONFLICT_RETRY') beaten += 1;
      }
    };
    await atOnce(8, range(COUNT), attempt);
    // which of them find something that fits is a matter of luck
    for (let more = 0; more < 5 && WANTED.some((command) => !done.has(command)); more++)
      await atOnce(8, range(COUNT / 4), attempt);
    expect(await wrongExposure(world.database)).toEqual([]);
    expect(await broken(world, world.tenantId)).toEqual([]);
    expect(done.size).toBeGreaterThan(15);
    expect([...done]).toEqual(expect.arrayContaining(WANTED));
    // deadlocks are told apart and tried again: next to nobody has to give up
    expect(beaten).toBeLessThan(COUNT / 50);
  },
  30_000 + COUNT * 100,
);
