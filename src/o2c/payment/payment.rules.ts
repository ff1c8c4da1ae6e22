/** What a payment's open item says of it: its public status and events. Pure. */
import { money, moneyText } from '../../kernel/money.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { DocumentChange } from '../invoice/index.ts';
import type { ItemRow } from '../open-item/index.ts';

export type PaymentLifecycle = 'PENDING' | 'RECEIVED' | 'FAILED' | 'CANCELLED' | 'RETURNED' | 'VOIDED';
export type PaymentStatus = Exclude<PaymentLifecycle, 'RECEIVED'> | 'UNAPPLIED' | 'PARTIALLY_APPLIED' | 'APPLIED';

export interface SettledPayment {
  readonly id: string;
  readonly tenantId: string;
  readonly legalEntityId: string;
  readonly accountId: string;
  readonly lifecycle: PaymentLifecycle;
  readonly status: PaymentStatus;
  readonly number: unknown;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly openMinor: bigint;
  readonly version: number;
}

export function paymentStatus(lifecycle: PaymentLifecycle, openMinor: bigint, amountMinor: bigint): PaymentStatus {
  if (lifecycle !== 'RECEIVED') return lifecycle;
  if (openMinor === 0n) return 'APPLIED';
  return openMinor === amountMinor ? 'UNAPPLIED' : 'PARTIALLY_APPLIED';
}

export const paymentEvent = (
  type: string,
  payment: SettledPayment,
  more: { from: PaymentStatus | null; effectiveOn: string | null },
): EventDraft => ({
  type,
  recordKind: 'Payment',
  recordId: payment.id,
  recordVersion: payment.version,
  legalEntityId: payment.legalEntityId,
  accountId: payment.accountId,
  customerId: null,
  effectiveOn: more.effectiveOn,
  payload: {
    from: more.from,
    to: payment.status,
    number: payment.number,
    currency: payment.currency,
    amount: moneyText(money(payment.amountMinor, payment.currency)),
    unapplied: moneyText(money(payment.openMinor, payment.currency)),
  },
});

const EVENT_OF: Partial<Readonly<Record<PaymentStatus, string>>> = {
  APPLIED: 'payment.applied',
  PARTIALLY_APPLIED: 'payment.partially_applied',
  UNAPPLIED: 'payment.unapplied',
};

/** Brings a payment up to what its item says now. */
export function settlePayment(payment: SettledPayment, items: readonly ItemRow[], effectiveOn: string): DocumentChange {
  const openMinor = -items.reduce((sum, item) => sum + item.openMinor, 0n);
  const status = paymentStatus(payment.lifecycle, openMinor, payment.amountMinor);
  if (openMinor === payment.openMinor && status === payment.status) return { rows: [], events: [] };
  const type = status === payment.status ? 'payment.application_changed' : (EVENT_OF[status] ?? 'payment.application_changed');
  const owner = { tenantId: payment.tenantId, legalEntityId: payment.legalEntityId, accountId: payment.accountId };
  return {
    rows: [{ op: 'update', entity: 'Payment', id: payment.id, version: payment.version, set: { openMinor, status }, owner }],
    events: [
      paymentEvent(type, { ...payment, openMinor, status, version: payment.version + 1 }, { from: payment.status, effectiveOn }),
    ],
  };
}
