// What a router asks of a subgraph, over HTTP: many records at once, by their keys, and the schema with its keys.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openBooks, startWorld } from '../support/world.ts';

const world = await startWorld();
const books = await openBooks(world, { number: 'C-1' });
const admin = await world.as('admin');

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Customer { id number }
    ... on CustomerAccount { number customer { number } }
    ... on LegalEntity { code }
  }
}`;
const entities = async (representations: object[]) => (await admin.ask(ENTITIES, { representations }))['_entities'];

it('gives each record that is named, of whatever kind, in the order of the names', async () => {
  const { customerId, accountId, legalEntityId } = books;
  const found = await entities([
    { __typename: 'CustomerAccount', id: accountId },
    { __typename: 'LegalEntity', id: legalEntityId },
    { __typename: 'Customer', id: customerId },
    { __typename: 'LegalEntity', id: legalEntityId },
  ]);
  expect(found).toMatchObject([
    { __typename: 'CustomerAccount', customer: { number: 'C-1' } },
    { __typename: 'LegalEntity', code: 'DE01' },
    { __typename: 'Customer', id: customerId, number: 'C-1' },
    { __typename: 'LegalEntity', code: 'DE01' },
  ]);
});

it('gives null for what is not there, is of another kind, or is of somebody else', async () => {
  await world.addTenant('other');
  const theirs = await openBooks(world, { tenant: 'other', number: 'C-9' });
  const [kind = '', uuid = ''] = books.customerId.split('_');
  const unknown = `${kind}_${uuid.slice(0, -4)}0000`;
  expect(
    await entities([
      { __typename: 'Customer', id: unknown },
      { __typename: 'LegalEntity', id: books.customerId },
      { __typename: 'Customer', id: theirs.customerId },
    ]),
  ).toEqual([null, null, null]);
});

it('says what is wrong with a name that is none', async () => {
  for (const wrong of [{}, { __typename: 'Customer' }, { id: books.customerId }, { __typename: 'Customer', id: 7 }]) {
    const { errors } = await admin.send(ENTITIES, { representations: [wrong] });
    expect(errors?.[0]?.message).toContain('_Any must be an object with `__typename`');
  }
  const { errors } = await admin.send(ENTITIES, { representations: [{ __typename: 'Customer', id: 'cus_1' }] });
  expect(errors?.[0]?.extensions?.['code']).toBe('INVALID_ID');
});

it('gives the committed schema with its keys to whoever may see the schema', async () => {
  const committed = readFileSync(join(import.meta.dirname, '../../schema/subgraph.graphql'), 'utf8');
  expect((await admin.ask('{ _service { sdl } }'))['_service'].sdl).toBe(committed);
});
