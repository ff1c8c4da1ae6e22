/** Webhooks and secrets: who sent a message is proved, what it says is only a hint, and nothing that is secret shows anywhere. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookMessage } from '../connector.ts';
import { contentOf, type KitCheck, KitFailure, must } from './check.ts';
import type { Harness } from './harness.ts';

const WAIT_MS = 5_000;

/** The messages that the simulator posts when somebody makes a record there. */
async function messagesOf(harness: Harness): Promise<{ messages: readonly WebhookMessage[]; stream: string; id: string }> {
  const messages: WebhookMessage[] = [];
  let arrived = () => {};
  const first = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      messages.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.end();
      arrived();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    harness.erp.simulator.setWebhook({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks` });
    const stream = harness.connector.streams.at(-1)?.name ?? '';
    const id = await harness.erp.make(stream);
    if (id === null) throw new KitFailure(`The simulator can't make a record of ${stream}.`);
    const late = new Promise<never>((_, reject) => setTimeout(() => reject(new KitFailure('No webhook came.')), WAIT_MS).unref());
    await Promise.race([first, late]);
    return { messages, stream, id };
  } finally {
    harness.erp.simulator.setWebhook(null);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const withoutWebhooks = ({ connector }: Harness) => (connector.webhooks ? null : 'It has no webhooks.');

export const webhookChecks: readonly KitCheck[] = [
  {
    name: 'webhooks',
    area: 'webhooks',
    promise:
      'A webhook is taken as it was signed, also twice and late; changed by a byte, signed by another or not at all it is not.',
    without: withoutWebhooks,
    async run(harness) {
      const { webhooks } = harness.connector;
      if (!webhooks) return;
      const config = harness.context.config;
      const credentials = harness.connector.credentials.parse(harness.erp.credentials) as unknown;
      const { messages, stream, id } = await messagesOf(harness);
      const context = { config, credentials, now: harness.context.now() };
      const hints = messages.flatMap((message) => {
        must(webhooks.verify(message, context), 'A webhook of the simulator is not accepted.');
        return webhooks.hints(message, { config });
      });
      must(
        hints.some((hint) => hint.stream === stream && (hint.externalId === undefined || hint.externalId === id)),
        `The webhook about ${stream} ${id} gives no hint of it: ${contentOf(hints)}.`,
      );
      const [message] = messages;
      if (!message) return;
      must(
        contentOf(webhooks.hints(message, { config })) === contentOf(webhooks.hints(message, { config })),
        'Twice is not the same.',
      );
      const body = Buffer.from(message.body);
      body.writeUInt8(body.readUInt8(body.length - 2) ^ 1, body.length - 2);
      must(!webhooks.verify({ ...message, body }, context), 'A webhook that was changed by a byte is accepted.');
      must(!webhooks.verify({ ...message, headers: {} }, context), 'A webhook without a signature is accepted.');
      const forged = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, `${String(value)}x`]));
      must(!webhooks.verify({ ...message, headers: forged }, context), 'A webhook with another signature is accepted.');
    },
  },
  {
    name: 'check',
    area: 'reading',
    promise: 'The check of a connection names the company there.',
    async run(harness) {
      const { company } = await harness.connector.check(harness.context);
      must(company !== '', 'The check names no company.');
    },
  },
  {
    name: 'secrets',
    area: 'secrets',
    promise: 'No credential shows in what is logged, in errors, or in what was read.',
    async run(harness) {
      const said: string[] = [];
      const [stream] = harness.connector.streams;
      for (const kind of ['SERVER_ERROR', 'HTML', 'UNAUTHORIZED', 'FAULT_IN_SUCCESS', 'HALF_ANSWER'] as const) {
        harness.erp.simulator.setFaults({ rate: 1, kinds: [kind] });
        const reading = harness.readAll(stream?.name ?? '', { mode: 'FULL' });
        await reading.catch((error: unknown) =>
          said.push(`${String(error)} ${contentOf(error)} ${error instanceof Error ? error.stack : ''}`),
        );
      }
      harness.erp.simulator.setFaults({});
      must(said.length > 0, 'An ERP that only fails is read as if nothing were wrong.');
      const all = `${contentOf(harness.traces)} ${said.join(' ')}`;
      const shown = harness.secrets.filter((secret) => all.includes(secret));
      must(shown.length === 0, `${shown.length} credentials show in errors or traces.`);
    },
  },
];
