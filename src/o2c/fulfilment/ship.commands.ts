/** Saying that goods left and arrived, and what came back of them. */
import { decimal, subtractDecimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { dateInput, list, object, optional, text } from '../../kernel/input.ts';
import { type Change, command } from '../../write/command.ts';
import { requireNoHold } from '../order/index.ts';
import { todayIn } from '../party/index.ts';
import { chosen } from './choice.rules.ts';
import { fulfilmentBookOf, fulfilmentRef, loadCreditAt, loadEntitiesOf, loadFulfilments } from './fulfilment.facts.ts';
import { requireOurs } from './fulfilment.rules.ts';
import { passageOf } from './passage.rules.ts';
import { lineChoice } from './plan.commands.ts';

/** @throws EFFECTIVE_DATE_INVALID */
function requireWithin(field: string, day: string, [first, what]: readonly [string, string], today: string): void {
  if (day >= first && day <= today) return;
  const sentence = `${field} must be between ${first}, ${what}, and ${today}, which is today.`;
  throw new DomainError('EFFECTIVE_DATE_INVALID', sentence, { path: [field] });
}

export const shipFulfilment = command({
  name: 'shipFulfilment',
  description:
    'Says that a released fulfilment left. Where credit is checked at this stage and does not fit, it stays released and the order gets a hold.',
  permission: 'fulfilments:ship',
  record: 'Fulfilment',
  input: object('ShipFulfilmentInput', {
    ...fulfilmentRef,
    shippedOn: optional(dateInput).describe("The day on which it left; absent: today in the legal entity's time zone."),
    carrier: optional(text({ max: 100 })).describe('Who carries it.'),
    trackingNumber: optional(text({ max: 100 })).describe('The tracking number of the carrier.'),
  }),
  lockKey: (input) => input.id,
  async facts(tx, inputs, context) {
    const loaded = await loadFulfilments(
      tx,
      inputs.map((i) => i.id),
    );
    const entities = await loadEntitiesOf(tx, loaded);
    return { ...loaded, ...entities, credit: await loadCreditAt(tx, 'DELIVERY', loaded, context) };
  },
  decide(facts, input, context): Change {
    const book = fulfilmentBookOf(facts, input.id, input.expectedVersion);
    requireOurs(context, book.fulfilment);
    book.require('SHIP');
    const { fulfilment, order } = book;
    const today = todayIn(facts, fulfilment.legalEntityId, context.now);
    const shippedOn = input.shippedOn ?? today;
    requireWithin('shippedOn', shippedOn, [order.order.orderedOn, 'the day of the order'], today);
    const passage = passageOf(context, book, { stage: 'DELIVERY', credit: facts.credit });
    if (passage.is === 'CLOSED') requireNoHold(order.holds, 'DELIVERY', { fulfilmentId: fulfilment.id });
    if (passage.is !== 'OPEN') return book.change();
    const { carrier = fulfilment.carrier, trackingNumber = fulfilment.trackingNumber } = input;
    book.ship({ shippedOn, carrier, trackingNumber });
    return book.change({ ...passage, happening: { effectiveOn: shippedOn } });
  },
});

export const deliverFulfilment = command({
  name: 'deliverFulfilment',
  description: 'Says that a shipped fulfilment arrived, and who took it.',
  permission: 'fulfilments:ship',
  record: 'Fulfilment',
  input: object('DeliverFulfilmentInput', {
    ...fulfilmentRef,
    deliveredOn: optional(dateInput).describe("The day on which it arrived; absent: today in the legal entity's time zone."),
    receivedBy: optional(text({ max: 100 })).describe('Who took it, as proof of delivery.'),
  }),
  lockKey: (input) => input.id,
  async facts(tx, inputs) {
    const loaded = await loadFulfilments(
      tx,
      inputs.map((i) => i.id),
    );
    return { ...loaded, ...(await loadEntitiesOf(tx, loaded)) };
  },
  decide(facts, input, context): Change {
    const book = fulfilmentBookOf(facts, input.id, input.expectedVersion);
    requireOurs(context, book.fulfilment);
    book.require('DELIVER');
    const { fulfilment } = book;
    const today = todayIn(facts, fulfilment.legalEntityId, context.now);
    const deliveredOn = input.deliveredOn ?? today;
    requireWithin('deliveredOn', deliveredOn, [fulfilment.shippedOn ?? deliveredOn, 'the day on which it left'], today);
    book.deliver({ deliveredOn, receivedBy: input.receivedBy ?? fulfilment.receivedBy });
    return book.change({ happening: { effectiveOn: deliveredOn } });
  },
});

export const returnFulfilment = command({
  name: 'returnFulfilment',
  description: 'Records goods of a fulfilment that came back, once or little by little.',
  permission: 'returns:record',
  record: 'Fulfilment',
  input: object('ReturnFulfilmentInput', {
    ...fulfilmentRef,
    lines: optional(list(lineChoice, { min: 1, max: 1000 })).describe('What came back; absent: all that has not yet.'),
    reason: text().describe('Why it came back.'),
  }),
  lockKey: (input) => input.id,
  facts: (tx, inputs) =>
    loadFulfilments(
      tx,
      inputs.map((i) => i.id),
    ),
  decide(facts, input): Change {
    const book = fulfilmentBookOf(facts, input.id, input.expectedVersion);
    book.require('RETURN');
    const returnable = book.lines.map((line) => ({
      orderLineId: line.orderLineId,
      lineNumber: book.order.line(line.orderLineId).lineNumber,
      isShipped: true,
      left: subtractDecimal(decimal(line.quantity), decimal(line.returnedQuantity)),
    }));
    book.takeBack(chosen(returnable, input.lines, 'to take back'), input.reason);
    return book.change();
  },
});
