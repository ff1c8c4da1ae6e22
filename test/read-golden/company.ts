/** The small company that the golden reads are asked of: two legal entities, a hierarchy, documents in every state, made through the API. */
import { type Names, orderSomething } from './orders.ts';
import { leftBehind } from '../access/company-erp.ts';
import { withClient } from '../support/connection.ts';
import { openBooks, type Person, type World } from '../support/world.ts';

const pump = (unitPrice: string, more: object = {}) => ({
  description: 'Pump',
  quantity: '2',
  unitPrice,
  taxCategory: 'S',
  taxRate: '19',
  ...more,
});

export async function smallCompany(world: World): Promise<Names> {
  const admin = await world.as('admin');
  const german = await openBooks(world, { code: 'DE01', number: 'C-1' });
  const swiss = await openBooks(world, { code: 'CH01', currency: 'CHF', number: 'C-2' });
  for (const [validOn, rate] of [
    ['2026-01-01', '0.93'],
    ['2026-02-01', '0.9512'],
  ]) {
    await admin.do('setExchangeRate', { fromCurrency: 'EUR', toCurrency: 'CHF', validOn, rate }, 'exchangeRate');
  }
  const { id: rate } = await admin.do(
    'setExchangeRate',
    { fromCurrency: 'CHF', toCurrency: 'EUR', validOn: '2026-01-01', rate: '1.0753' },
    'exchangeRate',
  );
  const { id: terms } = await admin.do(
    'createPaymentTerms',
    { code: 'NET30', name: '30 days, 2 % within 10', netDays: 30, discountDays: 10, discountPercent: '2' },
    'paymentTerms',
  );
  await admin.do('createPaymentTerms', { code: 'EOM', name: 'End of the month', netDays: 0, isEndOfMonth: true }, 'paymentTerms');
  await admin.do(
    'updateCustomer',
    { id: german.customerId, name: 'Ängström & Söhne', country: 'DE', segment: 'Industry' },
    'customer',
  );
  const { id: child } = await admin.do(
    'createCustomer',
    { number: 'C-3', name: 'Ångström Nord', parentId: german.customerId, country: 'SE', segment: 'Industry' },
    'customer',
  );
  const { id: childAccount } = await admin.do(
    'openAccount',
    { customerId: child, legalEntityId: german.legalEntityId, number: 'C-3', currency: 'EUR', paymentTermsId: terms },
    'account',
  );
  await admin.do(
    'createActor',
    { kind: 'PORTAL', name: 'Nord', issuer: 'urn:cashgraph:local', subject: 'nord', roles: [], customerIds: [child] },
    'actor',
  );
  const { id: apiKey } = await admin.do(
    'createApiKey',
    { name: 'Shop', roles: [{ role: 'integration' }], expiresAt: '2027-01-01T00:00:00Z' },
    'apiKey',
  );
  const documents = await trade(world, { admin, german: german.accountId, swiss: swiss.accountId, childAccount });
  const ordered = await orderSomething(world, {
    admin,
    customer: german.customerId,
    account: german.accountId,
    german: german.legalEntityId,
  });
  return {
    ...documents,
    ...ordered,
    rate,
    terms,
    child,
    childAccount,
    apiKey,
    customer: german.customerId,
    account: german.accountId,
    german: german.legalEntityId,
    ...(await found(admin)),
    ...(await connected(world, { admin, legalEntityId: swiss.legalEntityId })),
  };
}

/** What an ERP left. */
async function connected(world: World, { admin, legalEntityId }: { admin: Person; legalEntityId: string }): Promise<Names> {
  const { tenantId, database } = world;
  await withClient(database.connection, (client) =>
    leftBehind(async (text) => (await client.query(text)).rows, { tenantId, legalEntityId, mark: 'desk' }),
  );
  const { connections, syncIssues, erpRequests, authorities } = await admin.ask(
    '{ connections { nodes { id } } syncIssues { nodes { id } } erpRequests { nodes { id } } authorities { nodes { id } } }',
  );
  return {
    connection: connections.nodes[0].id,
    issue: syncIssues.nodes[0].id,
    erpRequest: erpRequests.nodes[0]?.id ?? '',
    authority: authorities.nodes[0].id,
  };
}

interface Trade {
  readonly admin: Person;
  readonly german: string;
  readonly swiss: string;
  readonly childAccount: string;
}

async function trade(world: World, { admin, german, swiss, childAccount }: Trade): Promise<Names> {
  const on = (day: string) => world.clock.set(`${day}T09:00:00.000Z`);
  const invoice = async (accountId: string, lines: object[], more: object = {}) => {
    world.clock.advance(1_000);
    const { id } = await admin.do('draftInvoice', { accountId, lines, ...more }, 'invoice');
    await admin.do('issueInvoice', { id }, 'invoice');
    return id as string;
  };
  const pay = async (accountId: string, amount: string, currency = 'EUR', more: object = {}) => {
    world.clock.advance(1_000);
    return (await admin.do('recordPayment', { accountId, amount: { amount, currency }, ...more }, 'payment')).id as string;
  };
  on('2026-01-10');
  const paid = await invoice(german, [pump('500')], { customerReference: 'PO 7' });
  const part = await invoice(childAccount, [
    pump('100'),
    pump('0.125', { quantity: '3', taxCategory: 'Z', taxRate: '0', description: 'Screw' }),
  ]);
  const foreign = await invoice(swiss, [pump('250')], { currency: 'EUR' });
  await admin.do('draftInvoice', { accountId: german, lines: [pump('1')] }, 'invoice');
  on('2026-02-05');
  const payment = await pay(german, '1300.00', 'EUR', { reference: 'INV-DE01-000001', bankAccount: 'DE02120300000000202051' });
  await admin.do(
    'applyCash',
    {
      paymentId: payment,
      allocations: [
        { invoiceId: paid, amount: '1190.00' },
        { invoiceId: part, amount: '60.00', discount: '2.50' },
      ],
    },
    'payment',
  );
  const bounced = await pay(swiss, '595.00');
  await admin.do('applyCash', { paymentId: bounced, allocations: [{ invoiceId: foreign, amount: '595.00' }] }, 'payment');
  await pay(childAccount, '10.00', 'EUR', { isPending: true });
  on('2026-03-02');
  await admin.do('returnPayment', { id: bounced, reason: 'AM04' }, 'payment');
  const { id: note } = await admin.do(
    'issueCreditNote',
    { invoiceId: paid, reason: 'Damaged', lines: [{ taxCategory: 'S', taxRate: '19', net: '100.00' }] },
    'creditNote',
  );
  await admin.do('writeOff', { invoiceId: foreign, amount: '5.00', reason: 'Bank fee' }, 'invoice');
  on('2026-04-15');
  return { paid, part, foreign, payment, bounced, note };
}

/** Records that no command answers with. */
async function found(admin: Person): Promise<Names> {
  const { openItems, allocations, journalEntries } = await admin.ask(
    `{ openItems(where: { documentNumber: { eq: "INV-DE01-000002" } }) { nodes { id } }
       allocations(where: { kind: { eq: DISCOUNT } }) { nodes { id } }
       journalEntries(where: { eventType: { eq: "payment.returned" } }) { nodes { id } } }`,
  );
  const { invoices } = await admin.ask(
    '{ invoices(first: 1, orderBy: [{ field: TOTAL, direction: DESC }]) { pageInfo { endCursor } } }',
  );
  const { creditAccounts, actors } = await admin.ask(
    '{ creditAccounts { nodes { id limit { amount } } } actors { nodes { id name } } }',
  );
  const limited = (creditAccounts.nodes as { id: string; limit: object | null }[]).find((c) => c.limit !== null);
  return {
    creditAccount: limited?.id ?? '',
    cashActor: (actors.nodes as { id: string; name: string }[]).find(({ name }) => name === 'cash')?.id ?? '',
    item: openItems.nodes[0].id,
    discount: allocations.nodes[0].id,
    entry: journalEntries.nodes[0].id,
    afterLargest: invoices.pageInfo.endCursor,
  };
}
