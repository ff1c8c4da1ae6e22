/** An endpoint: where events are sent to, and which ones. Its secrets are sealed, and shown to nobody. */
import { defineEntity, p } from '@mikro-orm/core';
import { choice, identified, instant, reference, text, versioned } from '../../write/columns.ts';

export const WebhookEndpoint = defineEntity({
  name: 'WebhookEndpoint',
  tableName: 'webhook_endpoint',
  properties: {
    ...identified('endpoint'),
    url: text('Where events are sent to with POST.', { type: 'Url' }),
    description: text('What it is for.').nullable(),
    eventTypes: p.json<readonly string[]>(),
    legalEntityId: reference('LegalEntity', 'Only events of this legal entity; null: of all.').nullable(),
    customerId: reference('Customer', "Only events of this customer and on its accounts; null: everybody's.").nullable(),
    createdById: reference('Actor', 'Who made it.'),
    lifecycle: choice('WebhookEndpointLifecycle', 'How it stands.', {
      ACTIVE: 'Events are sent to it.',
      PAUSED: 'Somebody paused it: what happens meanwhile is kept for it.',
      DISABLED: 'Nothing but failures came from it for 72 hours, or it said that it is gone: what happens is kept for it.',
      DELETED: 'It is gone, with its secrets.',
    }),
    activeSince: instant('Since when events are sent to it: when it was made or resumed last.'),
    disabledReason: choice('WebhookDisabledReason', 'Why it was disabled.', {
      FAILING: 'Each attempt of 72 hours failed.',
      GONE: 'It answered 410 Gone.',
    }).nullable(),
    disabledText: text('Why it was disabled, in a sentence.').nullable(),
    sealedSecret: p.string().nullable(),
    secretHint: text('The last four characters of its newest secret, to tell it from others.'),
    previousSealedSecret: p.string().nullable(),
    previousSecretUntil: instant('Until when messages carry a signature by the secret before the last rotation too.').nullable(),
    ...versioned(),
  },
});
