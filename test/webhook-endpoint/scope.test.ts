// Who may have what sent: only what they may read themselves, of their tenant, and through the filters that were set.
import { expect, it } from 'vitest';
import { openBooks, type Person, startWorld } from '../support/world.ts';
import { deliveriesOf, hookTo, newCustomer } from './hooks.ts';
import { startReceiver } from './receiver.ts';

const world = await startWorld();
await world.addTenant('beta');
const admin = await world.as('admin');
const URL = 'https://hooks.example.com/in';
const CREATE = `mutation($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) { webhookEndpoint { id } userErrors { code path message } } }`;
const { legalEntityId, customerId, accountId } = await openBooks(world);
const other = await openBooks(world, { code: 'FR01', number: 'C-2' });

const create = (person: Person, input: Record<string, unknown>) => person.send(CREATE, { input: { url: URL, ...input } });
const invoice = async (account: string) => {
  const billing = await world.as('billing');
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: '100', taxCategory: 'S', taxRate: '19' }];
  const { id } = await billing.do('draftInvoice', { accountId: account, lines }, 'invoice');
  await billing.do('issueInvoice', { id }, 'invoice');
  return id as string;
};

it('only staff with the permission makes an endpoint, and only for what it may read', async () => {
  for (const role of ['analyst', 'billing', 'cash']) {
    const { errors } = await create(await world.as(role), { eventTypes: ['invoice.*'] });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', details: { permission: 'webhooks:manage' } });
  }
  const buyer = {
    kind: 'PORTAL',
    name: 'Buyer',
    issuer: 'urn:cashgraph:local',
    subject: 'buyer',
    roles: [],
    customerIds: [customerId],
  };
  await admin.do('createActor', buyer, 'actor');
  const portal = await create(await world.as('buyer'), { eventTypes: ['invoice.*'] });
  expect(portal.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  const partner = await world.as('integration');
  const { errors } = await create(partner, { eventTypes: ['invoice.issued', 'api_key.created'] });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', details: { permission: 'keys:manage' } });
  // one that others made: whoever changes it must be allowed to read all of it as well
  const { id } = await hookTo(world, URL, { types: ['api_key.*'] });
  const change = await partner.send(
    'mutation($input: UpdateWebhookEndpointInput!) { updateWebhookEndpoint(input: $input) { userErrors { code } } }',
    {
      input: { id, url: 'https://elsewhere.example.com' },
    },
  );
  expect(change.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', details: { permission: 'keys:manage' } });
});

it('names no event, or filters that let nothing through, are refused by name', async () => {
  const refusal = async (input: Record<string, unknown>) =>
    (await create(admin, input)).data?.['createWebhookEndpoint'].userErrors[0];
  expect(await refusal({ eventTypes: ['invoice.issued', 'invoice.isued'] })).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['input', 'eventTypes', '1'],
    message: expect.stringContaining('invoice.issued'),
  });
  expect(await refusal({ eventTypes: ['unicorn.*'] })).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['input', 'eventTypes', '0'],
  });
  expect(await refusal({ eventTypes: ['*'] })).toMatchObject({ code: 'INVALID_INPUT' });
  expect(await refusal({ eventTypes: ['customer.*'], legalEntityId })).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['input', 'legalEntityId'],
  });
  expect(await refusal({ eventTypes: ['product.*'], customerId })).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['input', 'customerId'],
  });
});

it.each([
  'http://hooks.example.com/',
  'https://user:secret@hooks.example.com/',
  'https://hooks.example.com/#here',
  'https://10.0.0.1/',
  'https://192.168.1.1:8443/x',
  'https://169.254.169.254/latest/meta-data',
  'https://100.64.0.1/',
  'https://[fd00::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[::ffff:8.8.8.8]/',
  'https://[64:ff9b::a00:1]/',
  'https://167772161/',
  'https://0x0a000001/',
  'https://012.0.0.1/',
  'https://134744072/',
  'https://0x08.8.8.8/',
  'https://8.8.2056/',
  'ftp://hooks.example.com/',
  'hooks.example.com',
])('the address %s is refused', async (url) => {
  const { data } = await admin.send(CREATE, { input: { url, eventTypes: ['invoice.*'] } });
  expect(data?.['createWebhookEndpoint'].userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'url'] }]);
});

it('an endpoint gets what its filters let through, of its own tenant, and of exports those of its maker', async () => {
  const receivers = await Promise.all([1, 2, 3, 4, 5].map(() => startReceiver()));
  const [all, ofEntity, ofCustomer, ofBeta, ofPartner] = receivers;
  if (!all || !ofEntity || !ofCustomer || !ofBeta || !ofPartner) throw new Error('There are no receivers.');
  await hookTo(world, all.url, { types: ['invoice.issued', 'customer.created'] });
  await hookTo(world, ofEntity.url, { types: ['invoice.*'], legalEntityId });
  await hookTo(world, ofCustomer.url, { types: ['invoice.issued', 'customer.*'], customerId: other.customerId });
  await hookTo(world, ofBeta.url, { types: ['customer.*'], tenant: 'beta' });
  await hookTo(world, ofPartner.url, { types: ['export.*'], as: 'integration' });
  const list = { query: '{ customers { nodes { id } } }', format: 'JSONL' };
  await admin.do('startExport', list, 'export');
  const own = await (await world.as('integration')).do('startExport', list, 'export');
  const [here, there] = [await invoice(accountId), await invoice(other.accountId)];
  const here2 = await newCustomer(await world.as('admin', 'beta'));
  const recordsOf = ({ taken }: (typeof receivers)[number]) => [...new Set(taken.map(({ message }) => message.data.recordId))];
  await expect.poll(() => recordsOf(all)).toEqual([here, there]);
  await expect.poll(() => recordsOf(ofEntity)).toEqual([here]);
  expect(new Set(ofEntity.taken.map(({ message }) => message.type))).toEqual(new Set(['invoice.drafted', 'invoice.issued']));
  await expect.poll(() => recordsOf(ofCustomer)).toEqual([there]);
  await expect.poll(() => recordsOf(ofBeta)).toEqual([here2]);
  await expect
    .poll(() => ofPartner.taken.map(({ message }) => message.type))
    .toEqual(['export.queued', 'export.begun', 'export.done']);
  expect(recordsOf(ofPartner)).toEqual([own.id]);
  expect(all.taken[0]?.message.data).toMatchObject({ legalEntityId, accountId, payload: { to: 'OPEN', currency: 'EUR' } });
});

it('deliveries are found by state, type and record, and nobody sees those of another tenant', async () => {
  const [invoiceId] = [await invoice(accountId)];
  const LIST =
    'query($where: WebhookDeliveryWhere) { webhookDeliveries(where: $where) { totalCount nodes { recordId eventType state endpoint { id } } } }';
  const find = async (person: Person, where: object) => (await person.ask(LIST, { where })).webhookDeliveries;
  const where = { recordId: { eq: invoiceId }, eventType: { eq: 'invoice.issued' }, state: { eq: 'DELIVERED' } };
  await expect.poll(async () => (await find(admin, where)).totalCount).toBe(2);
  expect((await find(await world.as('admin', 'beta'), { recordId: { eq: invoiceId } })).totalCount).toBe(0);
  const [mine] = (await find(await world.as('admin', 'beta'), {})).nodes;
  expect(await deliveriesOf(admin, mine.endpoint.id).catch(() => null)).toBe(null);
});
