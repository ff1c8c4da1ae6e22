// A small company with everything in its books that can happen to money: two legal entities, three currencies, a hierarchy, taxes,
// notes, discounts, write-offs, bounced and foreign payments, imports, closed books. Made by commands, without HTTP.
import { ensureActor, ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import { type FixedClock, fixedClock } from '../../src/kernel/clock.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { createPlatform, type Platform } from '../../src/platform.ts';
import { silentErp } from '../observation/silent-erp.ts';
import type { FreshDatabase } from './database.ts';
import { observeSome } from './observed-books.ts';

export interface SmallCompany {
  readonly platform: Platform;
  readonly clock: FixedClock;
  readonly tenantId: string;
}

type Run = (name: string, input: Record<string, unknown>) => Promise<string>;

const line = (net: string, taxRate = '19', quantity = '1') => ({
  description: 'Fan "AX" – 7"',
  quantity,
  unitPrice: net,
  taxCategory: taxRate === '0' ? 'K' : 'S',
  taxRate,
});

/** The caller closes the platform. */
export async function openSmallCompany(database: FreshDatabase): Promise<SmallCompany> {
  const clock = fixedClock('2026-01-05T12:00:00Z');
  const address = { connection: database.connection, rolePrefix: 'cashgraph' };
  const { id: tenantId } = await ensureTenant(
    address,
    { slug: 'small', name: 'Small', groupCurrency: 'EUR', isSandbox: true },
    clock,
  );
  await ensureActor(address, tenantId, {
    name: 'Ada',
    issuer: 'urn:test',
    subject: 'admin',
    roles: ['admin'],
    madeAt: clock.now(),
  });
  const platform = await createPlatform({
    ...address,
    clock,
    randomness: seededRandom(database.name),
    config: loadConfig({ NODE_ENV: 'test' }),
    connectors: [silentErp],
    secretKeys: [new Uint8Array(32).fill(7)],
  });
  const principal = await platform.signIn.bySubject({ issuer: 'urn:test', subject: 'admin', tenant: 'small' });
  if (!principal) throw new Error('Nobody can sign in');
  let requests = 0;
  const run: Run = async (name, input) => {
    clock.advance(1_000);
    requests += 1;
    const outcome = await platform.write.run(platform.command(name), input, {
      principal,
      requestId: `test-${requests}`,
      idempotencyKey: `key-${requests}`,
    });
    if (!outcome.ok) throw new Error(`${name}: ${outcome.problems.map((p) => p.message).join(' ')}`);
    return outcome.recordId;
  };
  const { de, below, orderId } = await fill(run, clock);
  clock.advance(1_000);
  await observeSome({
    company: { platform, tenantId },
    party: { legalEntityId: bare(de), accountId: bare(below) },
    orderId: bare(orderId),
  });
  await platform.sealer.sealed();
  return { platform, clock, tenantId };
}

const rate = (from: string, to: string, validOn: string, value: string) => ({
  fromCurrency: from,
  toCurrency: to,
  validOn,
  rate: value,
});

async function fill(run: Run, clock: FixedClock): Promise<{ de: string; below: string; orderId: string }> {
  const de = publicId(
    'le',
    await run('createLegalEntity', {
      code: 'DE',
      name: 'Nord',
      country: 'DE',
      functionalCurrency: 'EUR',
      timeZone: 'Europe/Berlin',
    }),
  );
  const us = publicId(
    'le',
    await run('createLegalEntity', {
      code: 'US',
      name: 'West',
      country: 'US',
      functionalCurrency: 'USD',
      timeZone: 'America/New_York',
    }),
  );
  for (const [month, usd] of [
    ['01', '0.92'],
    ['02', '0.89'],
    ['03', '0.95'],
  ] as const) {
    await run('setExchangeRate', rate('USD', 'EUR', `2026-${month}-01`, usd));
    await run('setExchangeRate', rate('JPY', 'EUR', `2026-${month}-01`, `0.006${month}`));
  }
  const terms = publicId(
    'pt',
    await run('createPaymentTerms', {
      code: '2-10-NET30',
      name: '2/10 net 30',
      netDays: 30,
      discountDays: 10,
      discountPercent: '2',
    }),
  );
  const parent = publicId('cus', await run('createCustomer', { number: 'P', name: 'Parent' }));
  const child = publicId('cus', await run('createCustomer', { number: 'C', name: 'Child', parentId: parent }));
  const open = async (customerId: string, legalEntityId: string, number: string, currency: string) =>
    publicId('acc', await run('openAccount', { customerId, legalEntityId, number, currency, paymentTermsId: terms }));
  const above = await open(parent, de, 'P', 'EUR');
  const below = await open(child, de, 'C', 'EUR');
  const abroad = await open(child, us, 'C', 'USD');
  await ofGermany(run, clock, { above, below });
  await abroadAndImported(run, clock, { de, us, abroad, below });
  const ordered = { description: 'Fan', quantity: '3', unitPrice: '19.99', taxCategory: 'S', taxRate: '19', isShipped: true };
  await run('placeOrder', { accountId: below, lines: [ordered] });
  await soldAndReturned(run, below);
  await run('updateCustomer', { id: child, name: 'Child & Sons' });
  const brackets = { description: 'Bracket', quantity: '10', unitPrice: '12', taxCategory: 'S', taxRate: '19', isShipped: true };
  const orderId = publicId('ord', await run('placeOrder', { accountId: below, lines: [brackets] }));
  await run('closeBooks', { id: de, through: '2026-01-31' });
  return { de, below, orderId };
}

const bare = (id: string): string => id.slice(id.indexOf('_') + 1);

/** An order that was shipped and billed, and came back. */
async function soldAndReturned(run: Run, accountId: string): Promise<void> {
  const belt = { description: 'Belt', quantity: '7', unitPrice: '0.333333', taxCategory: 'S', taxRate: '19', isShipped: true };
  const orderId = publicId('ord', await run('placeOrder', { accountId, lines: [belt] }));
  const id = publicId('ful', await run('planFulfilment', { orderId }));
  await run('releaseFulfilment', { id });
  await run('shipFulfilment', { id });
  await run('billOrder', { orderId });
  await run('returnFulfilment', { id, reason: 'Torn' });
  await run('creditReturn', { orderId, reason: 'Torn' });
}

const issuing =
  (run: Run) =>
  async (accountId: string, lines: readonly object[], more: Record<string, unknown> = {}) => {
    const id = publicId('inv', await run('draftInvoice', { accountId, lines, ...more }));
    await run('issueInvoice', { id });
    return id;
  };

const paying =
  (run: Run) =>
  async (accountId: string, amount: string, currency = 'EUR') =>
    publicId('pay', await run('recordPayment', { accountId, amount: { amount, currency }, bankAccount: 'DE02' }));

async function ofGermany(run: Run, clock: FixedClock, { above, below }: { above: string; below: string }): Promise<void> {
  const issue = issuing(run);
  const pay = paying(run);
  const first = await issue(below, [line('100', '19', '3'), line('33.33', '7', '1.5'), line('10', '0')]);
  const second = await issue(below, [line('1000')]);
  const third = await issue(above, [line('500')]);
  const fourth = await issue(above, [line('80')]);
  await issue(below, [line('60')]);
  clock.set('2026-01-10T12:00:00Z');
  await run('issueCreditNote', { invoiceId: first, reason: 'Damaged', lines: [{ taxCategory: 'S', taxRate: '7', net: '20' }] });
  const central = await pay(above, '1500');
  await run('applyCash', {
    paymentId: central,
    allocations: [
      { invoiceId: second, amount: '1166.2', discount: '23.80' },
      { invoiceId: third, amount: '300' },
    ],
  });
  clock.set('2026-01-20T12:00:00Z');
  const debit = await pay(above, '95.20');
  await run('applyCash', { paymentId: debit, allocations: [{ invoiceId: fourth, amount: '95.20' }] });
  clock.set('2026-01-23T12:00:00Z');
  await run('returnPayment', { id: debit, reason: 'AM04' });
  await run('writeOff', { invoiceId: third, amount: '5', reason: 'Bank charges' });
  await run('issueCreditNote', { invoiceId: fourth, reason: 'Never delivered' });
  await pay(above, '12');
  const announced = publicId(
    'pay',
    await run('recordPayment', { accountId: below, amount: { amount: '5', currency: 'EUR' }, isPending: true }),
  );
  await run('failPayment', { id: announced });
  const draft = publicId('inv', await run('draftInvoice', { accountId: below, lines: [line('7')] }));
  await run('changeInvoiceDraft', { id: draft, expectedVersion: 1, lines: [line('8')] });
}

async function abroadAndImported(
  run: Run,
  clock: FixedClock,
  accounts: { de: string; us: string; abroad: string; below: string },
): Promise<void> {
  const issue = issuing(run);
  const pay = paying(run);
  clock.set('2026-01-26T17:00:00Z');
  const dollars = await issue(accounts.below, [line('700', '0')], { currency: 'USD' });
  const yen = await issue(accounts.below, [line('100001', '0')], { currency: 'JPY' });
  const home = await issue(accounts.abroad, [line('250', '0')]);
  clock.set('2026-02-16T17:00:00Z');
  const inDollars = await pay(accounts.below, '700', 'USD');
  await run('applyCash', { paymentId: inDollars, allocations: [{ invoiceId: dollars, amount: '300.01' }] });
  await run('applyCash', { paymentId: inDollars, allocations: [{ invoiceId: dollars, amount: '399.99' }] });
  const inEuro = await pay(accounts.below, '620');
  await run('applyCash', { paymentId: inEuro, allocations: [{ invoiceId: yen, amount: '100001', fromAmount: '605.20' }] });
  const wrong = await pay(accounts.abroad, '250', 'USD');
  await run('applyCash', { paymentId: wrong, allocations: [{ invoiceId: home, amount: '100' }] });
  const imported = { legalEntityId: accounts.de, customerNumber: 'C', currency: 'EUR' };
  await run('importInvoice', {
    ...imported,
    externalId: 'I-1',
    amount: '99.50',
    issuedOn: '2025-12-01',
    dueOn: '2025-12-31',
    settledOn: '2026-01-08',
  });
  await run('importInvoice', { ...imported, externalId: 'I-2', amount: '10', issuedOn: '2025-12-15', dueOn: '2026-01-15' });
}
