// Under row-level security, and as an unprivileged role, pages and filters still walk an index: they touch a page, not a table.
import { graphql } from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { createReadEngine } from '../../src/read/engine.ts';
import type { ReadPool, Settings } from '../../src/read/pool.ts';
import { fieldResolver } from '../../src/read/schema.ts';
import type { Statement } from '../../src/read/sql.ts';
import { withClient } from '../support/connection.ts';
import { NOW, principal, reading } from './reading.ts';
import { ACCOUNT, ENTITY, inTenant, TENANT, uuid } from './seed.ts';
import { catalogue } from './small-catalogue.ts';

const { pools, schema, app, connection, data } = await reading();
const ROWS = 20_000;

beforeAll(async () => {
  const numbers = Array.from({ length: ROWS }, (_, n) => n + 1_000);
  await inTenant(app, TENANT(1), async (insert) => {
    const customer = (n: number) => ({
      tenant_id: TENANT(1),
      id: uuid(2, 1, n),
      number: `X${n}`,
      name: `x${n}`,
      search_name: `x${n}`,
      created_at: '2026-01-02Z',
    });
    await insert('customer', numbers.map(customer));
    await insert('invoice', numbers.map(invoice));
  });
  await withClient(connection, (owner) => owner.query('analyze'));
}, 60_000);

const invoice = (n: number) => ({
  tenant_id: TENANT(1),
  id: uuid(4, 1, n),
  legal_entity_id: ENTITY(1, 1),
  account_id: ACCOUNT(1, 0),
  origin: 'IMPORTED',
  lifecycle: 'DRAFT',
  status: 'DRAFT',
  currency: 'EUR',
  net_minor: n,
  tax_minor: 0,
  total_minor: n,
  base_currency: 'EUR',
  due_on: n % 2 ? `2026-02-${String(1 + (n % 28)).padStart(2, '0')}` : null,
  created_at: `2026-01-02T00:00:00.${String(n).padStart(6, '0')}Z`,
});

interface Scan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Scan[];
}

const scans = (plan: Scan): Scan[] => [...(plan['Relation Name'] ? [plan] : []), ...(plan.Plans ?? []).flatMap(scans)];

/** Rows that a query's statement looked at, in all scans. */
async function touched(source: string, variables: Record<string, unknown>): Promise<{ rows: number; types: string[] }> {
  const sent: [Statement, Settings][] = [];
  const run: ReadPool['run'] = (statement, settings) => {
    sent.push([statement, settings]);
    return pools.read.run(statement, settings);
  };
  const engine = createReadEngine({
    catalogue,
    pools: { read: { ...pools.read, run }, portal: pools.portal },
    clock: { now: () => NOW },
    maxCost: 1e9,
  });
  const answer = await graphql({
    schema,
    source,
    variableValues: variables,
    fieldResolver,
    contextValue: { principal: principal(), read: engine },
  });
  expect(answer.errors).toBeUndefined();
  const [[statement, settings] = [{ text: '', values: [] }, {}]] = sent;
  const [row] = await pools.read.run<{ 'QUERY PLAN': readonly { Plan: Scan }[] }>(
    { ...statement, text: `explain (analyze, format json) ${statement.text}` },
    settings,
  );
  const found = (row?.['QUERY PLAN'] ?? []).flatMap(({ Plan }) => scans(Plan));
  const rows = found.reduce((sum, s) => sum + s['Actual Loops'] * (s['Actual Rows'] + (s['Rows Removed by Filter'] ?? 0)), 0);
  return { rows: Math.round(rows), types: [...new Set(found.map((s) => s['Node Type']))] };
}

const far = async (orderBy: string, size = 1_000, pages = 8): Promise<string> => {
  let after: string | null = null;
  for (let page = 0; page < pages; page++) {
    const answer: { invoices: { pageInfo: { endCursor: string } } } = await data(
      `query ($after: Cursor) { invoices(first: ${size}, after: $after, orderBy: ${orderBy}) { pageInfo { endCursor } } }`,
      {},
      { after },
    );
    after = answer.invoices.pageInfo.endCursor;
  }
  return after ?? '';
};

it.each([
  ['the default order', '[{ field: CREATED_AT, direction: DESC }]'],
  ['an order with nulls upwards', '[{ field: DUE_ON }]'],
  ['an order with nulls downwards', '[{ field: DUE_ON, direction: DESC }]'],
])('a page far down in %s touches a page', async (_, orderBy) => {
  const after = await far(orderBy);
  const source = `query ($after: Cursor) { invoices(first: 10, after: $after, orderBy: ${orderBy}) { nodes { id } pageInfo { hasNextPage } } }`;
  const { rows, types } = await touched(source, { after });
  expect(types).not.toContain('Seq Scan');
  expect(rows).toBeLessThan(50);
});

it.each([
  ['the beginning of a name', '{ customers(where: { name: { startsWith: "x1999" } }) { nodes { id } } }'],
  ['a natural key', '{ customer(number: "X19990") { id } }'],
  ['an id', `{ invoice(id: "inv_${uuid(4, 1, 5_000)}") { id lines { id } } }`],
  ['a list of ids', `{ invoices(where: { id: { in: ["inv_${uuid(4, 1, 5_000)}"] } }) { nodes { id account { id } } } }`],
  ['an account', `{ invoices(where: { accountId: { eq: "acc_${ACCOUNT(1, 3)}" } }) { totalCount } }`],
  [
    'nested lists',
    '{ customers(first: 5, orderBy: [{ field: NUMBER }]) { nodes { accounts(first: 2) { nodes { invoices(first: 3) { nodes { number } } } } } } }',
  ],
])('%s is found by an index', async (_, source) => {
  const { rows } = await touched(source, {});
  expect(rows).toBeLessThan(250);
});
