/** Cash application in the graph. */
import { mutation } from '../../write/mutation.graphql.ts';
import { applyCash, applyCredit, reverseAllocation, writeOff } from './cash-application.commands.ts';
import { importInvoice } from './import-invoice.commands.ts';
import { importPayment } from './import-payment.commands.ts';
import { returnPayment } from './return-payment.commands.ts';

export const cashApplicationResolvers = (): Function[] => [
  mutation(applyCash, { field: 'payment' }),
  mutation(applyCredit, { field: 'creditNote' }),
  mutation(writeOff, { field: 'invoice' }),
  mutation(reverseAllocation, { field: 'allocation' }),
  mutation(returnPayment, { field: 'payment' }),
  mutation(importInvoice, { field: 'invoice' }),
  mutation(importPayment, { field: 'payment' }),
];
