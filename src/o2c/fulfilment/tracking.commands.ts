/** Recording what is reported of a fulfilment, by ourselves or by a third party: once each, in whatever order it comes. */
import { localDate } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { choice, dateTimeInput, idOf, object, optional, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { command, type CommandContext, type Decision, ownerOf } from '../../write/command.ts';
import { type CreditBook } from '../credit/index.ts';
import { todayIn } from '../party/index.ts';
import { TrackingEvent } from './fulfilment.entity.ts';
import { fulfilmentBookOf, loadCreditAt, loadEntitiesOf, loadFulfilments } from './fulfilment.facts.ts';
import { type FulfilmentBook, type Written } from './fulfilment-book.rules.ts';
import { passageOf } from './passage.rules.ts';
import { type Days, daysOf, isAnswer, told, TRACKING_KINDS, type TrackingRow } from './tracking.rules.ts';

/** Clocks differ, and some report local time as UTC. */
const AHEAD_MAX_MS = 86_400_000;

export const recordTracking = command({
  name: 'recordTracking',
  description:
    'Records what was reported of a fulfilment; a report that is known changes nothing. It ships and delivers by SHIPPED and DELIVERED, unless a hold is against it: then the report alone is kept.',
  permission: 'fulfilments:ship',
  record: 'Fulfilment',
  input: object('RecordTrackingInput', {
    id: idOf('ful').describe('The fulfilment.'),
    source: text({ max: 64 }).describe('Who reports it: `in-house` or the code of the third party.'),
    externalId: text({ max: 200 }).describe(
      'The id that the reporter gave to the report: one that is known is not recorded again.',
    ),
    kind: choice('TrackingKind', TRACKING_KINDS).describe('What happened.'),
    occurredAt: dateTimeInput.describe('When it happened.'),
    description: optional(text({ max: 1000 })).describe('More about it.'),
    location: optional(text()).describe('Where.'),
    reference: optional(text({ max: 100 })).describe("The third party's own reference of the fulfilment."),
    carrier: optional(text({ max: 100 })).describe('Who carries it.'),
    trackingNumber: optional(text({ max: 100 })).describe('The tracking number of the carrier.'),
    receivedBy: optional(text({ max: 100 })).describe('Who took it, as proof of delivery.'),
  }),
  lockKey: (input) => input.id,
  coalesces: (input) => [input.id],
  async facts(tx, inputs, context) {
    const ids = inputs.map((i) => i.id);
    const [loaded, reports] = await Promise.all([
      loadFulfilments(tx, ids),
      tx.load(TrackingEvent, sql`t.fulfilment_id = any(${sql.uuids(ids)})`),
    ]);
    const [entities, credit] = await Promise.all([loadEntitiesOf(tx, loaded), loadCreditAt(tx, 'DELIVERY', loaded, context)]);
    return { ...loaded, ...entities, reports, credit };
  },
  decide(facts, input, context): Decision {
    const book = fulfilmentBookOf(facts, input.id);
    const others = facts.reports.filter((r) => r.fulfilmentId === input.id);
    if (others.some((r) => r.source === input.source && r.externalId === input.externalId)) return { unchanged: input.id };
    requireSensible(book, input, context);
    const report = reportOf(book, input, context);
    book.track(told(report, others));
    const { legalEntityId } = book.fulfilment;
    const today = todayIn(facts, legalEntityId, context.now);
    const zone = facts.entities.get(legalEntityId)?.timeZone ?? 'UTC';
    // goods don't leave before they are ordered, nor tomorrow, whatever a clock elsewhere says
    const dayOf = (instant: Date) => within(localDate(instant, zone), book.order.order.orderedOn, today);
    const written = follow(context, book, { days: daysOf([...others, report], dayOf), credit: facts.credit });
    const { kind, source, occurredAt } = report;
    return book.change({
      ...written,
      happening: { kind, source, occurredAt, effectiveOn: dayOf(occurredAt) },
      rows: [{ op: 'insert', entity: 'TrackingEvent', values: { ...report } }],
    });
  },
});

const within = (day: string, first: string, last: string): string => (day < first ? first : day > last ? last : day);

type Input = Pick<TrackingRow, 'source' | 'externalId' | 'kind' | 'occurredAt'> & {
  readonly [K in 'description' | 'location' | 'reference' | 'carrier' | 'trackingNumber' | 'receivedBy']?: string | undefined;
};

/** @throws WRONG_STATE, INVALID_INPUT, EFFECTIVE_DATE_INVALID */
function requireSensible(book: FulfilmentBook, { kind, occurredAt }: Input, { now }: CommandContext): void {
  book.require('TRACK');
  if (isAnswer(kind) && book.fulfilment.providerId === null) {
    const sentence = `${kind} is the answer of a third party, and this fulfilment is carried out in-house.`;
    throw new DomainError('INVALID_INPUT', sentence, { path: ['kind'] });
  }
  if (occurredAt.getTime() > now.getTime() + AHEAD_MAX_MS) {
    const sentence = `occurredAt is more than a day ahead of ${now.toISOString()}, which is now.`;
    throw new DomainError('EFFECTIVE_DATE_INVALID', sentence, { path: ['occurredAt'] });
  }
}

const reportOf = (book: FulfilmentBook, input: Input, context: CommandContext): TrackingRow => ({
  id: context.newId(),
  fulfilmentId: book.fulfilment.id,
  ...ownerOf(book.fulfilment),
  source: input.source,
  externalId: input.externalId,
  kind: input.kind,
  occurredAt: input.occurredAt,
  description: input.description ?? null,
  location: input.location ?? null,
  reference: input.reference ?? null,
  carrier: input.carrier ?? null,
  trackingNumber: input.trackingNumber ?? null,
  receivedBy: input.receivedBy ?? null,
  createdAt: context.now,
});

/** Takes the steps that all reports together tell of, as far as nothing stops them. */
function follow(
  context: CommandContext,
  book: FulfilmentBook,
  { days: { shippedOn, deliveredOn }, credit }: { readonly days: Days; readonly credit: CreditBook },
): Written {
  // what an ERP made takes its steps there
  if (shippedOn === null || book.fulfilment.origin === 'OBSERVED') return {};
  book.backdate(shippedOn, deliveredOn);
  let written: Written = {};
  if (book.fulfilment.lifecycle === 'RELEASED' && book.order.order.lifecycle === 'CONFIRMED') {
    const passage = passageOf(context, book, { stage: 'DELIVERY', credit });
    if (passage.is !== 'OPEN') return {};
    book.ship({ shippedOn });
    written = passage;
  }
  if (book.fulfilment.lifecycle === 'SHIPPED' && deliveredOn !== null) book.deliver({ deliveredOn });
  return written;
}
