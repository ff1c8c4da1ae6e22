/** The streams, in the order in which their records refer to each other. */
import type { AssembleContext, Assembled, CanonicalKind, JsonObject, Stream } from '../../src/connect/index.ts';
import { customerSource, itemSource, type ListSource, termSource } from './lists.ts';
import { assembleCustomer } from './mapping-customer.ts';
import { assembleDelivery } from './mapping-delivery.ts';
import { assembleProduct, assembleTerms } from './mapping-lists.ts';
import { assemblePayment } from './mapping-payment.ts';
import { assembleCreditMemo, assembleInvoice, assembleOrder } from './mapping-sales.ts';
import { getRecords, readSource } from './reading.ts';
import type { Settings } from './settings.ts';
import { transactionSource, type TransactionSource } from './transactions.ts';

/** A credit memo that is set against something is a settlement, too. */
const SETTLEMENTS =
  "(t.type <> 'CustCred' OR t.id IN (SELECT k.nextdoc FROM previoustransactionlinelink k WHERE k.nexttype = 'CustCred' AND k.linktype = 'Payment') OR t.id IN (SELECT k.previousdoc FROM previoustransactionlinelink k WHERE k.nexttype = 'CustRfnd'))";

export const SOURCES = {
  terms: termSource,
  products: itemSource,
  customers: customerSource,
  orders: transactionSource({ types: ['SalesOrd'], hasLines: true, links: 'NONE' }),
  deliveries: transactionSource({ types: ['ItemShip'], hasLines: true, links: 'ORDERS' }),
  invoices: transactionSource({ types: ['CustInvc', 'CashSale'], hasLines: true, links: 'ORDERS' }),
  'credit-memos': transactionSource({ types: ['CustCred'], hasLines: true, links: 'NONE' }),
  payments: transactionSource({
    types: ['CustPymt', 'CustDep', 'CustCred'],
    hasLines: false,
    links: 'PAYMENTS',
    only: SETTLEMENTS,
  }),
} as const satisfies Readonly<Record<string, ListSource | TransactionSource>>;
export type StreamName = keyof typeof SOURCES;

interface Declared<K extends CanonicalKind> {
  readonly name: StreamName;
  readonly kind: K;
  readonly description: string;
  assemble(raw: JsonObject, context: AssembleContext<Settings>): Assembled<K>;
}

function stream<K extends CanonicalKind>({ name, kind, description, assemble }: Declared<K>): Stream<Settings, K> {
  const source = SOURCES[name];
  return {
    name,
    kind,
    description,
    assemble,
    // deletes are told where the role may see them and the table is what we take it for; what was taken from a role is never told
    needsKeyComparison: true,
    read: (context, request) => readSource(context, source, request),
    get: (context, ids) => getRecords(context, source, ids),
    count: (context, period) => source.count(context, period),
  };
}

export const streams = [
  stream({ name: 'terms', kind: 'Terms', description: 'Payment terms.', assemble: assembleTerms }),
  stream({ name: 'products', kind: 'Product', description: 'Items of all kinds that are sold.', assemble: assembleProduct }),
  stream({
    name: 'customers',
    kind: 'Customer',
    description: 'Customers, one account for each subsidiary that they have business with.',
    assemble: assembleCustomer,
  }),
  stream({ name: 'orders', kind: 'Order', description: 'Sales orders.', assemble: assembleOrder }),
  stream({ name: 'deliveries', kind: 'Delivery', description: 'Item fulfilments of sales orders.', assemble: assembleDelivery }),
  stream({
    name: 'invoices',
    kind: 'Invoice',
    description: 'Invoices, and cash sales as invoices that were paid at once.',
    assemble: assembleInvoice,
  }),
  stream({ name: 'credit-memos', kind: 'CreditNote', description: 'Credit memos.', assemble: assembleCreditMemo }),
  stream({
    name: 'payments',
    kind: 'Payment',
    description: 'Payments and deposits, and what credit memos are set against.',
    assemble: assemblePayment,
  }),
] as const;
