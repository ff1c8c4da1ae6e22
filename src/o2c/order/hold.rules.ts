/** Holds: what stops an order at a stage, how a new one looks, and what it says of itself. Pure. */
import { personOf } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { money, moneyText } from '../../kernel/money.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { CommandContext, RowOf } from '../../write/command.ts';
import type { Hold, Order } from './order.entity.ts';

export type HoldRow = RowOf<typeof Hold>;
export type HoldKind = HoldRow['kind'];
export type Stage = HoldRow['stage'];

export interface NewHold {
  readonly kind: HoldKind;
  readonly stage: Stage;
  readonly reason: string;
  /** The reason with figures that portal users must not learn; absent: there are none. */
  readonly detail?: string;
  /** Of a credit hold: the amount that did not fit, in the group's currency. */
  readonly amountMinor?: bigint;
  /** The fulfilment that it stops; absent: the whole order. */
  readonly fulfilmentId?: string;
}

/** Reasons are made of texts of others, and the log of a hold needs no novel. */
const REASON_MAX = 1000;
const shortened = (text: string): string => (text.length > REASON_MAX ? `${text.slice(0, REASON_MAX - 1)}…` : text);

export const newHold = (context: CommandContext, order: RowOf<typeof Order>, hold: NewHold): HoldRow => ({
  id: context.newId(),
  tenantId: order.tenantId,
  orderId: order.id,
  legalEntityId: order.legalEntityId,
  accountId: order.accountId,
  kind: hold.kind,
  stage: hold.stage,
  lifecycle: 'OPEN',
  reason: shortened(hold.reason),
  detail: hold.detail === undefined ? null : shortened(hold.detail),
  currency: hold.amountMinor === undefined ? null : order.groupCurrency,
  amountMinor: hold.amountMinor ?? null,
  contentVersion: order.contentVersion,
  fulfilmentId: hold.fulfilmentId ?? null,
  placedById: personOf(context.principal),
  releasedById: null,
  releasedAt: null,
  releaseReason: null,
  version: 1,
  createdAt: context.now,
});

export interface HoldFilter {
  /** A hold on another fulfilment doesn't stop this one. */
  readonly fulfilmentId?: string;
  /** Holds of this kind are looked at by the caller. */
  readonly except?: HoldKind;
}

/** The open holds that stop an order, or one fulfilment of it, at a stage. */
export const holdsAt = (holds: readonly HoldRow[], stage: Stage, { fulfilmentId, except }: HoldFilter = {}): readonly HoldRow[] =>
  holds.filter(
    (h) =>
      h.lifecycle === 'OPEN' &&
      h.stage === stage &&
      h.kind !== except &&
      (h.fulfilmentId === null || h.fulfilmentId === (fulfilmentId ?? null)),
  );

/** @throws ORDER_ON_HOLD that names what holds it */
export function requireNoHold(holds: readonly HoldRow[], stage: Stage, filter: HoldFilter = {}): void {
  const open = holdsAt(holds, stage, filter);
  if (open.length === 0) return;
  const named = open.map((h) => `${h.kind} (${h.reason})`).join('; ');
  throw new DomainError(
    'ORDER_ON_HOLD',
    `The order is on hold: ${named}. Have ${open.length === 1 ? 'it' : 'them'} released first.`,
    {
      path: ['id'],
      details: { kinds: open.map((h) => h.kind) },
    },
  );
}

const TYPE = { OPEN: 'hold.placed', RELEASED: 'hold.released', LIFTED: 'hold.lifted' } as const;

export const holdEvent = (hold: HoldRow, from: HoldRow['lifecycle'] | null): EventDraft => ({
  type: TYPE[hold.lifecycle],
  recordKind: 'Hold',
  recordId: hold.id,
  recordVersion: hold.version,
  legalEntityId: hold.legalEntityId,
  accountId: hold.accountId,
  customerId: null,
  payload: {
    from,
    to: hold.lifecycle,
    kind: hold.kind,
    stage: hold.stage,
    orderId: hold.orderId,
    currency: hold.currency,
    amount: hold.amountMinor === null || hold.currency === null ? null : moneyText(money(hold.amountMinor, hold.currency)),
  },
  personal: { reason: hold.reason, releaseReason: hold.releaseReason },
});
