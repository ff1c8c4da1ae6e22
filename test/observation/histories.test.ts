// Random histories of an ERP that edits, voids, reinstates, deletes and re-applies as it likes, on whatever day, read in pages of any size, in any order of kinds, and
// between any two of its changes. `OBSERVED=400` runs more of them.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { startWorld } from '../support/world.ts';
import { ACCOUNTS, balanceOf, DAY, DAYS, Erp, type Op, trialOf } from './erp.ts';
import { Follower, text } from './follower.ts';
import { silentErp } from './silent-erp.ts';

const RUNS = Number(process.env.OBSERVED ?? 6);
const world = await startWorld({ now: '2026-06-01T09:00:00.000Z', connectors: [silentErp] });
const KINDS = ['Invoice', 'CreditNote', 'Payment'] as const;

const small = fc.nat({ max: 99 });
const op: fc.Arbitrary<Op> = fc.tuple(small, small, small, small);
/** After how many changes what is read (3: all kinds at once), and how much of it. */
const reading = fc.record({
  after: fc.integer({ min: 1, max: 9 }),
  kind: fc.nat({ max: 3 }),
  size: fc.integer({ min: 1, max: 12 }),
});

interface Plan {
  readonly readings: readonly { readonly after: number; readonly kind: number; readonly size: number }[];
  readonly pageSize: number;
}

async function lived(ops: readonly Op[], { readings, pageSize }: Plan) {
  const erp = new Erp();
  const follower = await Follower.open(world, erp);
  const remembered: { knownAt: string; asOf: string; trial: ReadonlyMap<string, string> }[] = [];
  let next = 0;
  for (const { after, kind, size } of readings) {
    for (const one of ops.slice(next, next + after)) erp.step(one);
    next += after;
    // streams are read each by itself, so pages of all kinds may be written at once
    const kinds = kind === 3 ? KINDS : KINDS.slice(kind, kind + 1);
    await Promise.all(kinds.map((of) => follower.follow(of, follower.changed(of).slice(0, size))));
    if (remembered.length < 2) {
      const knownAt = world.clock.now().toISOString();
      const asOf = DAY(10 + remembered.length * 20);
      remembered.push({ knownAt, asOf, trial: await follower.trial({ asOf }) });
    }
    world.clock.advance(60_000);
  }
  for (const one of ops.slice(next)) erp.step(one);
  await follower.catchUp(pageSize);
  return { erp, follower, remembered };
}

const plan: fc.Arbitrary<Plan> = fc.record({
  readings: fc.array(reading, { maxLength: 12 }),
  pageSize: fc.integer({ min: 1, max: 20 }),
});

const nonZero = (map: ReadonlyMap<string, bigint>) => new Map([...map].map(([key, minor]) => [key, text(minor)]));

it('are followed to the minor unit, however they are cut into pages, and reading them again changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 10, maxLength: 45 }), plan, plan, async (ops, first, second) => {
      const statements: unknown[] = [];
      for (const cut of [first, second]) {
        const { erp, follower, remembered } = await lived(ops, cut);
        const open = new Map([...erp.docs.values()].map((doc) => [doc.key, String(erp.openOf(doc))]));
        const shown = await follower.open();
        expect(shown).toEqual(standing(erp, open));
        expect(await follower.trial()).toEqual(nonZero(trialOf(erp, Number.POSITIVE_INFINITY)));
        for (const day of [5, 25, 45]) expect(await follower.trial({ asOf: DAY(day) })).toEqual(nonZero(trialOf(erp, day)));
        const owed: string[] = [];
        for (let account = 0; account < ACCOUNTS; account++)
          for (const day of [0, 7, 20, 33, DAYS]) {
            const balance = await follower.owed(account, DAY(day));
            expect(`${account} on ${day}: ${balance}`).toBe(`${account} on ${day}: ${text(balanceOf(erp, account, day))}`);
            owed.push(balance);
          }
        for (const { knownAt, asOf, trial } of remembered) expect(await follower.trial({ asOf, knownAt })).toEqual(trial);
        const entries = await follower.entries();
        expect(await follower.replay(cut.pageSize)).toBe(0);
        expect(await follower.entries()).toBe(entries);
        statements.push({ owed, open: shown });
      }
      expect(statements[1]).toEqual(statements[0]);
    }),
    { numRuns: RUNS, seed: 20260604, endOnFailure: true },
  );
  expect(await broken(world.database, world.tenantId)).toEqual([]);
}, 3_600_000);

/** Of what was taken back nothing is open. */
function standing(erp: Erp, open: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...open].map(([key, minor]) => [key, erp.docs.get(key)?.isVoided || erp.docs.get(key)?.isDeleted ? '0' : minor]),
  );
}
