// What PostGraphile, mercurius and the usual stack are asked: the same fields by the same filters as our graph, in their own names and flatter
// (amounts are plain texts, lists have no pages), which is less work for them. Here their answers are brought into the form of ours.
import { money as ofMinor, moneyText } from '../../src/kernel/money.ts';
import type { Ask, QueryName } from './reads-queries.ts';

/** What all peers are asked. */
export type FlatQuery = Exclude<QueryName, 'q5live'>;

/** For mercurius and the usual stack, whose schemas are the same. */
export const FLAT_DOCUMENTS: Readonly<Record<FlatQuery, string>> = {
  q1: `query CustomerOrders($tenant: ID!, $id: ID!) { customer(tenant: $tenant, id: $id) { id name segment country accounts { id number
    orders { id number lifecycle orderedOn total currency lines { lineNumber quantity unitPrice net product { id sku name } } } } } }`,
  q2: `query OpenInvoices($tenant: ID!, $from: String!) { openInvoices(tenant: $tenant, from: $from) { id number dueOn total open currency
    customer { id name } items { closedBy { id amount from { documentId } } } } }`,
  q3: `query Statements($tenant: ID!, $number: String!, $id: ID!) { customersAfter(tenant: $tenant, number: $number, id: $id) { id name country
    accounts { invoices { id number status issuedOn total open items { closedBy { amount from { payment { id reference receivedOn method } } } } } } } }`,
  q4: `query Invoices($tenant: ID!, $createdAt: String!, $id: ID!) { invoicesAfter(tenant: $tenant, createdAt: $createdAt, id: $id) {
    id number orderId status issuedOn dueOn currency total tax open customerReference accountId } }`,
  q5: `query Ageing($tenant: ID!, $today: String!) { ageing(tenant: $tenant, today: $today) {
    segment currency notDue days1 days31 days61 over90 unapplied total itemCount } }`,
  q6: 'query OneCustomer($tenant: ID!, $id: ID!) { customer(tenant: $tenant, id: $id) { id number name } }',
};

const VALUES: Readonly<Record<FlatQuery, readonly string[]>> = {
  q1: ['id'],
  q2: ['from'],
  q3: ['number', 'id'],
  q4: ['createdAt', 'id'],
  q5: ['today'],
  q6: ['id'],
};

export const flatVariables = (query: FlatQuery, { tenantId, values }: Ask): Record<string, string> => ({
  tenant: tenantId,
  ...Object.fromEntries(VALUES[query].map((name, i) => [name, values[i] ?? ''])),
});

/** PostGraphile in its own names; its lists are pages, its amounts whole numbers of the smallest unit. */
export const POSTGRAPHILE_DOCUMENTS: Readonly<Record<FlatQuery, string>> = {
  q1: `query CustomerOrders($tenant: UUID!, $id: UUID!) { customer: customerByTenantIdAndRowId(tenantId: $tenant, rowId: $id) { id: rowId name segment country
    accounts: customerAccountsByTenantIdAndCustomerId(first: 1, orderBy: [NUMBER_ASC]) { nodes { id: rowId number
      orders: salesOrdersByTenantIdAndAccountIdAndLegalEntityId(first: 10, orderBy: [ORDERED_ON_DESC, ROW_ID_DESC]) { nodes { id: rowId number lifecycle orderedOn total: totalMinor currency
        lines: orderLinesByTenantIdAndOrderIdAndAccountId(orderBy: [LINE_NUMBER_ASC]) { nodes { lineNumber quantity unitPrice net: netMinor
          product: productByTenantIdAndProductId { id: rowId sku name } } } } } } } } }`,
  q2: `query OpenInvoices($tenant: UUID!, $from: Date!) { openInvoices: benchPeerOpenInvoices(tenant: $tenant, since: $from, first: 50) { nodes { id: rowId number dueOn
    total: totalMinor open: openMinor currency
    account: customerAccountByTenantIdAndAccountIdAndLegalEntityId { customer: customerByTenantIdAndCustomerId { id: rowId name } }
    items(orderBy: [INSTALMENT_ASC]) { nodes { closedBy: allocationsByTenantIdAndToItemId(orderBy: [RECORDED_AT_ASC, ROW_ID_ASC]) { nodes { id: rowId amount: toMinor
      from: openItemByTenantIdAndFromItemId { documentId } } } } } } } }`,
  q3: `query Statements($tenant: UUID!, $number: String!, $id: UUID!) { customersAfter: benchPeerCustomersAfter(tenant: $tenant, number: $number, id: $id, first: 50) { nodes { id: rowId name country
    accounts: customerAccountsByTenantIdAndCustomerId(first: 1, orderBy: [NUMBER_ASC]) { nodes {
      invoices: invoicesByTenantIdAndAccountIdAndLegalEntityId(first: 10, orderBy: [ISSUED_ON_DESC, ROW_ID_DESC]) { nodes { id: rowId number status issuedOn total: totalMinor open: openMinor
        items(orderBy: [INSTALMENT_ASC]) { nodes { closedBy: allocationsByTenantIdAndToItemId(orderBy: [RECORDED_AT_ASC, ROW_ID_ASC]) { nodes { amount: toMinor
          from: openItemByTenantIdAndFromItemId { payment { id: rowId reference receivedOn method } } } } } } } } } } } } }`,
  q4: `query Invoices($tenant: UUID!, $createdAt: Datetime!, $id: UUID!) { invoicesAfter: benchPeerInvoicesAfter(tenant: $tenant, createdAt: $createdAt, id: $id, first: 1000) { nodes {
    id: rowId number orderId status issuedOn dueOn currency total: totalMinor tax: taxMinor open: openMinor customerReference accountId } } }`,
  q5: `query Ageing($tenant: UUID!, $today: Date!) { ageing: benchPeerAgeing(tenant: $tenant, today: $today) { nodes {
    segment currency notDue days1 days31 days61 over90 unapplied total itemCount } } }`,
  q6: `query OneCustomer($tenant: UUID!, $id: UUID!) { customer: customerByTenantIdAndRowId(tenantId: $tenant, rowId: $id) { id: rowId number name } }`,
};

// oxlint-disable-next-line typescript/no-explicit-any -- answers have the shape of their queries
type Shown = any;

/** Whose currencies all have two decimals. */
const AMOUNTS = new Set(['total', 'net', 'tax', 'open', 'amount']);

/** Its answer as the flat peers give it: pages are their rows, whole numbers are amounts, a customer stands on its invoice. */
export function fromPostgraphile(query: FlatQuery, data: Shown): Shown {
  const walk = (value: Shown): Shown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value.nodes)) return value.nodes.map(walk);
    const { account, ...own } = value;
    const entries = Object.entries({ ...own, ...account }).map(([key, one]) =>
      AMOUNTS.has(key) && query !== 'q5' ? [key, moneyText(ofMinor(BigInt(one as string), 'EUR'))] : [key, walk(one)],
    );
    return Object.fromEntries(entries);
  };
  return walk(data);
}

const amount = (text: string) => ({ amount: text });
const nodes = (list: Shown[], of: (one: Shown) => Shown) => ({ nodes: list.map(of) });
const plain = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

const line = ({ lineNumber, quantity, unitPrice, net, product }: Shown) => ({
  lineNumber,
  quantity: plain(quantity),
  unitPrice: plain(unitPrice),
  net: amount(net),
  product: { ...product, id: `prd_${product.id}` },
});
const order = ({ id, number, lifecycle, orderedOn, total, currency, lines }: Shown) => ({
  id: `ord_${id}`,
  number,
  lifecycle,
  orderedOn,
  total: { amount: total, currency },
  lines: lines.map(line),
});
const payment = (one: Shown) => one && { ...one, id: `pay_${one.id}` };
const money = ({ total, open, ...rest }: Shown) => ({ ...rest, total: amount(total), open: amount(open) });

const TRANSLATIONS: Readonly<Record<FlatQuery, (data: Shown) => Shown>> = {
  q1: ({ customer: { accounts, ...customer } }) => ({
    customer: {
      ...customer,
      id: `cus_${customer.id}`,
      accounts: nodes(accounts, ({ id, number, orders }) => ({ id: `acc_${id}`, number, orders: nodes(orders, order) })),
    },
  }),
  q2: ({ openInvoices }) => ({
    invoices: nodes(openInvoices, ({ id, number, dueOn, total, open, currency, customer, items }) => ({
      id: `inv_${id}`,
      number,
      dueOn,
      total: amount(total),
      open: { amount: open, currency },
      customer: { ...customer, id: `cus_${customer.id}` },
      items: items.map(({ closedBy }: Shown) => ({
        closedBy: closedBy.map((one: Shown) => ({
          id: `alc_${one.id}`,
          toAmount: amount(one.amount),
          from: { documentId: `pay_${one.from.documentId}` },
        })),
      })),
    })),
  }),
  q3: ({ customersAfter }) => ({
    customers: nodes(customersAfter, ({ accounts, ...customer }) => ({
      ...customer,
      id: `cus_${customer.id}`,
      accounts: nodes(accounts, ({ invoices }) => ({
        invoices: nodes(invoices, ({ items, ...invoice }) => ({
          ...money(invoice),
          id: `inv_${invoice.id}`,
          items: items.map(({ closedBy }: Shown) => ({
            closedBy: closedBy.map((one: Shown) => ({
              toAmount: amount(one.amount),
              from: { payment: payment(one.from.payment) },
            })),
          })),
        })),
      })),
    })),
  }),
  q4: ({ invoicesAfter }) => ({
    invoices: nodes(invoicesAfter, ({ tax, ...invoice }) => ({
      ...money(invoice),
      tax: amount(tax),
      id: `inv_${invoice.id}`,
      orderId: `ord_${invoice.orderId}`,
      accountId: `acc_${invoice.accountId}`,
    })),
  }),
  q5: ({ ageing }) => ({
    ageing: ageing.map(({ days1, days31, days61, ...row }: Shown) => ({
      ...row,
      days1To30: days1,
      days31To60: days31,
      days61To90: days61,
    })),
  }),
  q6: ({ customer }) => ({ customer: { ...customer, id: `cus_${customer.id}` } }),
};

export const fromFlat = (query: FlatQuery, data: unknown): unknown => TRANSLATIONS[query](data);
