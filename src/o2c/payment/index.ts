/** Payments of customers. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { cancelPayment, failPayment, receivePayment, recordPayment } from './payment.commands.ts';
import { Payment } from './payment.entity.ts';
import { paymentEvents } from './payment.events.ts';
import { paymentResolvers } from './payment.graphql.ts';
import { paymentMachine } from './payment.machine.ts';
import { paymentPolicy } from './payment.policy.ts';
import { paymentPostings } from './payment.postings.ts';
import { paymentRead } from './payment.read.ts';

export { bookPayment } from './booking.rules.ts';
export { PAYMENT_METHODS, paymentFacts, paymentOf, type PaymentRow } from './payment.commands.ts';
export { Payment } from './payment.entity.ts';
export { paymentMachine } from './payment.machine.ts';
export { paymentPostings } from './payment.postings.ts';
export { paymentEvent, paymentStatus, settlePayment } from './payment.rules.ts';

const paymentRecord = readRecord(Payment, paymentRead);

export const paymentModule = defineModule({
  name: 'payment',
  entities: [Payment],
  records: [paymentRecord],
  machines: [paymentMachine],
  postings: paymentPostings,
  policy: paymentPolicy,
  events: paymentEvents,
  commands: [recordPayment, receivePayment, failPayment, cancelPayment],
  resolvers: paymentResolvers(paymentRecord),
});
