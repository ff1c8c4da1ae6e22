/** Following an invoice of an ERP that has authority: it becomes what the ERP says, and the books get the difference. */
import { command } from '../../write/command.ts';
import { followInvoice } from './follow-invoice.rules.ts';
import { observationFacts } from './observation.facts.ts';
import { observedInvoice } from './observed-input.commands.ts';
import { ObservedSet } from './observed-set.rules.ts';
import { Turn } from './turn.rules.ts';

export const observeInvoice = command({
  name: 'observeInvoice',
  description:
    'Follows an invoice of an ERP: issued, changed, voided or deleted there, with its lines, its dates and its cash sale.',
  permission: 'documents:observe',
  record: 'Invoice',
  observes: true,
  input: observedInvoice,
  lockKey: (input) => input.recordId,
  facts: async (tx, inputs, { tenant }) =>
    new ObservedSet(
      await observationFacts(tx, {
        kind: 'Invoice',
        refs: inputs.map((input) => ({ ...input, on: input.issuedOn })),
        orders: inputs.flatMap((input) => [...(input.orderIds ?? []), ...input.lines.flatMap((line) => line.orderId ?? [])]),
        groupCurrency: tenant.groupCurrency,
      }),
    ),
  decide(set, input, context) {
    const turn = new Turn(context, set, input.occurredAt);
    return turn.finish(followInvoice(turn, input));
  },
});
