/** The steps of an endpoint, and what the sender is asked for: it learns of that from the log, and does it within a moment. */
import { z } from 'zod';
import { uuidInput } from '../../canonical/observed-input.ts';
import { DomainError } from '../../kernel/errors.ts';
import { idOf, object, optional } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type Decision, type Tx } from '../../write/command.ts';
import { WebhookDelivery } from './webhook-delivery.entity.ts';
import { cursorInput, endpointId, expectedVersion } from './webhook-endpoint.commands.ts';
import { endpointIn, livingEndpointIn, lockedEndpoints, type Ref } from './webhook-endpoint.facts.ts';
import { webhookEndpointMachine } from './webhook-endpoint.machine.ts';
import { askedOf, type EndpointRow, steppedEndpoint } from './webhook-endpoint.rules.ts';

const managed = {
  permission: 'webhooks:manage',
  record: 'WebhookEndpoint',
  lockKey: (input: { readonly id: string }) => input.id,
} as const;
const ref = { id: endpointId, expectedVersion };

/** @throws WRONG_STATE */
const stepOf = ({ lifecycle }: EndpointRow, action: 'PAUSE' | 'RESUME' | 'DELETE') =>
  transition(webhookEndpointMachine, { state: lifecycle, action });

export const pauseWebhookEndpoint = command({
  ...managed,
  name: 'pauseWebhookEndpoint',
  description: 'Sends nothing to an endpoint until it is resumed. What happens meanwhile is kept for it.',
  input: object('PauseWebhookEndpointInput', ref),
  facts: lockedEndpoints,
  decide(endpoints, input): Change {
    const row = endpointIn(endpoints, input);
    return steppedEndpoint(row, stepOf(row, 'PAUSE'), {});
  },
});

export const resumeWebhookEndpoint = command({
  ...managed,
  name: 'resumeWebhookEndpoint',
  description:
    'Sends to an endpoint again that was paused or disabled: first what waits, at once, then what happened meanwhile, each record in order.',
  input: object('ResumeWebhookEndpointInput', ref),
  facts: lockedEndpoints,
  decide(endpoints, input, { wallNow }): Change {
    const row = endpointIn(endpoints, input);
    return steppedEndpoint(row, stepOf(row, 'RESUME'), { activeSince: wallNow, disabledReason: null, disabledText: null });
  },
});

export const deleteWebhookEndpoint = command({
  ...managed,
  name: 'deleteWebhookEndpoint',
  description:
    'Sends nothing to an endpoint any more, and deletes its secrets. What was sent, and what it answered, stays to be seen.',
  input: object('DeleteWebhookEndpointInput', ref),
  facts: lockedEndpoints,
  decide(endpoints, input): Change {
    const row = endpointIn(endpoints, input);
    const gone = { sealedSecret: null, previousSealedSecret: null, previousSecretUntil: null };
    return steppedEndpoint(row, stepOf(row, 'DELETE'), { ...gone, disabledReason: null, disabledText: null });
  },
});

export const testWebhookEndpoint = command({
  ...managed,
  name: 'testWebhookEndpoint',
  description:
    'Sends an endpoint the event `webhook_endpoint.tested`, once, also while it is paused or disabled, and shows what it answers: it takes as long as that.',
  input: z.strictObject({ id: uuidInput, testId: uuidInput }),
  facts: lockedEndpoints,
  decide: (endpoints, { id, testId }): Change =>
    askedOf(livingEndpointIn(endpoints, { id }), { type: 'webhook_endpoint.tested', more: { testId } }),
});

export const replayWebhooks = command({
  ...managed,
  name: 'replayWebhooks',
  description:
    'Sends an endpoint the events after a cursor once more, from the log and in order: those that it would get today, under the ids that they had, so that a receiver knows what it has. Of two that are asked for together, everything from the first to the last cursor is sent.',
  input: object('ReplayWebhooksInput', {
    id: endpointId,
    after: cursorInput.describe('Begin after this cursor; 0 for the beginning of the log.'),
    until: optional(cursorInput).describe('The last cursor; absent: up to now.'),
  }),
  facts: lockedEndpoints,
  decide(endpoints, input): Change {
    const { after, until } = input;
    if (until !== undefined && BigInt(until) <= BigInt(after))
      throw new DomainError('INVALID_INPUT', 'until must be a later cursor than after.', { path: ['until'] });
    const row = livingEndpointIn(endpoints, input);
    return askedOf(row, { type: 'webhook_endpoint.replay_asked', more: { after, until: until ?? null } });
  },
});

async function deadOf(tx: Tx, inputs: readonly (Ref & { readonly deliveryId?: string | undefined })[]) {
  const ids = sql.uuids(inputs.map(({ deliveryId }) => deliveryId));
  return { endpoints: await lockedEndpoints(tx, inputs), deliveries: await tx.load(WebhookDelivery, sql`t.id = any(${ids})`) };
}

export const resendWebhookDeliveries = command({
  ...managed,
  name: 'resendWebhookDeliveries',
  description:
    'Sends what was given up again, one delivery or all of an endpoint: each behind what waits of its record, for another 72 hours.',
  input: object('ResendWebhookDeliveriesInput', {
    id: endpointId,
    deliveryId: optional(idOf('whd')).describe('This dead letter; absent: all of the endpoint.'),
  }),
  facts: deadOf,
  decide({ endpoints, deliveries }, input): Change {
    const row = livingEndpointIn(endpoints, input);
    const { deliveryId = null } = input;
    if (deliveryId !== null) {
      const delivery = deliveries.find(({ id, endpointId: of }) => id === deliveryId && of === row.id);
      if (!delivery) throw new DomainError('NOT_FOUND', 'The endpoint has no such delivery.', { path: ['deliveryId'] });
      if (delivery.state !== 'DEAD')
        throw new DomainError('WRONG_STATE', `The delivery is ${delivery.state}: only one that is DEAD can be sent again.`, {
          path: ['deliveryId'],
        });
    }
    return askedOf(row, { type: 'webhook_endpoint.resend_asked', more: { deliveryId } });
  },
});

export const disableWebhookEndpoint = command({
  ...managed,
  permission: 'webhooks:deliver',
  name: 'disableWebhookEndpoint',
  description: 'Stops sending to an endpoint that can not be reached, or is gone.',
  input: z.strictObject({ id: uuidInput, reason: z.enum(['FAILING', 'GONE']), text: z.string().min(1).max(1_000) }),
  facts: lockedEndpoints,
  decide(endpoints, { id, reason, text }): Decision {
    const row = endpoints.find((one) => one.id === id);
    const step = row && webhookEndpointMachine.next(row.lifecycle, 'DISABLE');
    if (!row || !step?.ok) return { unchanged: id };
    return steppedEndpoint(row, step, { disabledReason: reason, disabledText: text });
  },
});
