// Many writers on the same few records: every change is kept once, in order, and none is made from an old version.
import { expect, it } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { openBooks, type Person, publicId, startWorld } from '../support/world.ts';
import { atOnce, broken, range, rowsOf } from './company.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const { accountId, legalEntityId } = await openBooks(world);
const [admin, billing, cash] = [await world.as('admin'), await world.as('billing'), await world.as('cash')];
const random = seededRandom('writers');
const below = (n: number) => ((random.bytes(2)[0] ?? 0) * 256 + (random.bytes(2)[1] ?? 0)) % n;

const line = (price: string) => ({ description: 'Pump', quantity: '1', unitPrice: price, taxCategory: 'Z', taxRate: '0' });
const draft = async (): Promise<string> => (await billing.do('draftInvoice', { accountId, lines: [line('100')] }, 'invoice')).id;
const EXPECTED = /CONFLICT|OVER_ALLOCATION|WRONG_STATE/;

/** Runs a mutation that may be refused as others were faster; how often it was done. */
async function tried(person: Person, name: string, input: object, field: string): Promise<number> {
  try {
    await person.do(name, input as Record<string, unknown>, field, 'id');
    return 1;
  } catch (error) {
    expect((error as Error).message).toMatch(EXPECTED);
    return 0;
  }
}

/** Reads the draft and adds a letter to its reference, from the version that was read. */
async function append(id: string): Promise<number> {
  const { invoice } = await billing.ask('query($id: ID!) { invoice(id: $id) { version customerReference } }', { id });
  const customerReference = `${invoice.customerReference ?? ''}x`;
  return tried(
    billing,
    'changeInvoiceDraft',
    { id, expectedVersion: invoice.version, customerReference, lines: [line(String(invoice.version))] },
    'invoice',
  );
}

const newestAllocation = async (paymentId: string) =>
  (
    await rowsOf<{ id: string }>(
      world,
      `select a.id from allocation a join open_item i on i.id = a.from_item_id where i.document_id = $1 and a.reverses_id is null
     and not exists (select from allocation r where r.reverses_id = a.id) order by a.recorded_at desc, a.id desc limit 1`,
      [paymentId.slice(4)],
    )
  )[0]?.id;

it('keeps the changes of 16 writers on 20 records: versions 1 to n in order of position, and every acknowledged change once', async () => {
  const customers = await atOnce(
    6,
    range(6),
    async (i) => (await admin.do('createCustomer', { number: `W-${i}`, name: `Customer ${i}` }, 'customer')).id as string,
  );
  const drafts = await atOnce(6, range(6), draft);
  const invoices = await atOnce(
    4,
    range(4),
    async () => (await billing.do('issueInvoice', { id: await draft() }, 'invoice')).id as string,
  );
  const payments = await atOnce(
    4,
    range(4),
    async () =>
      (await cash.do('recordPayment', { accountId, amount: { amount: '150', currency: 'EUR' } }, 'payment')).id as string,
  );
  const done = new Map<string, number>();
  const count = (id: string, by: number) => done.set(id, (done.get(id) ?? 0) + by);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;

  const steps = [
    async (n: number) => {
      const id = pick(customers);
      count(id, await tried(admin, 'updateCustomer', { id, segment: `segment ${n}` }, 'customer'));
    },
    async () => {
      const id = pick(drafts);
      count(id, await append(id));
    },
    async () => {
      const [paymentId, invoiceId] = [pick(payments), pick(invoices)];
      count(
        'applied',
        await tried(cash, 'applyCash', { paymentId, allocations: [{ invoiceId, amount: String(1 + below(40)) }] }, 'payment'),
      );
    },
    async () => {
      const id = await newestAllocation(pick(payments));
      if (id) count('reversed', await tried(cash, 'reverseAllocation', { id: publicId('alc', id) }, 'allocation'));
    },
  ];
  await atOnce(16, range(240), (n) => (steps[n % 4] as (n: number) => Promise<void>)(n));

  await world.platform.sealer.sealed();
  const events = await rowsOf<{ record_id: string; versions: number[] }>(
    world,
    'select record_id, array_agg(record_version order by position) as versions from event group by record_id',
  );
  const versionsOf = new Map(events.map((row) => [row.record_id, row.versions]));
  for (const { record_id, versions } of events) expect(versions, record_id).toEqual(versions.map((_, i) => i + 1));
  for (const id of [...customers, ...drafts]) expect(versionsOf.get(id.slice(4))?.length, id).toBe(1 + (done.get(id) ?? 0));
  for (const id of drafts) {
    const { invoice } = await billing.ask('query($id: ID!) { invoice(id: $id) { customerReference version total { amount } } }', {
      id,
    });
    expect(invoice.customerReference ?? '', 'a lost update').toBe('x'.repeat(done.get(id) ?? 0));
    if (invoice.version > 1) expect(invoice.total.amount).toBe(`${invoice.version - 1}.00`);
  }
  const [allocations] = await rowsOf<{ made: number; reversed: number }>(
    world,
    'select count(*) filter (where reverses_id is null)::int as made, count(*) filter (where reverses_id is not null)::int as reversed from allocation',
  );
  expect(allocations).toEqual({ made: done.get('applied'), reversed: done.get('reversed') });
  expect(await broken(world, world.tenantId)).toEqual([]);
});

it('posts nothing into a period while somebody closes it', async () => {
  const days = ['2026-06-10', '2026-06-11', '2026-06-12', '2026-06-13'];
  const post = (receivedOn: string) => async () => {
    const payload = (
      await cash.ask(
        'mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { payment { id } userErrors { code } } }',
        { input: { accountId, amount: { amount: '1', currency: 'EUR' }, receivedOn } },
      )
    ).recordPayment;
    return payload.userErrors[0]?.code ?? 'posted';
  };
  const close = (through: string) => async () => {
    await admin.do('closeBooks', { id: legalEntityId, through }, 'legalEntity');
    return 'closed';
  };
  const work = days.flatMap((day) => [...range(6).map(() => post(day)), close(day), ...range(6).map(() => post(day))]);
  // whoever is first between the two, each has happened at least once
  const results = [await post('2026-06-13')(), ...(await atOnce(8, work, (step) => step())), await post('2026-06-10')()];
  expect(new Set(results)).toEqual(new Set(['posted', 'closed', 'PERIOD_CLOSED']));
  const [rows] = await rowsOf<{ count: number }>(
    world,
    `select count(*)::int as count from payment where received_on = any($1::date[])`,
    [days],
  );
  expect(rows?.count).toBe(results.filter((result) => result === 'posted').length);
  expect(await broken(world, world.tenantId)).toEqual([]);
});
