/** How to bring a webhook endpoint into each of its states. It is for events that do not happen here, so that nothing is sent. */
import type { World } from '../support/world.ts';
import { bare } from '../support/world.ts';
import { type Driver, done } from './lifecycle-drivers.ts';

export function webhookEndpointDriver(world: World): Driver {
  const input = { url: 'https://hooks.example.com', eventTypes: ['webhook_endpoint.tested'] };
  const active = () => done(world, 'createWebhookEndpoint', input, 'wh');
  const after = (command: string) => async () => {
    const id = await active();
    return done(world, command, { id }, 'wh');
  };
  const disabled = async () => {
    const id = await active();
    return done(world, 'disableWebhookEndpoint', { id: bare(id), reason: 'GONE', text: 'It answered 410 Gone.' }, 'wh');
  };
  const action = (command: string) => ({ command, input: (id: string) => ({ id }) });
  return {
    record: 'WebhookEndpoint',
    prefix: 'wh',
    reach: {
      ACTIVE: active,
      PAUSED: after('pauseWebhookEndpoint'),
      DISABLED: disabled,
      DELETED: after('deleteWebhookEndpoint'),
    },
    actions: {
      PAUSE: action('pauseWebhookEndpoint'),
      RESUME: action('resumeWebhookEndpoint'),
      DELETE: action('deleteWebhookEndpoint'),
    },
  };
}
