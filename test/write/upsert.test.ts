// Customers as another program knows them: made or changed by their number, alone and many at once.
import { expect, it } from 'vitest';
import { openBooks, startWorld } from '../support/world.ts';
import { broken } from './company.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const { legalEntityId } = await openBooks(world, { number: 'C-1' });
const desk = await world.as('order-desk');
const SHOWN = 'id number name country email version accounts { nodes { number currency } } aliases { name }';
const upsert = (input: Record<string, unknown>) => desk.do('upsertCustomer', input, 'customer', SHOWN);

it('makes the customer, then changes what is given, leaves what is absent, and clears what is null', async () => {
  const made = await upsert({
    number: 'N-1',
    name: 'Nordwind',
    country: 'DE',
    email: 'a@nordwind.example',
    legalEntityId,
    currency: 'EUR',
  });
  expect(made).toMatchObject({
    number: 'N-1',
    country: 'DE',
    version: 1,
    accounts: { nodes: [{ number: 'N-1', currency: 'EUR' }] },
  });
  expect(await upsert({ number: 'N-1', name: 'Nordwind', legalEntityId })).toEqual(made);
  const changed = await upsert({ number: 'N-1', name: 'Nordwind AG', email: null });
  expect(changed).toMatchObject({
    id: made.id,
    name: 'Nordwind AG',
    country: 'DE',
    email: null,
    version: 2,
    aliases: [{ name: 'Nordwind' }],
  });
});

it('refuses what does not fit, with the field', async () => {
  const codes = async (input: Record<string, unknown>) =>
    (await desk.refused('upsertCustomer', input)).map(({ code, path }) => [code, path.at(-1)]);
  expect(await codes({ number: 'N-2' })).toEqual([['INVALID_INPUT', 'name']]);
  expect(await codes({ number: 'N-2', name: 'New', legalEntityId })).toEqual([['INVALID_INPUT', 'currency']]);
  expect(await codes({ number: 'C-1', legalEntityId, currency: 'USD' })).toEqual([['CURRENCY_MISMATCH', 'currency']]);
  const other = await desk.do('createCustomer', { number: 'N-3', name: 'Other' }, 'customer');
  await desk.do('openAccount', { customerId: other.id, legalEntityId, number: 'N-4', currency: 'EUR' }, 'account');
  expect(await codes({ number: 'N-4', name: 'New', legalEntityId, currency: 'EUR' })).toEqual([['ALREADY_EXISTS', 'number']]);
});

it('does many at once, the same number twice in their order', async () => {
  const items = [
    { number: 'B-1', name: 'First' },
    { number: 'B-1', name: 'Second', country: 'SE' },
    { number: 'B-2' },
    { number: 'B-3', name: 'Third', legalEntityId, currency: 'EUR' },
  ];
  const query = `mutation($input: BulkUpsertCustomersInput!) { bulkUpsertCustomers(input: $input) { results { customer { ${SHOWN} } userErrors { code path } } } }`;
  const { results } = (await desk.ask(query, { input: { items } }))['bulkUpsertCustomers'];
  expect(results[0].customer).toEqual(results[1].customer);
  expect(results[1].customer).toMatchObject({ name: 'Second', country: 'SE', version: 2, aliases: [{ name: 'First' }] });
  expect(results[2]).toEqual({ customer: null, userErrors: [{ code: 'INVALID_INPUT', path: ['input', 'items', '2', 'name'] }] });
  expect(results[3].customer.accounts.nodes).toEqual([{ number: 'B-3', currency: 'EUR' }]);
  expect(await broken(world, world.tenantId)).toEqual([]);
});
