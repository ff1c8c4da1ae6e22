// Exposure is what its parts add up to, for the customer and everything above it, whichever command changed them.
import { afterAll, expect, test } from 'vitest';
import { openSmallCompany } from '../support/books.ts';
import { freshDatabase } from '../support/database.ts';
import { startWorld } from '../support/world.ts';
import { issue, openGroup, pay, rightExposures, wrongExposure } from './group.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const { database } = world;
const group = await openGroup(world);
const { make, accounts, customers, entities } = group;
const small = await freshDatabase();
const opened: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(opened.map((platform) => platform.close())));

const NONE = { H: 0, M1: 0, M2: 0, S1: 0, S2: 0 };

test('a year of a small company leaves every customer with what its documents add up to', async () => {
  opened.push((await openSmallCompany(small)).platform);
  expect(await wrongExposure(small)).toEqual([]);
});

test('each money command changes exposure of the customer and everything above it, and of nobody else', async () => {
  const invoice = await issue(group, 'S1 DE', '1000');
  expect(await rightExposures(database)).toEqual({ ...NONE, S1: 100_000, M1: 100_000, H: 100_000 });
  const abroad = await issue(group, 'S2 US', '500');
  expect(await rightExposures(database)).toEqual({ S1: 100_000, M1: 100_000, S2: 45_685, M2: 45_685, H: 145_685 });
  await make('issueCreditNote', {
    invoiceId: invoice,
    reason: 'Broken',
    lines: [{ taxCategory: 'Z', taxRate: '0', net: '100' }],
  });
  expect(await rightExposures(database)).toEqual({ S1: 90_000, M1: 90_000, S2: 45_685, M2: 45_685, H: 135_685 });
  const payment = await pay(group, 'H DE', '700'); // the parent owes less, its children as much as before
  expect(await rightExposures(database)).toEqual({ S1: 90_000, M1: 90_000, S2: 45_685, M2: 45_685, H: 65_685 });
  await make('applyCash', { paymentId: payment, allocations: [{ invoiceId: invoice, amount: '700' }] });
  expect(await rightExposures(database)).toEqual({ S1: 20_000, M1: 20_000, S2: 45_685, M2: 45_685, H: 65_685 });
  await make('writeOff', { invoiceId: invoice, amount: '50', reason: 'Bank charges' });
  expect(await rightExposures(database)).toEqual({ S1: 15_000, M1: 15_000, S2: 45_685, M2: 45_685, H: 60_685 });
  await make('returnPayment', { id: payment, reason: 'AM04' });
  expect(await rightExposures(database)).toEqual({ S1: 85_000, M1: 85_000, S2: 45_685, M2: 45_685, H: 130_685 });
  const yen = await issue(group, 'S1 DE', '100001', { currency: 'JPY' });
  expect(await rightExposures(database)).toEqual({ S1: 146_101, M1: 146_101, S2: 45_685, M2: 45_685, H: 191_786 });
  const euro = await pay(group, 'S1 DE', '600');
  await make('applyCash', { paymentId: euro, allocations: [{ invoiceId: yen, amount: '100001', fromAmount: '600' }] });
  expect(await rightExposures(database)).toEqual({ S1: 85_000, M1: 85_000, S2: 45_685, M2: 45_685, H: 130_685 });
  const dollars = await pay(group, 'S2 US', '500', 'USD');
  await make('applyCash', { paymentId: dollars, allocations: [{ invoiceId: abroad, amount: '500' }] });
  expect(await rightExposures(database)).toEqual({ ...NONE, S1: 85_000, M1: 85_000, H: 85_000 });
  await make('recordPayment', { accountId: accounts['S2 DE'], amount: { amount: '5', currency: 'EUR' }, isPending: true });
  expect(await rightExposures(database)).toEqual({ ...NONE, S1: 85_000, M1: 85_000, H: 85_000 });
});

test('what is read in from files counts, and a file may bring the customer with it', async () => {
  const common = { legalEntityId: entities['DE'], customerNumber: 'S2', currency: 'EUR' };
  await make('importInvoice', { ...common, externalId: 'I-1', amount: '99.50', issuedOn: '2026-05-01', dueOn: '2026-05-31' });
  await make('importInvoice', {
    ...common,
    externalId: 'I-2',
    amount: '10',
    issuedOn: '2026-05-01',
    dueOn: '2026-05-31',
    settledOn: '2026-05-20',
  });
  await make('importPayment', { ...common, externalId: 'P-1', amount: '4.50', receivedOn: '2026-05-05' });
  await make('importCustomer', { legalEntityId: entities['DE'], number: 'N', name: 'New', currency: 'EUR' });
  expect(await rightExposures(database)).toEqual({ ...NONE, N: 0, S1: 85_000, M1: 85_000, S2: 9_500, M2: 9_500, H: 94_500 });
});

test('a customer that moves takes what it and everything below it owe along', async () => {
  await make('updateCustomer', { id: customers['M1'], parentId: customers['S2'], name: 'Moved' });
  expect(await rightExposures(database)).toEqual({ N: 0, S1: 85_000, M1: 85_000, S2: 94_500, M2: 94_500, H: 94_500 });
  await make('updateCustomer', { id: customers['S1'], parentId: customers['H'] });
  expect(await rightExposures(database)).toEqual({ N: 0, S1: 85_000, M1: 0, S2: 9_500, M2: 9_500, H: 94_500 });
  await make('updateCustomer', {
    id: customers['H'],
    parentId: await make('createCustomer', { number: 'G', name: 'G' }, 'cus_'),
  });
  expect(await rightExposures(database)).toEqual({ N: 0, S1: 85_000, M1: 0, S2: 9_500, M2: 9_500, H: 94_500, G: 94_500 });
  await make('updateCustomer', { id: customers['S2'], parentId: null });
  expect(await rightExposures(database)).toEqual({ N: 0, S1: 85_000, M1: 0, S2: 9_500, M2: 0, H: 85_000, G: 85_000 });
});
