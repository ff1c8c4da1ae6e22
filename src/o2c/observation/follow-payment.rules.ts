/** A payment as an ERP shows it: what came, and what it is set against there. Pure. */
import { DomainError } from '../../kernel/errors.ts';
import { paymentEvent, paymentStatus } from '../payment/index.ts';
import { appliedBy, applyAsShown } from './applying.rules.ts';
import { minorOf, ratesOf, requireDay } from './figures.rules.ts';
import type { PaymentRow } from './observation.facts.ts';
import type { ObservedPayment } from './observed-input.commands.ts';
import type { Parties } from './observed-set.rules.ts';
import { type Booking, bookedAs, rebook, revive, takeOut, toBase } from './rebook.rules.ts';
import { differsIn } from './same.rules.ts';
import { later, type Turn, voidDayOf } from './turn.rules.ts';

type Told = Pick<ObservedPayment, 'number' | 'receivedOn' | 'currency' | 'rate' | 'method' | 'reference'>;

/** What an ERP says of a payment, also of one that is only a part of a cash sale. */
export interface ShownPayment extends Told {
  /** One that is wished may have its id before it is made. */
  readonly recordId: string | null;
  readonly amountMinor: bigint;
  readonly isVoided: boolean;
  /** Until when it counted; absent: as if it had never been. */
  readonly voidedOn?: string | undefined;
  /** Of a cash sale. */
  readonly invoiceId: string | null;
  readonly applications: readonly ShownApplication[];
}

export interface ShownApplication {
  readonly kind: 'Invoice' | 'CreditNote';
  readonly recordId: string;
  readonly amountMinor: bigint;
  readonly discountMinor: bigint;
  /** The day on which it was set against it; null: the first on which both were there. */
  readonly appliedOn: string | null;
}

/** Gives the id of the payment. @throws NOT_FOUND, AMOUNT_INVALID, RATE_MISSING */
export function followPayment(turn: Turn, input: ObservedPayment): string {
  const before = turn.document('Payment', input.recordId ?? '') ?? null;
  const { currency } = input;
  const amountMinor = minorOf(input.amount, currency);
  if (amountMinor < 0n) throw new DomainError('AMOUNT_INVALID', 'amount must not be below zero.', { path: ['amount'] });
  requireDay(input.receivedOn, 'receivedOn');
  const applications = input.applications.flatMap((a): ShownApplication[] =>
    a.kind === 'OTHER'
      ? []
      : [
          {
            kind: a.kind,
            recordId: a.recordId,
            amountMinor: minorOf(a.amount, currency),
            discountMinor: minorOf(a.discount ?? '0', currency),
            appliedOn: a.appliedOn ?? null,
          },
        ],
  );
  for (const { appliedOn } of applications) if (appliedOn !== null) requireDay(appliedOn, 'appliedOn');
  const isVoided = input.isDeleted || input.state === 'VOIDED';
  const voidedOn = input.isDeleted ? undefined : input.voidedOn;
  if (voidedOn !== undefined) requireDay(voidedOn, 'voidedOn');
  const invoiceId = before?.invoiceId ?? null;
  return followShown(turn, {
    before,
    parties: turn.set.parties(input.accountId, input.legalEntityId),
    shown: { ...input, voidedOn, amountMinor, isVoided, invoiceId, applications },
  });
}

interface Following {
  readonly before: PaymentRow | null;
  readonly parties: Parties;
  readonly shown: ShownPayment;
}

export function followShown(turn: Turn, following: Following): string {
  const { before, shown } = following;
  if (before?.lifecycle === 'RETURNED') return asReturned(before, shown);
  if (!shown.isVoided) return stand(turn, following);
  if (before?.lifecycle === 'RECEIVED') return voidIt(turn, before, shown);
  const day = voidDayOf({ ...shown, isDeleted: false }, before?.receivedOn ?? shown.receivedOn);
  if (before?.lifecycle === 'VOIDED' && before.voidedOn === day) return before.id;
  if (day === null && before?.lifecycle !== 'VOIDED') return stand(turn, following);
  // it counted until another day than was known
  const id = stand(turn, { ...following, shown: { ...shown, isVoided: false, applications: [] } });
  const standing = turn.document('Payment', id);
  return standing ? voidIt(turn, standing, shown) : id;
}

/** Taken back: it counted until then, as money that was set against nothing: so ERPs have it, which undo that first. */
function voidIt(turn: Turn, before: PaymentRow, shown: ShownPayment): string {
  const voidedOn = voidDayOf({ ...shown, isDeleted: false }, before.receivedOn);
  const released = appliedBy(turn, before.id);
  const taken = { origin: 'OBSERVED', lifecycle: 'VOIDED', status: 'VOIDED', openMinor: 0n, voidedOn } as const;
  put(turn, before, { ...before, ...taken });
  for (const allocation of released) turn.takeBack(allocation);
  takeOut(turn, bookingOf(before), voidedOn);
  remember(turn, before, []);
  return before.id;
}

function stand(turn: Turn, following: Following): string {
  const { before, shown } = following;
  const row = put(turn, before, paymentAs(turn, following));
  const counted = before && before.voidedOn !== null ? bookingOf(before) : null;
  if (counted) revive(turn, counted);
  const wasBooked = before?.lifecycle === 'RECEIVED' ? bookingOf(before) : counted;
  const isBooked = row.lifecycle === 'RECEIVED' ? bookingOf(row) : null;
  rebook(turn, wasBooked, isBooked);
  remember(turn, row, isBooked ? shown.applications : []);
  if (isBooked) {
    applyAsShown(turn, row);
    turn.settle(row.id, row.receivedOn ?? '');
  }
  return row.id;
}

/** One that the bank took back here stays so. @throws WRONG_STATE */
function asReturned(before: PaymentRow, shown: ShownPayment): string {
  const isSame = !shown.isVoided && shown.amountMinor === before.amountMinor && shown.currency === before.currency;
  if (isSame || shown.isVoided) return before.id;
  throw new DomainError('WRONG_STATE', `${before.number} was returned by the bank here; the ERP shows another amount of it.`, {
    path: ['amount'],
  });
}

const sameCurrency = (row: PaymentRow, currency: string, on: string) => row.currency === currency && row.receivedOn === on;

function paymentAs(turn: Turn, { before, parties, shown }: Following): PaymentRow {
  const { context, set } = turn;
  const { account, entity } = parties;
  const id = before?.id ?? shown.recordId ?? context.newId();
  const { currency, amountMinor, receivedOn, invoiceId } = shown;
  const baseCurrency = entity.functionalCurrency;
  const rates = ratesOf({
    rates: set.rates,
    currency,
    baseCurrency,
    groupCurrency: context.tenant.groupCurrency,
    on: receivedOn,
    given: shown.rate,
    kept: before && sameCurrency(before, currency, receivedOn) ? before : null,
  });
  const lifecycle = shown.isVoided ? 'VOIDED' : 'RECEIVED';
  const isNew = before?.lifecycle !== 'RECEIVED';
  const left = isNew || before.openMinor > amountMinor ? amountMinor : before.openMinor;
  const openMinor = shown.isVoided ? 0n : left;
  return {
    id,
    tenantId: context.tenant.id,
    legalEntityId: entity.id,
    accountId: account.id,
    origin: 'OBSERVED',
    lifecycle,
    status: isNew ? paymentStatus(lifecycle, openMinor, amountMinor) : before.status,
    number: shown.number ?? before?.number ?? `ERP-${id.slice(-12)}`,
    method: shown.method,
    reference: shown.reference,
    bankAccount: before?.bankAccount ?? null,
    currency,
    amountMinor,
    openMinor,
    baseCurrency,
    baseAmountMinor: toBase({ currency, baseCurrency, rate: rates.rate }, amountMinor),
    ...rates,
    receivedOn,
    returnedOn: null,
    returnReason: null,
    invoiceId,
    voidedOn: null,
    version: before?.version ?? 1,
    createdAt: before?.createdAt ?? context.now,
  };
}

const EVENT_OF_WISH = { PENDING: 'payment.received', FAILED: 'payment.received', CANCELLED: 'payment.received' } as const;

function eventOf(before: PaymentRow | null, after: PaymentRow): string {
  if (after.lifecycle === 'VOIDED') return 'payment.voided';
  if (!before) return 'payment.observed';
  if (before.lifecycle === 'VOIDED') return 'payment.reinstated';
  return before.lifecycle in EVENT_OF_WISH ? 'payment.received' : 'payment.edited';
}

/** Nothing is written where nothing that it says differs. */
function put(turn: Turn, before: PaymentRow | null, after: PaymentRow): PaymentRow {
  if (before && !differs(before, after)) return before;
  return turn.put('Payment', { before, after }, (row) =>
    paymentEvent(eventOf(before, after), row, { from: before?.status ?? null, effectiveOn: row.voidedOn ?? row.receivedOn }),
  );
}

const SAID = [
  'accountId',
  'lifecycle',
  'number',
  'method',
  'reference',
  'currency',
  'amountMinor',
  'baseAmountMinor',
  'receivedOn',
] as const satisfies readonly (keyof PaymentRow)[];

const differs = differsIn<PaymentRow>(SAID);

const bookingOf = (row: PaymentRow): Booking => ({
  kind: 'Payment',
  ...bookedAs(row),
  number: row.number,
  netMinor: row.amountMinor,
  taxes: [],
  totalMinor: row.amountMinor,
  effectiveOn: row.receivedOn ?? '',
  dueOn: row.receivedOn ?? '',
  bankAccount: row.bankAccount,
});

const atLeastZero = (minor: bigint) => (minor < 0n ? 0n : minor);

/** What the ERP sets it against, one row per document; it is looked at again whenever one of them has more open. */
function remember(turn: Turn, payment: PaymentRow, shown: readonly ShownApplication[]): void {
  const known = new Map(turn.applications(payment.id).map((a) => [a.documentId, a]));
  const wanted = new Map<string, ShownApplication>();
  for (const a of shown) {
    const before = wanted.get(a.recordId) ?? { ...a, amountMinor: 0n, discountMinor: 0n };
    const sum = { amountMinor: before.amountMinor + a.amountMinor, discountMinor: before.discountMinor + a.discountMinor };
    const appliedOn = later(before.appliedOn ?? '', a.appliedOn ?? '') || null;
    wanted.set(a.recordId, { ...before, ...sum, appliedOn });
  }
  const rows = [...wanted.values()]
    .filter((a) => a.amountMinor > 0n || a.discountMinor > 0n)
    .map((a, place) => {
      const before = known.get(a.recordId);
      const minors = { amountMinor: atLeastZero(a.amountMinor), discountMinor: atLeastZero(a.discountMinor) };
      const said = { place, ...minors, appliedOn: a.appliedOn };
      if (before) return { ...before, ...said };
      return {
        id: turn.context.newId(),
        tenantId: payment.tenantId,
        paymentId: payment.id,
        legalEntityId: payment.legalEntityId,
        documentKind: a.kind,
        documentId: a.recordId,
        ...said,
        missingMinor: 0n,
      };
    });
  if (rows.length > 0 || known.size > 0) turn.apply(payment.id, rows);
}
