/** Following a credit note of an ERP that has authority, also one that was paid out as it was made. */
import { command } from '../../write/command.ts';
import { followCreditNote } from './follow-credit-note.rules.ts';
import { observationFacts } from './observation.facts.ts';
import { observedCreditNote } from './observed-input.commands.ts';
import { ObservedSet } from './observed-set.rules.ts';
import { Turn } from './turn.rules.ts';

export const observeCreditNote = command({
  name: 'observeCreditNote',
  description: 'Follows a credit note of an ERP: issued, changed, voided or deleted there, or paid out as a refund.',
  permission: 'documents:observe',
  record: 'CreditNote',
  observes: true,
  input: observedCreditNote,
  lockKey: (input) => input.recordId,
  facts: async (tx, inputs, { tenant }) =>
    new ObservedSet(
      await observationFacts(tx, {
        kind: 'CreditNote',
        refs: inputs.map((input) => ({ ...input, on: input.issuedOn })),
        invoices: inputs.flatMap((input) => input.invoiceId ?? []),
        groupCurrency: tenant.groupCurrency,
      }),
    ),
  decide(set, input, context) {
    const turn = new Turn(context, set, input.occurredAt);
    return turn.finish(followCreditNote(turn, input));
  },
});
