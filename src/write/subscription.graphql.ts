/** Live streams over the sealed log: `events`, and one for each kind of record. Every message carries its cursor, so that a stream can go on after it. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Int, Resolver, Root, Subscription } from 'type-graphql';
import { requirePermission } from '../access/principal.ts';
import { scopeOf } from '../access/scope.ts';
import { parsePublicId, publicId } from '../kernel/ids.ts';
import { FALSE, matches, type Predicate } from '../kernel/predicate.ts';
import type { SealedEvent } from '../outbox/event.ts';
import { cursorText, parseCursor } from '../outbox/event-row.ts';
import type { ReadRecord } from '../read/catalogue.ts';
import { CursorScalar, DateScalar, DateTimeScalar, enumType, JsonScalar, objectClass, objectType } from '../read/schema.ts';
import type { GraphContext } from './context.ts';

const nullable = true;
const cursor = {
  name: 'cursor',
  type: () => CursorScalar,
  description: 'The place of this message in the log: give it as `after` to go on from here.',
};

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
    cursor,
    { name: 'id', type: () => ID, description: 'The id of the event.' },
    { name: 'type', type: () => String, description: 'What happened, for example `invoice.issued`.' },
    { name: 'typeVersion', type: () => Int, description: 'The version of its payload.' },
    { name: 'recordKind', type: () => String, description: 'The kind of record that it happened to.' },
    { name: 'recordId', type: () => ID, description: 'The record that it happened to.' },
    { name: 'recordVersion', type: () => Int, description: 'The version of the record that it made.' },
    { name: 'legalEntityId', type: () => ID, nullable, description: 'The legal entity, if it has one.' },
    { name: 'accountId', type: () => ID, nullable, description: "The customer's account, if it has one." },
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

const positionOf = (after: string | null | undefined): bigint | null =>
  after === null || after === undefined ? null : parseCursor(after);

const nameless = (payload: SealedEvent['payload'], name: string) => (payload[name] ?? null) as string | null;

/** The subscription `<record>Changed`. */
export function changedSubscription(record: ReadRecord, name: string): Function {
  const type = objectType(record);
  const Message = objectClass({
    name: `${record.name}Changed`,
    description: `A change of ${record.name}: the event is exact, the record at least as new.`,
    fields: [
      cursor,
      { name: 'event', type: () => ChangeObject, description: 'What happened.' },
      {
        name: 'record',
        type: () => type,
        nullable,
        description: 'The record, at least as new as the event; null when you may not see it any more.',
      },
    ],
  });
  const { permission } = record.resource;

  @Resolver()
  class ChangedResolver {
    @Subscription(() => Message, {
      name,
      description: `Changes of ${record.name} as they happen, or from a cursor on. Needs ${permission}.`,
      subscribe: ({ args, context }: { args: { after?: string | null; id?: string | null }; context: GraphContext }) => {
        requirePermission(context.principal, permission);
        const only = args.id ? parsePublicId(args.id).uuid : null;
        return context.events.subscribe({
          tenantId: context.principal.tenantId,
          after: positionOf(args.after),
          recordKinds: [record.name],
          accepts: (event) => (only === null || event.recordId === only) && context.accepts(event),
        });
      },
    })
    async changed(
      @Root() event: SealedEvent,
      @Ctx() { read, principal }: GraphContext,
      @Info() info: GraphQLResolveInfo,
      @Arg('after', () => CursorScalar, { nullable, description: 'Go on after this message; absent: from now on.' }) _after?:
        | string
        | null,
      @Arg('id', () => ID, { nullable, description: 'Only this record.' }) _id?: string | null,
    ): Promise<object> {
      const shown = await read.selected({ info, path: ['record'], record: record.name, id: event.recordId, principal });
      return Object.assign(new Message(), {
        cursor: cursorText(event.position),
        event: Object.assign(new ChangeObject(), {
          type: event.type,
          from: nameless(event.payload, 'from'),
          to: nameless(event.payload, 'to'),
          version: event.recordVersion,
          occurredAt: event.occurredAt,
        }),
        record: shown ?? null,
      });
    }
  }
  return ChangedResolver;
}

/** The raw log, scoped to what the principal may see. */
export function eventsSubscription(records: readonly ReadRecord[]): Function {
  const prefixes = new Map(records.map((r) => [r.name, r.definition.prefix]));
  const kinds = enumType(
    'EventRecordKind',
    records.map((r) => r.name),
  );

  @Resolver()
  class EventsResolver {
    @Subscription(() => EventObject, {
      name: 'events',
      description: 'The log of everything that happened and that you may see, in order, from now or from a cursor on.',
      subscribe: ({
        args,
        context,
      }: {
        args: { after?: string | null; types?: string[] | null; recordKinds?: string[] | null; accountId?: string | null };
        context: GraphContext;
      }) => {
        const account = args.accountId ? parsePublicId(args.accountId).uuid : null;
        return context.events.subscribe({
          tenantId: context.principal.tenantId,
          after: positionOf(args.after),
          ...(args.types ? { types: args.types } : {}),
          ...(args.recordKinds ? { recordKinds: args.recordKinds } : {}),
          accepts: (event) => (account === null || event.accountId === account) && context.accepts(event),
        });
      },
    })
    happened(
      @Root() event: SealedEvent,
      @Arg('after', () => CursorScalar, { nullable, description: 'Go on after this message; absent: from now on.' }) _after?:
        | string
        | null,
      @Arg('types', () => [String], { nullable, description: 'Only these types.' }) _types?: string[] | null,
      @Arg('recordKinds', () => [kinds], { nullable, description: 'Only events of these kinds of record.' }) _kinds?:
        | string[]
        | null,
      @Arg('accountId', () => ID, { nullable, description: "Only events on this customer's account." }) _account?: string | null,
    ): object {
      const { position, eventId, recordKind, recordId, legalEntityId, accountId, actorId, ...rest } = event;
      return Object.assign(new EventObject(), {
        ...rest,
        cursor: cursorText(position),
        id: publicId('evt', eventId),
        recordKind,
        recordId: publicId(prefixes.get(recordKind) ?? 'rec', recordId),
        legalEntityId: legalEntityId === null ? null : publicId('le', legalEntityId),
        accountId: accountId === null ? null : publicId('acc', accountId),
        actorId: publicId('act', actorId),
      });
    }
  }
  return EventsResolver;
}

/**
 * May a principal see an event? By the row scope of the record that it happened to, with the owners that the event names. What a
 * portal user sees because the whole tenant may (products, terms, legal entities) it sees as it is: how the company came to it,
 * with figures that the record itself withholds, is not its business.
 */
export function acceptsEvent(
  principal: GraphContext['principal'],
  records: ReadonlyMap<string, ReadRecord>,
): (event: SealedEvent) => boolean {
  const scopes = new Map<string, Predicate>();
  const scopeOfKind = (kind: string): Predicate => {
    const record = records.get(kind);
    if (!record) return FALSE;
    const { name, permission, legalEntity, account, customer, portalHides, own } = record.resource;
    return scopeOf(principal, {
      name,
      permission,
      ...(legalEntity ? { legalEntity: 'legalEntityId' } : {}),
      ...(account ? { account: 'accountId' } : {}),
      ...(customer ? { customer: 'customerId' } : {}),
      ...(portalHides ? { portalHides: { ...portalHides, field: 'hidden' } } : {}),
      ...(own ? { own: 'own' } : {}),
    });
  };
  // what the event says of that field, else the step after it: an unissued document's status is its lifecycle
  const hiddenBy = ({ recordKind, payload }: SealedEvent) => {
    const field = records.get(recordKind)?.resource.portalHides?.field;
    return payload[field ?? ''] ?? payload['to'] ?? null;
  };
  return (event) => {
    const scope = scopes.get(event.recordKind) ?? scopeOfKind(event.recordKind);
    scopes.set(event.recordKind, scope);
    const { tenantId, legalEntityId, accountId, customerId } = event;
    const own = event.payload[records.get(event.recordKind)?.resource.own ?? ''] ?? null;
    return matches(scope, { tenantId, legalEntityId, accountId, customerId, own, hidden: hiddenBy(event) });
  };
}
