/** The streams, in the order in which their records refer to each other. */
import type {
  AssembleContext,
  Assembled,
  CanonicalKind,
  JsonObject,
  Period,
  SourceRecord,
  Stream,
} from '../../src/connect/index.ts';
import { accountingSource, assembleAccountingCredit, assembleAccountingInvoice } from './accounting.ts';
import { billingKeys, billingSource } from './billing.ts';
import { accountIn, companyFilter, servedOrganizations } from './companies.ts';
import { countOf } from './counting.ts';
import { customerSource } from './customers.ts';
import { assembleDelivery, deliverySource } from './deliveries.ts';
import { amongOf, joined } from './keyset.ts';
import { accountingKey } from './lines.ts';
import { assembleCreditMemo, assembleInvoice } from './mapping-billing.ts';
import { assembleCustomer } from './mapping-customer.ts';
import { assembleOrder } from './mapping-order.ts';
import { assemblePayment } from './mapping-payment.ts';
import { ORDERS, orderSource } from './orders.ts';
import { paymentSource } from './payments.ts';
import { assembleProduct, PRODUCTS, productSource } from './products.ts';
import { readSource, type Source } from './reading.ts';
import type { Settings } from './settings.ts';
import type { Context } from './system.ts';
import { assembleTerms, termsSource } from './terms.ts';

interface Declared<K extends CanonicalKind> {
  readonly name: string;
  readonly kind: K;
  readonly description: string;
  readonly source: Source;
  /** The keys that ids of its records stand for; what is no id of it is left out. */
  keysOf(ids: readonly string[]): readonly string[];
  assemble(raw: JsonObject, context: AssembleContext<Settings>): Assembled<K>;
  count?(context: Context, period: Period | null): Promise<number>;
}

function stream<K extends CanonicalKind>({ source, keysOf, ...declared }: Declared<K>): Stream<Settings, K> {
  return {
    ...declared,
    // no set of SAP's tells what was deleted, and a clearing that was reset leaves nothing behind
    needsKeyComparison: true,
    read: (context, request) => readSource(context, source, request),
    get: (context, ids) => getRecords(context, source, { ids, keys: keysOf(ids) }),
  };
}

const GET_MAX_COUNT = 200;

/** A key may bring more records than were asked for. */
async function getRecords(
  context: Context,
  source: Source,
  { ids, keys }: { ids: readonly string[]; keys: readonly string[] },
): Promise<readonly SourceRecord[]> {
  const found = new Map<string, SourceRecord>();
  const distinct = [...new Set(keys)];
  for (let i = 0; i < distinct.length; i += GET_MAX_COUNT)
    for (const record of await source.load(context, distinct.slice(i, i + GET_MAX_COUNT))) found.set(record.externalId, record);
  return ids.flatMap((id) => found.get(id) ?? []);
}

const NUMBER = /^[A-Za-z0-9_-]{1,10}$/;
const numbers = (ids: readonly string[]): readonly string[] => ids.filter((id) => NUMBER.test(id));
const accountKeys = (ids: readonly string[]): readonly string[] =>
  ids.flatMap((id) => {
    const account = accountIn(id);
    return account === null ? [] : [joined([account.customer, account.company])];
  });
const documentKeys = (ids: readonly string[]): readonly string[] =>
  ids.flatMap((id) => {
    const known = accountingKey(id);
    return known === null ? [] : [joined(known.key)];
  });

const billed =
  (categories: readonly string[]) =>
  async (context: Context, period: Period | null): Promise<number> => {
    const of = await amongOf(context, {
      service: 'billing',
      set: 'A_BillingDocument',
      field: 'SDDocumentCategory',
      values: categories,
    });
    const filters = [of, await companyFilter(context, 'billing', 'A_BillingDocument')];
    return countOf(context, { service: 'billing', set: 'A_BillingDocument', filters, day: 'BillingDocumentDate', period });
  };

export const streams = [
  stream({
    name: 'terms',
    kind: 'Terms',
    description: 'Payment terms that customers and documents have, with the days that accounting lines or the settings tell.',
    source: termsSource,
    keysOf: (ids) => ids.filter((id) => /^\w{1,4}$/.test(id)),
    assemble: assembleTerms,
  }),
  stream({
    name: 'products',
    kind: 'Product',
    description: 'Products with their descriptions.',
    source: productSource,
    keysOf: (ids) => ids.filter((id) => id.length <= 40),
    assemble: assembleProduct,
    count: (context) => countOf(context, { service: 'product', set: PRODUCTS, filters: [] }),
  }),
  stream({
    name: 'customers',
    kind: 'Customer',
    description: 'Customers, one for each company that they have an account with.',
    source: customerSource,
    keysOf: accountKeys,
    assemble: assembleCustomer,
    count: async (context) =>
      countOf(context, {
        service: 'partner',
        set: 'A_CustomerCompany',
        filters: [await companyFilter(context, 'partner', 'A_CustomerCompany')],
      }),
  }),
  stream({
    name: 'orders',
    kind: 'Order',
    description: 'Sales orders with their items; rejected ones are closed.',
    source: orderSource,
    keysOf: numbers,
    assemble: assembleOrder,
    async count(context, period) {
      const values = await servedOrganizations(context);
      if (values.length === 0) return 0;
      const of = await amongOf(context, { service: 'order', set: ORDERS, field: 'SalesOrganization', values });
      return countOf(context, { service: 'order', set: ORDERS, filters: [of], day: 'SalesOrderDate', period });
    },
  }),
  stream({
    name: 'deliveries',
    kind: 'Delivery',
    description: 'Outbound deliveries, one for each order that they deliver.',
    source: deliverySource,
    keysOf: (ids) => numbers(ids.flatMap((id) => id.split('/')[0] ?? [])),
    assemble: assembleDelivery,
  }),
  stream({
    name: 'invoices',
    kind: 'Invoice',
    description: 'Invoices and debit memos of billing, with what accounting says is open of them.',
    source: billingSource(['M', 'P']),
    keysOf: billingKeys,
    assemble: assembleInvoice,
    count: billed(['M', 'P']),
  }),
  stream({
    name: 'accounting-invoices',
    kind: 'Invoice',
    description: 'Receivables in accounting that no billing document stands behind.',
    source: accountingSource('DEBIT'),
    keysOf: documentKeys,
    assemble: assembleAccountingInvoice,
  }),
  stream({
    name: 'credit-memos',
    kind: 'CreditNote',
    description: 'Credit memos of billing.',
    source: billingSource(['O']),
    keysOf: billingKeys,
    assemble: assembleCreditMemo,
    count: billed(['O']),
  }),
  stream({
    name: 'accounting-credit-memos',
    kind: 'CreditNote',
    description: 'Credits in accounting that no billing document stands behind and that are no payments.',
    source: accountingSource('CREDIT'),
    keysOf: documentKeys,
    assemble: assembleAccountingCredit,
  }),
  stream({
    name: 'payments',
    kind: 'Payment',
    description: 'Payments, and clearings that set credit memos against invoices without money.',
    source: paymentSource,
    keysOf: documentKeys,
    assemble: assemblePayment,
  }),
] as const;
