// Whatever people ask of fulfilments at once: never more leaves than is ordered, and lines, fulfilments and orders always agree.
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { type Books, openBooks, type Person, type Shown, startWorld } from '../support/world.ts';
import { confirmedOrder, type Ordered, orderOf, plan, quantitiesOf, released } from './orders.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
let books: Books;
let warehouse: Person;

beforeAll(async () => {
  books = await openBooks(world);
  warehouse = await world.as('warehouse');
});

/** Runs a mutation; gives the codes of its refusal. Anything else than a refusal for a reason is a failure of the test. */
async function attempt(name: string, input: Record<string, unknown>): Promise<{ id: string | null; codes: string[] }> {
  const type = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Input!`;
  const query = `mutation($input: ${type}) { ${name}(input: $input) { fulfilment { id } userErrors { code } } }`;
  const payload = (await warehouse.ask(query, { input }))[name];
  return { id: payload.fulfilment?.id ?? null, codes: payload.userErrors.map((e: Shown) => e.code) };
}

it('lets exactly what is ordered leave when sixteen ask for the same goods at once', async () => {
  const order = await confirmedOrder(world, books, [{ quantity: '5' }]);
  const lines = [{ orderLineId: order.lines[0], quantity: '1' }];
  const plans = await Promise.all(Array.from({ length: 16 }, () => attempt('planFulfilment', { orderId: order.id, lines })));
  const ids = plans.flatMap((p) => p.id ?? []);
  expect(ids).toHaveLength(5);
  expect(plans.flatMap((p) => p.codes)).toEqual(Array.from({ length: 11 }, () => 'QUANTITY_EXCEEDED'));
  await Promise.all(ids.map((id) => attempt('releaseFulfilment', { id })));
  const ships = await Promise.all([...ids, ...ids, ...ids, ids[0]].map((id) => attempt('shipFulfilment', { id })));
  expect(ships.filter((s) => s.codes.length === 0)).toHaveLength(5);
  expect(ships.flatMap((s) => s.codes)).toEqual(Array.from({ length: 11 }, () => 'WRONG_STATE'));
  expect(quantitiesOf(await orderOf(warehouse, order))).toEqual(['5 5 5 0']);
});

it('takes back exactly what left when sixteen bring the same goods at once', async () => {
  const order = await confirmedOrder(world, books, [{ quantity: '5' }]);
  const id = await released(warehouse, order);
  await attempt('shipFulfilment', { id });
  const lines = [{ orderLineId: order.lines[0], quantity: '0.5' }];
  const back = await Promise.all(Array.from({ length: 16 }, () => attempt('returnFulfilment', { id, lines, reason: 'Broken' })));
  expect(back.filter((b) => b.codes.length === 0)).toHaveLength(10);
  expect(quantitiesOf(await orderOf(warehouse, order))).toEqual(['5 5 5 5']);
});

it('either ships or gives up a fulfilment when both are asked for at once', async () => {
  const order = await confirmedOrder(world, books, [{ quantity: '8' }]);
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) ids.push(await released(warehouse, order, ['2']));
  const both = await Promise.all(ids.flatMap((id) => [attempt('shipFulfilment', { id }), attempt('cancelFulfilment', { id })]));
  expect(both.filter((b) => b.codes.length === 0)).toHaveLength(4);
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

const COMMANDS = ['releaseFulfilment', 'shipFulfilment', 'deliverFulfilment', 'cancelFulfilment', 'returnFulfilment'] as const;
const quantity = fc.integer({ min: 1, max: 40 }).map((n) => String(n / 4));
const wish = fc.oneof(
  { arbitrary: fc.record({ order: fc.nat(2), quantities: fc.array(quantity, { minLength: 1, maxLength: 2 }) }), weight: 2 },
  { arbitrary: fc.record({ command: fc.constantFrom(...COMMANDS), which: fc.nat(30), part: fc.option(quantity) }), weight: 5 },
);
type Wish = typeof wish extends fc.Arbitrary<infer W> ? W : never;
const REFUSALS = new Set(['WRONG_STATE', 'QUANTITY_EXCEEDED', 'NOT_FOUND']);

async function grant(w: Wish, orders: readonly Ordered[], made: { id: string; order: Ordered }[]): Promise<string[]> {
  if ('order' in w) {
    const order = orders[w.order] as Ordered;
    const lines = w.quantities.map((q, i) => ({ orderLineId: order.lines[i], quantity: q }));
    const { id, codes } = await attempt('planFulfilment', { orderId: order.id, lines });
    if (id !== null) made.push({ id, order });
    return codes;
  }
  const target = made[w.which % Math.max(made.length, 1)];
  if (!target) return [];
  const lines = w.part === null ? {} : { lines: [{ orderLineId: target.order.lines[0], quantity: w.part }] };
  const { codes } = await attempt(w.command, {
    id: target.id,
    ...(w.command === 'returnFulfilment' ? { reason: 'x', ...lines } : {}),
  });
  return codes;
}

it('keeps lines, fulfilments and orders in agreement through any history on several orders at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(wish, { minLength: 4, maxLength: 4 }), { minLength: 12, maxLength: 20 }),
      async (rounds) => {
        const orders: Ordered[] = [];
        for (let i = 0; i < 3; i++) orders.push(await confirmedOrder(world, books, [{ quantity: '10' }, { quantity: '4.5' }]));
        const made: { id: string; order: Ordered }[] = [];
        for (const order of orders) made.push({ id: await plan(warehouse, order, ['3', '1.5']), order });
        for (const round of rounds) {
          const codes = await Promise.all(round.map((w) => grant(w, orders, made)));
          expect(codes.flat().filter((code) => !REFUSALS.has(code))).toEqual([]);
        }
        expect(await broken(world.database, world.tenantId)).toEqual([]);
      },
    ),
    { numRuns: 8, seed: 3 },
  );
}, 120_000);
