/**
 * Live streams over the sealed log: `events`, and one for each kind of record that has one. They only say what is to be followed:
 * reading, grouping and catching up are the log's and the hub's.
 */
import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, ID, Info, Resolver, Root, Subscription } from 'type-graphql';
import { requirePermission } from '../access/principal.ts';
import type { LogMessage } from '../outbox/event.ts';
import { parseCursor } from '../outbox/event-row.ts';
import type { Subscribe } from '../outbox/tail.ts';
import type { ReadRecord } from '../read/catalogue.ts';
import { addArguments, CursorScalar, enumType, type FieldSpec, objectClass, objectType } from '../read/schema.ts';
import type { GraphContext } from './context.ts';
import { uuidOf } from './report.graphql.ts';
import { changeField, eventField, messageFields, placeOf, shownChange, shownEvent } from './subscription-message.graphql.ts';

const nullable = true;

/** Records whose changes have a subscription of their own, and its name. */
export const SUBSCRIBED: Readonly<Record<string, string>> = {
  Approval: 'approvalChanged',
  CreditAccount: 'creditChanged',
  CreditNote: 'creditNoteChanged',
  Customer: 'customerChanged',
  Export: 'exportChanged',
  Fulfilment: 'fulfilmentChanged',
  Hold: 'holdChanged',
  Import: 'importChanged',
  Invoice: 'invoiceChanged',
  Order: 'orderChanged',
  Payment: 'paymentChanged',
};

interface Asked {
  readonly after?: string | null;
  readonly id?: string | null;
  readonly accountId?: string | null;
  readonly customerId?: string | null;
  readonly types?: readonly string[] | null;
  readonly recordKinds?: readonly string[] | null;
}

const AFTER: FieldSpec = {
  name: 'after',
  type: () => CursorScalar,
  nullable,
  description:
    'Go on after this place: the `cursor` of the last message, `logPosition` of a query, or `position` of a report or an export. Absent: from now on.',
};
const OF_ACCOUNT: FieldSpec = {
  name: 'accountId',
  type: () => ID,
  nullable,
  description: "Only what happens on this customer's account.",
};
const OF_CUSTOMER: FieldSpec = {
  name: 'customerId',
  type: () => ID,
  nullable,
  description: 'Only what happens to this customer or on an account that it has now.',
};

/** What is to be followed, for the principal of the context. @throws CURSOR_INVALID, INVALID_ID */
function followed({ accountId, customerId, types, ...asked }: Asked, context: GraphContext): Subscribe {
  const { principal, accepts } = context;
  const after = context.resumeAfter ?? asked.after;
  return {
    tenantId: principal.tenantId,
    after: after === null || after === undefined ? null : parseCursor(after),
    accepts,
    ...(types ? { types } : {}),
    ...(accountId ? { accountId: uuidOf('acc', accountId, 'accountId') } : {}),
    ...(customerId ? { customerId: uuidOf('cus', customerId, 'customerId') } : {}),
  };
}

/** The subscription `<record>Changed`. */
export function changedSubscription(record: ReadRecord, name: string): Function {
  const type = objectType(record);
  const Message = objectClass({
    name: `${record.name}Changed`,
    description: `A change of ${record.name}: the event is exact, the record at least as new.`,
    fields: [
      ...messageFields(changeField),
      {
        name: 'record',
        type: () => type,
        nullable,
        description: 'The record, at least as new as the event; null when you may not see it any more, and in a gap.',
      },
    ],
  });
  const { permission } = record.resource;
  const { prefix } = record.definition;

  @Resolver()
  class ChangedResolver {
    @Subscription(() => Message, {
      name,
      description: `Changes of ${record.name} as they happen, or from a cursor on. Needs ${permission}.`,
      subscribe: ({ args, context }: { args: Asked; context: GraphContext }) => {
        requirePermission(context.principal, permission);
        return context.events.subscribe({
          ...followed(args, context),
          recordKinds: [record.name],
          ...(args.id ? { recordId: uuidOf(prefix, args.id, 'id') } : {}),
        });
      },
    })
    async changed(
      @Root() message: LogMessage,
      @Ctx() { read, principal }: GraphContext,
      @Info() info: GraphQLResolveInfo,
    ): Promise<object> {
      const { event } = message;
      const asked = { info, path: ['record'], record: record.name, principal };
      return Object.assign(new Message(), {
        ...placeOf(message),
        event: event && shownChange(event),
        record: (event && (await read.selected({ ...asked, id: event.recordId }))) ?? null,
      });
    }
  }
  const id: FieldSpec = { name: 'id', type: () => ID, nullable, description: 'Only this record.' };
  addArguments(ChangedResolver, { field: 'changed', args: [AFTER, id, ...ownersOf(record)], from: 3 });
  return ChangedResolver;
}

/** By whom its changes can be narrowed: what its events say of their owners. */
function ownersOf({ columns }: ReadRecord): readonly FieldSpec[] {
  if ('accountId' in columns) return [OF_ACCOUNT, OF_CUSTOMER];
  return 'customerId' in columns ? [OF_CUSTOMER] : [];
}

/** The raw log, scoped to what the principal may see. */
export function eventsSubscription(records: readonly ReadRecord[]): Function {
  const prefixes = new Map(records.map((r) => [r.name, r.definition.prefix]));
  const kinds = enumType(
    'EventRecordKind',
    records.map((r) => r.name),
  );
  const Message = objectClass({
    name: 'EventMessage',
    description: 'An entry of the log, or a gap in it.',
    fields: messageFields(eventField),
  });

  @Resolver()
  class EventsResolver {
    @Subscription(() => Message, {
      name: 'events',
      description: 'The log of everything that happened and that you may see, in order, from now or from a cursor on.',
      subscribe: ({ args, context }: { args: Asked; context: GraphContext }) => {
        const { recordKinds } = args;
        return context.events.subscribe({ ...followed(args, context), ...(recordKinds ? { recordKinds } : {}) });
      },
    })
    happened(@Root() message: LogMessage): object {
      const { event } = message;
      return Object.assign(new Message(), {
        ...placeOf(message),
        event: event && shownEvent(event, prefixes),
      });
    }
  }
  const types: FieldSpec = { name: 'types', type: () => [String], nullable, description: 'Only these types.' };
  const recordKinds: FieldSpec = {
    name: 'recordKinds',
    type: () => [kinds],
    nullable,
    description: 'Only events of these kinds of record.',
  };
  addArguments(EventsResolver, { field: 'happened', args: [AFTER, types, recordKinds, OF_ACCOUNT, OF_CUSTOMER], from: 1 });
  return EventsResolver;
}
