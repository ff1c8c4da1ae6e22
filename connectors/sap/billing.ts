/**
 * Where invoices and credit memos of billing are found, with their lines in accounting: a payment or a cancellation changes what is open of
 * them without any stamp on the document, so a read of changes goes by the lines as well, and by what waits to be posted.
 */
import type { JsonObject, SourceRecord } from '../../src/connect/index.ts';
import { CHAIN_MAX_COUNT, rootsOf } from './chains.ts';
import { companyFilter, isServed } from './companies.ts';
import { keyAt, neededKey, rowsAt, textAt } from './fields.ts';
import { nextOf, parted } from './keyset.ts';
import {
  changedLines,
  continues,
  DOCUMENT_KEY,
  documentOf,
  isDebit,
  LINE_KEY,
  LINES,
  linesBy,
  linesOfDocuments,
  linesReferringTo,
  ownLine,
  referencedLine,
  referenceOf,
  servedLines,
} from './lines.ts';
import { all, any, instant } from './literals.ts';
import { ordersThere, productsBeside } from './orders.ts';
import { type Lister, recordOf, type Source } from './reading.ts';
import { groupedBy, rowsOf } from './rows.ts';
import type { Context } from './system.ts';

const SET = 'A_BillingDocument';
const FIELDS = [
  'BillingDocument',
  'SDDocumentCategory',
  'BillingDocumentType',
  'CreationDate',
  'LastChangeDateTime',
  'SalesOrganization',
  'DistributionChannel',
  'Division',
  'BillingDocumentDate',
  'BillingDocumentIsCancelled',
  'CancelledBillingDocument',
  'TotalNetAmount',
  'TransactionCurrency',
  'TaxAmount',
  'TotalGrossAmount',
  'PayerParty',
  'SoldToParty',
  'CustomerPaymentTerms',
  'PaymentMethod',
  'PaymentReference',
  'CompanyCode',
  'FiscalYear',
  'AccountingDocument',
  'AccountingPostingStatus',
  'AccountingTransferStatus',
  'InvoiceClearingStatus',
  'DocumentReferenceID',
  'PurchaseOrderByCustomer',
  'DunningBlockingReason',
];
const ITEM_FIELDS = [
  'BillingDocumentItem',
  'Material',
  'BillingDocumentItemText',
  'BillingQuantity',
  'BillingQuantityUnit',
  'NetAmount',
  'TaxAmount',
  'GrossAmount',
  'SalesDocument',
  'SalesDocumentItem',
  'ReferenceSDDocument',
  'ReferenceSDDocumentItem',
  'ReferenceSDDocumentCategory',
];

const ofCategories = (categories: readonly string[]): string => any(categories.map((one) => `SDDocumentCategory eq '${one}'`));

/** Keys are numbers of billing, or accounting documents that may come from it, with a mark in front. */
const ACCOUNTING = '@';

function byDocument(categories: readonly string[]): Lister {
  return {
    async list(context, asked) {
      const { since } = asked;
      const changed = since === null ? null : any([`LastChangeDateTime ge ${instant(since)}`, "AccountingDocument eq ''"]);
      const filter = all(ofCategories(categories), await companyFilter(context, 'billing', SET), changed);
      return nextOf(context, { service: 'billing', set: SET, by: ['BillingDocument'], filter }, asked);
    },
  };
}

/** What new cancellations cancel. */
const byCancelling: Lister = {
  only: 'CHANGES',
  async list(context, asked) {
    const changed = `LastChangeDateTime ge ${instant(asked.since ?? '')}`;
    const filter = all("CancelledBillingDocument ne ''", await companyFilter(context, 'billing', SET), changed);
    const more = ['CancelledBillingDocument'];
    const keysOf = (row: JsonObject) => [keyAt(row, 'CancelledBillingDocument') ?? ''];
    return nextOf(context, { service: 'billing', set: SET, by: ['BillingDocument'], more, filter, keysOf }, asked);
  },
};

/** What changed in accounting: its own lines, and lines that refer to it. */
const byLines: Lister = {
  only: 'CHANGES',
  async list(context, asked) {
    const filter = all(await servedLines(context), changedLines(context, asked.since ?? ''));
    const more = ['BillingDocument', 'InvoiceReference', 'InvoiceReferenceFiscalYear'];
    const keysOf = (row: JsonObject) => {
      const reference = referenceOf(row);
      return [keyAt(row, 'BillingDocument') ?? [], reference === null ? [] : `${ACCOUNTING}${reference}`].flat();
    };
    return nextOf(context, { service: 'items', set: LINES, by: LINE_KEY, more, filter, keysOf }, asked);
  },
};

export function billingSource(categories: readonly string[]): Source {
  return {
    listers: [byDocument(categories), byCancelling, byLines],
    load: (context, keys) => loadBilling(context, keys, categories),
  };
}

async function loadBilling(
  context: Context,
  keys: readonly string[],
  categories: readonly string[],
): Promise<readonly SourceRecord[]> {
  const query = {
    service: 'billing',
    set: SET,
    fields: FIELDS,
    expand: { to_Item: ITEM_FIELDS },
    filter: ofCategories(categories),
    orderBy: 'BillingDocument',
  } as const;
  const numbers = keys.filter((key) => !key.startsWith(ACCOUNTING)).map((key) => [key]);
  const referred = keys.filter((key) => key.startsWith(ACCOUNTING)).map((key) => key.slice(1));
  const posted = (await rootsOf(context, referred)).map(parted);
  const found = [
    ...(await rowsOf(context, { ...query, by: ['BillingDocument'], keys: numbers })),
    ...(await rowsOf(context, { ...query, by: DOCUMENT_KEY, keys: posted })),
  ].filter((row) => isServed(context, textAt(row, 'CompanyCode')));
  const documents = [...new Map(found.map((row) => [neededKey(row, 'BillingDocument'), row])).values()];
  const lines = await linesAround(
    context,
    documents.filter((row) => keyAt(row, 'AccountingDocument') !== undefined),
  );
  const cancelling = await cancellingOf(context, documents);
  const orders = await ordersThere(context, documents.flatMap(ordersNamed));
  const products = await productsBeside(context);
  return documents.map((row) => {
    const id = neededKey(row, 'BillingDocument');
    const key = documentOf(row);
    const raw = {
      ...row,
      ...products,
      to_Item: bySalesItem(row),
      orders: [...new Set(ordersNamed(row))].filter((order) => orders.has(order)).sort(),
      accounting: lines.own.get(key) ?? [],
      referring: (lines.referring.get(key) ?? []).filter((line) => documentOf(line) !== key),
      cancelledBy: cancelling.get(id) ?? [],
    };
    return recordOf(id, raw);
  });
}

const ordersNamed = (row: JsonObject): readonly string[] =>
  rowsAt(row, 'to_Item').flatMap((item) => keyAt(item, 'SalesDocument') ?? []);

const bySalesItem = (row: JsonObject): readonly JsonObject[] => {
  const items = row['to_Item'];
  const list = Array.isArray(items) ? (items as readonly JsonObject[]) : [];
  return list.toSorted((a, b) => Number(textAt(a, 'BillingDocumentItem')) - Number(textAt(b, 'BillingDocumentItem')));
};

/** Lines of accounting documents, and those that refer to them, by the document; those that refer to a rest that was left of it as well. */
export async function linesAround(context: Context, documents: readonly JsonObject[]) {
  const keys = [...new Set(documents.map(documentOf))].map(parted);
  const own = linesBy(await linesOfDocuments(context, keys), documentOf);
  const first = await linesReferringTo(context, keys);
  const rootOf = new Map(first.map((line) => [ownLine(line), referenceOf(line)]));
  const lines = [...first];
  for (let last = first, depth = 0; depth < CHAIN_MAX_COUNT; depth++) {
    const rests = last.filter((line) => isDebit(line) && continues(line, context.config));
    if (rests.length === 0) break;
    const found = await linesReferringTo(context, [...new Set(rests.map(documentOf))].map(parted));
    last = found.filter((line) => rootOf.has(referencedLine(line) ?? '') && !rootOf.has(ownLine(line)));
    for (const line of last) rootOf.set(ownLine(line), rootOf.get(referencedLine(line) ?? '') ?? null);
    lines.push(...last);
  }
  return { own, referring: linesBy(lines, (line) => rootOf.get(ownLine(line)) ?? null) };
}

/** The documents that cancel those that are cancelled. */
async function cancellingOf(
  context: Context,
  documents: readonly JsonObject[],
): Promise<ReadonlyMap<string, readonly JsonObject[]>> {
  const keys = documents
    .filter((row) => row['BillingDocumentIsCancelled'] === true)
    .map((row) => [neededKey(row, 'BillingDocument')]);
  const fields = ['BillingDocument', 'BillingDocumentDate', 'CancelledBillingDocument'];
  const rows = await rowsOf(context, { service: 'billing', set: SET, fields, by: ['CancelledBillingDocument'], keys });
  return groupedBy(rows, 'CancelledBillingDocument');
}

/** Documents by their ids: only what could be a number of billing. */
export const billingKeys = (ids: readonly string[]): readonly string[] => ids.filter((id) => /^[A-Za-z0-9_-]{1,10}$/.test(id));
