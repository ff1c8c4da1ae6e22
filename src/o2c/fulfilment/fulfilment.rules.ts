/** What a fulfilment says of itself: quantities as text, how much of it came back, its event. Pure. */
import { addDecimal, compareDecimal, type Decimal, decimal, decimalText } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { CommandContext, RowOf } from '../../write/command.ts';
import type { Fulfilment, FulfilmentLine } from './fulfilment.entity.ts';

export type FulfilmentRow = RowOf<typeof Fulfilment>;
export type FulfilmentLineRow = RowOf<typeof FulfilmentLine>;

/** What an ERP made takes its steps there. @throws ERP_AUTHORITY that names the connection */
export function requireOurs(context: CommandContext, { origin, legalEntityId }: FulfilmentRow): void {
  if (origin === 'PLANNED') return;
  const { connection } = context.authority(legalEntityId, 'Fulfilment');
  throw new DomainError(
    'ERP_AUTHORITY',
    `${connection?.name ?? 'An ERP'} made this fulfilment: change it there, and it will show here.`,
    { path: ['id'], details: { connection: connection?.code ?? null, recordKind: 'Fulfilment' } },
  );
}

/** The owner columns of its rows, for the write guard. */
export const ownersOf = ({
  tenantId,
  legalEntityId,
  accountId,
}: Pick<FulfilmentRow, 'tenantId' | 'legalEntityId' | 'accountId'>) => ({
  tenantId,
  legalEntityId,
  accountId,
});

/** Without the zeros that a column fills it with. @example quantityText(decimal('2.500000')) // '2.5' */
export const quantityText = (quantity: Decimal): string => {
  const text = decimalText(quantity);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
};

const totalOf = (quantities: readonly string[]): string =>
  quantityText(quantities.reduce((sum, q) => addDecimal(sum, decimal(q)), decimal('0')));

type Returnable = Pick<FulfilmentLineRow, 'quantity' | 'returnedQuantity'>;

export function returnStatusOf(lines: readonly Returnable[]): FulfilmentRow['returnStatus'] {
  if (lines.every((l) => decimal(l.returnedQuantity).coefficient === 0n)) return 'NONE';
  return lines.every((l) => compareDecimal(decimal(l.returnedQuantity), decimal(l.quantity)) === 0) ? 'FULL' : 'PARTIAL';
}

/** What an event tells of. A number that is still to be drawn is filled in by the runner. */
export interface Told {
  readonly fulfilment: Omit<FulfilmentRow, 'number'> & { readonly number: unknown };
  readonly lines: readonly Returnable[];
  readonly orderNumber: string;
  /** The code of the third party that carries it out. */
  readonly provider: string | null;
}

/** What the event says beside the fulfilment itself. */
export interface Happening {
  /** The step before; null when the fulfilment is new. */
  readonly from: string | null;
  /** What was reported, where a report made it. */
  readonly kind?: string;
  readonly effectiveOn?: string;
  readonly occurredAt?: Date;
  readonly source?: string;
}

export function fulfilmentEvent(
  type: string,
  { fulfilment, lines, orderNumber, provider }: Told,
  { from, kind, ...more }: Happening,
): EventDraft {
  const { number, lifecycle, orderId, carrier, trackingNumber, returnStatus } = fulfilment;
  return {
    ...more,
    type,
    recordKind: 'Fulfilment',
    recordId: fulfilment.id,
    recordVersion: fulfilment.version,
    legalEntityId: fulfilment.legalEntityId,
    accountId: fulfilment.accountId,
    customerId: null,
    payload: {
      from,
      to: lifecycle,
      number,
      orderId,
      orderNumber,
      carrier,
      trackingNumber,
      provider,
      quantity: totalOf(lines.map((l) => l.quantity)),
      returnedQuantity: totalOf(lines.map((l) => l.returnedQuantity)),
      returnStatus,
      kind: kind ?? null,
    },
  };
}
