/** Hostile documents and variables, by kind, against the whole graph: each is refused with its status and code, over HTTP and sockets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGraph, createPlatformCatalogue } from '../../src/platform-graph.ts';
import { GRAPHQL_RESPONSE, JSON_TYPE } from '../../src/transport/content-type.ts';
import { type Fixture, start } from './fixture.ts';
import { measuredRefusals } from './refusals.ts';
import { type Client, connected } from './socket-client.ts';

const measure = measuredRefusals();
let server: Fixture;
let client: Client;
beforeAll(async () => {
  server = await start({ schema: await createGraph(createPlatformCatalogue()) });
  client = await connected(server, await server.token('socket'));
});
afterAll(async () => {
  client.close();
  await server.close();
});

const times = (count: number, make: (n: number) => string, by = ' '): string =>
  Array.from({ length: count }, (_, n) => make(n)).join(by);
const nested = (open: string, inner: string, close: string, depth: number): string =>
  `${open.repeat(depth)}${inner}${close.repeat(depth)}`;
const PARSE = 'GRAPHQL_PARSE_FAILED';
const INVALID = 'GRAPHQL_VALIDATION_FAILED';

const DOCUMENTS: readonly [kind: string, query: string, code: string][] = [
  ['fields nested too deeply', `{customer(id: 1)${nested('{parent', '{id}', '}', 20)}}`, 'QUERY_TOO_DEEP'],
  ['a field that leads to itself through the schema', `{__schema{types${nested('{fields{type', '{name}', '}}', 6)}}}`, INVALID],
  ['an endless value', `{customers(where: ${nested('{and: [', '', ']}', 200)}){totalCount}}`, 'QUERY_TOO_DEEP'],
  ['lists in lists in an argument', `{nodes(ids: ${nested('[', '', ']', 900)}){id}}`, 'QUERY_TOO_DEEP'],
  ['inline fragments in inline fragments', `{${nested('...on Query{', 'nope', '}', 380)}}`, INVALID],
  ['pages in pages', '{customers(first: 1000){nodes{accounts(first: 1000){nodes{id}}}}}', 'QUERY_TOO_COSTLY'],
  ['too many fields', `{${times(401, () => 'me{name}')}}`, 'TOO_MANY_FIELDS'],
  ['one field under many names', `{${times(31, (n) => `a${n}: me{name}`)}}`, 'TOO_MANY_ALIASES'],
  ['one name for fields that differ', `{${times(150, (n) => `a: customer(id: ${n}){id}`)}}`, 'TOO_MANY_ALIASES'],
  ['one name for fields that differ, without aliases', `{${times(180, (n) => `customer(id: ${n}){id}`)}}`, INVALID],
  [
    'one name for fields that differ, deeply',
    `{customer(id: 1)${nested('{parent{id} parent', '{id name}', '}', 12)} ${times(60, (n) => `customer(id: ${n}){parent{parent{id}}}`)}}`,
    INVALID,
  ],
  ['directives at one place', `{me{name ${times(4, () => '@skip(if: false)')}}}`, 'TOO_MANY_DIRECTIVES'],
  ['directives that nobody knows', `{me{${times(100, (n) => `name @d${n}`)}}}`, INVALID],
  ['one directive twice', '{me{name @skip(if: false) @skip(if: true)}}', INVALID],
  ['parts that come later', '{customers{nodes @stream{id}} ... @defer{me{name}}}', INVALID],
  ['a fragment in itself', 'query{customer(id: 1){...A}} fragment A on Customer{parent{...A}}', INVALID],
  [
    'fragments in a circle',
    `query{customer(id: 1){...F0}} ${times(10, (n) => `fragment F${n} on Customer{parent{...F${(n + 1) % 10}}}`)}`,
    INVALID,
  ],
  [
    'fragments that double',
    `query{customer(id: 1){...F0}} ${times(19, (n) => `fragment F${n} on Customer{a: parent{${n < 18 ? `...F${n + 1}` : 'id'}} b: parent{${n < 18 ? `...F${n + 1}` : 'id'}}}`)}`,
    'QUERY_TOO_DEEP',
  ],
  [
    'fragments that double side by side',
    `{${'...A '.repeat(9)}} fragment A on Query{${'...B '.repeat(9)}} fragment B on Query{${'me{name} '.repeat(9)}}`,
    'TOO_MANY_FIELDS',
  ],
  ['a fragment that is not there', '{...Nobody}', INVALID],
  ['fragments that nobody uses', `{me{name}} ${times(19, (n) => `fragment F${n} on Me{name}`)}`, INVALID],
  ['too many fragments', `{me{name}} ${times(20, (n) => `fragment F${n} on Me{name}`)}`, 'TOO_MANY_DEFINITIONS'],
  ['too many operations', times(21, (n) => `query Q${n}{me{name}}`), 'TOO_MANY_DEFINITIONS'],
  ['two operations without names', '{me{name}} {me{name}}', INVALID],
  ['two operations of one name', 'query A{me{name}} query A{me{name}}', INVALID],
  ['several operations and no choice', 'query A{me{name}} query B{me{name}}', 'OPERATION_RESOLUTION_FAILURE'],
  ['a schema in place of an operation', 'type Query{me: String} {me{name}}', INVALID],
  ['too many tokens', `{${'me '.repeat(3_000)}}`, 'TOO_MANY_TOKENS'],
  ['too many variables', `query(${times(600, (n) => `$v${n}: Int`)}){me{name}}`, 'TOO_MANY_TOKENS'],
  ['variables that nobody uses', `query(${times(300, (n) => `$v${n}: Int`)}){me{name}}`, INVALID],
  ['a huge text where a number belongs', `{customers(first: "${'9'.repeat(90_000)}"){totalCount}}`, INVALID],
  ['a huge number', `{customers(first: ${'9'.repeat(90_000)}){totalCount}}`, INVALID],
  ['a huge exponent', '{customers(first: 1e999999999){totalCount}}', INVALID],
  ['a huge enum value', `{customers(orderBy: [{field: ${'X'.repeat(90_000)}}]){totalCount}}`, INVALID],
  [
    'a huge block string where a number belongs',
    `{customers(first: """${`${' '.repeat(40)}x\n`.repeat(2_000)}"""){totalCount}}`,
    INVALID,
  ],
  ['a huge name that is nearly one', `{customer${'s'.repeat(90_000)}{totalCount}}`, INVALID],
  ['names that are nearly ones, each with suggestions', `{${times(190, (n) => `custmer${n}{id}`)}}`, INVALID],
  ['types that are nearly ones', `{${times(190, (n) => `...on Custmer${n}{id}`)}}`, INVALID],
  ['half a character', '{customers(where: {name: {eq: "\\uD800"}}){totalCount}}', PARSE],
  ['a character beyond all', '{customers(where: {name: {eq: "\\u{110000}"}}){totalCount}}', PARSE],
  ['letters of another script in a name', '{m\u0435{name}}', PARSE],
  ['a character that ends texts', '{me\u0000{name}}', PARSE],
  ['comments and nothing else', '#\n'.repeat(45_000), PARSE],
  ['comments around nonsense', `${'# a comment\n'.repeat(7_000)}{nope}`, INVALID],
  ['commas and spaces around nonsense', `{${', \t\ufeff'.repeat(15_000)}nope}`, INVALID],
  ['a text that never ends', `{customers(where: {name: {eq: "${'x'.repeat(90_000)}`, PARSE],
  ['brackets that never end', '{a'.repeat(990), PARSE],
];

describe('a hostile document', () => {
  it.each(DOCUMENTS)('%s', async (kind, query, code) => {
    const answers = [
      await measure(kind, () => server.post({ query }, { accept: GRAPHQL_RESPONSE })),
      await server.post({ query }, { accept: JSON_TYPE }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 200]);
    for (const { json } of answers) {
      expect(json.data).toBeUndefined();
      expect(json.errors?.[0]?.extensions['code']).toBe(code);
      expect(json.errors?.length).toBeLessThanOrEqual(5);
      // whatever was sent isn't sent back whole
      expect(JSON.stringify(json).length).toBeLessThan(8_000);
    }
  });

  it('is refused over a socket with the same code, and the socket lives on', async () => {
    // bigger ones close the socket: a frame has its own limit
    const fitting = DOCUMENTS.filter(([, query]) => JSON.stringify(query).length < 120_000);
    expect(fitting.length).toBeGreaterThan(40);
    for (const [n, [kind, query, code]] of fitting.entries()) {
      client.subscribe(`d${n}`, query);
      const { payload } = await client.next(({ id, type }) => id === `d${n}` && type === 'error');
      expect([kind, payload?.[0]?.extensions['code']]).toEqual([kind, code]);
    }
    client.subscribe('two', 'subscription{a: invoiceChanged{cursor} b: paymentChanged{cursor}}');
    expect((await client.next(({ id }) => id === 'two')).payload?.[0]?.extensions['code']).toBe(INVALID);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });
});

const LIST =
  'query($first: Int, $where: CustomerWhere, $orderBy: [CustomerOrderBy!]){customers(first: $first, where: $where, orderBy: $orderBy){totalCount}}';
const NODES = 'query($ids: [ID!]!){nodes(ids: $ids){id}}';

describe('hostile variables', () => {
  it.each<[kind: string, query: string, variables: string, code: string, status?: number]>([
    ['nested too deeply', LIST, `{"where":${nested('{"and":[', '', ']}', 40)}}`, 'BAD_REQUEST'],
    ['a text for a number', LIST, '{"first":"1"}', 'BAD_USER_INPUT'],
    ['a number beyond an Int', LIST, '{"first":1e300}', 'BAD_USER_INPUT'],
    ['a number beyond all', LIST, '{"first":1e999}', 'BAD_USER_INPUT'],
    ['half a number', LIST, '{"first":0.5}', 'BAD_USER_INPUT'],
    ['a truth value for a number', LIST, '{"first":true}', 'BAD_USER_INPUT'],
    ['no number', LIST, '{"first":NaN}', 'BAD_REQUEST'],
    ['a list for an object', LIST, '{"where":[[]]}', 'BAD_USER_INPUT'],
    ['an object for a list', LIST, '{"orderBy":{"0":{}}}', 'BAD_USER_INPUT'],
    ['a field that is not there', LIST, '{"where":{"nope":1}}', 'BAD_USER_INPUT'],
    ['the prototype as a field', LIST, '{"where":{"__proto__":{"isAdmin":true}}}', 'BAD_USER_INPUT'],
    ['the constructor as a field', LIST, '{"where":{"constructor":{"prototype":{"isAdmin":true}}}}', 'BAD_USER_INPUT'],
    ['a method of objects as an enum value', LIST, '{"orderBy":[{"field":"toString"}]}', 'BAD_USER_INPUT'],
    ['a huge text for an enum value', LIST, `{"orderBy":[{"field":"${'x'.repeat(90_000)}"}]}`, 'BAD_USER_INPUT'],
    ['none where one is needed', NODES, '{}', 'BAD_USER_INPUT'],
    ['nothing where a list is needed', NODES, '{"ids":null}', 'BAD_USER_INPUT'],
    ['objects for ids', NODES, '{"ids":[{}]}', 'BAD_USER_INPUT'],
    ['a list of nothing', NODES, `{"ids":[${times(10_000, () => 'null', ',')}]}`, 'BAD_USER_INPUT'],
    ['a list that is no object', LIST, '[1]', 'BAD_REQUEST'],
    ['a text', LIST, '"{}"', 'BAD_REQUEST'],
  ])('%s', async (kind, query, variables, code) => {
    const body = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
    const { status, json } = await measure(kind, () => server.post(body, { accept: GRAPHQL_RESPONSE }));
    expect([status, json.errors?.[0]?.extensions['code'], json.data]).toEqual([400, code, undefined]);
    expect(JSON.stringify(json).length).toBeLessThan(8_000);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it('more ids than may be asked for cost too much, or are refused by their number', async () => {
    const ids = times(9_000, (n) => `"${n}"`, ',');
    const { json } = await measure('ids without end', () =>
      server.post(
        `{"query":"query($ids: [ID!]!){nodes(ids: $ids){... on Customer{accounts(first: 1000){nodes{id}}}}}","variables":{"ids":[${ids}]}}`,
      ),
    );
    expect(json.errors?.[0]?.extensions['code']).toBe('QUERY_TOO_COSTLY');
  });

  it('that nobody declared are passed over, whatever they are called', async () => {
    const body =
      '{"query":"{__typename}","variables":{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},"hasOwnProperty":1}}';
    expect((await server.post(body)).json.data).toEqual({ __typename: 'Query' });
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });
});
