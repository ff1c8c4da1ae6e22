// The six reads of the bench: what is asked of our graph, with which values, and the goals of the design. Peers ask the same in their own
// names. Values are drawn once from the books with a fixed seed, so every peer and every run gets the same list.
import type pg from 'pg';
import type { LocalIssuer } from '../../src/transport/local-issuer.ts';
import { READER } from './data/books.ts';

export const QUERY_NAMES = ['q1', 'q2', 'q3', 'q4', 'q5', 'q5live', 'q6'] as const;
export type QueryName = (typeof QUERY_NAMES)[number];

/** One question: what `limit` is given, and what our graph is. `token` is who asks, in the tenant that it is about. */
export interface Ask {
  readonly tenantId: string;
  readonly token: string;
  /** For a statement, after the tenant. */
  readonly values: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

export interface Query {
  readonly title: string;
  /** In answers a second of `limit`. */
  readonly goal: number;
  readonly document: string;
  /** Rows of `tenant_id`, then the values of the statement. */
  readonly draw: string;
  readonly variables: (values: readonly string[]) => Record<string, string>;
  /** Who is asked this; absent: all. */
  readonly peers?: readonly string[];
  /** Reads one row by its id and takes its cursor, where the variable is one. */
  readonly cursor?: { readonly field: string; readonly prefix: string; readonly orderBy: string };
}

/** How many different questions of each kind. */
const ASKS = 60;

const AGEING_DRAW = `select tenant_id, to_char(now() at time zone 'Europe/Berlin', 'YYYY-MM-DD') as v1 from tenant where slug like 'bench-%' order by slug`;

export const QUERIES: Readonly<Record<QueryName, Query>> = {
  q1: {
    title: 'a customer, its account, 10 latest orders, lines, products',
    goal: 1.35,
    document: `query CustomerOrders($id: ID!) { customer(id: $id) { id name segment country accounts(first: 1) { nodes { id number
      orders(first: 10, orderBy: [{ field: ORDERED_ON, direction: DESC }]) { nodes { id number lifecycle orderedOn total { amount currency }
        lines { lineNumber quantity unitPrice net { amount } product { id sku name } } } } } } } }`,
    draw: `select a.tenant_id, a.customer_id as v1 from sales_order o join customer_account a on a.tenant_id = o.tenant_id and a.id = o.account_id
      order by md5(o.number) limit ${ASKS}`,
    variables: ([id]) => ({ id: `cus_${id}` }),
  },
  q2: {
    title: '50 open invoices, filtered and sorted, with customer and allocations',
    goal: 1.45,
    document: `query OpenInvoices($from: Date!) { invoices(first: 50, where: { status: { in: [OPEN, PARTIALLY_PAID] }, dueOn: { gte: $from } },
      orderBy: [{ field: DUE_ON }]) { nodes { id number dueOn total { amount } open { amount currency } customer { id name }
        items { closedBy { id toAmount { amount } from { documentId } } } } } }`,
    draw: `select tenant_id, (due_on - 60)::text as v1 from invoice order by md5(number) limit ${ASKS}`,
    variables: ([from = '']) => ({ from }),
  },
  q3: {
    title: '50 customers × 10 invoices × allocations with their payments',
    goal: 1.4,
    document: `query Statements($after: String) { customers(first: 50, after: $after, orderBy: [{ field: NUMBER }]) { nodes { id name country
      accounts(first: 1) { nodes { invoices(first: 10, orderBy: [{ field: ISSUED_ON, direction: DESC }]) { nodes { id number status issuedOn
        total { amount } open { amount } items { closedBy { toAmount { amount } from { payment { id reference receivedOn method } } } } } } } } } } }`,
    draw: `select tenant_id, number as v1, id as v2 from customer order by md5(number) limit ${ASKS}`,
    variables: ([, , after = '']) => ({ after }),
    cursor: { field: 'customers', prefix: 'cus', orderBy: '[{ field: NUMBER }]' },
  },
  q4: {
    title: '1,000 invoices × 12 fields',
    goal: 2.5,
    document: `query Invoices($after: String) { invoices(first: 1000, after: $after, orderBy: [{ field: CREATED_AT }]) { nodes { id number orderId status
      issuedOn dueOn currency total { amount } tax { amount } open { amount } customerReference accountId } } }`,
    draw: `select i.tenant_id, i.created_at::text as v1, i.id as v2
      from (select *, row_number() over (partition by tenant_id order by created_at desc, id desc) as left_over from invoice) i
      where i.left_over > (select least(1000, min(count)) from (select count(*) from invoice group by tenant_id) t) order by md5(i.number) limit ${ASKS}`,
    variables: ([, , after = '']) => ({ after }),
    cursor: { field: 'invoices', prefix: 'inv', orderBy: '[{ field: CREATED_AT }]' },
  },
  q5: {
    title: 'ageing by segment, from the sums that are kept',
    goal: 4,
    document: `query Ageing { ageing(groupBy: SEGMENT) { segment currency notDue days1To30 days31To60 days61To90 over90 unapplied total itemCount } }`,
    draw: AGEING_DRAW,
    variables: () => ({}),
  },
  q5live: {
    title: 'ageing by customer, from the open items',
    goal: 0.95,
    document: `query AgeingOfCustomers { ageing(groupBy: CUSTOMER) { customerNumber customerName currency notDue days1To30 days31To60 days61To90 over90
      unapplied total itemCount } }`,
    draw: AGEING_DRAW,
    variables: () => ({}),
    peers: ['limit', 'ours'],
  },
  q6: {
    title: 'one record by its id',
    goal: 1.2,
    document: `query OneCustomer($id: ID!) { customer(id: $id) { id number name } }`,
    draw: `select tenant_id, id as v1 from customer order by md5(name) limit ${ASKS}`,
    variables: ([id]) => ({ id: `cus_${id}` }),
  },
};

interface Drawn {
  readonly tenant_id: string;
  readonly v1?: string;
  readonly v2?: string;
}

/** Two hours are more than any run takes. */
const LIFETIME_S = 7_200;

/** @param cursorOf asks our own server, which alone can make one */
export async function drawAsks(
  { client, issuer }: { client: pg.Client; issuer: LocalIssuer },
  query: Query,
  cursorOf: (document: string, token: string) => Promise<string>,
): Promise<readonly Ask[]> {
  const { rows: tenants } = await client.query<{ tenant_id: string; slug: string }>('select tenant_id, slug from tenant');
  const tokens = new Map<string, string>();
  for (const { tenant_id: id, slug } of tenants)
    tokens.set(id, await issuer.issueToken({ subject: READER, tenant: slug, lifetimeS: LIFETIME_S }));
  const { rows } = await client.query<Drawn>(query.draw);
  const asks: Ask[] = [];
  for (const { tenant_id: tenantId, v1, v2 } of rows) {
    const token = tokens.get(tenantId) ?? '';
    const values = [v1, v2].filter((value) => value !== undefined);
    const cursor = query.cursor && (await cursorOf(cursorDocument(query.cursor, values[1] ?? ''), token));
    asks.push({ tenantId, token, values, variables: query.variables(cursor === undefined ? values : [...values, cursor]) });
  }
  return asks;
}

const cursorDocument = ({ field, prefix, orderBy }: NonNullable<Query['cursor']>, id: string): string =>
  `{ ${field}(where: { id: { eq: "${prefix}_${id}" } }, orderBy: ${orderBy}) { edges { cursor } } }`;
