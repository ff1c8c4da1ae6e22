/** How endpoints, deliveries and attempts are read. What an endpoint's state is between its changes stands in its queue. */
import { allowedActions } from '../../read/allowed-actions.ts';
import type { ComputedField, ReadDefinition } from '../../read/catalogue.ts';
import { type Sql, sql } from '../../read/sql.ts';
import { webhookEndpointMachine } from './webhook-endpoint.machine.ts';

const ofWebhooks = { permission: 'webhooks:read' } as const;

type Shown = Pick<ComputedField, 'description' | 'type'> & Partial<Pick<ComputedField, 'nullable'>>;

/** Of its queue `q`, which it has as soon as the log is at it. */
const ofQueue = (field: Shown, value: Sql): ComputedField => ({
  kind: 'computed',
  nullable: true,
  ...field,
  sql: (alias) => sql`(select ${value} from webhook_queue q
    where q.tenant_id = ${sql.id(alias, 'tenant_id')} and q.endpoint_id = ${sql.id(alias, 'id')})`,
});

const MANAGE = 'webhooks:manage';

export const webhookEndpointRead: ReadDefinition = {
  prefix: 'wh',
  description:
    'An address that events are sent to as they happen. Each message is a POST of `{"type","timestamp","cursor","data"}`, signed as Standard Webhooks say; `data` is the event as the subscription `events` shows it. It has no record: fetch `node(id: recordId)` for what the payload does not say.',
  resource: ofWebhooks,
  root: { one: 'webhookEndpoint', many: 'webhookEndpoints', keys: [] },
  order: ['createdAt'],
  relations: {
    legalEntity: { kind: 'one', record: 'LegalEntity', by: 'legalEntityId', description: 'Only its events; null: of all.' },
    customer: { kind: 'one', record: 'Customer', by: 'customerId', description: "Only its events; null: everybody's." },
    createdBy: { kind: 'one', record: 'Actor', by: 'createdById', description: 'Who made it.' },
    deliveries: {
      kind: 'many',
      record: 'WebhookDelivery',
      by: 'endpointId',
      order: ['-createdAt'],
      connection: true,
      description: 'What is to be sent, was sent, or was given up.',
    },
  },
  computed: {
    eventTypes: {
      kind: 'computed',
      description: 'Which events it gets: types, and `invoice.*` for all of a noun.',
      type: 'String',
      list: true,
      sql: (alias) => sql.id(alias, 'event_types'),
    },
    pendingCount: ofQueue(
      {
        description:
          'How many deliveries wait; null for a moment after it was made. More may be kept for it in the log: `behindAt`.',
        type: 'Int',
      },
      sql`q.pending_count::int`,
    ),
    behindAt: ofQueue(
      {
        description: 'So many wait that events after this cursor are not even laid out yet; null: none.',
        type: 'Cursor',
      },
      sql`q.behind_at::text`,
    ),
    replayAt: ofQueue(
      { description: 'How far a repetition is that was asked for; null: none is under way.', type: 'Cursor' },
      sql`q.replay_at::text`,
    ),
    lostFrom: ofQueue(
      {
        description:
          'Events after this cursor, up to `lostTo`, were no longer kept when they were to be laid out: read the records anew.',
        type: 'Cursor',
      },
      sql`q.lost_from::text`,
    ),
    lostTo: ofQueue({ description: 'The last of them.', type: 'Cursor' }, sql`q.lost_to::text`),
    failingSince: ofQueue(
      {
        description: 'Since when nothing but failures came from it; after 72 hours it is disabled. Null: it works.',
        type: 'DateTime',
      },
      sql`q.failing_since`,
    ),
    failure: ofQueue({ description: 'Why the last attempt failed; null: it did not.', type: 'String' }, sql`q.failure`),
    failureCount: ofQueue({ description: 'How many attempts failed in a row.', type: 'Int' }, sql`q.failure_count`),
    blockedUntil: ofQueue(
      { description: 'It asked to be left alone until then (Retry-After); null, or past: it is not.', type: 'DateTime' },
      sql`q.blocked_until`,
    ),
    deliveredAt: ofQueue({ description: 'When it took something last.', type: 'DateTime' }, sql`q.delivered_at`),
    allowedActions: allowedActions({
      machine: webhookEndpointMachine,
      enumName: 'WebhookEndpointAction',
      permissions: { PAUSE: MANAGE, RESUME: MANAGE, DELETE: MANAGE },
      isTenantWide: true,
    }),
  },
};

export const webhookDeliveryRead: ReadDefinition = {
  prefix: 'whd',
  description: 'One event for one endpoint. When it was taken it is kept for a while; given up, until it is sent again.',
  resource: ofWebhooks,
  root: { one: 'webhookDelivery', many: 'webhookDeliveries', keys: [] },
  order: ['-createdAt'],
  relations: {
    endpoint: { kind: 'one', record: 'WebhookEndpoint', by: 'endpointId', description: 'The endpoint.' },
    attempts: {
      kind: 'many',
      record: 'WebhookAttempt',
      by: 'deliveryId',
      order: ['number'],
      connection: false,
      description: 'Each attempt, with what the endpoint answered.',
    },
  },
  computed: {
    cursor: {
      kind: 'computed',
      description: 'The place of the event in the log.',
      type: 'Cursor',
      sql: (alias) => sql`${sql.id(alias, 'position')}::text`,
    },
    eventId: {
      kind: 'computed',
      description: 'The id of the event, which is the `webhook-id` of every attempt.',
      type: 'ID',
      sql: (alias) => sql`'evt_' || ${sql.id(alias, 'event_id')}`,
    },
  },
};

export const webhookAttemptRead: ReadDefinition = {
  prefix: 'wha',
  description: 'One attempt at a delivery, with what came back.',
  resource: ofWebhooks,
  order: ['number'],
};
