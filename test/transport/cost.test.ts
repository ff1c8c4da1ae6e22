/** Cost and budgets: what an operation costs is known before it runs, shown with every answer, and refused beyond what one may spend. */
import fc from 'fast-check';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '../../src/kernel/clock.ts';
import { createBudgets } from '../../src/transport/budget.ts';
import { costliest, valueOf } from '../../src/transport/cost/formula.ts';
import { costOfOperation } from '../../src/transport/cost/operation-cost.ts';
import { type Fixture, principalOf, start } from './fixture.ts';
import { connected } from './socket-client.ts';

const SCHEMA = buildSchema(`
  interface Node { id: ID! }
  type PageInfo { hasNextPage: Boolean! }
  type Money { amount: String! currency: String! }
  type Customer implements Node { id: ID! name: String owed: Money invoices(first: Int, last: Int): InvoiceConnection! parent: Customer }
  type Invoice implements Node { id: ID! total: Money lines: [Line!]! customer: Customer }
  type Line { id: ID! text: String }
  type CustomerEdge { cursor: String! node: Customer! }
  type CustomerConnection { edges: [CustomerEdge!]! nodes: [Customer!]! totalCount: Int! pageInfo: PageInfo! }
  type InvoiceConnection { nodes: [Invoice!]! totalCount: Int! pageInfo: PageInfo! }
  type Row { bucket: String amount: String }
  type Page { rows: [Row!]! nextCursor: String }
  input Item { n: Int }
  input BulkInput { items: [Item!]! }
  type Payload { invoice: Invoice userErrors: [Problem!]! }
  type Problem { code: String! }
  type Query {
    customer(id: ID!): Customer
    customers(first: Int, last: Int): CustomerConnection!
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    report: [Row!]!
    rows(first: Int = 20): [Row!]!
    page(first: Int): Page!
  }
  type Mutation { issue(id: ID!): Payload! bulkIssue(input: BulkInput!): Payload! }
`);
const field = (type: 'Query' | 'Mutation', name: string) =>
  (SCHEMA.getType(type) as ReturnType<typeof SCHEMA.getQueryType>)?.getFields()[name];
Object.assign(field('Query', 'report')?.extensions ?? {}, { complexity: 500 });
Object.assign(field('Mutation', 'bulkIssue')?.extensions ?? {}, { complexity: 10, costPer: 'input.items' });

const costOf = (text: string, variables: Record<string, unknown> = {}): number => {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  // 1 is for the request itself
  return valueOf(costOfOperation(SCHEMA, document, operation).total, variables) - 1;
};

describe('the cost of an operation', () => {
  it.each<[what: string, query: string, cost: number, variables?: Record<string, unknown>]>([
    ['a record', '{customer(id: 1){id name owed{amount}}}', 1],
    ['a record and one that it leads to', '{customer(id: 1){parent{id}}}', 2],
    ['a page that says its size', '{customers(first: 10){nodes{id}}}', 11],
    ['a page from the end', '{customers(last: 7){nodes{id}}}', 8],
    ['a page of the standard size', '{customers{nodes{id}}}', 51],
    ['edges with their records', '{customers(first: 10){edges{cursor node{id}}}}', 11],
    ['edges alone', '{customers(first: 10){edges{cursor}}}', 11],
    ['what isn’t paged', '{customers(first: 10){pageInfo{hasNextPage}}}', 1],
    ['a count', '{customers(first: 0){totalCount}}', 21],
    ['pages in a page', '{customers(first: 10){nodes{invoices(first: 5){nodes{id}}}}}', 1 + 10 * (1 + 1 + 5)],
    ['a list in a page in a page', '{customers(first: 2){nodes{invoices(first: 3){nodes{lines{id}}}}}}', 1 + 2 * (1 + 1 + 3 * 6)],
    ['a size in a variable', 'query($n: Int){customers(first: $n){nodes{id}}}', 31, { n: 30 }],
    ['a variable that is absent', 'query($n: Int){customers(first: $n){nodes{id}}}', 51],
    ['an absent variable with the name of a method', 'query($constructor: Int){customers(first: $constructor){nodes{id}}}', 51],
    ['a variable with a default', 'query($n: Int = 4){customers(first: $n){nodes{id}}}', 5],
    ['a size beyond what a page may have, which is refused later', '{customers(first: 100000){nodes{id}}}', 1_001],
    ['what is skipped', 'query($s: Boolean!){customers(first: 5) @skip(if: $s){nodes{id}}}', 0, { s: true }],
    ['what is not skipped', 'query($s: Boolean!){customers(first: 5) @skip(if: $s){nodes{id}}}', 6, { s: false }],
    [
      'what is included by a fragment',
      '{customer(id: 1){...A}} fragment A on Customer{parent{id ...B}} fragment B on Customer{parent{id}}',
      3,
    ],
    ['one field twice', '{customers(first: 5){nodes{id}} customers(first: 5){nodes{name}}}', 6],
    ['one field under two names', '{a: customers(first: 5){nodes{id}} b: customers(first: 5){nodes{name}}}', 12],
    ['ids', '{nodes(ids: [1, 2, 3]){id}}', 3],
    ['ids in a variable', 'query($i: [ID!]!){nodes(ids: $i){id}}', 40, { i: Array.from({ length: 40 }, String) }],
    ['one of several types: the costliest', '{node(id: 1){... on Customer{id} ... on Invoice{lines{id}}}}', 6],
    ['a report', '{report{bucket}}', 505],
    ['a report of so many rows', '{rows(first: 9){bucket}}', 9],
    ['a report of as many rows as its schema says', '{rows{bucket}}', 20],
    ['a page of a report', '{page(first: 7){rows{bucket} nextCursor}}', 7],
    ['a mutation', 'mutation{issue(id: 1){invoice{id customer{id}}}}', 12],
    [
      'a mutation of many',
      'mutation($i: BulkInput!){bulkIssue(input: $i){userErrors{code}}}',
      330,
      { i: { items: Array.from({ length: 30 }, () => ({})) } },
    ],
    ['a mutation of many, written out', 'mutation{bulkIssue(input: {items: [{n: 1}, {n: 2}]}){userErrors{code}}}', 22],
    ['the schema', '{__schema{types{name}} __typename}', 100],
  ])('%s', (_what, query, cost, variables) => {
    expect(costOf(query, variables)).toBe(cost);
  });

  it('is a finite number that isn’t below nothing, whatever a client sends as variables', () => {
    const query =
      'query($n: Int, $i: [ID!]!, $s: Boolean!){customers(first: $n){nodes{id}} nodes(ids: $i){id} customer(id: 1) @include(if: $s){id}}';
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('n', 'i', 's', '__proto__'), fc.anything()), (variables) => {
        const cost = costOf(query, variables);
        expect(Number.isFinite(cost) && cost >= 1).toBe(true);
      }),
      { seed: 7, numRuns: 300 },
    );
    expect(costOf(query, JSON.parse('{"__proto__": {"n": 1000}}') as Record<string, unknown>)).toBe(costOf(query));
  });

  it('never falls when a page grows or a field is added', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        const query = 'query($n: Int, $m: Int){customers(first: $n){nodes{invoices(last: $m){nodes{id}}}}}';
        expect(costOf(query, { n: less, m: 5 })).toBeLessThanOrEqual(costOf(query, { n: more, m: 5 }));
        expect(costOf(query, { n: 5, m: less })).toBeLessThanOrEqual(costOf(query, { n: 5, m: more }));
      }),
      { seed: 8, numRuns: 100 },
    );
  });

  it('names the costliest parts by their path', () => {
    const document = parse('{mine: customers(first: 100){totalCount nodes{invoices(first: 50){nodes{lines{id}}}}}}');
    const operation = getOperationAST(document);
    if (!operation) throw new Error('no operation');
    expect(costliest(costOfOperation(SCHEMA, document, operation).parts, {}, 2)).toEqual([
      { path: 'mine.nodes.invoices.nodes.lines', cost: 25_000 },
      { path: 'mine.nodes.invoices.nodes', cost: 5_000 },
    ]);
  });
});

describe('a budget', () => {
  const limits = {
    budgetPrincipalMaxCost: 1_000,
    budgetPrincipalPerSecondCost: 100,
    budgetTenantMaxCost: 1_500,
    budgetTenantPerSecondCost: 200,
    budgetsMaxCount: 100,
  };
  const jane = principalOf('jane');
  const joe = principalOf('joe');
  const stranger = { ...principalOf('jane'), tenantId: 'another' };

  it('is spent by a login, restores by the second, and never holds more than its maximum', () => {
    const clock = fixedClock('2026-05-01T10:00:00Z');
    const budgets = createBudgets(limits, clock);
    expect(budgets.spend(jane, 900)).toEqual({ maximum: 1_000, available: 100, restorePerSecond: 100 });
    expect(() => budgets.spend(jane, 350)).toThrow(
      expect.objectContaining({
        code: 'RATE_LIMITED',
        details: expect.objectContaining({ budget: 'LOGIN', requested: 350, retryAfterS: 3 }),
      }),
    );
    clock.advance(3_000);
    expect(budgets.spend(jane, 350).available).toBe(50);
    clock.advance(3_600_000);
    expect(budgets.spend(jane, 0).available).toBe(1_000);
    clock.advance(-3_600_000);
    expect(budgets.spend(jane, 1).available).toBe(999);
  });

  it('of a tenant is shared by its logins, and no other tenant is touched by it', () => {
    const budgets = createBudgets(limits, fixedClock('2026-05-01T10:00:00Z'));
    budgets.spend(jane, 1_000);
    budgets.spend(joe, 450);
    expect(() => budgets.spend(joe, 100)).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({
          budget: 'TENANT',
          throttle: { maximum: 1_500, available: 50, restorePerSecond: 200 },
        }),
      }),
    );
    // what is refused takes nothing from either
    expect(budgets.spend(joe, 50).available).toBe(500);
    expect(budgets.spend(stranger, 1_000).available).toBe(0);
  });

  it('lets nobody spend more than the maximum and what was restored, however requests come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ waitMs: fc.nat(2_000), cost: fc.nat(1_200), who: fc.constantFrom(jane, joe) }), { maxLength: 60 }),
        (requests) => {
          const clock = fixedClock('2026-05-01T10:00:00Z');
          const budgets = createBudgets(limits, clock);
          const spent = new Map<string, number>();
          let ms = 0;
          for (const { waitMs, cost, who } of requests) {
            clock.advance(waitMs);
            ms += waitMs;
            try {
              budgets.spend(who, cost);
              spent.set(who.actorId, (spent.get(who.actorId) ?? 0) + cost);
            } catch {}
          }
          const all = [...spent.values()];
          expect(Math.max(0, ...all)).toBeLessThanOrEqual(1_000 + (ms / 1_000) * 100);
          expect(all.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(1_500 + (ms / 1_000) * 200);
        },
      ),
      { seed: 9, numRuns: 200 },
    );
  });

  it('forgets the one that was unused for longest when there are too many', () => {
    const budgets = createBudgets({ ...limits, budgetTenantMaxCost: 1_000_000 }, fixedClock('2026-05-01T10:00:00Z'));
    budgets.spend(jane, 500);
    budgets.spend(joe, 500);
    for (let n = 0; n < 98; n++) budgets.spend(principalOf(`p${n}`), 1);
    expect(budgets.spend(jane, 0).available).toBe(500);
    budgets.spend(principalOf('one more'), 1);
    expect([budgets.spend(jane, 0).available, budgets.spend(joe, 0).available]).toEqual([500, 1_000]);
  });
});

describe('over HTTP and sockets', () => {
  const clock = fixedClock('2026-05-01T10:00:00Z');
  let server: Fixture;
  beforeAll(async () => {
    server = await start({
      clock,
      env: { QUERY_MAX_COST: '200', BUDGET_PRINCIPAL_MAX_COST: '300', BUDGET_PRINCIPAL_PER_SECOND_COST: '10' },
    });
  });
  afterAll(() => server.close());
  const as = async (subject: string) => ({ authorization: `Bearer ${await server.token(subject)}` });
  const throttle = (available: number) => ({ maximum: 300, available, restorePerSecond: 10 });

  it('every answer shows what it cost and what is left, an unknown document costing more', async () => {
    const costOfAnswer = async (query: string) => (await server.post({ query }, await as('shown'))).json.extensions?.['cost'];
    expect(await costOfAnswer('{things{name}}')).toEqual({ requested: 6, throttle: throttle(274) });
    expect(await costOfAnswer('{things{name}}')).toEqual({ requested: 6, throttle: throttle(268) });
    expect(await costOfAnswer('mutation{act}')).toEqual({ requested: 11, throttle: throttle(237) });
    expect(await costOfAnswer('{fail(how: "domain")}')).toEqual({ requested: 1, throttle: throttle(216) });
  });

  it('an operation over the most that one may cost is refused with both numbers and its costliest parts, and nothing runs', async () => {
    const query = `mutation{${Array.from({ length: 20 }, (_, n) => `a${n}: act`).join(' ')}}`;
    const { status, json } = await server.post(
      { query },
      { ...(await as('costly')), accept: 'application/graphql-response+json' },
    );
    expect(status).toBe(400);
    expect(json.errors?.[0]?.extensions).toMatchObject({
      code: 'QUERY_TOO_COSTLY',
      details: {
        cost: 201,
        maxCost: 200,
        parts: [
          { path: 'a0', cost: 10 },
          { path: 'a1', cost: 10 },
          { path: 'a10', cost: 10 },
        ],
      },
    });
    expect(json.data).toBeUndefined();
  });

  it('who has spent the budget gets 429 with the seconds to wait and the state of the bucket, others go on', async () => {
    const query = `mutation{${Array.from({ length: 14 }, (_, n) => `a${n}: act`).join(' ')}}`;
    const spender = await as('spender');
    expect((await server.post({ query }, spender)).status).toBe(200);
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const refused = await server.post({ query }, { ...spender, accept });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
      expect(refused.json).toMatchObject({
        errors: [{ extensions: { code: 'RATE_LIMITED', retryable: true, details: { budget: 'LOGIN', retryAfterS: 1 } } }],
        extensions: { cost: { requested: 141, throttle: throttle(139) } },
      });
      expect(refused.json.data).toBeUndefined();
    }
    expect((await server.post({ query }, await as('other'))).status).toBe(200);
    clock.advance(1_000);
    expect((await server.post({ query }, spender)).status).toBe(200);
  });

  it('bad documents are paid for, too', async () => {
    const guesser = await as('guesser');
    const statuses: number[] = [];
    for (let n = 0; n < 16; n++) statuses.push((await server.post({ query: `{nope${n}}` }, guesser)).status);
    expect(statuses).toEqual([...Array.from({ length: 15 }, () => 200), 429]);
    // who has nothing left is refused before the body is read
    const last = await server.post('this is not even JSON', guesser);
    expect([last.status, last.headers.get('retry-after')]).toEqual([429, '1']);
    expect(last.json.extensions?.['cost']).toEqual({ requested: 1, throttle: throttle(0) });
  });

  it('operations over a socket spend from the same bucket', async () => {
    const client = await connected(server, await server.token('both'));
    client.subscribe('q', '{hello}');
    const { payload } = await client.next(({ id }) => id === 'q');
    const { extensions } = payload as { readonly extensions?: { readonly cost: { throttle: { available: number } } } };
    const left = extensions?.cost.throttle.available ?? 0;
    const { json } = await server.post({ query: '{hello}' }, await as('both'));
    expect(json.extensions?.['cost']).toEqual({ requested: 1, throttle: throttle(left - 1) });
    client.subscribe('s', 'subscription{tick(everyMs: 1000)}');
    await client.next(({ id }) => id === 's');
    const after = (await server.post({ query: '{hello}' }, await as('both'))).json.extensions?.['cost'];
    expect(after).toEqual({ requested: 1, throttle: throttle(left - 1 - 31 - 1) });
    for (let n = 0; n < 20; n++) client.subscribe(`m${n}`, `mutation{act a${n}: act}`);
    const refused = await client.next(({ type }) => type === 'error');
    expect(refused.payload?.[0]?.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterS: expect.any(Number) },
    });
    client.close();
  });
});
