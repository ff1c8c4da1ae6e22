/** Endpoints in the graph. A test is no plain command: whoever asks for it waits for what the endpoint answers. */
import { randomUUID } from 'node:crypto';
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import { object, parseInput } from '../../kernel/input.ts';
import type { ReadRecord } from '../../read/catalogue.ts';
import { inputType, payload, payloadType, rootResolver, userErrors } from '../../read/schema.ts';
import type { Problem } from '../../write/command.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { invalidInput } from '../../write/outcome.ts';
import type { WebhookContext } from './context.ts';
import {
  deleteWebhookEndpoint,
  pauseWebhookEndpoint,
  replayWebhooks,
  resendWebhookDeliveries,
  resumeWebhookEndpoint,
  testWebhookEndpoint,
} from './steps.commands.ts';
import { endpointId, rotateWebhookSecret, type SetupCommands } from './webhook-endpoint.commands.ts';

const field = 'webhookEndpoint';
const SECRET =
  'The secret of the endpoint, once: give it to the receiver, which verifies each message by it (Standard Webhooks). Null for a retry.';

function testResolver(delivery: ReadRecord): Function {
  const { name, description, permission } = testWebhookEndpoint;
  const input = object('TestWebhookEndpointInput', { id: endpointId });
  const asked = inputType('TestWebhookEndpointInput', input);
  const answer = payloadType('TestWebhookEndpointPayload', delivery.name, { field: 'webhookDelivery' });

  @Resolver()
  class TestResolver {
    @Mutation(() => answer, { name, description: `${description} Needs ${permission}.` })
    async run(
      @Arg('input', () => asked, { description: 'What is to be done.' }) raw: Record<string, unknown>,
      @Ctx() context: WebhookContext,
      @Info() info: GraphQLResolveInfo,
    ): Promise<object> {
      const { principal, requestId, write, webhooks, read } = context;
      const refused = (problems: readonly Problem[]) =>
        payload(answer, { webhookDelivery: null, userErrors: userErrors(problems) });
      const parsed = parseInput(input, raw);
      if (!parsed.ok) return refused(invalidInput(parsed.problems));
      const test = { endpointId: parsed.value.id, testId: randomUUID() };
      const outcome = await write.run(
        testWebhookEndpoint,
        { id: test.endpointId, testId: test.testId },
        { principal, requestId },
      );
      if (!outcome.ok) return refused(outcome.problems);
      const id = await webhooks.tested(principal, test);
      const shown = await read.selected({ info, path: ['webhookDelivery'], record: delivery.name, id, principal });
      return payload(answer, { webhookDelivery: shown ?? null, userErrors: [] });
    }
  }
  return TestResolver;
}

export const webhookEndpointResolvers = (
  { endpoint, delivery }: { readonly endpoint: ReadRecord; readonly delivery: ReadRecord },
  { create, update }: SetupCommands,
): Function[] => [
  rootResolver(endpoint),
  rootResolver(delivery),
  mutation(create, { field, secret: SECRET }),
  mutation(rotateWebhookSecret, { field, secret: SECRET }),
  ...[update, pauseWebhookEndpoint, resumeWebhookEndpoint, deleteWebhookEndpoint, replayWebhooks, resendWebhookDeliveries].map(
    (definition) => mutation(definition, { field }),
  ),
  testResolver(delivery),
];
