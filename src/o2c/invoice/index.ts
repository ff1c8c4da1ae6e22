/** Invoices and credit notes. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { billOrder } from './bill-order.commands.ts';
import { issueCreditNote } from './credit-note.commands.ts';
import { CreditNote, CreditNoteLine, CreditNoteTax } from './credit-note.entity.ts';
import { creditReturn } from './credit-return.commands.ts';
import { cancelInvoiceDraft, changeInvoiceDraft, draftInvoice } from './draft.commands.ts';
import { issueInvoice } from './issue.commands.ts';
import { Invoice, InvoiceLine, InvoiceTax } from './invoice.entity.ts';
import { creditNoteEvents, invoiceEvents } from './invoice.events.ts';
import { invoiceDownloads } from './invoice-document.facts.ts';
import { invoiceResolvers } from './invoice.graphql.ts';
import { creditNoteMachine, invoiceMachine } from './invoice.machine.ts';
import { invoicePolicy } from './invoice.policy.ts';
import { invoicePostings } from './invoice.postings.ts';
import {
  creditNoteLineRead,
  creditNoteRead,
  creditNoteTaxRead,
  invoiceLineRead,
  invoiceRead,
  invoiceTaxRead,
} from './invoice.read.ts';

export { CreditNote, CreditNoteLine, CreditNoteTax } from './credit-note.entity.ts';
export { bookInvoice, wholeOn } from './booking.rules.ts';
export { taxedLegs } from './document-legs.rules.ts';
export { Invoice, InvoiceLine, InvoiceTax } from './invoice.entity.ts';
export { invoicePostings } from './invoice.postings.ts';
export type { TaxGroup } from './invoice.rules.ts';
export { creditNoteMachine, invoiceMachine } from './invoice.machine.ts';
export {
  creditNoteEvent,
  creditNoteStatus,
  type DocumentChange,
  invoiceEvent,
  invoiceStatus,
  settleCreditNote,
  settleInvoice,
} from './settlement.rules.ts';
export { taxDetail, taxedTotalOf } from './taxed-total.rules.ts';

const roots = [readRecord(Invoice, invoiceRead), readRecord(CreditNote, creditNoteRead)];

export const invoiceModule = defineModule({
  name: 'invoice',
  entities: [Invoice, InvoiceLine, InvoiceTax, CreditNote, CreditNoteTax, CreditNoteLine],
  records: [
    ...roots,
    readRecord(InvoiceLine, invoiceLineRead),
    readRecord(InvoiceTax, invoiceTaxRead),
    readRecord(CreditNoteTax, creditNoteTaxRead),
    readRecord(CreditNoteLine, creditNoteLineRead),
  ],
  machines: [invoiceMachine, creditNoteMachine],
  postings: invoicePostings,
  policy: invoicePolicy,
  events: [...invoiceEvents, ...creditNoteEvents],
  commands: [draftInvoice, changeInvoiceDraft, cancelInvoiceDraft, issueInvoice, billOrder, issueCreditNote, creditReturn],
  downloads: invoiceDownloads,
  resolvers: invoiceResolvers(roots),
});
