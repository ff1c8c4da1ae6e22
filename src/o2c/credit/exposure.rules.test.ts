// The arithmetic of exposure over a hierarchy: what is added up the chains is what adding everything up anew gives.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RowChange } from '../../write/command.ts';
import { chainOf, deltasOf, type Exposure, plus, spread } from './exposure.rules.ts';

const NOTHING: Exposure = { openItem: 0n, unbilled: 0n, delivered: 0n };
const COUNT = 6;
const ids = Array.from({ length: COUNT }, (_, i) => `c${i}`);
const small = fc.bigInt(-50n, 50n);
const exposure = fc.record({ openItem: small, unbilled: small, delivered: small });
/** Each customer under an earlier one or none. */
const forest = fc
  .tuple(...ids.map((_, i) => fc.option(fc.nat(Math.max(i - 1, 0)), { nil: null })))
  .map((choices) => new Map(ids.map((id, i) => [id, i === 0 || choices[i] === null ? null : `c${choices[i]}`])));

const totals = (parents: ReadonlyMap<string, string | null>, own: ReadonlyMap<string, Exposure>): Map<string, Exposure> => {
  const sums = new Map<string, Exposure>(ids.map((id) => [id, NOTHING]));
  for (const [id, of] of own) for (const above of chainOf(parents, id)) sums.set(above, plus(sums.get(above) ?? NOTHING, of));
  return sums;
};

test('after any changes and moves, stored and added together are what everything adds up to anew', () => {
  const moves = fc.array(fc.tuple(fc.nat(COUNT - 1), fc.option(fc.nat(COUNT - 1), { nil: null })), { maxLength: 4 });
  const many = fc.array(exposure, { minLength: COUNT, maxLength: COUNT });
  // of each customer one account, which has its name
  const rehomes = fc.array(fc.tuple(fc.nat(COUNT - 1), fc.nat(COUNT - 1)), { maxLength: 4 });
  fc.assert(
    fc.property(forest, many, many, fc.tuple(moves, rehomes), (parents, stored, deltas, [wanted, matched]) => {
      const own = new Map(ids.map((id, i) => [id, stored[i] ?? NOTHING]));
      const added = new Map(ids.map((id, i) => [id, deltas[i] ?? NOTHING]));
      const after = new Map(parents);
      const moved = wanted.flatMap(([from, to]) => {
        const [id, target] = [`c${from}`, to === null ? null : `c${to}`];
        if (target !== null && chainOf(after, target).includes(id)) return [];
        const move = { id, from: after.get(id) ?? null, to: target };
        after.set(id, target);
        return [move];
      });
      const before = totals(parents, own);
      const homes = new Map(ids.map((id) => [id, id]));
      const rehomed = matched.map(([account, to]) => {
        const move = { id: `c${account}`, from: homes.get(`c${account}`) ?? '', to: `c${to}` };
        homes.set(move.id, move.to);
        return move;
      });
      const plan = spread(
        added,
        { moved, rehomed },
        {
          parents,
          customerOf: (account) => account,
          storedOf: (id) => before.get(id) ?? NOTHING,
          ofAccount: (id) => own.get(id) ?? NOTHING,
        },
      );
      const final = new Map<string, Exposure>();
      for (const [account, home] of homes) {
        const whole = plus(own.get(account) ?? NOTHING, added.get(account) ?? NOTHING);
        final.set(home, plus(final.get(home) ?? NOTHING, whole));
      }
      const sums = totals(after, final);
      for (const id of ids) expect(plus(before.get(id) ?? NOTHING, plan.get(id) ?? NOTHING)).toEqual(sums.get(id));
    }),
    { seed: 22, numRuns: 500 },
  );
});

const owner = { accountId: 'a' };
const deltas = (...rows: RowChange[]) => deltasOf([{ rows }]).get('a');

test('what comes, changes and goes adds up; what nets to nothing is no change', () => {
  const line = { groupUnbilledMinor: 7n, groupDeliveredMinor: 2n };
  expect(deltas({ op: 'insert', entity: 'OrderLine', values: { ...owner, ...line } })).toEqual({
    openItem: 0n,
    unbilled: 7n,
    delivered: 2n,
  });
  expect(deltas({ op: 'delete', entity: 'OrderLine', id: 'l', was: line, owner })).toEqual({
    openItem: 0n,
    unbilled: -7n,
    delivered: -2n,
  });
  const update = { op: 'update', entity: 'OpenItem', id: 'i', version: 1, owner } as const;
  const up: RowChange = { ...update, set: { groupOpenMinor: 5n }, was: { groupOpenMinor: 2n } };
  const down: RowChange = { ...update, set: { groupOpenMinor: 2n }, was: { groupOpenMinor: 5n } };
  expect(deltas(up)).toEqual({ openItem: 3n, unbilled: 0n, delivered: 0n });
  expect(deltas(up, down)).toBeUndefined();
  expect(deltas({ ...update, set: { settledOn: null } })).toBeUndefined();
});

test('a change that hides what was before is a mistake in code, and is stopped', () => {
  const update = { op: 'update', entity: 'OpenItem', id: 'i', version: 1, owner } as const;
  expect(() => deltas({ ...update, set: { groupOpenMinor: 5n } })).toThrow('OpenItem by update');
  expect(() => deltas({ ...update, set: { groupOpenMinor: 5n }, was: {} })).toThrow('groupOpenMinor');
  expect(() => deltas({ op: 'insert', entity: 'OpenItem', values: owner })).toThrow('OpenItem by insert');
  expect(() => deltas({ op: 'delete', entity: 'OrderLine', id: 'l', owner })).toThrow('OrderLine by delete');
});
