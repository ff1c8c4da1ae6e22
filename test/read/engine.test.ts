// What the read engine answers, through GraphQL, on real rows.
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { undescribed } from '../../src/read/schema.ts';
import { reading } from './reading.ts';
import { ACCOUNT, CUSTOMER, ENTITY, INVOICE, TENANT } from './seed.ts';

const { ask, data, schema, connection } = await reading();
const admin = new pg.Pool(connection);
afterAll(() => admin.end());
const inv = (n: number) => `inv_${INVOICE(1, n)}`;

describe('one record', () => {
  it('shows every kind of value in its form', async () => {
    const source = `query ($id: ID!) { invoice(id: $id) {
      __typename id i2: id legalEntityId status number currency total { amount currency __typename } baseTotal { amount } rate issuedOn dueOn createdAt
      paid { amount } isSettled seenAs customerReference
      account { number currency paymentTerms { code netDays isEndOfMonth discountPercent } legalEntity { code } }
      customer { name parent { name } } lines { lineNumber description quantity net { amount currency } }
    } }`;
    expect((await data(source, {}, { id: inv(1) })).invoice).toEqual({
      __typename: 'Invoice',
      id: inv(1),
      i2: inv(1),
      legalEntityId: `le_${ENTITY(1, 2)}`,
      status: 'OPEN',
      number: 'INV-0',
      currency: 'JPY',
      total: { amount: '1111', currency: 'JPY', __typename: 'Money' },
      baseTotal: { amount: '1111' },
      rate: '1.25',
      issuedOn: '2026-02-02',
      dueOn: '2026-02-02',
      createdAt: '2026-01-01T00:00:00.000Z',
      paid: { amount: '0' },
      isSettled: false,
      seenAs: null,
      customerReference: 'ref 1',
      account: {
        number: 'A0',
        currency: 'EUR',
        paymentTerms: { code: 'S2', netDays: 30, isEndOfMonth: false, discountPercent: '2.5' },
        legalEntity: { code: 'LE2' },
      },
      customer: { name: 'Müller & Söhne', parent: null },
      lines: [
        { lineNumber: 1, description: 'line "2"', quantity: '1.5', net: { amount: '300', currency: 'JPY' } },
        { lineNumber: 2, description: 'line "3"', quantity: '1.5', net: { amount: '300', currency: 'JPY' } },
      ],
    });
  });

  it('is null when it does not exist or is another tenant’s', async () => {
    expect(await data(`{ invoice(id: "${inv(999)}") { id } }`)).toEqual({ invoice: null });
    expect(await data(`{ invoice(id: "inv_${INVOICE(2, 1)}") { id } }`)).toEqual({ invoice: null });
  });

  it('refuses an id of another kind', async () => {
    await expect(data(`{ invoice(id: "cus_${CUSTOMER(1, 1)}") { id } }`)).rejects.toMatchObject({ code: 'INVALID_ID' });
    await expect(data(`{ invoice(id: "7") { id } }`)).rejects.toMatchObject({ code: 'INVALID_ID' });
  });

  it('is found by its natural key, with the legal entity by code or id', async () => {
    const found = { invoice: { id: inv(6), legalEntity: { code: 'LE1' } } };
    expect(await data('{ invoice(legalEntity: "LE1", number: "INV-3") { id legalEntity { code } } }')).toEqual(found);
    expect(await data(`{ invoice(legalEntity: "le_${ENTITY(1, 1)}", number: "INV-3") { id legalEntity { code } } }`)).toEqual(
      found,
    );
    expect(await data('{ invoice(number: "INV-0") { id } }')).toEqual({ invoice: { id: inv(1) } });
    expect(await data('{ customer(number: "C3") { name } }')).toEqual({ customer: { name: 'Zoë 😀' } });
  });

  it('names the choices when a natural key fits several', async () => {
    await expect(data('{ invoice(number: "INV-3") { id } }')).rejects.toMatchObject({
      code: 'AMBIGUOUS',
      details: { choices: ['LE1', 'LE2'] },
    });
    expect(await data('{ invoice(number: "INV-3") { id } }', { grant: [ENTITY(1, 2)] })).toEqual({ invoice: { id: inv(7) } });
  });

  it('refuses a key that is not whole, or mixed with the id', async () => {
    await expect(data('{ invoice(legalEntity: "LE1") { id } }')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(data('{ invoice { id } }')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(data(`{ invoice(id: "${inv(1)}", number: "INV-0") { id } }`)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('takes more fields than a function has arguments', async () => {
    const fields = Array.from({ length: 120 }, (_, i) => `f${i}: number`).join(' ');
    const { invoice } = await data(`{ invoice(id: "${inv(1)}") { ${fields} } }`);
    expect(Object.keys(invoice)).toHaveLength(120);
    expect(new Set(Object.values(invoice))).toEqual(new Set(['INV-0']));
  });
});

describe('nodes', () => {
  it('are read whatever their kind, in order, with null for what is not there', async () => {
    const ids = [`cus_${CUSTOMER(1, 3)}`, inv(999), inv(1), `cus_${CUSTOMER(2, 3)}`, inv(1)];
    const source =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Invoice { x: number } ...C } } fragment C on Customer { x: segment }';
    const customer = { __typename: 'Customer', id: ids[0], x: null };
    const invoice = { __typename: 'Invoice', id: inv(1), x: 'INV-0' };
    expect((await data(source, {}, { ids })).nodes).toEqual([customer, null, invoice, null, invoice]);
    expect(await data(`{ node(id: "${inv(1)}") { id } a: node(id: "${inv(999)}") { id } }`)).toEqual({
      node: { id: inv(1) },
      a: null,
    });
  });

  it('are refused for an unknown kind and for rows that are no nodes', async () => {
    await expect(data(`{ node(id: "inl_${INVOICE(1, 1)}") { id } }`)).rejects.toMatchObject({ code: 'INVALID_ID' });
    await expect(data(`{ node(id: "nope_${INVOICE(1, 1)}") { id } }`)).rejects.toMatchObject({ code: 'INVALID_ID' });
  });
});

describe('lists', () => {
  it('are connections, nested ones with a page per parent', async () => {
    const source = `{ customers(first: 2, orderBy: [{ field: NUMBER }], where: { number: { in: ["C0", "C1", "C2"] } }) {
      totalCount __typename pageInfo { hasNextPage hasPreviousPage startCursor endCursor __typename }
      edges { __typename cursor node { number } }
      nodes { number accounts(first: 1) { totalCount nodes { id invoices(first: 2, where: { status: { eq: OPEN } }) { totalCount nodes { status } pageInfo { hasNextPage } } } pageInfo { hasNextPage } } }
    } }`;
    const { customers } = await data(source);
    expect(customers).toMatchObject({ totalCount: 3, __typename: 'CustomerConnection' });
    expect(customers.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: customers.edges[0].cursor,
      endCursor: customers.edges[1].cursor,
      __typename: 'PageInfo',
    });
    expect(customers.nodes.map((n: { number: string }) => n.number)).toEqual(['C0', 'C1']);
    expect(customers.nodes[1].accounts).toEqual({
      totalCount: 2,
      nodes: [
        {
          id: `acc_${ACCOUNT(1, 2)}`,
          invoices: { totalCount: 2, nodes: [{ status: 'OPEN' }, { status: 'OPEN' }], pageInfo: { hasNextPage: false } },
        },
      ],
      pageInfo: { hasNextPage: true },
    });
  });

  it('page on from a cursor, also within a parent', async () => {
    const first = await data(
      '{ customer(number: "C0") { children(first: 2) { nodes { number } pageInfo { endCursor hasNextPage } } } }',
    );
    const { endCursor } = first.customer.children.pageInfo;
    const source =
      'query ($after: String) { customer(number: "C0") { children(first: 2, after: $after) { nodes { number } pageInfo { hasNextPage hasPreviousPage } } } }';
    expect((await data(source, {}, { after: endCursor })).customer.children).toEqual({
      nodes: [{ number: 'C7' }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
  });

  it.each([
    ['{ number: { startsWith: "INV-1" } }', "number like 'INV-1%'"],
    ['{ number: { contains: "V-2" }, status: { ne: OPEN } }', "number like '%V-2%' and status <> 'OPEN'"],
    [
      '{ total: { currency: "EUR", gte: "11.11", lt: "16.66" } }',
      "currency = 'EUR' and total_minor >= 1111 and total_minor < 1666",
    ],
    ['{ total: { currency: "JPY", eq: "1111" } }', "currency = 'JPY' and total_minor = 1111"],
    ['{ baseTotal: { currency: "KWD", isNull: true } }', "currency = 'KWD' and base_total_minor is null"],
    ['{ issuedOn: { isNull: true } }', 'issued_on is null'],
    ['{ issuedOn: { gte: "2026-02-05" } }', "issued_on >= '2026-02-05'"],
    ['{ rate: { gt: "1.2" } }', 'rate > 1.2'],
    ['{ createdAt: { lte: "2026-01-01T01:00:00.000+01:00" } }', "created_at <= '2026-01-01Z'"],
    [`{ accountId: { in: ["acc_${ACCOUNT(1, 0)}", "acc_${ACCOUNT(2, 1)}"] } }`, `account_id = '${ACCOUNT(1, 0)}'`],
    ['{ or: [{ status: { eq: PAID } }, { not: { number: { isNull: false } } }] }', "status = 'PAID' or number is null"],
    ['{ or: [] }', 'false'],
    ['{ and: [], not: { or: [] } }', 'true'],
    ['{ number: { ne: "INV-3" } }', "number <> 'INV-3'"],
    ['{ customer: { segment: { eq: "S1" } }, legalEntity: { code: { eq: "LE1" } } }', "c.segment = 'S1' and e.code = 'LE1'"],
    ['{ customer: { name: { startsWith: "MÜLLER" } } }', "c.name ilike 'müller%'"],
    ['{ customer: { name: { contains: "ther c" } } }', "c.number = 'C2'"],
    ['{ account: { number: { in: ["A1"] } }, status: { in: [OPEN, DRAFT] } }', "a.number = 'A1' and status in ('OPEN', 'DRAFT')"],
    ['{ currency: { notIn: ["EUR", "JPY"] } }', "currency = 'KWD'"],
  ])('filter by %s', async (where, condition) => {
    const { rows } = await admin.query<{ count: number }>(`select count(*)::int from invoice i
      join customer_account a on a.id = i.account_id join customer c on c.id = a.customer_id join legal_entity e on e.id = i.legal_entity_id
      where i.tenant_id = '${TENANT(1)}' and (${condition.replaceAll(/\b(number|currency|status|created_at|segment)\b/g, (name, _, at) => (/[a-z]\.$/.test(condition.slice(0, at)) ? name : `i.${name}`))})`);
    expect((await data(`{ invoices(where: ${where}) { totalCount } }`)).invoices.totalCount).toBe(rows[0]?.count);
    if (condition !== 'false') expect(rows[0]?.count).toBeGreaterThan(0);
  });

  it('say what is wrong with an argument', async () => {
    const code = async (args: string) =>
      (await ask(`{ invoices(${args}) { totalCount nodes { id } } }`)).errors?.[0]?.originalError;
    expect(await code('first: 1001')).toMatchObject({ code: 'PAGE_TOO_LARGE' });
    expect(await code('first: -1')).toMatchObject({ code: 'PAGE_ARGUMENTS_INVALID' });
    expect(await code('first: 1, last: 1')).toMatchObject({ code: 'PAGE_ARGUMENTS_INVALID' });
    expect(await code('first: 1, before: "x"')).toMatchObject({ code: 'PAGE_ARGUMENTS_INVALID' });
    expect(await code('after: "x"')).toMatchObject({ code: 'CURSOR_INVALID' });
    expect(await code(`after: "${Buffer.from('["abcdef", 1]').toString('base64url')}"`)).toMatchObject({
      code: 'CURSOR_ORDER_MISMATCH',
    });
    expect(await code('where: { total: { currency: "EUR", gt: "1.005" } }')).toMatchObject({ code: 'AMOUNT_INVALID' });
    expect(await code('where: { accountId: { eq: "inv_x" } }')).toMatchObject({ code: 'INVALID_ID' });
    expect(await code('where: { number: { eq: null } }')).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await code('where: { number: { eq: "a\\u0000" } }')).toMatchObject({ code: 'INVALID_INPUT' });
    expect((await ask('{ invoices(where: { dueOn: { eq: "2026-02-30" } }) { totalCount } }')).errors?.[0]?.message).toMatch(
      /Date must be/,
    );
  });

  it('refuse a cursor under another order', async () => {
    const { invoices } = await data('{ invoices(first: 1) { pageInfo { endCursor } } }');
    const source = 'query ($after: String) { invoices(after: $after, orderBy: [{ field: DUE_ON }]) { nodes { id } } }';
    await expect(data(source, {}, { after: invoices.pageInfo.endCursor })).rejects.toMatchObject({
      code: 'CURSOR_ORDER_MISMATCH',
    });
  });

  it('show an earlier moment in selection, filter, order and cursor', async () => {
    const source = (args: string) => `{ openItems(${args}) { totalCount nodes { documentNumber open { amount } settledOn } } }`;
    const now = await data(source('where: { settledOn: { isNull: true } }'));
    expect(now.openItems.totalCount).toBe(10);
    const then = await data(
      source('asOf: "2026-02-08", where: { settledOn: { isNull: true } }, orderBy: [{ field: OPEN, direction: DESC }], first: 1'),
    );
    // existed by the 8th: eight of each ten; of these D1 was settled on the 7th
    expect(then.openItems).toEqual({
      totalCount: 15,
      nodes: [{ documentNumber: 'D17', open: { amount: '5.00' }, settledOn: null }],
    });
    await expect(data(source('knownAt: "2026-03-01T11:59:45Z"'))).rejects.toMatchObject({ code: 'KNOWN_AT_TOO_RECENT' });
    await expect(data(source('asOf: "2026-02-08", knownAt: "2026-03-01T11:59:30Z"'))).resolves.toBeDefined();
  });

  it('read fragments, directives and variables as GraphQL does', async () => {
    const source = `query ($n: Int = 1, $no: Boolean = false, $yes: Boolean!) {
      invoices(first: $n) { ...Page ... @include(if: $no) { totalCount } } }
      fragment Page on InvoiceConnection { nodes { id @skip(if: $yes) ...N a: account { id } } nodes { a: account { number } } }
      fragment N on Node { again: id }`;
    const { invoices } = await data(source, {}, { yes: true });
    expect(invoices).toEqual({
      nodes: [{ again: expect.stringMatching(/^inv_/), a: { id: expect.stringMatching(/^acc_/), number: expect.any(String) } }],
    });
  });
});

describe('the schema', () => {
  it('describes every type, field, argument and enum value', () => {
    expect(undescribed(schema)).toEqual([]);
  });
});
