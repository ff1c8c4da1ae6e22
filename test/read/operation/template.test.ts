// What is kept of operations: nobody's values, and no more of it than allowed.
import { getOperationAST, parse } from 'graphql';
import { expect, it } from 'vitest';
import type { Principal } from '../../../src/access/principal.ts';
import { laterAsker, shapeOf } from '../../../src/read/asker.ts';
import { type Binding, Later, Trace } from '../../../src/read/later.ts';
import { createReadEngine } from '../../../src/read/engine.ts';
import { wholeOperation } from '../../../src/read/operation/operation.ts';
import { TemplateCache } from '../../../src/read/operation/templates.ts';
import { NOW, principal, reading } from '../reading.ts';
import { catalogue } from '../small-catalogue.ts';

const ANN = principal({ tenant: 1, grant: ['e1', 'e2'] });
const BOB = principal({ tenant: 2, grant: ['e9'] });
const bindingOf = (person: Principal): Binding => ({ principal: person, variables: {}, now: NOW });

it('a permission for some legal entities is that of whoever the statement is bound to', () => {
  expect(shapeOf(ANN)).toBe(shapeOf(BOB));
  const grant = laterAsker(ANN, new Trace(bindingOf(ANN))).grant('invoices:read');
  expect(grant).toBeInstanceOf(Later);
  expect((grant as Later<readonly string[]>).of(bindingOf(BOB))).toEqual(['e9']);
});

it.each([
  ['who may more', principal({ grant: ['e1'], also: ['customers:secrets'] })],
  ['who may less', principal({ grant: ['e1'], without: ['payments:read'] })],
  ['who may everywhere', principal()],
  ['a portal user', principal({ grant: ['e1'], portal: { customers: [1], accounts: [2] } })],
  ['a portal user without accounts', principal({ grant: ['e1'], portal: { customers: [1], accounts: [] } })],
])('%s needs another template', (_, other) => {
  expect(shapeOf(other)).not.toBe(shapeOf(ANN));
});

it('no scope of another form is bound to a template, whatever its key says', () => {
  const resource = { name: 'Invoice', permission: 'invoices:read', legalEntity: 'legalEntityId' } as const;
  const scope = laterAsker(ANN, new Trace(bindingOf(ANN))).scope(resource);
  const [ofTenant] = scope.op === 'and' ? scope.of : [];
  const value = ofTenant?.op === 'eq' ? ofTenant.value : null;
  expect((value as Later<string>).of(bindingOf(BOB))).toBe(BOB.tenantId);
  expect(() => (value as Later<string>).of(bindingOf(principal()))).toThrow('another form');
});

it('nothing of the first request can be looked at once its template is made', () => {
  const trace = new Trace(bindingOf(ANN));
  const later = trace.later(({ principal: one }) => one.tenantId);
  expect(later.settle()).toBe(ANN.tenantId);
  trace.end();
  expect(() => later.settle()).toThrow('made already');
});

it('the oldest templates make room, and what was decided on the way to them goes too', () => {
  const cache = new TemplateCache(3);
  const templates = new Map();
  const page = new Trace(bindingOf(ANN)).later(({ variables }) => variables['first'] as number);
  const asked = (first: number) => ({ ...bindingOf(ANN), variables: { first } });
  for (let first = 0; first < 10; first++)
    cache.keep(templates, 'a', { template: null, decisions: [{ asked: page, outcome: first }] });
  expect(cache.size).toBe(3);
  expect(cache.find(templates, 'a', asked(0))).toBeUndefined();
  expect(cache.find(templates, 'a', asked(9))).toBeNull();
  for (let shape = 0; shape < 3; shape++) cache.keep(templates, `b${shape}`, { template: null, decisions: [] });
  expect([...templates.keys()]).toEqual(['b0', 'b1', 'b2']);
});

it('one template serves every page, value and tenant of one shape', async () => {
  const { pools, schema } = await reading();
  const texts: string[] = [];
  const { bytes, ...read } = pools.read;
  const watched = {
    ...read,
    bytes: {
      ...bytes,
      run: (...[statement, settings, sink]: Parameters<typeof bytes.run>) => (
        texts.push(statement.text), bytes.run(statement, settings, sink)
      ),
    },
  };
  const engine = createReadEngine({ catalogue, pools: { ...pools, read: watched }, clock: { now: () => NOW } });
  const document = parse(
    'query ($from: Date, $in: [String!], $after: String) { invoices(first: 5, after: $after, where: { dueOn: { gte: $from }, customerReference: { in: $in } }) { edges { cursor node { id } } } }',
  );
  const operation = wholeOperation({
    schema,
    document,
    operation:
      getOperationAST(document) ??
      (() => {
        throw new Error('No operation.');
      })(),
  });
  if (!operation) throw new Error('The engine could not answer it whole.');
  const ask = async (tenant: number, variables: Record<string, unknown>) => {
    const answer = await engine.operation({ operation, variables, principal: principal({ tenant }) });
    if (!answer || !('data' in answer)) throw new Error('It was not answered.');
    return JSON.parse(Buffer.concat(answer.data).toString()).invoices.edges as { cursor: string; node: { id: string } }[];
  };
  const first = await ask(1, { from: '2026-01-01', in: ['ref 1', 'ref 2'] });
  const other = await ask(2, { from: '2026-01-04', in: ['ref 3'] });
  expect(first[0]?.node.id).toMatch(/-8001-/);
  expect(other[0]?.node.id).toMatch(/-8002-/);
  await ask(1, { from: '2026-01-01', in: ['ref 1'], after: first[1]?.cursor });
  await ask(2, { from: '2026-01-01', in: ['ref 1', 'ref 3'], after: other[0]?.cursor });
  expect(new Set(texts).size).toBe(2);
  expect(texts[0]).toBe(texts[1]);
  expect(texts[2]).toBe(texts[3]);
});
