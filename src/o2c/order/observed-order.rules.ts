/** An order that an ERP shows, as our rows say it: made, or brought up to what it is there. Pure. */
import { personOf } from '../../access/principal.ts';
import { drawn } from '../../kernel/drawn-number.ts';
import { editOf } from '../../kernel/edit.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { CommandContext, Decision } from '../../write/command.ts';
import { seriesKey } from '../party/index.ts';
import type { OrderRow } from './line-amounts.rules.ts';
import { NOTHING_DONE } from './new-order.rules.ts';
import { followLines, newLineShown } from './observed-line.rules.ts';
import { minorOf, type ObservedRates, ratesOf } from './observed-values.rules.ts';
import type { OrderFacts } from './observed-order.facts.ts';
import type { OrderShown } from './order-shown.commands.ts';
import { OrderBook } from './order-book.rules.ts';
import { orderMachine } from './order.machine.ts';
import { referenceKeyOf } from './reference.rules.ts';

/** What the ERP says of the order itself. */
function saidOf({ netMinor, totalMinor, ...rates }: Amounts, shown: OrderShown) {
  const { lines = [], city, postalCode, country = null, region = null, name } = shown.shipTo ?? {};
  const place = [postalCode, city].filter(Boolean).join(' ');
  return {
    customerReference: shown.customerReference,
    referenceKey: referenceKeyOf(shown.customerReference),
    orderedOn: shown.orderedOn,
    requestedOn: shown.requestedOn ?? null,
    shipToName: name || null,
    shipToAddress: [...lines, place].filter(Boolean).join('\n') || null,
    shipToCountry: country,
    shipToRegion: region,
    paymentTermsId: shown.paymentTermsId ?? null,
    currency: shown.currency,
    ...rates,
    netMinor,
    totalMinor,
  };
}

interface Amounts extends ObservedRates {
  readonly netMinor: bigint;
  readonly totalMinor: bigint;
}

function amountsOf(context: CommandContext, facts: OrderFacts, shown: OrderShown, baseCurrency: string): Amounts {
  const { currency, net, total } = shown;
  return {
    ...ratesOf(facts.rates, { ...shown, baseCurrency, groupCurrency: context.tenant.groupCurrency }),
    netMinor: minorOf(net, currency, ['net']),
    totalMinor: minorOf(total, currency, ['total']),
  };
}

/** What a deleted order was given up by is not shown: only that. */
const stateOf = ({ state, isDeleted }: OrderShown) => (isDeleted ? 'CANCELLED' : state);

/** The step that the ERP has it at, and what goes with it; null: it is there already. */
function stepOf(context: CommandContext, order: Pick<OrderRow, 'lifecycle' | 'confirmedAt'>, shown: OrderShown) {
  const step = orderMachine.next(order.lifecycle, 'FOLLOW', { [stateOf(shown)]: true });
  if (!step.ok) return null;
  const at = shown.occurredAt ?? context.now;
  const isAccepted = step.to === 'CONFIRMED' || step.to === 'COMPLETED';
  const isOver = step.to === 'CANCELLED';
  const reason = shown.isDeleted ? 'Deleted in the ERP that made it.' : 'Cancelled in the ERP that made it.';
  return {
    type: step.emits[0] ?? '',
    set: {
      lifecycle: step.to,
      confirmedAt: isAccepted ? (order.confirmedAt ?? at) : order.confirmedAt,
      closedAt: isOver ? at : null,
      closeReason: isOver ? reason : null,
    },
  };
}

/** An order that nobody here knew: seen for the first time, maybe long after it was accepted. */
export function newOrderShown(context: CommandContext, facts: OrderFacts, shown: OrderShown): Decision {
  const account = facts.accounts.get(shown.accountId);
  const entity = account && facts.entities.get(account.legalEntityId);
  const seriesId = entity && facts.series.get(seriesKey(entity.id, 'ORDER'));
  if (!account || !entity || !seriesId) throw new DomainError('NOT_FOUND', 'There is no such account.', { path: ['accountId'] });
  const id = context.newId();
  const person = personOf(context.principal);
  const order: OrderRow = {
    ...NOTHING_DONE,
    id,
    tenantId: context.tenant.id,
    legalEntityId: entity.id,
    accountId: account.id,
    origin: 'OBSERVED',
    lifecycle: 'DRAFT',
    number: shown.number ?? (drawn(seriesId, { slot: id }, 'TEXT') as unknown as string), // filled in when it is written
    ...saidOf(amountsOf(context, facts, shown, entity.functionalCurrency), shown),
    billingRule: account.billingRule ?? entity.billingRule,
    creditStage: entity.creditStage,
    baseCurrency: entity.functionalCurrency,
    groupCurrency: context.tenant.groupCurrency,
    placedById: person,
    lastEditorId: person,
    createdAt: context.now,
  };
  const step = stepOf(context, order, shown);
  const now = { ...order, ...step?.set };
  const lines = shown.lines.map((line, i) =>
    newLineShown(context, facts, { order: now, shown, line, index: i, lineNumber: i + 1 }),
  );
  const book = new OrderBook({ order: now, lines, holds: [] }, true);
  const milestone = step && step.type !== 'order.reopened' ? [book.event(step.type)] : [];
  return { recordId: id, rows: book.rows(), events: [book.event('order.observed'), ...milestone] };
}

interface Following {
  readonly book: OrderBook;
  readonly shown: OrderShown;
}

/** Brings an order up to what it is there by now. */
export function followOrder(context: CommandContext, facts: OrderFacts, { book, shown }: Following): Decision {
  const { order } = book;
  const step = stepOf(context, order, shown);
  const isEdited = !shown.isDeleted && follow(context, facts, { book, shown });
  if (!step && !isEdited) return { unchanged: order.id };
  if (step) book.change(step.set);
  if (isEdited) book.change({ contentVersion: order.contentVersion + 1, lastEditorId: personOf(context.principal) });
  if (step?.set.lifecycle === 'CANCELLED')
    for (const { id } of book.holds) book.endHold(context, id, { lifecycle: 'LIFTED', reason: 'The order is closed.' });
  const type = step?.type ?? 'order.changed';
  const more = step && isEdited ? [book.event('order.changed')] : [];
  return { recordId: order.id, rows: book.rows(), events: [...book.events(type), ...more] };
}

/** Is anything of it new? */
function follow(context: CommandContext, facts: OrderFacts, { book, shown }: Following): boolean {
  const { order } = book;
  const said = saidOf(amountsOf(context, facts, shown, order.baseCurrency), shown);
  const edit = editOf(order, { ...said, number: shown.number });
  if (edit) book.change(edit);
  const areLinesNew = followLines(context, facts, { book, shown });
  return edit !== null || areLinesNew;
}
