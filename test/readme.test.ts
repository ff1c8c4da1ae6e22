// The README's operations work as they are printed there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { collect, openBooks, startWorld } from './support/world.ts';

const world = await startWorld();
await openBooks(world);

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const operations = [...readme.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text = '']) => {
  const [definition] = parse(text).definitions;
  if (definition?.kind !== 'OperationDefinition') throw new Error(`not an operation: ${text}`);
  return { text, kind: definition.operation, name: definition.name?.value ?? '' };
});

it('prints a query, a mutation and a subscription', () => {
  expect(operations.map((o) => o.kind)).toEqual(['query', 'mutation', 'subscription']);
});

it.each(operations.filter((o) => o.kind !== 'subscription'))(
  'answers $name without an error, also the second time',
  async ({ text }) => {
    const admin = await world.as('admin');
    const first = await admin.send(text);
    expect(first.errors).toBeUndefined();
    for (const payload of Object.values(first.data ?? {})) expect(payload.userErrors ?? []).toEqual([]);
    expect(await admin.send(text)).toEqual(first);
  },
);

it.each(operations.filter((o) => o.kind === 'subscription'))('streams $name from the first event on', async ({ text }) => {
  const admin = await world.as('admin');
  const [message] = await collect<{ events: { cursor: string; type: string } }>(admin.socket(), text, {}, (m) => m.length === 1);
  expect(message?.events).toMatchObject({ cursor: '1', type: 'legal_entity.created' });
});
