// What is done most is done together when it comes at once, and comes to the same as one after the other: random mixes over HTTP, by two people
// with equal access, some of it bad, some sent twice, some only tried. `COALESCED=50` runs more of them. The same with each alone.
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bare, type Person, publicId, type Shown, startWorld, type World } from '../support/world.ts';
import { broken, commandsOf, range, rowsOf } from './company.ts';
import { type HotCompany, openHotCompany } from './hot-company.ts';
import { snapshotOf } from './snapshot.ts';

const RUNS = Number(process.env['COALESCED'] ?? 1);
const NOW = '2026-06-30T09:00:00.000Z';

const some = fc.constantFrom;
const opArbitrary = fc.record({
  kind: some('place', 'place', 'place', 'pay', 'pay', 'apply', 'apply', 'track'),
  account: fc.nat(2),
  /** Of payments, invoices, fulfilments. */
  one: fc.nat(2),
  other: fc.nat(2),
  amount: some('1', '33.33', '100', '238'),
  report: some('SHIPPED', 'IN_TRANSIT', 'DELIVERED', 'EXCEPTION'),
  externalId: some('a', 'b', 'c', 'd'),
  fate: some('plain', 'plain', 'plain', 'plain', 'twice', 'twice', 'tried', 'bad', 'badLate'),
  person: fc.nat(1),
});
type Op = typeof opArbitrary extends fc.Arbitrary<infer T> ? T : never;

const COMMAND = { place: 'placeOrder', pay: 'recordPayment', apply: 'applyCash', track: 'recordTracking' } as const;
const SHOWN = {
  place: 'order { id number lifecycle total { amount } customerReference }',
  pay: 'payment { id number amount { amount } reference }',
  apply: 'payment { id number }',
  track: 'fulfilment { id number }',
} as const;
const FIELD = { place: 'order', pay: 'payment', apply: 'payment', track: 'fulfilment' } as const;

const NOBODY = '00000000-0000-7000-8000-000000000000';

/** The same for both companies but for their ids. `reference` says of which operation it is. */
function inputOf(of: HotCompany, op: Op, reference: string): Record<string, unknown> {
  const isBad = op.fate === 'bad';
  const accountId = isBad ? publicId('acc', NOBODY) : of.accounts[op.account];
  if (op.kind === 'place') {
    const lines = [{ productId: op.fate === 'badLate' ? publicId('prd', NOBODY) : of.productId, quantity: String(op.one + 1) }];
    return { accountId, lines, customerReference: reference };
  }
  if (op.kind === 'pay') {
    const amount = { amount: op.amount, currency: op.fate === 'badLate' ? 'JPY' : 'EUR' };
    return { accountId, amount: op.fate === 'badLate' ? { ...amount, amount: '7' } : amount, reference };
  }
  if (op.kind === 'apply') {
    const invoiceId = isBad ? publicId('inv', NOBODY) : of.invoices[op.other];
    return { paymentId: of.payments[op.one], allocations: [{ invoiceId, amount: op.fate === 'badLate' ? '9999' : op.amount }] };
  }
  const occurredAt = op.fate === 'badLate' ? '2027-01-01T00:00:00Z' : `2026-06-${20 + op.other}T0${op.account}:00:00Z`;
  const id = isBad ? publicId('ful', NOBODY) : of.fulfilments[op.one];
  return { id, source: 'in-house', externalId: op.externalId, kind: op.report, occurredAt };
}

/** As a client with a key: whoever can't be served in time asks again. */
async function insist(person: Person, query: string, input: object, requestId: string): Promise<Record<string, Shown>> {
  for (;;) {
    const answer = await person.send(query, { input }, { 'x-request-id': requestId });
    if (answer.data) return answer.data;
    if (answer.errors?.[0]?.extensions?.['code'] !== 'UNAVAILABLE') throw new Error(`${requestId} ${JSON.stringify(answer)}`);
    await sleep(100);
  }
}

interface Sent {
  readonly op: Op;
  readonly name: string;
  /** The texts that came back: two where it was sent twice. */
  readonly texts: readonly string[];
  readonly payload: Shown;
}

async function sendAll(
  world: World,
  people: readonly Person[],
  of: HotCompany,
  ops: readonly Op[],
  run: number,
): Promise<Sent[]> {
  const one = async (op: Op, i: number): Promise<Sent> => {
    const name = `run-${run}-${i}`;
    const command = COMMAND[op.kind];
    const title = `${command.slice(0, 1).toUpperCase()}${command.slice(1)}Input!`;
    const query = `mutation($input: ${title}) { ${command}(input: $input) { ${SHOWN[op.kind]} userErrors { code } } }`;
    const input = { ...inputOf(of, op, name), idempotencyKey: name, dryRun: op.fate === 'tried' };
    const send = async () => JSON.stringify((await insist(people[op.person] as Person, query, input, name))[command]);
    const texts = await Promise.all(range(op.fate === 'twice' ? 2 : 1).map(send));
    return { op, name, texts, payload: JSON.parse(texts[0] ?? 'null') };
  };
  return Promise.all(ops.map(one));
}

const isDone = ({ op, payload }: Sent) => payload.userErrors.length === 0 && op.fate !== 'tried';

/** By whom and in which order it was done, by the log: the names of requests, each once. */
async function doneInOrder(world: World, tenantId: string): Promise<{ name: string; actors: number }[]> {
  await world.platform.sealer.sealed();
  return rowsOf(
    world,
    `select request_id as name, count(distinct actor_id)::int as actors from event where tenant_id = $1 and request_id like 'run-%'
     group by request_id order by min(position)`,
    [tenantId],
  );
}

/** Gives the invariants that are broken. */
async function check(world: World, ops: readonly Op[], run: number): Promise<unknown[]> {
  const [live, twin] = [`live-${run}`, `twin-${run}`];
  const tenantId = await world.addTenant(live);
  await world.addTenant(twin);
  const [of, same] = [await openHotCompany(world, live), await openHotCompany(world, twin)];
  const admin = await world.as('admin', live);
  const second = {
    kind: 'USER',
    name: 'second',
    issuer: 'urn:cashgraph:local',
    subject: `second-${run}`,
    roles: [{ role: 'admin' }],
  };
  await admin.do('createActor', second, 'actor');
  const sent = await sendAll(world, [admin, await world.as(second.subject, live)], of, ops, run);

  for (const { op, texts } of sent) if (op.fate === 'twice') expect(new Set(texts).size, JSON.stringify(op)).toBe(1);
  for (const one of sent) if (one.op.fate.startsWith('bad')) expect(one.payload.userErrors, one.name).not.toEqual([]);
  await asTold(world, sent);

  // one after the other, in the order of the log, in a company that was equal: it comes to the same
  const order = await doneInOrder(world, tenantId);
  expect(order.map(({ actors }) => actors)).toEqual(order.map(() => 1));
  const byName = new Map(sent.map((one) => [one.name, one]));
  for (const { name } of order) expect(isDone(byName.get(name) as Sent), name).toBe(true);
  const alone = await commandsOf(world, 'admin', twin);
  const again = ({ op, name }: Sent) => alone.run(COMMAND[op.kind], inputOf(same, op, name));
  for (const { name } of order) expect((await again(byName.get(name) as Sent)).ok, name).toBe(true);
  const told = new Set(order.map(({ name }) => name));
  for (const one of sent) {
    if (told.has(one.name) || one.op.fate === 'tried') continue;
    const outcome = await again(one);
    // what was done and told nothing was there before; what was refused is refused after all others, too
    expect(outcome.ok && outcome.isNew, one.name).toBe(false);
    expect(outcome.ok, one.name).toBe(isDone(one));
  }
  const [a, b] = [
    await snapshotOf(world, bare(of.legalEntityId), of.tenant),
    await snapshotOf(world, bare(same.legalEntityId), same.tenant),
  ];
  expect(a).toEqual(b);
  return broken(world, tenantId);
}

/** Each answer is what the record says, and each record is there as often as it was answered: once. */
async function asTold(world: World, sent: readonly Sent[]): Promise<void> {
  const rows = await rowsOf<{ name: string; number: string; id: string; total: string }>(
    world,
    `select customer_reference as name, number, id, (total_minor / 100.0)::numeric(20, 2)::text as total from sales_order
     union all select reference, number, id, (amount_minor / 100.0)::numeric(20, 2)::text from payment`,
  );
  for (const one of sent) {
    const { op, name, payload } = one;
    if (op.kind !== 'place' && op.kind !== 'pay') continue;
    const found = rows.filter((row) => row.name === name);
    expect(found.length, name).toBe(isDone(one) ? 1 : 0);
    if (!isDone(one)) continue;
    const shown = payload[FIELD[op.kind]];
    const amount = op.kind === 'place' ? shown.total.amount : shown.amount.amount;
    expect([bare(shown.id), shown.number, amount], name).toEqual([found[0]?.id, found[0]?.number, found[0]?.total]);
  }
}

describe.each([
  { way: 'together', settings: {} },
  { way: 'each alone', settings: { WRITES_TOGETHER_MAX_COUNT: 1 } },
])('done $way', async ({ way, settings }) => {
  const world = await startWorld({ now: NOW, settings });
  let run = 0;

  it('a mix of orders, payments, cash and reports at once comes to what one after the other comes to', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(opArbitrary, { minLength: 40, maxLength: 60 }), async (ops) => {
        run += 1;
        expect(await check(world, ops, run)).toEqual([]);
      }),
      { numRuns: RUNS, seed: 20_261_122, endOnFailure: true },
    );
  }, 120_000);

  it('200 orders at once of 119 against a limit of 1,190 leave exactly ten confirmed, and no number is left out', async () => {
    const tenantId = await world.addTenant(`limit ${way}`.replaceAll(' ', '-'));
    const of = await openHotCompany(world, `limit ${way}`.replaceAll(' ', '-'));
    const desk = await world.as('admin', of.tenant);
    const query = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { ${SHOWN.place} userErrors { code } } }`;
    const answers = await Promise.all(
      range(200).map((i) => {
        // one in ten asks for what isn't there, one only tries
        const lines = [{ productId: i % 10 === 3 ? publicId('prd', NOBODY) : of.productId, quantity: '1' }];
        const input = { accountId: of.accounts[0], lines, dryRun: i % 10 === 7, idempotencyKey: `limit-${i}` };
        return insist(desk, query, input, `limit-${i}`);
      }),
    );
    const kept = answers.filter((_, i) => i % 10 !== 3 && i % 10 !== 7).map((answer) => answer['placeOrder'].order?.lifecycle);
    expect(kept.filter((lifecycle) => lifecycle === 'CONFIRMED')).toHaveLength(10);
    expect(kept.filter((lifecycle) => lifecycle === 'SUBMITTED')).toHaveLength(150);
    const numbers = await rowsOf<{ n: number }>(
      world,
      `select right(number, 6)::int as n from sales_order where tenant_id = $1 order by number`,
      [tenantId],
    );
    expect(numbers.map(({ n }) => n)).toEqual(range(162).map((i) => i + 1));
    expect(await broken(world, tenantId)).toEqual([]);
  }, 120_000);
});
