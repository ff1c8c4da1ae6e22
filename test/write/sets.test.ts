// What is wrong with one input of a set is its own affair, and inputs that touch the same records wait for each other.
import { expect, it } from 'vitest';
import { openBooks, publicId, startWorld } from '../support/world.ts';
import { atOnce, breakInvoices, commandsOf, range, rowsOf } from './company.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const admin = await commandsOf(world, 'admin');

it('fails only the input that the database, the rights or a mistake of ours refuses', async () => {
  await breakInvoices(world);
  const { accountId } = await openBooks(world, { code: 'DE77', number: 'C-77' });
  const foreign = await openBooks(world, { code: 'FR77', number: 'C-78' });
  await admin.make('createActor', {
    kind: 'USER',
    name: 'Half',
    issuer: 'urn:cashgraph:local',
    subject: 'half',
    roles: [{ role: 'analyst' }, { role: 'billing', legalEntityId: foreign.legalEntityId }],
  });
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: '1', taxCategory: 'S', taxRate: '19' }];
  const inputs = range(20).map((i) => ({
    accountId: i === 7 ? accountId : foreign.accountId,
    lines,
    ...(i === 12 ? { customerReference: 'break' } : {}),
  }));
  const half = await commandsOf(world, 'half');
  const drafts = await half.set('draftInvoice', inputs);
  expect(drafts.map((o) => (o.ok ? 'done' : o.problems[0]?.code))).toEqual(
    range(20).map((i) => (i === 7 ? 'FORBIDDEN' : 'done')),
  );
  const issued = await half.set(
    'issueInvoice',
    drafts.map((o) => ({ id: o.ok ? publicId('inv', o.recordId) : 'no id' })),
  );
  expect(issued.map((o) => (o.ok ? 'done' : o.problems[0]?.code))).toEqual(
    range(20).map((i) => (i === 7 ? 'INVALID_INPUT' : i === 12 ? 'INTERNAL' : 'done')),
  );
  expect(issued[12]).toMatchObject({
    problems: [{ message: expect.not.stringContaining('purpose') }],
    fault: { message: expect.stringContaining('broken on purpose') },
  });
  const unknown = publicId('le', '00000000-0000-7000-8000-000000000000');
  const customers = await admin.set(
    'importCustomer',
    range(5).map((i) => ({
      legalEntityId: i === 2 ? unknown : foreign.legalEntityId,
      number: `I-${i}`,
      name: 'New',
      currency: 'EUR',
    })),
  );
  expect(customers.map((o) => (o.ok ? 'done' : o.problems[0]?.code))).toEqual(['done', 'done', 'NOT_FOUND', 'done', 'done']);
});

it('does inputs with an equal lock key in one set one after the other', async () => {
  const { accountId, customerId } = await openBooks(world, { code: 'DE78', number: 'C-79' });
  const paymentId = publicId('pay', await admin.make('recordPayment', { accountId, amount: { amount: '100', currency: 'EUR' } }));
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: '100', taxCategory: 'Z', taxRate: '0' }];
  const id = publicId('inv', await admin.make('draftInvoice', { accountId, lines }));
  await admin.make('issueInvoice', { id });
  const applied = await admin.set(
    'applyCash',
    ['60', '50', '40'].map((amount) => ({ paymentId, allocations: [{ invoiceId: id, amount }] })),
  );
  expect(applied.map((o) => (o.ok ? 'done' : o.problems[0]?.code))).toEqual(['done', 'OVER_ALLOCATION', 'done']);
  const renamed = await admin.set(
    'updateCustomer',
    range(4).map((i) => ({ id: customerId, name: `Name ${i}`, expectedVersion: i + 1 })),
  );
  expect(renamed.map((o) => o.ok)).toEqual([true, true, true, true]);
  expect(await rowsOf(world, 'select name, version from customer where id = $1', [customerId.slice(4)])).toEqual([
    { name: 'Name 3', version: 5 },
  ]);
});

it('closes no circle of parents by two moves in one set', async () => {
  const [a = '', b = ''] = await atOnce(1, ['R-1', 'R-2'], async (number) =>
    publicId('cus', await admin.make('createCustomer', { number, name: number })),
  );
  const outcomes = await admin.set('updateCustomer', [
    { id: a, parentId: b },
    { id: b, parentId: a },
  ]);
  expect(outcomes.map((o) => (o.ok ? 'done' : o.problems[0]?.code))).toEqual(['done', 'HIERARCHY_CYCLE']);
});
