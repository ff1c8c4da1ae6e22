/**
 * A delivery that an ERP shows, as our rows say it: made, or brought up to what it is there, in whatever order its states are seen. The
 * quantities of the order's lines move with it, and neither holds nor credit nor what was ordered are asked: the ERP has shipped. Pure.
 */
import { decimal } from '../../kernel/decimal.ts';
import { drawn } from '../../kernel/drawn-number.ts';
import { editOf } from '../../kernel/edit.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { CommandContext, Decision } from '../../write/command.ts';
import type { OrderBook } from '../order/index.ts';
import { seriesKey } from '../party/index.ts';
import { deliveredOf } from './delivered-line.rules.ts';
import { lineChanges, linesAs, moveTo } from './delivered-quantities.rules.ts';
import type { FulfilmentShown } from './fulfilment-shown.commands.ts';
import { fulfilmentEvent, type FulfilmentLineRow, type FulfilmentRow, ownersOf, returnStatusOf } from './fulfilment.rules.ts';
import { milestonesOf, type Placed, stepDays } from './milestones.rules.ts';
import type { ShownFacts } from './observed-fulfilment.facts.ts';

/** @throws NOT_FOUND, WRONG_STATE, INVALID_INPUT */
export function followFulfilment(context: CommandContext, known: ShownFacts, shown: FulfilmentShown): Decision {
  const before = known.fulfilments.get(shown.recordId ?? '') ?? null;
  // one of ours is ours, also where the ERP shows what we sent it
  if (before?.origin === 'PLANNED') return { unchanged: before.id };
  const order = known.orders.get(shown.orderId)?.copy();
  if (!order || order.order.legalEntityId !== shown.legalEntityId)
    throw new DomainError('NOT_FOUND', 'The legal entity has no such order.', { path: ['orderId'] });
  if (before && before.orderId !== shown.orderId) {
    const sentence = `Fulfilment ${before.number} was of another order when it was made: it names its order for ever.`;
    throw new DomainError('WRONG_STATE', sentence, { path: ['orderId'] });
  }
  const placed: Placed = { entity: entityOf(known, shown.legalEntityId), now: context.now };
  const had = before ? known.lines.filter((l) => l.fulfilmentId === before.id) : [];
  const after = rowAs(context, known, { before, shown, order, placed });
  const kept = () => new Map(had.map((l) => [l.orderLineId, decimal(l.quantity)]));
  const delivered = shown.isDeleted && before ? kept() : deliveredOf(order, shown);
  const lines = linesAs({ context, fulfilment: after, had }, delivered);
  const decision = written(context, { before, after, had, lines, order, shown, placed });
  if (order.isChanged()) known.orders.set(order.order.id, order.written());
  return decision;
}

function entityOf({ entities }: ShownFacts, id: string) {
  const entity = entities.get(id);
  if (!entity) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['legalEntityId'] });
  return entity;
}

interface Following {
  readonly before: FulfilmentRow | null;
  readonly shown: FulfilmentShown;
  readonly order: OrderBook;
  readonly placed: Placed;
}

function rowAs(context: CommandContext, { series }: ShownFacts, { before, shown, order, placed }: Following): FulfilmentRow {
  const id = before?.id ?? context.newId();
  const lifecycle = shown.isDeleted ? 'CANCELLED' : shown.state;
  const isReleased = lifecycle !== 'PLANNED' && lifecycle !== 'CANCELLED';
  const said = {
    lifecycle,
    releasedAt: isReleased ? (before?.releasedAt ?? shown.occurredAt ?? context.now) : null,
    ...stepDays(shown, { before, lifecycle, placed }),
  };
  // of one that is gone there the rest is what was known of it last
  if (before && shown.isDeleted) return { ...before, ...said };
  const { carrier, trackingNumber, receivedBy, plannedOn = null } = shown;
  return {
    ...(before ?? newRow(context, order, { id, seriesId: series.get(seriesKey(shown.legalEntityId, 'FULFILMENT')) ?? '' })),
    ...said,
    ...(shown.number === undefined ? {} : { number: shown.number }),
    carrier,
    trackingNumber,
    receivedBy,
    plannedOn,
  };
}

const newRow = (
  context: CommandContext,
  { order }: OrderBook,
  { id, seriesId }: { id: string; seriesId: string },
): FulfilmentRow => ({
  id,
  ...ownersOf(order),
  orderId: order.id,
  origin: 'OBSERVED',
  lifecycle: 'PLANNED',
  returnStatus: 'NONE',
  number: drawn(seriesId, { slot: id }, 'TEXT') as unknown as string, // filled in when it is written
  providerId: null,
  providerStatus: 'NONE',
  providerReference: null,
  providerText: null,
  carrier: null,
  trackingNumber: null,
  plannedOn: null,
  releasedAt: null,
  shippedOn: null,
  deliveredOn: null,
  receivedBy: null,
  returnReason: null,
  version: 1,
  createdAt: context.now,
});

const OF_STEPS: ReadonlySet<string> = new Set(['lifecycle', 'releasedAt', 'shippedOn', 'deliveredOn', 'returnStatus']);

/** Is anything of it new that its step doesn't say? */
const isEdited = (edit: Partial<FulfilmentRow> | null): boolean => {
  const keys = Object.keys(edit ?? {});
  return keys.some((key) => edit?.lifecycle === undefined || !OF_STEPS.has(key));
};

interface Written extends Following {
  readonly after: FulfilmentRow;
  readonly had: readonly FulfilmentLineRow[];
  readonly lines: readonly FulfilmentLineRow[];
}

function written(context: CommandContext, { before, after: row, had, lines, order, shown, placed }: Written): Decision {
  const after = { ...row, returnStatus: returnStatusOf(lines) };
  moveTo(order, { row: before, lines: had }, { row: after, lines });
  const edit = before ? editOf(before, after) : null;
  const lineRows = lineChanges(had, lines);
  if (before && !edit && lineRows.length === 0) return { unchanged: before.id };
  const { id } = after;
  const owner = ownersOf(after);
  const version = before ? before.version + 1 : 1;
  const told = { lines, orderNumber: order.order.number, provider: null };
  const events = milestonesOf({ before, after, isEdited: lineRows.length > 0 || isEdited(edit), shown, placed }).map(
    ({ type, from, to, on, at }) =>
      fulfilmentEvent(
        type,
        { ...told, fulfilment: { ...after, version, lifecycle: to } },
        { from, ...(on === null ? {} : { effectiveOn: on }), ...(at === null ? {} : { occurredAt: at }) },
      ),
  );
  const { occurredAt } = shown;
  const ofOrder = order.isChanged() ? order.events('order.fulfilment_changed') : [];
  return {
    recordId: id,
    concerns: [after.orderId],
    rows: [
      ...(order.isChanged() ? order.rows() : []),
      before
        ? { op: 'update', entity: 'Fulfilment', id, version: before.version, set: { lifecycle: after.lifecycle, ...edit }, owner }
        : { op: 'insert', entity: 'Fulfilment', values: { ...after } },
      ...lineRows,
    ],
    events: [...events, ...ofOrder.map((event) => (occurredAt === null ? event : { ...event, occurredAt }))],
  };
}
