/** Cash application in the graph. */
import { bulkMutation } from '../../write/bulk.graphql.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { applyCash, applyCredit } from './cash-application.commands.ts';
import { importInvoice } from './import-invoice.commands.ts';
import { importPayment } from './import-payment.commands.ts';
import { returnPayment } from './return-payment.commands.ts';
import { reverseAllocation } from './reverse-allocation.commands.ts';
import { approveWriteOff, requestWriteOff, writeOff } from './write-off.commands.ts';

export const cashApplicationResolvers = (): Function[] => [
  mutation(applyCash, { field: 'payment' }),
  mutation(applyCredit, { field: 'creditNote' }),
  mutation(writeOff, { field: 'invoice' }),
  mutation(requestWriteOff, { field: 'approval' }),
  mutation(approveWriteOff, { field: 'invoice' }),
  mutation(reverseAllocation, { field: 'allocation' }),
  mutation(returnPayment, { field: 'payment' }),
  mutation(importInvoice, { field: 'invoice' }),
  mutation(importPayment, { field: 'payment' }),
  bulkMutation(applyCash, { name: 'bulkApplyCash', field: 'payment' }),
  bulkMutation(importInvoice, { name: 'bulkImportInvoices', field: 'invoice' }),
  bulkMutation(importPayment, { name: 'bulkImportPayments', field: 'payment' }),
];
