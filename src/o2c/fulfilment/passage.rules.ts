/**
 * Whether a fulfilment may be released or leave: nothing open holds it at that stage, and where the order's credit is checked
 * at that stage, what this adds to exposure fits. What doesn't fit puts a hold on the order, and nothing is lost. Pure.
 */
import type { CommandContext, Demand } from '../../write/command.ts';
import { type CreditBook, creditDemand, publicReason, staffReason } from '../credit/index.ts';
import { holdsAt, isLetGo, type OrderBook } from '../order/index.ts';
import { type FulfilmentBook, move } from './fulfilment-book.rules.ts';
import { decimal } from '../../kernel/decimal.ts';

export type PassageStage = 'RELEASE' | 'DELIVERY';

export type Passage =
  | {
      readonly is: 'OPEN';
      /** A second person let the order go beyond the limit, and it does. */
      readonly beyondLimit: boolean;
      readonly demands: readonly Demand[];
    }
  /** A hold was put on the order just now. */
  | { readonly is: 'HELD' }
  /** Open holds stop it. */
  | { readonly is: 'CLOSED' };

const COLUMN = { RELEASE: 'releasedQuantity', DELIVERY: 'shippedQuantity' } as const;

/** What the step adds to exposure, in the group's currency. */
function addedBy({ order, lines }: FulfilmentBook, stage: PassageStage): bigint {
  const trial: OrderBook = order.copy();
  for (const { orderLineId, quantity } of lines) move(trial, orderLineId, COLUMN[stage], decimal(quantity));
  return trial.exposure() - order.exposure();
}

/** Looks at holds and credit, puts a hold or lifts one whose cause is gone; the step itself is the caller's. */
export function passageOf(
  context: CommandContext,
  book: FulfilmentBook,
  { stage, credit }: { readonly stage: PassageStage; readonly credit: CreditBook },
): Passage {
  const { order, fulfilment } = book;
  const isChecked = order.order.creditStage === stage;
  const held = holdsAt(order.holds, stage, { fulfilmentId: fulfilment.id });
  const ofCredit = held.filter((hold) => isChecked && hold.kind === 'CREDIT');
  if (held.length > ofCredit.length) return { is: 'CLOSED' };
  if (!isChecked) return { is: 'OPEN', beyondLimit: false, demands: [] };
  const { accountId } = order.order;
  const added = addedBy(book, stage);
  const answer = credit.check(accountId, added);
  if (!answer.fits && !isLetGo(order.order)) {
    if (ofCredit.length > 0) return { is: 'CLOSED' };
    const [reason, detail] = [publicReason(answer.reasons), staffReason(answer.reasons)];
    order.placeHold(context, { kind: 'CREDIT', stage, reason, detail, amountMinor: added, fulfilmentId: fulfilment.id });
    book.held();
    return { is: 'HELD' };
  }
  credit.reserve(accountId, added);
  const reason = answer.fits ? 'Credit fits now.' : 'A second person let the order go beyond the limit.';
  for (const { id } of ofCredit) order.endHold(context, id, { lifecycle: 'LIFTED', reason });
  return { is: 'OPEN', beyondLimit: !answer.fits, demands: answer.fits ? [creditDemand(accountId, credit)] : [] };
}
