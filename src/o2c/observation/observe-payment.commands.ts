/** Following a payment of an ERP that has authority: what came, and what it is set against there. */
import { command } from '../../write/command.ts';
import { followPayment } from './follow-payment.rules.ts';
import { makeUp } from './making-up.rules.ts';
import { observationFacts } from './observation.facts.ts';
import { observedPayment } from './observed-input.commands.ts';
import { ObservedSet } from './observed-set.rules.ts';
import { Turn } from './turn.rules.ts';

export const observePayment = command({
  name: 'observePayment',
  description:
    'Follows a payment of an ERP: received, changed, voided or deleted there, with the documents that it is set against.',
  permission: 'documents:observe',
  record: 'Payment',
  observes: true,
  input: observedPayment,
  lockKey: (input) => input.recordId,
  async facts(tx, inputs, { tenant }) {
    const applied = (kind: 'Invoice' | 'CreditNote') =>
      inputs.flatMap((input) => input.applications.flatMap((a) => (a.kind === kind ? [a.recordId] : [])));
    return new ObservedSet(
      await observationFacts(tx, {
        kind: 'Payment',
        refs: inputs.map((input) => ({ ...input, on: input.receivedOn })),
        invoices: applied('Invoice'),
        creditNotes: applied('CreditNote'),
        groupCurrency: tenant.groupCurrency,
      }),
    );
  },
  decide(set, input, context) {
    const turn = new Turn(context, set, input.occurredAt);
    const id = followPayment(turn, input);
    makeUp(turn);
    return turn.finish(id);
  },
});
