/** Customers as an ERP shows them: a customer and its account are made, and followed where the ERP made them. */
import { canonicalCustomer } from '../../canonical/canonical.ts';
import { observedNote, observedText, sharedInput, uuidInput } from '../../canonical/observed-input.ts';
import { currencyInput, text } from '../../kernel/input.ts';
import { command, type Decision } from '../../write/command.ts';
import { happened } from '../../write/observed.ts';
import { loadObservedParties } from './observed.facts.ts';
import { followAccount, newParty } from './observed.rules.ts';

export const observeCustomer = command({
  name: 'observeCustomer',
  description:
    'Follows a customer of an ERP with its account at a legal entity. One that the ERP does not show any more stays: documents name it for ever.',
  permission: 'customers:observe',
  record: 'CustomerAccount',
  observes: true,
  input: canonicalCustomer.omit({ parent: true, terms: true, party: true, legalEntity: true }).extend({
    ...sharedInput,
    name: observedText(),
    number: observedNote(100),
    email: observedNote(254),
    taxId: observedNote(40),
    currency: currencyInput.optional(),
    /** Its number where the ERP gives it none, or one that is taken: of the connection's code and the id there. */
    fallbackNumber: text({ max: 300 }),
    /** The account of the customer that it belongs to. */
    parentAccountId: uuidInput.nullish(),
    paymentTermsId: uuidInput.nullish(),
    /** An account of the same one at another company of that ERP. */
    partyAccountId: uuidInput.nullish(),
  }),
  facts: loadObservedParties,
  decide(known, input, context): Decision {
    const { recordId, isOwner, isDeleted, occurredAt } = input;
    if (recordId === null) return happened(newParty(context, known, input), occurredAt);
    const account = known.account(recordId);
    if (!isOwner || isDeleted) return { unchanged: account.id };
    return happened(followAccount(context, known, { account, shown: input }), occurredAt);
  },
});
