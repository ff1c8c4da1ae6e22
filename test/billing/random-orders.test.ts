// Orders with a life by chance, each amount of which is worked out a second time by an oracle of its own. RANDOM_ORDERS sets how many
// (60 unless told), RANDOM_SEED which.
import { expect, it } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { broken } from '../support/invariants.ts';
import { openBooks, startWorld } from '../support/world.ts';
import { RandomOrder } from './random-order.ts';
import { openShop, type Shop } from './shop.ts';

const COUNT = Number(process.env['RANDOM_ORDERS'] ?? 60);
const SEED = process.env['RANDOM_SEED'] ?? '1';
const AT_ONCE = 4;

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
const admin = await world.as('admin');
const { legalEntityId } = await openBooks(world);
for (const [currency, rate] of [
  ['JPY', '0.006117'],
  ['KWD', '2.991735'],
] as const)
  await admin.do('setExchangeRate', { fromCurrency: currency, toCurrency: 'EUR', validOn: '2026-01-01', rate }, 'exchangeRate');

const terms = await admin.do(
  'createPaymentTerms',
  {
    code: 'PARTS',
    name: 'In parts',
    netDays: 60,
    discountDays: 5,
    discountPercent: '2.25',
    instalments: [
      { instalment: 1, percent: '12.3456', netDays: 10 },
      { instalment: 2, percent: '87.6544', netDays: 60 },
    ],
  },
  'paymentTerms',
);

/** A customer of its own for each line of work, so that they don't wait for one another. */
async function shopOf(i: number): Promise<{ shop: Shop; isBilledOnShipment: boolean }> {
  const number = `R-${i}`;
  const { id: customerId } = await admin.do('createCustomer', { number, name: `Customer ${number}` }, 'customer');
  const account = await admin.do('openAccount', { customerId, legalEntityId, number, currency: 'EUR' }, 'account', 'id version');
  const isBilledOnShipment = i % 2 === 0;
  const billingRule = isBilledOnShipment ? 'ON_SHIPMENT' : 'ON_ORDER';
  const more = i < 2 ? { paymentTermsId: terms.id } : {};
  await admin.do('updateAccount', { id: account.id, expectedVersion: account.version, billingRule, ...more }, 'account');
  return { shop: await openShop(world, account.id), isBilledOnShipment };
}

const timeout = 60_000 + COUNT * 3_000;

it(`${COUNT} orders come to what an oracle says at every step, to the minor unit, and break no invariant`, {
  timeout,
}, async () => {
  const made = { bills: 0, notes: 0 };
  const workers = Array.from({ length: AT_ONCE }, async (_, worker) => {
    const { shop, isBilledOnShipment } = await shopOf(worker);
    for (let i = worker; i < COUNT; i += AT_ONCE) {
      const order = new RandomOrder(shop, seededRandom(`${SEED} ${i}`), isBilledOnShipment);
      const { bills, notes } = await order.live().catch((error: unknown) => {
        throw new Error(`RANDOM_SEED=${SEED}, order ${i}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      });
      made.bills += bills;
      made.notes += notes;
    }
  });
  await Promise.all(workers);
  // else this would prove nothing
  expect(made.bills).toBeGreaterThan(COUNT);
  expect(made.notes).toBeGreaterThan(COUNT / 2);
  await world.platform.sealer.sealed();
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
