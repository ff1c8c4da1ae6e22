/** Credit: limits, exposure, and whether an order fits. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { CreditAccount } from './credit.entity.ts';
import { creditEvents } from './credit.events.ts';
import { creditResolvers } from './credit.graphql.ts';
import { creditPolicy } from './credit.policy.ts';
import { blockCredit, setRiskClass, unblockCredit } from './block.commands.ts';
import { creditAccountRead } from './credit.read.ts';
import { exposureDerivation } from './exposure.derivation.ts';
import { approveCreditLimit, requestCreditLimit } from './limit.commands.ts';

export { CreditBook, publicReason, staffReason } from './credit-book.rules.ts';
export { CreditAccount } from './credit.entity.ts';
export { loadCredit, lockChains } from './credit.facts.ts';
export { type CreditAccountRow, limitText } from './credit.rules.ts';
export { chainOf } from './exposure.rules.ts';
export { creditDemand } from './exposure.derivation.ts';

const creditAccountRecord = readRecord(CreditAccount, creditAccountRead);

export const creditModule = defineModule({
  name: 'credit',
  entities: [CreditAccount],
  records: [creditAccountRecord],
  machines: [],
  postings: [],
  policy: creditPolicy,
  events: creditEvents,
  commands: [requestCreditLimit, approveCreditLimit, blockCredit, unblockCredit, setRiskClass],
  derivations: [exposureDerivation],
  resolvers: creditResolvers(creditAccountRecord),
});
