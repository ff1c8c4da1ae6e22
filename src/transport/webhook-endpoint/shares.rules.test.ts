import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Queued, type Share, sharesOf } from './shares.rules.ts';

const queuedOf = (counts: readonly number[]): readonly Queued[] =>
  counts.flatMap((count, t) => Array.from({ length: count }, (_, i) => ({ tenantId: `t${t}`, endpointId: `t${t} e${i}` })));

const byTenant = (shares: readonly Share[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { tenantId, room } of shares) counts.set(tenantId, (counts.get(tenantId) ?? 0) + room);
  return counts;
};
const ofEndpoint = (shares: readonly Share[]) => new Map(shares.map(({ endpointId, room }) => [endpointId, room]));
const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0);

it('whatever others have under way, and however many endpoints they have, there is a place for who comes next', () => {
  const cases = fc.record({
    counts: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 }),
    perEndpoint: fc.integer({ min: 1, max: 8 }),
  });
  fc.assert(
    fc.property(cases, ({ counts, perEndpoint }) => {
      const places = 64;
      const held = sharesOf({ queued: queuedOf(counts), ofEndpoint: new Map(), ofTenant: new Map(), places, perEndpoint });
      for (const { room } of held) expect(room).toBeLessThanOrEqual(perEndpoint);
      expect(sum(byTenant(held).values())).toBeLessThan(places);
      // none of theirs ends, they ask again, and somebody else comes
      const newcomer = { tenantId: 'new', endpointId: 'new e' };
      const queued = [...queuedOf(counts), newcomer];
      const more = sharesOf({ queued, ofEndpoint: ofEndpoint(held), ofTenant: byTenant(held), places, perEndpoint });
      expect(more.find(({ tenantId }) => tenantId === 'new')?.room).toBeGreaterThan(0);
    }),
    { seed: 3, numRuns: 40 },
  );
});

it('one tenant alone gets half of the places, two get a third each, and nobody more than it has a use for', () => {
  const alone = sharesOf({ queued: queuedOf([100]), ofEndpoint: new Map(), ofTenant: new Map(), places: 64, perEndpoint: 4 });
  expect([...byTenant(alone).values()]).toEqual([32]);
  const two = sharesOf({ queued: queuedOf([100, 100]), ofEndpoint: new Map(), ofTenant: new Map(), places: 64, perEndpoint: 4 });
  expect([...byTenant(two).values()]).toEqual([22, 21]);
  const small = sharesOf({ queued: queuedOf([1]), ofEndpoint: new Map(), ofTenant: new Map(), places: 64, perEndpoint: 4 });
  expect(small).toEqual([{ tenantId: 't0', endpointId: 't0 e0', room: 4 }]);
});

it('the places of a tenant go round among its endpoints, first to the one that waited longest', () => {
  const shares = sharesOf({ queued: queuedOf([3]), ofEndpoint: new Map(), ofTenant: new Map(), places: 8, perEndpoint: 4 });
  expect(shares.map(({ endpointId, room }) => [endpointId, room])).toEqual([
    ['t0 e0', 2],
    ['t0 e1', 1],
    ['t0 e2', 1],
  ]);
});
