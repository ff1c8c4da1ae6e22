/** The step that a command makes with an order: what an ERP made is followed as it is there, so people only fulfil, bill and hold it here. Pure. */
import { DomainError } from '../../kernel/errors.ts';
import { type ActionOf, transition } from '../../kernel/machine.ts';
import type { CommandContext } from '../../write/command.ts';
import type { OrderRow } from './line-amounts.rules.ts';
import { orderMachine } from './order.machine.ts';

type Action = Exclude<ActionOf<typeof orderMachine>, 'FULFIL' | 'BILL' | 'HOLD'>;

/** @throws ERP_AUTHORITY that names the connection, WRONG_STATE */
export function orderStep(
  context: CommandContext,
  { origin, legalEntityId, lifecycle }: OrderRow,
  action: Action,
): OrderRow['lifecycle'] {
  if (origin === 'OBSERVED') {
    const { connection } = context.authority(legalEntityId, 'Order');
    throw new DomainError(
      'ERP_AUTHORITY',
      `${connection?.name ?? 'An ERP'} made this order: change it there, and it will show here.`,
      {
        path: ['id'],
        details: { connection: connection?.code ?? null, recordKind: 'Order' },
      },
    );
  }
  return transition(orderMachine, { state: lifecycle, action }).to;
}
