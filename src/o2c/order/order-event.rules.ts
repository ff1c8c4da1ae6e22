/** What an order says of itself in its events: one flat payload for all of them. Pure. */
import { money, moneyText } from '../../kernel/money.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { OrderRow } from './line-amounts.rules.ts';

/** What an event says beside the order's state. */
export interface EventFacts {
  readonly beyondLimit?: boolean;
  /** Somebody's own words: kept apart, so that they can be erased. */
  readonly reason?: string;
}

export interface ToldOrder {
  readonly order: OrderRow;
  /** As it was read; null: this decision makes it. */
  readonly before: OrderRow | null;
  /** In the group's currency. */
  readonly exposureMinor: bigint;
}

export function orderEvent(
  type: string,
  { order, before, exposureMinor }: ToldOrder,
  { reason, ...facts }: EventFacts,
): EventDraft {
  const isCompleted = order.origin === 'PLACED' && order.lifecycle === 'COMPLETED' && before?.lifecycle !== 'COMPLETED';
  const text = (minor: bigint) => moneyText(money(minor, order.currency));
  return {
    type: isCompleted ? 'order.completed' : type,
    recordKind: 'Order',
    recordId: order.id,
    recordVersion: before ? before.version + 1 : 1,
    legalEntityId: order.legalEntityId,
    accountId: order.accountId,
    customerId: null,
    payload: {
      from: before?.lifecycle ?? null,
      to: order.lifecycle,
      number: order.number,
      currency: order.currency,
      total: text(order.totalMinor),
      billed: text(order.billedMinor),
      credited: text(order.creditedMinor),
      unbilled: text(order.unbilledMinor),
      fulfilmentStatus: order.fulfilmentStatus,
      billingStatus: order.billingStatus,
      returnStatus: order.returnStatus,
      openHolds: order.openHoldCount,
      groupCurrency: order.groupCurrency,
      exposure: moneyText(money(exposureMinor, order.groupCurrency)),
      ...facts,
    },
    ...(reason === undefined ? {} : { personal: { reason } }),
  };
}
