/** Who still uses what is deprecated: found in documents and variables, counted by login and client, bounded, never lost for a fault. */
import { buildSchema, type GraphQLFieldResolver, getOperationAST, parse, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { fixedClock } from '../../src/kernel/clock.ts';
import { createUsageCounter, type DeprecatedUse } from '../../src/transport/usage/counter.ts';
import { createDeprecations, reasonFor } from '../../src/transport/usage/deprecations.ts';
import { principalOf, start } from './fixture.ts';
import { schema as plain } from './schema.ts';
import { connected } from './socket-client.ts';

const SCHEMA = buildSchema(`
  enum State { OPEN PAID SETTLED @deprecated(reason: "Use PAID.") }
  input Filter { state: State states: [State!] and: [Filter!] number: String @deprecated(reason: "Use id.") }
  interface Named { name: String @deprecated(reason: "Use title.") title: String }
  type Invoice implements Named { name: String @deprecated(reason: "Use title.") title: String invoice: Invoice total(rounded: Boolean @deprecated(reason: "It always is.")): String }
  type Query { hello: String invoice(where: Filter, state: State): Invoice named: Named old: String @deprecated(reason: "Use hello.") }
  type Subscription { tick: String @deprecated(reason: "Use tock.") }
`);
const used = (text: string, variables: Record<string, unknown> | null = null): readonly string[] => {
  const document = parse(text);
  const operation = getOperationAST(document);
  const deprecations = createDeprecations(SCHEMA);
  if (!operation || !deprecations) throw new Error('nothing to look at');
  const first = deprecations({ document, operation, variables });
  expect(deprecations({ document, operation, variables })).toEqual(first);
  return [...first].sort();
};

describe('what an operation uses', () => {
  it.each<[what: string, text: string, coordinates: string[], variables?: Record<string, unknown>]>([
    ['nothing', '{hello invoice{title}}', []],
    ['a field', '{old invoice{a: name}}', ['Invoice.name', 'Query.old']],
    ['a field of an interface', '{named{name}}', ['Named.name']],
    [
      'a field in fragments, however often',
      '{invoice{...A invoice{...A}}} fragment A on Invoice{invoice{...B}} fragment B on Invoice{name}',
      ['Invoice.name'],
    ],
    ['an argument', '{invoice{total(rounded: true)}}', ['Invoice.total(rounded:)']],
    ['an enum value', '{invoice(state: SETTLED){title}}', ['State.SETTLED']],
    [
      'an input field and a value in it',
      '{invoice(where: {and: [{number: "1"}, {states: [OPEN, SETTLED]}]}){title}}',
      ['Filter.number', 'State.SETTLED'],
    ],
    ['a value in a variable', 'query($s: State){invoice(state: $s){title}}', ['State.SETTLED'], { s: 'SETTLED' }],
    ['another value in a variable', 'query($s: State){invoice(state: $s){title}}', [], { s: 'PAID' }],
    [
      'an input field deep in a variable',
      'query($w: Filter){invoice(where: $w){name}}',
      ['Filter.number', 'Invoice.name'],
      { w: { and: [{ and: [{ number: null }] }] } },
    ],
    [
      'variables that are nonsense',
      'query($w: Filter, $s: State){invoice(where: $w, state: $s){title}}',
      [],
      { w: [1, { and: 'x', nope: 1 }], s: { a: 1 } },
    ],
    ['a stream', 'subscription{tick}', ['Subscription.tick']],
  ])('%s', (_what, text, coordinates, variables) => {
    expect(used(text, variables)).toEqual(coordinates);
  });

  it('is found by its coordinate with the reason, and the reason is gone with it', () => {
    const reasons = ['Query.old', 'Invoice.total(rounded:)', 'State.SETTLED', 'Filter.number', 'Query.gone', 'nonsense'].map(
      (one) => reasonFor(SCHEMA, one),
    );
    expect(reasons).toEqual(['Use hello.', 'It always is.', 'Use PAID.', 'Use id.', null, null]);
  });

  it('isn’t looked for in a schema that deprecates nothing', () => {
    expect(createDeprecations(plain)).toBeNull();
  });
});

describe('the counter', () => {
  const limits = { usageFlushIntervalMs: 600_000, usageMaxCount: 50 };
  const jane = principalOf('jane');
  const setUp = () => {
    const saved: DeprecatedUse[][] = [];
    const faults: unknown[] = [];
    const state = { isDown: false };
    const clock = fixedClock('2026-05-01T10:00:00Z');
    const counter = createUsageCounter({
      save: async (uses) => {
        if (state.isDown) throw new Error('away');
        saved.push([...uses]);
      },
      clock,
      limits,
      onError: (error) => faults.push(error),
    });
    return { saved, faults, state, clock, counter };
  };

  it('adds up what is the same, and writes it together once', async () => {
    const { counter, clock, saved } = setUp();
    counter.count(jane, { name: 'portal', version: '1' }, ['Query.old']);
    clock.advance(1_000);
    counter.count(jane, { name: 'portal', version: '1' }, ['Query.old', 'State.SETTLED']);
    counter.count(jane, { name: 'portal', version: '2' }, ['Query.old']);
    await counter.flush();
    await counter.close();
    expect(saved).toHaveLength(1);
    expect(saved[0]?.map(({ clientVersion, coordinate, count }) => [clientVersion, coordinate, count])).toEqual([
      ['1', 'Query.old', 2],
      ['1', 'State.SETTLED', 1],
      ['2', 'Query.old', 1],
    ]);
    expect(saved[0]?.[0]).toMatchObject({
      firstUsedAt: new Date('2026-05-01T10:00:00Z'),
      lastUsedAt: new Date('2026-05-01T10:00:01Z'),
    });
  });

  it('keeps what can’t be written until it can', async () => {
    const { counter, state, saved, faults } = setUp();
    counter.count(jane, { name: '', version: '' }, ['Query.old']);
    state.isDown = true;
    await counter.flush();
    counter.count(jane, { name: '', version: '' }, ['Query.old']);
    state.isDown = false;
    await counter.close();
    expect([faults.length, saved[0]?.map(({ count }) => count)]).toEqual([1, [2]]);
  });

  it('isn’t filled by a client that calls itself something else each time, nor by many', async () => {
    const { counter, saved } = setUp();
    for (let n = 0; n < 100; n++) counter.count(jane, { name: `c${n}`, version: '' }, ['Query.old']);
    await counter.flush();
    expect(saved[0]?.find(({ client }) => client === '')?.count).toBe(80);
    expect(saved[0]).toHaveLength(21);
    for (let n = 0; n < 200; n++) counter.count(principalOf(`p${n}`), { name: '', version: '' }, ['Query.old']);
    await counter.close();
    expect(saved[1]).toHaveLength(50);
  });
});

it('over HTTP and sockets, what is deprecated is counted with the client’s name, and nothing else is', async () => {
  const saved: DeprecatedUse[] = [];
  const schema = buildSchema(printSchema(SCHEMA));
  const resolve: GraphQLFieldResolver<unknown, unknown> = () => 'x';
  for (const name of ['hello', 'old']) Object.assign(schema.getQueryType()?.getFields()[name] ?? {}, { resolve });
  const server = await start({ schema, saveUses: async (uses) => void saved.push(...uses) });
  const named = { 'apollographql-client-name': `por\u00adtal${'x'.repeat(200)}`, 'apollographql-client-version': '2.4' };
  for (const query of ['{hello}', '{old}', '{nope}', '{old}']) await server.post({ query }, named);
  const client = await connected(server, await server.token('joe'), { 'apollographql-client-name': 'desk' });
  client.subscribe('q', '{old}');
  await client.next(({ id }) => id === 'q');
  client.close();
  await server.close();
  expect(
    saved.map(({ actorId, client: name, clientVersion, coordinate, count }) => [actorId, name, clientVersion, coordinate, count]),
  ).toEqual([
    ['actor-jane', `portal${'x'.repeat(94)}`, '2.4', 'Query.old', 2],
    ['actor-joe', 'desk', '', 'Query.old', 1],
  ]);
});
