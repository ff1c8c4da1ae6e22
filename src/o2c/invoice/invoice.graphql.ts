/** Invoices and credit notes in the graph. */
import type { ReadRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { bulkMutation } from '../../write/bulk.graphql.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { billOrder } from './bill-order.commands.ts';
import { issueCreditNote } from './credit-note.commands.ts';
import { creditReturn } from './credit-return.commands.ts';
import { cancelInvoiceDraft, changeInvoiceDraft, draftInvoice } from './draft.commands.ts';
import { issueInvoice } from './issue.commands.ts';

export const invoiceResolvers = (roots: readonly ReadRecord[]): Function[] => [
  ...roots.map((record) => rootResolver(record)),
  mutation(draftInvoice, { field: 'invoice' }),
  mutation(changeInvoiceDraft, { field: 'invoice' }),
  mutation(cancelInvoiceDraft, { field: 'invoice' }),
  mutation(issueInvoice, { field: 'invoice' }),
  mutation(billOrder, { field: 'invoice' }),
  mutation(issueCreditNote, { field: 'creditNote' }),
  mutation(creditReturn, { field: 'order' }),
  bulkMutation(draftInvoice, { name: 'bulkDraftInvoices', field: 'invoice' }),
  bulkMutation(issueInvoice, { name: 'bulkIssueInvoices', field: 'invoice' }),
  bulkMutation(billOrder, { name: 'bulkBillOrders', field: 'invoice' }),
];
