/** Webhooks and secrets: who sent a message is proved, what it says is only a hint, and nothing that is secret shows anywhere. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SourceRecord, WebhookMessage } from '../connector.ts';
import { contentOf, type KitCheck, KitFailure, must } from './check.ts';
import type { Harness } from './harness.ts';
import { isGone, lastCursor, later } from './scene.ts';

const WAIT_MS = 5_000;
const LATE_DAYS = 3;
const DAY_MS = 86_400_000;

interface Listening {
  /** All that came so far. */
  readonly messages: readonly WebhookMessage[];
  /** Does something there, and waits for the message about it. */
  after<T>(work: () => Promise<T>): Promise<T>;
}

/** The messages that the simulator posts while somebody works there. */
async function listening<T>(harness: Harness, work: (heard: Listening) => Promise<T>): Promise<T> {
  const messages: WebhookMessage[] = [];
  let arrived = () => {};
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
    return await work({
      messages,
      async after(doing) {
        const next = new Promise<void>((resolve, reject) => {
          arrived = resolve;
          setTimeout(() => reject(new KitFailure('No webhook came.')), WAIT_MS).unref();
        });
        const [done] = await Promise.all([doing(), next]);
        return done;
      },
    });
  } finally {
    harness.erp.simulator.setWebhook(null);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function madeIn(harness: Harness, stream: string): Promise<string> {
  const id = await harness.erp.make(stream);
  if (id === null) throw new KitFailure(`The simulator can't make a record of ${stream}.`);
  return id;
}

const lastStream = ({ connector }: Harness): string => connector.streams.at(-1)?.name ?? '';

/** What is read where a webhook says so is what is there, whatever else it says. */
async function mustReadAsThere(harness: Harness, stream: string, { id, record }: { id: string; record: SourceRecord | null }) {
  const [read] = await harness.stream(stream).get(harness.context, [id]);
  if (record === null || read === undefined)
    return must(
      read === undefined || isGone(harness, stream, read),
      `${stream}: ${id} was removed, and is read as if it were there.`,
    );
  must(contentOf(read.raw) === contentOf(record.raw), `${stream}: ${id}, read where a webhook says so, is not as it is there.`);
}

const settingsOf = ({ connector, erp, context }: Harness) => ({
  config: context.config,
  credentials: connector.credentials.parse(erp.credentials) as unknown,
});

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
      const { config, credentials } = settingsOf(harness);
      const stream = lastStream(harness);
      const [id, messages] = await listening(harness, async (heard) => {
        const made = await heard.after(() => madeIn(harness, stream));
        return [made, heard.messages] as const;
      });
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
    name: 'webhooks in disorder',
    area: 'webhooks',
    promise: 'Webhooks that come twice, days late and out of order lead to what is there now.',
    without: withoutWebhooks,
    async run(harness) {
      const { webhooks } = harness.connector;
      if (!webhooks) return;
      const { config, credentials } = settingsOf(harness);
      const stream = lastStream(harness);
      const cursor = await lastCursor(harness, stream);
      const { kept, removed, messages } = await listening(harness, async (heard) => {
        const one = await heard.after(() => madeIn(harness, stream));
        later(harness, 1);
        await heard.after(() => harness.erp.change(stream, one));
        const other = await heard.after(() => madeIn(harness, stream));
        await heard.after(() => harness.erp.remove(stream, other));
        return { kept: one, removed: other, messages: heard.messages };
      });
      const late = new Date(harness.context.now().getTime() + LATE_DAYS * DAY_MS);
      const told = [...messages].reverse().flatMap((message) => {
        must(webhooks.verify(message, { config, credentials, now: harness.context.now() }), 'A webhook is not accepted.');
        webhooks.verify(message, { config, credentials, now: late }); // taken or not, but no crash
        return [message, message].flatMap((twice) => webhooks.hints(twice, { config }));
      });
      for (const id of [kept, removed]) {
        const times = told.filter((hint) => hint.stream === stream && (hint.externalId ?? id) === id).length;
        must(times >= 4, `${stream}: of two events of ${id}, each told twice and in disorder, ${times} hints are left.`);
      }
      const { records } = await harness.readAll(stream, { mode: 'INCREMENTAL', cursor });
      await mustReadAsThere(harness, stream, { id: kept, record: records.get(kept) ?? null });
      await mustReadAsThere(harness, stream, { id: removed, record: null });
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
    without: ({ secrets }) => (secrets.length === 0 ? 'It has no credentials.' : null),
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
