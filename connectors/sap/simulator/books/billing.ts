/** Invoices: made of deliveries and services, and posted to accounting. What turns them round stands in `billing-corrections.ts`. */
import type { Row } from '../model.ts';
import { postBilling } from './billing-posting.ts';
import { addHeader, addItem, billingItems, billingOf, INVOICE, nextBilling } from './billing-rows.ts';
import { markBilled, type Source } from './billing-sources.ts';
import { type Context, textOf } from './context.ts';
import { checkOpenPeriod } from './periods.ts';
import type { Posted } from './posting.ts';
import { refuse, shown } from './refusals.ts';
import type { Values } from './table.ts';

const ITEM_STEP = 10;

export interface BillingOptions {
  /** Today unless told. */
  readonly date?: string;
  /** It waits for its release to accounting. */
  readonly isHeld?: boolean;
  readonly dunningBlock?: string;
}

/** One invoice of all these; they have payer, currency and terms in common. */
export function createInvoice(context: Context, sources: readonly Source[], options: BillingOptions = {}): Row {
  const [first] = sources;
  if (first === undefined) throw refuse('VF/031', 'No billing documents were generated');
  for (const name of ['payer', 'SalesOrganization', 'TransactionCurrency', 'CustomerPaymentTerms'])
    for (const { order } of sources)
      if (order[name] !== first.order[name]) throw refuse('VF/032', `The documents to be billed differ in ${name}`);
  const date = options.date ?? context.store.moment.day;
  checkOpenPeriod(context, textOf(first.order, 'SalesOrganization'), date);
  const BillingDocument = nextBilling(context);
  const items = sources.map((source, at) =>
    addItem(context, { BillingDocument, BillingDocumentItem: String((at + 1) * ITEM_STEP) }, source),
  );
  const billing = addHeader(context, {
    kind: INVOICE,
    BillingDocument,
    items,
    order: first.order,
    values: { ...heldValues(options), BillingDocumentDate: date },
  });
  markBilled(context, sources, true);
  context.happened('BillingDocument', 'Created', { BillingDocument: shown(BillingDocument) });
  return options.isHeld === true ? billing : release(context, BillingDocument);
}

/** To accounting. */
export function release(context: Context, BillingDocument: string): Row {
  const billing = billingOf(context, BillingDocument);
  if (billing.AccountingPostingStatus === 'C')
    throw refuse('VF/060', `Billing document ${shown(BillingDocument)} was already posted`);
  const items = billingItems(context, BillingDocument);
  return booked(
    context,
    BillingDocument,
    postBilling(context, { billing, items, sign: billing.SDDocumentCategory === 'M' ? 1n : -1n }),
  );
}

export function booked(context: Context, BillingDocument: string, posted: Posted): Row {
  return context.store.change('A_BillingDocument', billingOf(context, BillingDocument), {
    FiscalYear: posted.year,
    AccountingDocument: posted.document,
    AccountingPostingStatus: 'C',
    AccountingTransferStatus: 'C',
    OverallSDProcessStatus: 'C',
    InvoiceClearingStatus: 'A',
  });
}

const heldValues = ({ dunningBlock = '' }: BillingOptions): Values => ({ DunningBlockingReason: dunningBlock });
