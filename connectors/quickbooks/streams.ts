/** The streams, in the order in which their records refer to each other. */
import type { AssembleContext, Assembled, CanonicalKind, JsonObject, SourceRecord, Stream } from '../../src/connect/index.ts';
import {
  alsoInactive,
  type Context,
  type Entity,
  isDeleted,
  isTransaction,
  literal,
  queryCount,
  queryRows,
  readDeletes,
  statementOf,
} from './company.ts';
import { textAt } from './fields.ts';
import { assembleCustomer } from './mapping-customer.ts';
import { assembleProduct, assembleTerms } from './mapping-lists.ts';
import { assemblePayment } from './mapping-payment.ts';
import {
  assembleCreditMemo,
  assembleInvoice,
  assembleOrder,
  assembleRefundReceipt,
  assembleSalesReceipt,
} from './mapping-sales.ts';
import { readStream, recordOf } from './reading.ts';
import type { Settings } from './settings.ts';

/** By the name of their stream. */
export const ENTITIES = {
  terms: 'Term',
  items: 'Item',
  customers: 'Customer',
  estimates: 'Estimate',
  invoices: 'Invoice',
  'sales-receipts': 'SalesReceipt',
  'credit-memos': 'CreditMemo',
  'refund-receipts': 'RefundReceipt',
  payments: 'Payment',
} as const satisfies Readonly<Record<string, Entity>>;
export type StreamName = keyof typeof ENTITIES;

interface Declared<K extends CanonicalKind> {
  readonly name: StreamName;
  readonly kind: K;
  readonly description: string;
  assemble(raw: JsonObject, context: AssembleContext<Settings>): Assembled<K>;
}

function stream<K extends CanonicalKind>({ name, kind, description, assemble }: Declared<K>): Stream<Settings, K> {
  const entity = ENTITIES[name];
  return {
    name,
    kind,
    description,
    assemble,
    // change data capture forgets a delete after thirty days
    needsKeyComparison: true,
    read: (context, request) => readStream(context, entity, request),
    get: (context, ids) => getRecords(context, entity, ids),
    count(context, period) {
      const dated = period && isTransaction(entity);
      const days = dated ? [`TxnDate >= ${literal(period.from)}`, `TxnDate <= ${literal(period.to)}`] : [];
      return queryCount(context, entity, [...alsoInactive(entity), ...days]);
    },
  };
}

const IDS_MAX_COUNT = 100;
const DELETES_KEPT_MS = 29 * 86_400_000;

/** Those that are not there any more are looked for among the deletes of the last weeks. */
async function getRecords(context: Context, entity: Entity, ids: readonly string[]): Promise<readonly SourceRecord[]> {
  const known = [...new Set(ids)].filter((id) => /^\d{1,30}$/.test(id));
  const rows: JsonObject[] = [];
  for (let i = 0; i < known.length; i += IDS_MAX_COUNT) {
    const some = known.slice(i, i + IDS_MAX_COUNT);
    const where = [`Id IN (${some.map(literal).join(',')})`, ...alsoInactive(entity)];
    rows.push(...(await queryRows(context, entity, statementOf({ entity, where, max: IDS_MAX_COUNT }))).rows);
  }
  const found = new Set(rows.map((row) => textAt(row, 'Id')));
  const missing = new Set(known.filter((id) => !found.has(id)));
  if (missing.size === 0) return rows.map(recordOf);
  const since = new Date(context.now().getTime() - DELETES_KEPT_MS).toISOString();
  const { deleted } = await readDeletes(context, entity, since);
  const gone = deleted.filter((stub) => isDeleted(stub) && missing.has(textAt(stub, 'Id') ?? ''));
  return [...rows, ...gone].map(recordOf);
}

export const streams = [
  stream({ name: 'terms', kind: 'Terms', description: 'Payment terms.', assemble: assembleTerms }),
  stream({ name: 'items', kind: 'Product', description: 'Products and services.', assemble: assembleProduct }),
  stream({ name: 'customers', kind: 'Customer', description: 'Customers and their sub-customers.', assemble: assembleCustomer }),
  stream({ name: 'estimates', kind: 'Order', description: 'Estimates that were accepted, as orders.', assemble: assembleOrder }),
  stream({ name: 'invoices', kind: 'Invoice', description: 'Invoices.', assemble: assembleInvoice }),
  stream({
    name: 'sales-receipts',
    kind: 'Invoice',
    description: 'Cash sales, as invoices that were paid at once.',
    assemble: assembleSalesReceipt,
  }),
  stream({ name: 'credit-memos', kind: 'CreditNote', description: 'Credit memos.', assemble: assembleCreditMemo }),
  stream({
    name: 'refund-receipts',
    kind: 'CreditNote',
    description: 'Refunds, as credit notes that were paid out at once.',
    assemble: assembleRefundReceipt,
  }),
  stream({
    name: 'payments',
    kind: 'Payment',
    description: 'Payments, and credit memos that were set against invoices.',
    assemble: assemblePayment,
  }),
] as const;
