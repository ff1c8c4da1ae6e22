// Whole operations over HTTP: the bytes that the engine made are the body, with what plugins add beside data; and when the database
// fails, clients read the same errors as when fields are resolved one by one.
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { fixedClock, systemClock } from '../../../src/kernel/clock.ts';
import { DomainError } from '../../../src/kernel/errors.ts';
import { createReadEngine, type ReadEngine } from '../../../src/read/engine.ts';
import type { ReadPool } from '../../../src/read/pool.ts';
import { fieldResolver } from '../../../src/read/schema.ts';
import { listen } from '../../../src/transport/http.ts';
import { createLogger } from '../../../src/transport/logger.ts';
import type { GraphContext } from '../../../src/write/context.ts';
import { NOW, principal, reading } from '../reading.ts';
import { catalogue } from '../small-catalogue.ts';

const { schema, engine } = await reading();

interface Shown {
  readonly status: number;
  readonly type: string | null;
  readonly length: number;
  readonly text: string;
}

/** A server whose every request is somebody's of the first tenant. */
async function serve(read: ReadEngine): Promise<(query: string, variables?: object, accept?: string) => Promise<Shown>> {
  const config = loadConfig({ NODE_ENV: 'test' }, { PORT: 0, LOG_LEVEL: 'silent' });
  const person = principal();
  const server = await listen({
    schema,
    config,
    signIn: { bySubject: async () => null, byApiKey: async () => person },
    context: (asking, facts) => ({ principal: asking, read, ...facts }) as unknown as GraphContext,
    readiness: async () => [],
    logger: createLogger({ level: 'silent' }),
    clock: systemClock,
    fieldResolver: fieldResolver as never,
  });
  afterAll(() => server.close());
  return async (query, variables = {}, accept = 'application/json') => {
    const headers = { accept, 'content-type': 'application/json', authorization: 'Bearer cg_test_abcd_0123456789abcdef' };
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const length = Number(response.headers.get('content-length'));
    return { status: response.status, type: response.headers.get('content-type'), length, text };
  };
}

/** Never answers whole. */
const fieldByField = (of: ReadEngine): ReadEngine =>
  Object.assign(Object.create(of) as ReadEngine, { operation: async () => null });

/** Each with whether the engine answers it whole. */
const QUERIES = [
  [
    'a list',
    true,
    '{ invoices(first: 3, orderBy: [{ field: NUMBER }]) { nodes { id customer { name } total { amount } } totalCount } }',
  ],
  ['one record', true, 'query ($n: String) { c: customer(number: $n) { __typename name number } }'],
  [
    'several fields',
    true,
    'query ($n: String) { __typename customer(number: $n) { name } invoices(last: 2) { edges { cursor } } }',
  ],
  ['an ambiguous key', false, '{ invoice(number: "INV-1") { id } }'],
  ['an ambiguous key among others', false, '{ invoice(number: "INV-1") { id } customers { totalCount } }'],
  ['a field that is forbidden', false, '{ customers { nodes { name taxId } } }'],
  ['an id of another kind', false, '{ invoice(id: "cus_00000000-0000-7002-8001-000000000001") { id } }'],
  ['a variable that is refused', false, 'query ($n: Int) { invoices(first: $n) { totalCount } }'],
  ['introspection', false, '{ __schema { queryType { name } } }'],
  ['introspection beside a record', false, '{ __type(name: "Money") { name } customer(number: "C3") { name } }'],
  ['nothing of the database', false, '{ __typename }'],
] as const;

/** What the budget still holds differs. */
const same = (text: string): string => JSON.stringify(JSON.parse(text)).replace(/"available":\d+/, '"available":0');

describe('whole operations over HTTP', async () => {
  const seen = { whole: 0 };
  const watched: ReadEngine = Object.assign(Object.create(engine) as ReadEngine, {
    async operation(request: Parameters<ReadEngine['operation']>[0]) {
      const answer = await engine.operation(request);
      if (answer) seen.whole += 1;
      return answer;
    },
  });
  const whole = await serve(watched);
  const ordinary = await serve(fieldByField(engine));

  it.each(QUERIES)('%s is answered as if each field were resolved by itself', async (_, isWhole, query) => {
    seen.whole = 0;
    const [one, other] = [await whole(query, { n: 'C3' }), await ordinary(query, { n: 'C3' })];
    expect(same(one.text)).toBe(same(other.text));
    expect([one.status, one.type]).toEqual([other.status, other.type]);
    expect(one.length).toBe(Buffer.byteLength(one.text));
    expect(seen.whole).toBe(isWhole ? 1 : 0);
  });

  it('the body is what the engine wrote, with the cost behind it, in the type that was asked for', async () => {
    const { text, type } = await whole('{ customer(number: "C3") { name } }', {}, 'application/graphql-response+json');
    expect(text).toMatch(/^\{"data":\{"customer":\{"name":"Zoë 😀"\}\},"extensions":\{"cost":\{"requested":2,/);
    expect(type).toBe('application/graphql-response+json; charset=utf-8');
  });
});

describe('a database that fails', async () => {
  const failing = (error: Error): ReadEngine => {
    const fail = async (): Promise<never> => {
      throw error;
    };
    const pool: ReadPool = { run: fail, bytes: { run: fail, end: async () => {} }, end: async () => {} };
    return createReadEngine({ catalogue, pools: { read: pool, portal: pool }, clock: fixedClock(NOW) });
  };
  const engines = [new DomainError('TIMEOUT', 'Too slow.'), new DomainError('UNAVAILABLE', 'Away.'), new Error('secret words')];

  it.each(engines)('is told as ever: %s', async (error) => {
    const [one, other] = [await serve(failing(error)), await serve(fieldByField(failing(error)))];
    for (const query of [
      '{ c: customer(number: "C3") { name } }',
      '{ invoices { totalCount } }',
      '{ __typename customer(number: "C3") { name } }',
    ]) {
      const [a, b] = [await one(query), await other(query)];
      const shown = (text: string) =>
        JSON.parse(text.replace(/"(errorId|available)":("[^"]+"|\d+)/g, '"$1":0').replace(/is [0-9a-f-]{36}/, 'is it'));
      expect(shown(a.text)).toEqual(shown(b.text));
      expect(a.status).toBe(b.status);
      expect(a.text).not.toContain('secret');
    }
  });

  it('is told once for each root field', async () => {
    const send = await serve(failing(new DomainError('TIMEOUT', 'Too slow.')));
    const { text } = await send('{ a: customer(number: "C3") { name } b: invoice(number: "x") { id } }');
    const { data, errors } = JSON.parse(text) as { data: unknown; errors: { path: string[]; extensions: { code: string } }[] };
    expect(data).toEqual({ a: null, b: null });
    expect(errors.map(({ path, extensions }) => [...path, extensions.code])).toEqual([
      ['a', 'TIMEOUT'],
      ['b', 'TIMEOUT'],
    ]);
  });
});
