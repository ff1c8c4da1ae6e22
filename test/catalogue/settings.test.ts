// How an account buys and is billed, and by which policies a legal entity sells: set, cleared, refused, read.
import { describe, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { openBooks, type Person, startWorld } from '../support/world.ts';
import { told } from './told.ts';

const world = await startWorld({ now: '2026-03-01T09:00:00.000Z' });
const { customerId, legalEntityId, accountId } = await openBooks(world);
const admin = await world.as('admin');
const { id: priceListId } = await admin.do('createPriceList', { code: 'VIP', name: 'Best prices', currency: 'EUR' }, 'priceList');
const { id: dollars } = await admin.do('createPriceList', { code: 'USD', name: 'Dollars', currency: 'USD' }, 'priceList');
const { id: paymentTermsId } = await admin.do(
  'createPaymentTerms',
  { code: 'NET30', name: '30 days', netDays: 30 },
  'paymentTerms',
);
await admin.do(
  'createActor',
  { kind: 'PORTAL', name: 'Buyer', issuer: 'urn:cashgraph:local', subject: 'buyer', roles: [], customerIds: [customerId] },
  'actor',
);
const buyer = await world.as('buyer');
const credit = await world.as('credit');
const first = async (person: Person, name: string, input: object) => (await person.refused(name, { ...input }))[0];
describe('an account', () => {
  const SETTINGS = 'version paymentTerms { code } priceList { code } billingRule taxExemption taxRegion';
  const settings = { paymentTermsId, priceListId, billingRule: 'ON_ORDER', taxExemption: 'VATEX-EU-132', taxRegion: 'DE-BY' };
  const set = {
    paymentTerms: { code: 'NET30' },
    priceList: { code: 'VIP' },
    billingRule: 'ON_ORDER',
    taxExemption: 'VATEX-EU-132',
    taxRegion: 'DE-BY',
  };
  const none = { paymentTerms: null, priceList: null, billingRule: null, taxExemption: null, taxRegion: null };

  it('gets settings, keeps what is absent and loses what is null', async () => {
    expect(await admin.do('updateAccount', { id: accountId, ...settings }, 'account', SETTINGS)).toEqual({ ...set, version: 2 });
    expect(await admin.do('updateAccount', { id: accountId, expectedVersion: 2, taxRegion: null }, 'account', SETTINGS)).toEqual({
      ...set,
      taxRegion: null,
      version: 3,
    });
    expect(
      await admin.do('updateAccount', { id: accountId, taxRegion: null, billingRule: 'ON_ORDER' }, 'account', SETTINGS),
    ).toMatchObject({ version: 3 });
    const cleared = { paymentTermsId: null, priceListId: null, billingRule: null, taxExemption: null };
    expect(await admin.do('updateAccount', { id: accountId, ...cleared }, 'account', SETTINGS)).toEqual({ ...none, version: 4 });
    const events = await told(admin, 'account.updated', 3);
    expect(events.map(({ recordVersion, payload }) => [recordVersion, payload['fields'], payload['billingRule']])).toEqual([
      [2, 'billingRule paymentTermsId priceListId taxExemption taxRegion', 'ON_ORDER'],
      [3, 'taxRegion', 'ON_ORDER'],
      [4, 'billingRule paymentTermsId priceListId taxExemption', null],
    ]);
  });

  it('is opened with settings at once', async () => {
    const opened = await admin.do(
      'openAccount',
      { customerId, legalEntityId, number: 'C-2', currency: 'EUR', ...settings },
      'account',
      SETTINGS,
    );
    expect(opened).toEqual({ ...set, version: 1 });
  });

  it.each<[string, object, string, string]>([
    ['a list in another currency', { priceListId: dollars }, 'CURRENCY_MISMATCH', 'priceListId'],
    ['a list that is not there', { priceListId: `pl_${customerId.slice(4)}` }, 'NOT_FOUND', 'priceListId'],
    ['terms that are not there', { paymentTermsId: `pt_${customerId.slice(4)}` }, 'NOT_FOUND', 'paymentTermsId'],
    ['a reason that is no code', { taxExemption: 'because' }, 'INVALID_INPUT', 'taxExemption'],
    ['a region without its country', { taxRegion: 'CA' }, 'INVALID_INPUT', 'taxRegion'],
    ['an old version', { expectedVersion: 1, taxRegion: 'DE-HH' }, 'VERSION_CONFLICT', 'expectedVersion'],
    ['an account that is not there', { id: `acc_${customerId.slice(4)}` }, 'NOT_FOUND', 'id'],
  ])('refuses %s', async (_, more, code, field) => {
    expect(await first(admin, 'updateAccount', { id: accountId, ...more })).toMatchObject({ code, path: ['input', field] });
  });

  it('shows its list to whoever may see lists, though others may set it', async () => {
    await credit.do('updateAccount', { id: accountId, priceListId }, 'account');
    for (const person of [buyer, credit]) {
      const hidden = await person.send(`{ customerAccount(id: "${accountId}") { priceList { code } } }`);
      expect(hidden.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
      expect((await person.ask(`{ customerAccount(id: "${accountId}") { taxExemption } }`)).customerAccount).toBeTruthy();
    }
  });
});

describe('a legal entity', () => {
  const POLICIES =
    'version name billingRule creditStage overdueBlockDays overdueBlock { amount currency } writeOffLimit { amount currency } discountReducesTax';
  const usual = {
    version: 1,
    name: 'DE01 company',
    billingRule: 'ON_SHIPMENT',
    creditStage: 'ORDER',
    overdueBlockDays: null,
    overdueBlock: null,
    writeOffLimit: null,
    discountReducesTax: false,
  };
  const money = (amount: string, currency = 'EUR') => ({ amount, currency });

  it('begins with the usual policies, and sets and clears its own', async () => {
    const { legalEntity } = await admin.ask(`{ legalEntity(code: "DE01") { ${POLICIES} } }`);
    expect(legalEntity).toEqual(usual);
    const own = { billingRule: 'ON_ORDER', creditStage: 'DELIVERY', writeOffLimit: money('250.00'), discountReducesTax: true };
    const block = { overdueBlock: { days: 30, amount: money('1000.00') } };
    const set = await admin.do(
      'updateLegalEntity',
      { id: legalEntityId, ...own, ...block, expectedVersion: 1 },
      'legalEntity',
      POLICIES,
    );
    const after = { ...usual, ...own, overdueBlockDays: 30, overdueBlock: money('1000.00'), version: 2 };
    expect(set).toEqual(after);
    expect(await admin.do('updateLegalEntity', { id: legalEntityId, ...own, ...block }, 'legalEntity', POLICIES)).toEqual(after);
    const cleared = await admin.do(
      'updateLegalEntity',
      { id: legalEntityId, overdueBlock: null, writeOffLimit: null, name: 'Newer' },
      'legalEntity',
      POLICIES,
    );
    expect(cleared).toEqual({
      ...after,
      overdueBlockDays: null,
      overdueBlock: null,
      writeOffLimit: null,
      name: 'Newer',
      version: 3,
    });
    const [event, later] = await told(admin, 'legal_entity.updated', 2);
    expect(event?.payload).toMatchObject({ overdueBlock: '1000.00', overdueBlockCurrency: 'EUR', writeOffLimit: '250.00' });
    expect(later?.payload).toMatchObject({ overdueBlock: null, overdueBlockDays: null, writeOffLimit: null, name: 'Newer' });
  });

  it.each<[string, object, string, readonly string[]]>([
    [
      'a limit in another currency than its own',
      { writeOffLimit: money('1.00', 'USD') },
      'CURRENCY_MISMATCH',
      ['writeOffLimit', 'currency'],
    ],
    ['a limit below zero', { writeOffLimit: money('-0.01') }, 'AMOUNT_INVALID', ['writeOffLimit', 'amount']],
    [
      "an overdue amount in another currency than the group's",
      { overdueBlock: { days: 1, amount: money('1.00', 'USD') } },
      'CURRENCY_MISMATCH',
      ['overdueBlock', 'amount', 'currency'],
    ],
    ['days without end', { overdueBlock: { days: 3651, amount: money('1.00') } }, 'INVALID_INPUT', ['overdueBlock', 'days']],
    ['an old version', { expectedVersion: 99 }, 'VERSION_CONFLICT', ['expectedVersion']],
  ])('refuses %s', async (_, more, code, path) => {
    expect(await first(admin, 'updateLegalEntity', { id: legalEntityId, ...more })).toMatchObject({
      code,
      path: ['input', ...path],
    });
  });

  it('has its policies set by administrators only', async () => {
    const answer = await credit.send(
      'mutation($input: UpdateLegalEntityInput!) { updateLegalEntity(input: $input) { legalEntity { id } } }',
      {
        input: { id: legalEntityId, billingRule: 'ON_ORDER' },
      },
    );
    expect(answer.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
  });
});

describe('a customer', () => {
  it('loses a field by null, and its parent too', async () => {
    const fields = 'version taxId country parent { number }';
    const made = await admin.do(
      'createCustomer',
      { number: 'C-9', name: 'Nine', parentId: customerId, country: 'FR', taxId: 'FR1' },
      'customer',
      `id ${fields}`,
    );
    expect(made).toMatchObject({ taxId: 'FR1', country: 'FR', parent: { number: 'C-1' } });
    const changed = await admin.do('updateCustomer', { id: made.id, taxId: null, parentId: null }, 'customer', fields);
    expect(changed).toEqual({ version: 2, taxId: null, country: 'FR', parent: null });
    expect((await told(admin, 'customer.updated', 1))[0]?.payload).toEqual({ fields: 'parentId taxId', parentId: null });
  });
});

it('every invariant holds after all of it', async () => {
  await world.platform.sealer.sealed();
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
