/**
 * Random histories: each step is four small numbers that choose a command, its record and its arguments out of what the books
 * hold at that moment. Most steps are possible; some ask for a cent too much, a day too early or late, a wrong payer.
 */
import { addDays } from '../../src/kernel/date.ts';
import { receive, returned, reverse, when } from './books-commands.ts';
import type { Payment } from './books-model.ts';
import { applyCredit, applyIt } from './history-cash.ts';
import { cancel, creditIt, draft, edit, issueIt, writeItOff } from './history-invoices.ts';
import {
  accountOf,
  done,
  type Maker,
  type Move,
  type Op,
  pick,
  type Place,
  someAmount,
  someDay,
  type Step,
  text,
  withDay,
} from './history-step.ts';

const pay: Maker = ({ books, now }, step) => {
  const owing = books.invoices.filter((i) => i.item && books.open(i.item) > 0n);
  const invoice = step.other < 80 ? pick(owing, step.other) : undefined;
  const account = step.which < 75 ? (invoice?.account ?? accountOf(books, step.which)) : accountOf(books, step.which);
  if (!account) return null;
  const currency = invoice && step.size < 80 ? invoice.currency : account.entity.currency;
  const amount =
    invoice?.item && currency === invoice.currency
      ? someAmount(books.open(invoice.item), step.size) || 7n
      : BigInt(1 + step.size * 997);
  const isPending = step.day % 5 === 0;
  const receivedOn = isPending ? undefined : someDay(step.day, now.today);
  const payment: Payment = { id: '', account, currency, amount, state: 'PENDING', item: null };
  const received = isPending ? null : receive(books, payment, { now, ...withDay('receivedOn', receivedOn) });
  const commit = (id: string) => {
    received?.commit(id);
    books.payments.push(Object.assign(payment, { id }));
  };
  return {
    name: 'recordPayment',
    input: {
      accountId: account.id,
      amount: { amount: text(amount, currency), currency },
      isPending,
      ...withDay('receivedOn', receivedOn),
    },
    expected: done(commit, received?.codes ?? []),
  };
};

const arrive: Maker = ({ books, now }, step) => {
  const payment = pick(
    books.payments.filter((p) => step.other > 85 || p.state === 'PENDING'),
    step.which,
  );
  if (!payment) return null;
  const receivedOn = withDay('receivedOn', someDay(step.day, now.today));
  if (step.size < 60)
    return {
      name: 'receivePayment',
      input: { id: payment.id, ...receivedOn },
      expected: receive(books, payment, { now, ...receivedOn }),
    };
  const [name, state] = step.size < 80 ? (['failPayment', 'FAILED'] as const) : (['cancelPayment', 'CANCELLED'] as const);
  return {
    name,
    input: { id: payment.id },
    expected: done(() => Object.assign(payment, { state }), when(payment.state !== 'PENDING', 'WRONG_STATE')),
  };
};

const reverseIt: Maker = ({ books, now }, step) => {
  const allocation = pick(
    books.allocations.filter((a) => step.other > 85 || (a.reverses === null && !books.isReversed(a))),
    step.which,
  );
  const effectiveOn = withDay('effectiveOn', someDay(step.day, now.today));
  return allocation
    ? {
        name: 'reverseAllocation',
        input: { id: allocation.id, ...effectiveOn },
        expected: reverse(books, allocation, { now, ...effectiveOn }),
      }
    : null;
};

const giveBack: Maker = ({ books, now }, step) => {
  const payment = pick(books.payments, step.which);
  const returnedOn = withDay('returnedOn', someDay(step.day, now.today));
  return payment
    ? {
        name: 'returnPayment',
        input: { id: payment.id, reason: 'AM04', ...returnedOn },
        expected: returned(books, payment, { now, ...returnedOn }),
      }
    : null;
};

const close: Maker = ({ entities, now }, step) => {
  const entity = pick(entities, step.which);
  const through = addDays(now.today, 1 - (step.size % 40));
  if (!entity) return null;
  return {
    name: 'closeBooks',
    input: { id: entity.id, through },
    expected: done(
      () => Object.assign(entity, { closedThrough: through }),
      when(
        through !== entity.closedThrough && (through >= now.today || through < entity.closedThrough),
        'EFFECTIVE_DATE_INVALID',
      ),
    ),
  };
};

const MAKERS: Readonly<Record<Exclude<Op, 'wait'>, Maker>> = {
  draft,
  edit,
  cancel,
  issue: issueIt,
  pay,
  arrive,
  apply: applyIt,
  applyAgain: applyIt,
  applyCredit,
  reverse: reverseIt,
  giveBack,
  credit: creditIt,
  writeOff: writeItOff,
  close,
};

/** The command of a step; while there is no record for it, a draft, an issue or a payment. */
export function moveOf(place: Place, step: Step): Move | null {
  if (step.op === 'wait') return null;
  return (
    MAKERS[step.op](place, step) ??
    (step.which % 3 === 0 ? pay : place.books.invoices.some((i) => i.state === 'DRAFT') ? issueIt : draft)(place, step)
  );
}
