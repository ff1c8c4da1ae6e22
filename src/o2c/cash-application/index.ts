/** Setting money against documents, and reading documents in. */
import { defineModule } from '../../write/module.ts';
import { applyCash, applyCredit } from './cash-application.commands.ts';
import { cashApplicationResolvers } from './cash-application.graphql.ts';
import { cashApplicationPolicy } from './cash-application.policy.ts';
import { importInvoice } from './import-invoice.commands.ts';
import { importPayment } from './import-payment.commands.ts';
import { returnPayment } from './return-payment.commands.ts';
import { reverseAllocation } from './reverse-allocation.commands.ts';
import { approveWriteOff, requestWriteOff, writeOff } from './write-off.commands.ts';

export const cashApplicationModule = defineModule({
  name: 'cash-application',
  entities: [],
  records: [],
  machines: [],
  postings: [],
  policy: cashApplicationPolicy,
  events: [],
  commands: [
    applyCash,
    applyCredit,
    writeOff,
    requestWriteOff,
    approveWriteOff,
    reverseAllocation,
    returnPayment,
    importInvoice,
    importPayment,
  ],
  resolvers: cashApplicationResolvers(),
});
