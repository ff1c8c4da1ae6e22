// mercurius with its just-in-time compiler and its loaders, as its documentation shows them: a resolver for each root field, a loader for each
// relation, each with one statement for the whole batch. It works as the database's administrator, without row-level security.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import pg from 'pg';
import { AGEING_SQL, endWithBench } from './peer.mjs';

const { connection, poolMax } = JSON.parse(process.argv[2]);
const asText = { getTypeParser: (oid) => (oid === 23 ? Number : (value) => value) };
const pool = new pg.Pool({ ...connection, max: poolMax, types: asText });
const rows = async (name, text, values) => (await pool.query({ name, text, values })).rows;

const schema = `
  type Product { id: ID! sku: String! name: String! }
  type Line { lineNumber: Int! quantity: String! unitPrice: String! net: String! product: Product }
  type Order { id: ID! number: String! lifecycle: String! orderedOn: String! total: String! currency: String! lines: [Line!]! }
  type Payment { id: ID! reference: String receivedOn: String method: String! }
  type Item { documentId: ID! payment: Payment closedBy: [Allocation!]! }
  type Allocation { id: ID! amount: String! from: Item }
  type Invoice { id: ID! number: String orderId: ID status: String! issuedOn: String dueOn: String currency: String! total: String! tax: String! open: String!
    customerReference: String accountId: ID! customer: Customer items: [Item!]! }
  type Account { id: ID! number: String! orders: [Order!]! invoices: [Invoice!]! }
  type Customer { id: ID! number: String! name: String! segment: String country: String accounts: [Account!]! }
  type AgeingRow { segment: String! currency: String! notDue: String! days1: String! days31: String! days61: String! over90: String! unapplied: String! total: String! itemCount: Int! }
  type Query {
    customer(tenant: ID!, id: ID!): Customer
    openInvoices(tenant: ID!, from: String!): [Invoice!]!
    customersAfter(tenant: ID!, number: String!, id: ID!): [Customer!]!
    invoicesAfter(tenant: ID!, createdAt: String!, id: ID!): [Invoice!]!
    ageing(tenant: ID!, today: String!): [AgeingRow!]!
  }`;

const CUSTOMER = 'c.id, c.tenant_id, c.number, c.name, c.segment, c.country';
const INVOICE = `i.id, i.tenant_id, i.number, i.order_id as "orderId", i.status, i.issued_on as "issuedOn", i.due_on as "dueOn", i.currency,
  money_text(i.total_minor, i.currency) as total, money_text(i.tax_minor, i.currency) as tax, money_text(i.open_minor, i.currency) as open,
  i.customer_reference as "customerReference", i.account_id as "accountId"`;

const resolvers = {
  Query: {
    customer: async (_, { tenant, id }) =>
      (await rows('customer', `select ${CUSTOMER} from customer c where c.tenant_id = $1 and c.id = $2`, [tenant, id]))[0],
    openInvoices: (_, { tenant, from }) =>
      rows(
        'open',
        `select ${INVOICE} from invoice i where i.tenant_id = $1 and i.status in ('OPEN', 'PARTIALLY_PAID') and i.due_on >= $2 order by i.due_on, i.id limit 50`,
        [tenant, from],
      ),
    customersAfter: (_, { tenant, number, id }) =>
      rows(
        'customers',
        `select ${CUSTOMER} from customer c where c.tenant_id = $1 and (c.number, c.id) > ($2, $3::uuid) order by c.number, c.id limit 50`,
        [tenant, number, id],
      ),
    invoicesAfter: (_, { tenant, createdAt, id }) =>
      rows(
        'invoices',
        `select ${INVOICE} from invoice i where i.tenant_id = $1 and (i.created_at, i.id) > ($2, $3::uuid) order by i.created_at, i.id limit 1000`,
        [tenant, createdAt, id],
      ),
    ageing: async (_, { tenant, today }) =>
      (await rows('ageing', AGEING_SQL('$1', '$2::date'), [tenant, today])).map(
        ({ not_due: notDue, item_count: itemCount, ...row }) => ({ ...row, notDue, itemCount }),
      ),
  },
};

// no relation is read twice in one request, so that a cache would only cost
const batched = (loader) => ({ loader, opts: { cache: false } });

/** A loader: one statement for the batch, its rows dealt out by `k`. */
const many = (name, text) =>
  batched(async (queries) => {
    const tenant = queries[0]?.obj.tenant_id;
    const found = new Map(queries.map(({ obj }) => [obj.id, []]));
    for (const row of await rows(name, text, [tenant, [...found.keys()]])) found.get(row.k)?.push(row);
    return queries.map(({ obj }) => found.get(obj.id) ?? []);
  });
const one = (name, text, key) =>
  batched(async (queries) => {
    const tenant = queries[0]?.obj.tenant_id;
    const keys = [...new Set(queries.map(({ obj }) => obj[key]).filter((value) => value !== null))];
    const found = new Map((await rows(name, text, [tenant, keys])).map((row) => [row.k, row]));
    return queries.map(({ obj }) => found.get(obj[key]) ?? null);
  });

const loaders = {
  Customer: {
    accounts: many(
      'accounts',
      'select a.customer_id as k, a.id, a.tenant_id, a.number from customer_account a where a.tenant_id = $1 and a.customer_id = any ($2) order by a.number, a.id',
    ),
  },
  Account: {
    orders: many(
      'orders',
      `select a.id as k, o.* from unnest($2::uuid[]) a(id) cross join lateral (select o.id, o.tenant_id, o.number, o.lifecycle, o.ordered_on as "orderedOn",
        money_text(o.total_minor, o.currency) as total, o.currency from sales_order o where o.tenant_id = $1 and o.account_id = a.id order by o.ordered_on desc, o.id desc limit 10) o`,
    ),
    invoices: many(
      'latest',
      `select a.id as k, i.* from unnest($2::uuid[]) a(id) cross join lateral (select ${INVOICE}
        from invoice i where i.tenant_id = $1 and i.account_id = a.id order by i.issued_on desc, i.id desc limit 10) i`,
    ),
  },
  Order: {
    lines: many(
      'lines',
      `select l.order_id as k, l.id, l.tenant_id, l.line_number as "lineNumber", l.quantity, l.unit_price as "unitPrice", money_text(l.net_minor, l.currency) as net, l.product_id
        from order_line l where l.tenant_id = $1 and l.order_id = any ($2) order by l.order_id, l.line_number`,
    ),
  },
  Line: {
    product: one(
      'product',
      'select p.id as k, p.id, p.sku, p.name from product p where p.tenant_id = $1 and p.id = any ($2)',
      'product_id',
    ),
  },
  Invoice: {
    customer: one(
      'customers of',
      'select a.id as k, c.id, c.tenant_id, c.name from customer_account a join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id where a.tenant_id = $1 and a.id = any ($2)',
      'accountId',
    ),
    items: many(
      'items',
      'select t.document_id as k, t.id, t.tenant_id, t.document_id as "documentId" from open_item t where t.tenant_id = $1 and t.document_id = any ($2) order by t.instalment, t.id',
    ),
  },
  Item: {
    closedBy: many(
      'closed',
      `select l.to_item_id as k, l.id, l.tenant_id, money_text(l.to_minor, l.to_currency) as amount, l.from_item_id
        from allocation l where l.tenant_id = $1 and l.to_item_id = any ($2) order by l.recorded_at, l.id`,
    ),
    payment: one(
      'payment',
      'select p.id as k, p.id, p.reference, p.received_on as "receivedOn", p.method from payment p where p.tenant_id = $1 and p.id = any ($2)',
      'documentId',
    ),
  },
  Allocation: {
    from: one(
      'from',
      'select t.id as k, t.id, t.tenant_id, t.document_id as "documentId" from open_item t where t.tenant_id = $1 and t.id = any ($2)',
      'from_item_id',
    ),
  },
};

const app = Fastify();
app.register(mercurius, { schema, resolvers, loaders, jit: 1, graphiql: false });
await app.listen({ port: 0, host: '127.0.0.1' });
endWithBench(app.server);
