// One group over two ERPs, by real HTTP: a customer whom SAP and QuickBooks know by different names is found to be one, and the group's
// exposure then stops an order that each ERP alone would let through. Undone, the next one passes.
import { afterAll, expect, it } from 'vitest';
import type { SimulatedCompany } from '../../src/connect/simulator.ts';
import type { KitErp } from '../../src/connect/testing/index.ts';
import { connectionTo, erpCase, erpParts, patience } from '../support/erp-world.ts';
import { RATES } from '../support/rates.ts';
import { broken } from '../support/invariants.ts';
import { type Shown, startWorld } from '../support/world.ts';

const PLACE = { country: 'DE', street: 'Werkstraße 14', postalCode: '70565', city: 'Stuttgart' } as const;
const KNOWN: Readonly<Record<string, SimulatedCompany>> = {
  sap: {
    ...PLACE,
    name: 'Müller Werkzeugbau GmbH & Co. KG',
    taxId: 'DE298115437',
    email: 'buchhaltung@mueller-werkzeugbau.example',
    payer: 'BAD',
  },
  quickbooks: { ...PLACE, name: 'Mueller Tooling', email: 'ap@mueller-werkzeugbau.example', payer: 'BAD' },
};
const NAMES = ['sap', 'quickbooks'] as const;

const parts = await Promise.all(NAMES.map(erpParts));
const world = await startWorld({ now: '2026-03-10T15:00:00.000Z', connectors: parts.map(({ connector }) => connector) });
const admin = await world.as('admin');
const credit = await world.as('credit');
const desk = await world.as('order-desk');
const erps: KitErp[] = [];
afterAll(async () => {
  for (const erp of erps) await erp.close();
});

for (const rate of RATES) await admin.do('setExchangeRate', rate, 'exchangeRate');

/** Connects an ERP that knows the company, and reads all of it. */
async function connect(name: (typeof NAMES)[number], kit: (typeof parts)[number]['kit']): Promise<void> {
  const { entities, ...rest } = erpCase(name);
  const erp = await kit.start({
    seed: 'group',
    size: 40,
    companies: [KNOWN[name] as SimulatedCompany],
    now: () => world.clock.now(),
  });
  erps.push(erp);
  const ids: string[] = [];
  for (const { externalId: _, ...entity } of entities) ids.push((await admin.do('createLegalEntity', entity, 'legalEntity')).id);
  const input = connectionTo({ ...rest, entities }, erp, { ids, syncEveryS: 3_600 });
  const { id } = await admin.do('createConnection', input, 'connection');
  await patience(world, id).settled();
}

const CUSTOMER = 'id name accounts { nodes { id currency legalEntity { code } } } credit { exposure { amount currency } }';
async function customerNamed(name: string): Promise<Shown> {
  const query = `query($name: String!) { customers(where: { name: { eq: $name } }) { nodes { ${CUSTOMER} } } }`;
  return (await credit.ask(query, { name })).customers.nodes[0];
}

const cents = (amount: string): bigint => BigInt(amount.replace('.', ''));
const text = (value: bigint): string => `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;

async function place(account: Shown, net: bigint): Promise<Shown> {
  const line = { description: 'Lathe', quantity: '1', unitPrice: text(net), taxCategory: 'Z', taxRate: '0' };
  const input = { accountId: account.id, currency: 'EUR', lines: [line] };
  return admin.do('placeOrder', input, 'order', 'id lifecycle holds { kind reason } total { amount }');
}

it('finds that both know the same customer, and says by what', async () => {
  for (const [i, name] of NAMES.entries()) await connect(name, (parts[i] as (typeof parts)[number]).kit);
  // a schedule looks each minute; a person who wonders need not wait
  const { id: customerId } = await customerNamed('Mueller Tooling');
  const selection = 'matches { id score version customer { name } otherCustomer { name } evidence { kind level sentence } }';
  const { matches } = await credit.do('findCustomerMatches', { customerId }, 'customer', selection);
  expect(matches).toHaveLength(1);
  expect(new Set([matches[0].customer.name, matches[0].otherCustomer.name])).toEqual(
    new Set(Object.values(KNOWN).map(({ name }) => name)),
  );
  expect(matches[0].evidence.map((one: Shown) => one.kind)).toEqual(expect.arrayContaining(['ADDRESS', 'EMAIL', 'NAME']));
}, 90_000);

it("lets the group's exposure stop what each ERP alone would let through, until it is undone", async () => {
  const sap = await customerNamed(KNOWN['sap']?.name ?? '');
  const qb = await customerNamed(KNOWN['quickbooks']?.name ?? '');
  const exposures = [sap, qb].map((customer) => cents(customer.credit.exposure.amount));
  expect(exposures.every((one) => one > 10_000n)).toBe(true);
  const [most, least] = [...exposures].sort((a, b) => (a > b ? -1 : 1)) as [bigint, bigint];
  const order = 5_000n;
  // each has room for three such orders, and both together are far beyond
  const limit = most + 3n * order;
  expect(most + least).toBeGreaterThan(limit);
  const amount = { amount: text(limit), currency: 'EUR' };
  const asked = { customerId: sap.id, reason: 'They buy from two of us.', limit: amount };
  const { id: approvalId } = await desk.do('requestCreditLimit', asked, 'approval');
  await credit.do('approveCreditLimit', { approvalId, amount }, 'creditAccount');
  const [inSap, inQuickBooks] = [sap.accounts.nodes[0], qb.accounts.nodes[0]];
  expect(await place(inSap, order)).toMatchObject({ lifecycle: 'CONFIRMED', holds: [] });
  expect(await place(inQuickBooks, order)).toMatchObject({ lifecycle: 'CONFIRMED', holds: [] });

  const [{ id }] = (await credit.ask('{ customerMatches(first: 1) { nodes { id } } }')).customerMatches.nodes;
  const match = await credit.do('confirmCustomerMatch', { id }, 'match', 'id version lifecycle keptCustomer { id }');
  expect(match).toMatchObject({ lifecycle: 'CONFIRMED', keptCustomer: { id: sap.id } });
  const held = await place(inSap, order);
  expect(held).toMatchObject({ lifecycle: 'SUBMITTED', holds: [{ kind: 'CREDIT' }] });
  const rows = await credit.ask(
    `query($id: ID!) { creditExposure(customerId: $id) { legalEntityCode connection syncedAt exposure } }`,
    { id: sap.id },
  );
  expect(new Set(rows.creditExposure.map((row: Shown) => row.connection))).toEqual(new Set(NAMES));
  expect(rows.creditExposure.every((row: Shown) => row.syncedAt !== null)).toBe(true);

  await credit.do('undoCustomerMatch', { id }, 'match');
  expect(await place(inSap, order)).toMatchObject({ lifecycle: 'CONFIRMED', holds: [] });
  expect((await customerNamed(KNOWN['quickbooks']?.name ?? '')).accounts.nodes).toEqual(qb.accounts.nodes);
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
