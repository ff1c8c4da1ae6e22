/** What every live message is made of, whichever subscription it comes by: its cursor, and what happened or the gap in its place. */
import { ID, Int } from 'type-graphql';
import type { LogGap, LogMessage, SealedEvent } from '../outbox/event.ts';
import { cursorText } from '../outbox/event-row.ts';
import { type Prefixes, publicEvent } from '../outbox/public-event.ts';
import { CursorScalar, DateScalar, DateTimeScalar, enumType, type FieldSpec, JsonScalar, objectClass } from '../read/schema.ts';

const nullable = true;

const gapReason = enumType('GapReason', ['PRUNED', 'TOO_FAR_BEHIND'], {
  PRUNED: 'The log has forgotten them: they are older than this installation keeps.',
  TOO_FAR_BEHIND: 'There were too many to catch up with.',
});

const GapObject = objectClass({
  name: 'Gap',
  description:
    'Messages that are not to be had: everything after `from` up to and including `to`. Read anew what you hold; the stream goes on after `to` by itself.',
  fields: [
    { name: 'from', type: () => CursorScalar, description: 'The last place before the gap.' },
    { name: 'to', type: () => CursorScalar, description: 'The last place in the gap.' },
    {
      name: 'reason',
      type: () => gapReason,
      description: 'Why they are missing.',
    },
  ],
});

const ChangeObject = objectClass({
  name: 'Change',
  description: 'What happened: exact, once and in order.',
  fields: [
    { name: 'type', type: () => String, description: 'The event, for example `invoice.issued`.' },
    { name: 'from', type: () => String, nullable, description: 'The status before; null when the record is new.' },
    { name: 'to', type: () => String, nullable, description: 'The status after.' },
    { name: 'version', type: () => Int, description: 'The version of the record that it made.' },
    { name: 'occurredAt', type: () => DateTimeScalar, description: 'When it happened.' },
  ],
});

const EventObject = objectClass({
  name: 'Event',
  description: 'An entry of the log: what happened to a record, by whom, and the money after it.',
  fields: [
    { name: 'id', type: () => ID, description: 'The id of the event.' },
    { name: 'type', type: () => String, description: 'What happened, for example `invoice.issued`.' },
    { name: 'typeVersion', type: () => Int, description: 'The version of its payload.' },
    { name: 'recordKind', type: () => String, description: 'The kind of record that it happened to.' },
    { name: 'recordId', type: () => ID, description: 'The record that it happened to.' },
    { name: 'recordVersion', type: () => Int, description: 'The version of the record that it made.' },
    { name: 'legalEntityId', type: () => ID, nullable, description: 'The legal entity, if it has one.' },
    { name: 'accountId', type: () => ID, nullable, description: "The customer's account, if it has one." },
    {
      name: 'customerId',
      type: () => ID,
      nullable,
      description: 'The customer, or the one that has the account now; null without any.',
    },
    { name: 'actorId', type: () => ID, description: 'Who did it.' },
    { name: 'occurredAt', type: () => DateTimeScalar, description: 'When it happened.' },
    { name: 'recordedAt', type: () => DateTimeScalar, description: 'When we learnt of it.' },
    { name: 'effectiveOn', type: () => DateScalar, nullable, description: 'The day on which it counts in the books.' },
    {
      name: 'payload',
      type: () => JsonScalar,
      description: 'The step and the amounts after it, flat. `schema/events.json` has the contract of each type.',
    },
  ],
});

/** The fields that every message begins with. */
export const messageFields = (event: { readonly type: () => unknown; readonly description: string }): readonly FieldSpec[] => [
  {
    name: 'cursor',
    type: () => CursorScalar,
    description: 'The place of this message in the log: give it as `after` to go on from here.',
  },
  { name: 'event', nullable, ...event },
  { name: 'gap', type: () => GapObject, nullable, description: 'What could not be told; null, as long as nothing is missing.' },
];

export const changeField = { type: () => ChangeObject, description: 'What happened; null in a message that tells of a gap.' };
export const eventField = { type: () => EventObject, description: 'What happened; null in a message that tells of a gap.' };

/** `cursor` and `gap` of a message. */
export const placeOf = ({ event, gap }: LogMessage): { readonly cursor: string; readonly gap: object | null } => ({
  cursor: cursorText(event ? event.position : gap.to),
  gap: gap && shownGap(gap),
});

const shownGap = ({ from, to, reason }: LogGap): object =>
  Object.assign(new GapObject(), { from: cursorText(from), to: cursorText(to), reason });

const stepOf = (payload: SealedEvent['payload'], name: string) => (payload[name] ?? null) as string | null;

export const shownChange = ({ type, payload, recordVersion, occurredAt }: SealedEvent): object =>
  Object.assign(new ChangeObject(), {
    type,
    from: stepOf(payload, 'from'),
    to: stepOf(payload, 'to'),
    version: recordVersion,
    occurredAt,
  });

/** With the customer that has the account now, where the event itself names none. */
export const shownEvent = (event: SealedEvent, prefixes: Prefixes): object => {
  const { customerId, holderId } = event;
  return Object.assign(new EventObject(), publicEvent({ ...event, customerId: customerId ?? holderId }, prefixes));
};
