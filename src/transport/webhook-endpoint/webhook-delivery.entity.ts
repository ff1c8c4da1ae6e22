/** One event for one endpoint, and each attempt at it. The engine alone writes them: they are read, and never changed by a command. */
import { defineEntity, p } from '@mikro-orm/core';
import { shown } from '../../kernel/field.ts';
import { choice, identified, instant, integer, reference, text } from '../../write/columns.ts';

export const WebhookDelivery = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_delivery',
  properties: {
    ...identified('delivery'),
    endpointId: reference('WebhookEndpoint', 'The endpoint that it is for.'),
    purpose: choice('WebhookDeliveryPurpose', 'Why it is sent.', {
      EVENT: 'The event happened.',
      REPLAY: 'Somebody asked for the events of a time once more.',
      TEST: 'Somebody tests the endpoint.',
    }),
    position: p.bigint(),
    eventId: p.uuid(),
    eventType: text('What happened, for example `invoice.issued`.', { filter: true, sort: true }),
    recordKind: text('The kind of record that it happened to.', { filter: true }),
    recordId: text('The record that it happened to: its public id.', { filter: true }),
    recordVersion: integer('The version of the record that it made.'),
    state: choice('WebhookDeliveryState', 'How it stands.', {
      PENDING: 'It waits: for its turn, for the next attempt, or for its endpoint to be resumed.',
      DELIVERED: 'The endpoint took it: it answered with a status of 200 to 299.',
      DEAD: 'It was given up, and can be sent again.',
    }),
    nextAt: instant(
      'When it is attempted next; null while an earlier event of the record waits, and when nothing is to come.',
    ).nullable(),
    attemptCount: integer('How often it was attempted.', { measure: true }),
    firstAttemptAt: instant('When it was first attempted; anew when it was sent again or its endpoint resumed.').nullable(),
    endedAt: instant('When it was taken, or given up.', { filter: true, sort: true }).nullable(),
    failure: text('Why the last attempt failed, in a sentence.').nullable(),
    createdAt: shown(p.datetime(), {
      description: 'When it was laid out for the endpoint.',
      type: 'DateTime',
      filter: true,
      sort: true,
    }),
  },
});

export const WebhookAttempt = defineEntity({
  name: 'WebhookAttempt',
  tableName: 'webhook_attempt',
  properties: {
    ...identified('attempt'),
    deliveryId: reference('WebhookDelivery', 'What was attempted.'),
    number: integer('Which attempt it was, from 1; one whose process ended in the middle leaves a gap.', { sort: true }),
    startedAt: instant('When it began.'),
    durationMs: integer('How long it took, in milliseconds.', { measure: true }),
    status: integer('The status of the answer; null: there was none.').nullable(),
    headers: shown(p.json<Readonly<Record<string, string>>>(), {
      description:
        'Some headers of the answer: content-type, content-length, date, location, retry-after, server and x-request-id.',
      type: 'Json',
    }).nullable(),
    body: text('The first 1,000 bytes of the answer, without secrets; null: there was none.').nullable(),
    failure: text('Why it failed, in a sentence; null: it was taken.').nullable(),
  },
});
