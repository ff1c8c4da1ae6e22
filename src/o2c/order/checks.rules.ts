/** Checking an order: what it fails puts a hold with its reason, and nothing is lost. Pure. */
import { personOf } from '../../access/principal.ts';
import type { CommandContext, Demand } from '../../write/command.ts';
import { type CreditBook, creditDemand, publicReason, staffReason } from '../credit/index.ts';
import type { Checks } from './checks.facts.ts';
import { holdsAt, type HoldRow, type NewHold, requireNoHold } from './hold.rules.ts';
import type { OrderRow } from './line-amounts.rules.ts';
import type { OrderBook } from './order-book.rules.ts';
import { orderStep } from './order-step.rules.ts';
import { failuresOf } from './validation.rules.ts';

/** Hands a draft in. @throws WRONG_STATE */
export function submit(context: CommandContext, book: OrderBook, checks: Checks): void {
  const to = orderStep(context, book.order, 'SUBMIT');
  book.change({ lifecycle: to, placedById: personOf(context.principal) });
  checkContent(context, book, checks);
}

/** Looks at rules and at the reference: puts a hold for each check that fails, lifts those of checks that don't any more. */
export function checkContent(context: CommandContext, book: OrderBook, { rules, references }: Checks): void {
  book.settle();
  const { order } = book;
  const failing: NewHold[] = failuresOf(rules, order, book.lines).map(({ rule, found }) => ({
    kind: 'VALIDATION',
    stage: stageFor(order, rule.stage),
    reason: `${rule.description} (${rule.code}: ${found})`,
  }));
  const twin = references.twinOf(order);
  if (twin) {
    const other = twin.number === null ? 'Another order that was handed in at the same time' : `Order ${twin.number}`;
    const reason = `${other} has the customer's reference "${order.customerReference ?? ''}" as well.`;
    failing.push({ kind: 'DUPLICATE', stage: stageFor(order, 'ORDER'), reason });
  }
  const isSame = (hold: HoldRow) => (f: NewHold) => f.kind === hold.kind && f.stage === hold.stage && f.reason === hold.reason;
  const open = book.holds.filter((h) => h.kind === 'VALIDATION' || h.kind === 'DUPLICATE');
  for (const hold of open) {
    if (!failing.some(isSame(hold)))
      book.endHold(context, hold.id, { lifecycle: 'LIFTED', reason: 'What it was for is not so any more.' });
  }
  for (const hold of failing) if (!open.some((o) => isSame(o)(hold))) book.placeHold(context, hold);
  references.add(order);
}

/** Confirming is over for a confirmed order: what would have stopped it there stops its goods. */
const stageFor = (order: OrderRow, stage: HoldRow['stage']): HoldRow['stage'] =>
  stage === 'ORDER' && order.lifecycle === 'CONFIRMED' ? 'RELEASE' : stage;

/** Did a second person let this order, as it is now, go beyond the limit? Its total may be a cent more by now: bills round their tax. */
export const isLetGo = ({ releasedVersion, contentVersion }: Pick<OrderRow, 'releasedVersion' | 'contentVersion'>): boolean =>
  releasedVersion === contentVersion;

export type Confirmation =
  | { readonly is: 'CONFIRMED'; readonly book: OrderBook; readonly beyondLimit: boolean; readonly demands: readonly Demand[] }
  /** Credit didn't fit: a hold was put. */
  | { readonly is: 'HELD'; readonly book: OrderBook }
  /** The credit hold on it stays. */
  | { readonly is: 'UNCHANGED' };

/**
 * Confirms an order that nothing else holds, if credit fits. It reserves credit, so call it last.
 * @throws WRONG_STATE, ORDER_ON_HOLD
 */
export function confirm(context: CommandContext, book: OrderBook, credit: CreditBook): Confirmation {
  const { order } = book;
  const to = orderStep(context, order, 'CONFIRM');
  requireNoHold(book.holds, 'ORDER', { except: 'CREDIT' });
  const confirmed = book.copy();
  confirmed.change({ lifecycle: to, confirmedAt: context.now });
  const open = holdsAt(book.holds, 'ORDER').filter((h) => h.kind === 'CREDIT');
  const lift = (of: OrderBook, reason: string) => {
    for (const { id } of open) of.endHold(context, id, { lifecycle: 'LIFTED', reason });
  };
  const added = confirmed.exposure() - confirmed.exposureBefore();
  if (order.creditStage !== 'ORDER' && added <= 0n) {
    lift(confirmed, 'Credit is not checked at this stage.');
    return { is: 'CONFIRMED', book: confirmed, beyondLimit: false, demands: [] };
  }
  const answer = credit.check(order.accountId, added);
  if (answer.fits || isLetGo(confirmed.order)) {
    lift(confirmed, answer.fits ? 'Credit fits now.' : 'A second person let the order go beyond the limit.');
    credit.reserve(order.accountId, added);
    const demands = answer.fits ? [creditDemand(order.accountId, credit)] : [];
    return { is: 'CONFIRMED', book: confirmed, beyondLimit: !answer.fits, demands };
  }
  if (open.some((h) => h.contentVersion === order.contentVersion)) return { is: 'UNCHANGED' };
  lift(book, 'What is ordered has changed since.');
  const { reasons } = answer;
  const [reason, detail] = [publicReason(reasons), staffReason(reasons)];
  book.placeHold(context, { kind: 'CREDIT', stage: 'ORDER', reason, detail, amountMinor: added });
  return { is: 'HELD', book };
}
