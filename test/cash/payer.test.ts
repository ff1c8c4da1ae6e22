// A customer that pays for one below it: each side's portal user sees what happened to its own records, live, and nothing of the other's.
import { expect, it } from 'vitest';
import { collect, startWorld } from '../support/world.ts';
import { openCash } from './company.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
const company = await openCash(world, { code: 'GROUP' });
const { admin } = company.people;

async function below() {
  const child = await admin.do('createCustomer', { number: 'CHILD', name: 'Child', parentId: company.customerId }, 'customer');
  const account = { customerId: child.id, legalEntityId: company.legalEntityId, number: 'CHILD', currency: 'EUR' };
  const { id: accountId } = await admin.do('openAccount', account, 'account');
  return { customerId: child.id as string, accountId: accountId as string };
}

async function portalUser(subject: string, customerId: string) {
  const input = { kind: 'PORTAL', name: subject, issuer: 'urn:cashgraph:local', subject, roles: [], customerIds: [customerId] };
  await admin.do('createActor', input, 'actor');
  return world.as(subject);
}

const changes = async (person: Awaited<ReturnType<typeof portalUser>>, field: string, count: number) => {
  const query = `subscription { ${field}(after: "0") { event { type to } record { id } } }`;
  const seen = await collect<Record<string, { event: { type: string } }>>(person.socket(), query, {}, (m) => m.length === count);
  return seen.map((m) => m[field]?.event.type);
};

it('tells the payer by its payment, and the debtor by its invoice', async () => {
  const child = await below();
  const [debtor, payer] = [await portalUser('debtor', child.customerId), await portalUser('payer', company.customerId)];
  const invoiceId = await company.invoice([{ net: '1000.00' }], { accountId: child.accountId });
  const paymentId = await company.pay('1166.20');
  await company.apply(paymentId, [{ invoiceId, amount: '1166.20' }]);
  await company.people.cash.do('returnPayment', { id: paymentId, reason: 'AM04' }, 'payment');
  expect(await changes(payer, 'paymentChanged', 3)).toEqual(['payment.received', 'payment.applied', 'payment.returned']);
  expect(await changes(debtor, 'invoiceChanged', 3)).toEqual(['invoice.issued', 'invoice.paid', 'invoice.reopened']);
  const shown = (await payer.ask('{ allocations { nodes { kind to { id } from { id } } } }'))['allocations'].nodes;
  expect(shown.map((a: { kind: string }) => a.kind).sort(), 'the discount is between us and the debtor').toEqual([
    'CASH',
    'CASH',
    'RETURN',
  ]);
  expect(
    shown.filter((a: { to: unknown }) => a.to !== null),
    'nor does it see the item of the debtor',
  ).toEqual([]);
});
