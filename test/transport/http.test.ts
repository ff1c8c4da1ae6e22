/** GraphQL over HTTP: content types, statuses, limits, and what a client sees of errors. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { GRAPHQL_RESPONSE, JSON_TYPE } from '../../src/transport/content-type.ts';
import { type Fixture, type GraphqlAnswer, start } from './fixture.ts';
import { seen } from './schema.ts';

let server: Fixture;
beforeAll(async () => {
  server = await start();
});
afterAll(() => server.close());

const codes = (answer: { json: { errors?: readonly { extensions: Readonly<Record<string, unknown>> }[] } }) =>
  answer.json.errors?.map((error) => error.extensions.code);
const nested = (depth: number): string => `${'{thing'.repeat(depth - 1)}{name}${'}'.repeat(depth - 1)}`;
const doubling = (levels: number): string =>
  `{thing{...F0}} ${Array.from({ length: levels }, (_, n) => `fragment F${n} on Thing{a:thing{${n + 1 < levels ? `...F${n + 1}` : 'name'}} b:thing{${n + 1 < levels ? `...F${n + 1}` : 'name'}}}`).join(' ')}`;

describe('a well formed request', () => {
  it('is answered with data, its request id and no caching', async () => {
    const answer = await server.post(
      { query: 'query($to: String){hello(to: $to)}', variables: { to: 'you \u0000' } },
      { 'x-request-id': 'mine-1' },
    );
    expect(answer).toMatchObject({ status: 200, json: { data: { hello: 'hello you \u0000' } } });
    expect(answer.headers.get('x-request-id')).toBe('mine-1');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('gives the context principal, request id and idempotency key; a bad request id is replaced', async () => {
    await server.post({ query: '{me}' }, { 'x-request-id': 'a b\tc', 'idempotency-key': 'k1' });
    expect(seen.contexts.at(-1)).toMatchObject({ principal: { name: 'jane' }, idempotencyKey: 'k1' });
    expect(seen.contexts.at(-1)?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('may be a GET for a query, never for a mutation', async () => {
    const headers = { authorization: `Bearer ${await server.token()}` };
    const query = await fetch(`${server.url}/graphql?query=${encodeURIComponent('{hello}')}`, { headers });
    expect([query.status, ((await query.json()) as GraphqlAnswer).data]).toEqual([200, { hello: 'hello world' }]);
    const before = seen.mutations;
    const mutation = await fetch(`${server.url}/graphql?query=${encodeURIComponent('mutation{act}')}`, { headers });
    expect([mutation.status, mutation.headers.get('allow'), seen.mutations]).toEqual([405, 'POST', before]);
  });

  it('passes introspection as every tool sends it, within the limits', async () => {
    const options = {
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    };
    const { json } = await server.post({ query: getIntrospectionQuery(options) });
    expect(json.errors).toBeUndefined();
    expect(buildClientSchema(json.data as never).getType('Thing')).toBeDefined();
  });
});

describe('errors of the request', () => {
  const cases: readonly [name: string, body: object, code: string][] = [
    ['a syntax error', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{nope}' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a wrong variable', { query: 'query($n: Int!){slow(ms: $n)}', variables: { n: 'x' } }, 'BAD_USER_INPUT'],
    ['an unknown operation name', { query: 'query a{hello}', operationName: 'b' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['16 levels', { query: nested(16) }, 'QUERY_TOO_DEEP'],
    ['31 aliases', { query: `{${Array.from({ length: 31 }, (_, n) => `a${n}:hello`).join(' ')}}` }, 'TOO_MANY_ALIASES'],
    ['401 fields', { query: `{${'hello '.repeat(401)}}` }, 'TOO_MANY_FIELDS'],
    ['5,000 tokens', { query: `{${'hello '.repeat(5_000)}}` }, 'TOO_MANY_TOKENS'],
    ['4 directives on a field', { query: `{hello ${'@skip(if:false) '.repeat(4)}}` }, 'TOO_MANY_DIRECTIVES'],
    [
      '21 definitions',
      { query: Array.from({ length: 21 }, (_, n) => `query q${n}{hello}`).join(' '), operationName: 'q1' },
      'TOO_MANY_DEFINITIONS',
    ],
    ['doubling fragments', { query: doubling(18) }, 'QUERY_TOO_DEEP'],
    [
      'doubling fragments side by side',
      { query: `{${'...A '.repeat(9)}} fragment A on Query{${'...B '.repeat(9)}} fragment B on Query{${'hello '.repeat(9)}}` },
      'TOO_MANY_FIELDS',
    ],
    [
      'a fragment in itself',
      { query: '{thing{...A}} fragment A on Thing{thing{...B}} fragment B on Thing{thing{...A}}' },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a subscription', { query: 'subscription{tick}' }, 'BAD_REQUEST'],
    ['a scalar that refuses', { query: 'query($a: Amount){pay(amount: $a)}', variables: { a: 1.5 } }, 'AMOUNT_INVALID'],
    ['a scalar with a mistake', { query: 'query($a: Amount){pay(amount: $a)}', variables: { a: 'bug' } }, 'BAD_USER_INPUT'],
  ];
  it.each(cases)('%s', async (_name, body, code) => {
    const asJson = await server.post(body, { accept: JSON_TYPE });
    const asGraphql = await server.post(body, { accept: GRAPHQL_RESPONSE });
    expect(codes(asJson)).toContain(code);
    expect(asJson.json).not.toHaveProperty('data');
    expect([asJson.status, asGraphql.status].join()).toBe(
      code === 'BAD_REQUEST' ? '400,400' : `200,${code === 'AMOUNT_INVALID' ? 422 : 400}`,
    );
    expect(asGraphql.headers.get('content-type')).toContain(GRAPHQL_RESPONSE);
    expect(JSON.stringify(asJson.json)).not.toContain('secret');
  });

  it('what is just within the limits passes', async () => {
    const { json } = await server.post({ query: nested(15) });
    expect(json.errors).toBeUndefined();
    const aliases = Array.from({ length: 30 }, (_, n) => `a${n}:hello`).join(' ');
    expect((await server.post({ query: `{${aliases} ${'hello '.repeat(370)}}` })).json.errors).toBeUndefined();
  });
});

describe('errors while running', () => {
  it('a refusal of ours shows code, sentence, details and place', async () => {
    const { status, json } = await server.post({ query: '{fail(how: "domain")}' });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      data: { fail: null },
      errors: [
        {
          message: 'The order is closed.',
          path: ['fail'],
          locations: [{ line: 1, column: 2 }],
          extensions: { code: 'WRONG_STATE', retryable: false, details: { state: 'CLOSED' } },
        },
      ],
    });
  });

  it.each(['database', 'graphql', 'text'])('any other is masked, with an id that finds it in the log: %s', async (how) => {
    const { json } = await server.post(
      { query: '{fail(how: $how)}'.replace('$how', `"${how}"`) },
      { 'x-request-id': `request-${how}` },
    );
    const [error] = json.errors ?? [];
    expect(error?.extensions).toMatchObject({ code: 'INTERNAL', errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(JSON.stringify(json)).not.toMatch(/duplicate|customer|jane@example|secret|23505/);
    const line = server
      .log()
      .split('\n')
      .find((text) => text.includes(String(error?.extensions.errorId)));
    expect(line).toContain(`request-${how}`);
    expect(line).toMatch(/duplicate key|secret/);
    expect(line).not.toContain('jane@example.com');
  });

  it('at most five are shown, and no more are logged', async () => {
    const before = server.log().split('\n').length;
    const { json } = await server.post({ query: '{things{failing}}' });
    expect(json.errors).toHaveLength(5);
    expect(server.log().split('\n').length - before).toBe(5);
  });
});
