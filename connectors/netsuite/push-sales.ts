/** Invoices and credit memos on their way to NetSuite. An invoice of one order is made from that order, so that it is billed there. */
import {
  type Canonical,
  type JsonObject,
  type Push,
  type PushRequest,
  type PushResult,
  type SourceRecord,
  compare,
  minus,
  numberOf,
} from '../../src/connect/index.ts';
import { refusal } from './faults.ts';
import { given, isTrue, magnitude, neededText, textAt } from './fields.ts';
import { saleRows } from './lines.ts';
import { assembleInvoice, creditTable, invoiceTable } from './mapping-sales.ts';
import { withInvoice } from './memo.ts';
import { currencyOf, findByOurs, inWords, makeOnce, readBack, takeBack, written } from './pushing.ts';
import { remove, transform, upsert } from './record-service.ts';
import { headerOf, splitLines } from './split-sales.ts';
import type { Settings } from './settings.ts';
import type { Context } from './suiteql.ts';

const INVOICE = { type: 'invoice', stream: 'invoices' } as const;
const CREDIT = { type: 'creditMemo', stream: 'credit-memos' } as const;

export const pushInvoice: Push<Settings, 'Invoice'> = {
  kind: 'Invoice',
  stream: 'invoices',
  commands: ['CREATE', 'VOID'],
  find: (context, { ours }) => findByOurs(context, INVOICE, ours),
  send: (context, request) =>
    inWords(async () => {
      const { document, command, ours } = request;
      if (command !== 'CREATE') return takeBack(context, INVOICE, request);
      const [order, ...more] = document.orders ?? [];
      if (order !== undefined && more.length === 0) return billOrder(context, request, order);
      return makeOnce(context, { ...INVOICE, ours }, async () => {
        const body = { ...invoiceTable.write(document, 'CREATE'), ...(await formOf(context, document)) };
        return upsert(context, 'invoice', { externalId: ours, body, list: 'item' });
      });
    }),
};

export const pushCreditNote: Push<Settings, 'CreditNote'> = {
  kind: 'CreditNote',
  stream: 'credit-memos',
  commands: ['CREATE', 'VOID'],
  find: (context, { ours }) => findByOurs(context, CREDIT, ours),
  send: (context, request) =>
    inWords(async () => {
      const { document, command, ours } = request;
      if (command !== 'CREATE') return takeBack(context, CREDIT, request);
      return makeOnce(context, { ...CREDIT, ours }, async () => {
        const { memo, ...fields } = creditTable.write(document, 'CREATE');
        const form = await formOf(context, document);
        const noted = withInvoice(typeof memo === 'string' ? memo : undefined, document.invoice);
        return upsert(context, 'creditMemo', {
          externalId: ours,
          body: { ...fields, ...form, ...given({ memo: noted }) },
          list: 'item',
        });
      });
    }),
};

/** Everything beside the table. */
export async function formOf(
  context: Context,
  document: Canonical<'Order'> | Canonical<'Invoice'> | Canonical<'CreditNote'>,
): Promise<JsonObject> {
  const { config } = context;
  const lines = splitLines(document, config);
  const header = headerOf(document, { settings: config, currency: await currencyOf(context, document.currency) });
  return { ...header, ...(config.location === undefined ? {} : { location: { id: config.location } }), item: { items: lines } };
}

interface Billing {
  readonly id: string;
  /** Null: nothing of it is billed by this invoice. */
  readonly line: number | null;
}

interface OrderRow {
  readonly row: JsonObject;
  readonly id: string;
  /** What is still to be billed. */
  readonly left: string;
  /** Of that what was shipped. */
  readonly shipped: string;
}

/** Which line of the invoice bills which line of the order; what NetSuite would bill beside them is named too, to be left out. */
function billingOf(order: JsonObject, document: Canonical<'Invoice'>): readonly Billing[] {
  const rows = saleRows(order)
    .map((row): OrderRow => ({ row, id: neededText(row, 'id'), ...leftOf(row) }))
    .filter(({ left }) => isAbove(left));
  const billedBy = new Map<OrderRow, number>();
  for (const [i, line] of document.lines.entries()) {
    const row = rowFor(
      line,
      rows.filter((one) => !billedBy.has(one)),
    );
    if (row) billedBy.set(row, i);
    else
      throw refusal(
        `Line ${i + 1} bills more of order ${textAt(order, 'tranid') ?? textAt(order, 'id')} than is left of it in NetSuite.`,
      );
  }
  // by itself it bills what was shipped, or all where nothing was
  const hasShipped = rows.some(({ shipped }) => isAbove(shipped));
  return rows.flatMap((row): Billing[] => {
    const line = billedBy.get(row) ?? null;
    return line !== null || !hasShipped || isAbove(row.shipped) ? [{ id: row.id, line }] : [];
  });
}

/** The line that it names, or one of its product: what was shipped comes first, then what is left in just that quantity. */
function rowFor({ orderLine, product, quantity }: Canonical<'Invoice'>['lines'][number], rows: readonly OrderRow[]) {
  const fitting = rows.filter(
    ({ row, id, left }) =>
      (orderLine === undefined ? product === textAt(row, 'item') : orderLine === id) && compare(quantity, left) <= 0,
  );
  const isShipped = ({ shipped }: OrderRow) => compare(quantity, shipped) <= 0;
  return fitting.find(isShipped) ?? fitting.find(({ left }) => compare(quantity, left) === 0) ?? fitting[0];
}

const isAbove = (amount: string): boolean => compare(amount, '0') > 0;

/** What is still to be billed of a line, and of that what was shipped. Of a closed line that is all. */
function leftOf(row: JsonObject): { readonly left: string; readonly shipped: string } {
  const billed = magnitude(row, 'quantitybilled');
  const shipped = minus(magnitude(row, 'quantityshiprecv'), billed);
  return { left: isTrue(row, 'isclosed') ? shipped : minus(magnitude(row, 'quantity'), billed), shipped };
}

/**
 * Makes the invoice from its order. NetSuite adds whatever else of the order can be billed, as the account is set up: what came of it is
 * read, and an invoice that bills something else than was asked for is taken away again.
 */
async function billOrder(context: Context, request: PushRequest<'Invoice'>, order: string): Promise<PushResult> {
  const { document, ours } = request;
  const found = await findByOurs(context, INVOICE, ours);
  if (found) return { record: found, isFound: true };
  const known = await readBack(context, 'orders', order);
  if (!known) throw refusal(`Order ${order} is not in NetSuite any more, so it can't be billed.`);
  const lines = splitLines(document, context.config);
  const items = billingOf(known.raw, document).map(({ id, line }): JsonObject => {
    const { item: _item, ...billed } = (line === null ? undefined : lines[line]) ?? { quantity: 0 };
    return { orderLine: Number(id), ...billed };
  });
  const { rate, number } = document;
  const body = {
    ...invoiceTable.write(document, 'CREATE'),
    ...given({
      externalId: ours,
      exchangeRate: rate === undefined ? undefined : numberOf(rate, 'The rate'),
      tranId: context.config.sendsNumbers ? number : undefined,
    }),
    item: { items },
  };
  const id = await transform(context, { type: 'salesOrder', id: order, into: 'invoice', body });
  const record = await written(context, 'invoices', id);
  await mustBill(context, record, document);
  return { record };
}

/** Other goods, quantities or prices, or what a script of the account has added, are not what was asked for. */
async function mustBill(context: Context, { raw, externalId }: SourceRecord, wanted: Canonical<'Invoice'>): Promise<void> {
  const { document } = assembleInvoice(raw, { config: context.config, functionalCurrency: wanted.currency });
  if (compare(document.net, wanted.net) === 0) return;
  await remove(context, 'invoice', externalId);
  throw refusal(
    `NetSuite made an invoice of ${document.net} ${wanted.currency} net from the order instead of ${wanted.net}: it was deleted again. Bill the order there, or bill all that can be billed.`,
  );
}
