// Where two companies or two people could meet: idempotency keys, external ids, natural keys in inputs, rights that are handed on.
import { describe, expect, it } from 'vitest';
import { ISSUER, startStage } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const { world } = stage;

const CREATE =
  'mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id number } userErrors { code } } }';
const INVOICE =
  'mutation($input: ImportInvoiceInput!) { importInvoice(input: $input) { invoice { id number } userErrors { code message path } } }';
const imported = (legalEntityId: string, more: object = {}) => ({
  legalEntityId,
  externalId: 'shop-1',
  customerNumber: 'C-1',
  amount: '11',
  currency: 'EUR',
  issuedOn: '2026-01-02',
  dueOn: '2026-02-02',
  number: 'SHOP-1',
  ...more,
});

it('an idempotency key belongs to one person of one tenant: everybody else starts anew with it', async () => {
  const people = await Promise.all([world.as('admin', 'acme'), world.as('admin', 'beta'), world.as('billing', 'acme')]);
  const ask = (i: number) =>
    people[i]?.ask(CREATE, { input: { number: `K-${i % 2}${i}`, name: 'Key' } }, { 'idempotency-key': 'same' });
  const first = [await ask(0), await ask(1), await ask(2)].map((answer) => answer?.['createCustomer'].customer);
  expect(new Set(first.map(({ id }) => id)).size).toBe(3);
  expect([await ask(0), await ask(1), await ask(2)].map((answer) => answer?.['createCustomer'].customer)).toEqual(first);
});

it('an external id that another tenant uses is new here', async () => {
  const ids = [];
  for (const company of [acme, beta]) {
    const person = await world.as('integration', company.slug);
    const [once, again] = [
      await person.ask(INVOICE, { input: imported(company.entities.DE01) }),
      await person.ask(INVOICE, { input: imported(company.entities.DE01) }),
    ];
    expect(again).toEqual(once);
    ids.push(once['importInvoice'].invoice.id);
  }
  expect(new Set(ids).size).toBe(2);
});

describe('staff of one legal entity', () => {
  it('can import neither into another one nor set a payment against its invoices', async () => {
    const { person } = await stage.viewer(acme, 'admin of DE01');
    const admin = await world.as('admin');
    const { invoices } = await admin.ask(
      `{ invoices(where: { legalEntityId: { eq: "${acme.entities.FR01}" }, status: { eq: PARTIALLY_PAID } }) { nodes { id number open { amount } } } }`,
    );
    const [theirs] = invoices.nodes;
    const payment = { externalId: 'bank-1', customerNumber: 'C-1', amount: '1', currency: 'EUR', receivedOn: '2026-01-05' };
    expect(await person.refused('importPayment', { ...payment, legalEntityId: acme.entities.FR01 })).toMatchObject([
      { code: 'NOT_FOUND', path: ['input', 'legalEntityId'] },
    ]);
    const naming = async (invoiceNumber: string) =>
      JSON.stringify(
        await person.refused('importPayment', { ...payment, legalEntityId: acme.entities.DE01, invoiceNumber }),
      ).replace(invoiceNumber, '');
    expect(await naming(theirs.number)).toBe(await naming('INV-FR01-999999'));
    expect((await admin.ask(`{ invoice(id: "${theirs.id}") { id number open { amount } } }`))['invoice']).toEqual(theirs);
  });

  it('learns nothing of an external id that another legal entity uses', async () => {
    const admin = await world.as('integration');
    await admin.ask(INVOICE, { input: imported(acme.entities.FR01, { externalId: 'french', number: 'SHOP-FR' }) });
    const { person } = await stage.viewer(acme, 'admin of DE01');
    const answer = await person.ask(INVOICE, {
      input: imported(acme.entities.DE01, { externalId: 'french', number: 'SHOP-DE' }),
    });
    expect(answer['importInvoice']).toMatchObject({ invoice: { number: 'SHOP-DE' }, userErrors: [] });
  });

  const raise = { name: 'Raised', issuer: ISSUER, subject: 'raised', roles: [{ role: 'admin' }] };
  it.each([
    ['an administrator of all', 'createActor', { kind: 'USER', ...raise }],
    [
      'a key for all',
      'createApiKey',
      { name: 'Raised', roles: raise.roles, expiresAt: new Date(Date.now() + 86_400_000).toISOString() },
    ],
  ])('cannot make itself %s', async (_what, name, input) => {
    const { person } = await stage.viewer(acme, 'admin of DE01');
    const type = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Input!`;
    const { errors } = await person.send(`mutation($input: ${type}) { ${name}(input: $input) { userErrors { code } } }`, {
      input: { ...input, dryRun: true },
    });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('cannot take rights from people of other legal entities', async () => {
    const { person } = await stage.viewer(acme, 'admin of DE01');
    const french = (await stage.viewer(acme, 'billing of FR01')).reach.actorId;
    const { errors } = await person.send(
      'mutation($input: RevokeActorInput!) { revokeActor(input: $input) { userErrors { code } } }',
      { input: { id: `act_${french}`, dryRun: true } },
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
  it('cannot end a key that is good for all legal entities', async () => {
    const { person } = await stage.viewer(acme, 'admin of DE01');
    const { apiKeys } = await (await world.as('admin')).ask('{ apiKeys { nodes { id } } }');
    const { errors } = await person.send(
      'mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { userErrors { code } } }',
      { input: { id: apiKeys.nodes[0].id, dryRun: true } },
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('cannot move the clock of the whole tenant', async () => {
    const { person } = await stage.viewer(acme, 'admin of DE01');
    const { errors } = await person.send(
      'mutation($input: AdvanceClockInput!) { advanceClock(input: $input) { userErrors { code } } }',
      { input: { to: '2026-01-11T00:00:00.000Z', dryRun: true } },
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});
