// What a reader may not see never shows: not in lists, nested lists, counts, filters, cursors, joins or nodes.
import { describe, expect, it } from 'vitest';
import { scopeSql } from '../../src/read/scope-sql.ts';
import { sql, statement } from '../../src/read/sql.ts';
import { principal, reading, type Who } from './reading.ts';
import { catalogue } from './small-catalogue.ts';
import { ACCOUNT, CUSTOMER, ENTITY, INVOICE, TENANT } from './seed.ts';

const { ask, data, engine, pools } = await reading();

const EVERYTHING = `{
  customers(first: 20) { totalCount nodes { id accounts(first: 5) { totalCount nodes { id customer { id } legalEntity { id } invoices(first: 10) { totalCount edges { cursor node { id lines { id } customer { id } } } } payments(first: 10) { nodes { id } } } } children(first: 10) { nodes { id } } } }
  invoices(first: 1000) { totalCount pageInfo { startCursor endCursor } nodes { id accountId legalEntityId account { id } legalEntity { id } } }
  openItems(first: 1000, asOf: "2026-02-20") { totalCount nodes { id customer { id } } }
  payments(last: 1000) { totalCount nodes { id } }
}`;

/** Every id anywhere in an answer, as kind, tenant and number. */
function ids(answer: unknown): { kind: number; tenant: number; n: number }[] {
  const found = JSON.stringify(answer).matchAll(/[a-z]+_0{8}-0{4}-7(\d{3})-8(\d{3})-(\d{12})/g);
  return [...found].map(([, kind, tenant, n]) => ({ kind: Number(kind), tenant: Number(tenant), n: Number(n) }));
}

describe('row scope', () => {
  it.each([1, 2])('keeps to tenant %i', async (tenant) => {
    const found = ids(await data(EVERYTHING, { tenant }));
    expect(found.length).toBeGreaterThan(400);
    expect(new Set(found.map((id) => id.tenant))).toEqual(new Set([tenant]));
  });

  it('keeps to the legal entities of a grant', async () => {
    const answer = await data(EVERYTHING, { grant: [ENTITY(1, 2)] });
    expect(answer.invoices.totalCount).toBe(30);
    expect(new Set(answer.invoices.nodes.map((n: { legalEntityId: string }) => n.legalEntityId))).toEqual(
      new Set([`le_${ENTITY(1, 2)}`]),
    );
    expect(answer.customers.nodes.every((c: { accounts: { totalCount: number } }) => c.accounts.totalCount === 1)).toBe(true);
    expect(
      ids(answer)
        .filter(({ kind }) => kind === 1 || kind > 3)
        .every(({ kind, n }) => (kind === 1 ? n === 2 : kind === 6 ? (n >> 1) % 2 === 1 : n % 2 === 1)),
    ).toBe(true);
  });

  const portal: Who = { portal: { customers: [3], accounts: [6, 7] } };

  it('keeps a portal user to its own accounts, through its own role', async () => {
    const answer = await data(EVERYTHING, portal);
    expect(answer.customers.totalCount).toBe(1);
    expect(answer.invoices.totalCount).toBe(7); // one more is a draft
    const found = ids(answer);
    expect(new Set(found.filter(({ kind }) => kind === 2).map(({ n }) => n))).toEqual(new Set([3]));
    expect(new Set(found.filter(({ kind }) => kind === 3).map(({ n }) => n))).toEqual(new Set([6, 7]));
  });

  it('shows a portal user nothing when it has no account', async () => {
    const answer = await data('{ invoices { totalCount nodes { id } } customers { totalCount } legalEntities { totalCount } }', {
      portal: { customers: [], accounts: [] },
    });
    expect(answer).toEqual({
      invoices: { totalCount: 0, nodes: [] },
      customers: { totalCount: 0 },
      legalEntities: { totalCount: 2 },
    });
  });

  it('makes joins to what is out of sight null', async () => {
    // customer 5 belongs to customer 0, which this portal user isn't
    const { customers } = await data('{ customers { nodes { number parent { id name } } } }', {
      portal: { customers: [5], accounts: [10] },
    });
    expect(customers.nodes).toEqual([{ number: 'C5', parent: null }]);
  });

  it('holds in filters on related records: they tell nothing of what is out of sight', async () => {
    const count = async (who: Who) =>
      (await data('{ customers(where: { parent: { number: { eq: "C0" } } }) { totalCount } }', who)).customers.totalCount;
    expect(await count({})).toBe(3);
    expect(await count({ portal: { customers: [5], accounts: [10] } })).toBe(0);
  });

  it('makes ids of others behave as not existing', async () => {
    const source = 'query ($id: ID!) { node(id: $id) { id } }';
    for (const id of [`inv_${INVOICE(2, 1)}`, `inv_${INVOICE(1, 777)}`, `cus_${CUSTOMER(2, 1)}`]) {
      expect(await data(source, {}, { id })).toEqual({ node: null });
    }
    expect(await data(source, portal, { id: `inv_${INVOICE(1, 1)}` })).toEqual({ node: null });
    expect(await data(source, portal, { id: `inv_${INVOICE(1, 6)}` })).toEqual({ node: { id: `inv_${INVOICE(1, 6)}` } });
  });

  it('makes a cursor of another tenant only a place in the order', async () => {
    const { invoices } = await data('{ invoices(first: 3) { pageInfo { endCursor } } }', { tenant: 2 });
    const source = 'query ($after: String) { invoices(first: 1000, after: $after) { totalCount nodes { id } } }';
    const answer = await data(source, {}, { after: invoices.pageInfo.endCursor });
    expect(new Set(ids(answer).map(({ tenant }) => tenant))).toEqual(new Set([1]));
    expect(answer.invoices.totalCount).toBe(60);
  });

  it('stands in reports by scopeSql', async () => {
    const who = principal(portal);
    const scope = scopeSql({ catalogue, principal: who, record: 'Invoice', alias: 'i' });
    expect(await engine.rows(who, sql`select count(*)::int as n from invoice i where ${scope}`)).toEqual([{ n: 7 }]);
    const none = scopeSql({ catalogue, principal: who, record: 'Invoice', alias: 'i', permission: 'invoices:void' });
    expect(statement(none).text).toBe('false');
  });

  it('is held by row-level security even without it', async () => {
    const bare = sql`select tenant_id, account_id from invoice`;
    expect(await engine.rows(principal(), bare)).toHaveLength(60);
    expect(await engine.rows(principal(portal), bare)).toHaveLength(7);
    expect(await pools.read.run({ text: 'select 1 from invoice', values: [] }, {})).toEqual([]);
    await expect(pools.read.run({ text: 'insert into currency values ($1, 2)', values: ['XXX'] }, {})).rejects.toThrow(
      /read-only|permission denied/,
    );
  });

  it('leaves nothing behind on a connection', async () => {
    const set = 'select current_setting($1, true) as tenant';
    await Promise.all(Array.from({ length: 20 }, (_, i) => engine.rows(principal({ tenant: 1 + (i % 2) }), sql`select 1`)));
    const seen = await Promise.all(
      Array.from({ length: 8 }, () => pools.read.run<{ tenant: string | null }>({ text: set, values: ['app.tenant_id'] }, {})),
    );
    expect(seen.flat().every(({ tenant }) => !tenant)).toBe(true);
    const [own] = await pools.read.run({ text: set, values: ['app.tenant_id'] }, { 'app.tenant_id': TENANT(2) });
    expect(own).toEqual({ tenant: TENANT(2) });
  });
});

describe('permissions', () => {
  const refusal = async (source: string, who: Who) => (await ask(source, who)).errors?.[0]?.originalError;

  it('of a field cover its selection, its filters and its order, and name every path', async () => {
    const source = `{ customers(where: { taxId: { eq: "x" }, parent: { taxId: { isNull: false } } }, orderBy: [{ field: TAX_ID }]) { nodes { number t: taxId } } }`;
    expect(await refusal(source, {})).toMatchObject({
      code: 'FORBIDDEN',
      details: {
        paths: ['customers.nodes.t', 'customers.orderBy.taxId', 'customers.where.parent.taxId', 'customers.where.taxId'],
        permissions: ['customers:secrets'],
      },
    });
    expect(await refusal(source, { also: ['customers:secrets'] })).toBeUndefined();
    expect(await refusal('{ invoices { nodes { words } } }', {})).toMatchObject({
      code: 'FORBIDDEN',
      details: { paths: ['invoices.nodes.words'] },
    });
    expect((await data('{ invoices(first: 1) { nodes { words } } }', { also: ['invoices:words'] })).invoices.nodes).toEqual([
      { words: ['a', 'b'] },
    ]);
  });

  it('of a record cover every way to it', async () => {
    const who: Who = { without: ['customers:read'] };
    const paths = async (source: string) => ((await refusal(source, who)) as unknown as { details: unknown }).details;
    expect(await paths('{ customers { totalCount } }')).toMatchObject({ paths: ['customers'] });
    expect(await paths('{ invoices { nodes { customer { id } } } }')).toMatchObject({ paths: ['invoices.nodes.customer'] });
    expect(await paths('{ invoices(where: { account: { number: { eq: "A1" } } }) { totalCount } }')).toMatchObject({
      paths: ['invoices.where.account'],
    });
    expect(await paths(`{ node(id: "acc_${ACCOUNT(1, 1)}") { id } }`)).toMatchObject({ paths: ['node'] });
    expect((await data('{ invoices { totalCount } }', who)).invoices.totalCount).toBe(60);
  });
});
