/** Payments in the graph. */
import type { ReadRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { bulkMutation } from '../../write/bulk.graphql.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { cancelPayment, failPayment, receivePayment, recordPayment } from './payment.commands.ts';

export const paymentResolvers = (payment: ReadRecord): Function[] => [
  rootResolver(payment),
  mutation(recordPayment, { field: 'payment' }),
  mutation(receivePayment, { field: 'payment' }),
  mutation(failPayment, { field: 'payment' }),
  mutation(cancelPayment, { field: 'payment' }),
  bulkMutation(recordPayment, { name: 'bulkRecordPayments', field: 'payment' }),
];
