/** What corrects invoices: cancellations, which are billing documents of their own, and credit memos. No amount is ever changed. */
import type { Row } from '../model.ts';
import { minorOf, quantityOf } from './amounts.ts';
import { postBilling } from './billing-posting.ts';
import {
  billingItems,
  billingOf,
  linesOf,
  nextBilling,
  createdNow,
  headStamps,
  NOT_POSTED,
  totalsOf,
  amounts,
} from './billing-rows.ts';
import { markBilled, type Source } from './billing-sources.ts';
import { booked } from './billing.ts';
import { clearLines } from './clearing.ts';
import { type Context, textOf } from './context.ts';
import { shareOf } from './order-pricing.ts';
import { LINES } from './posting.ts';
import { refuse, shown } from './refusals.ts';
import type { Values } from './table.ts';

const FIRST_REQUEST = 60_000_001;

/** A billing document of its own turns it round; both stay, with positive amounts. @throws SapRefusal */
export function cancelBilling(context: Context, BillingDocument: string, date?: string): Row {
  const { store } = context;
  const original = billingOf(context, BillingDocument);
  const number = shown(BillingDocument);
  if (original.BillingDocumentIsCancelled === true) throw refuse('VF/051', `Billing document ${number} was already cancelled`);
  if (original.SDDocumentCategory !== 'M' && original.SDDocumentCategory !== 'O')
    throw refuse('VF/052', `Billing document ${number} is itself a cancellation`);
  const items = billingItems(context, BillingDocument);
  const own = nextBilling(context);
  for (const item of items)
    store.add('A_BillingDocumentItem', { ...valuesOf(item), BillingDocument: own, ...createdNow(context) });
  const isInvoice = original.SDDocumentCategory === 'M';
  const day = date ?? store.moment.day;
  store.add('A_BillingDocument', {
    ...valuesOf(original),
    ...(isInvoice ? CANCELLATION : CREDIT_CANCELLATION),
    ...headStamps(context),
    BillingDocument: own,
    BillingDocumentDate: day,
    CancelledBillingDocument: BillingDocument,
    ...NOT_POSTED,
  });
  store.change('A_BillingDocument', original, {
    BillingDocumentIsCancelled: true,
    LastChangeDate: store.moment.day,
    LastChangeDateTime: store.moment.stamp,
  });
  if (isInvoice) markBilled(context, sourcesOf(context, items), false);
  if (textOf(original, 'AccountingDocument') !== '') reverseAccounting(context, original, own, isInvoice ? -1n : 1n);
  context.happened('BillingDocument', 'Changed', { BillingDocument: number });
  context.happened('BillingDocument', 'Created', { BillingDocument: shown(own) });
  return billingOf(context, own);
}

/** Turned round, and cleared with what it turns round as far as that is open. */
function reverseAccounting(context: Context, original: Row, own: string, sign: 1n | -1n): void {
  const { store } = context;
  const lines = linesOf(context, original);
  const posted = postBilling(context, {
    billing: billingOf(context, own),
    items: billingItems(context, own),
    sign,
    rateDate: textOf(original, 'BillingDocumentDate'),
    values: {
      IsReversal: true,
      ReverseDocument: textOf(original, 'AccountingDocument'),
      ReverseDocumentFiscalYear: textOf(original, 'FiscalYear'),
    },
  });
  booked(context, own, posted);
  for (const line of lines)
    store.change(LINES, line, { IsReversed: true, ReverseDocument: posted.document, ReverseDocumentFiscalYear: posted.year });
  const receivables = [...linesOf(context, original), ...posted.lines].filter((line) => line.FinancialAccountType === 'D');
  if (receivables.every((line) => line.IsCleared !== true))
    clearLines(context, receivables, {
      document: posted.document,
      year: posted.year,
      date: textOf(billingOf(context, own), 'BillingDocumentDate'),
    });
}

export interface CreditMemo {
  readonly invoice: string;
  /** A part of each item, 0 to 1 in hundredths: `25` credits a quarter. 100 unless told. */
  readonly percent?: bigint;
  readonly date?: string;
}

/** Of a credit memo request that refers to the invoice. */
export function createCreditMemo(context: Context, { invoice, percent = 100n, date }: CreditMemo): Row {
  const { store } = context;
  const original = billingOf(context, invoice);
  if (original.SDDocumentCategory !== 'M' || original.BillingDocumentIsCancelled === true)
    throw refuse('VF/053', `Billing document ${shown(invoice)} can not be credited`);
  const request = String(store.next('credit memo request', FIRST_REQUEST)).padStart(10, '0');
  const BillingDocument = nextBilling(context);
  const items = billingItems(context, invoice).map((item) => creditItem(context, item, { BillingDocument, request, percent }));
  const orderLike = { ...valuesOf(original), ...creditKind };
  const currency = textOf(original, 'TransactionCurrency');
  const billing = store.add('A_BillingDocument', {
    ...orderLike,
    ...headStamps(context),
    ...NOT_POSTED,
    ...totalsOf(items, currency),
    BillingDocument,
    BillingDocumentDate: date ?? store.moment.day,
    DunningBlockingReason: '',
    DocumentReferenceID: shown(BillingDocument),
    AssignmentReference: shown(invoice),
    PaymentReference: '',
  });
  const receivable = linesOf(context, original).find((line) => line.FinancialAccountType === 'D');
  const reference: Values =
    receivable === undefined
      ? {}
      : {
          InvoiceReference: textOf(receivable, 'AccountingDocument'),
          InvoiceReferenceFiscalYear: textOf(receivable, 'FiscalYear'),
          InvoiceItemReference: textOf(receivable, 'AccountingDocumentItem'),
          FollowOnDocumentType: 'G',
        };
  const posted = postBilling(context, { billing, items, sign: -1n, onCustomer: reference });
  context.happened('BillingDocument', 'Created', { BillingDocument: shown(BillingDocument) });
  return booked(context, BillingDocument, posted);
}

interface Credited {
  readonly BillingDocument: string;
  readonly request: string;
  readonly percent: bigint;
}

function creditItem(context: Context, item: Row, { BillingDocument, request, percent }: Credited): Row {
  const currency = textOf(item, 'TransactionCurrency');
  const part = (name: string): bigint => shareOf(minorOf(textOf(item, name), currency), percent, 100n);
  const [net, tax] = [part('NetAmount'), part('TaxAmount')];
  const number = textOf(item, 'BillingDocumentItem');
  return context.store.add('A_BillingDocumentItem', {
    ...valuesOf(item),
    ...createdNow(context),
    ...amounts({ net, tax, currency }),
    BillingDocument,
    SalesDocumentItemCategory: 'G2N',
    SalesDocument: request,
    SalesDocumentItem: number,
    SalesSDDocumentCategory: 'K',
    ReferenceSDDocument: request,
    ReferenceSDDocumentItem: number,
    ReferenceSDDocumentCategory: 'K',
  });
}

const CANCELLATION = { BillingDocumentType: 'S1', SDDocumentCategory: 'N', BillingDocumentCategory: 'L' };

const CREDIT_CANCELLATION = { BillingDocumentType: 'S2', SDDocumentCategory: 'S', BillingDocumentCategory: 'L' };

const creditKind = { BillingDocumentType: 'G2', SDDocumentCategory: 'O', BillingDocumentCategory: 'A' };

/** What an invoice billed, found again from its items. */
function sourcesOf({ store }: Context, items: readonly Row[]): Source[] {
  return items.flatMap((item) => {
    const order = store.get('A_SalesOrder', { SalesOrder: item.SalesDocument });
    const orderItem = store.get('A_SalesOrderItem', { SalesOrder: item.SalesDocument, SalesOrderItem: item.SalesDocumentItem });
    if (order === undefined || orderItem === undefined) return [];
    const delivery =
      item.ReferenceSDDocumentCategory === 'J'
        ? store.get('A_OutbDeliveryItem', {
            DeliveryDocument: item.ReferenceSDDocument,
            DeliveryDocumentItem: textOf(item, 'ReferenceSDDocumentItem').padStart(6, '0'),
          })
        : undefined;
    return [{ order, orderItem, quantity: quantityOf(textOf(item, 'BillingQuantity')), delivery: delivery ?? null }];
  });
}

/** All that was put into a row, for another one like it. */
const valuesOf = (row: Row): Row => ({ ...row });
