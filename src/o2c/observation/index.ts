/** Following the documents of an ERP that has authority over them. */
import { defineModule } from '../../write/module.ts';
import { PaymentApplication } from './observation.entity.ts';
import { observationPolicy } from './observation.policy.ts';
import { observeCreditNote } from './observe-credit-note.commands.ts';
import { observeInvoice } from './observe-invoice.commands.ts';
import { observePayment } from './observe-payment.commands.ts';

export const observationModule = defineModule({
  name: 'observation',
  entities: [PaymentApplication],
  records: [],
  machines: [],
  postings: [],
  policy: observationPolicy,
  events: [],
  commands: [observeInvoice, observeCreditNote, observePayment],
  resolvers: [],
});
