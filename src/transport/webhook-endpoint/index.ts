/** Outgoing webhooks: endpoints that events are sent to, what was sent to them, and what they answered. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule, type Module } from '../../write/module.ts';
import {
  deleteWebhookEndpoint,
  disableWebhookEndpoint,
  pauseWebhookEndpoint,
  replayWebhooks,
  resendWebhookDeliveries,
  resumeWebhookEndpoint,
  testWebhookEndpoint,
} from './steps.commands.ts';
import { subscribableOf } from './subscribable.ts';
import { WebhookAttempt, WebhookDelivery } from './webhook-delivery.entity.ts';
import { rotateWebhookSecret, setupCommands } from './webhook-endpoint.commands.ts';
import { WebhookEndpoint } from './webhook-endpoint.entity.ts';
import { webhookEndpointEvents } from './webhook-endpoint.events.ts';
import { webhookEndpointResolvers } from './webhook-endpoint.graphql.ts';
import { webhookEndpointMachine } from './webhook-endpoint.machine.ts';
import { webhookEndpointPolicy } from './webhook-endpoint.policy.ts';
import { webhookAttemptRead, webhookDeliveryRead, webhookEndpointRead } from './webhook-endpoint.read.ts';

const endpoint = readRecord(WebhookEndpoint, webhookEndpointRead);
const delivery = readRecord(WebhookDelivery, webhookDeliveryRead);
const attempt = readRecord(WebhookAttempt, webhookAttemptRead);

/** Beside all others, since their events are what is sent. */
export function webhookEndpointModule(others: readonly Module[]): Module {
  const events = [...others.flatMap((module) => module.events), ...webhookEndpointEvents];
  const records = [...others.flatMap((module) => module.records), endpoint];
  const setup = setupCommands(subscribableOf(events, records));
  return defineModule({
    name: 'webhook-endpoint',
    entities: [WebhookEndpoint, WebhookDelivery, WebhookAttempt],
    records: [endpoint, delivery, attempt],
    machines: [webhookEndpointMachine],
    postings: [],
    policy: webhookEndpointPolicy,
    events: webhookEndpointEvents,
    commands: [
      setup.create,
      setup.update,
      rotateWebhookSecret,
      pauseWebhookEndpoint,
      resumeWebhookEndpoint,
      deleteWebhookEndpoint,
      testWebhookEndpoint,
      replayWebhooks,
      resendWebhookDeliveries,
      disableWebhookEndpoint,
    ],
    resolvers: webhookEndpointResolvers({ endpoint, delivery }, setup),
  });
}
