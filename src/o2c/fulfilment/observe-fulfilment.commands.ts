/** Deliveries as an ERP shows them: followed in what they hold and how far they are, whatever holds or credit say here. */
import { command } from '../../write/command.ts';
import { fulfilmentShown } from './fulfilment-shown.commands.ts';
import { loadShown } from './observed-fulfilment.facts.ts';
import { followFulfilment } from './observed-fulfilment.rules.ts';

export const observeFulfilment = command({
  name: 'observeFulfilment',
  description: 'Follows a delivery that an ERP made, of an order that it made or that was placed here.',
  permission: 'fulfilments:observe',
  record: 'Fulfilment',
  observes: true,
  input: fulfilmentShown,
  lockKey: ({ recordId }) => recordId,
  facts: loadShown,
  decide: (known, shown, context) => followFulfilment(context, known, shown),
});
