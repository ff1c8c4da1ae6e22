/** Recording payments: announced, received, failed, called off. */
import { DomainError } from '../../kernel/errors.ts';
import { choice, dateInput, flag, idOf, int, moneyInput, object, optional, text } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext, ownerOf, type Tx, type RowOf } from '../../write/command.ts';
import { drawn } from '../../kernel/drawn-number.ts';
import { requireVersion } from '../../write/version.ts';
import { loadWishes, requireNoWish } from '../../write/wishes.ts';
import { loadRates, rateOf } from '../catalogue/index.ts';
import { requireOpen } from '../ledger/index.ts';
import { ItemBook } from '../open-item/index.ts';
import { type Accounts, loadAccounts, seriesKey, todayIn } from '../party/index.ts';
import { bookPayment } from './booking.rules.ts';
import { Payment } from './payment.entity.ts';
import { paymentMachine } from './payment.machine.ts';
import { paymentEvent, paymentStatus, type SettledPayment } from './payment.rules.ts';

export type PaymentRow = RowOf<typeof Payment>;
export const PAYMENT_METHODS = ['BANK_TRANSFER', 'DIRECT_DEBIT', 'CARD', 'CHEQUE', 'CASH', 'OTHER'] as const;

function requireReceivable(
  facts: Pick<Accounts, 'entities'>,
  legalEntityId: string,
  { receivedOn, today }: { receivedOn: string; today: string },
): void {
  if (receivedOn > today)
    throw new DomainError('EFFECTIVE_DATE_INVALID', `Today is ${today}; money can't have come on a later day.`, {
      path: ['receivedOn'],
    });
  const entity = facts.entities.get(legalEntityId);
  if (entity) requireOpen({ code: entity.code, closedThrough: entity.closedThrough ?? null }, receivedOn, 'receivedOn');
}

export const recordPayment = command({
  name: 'recordPayment',
  description:
    'Records a payment that came, or one that is announced. Set it against documents by `applyCash`. Where an ERP has authority over payments it is a wish: the payment is PENDING until the ERP has it.',
  permission: 'payments:record',
  record: 'Payment',
  input: object('RecordPaymentInput', {
    accountId: idOf('acc').describe("The payer's account."),
    amount: moneyInput.describe('What was paid.'),
    method: optional(choice('PaymentMethod', PAYMENT_METHODS)).describe('How; absent: BANK_TRANSFER.'),
    reference: optional(text()).describe("The payer's reference."),
    bankAccount: optional(text({ max: 40 })).describe('Our bank account that it came to.'),
    receivedOn: optional(dateInput).describe(
      "The day on which the money was there; absent: today in the legal entity's time zone.",
    ),
    isPending: optional(flag).describe('It is only announced: it is not in the books until `receivePayment`.'),
  }),
  coalesces: () => [],
  async facts(tx, inputs, context) {
    const accounts = await loadAccounts(
      tx,
      inputs.map((i) => i.accountId),
    );
    const wanted = inputs.flatMap((input) => {
      const account = accounts.accounts.get(input.accountId);
      const entity = account && accounts.entities.get(account.legalEntityId);
      if (!account || !entity) return [];
      const on = input.receivedOn ?? todayIn(accounts, entity.id, context.now);
      return [entity.functionalCurrency, context.tenant.groupCurrency].map((to) => ({ from: input.amount.currency, to, on }));
    });
    return { ...accounts, rates: await loadRates(tx, wanted) };
  },
  decide(facts, input, context): Change {
    const account = facts.accounts.get(input.accountId);
    const entity = account && facts.entities.get(account.legalEntityId);
    const seriesId = entity && facts.series.get(seriesKey(entity.id, 'PAYMENT'));
    if (!account || !entity || !seriesId)
      throw new DomainError('NOT_FOUND', 'There is no such account.', { path: ['accountId'] });
    const { minor: amountMinor, currency } = input.amount;
    if (amountMinor <= 0n) throw new DomainError('AMOUNT_INVALID', 'amount must be more than zero.', { path: ['amount'] });
    const today = todayIn(facts, entity.id, context.now);
    const receivedOn = input.receivedOn ?? today;
    const isPending = input.isPending ?? false;
    const isWish = !isPending && context.authority(entity.id, 'Payment').side === 'CONNECTION';
    if (!isPending) requireReceivable(facts, entity.id, { receivedOn, today });
    const id = context.newId();
    const base = {
      id,
      tenantId: context.tenant.id,
      legalEntityId: entity.id,
      accountId: account.id,
      origin: 'RECORDED' as const,
      number: drawn(seriesId, { slot: id }, 'TEXT'),
      method: input.method ?? 'BANK_TRANSFER',
      reference: input.reference ?? null,
      bankAccount: input.bankAccount ?? null,
      currency,
      amountMinor,
      baseCurrency: entity.functionalCurrency,
      version: 1,
      createdAt: context.now,
    };
    if (isPending || isWish) {
      const row = { ...base, lifecycle: 'PENDING' as const, status: 'PENDING' as const, openMinor: 0n };
      const ask = { recordKind: 'Payment', recordId: id, legalEntityId: entity.id, accountId: account.id, input: { receivedOn } };
      return {
        recordId: id,
        rows: [{ op: 'insert', entity: 'Payment', values: row }],
        events: [paymentEvent('payment.announced', row, { from: null, effectiveOn: null })],
        ...(isWish ? { asks: [{ ...ask, command: 'CREATE' }] } : {}),
      };
    }
    const received = receive(context, { ...base, rates: facts.rates, receivedOn });
    const row = { ...base, ...received.set };
    return {
      recordId: id,
      rows: [{ op: 'insert', entity: 'Payment', values: row }, ...received.book.rows()],
      events: [paymentEvent('payment.received', row, { from: null, effectiveOn: receivedOn })],
    };
  },
});

type Receivable = Pick<
  PaymentRow,
  'id' | 'tenantId' | 'legalEntityId' | 'accountId' | 'currency' | 'amountMinor' | 'baseCurrency'
> & {
  readonly number: unknown;
  readonly bankAccount?: string | null;
  readonly rates: ReadonlyMap<string, string>;
  readonly receivedOn: string;
};

function receive(context: CommandContext, { rates, receivedOn, ...payment }: Receivable) {
  const rate = rateOf(rates, payment.currency, payment.baseCurrency, receivedOn);
  const groupRate = rateOf(rates, payment.currency, context.tenant.groupCurrency, receivedOn);
  const book = new ItemBook({
    tenantId: payment.tenantId,
    actorId: context.principal.actorId,
    now: context.now,
    newId: context.newId,
  });
  const { baseAmountMinor } = bookPayment(
    context,
    { ...payment, bankAccount: payment.bankAccount ?? null, rate, groupRate, receivedOn, event: 'payment.received' },
    book,
  );
  const openMinor = payment.amountMinor;
  return {
    book,
    set: {
      lifecycle: 'RECEIVED' as const,
      status: paymentStatus('RECEIVED', openMinor, openMinor),
      openMinor,
      rate,
      groupRate,
      baseAmountMinor,
      receivedOn,
    },
  };
}

interface PaymentRef {
  readonly id: string;
}

export async function paymentFacts(tx: Tx, inputs: readonly PaymentRef[], context: CommandContext) {
  const payments = await tx.load(Payment, sql`t.id = any(${sql.uuids(inputs.map((i) => i.id))})`, { lock: true });
  return {
    payments: new Map(payments.map((p) => [p.id, p])),
    wishes: await loadWishes(tx, payments, context),
    ...(await loadAccounts(
      tx,
      payments.map((p) => p.accountId),
    )),
  };
}

export function paymentOf(
  facts: { readonly payments: ReadonlyMap<string, PaymentRow> },
  id: string,
  expectedVersion?: number,
): PaymentRow {
  const payment = facts.payments.get(id);
  if (!payment) throw new DomainError('NOT_FOUND', 'There is no such payment.', { path: ['id'] });
  requireVersion(payment.version, expectedVersion);
  return payment;
}

export const receivePayment = command({
  name: 'receivePayment',
  description: 'Says that an announced payment came.',
  permission: 'payments:record',
  record: 'Payment',
  input: object('ReceivePaymentInput', {
    id: idOf('pay').describe('The announced payment.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
    receivedOn: optional(dateInput).describe('The day on which the money was there; absent: today.'),
  }),
  lockKey: (input) => input.id,
  async facts(tx, inputs, context) {
    const facts = await paymentFacts(tx, inputs, context);
    const wanted = [...facts.payments.values()].flatMap((p) => {
      const on = inputs.find((i) => i.id === p.id)?.receivedOn ?? todayIn(facts, p.legalEntityId, context.now);
      return [p.baseCurrency, context.tenant.groupCurrency].map((to) => ({ from: p.currency, to, on }));
    });
    return { ...facts, rates: await loadRates(tx, wanted) };
  },
  decide(facts, input, context): Change {
    const payment = paymentOf(facts, input.id, input.expectedVersion);
    transition(paymentMachine, { state: payment.lifecycle, action: 'RECEIVE' });
    requireNoWish(facts.wishes, payment, context);
    const today = todayIn(facts, payment.legalEntityId, context.now);
    const receivedOn = input.receivedOn ?? today;
    requireReceivable(facts, payment.legalEntityId, { receivedOn, today });
    const { book, set } = receive(context, {
      ...payment,
      bankAccount: payment.bankAccount ?? null,
      rates: facts.rates,
      receivedOn,
    });
    const after = { ...payment, ...set, version: payment.version + 1 } as SettledPayment;
    return {
      recordId: payment.id,
      rows: [
        { op: 'update', entity: 'Payment', id: payment.id, version: payment.version, set, owner: ownerOf(payment) },
        ...book.rows(),
      ],
      events: [paymentEvent('payment.received', after, { from: payment.status, effectiveOn: receivedOn })],
    };
  },
});

interface Ending {
  readonly name: 'failPayment' | 'cancelPayment';
  readonly action: 'FAIL' | 'CANCEL';
  readonly event: string;
  readonly description: string;
  readonly inputName: string;
}

/** Ends an announced payment that never was in the books. */
const ending = ({ name, action, event, description, inputName }: Ending) =>
  command({
    name,
    description,
    permission: 'payments:record',
    record: 'Payment',
    input: object(inputName, {
      id: idOf('pay').describe('The announced payment.'),
      expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
    }),
    lockKey: (input) => input.id,
    facts: paymentFacts,
    decide(facts, input, context): Change {
      const payment = paymentOf(facts, input.id, input.expectedVersion);
      const { to } = transition(paymentMachine, { state: payment.lifecycle, action });
      requireNoWish(facts.wishes, payment, context);
      const status = paymentStatus(to, payment.openMinor, payment.amountMinor);
      const after = { ...payment, lifecycle: to, status, version: payment.version + 1 } as SettledPayment;
      return {
        recordId: payment.id,
        rows: [
          {
            op: 'update',
            entity: 'Payment',
            id: payment.id,
            version: payment.version,
            set: { lifecycle: to, status },
            owner: ownerOf(payment),
          },
        ],
        events: [paymentEvent(event, after, { from: payment.status, effectiveOn: null })],
      };
    },
  });

export const failPayment = ending({
  name: 'failPayment',
  action: 'FAIL',
  event: 'payment.failed',
  description: 'Says that an announced payment never came.',
  inputName: 'FailPaymentInput',
});
export const cancelPayment = ending({
  name: 'cancelPayment',
  action: 'CANCEL',
  event: 'payment.cancelled',
  description: 'Says that an announced payment was called off.',
  inputName: 'CancelPaymentInput',
});
