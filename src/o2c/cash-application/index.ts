/** Setting money against documents, and reading documents in. */
import { defineModule } from '../../write/module.ts';
import { applyCash, applyCredit, reverseAllocation, writeOff } from './cash-application.commands.ts';
import { cashApplicationResolvers } from './cash-application.graphql.ts';
import { cashApplicationPolicy } from './cash-application.policy.ts';
import { importInvoice } from './import-invoice.commands.ts';
import { importPayment } from './import-payment.commands.ts';
import { returnPayment } from './return-payment.commands.ts';

export const cashApplicationModule = defineModule({
  name: 'cash-application',
  entities: [],
  records: [],
  machines: [],
  postings: [],
  policy: cashApplicationPolicy,
  events: [],
  commands: [applyCash, applyCredit, writeOff, reverseAllocation, returnPayment, importInvoice, importPayment],
  resolvers: cashApplicationResolvers(),
});
