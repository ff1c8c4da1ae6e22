// The kit itself: each way in which a connector could lose, double or change something is found by the check that is there for it.
import { describe, expect, it } from 'vitest';
import { connector as quickbooks } from '../../connectors/quickbooks/index.ts';
import { startSimulator } from '../../connectors/quickbooks/simulator/index.ts';
import { kit } from '../../connectors/quickbooks/kit.ts';
import type { Connector, Push, Stream, StreamPage } from '../../src/connect/connector.ts';
import { runKit } from '../../src/connect/testing/index.ts';

const TIMEOUT_MS = 60_000;

async function outcomeOf(connector: Connector, check: string): Promise<string> {
  const { results } = await runKit({ connector, target: kit, only: [check], size: 40 });
  return results.map(({ outcome }) => outcome).join();
}

const withStreams = (change: (stream: Stream) => Partial<Stream>): Connector => ({
  ...quickbooks,
  streams: (quickbooks.streams as readonly Stream[]).map((stream) => ({ ...stream, ...change(stream) })),
});
const withPushes = (change: (push: Push) => Partial<Push>): Connector => ({
  ...quickbooks,
  pushes: (quickbooks.pushes as readonly Push[]).map((push) => ({ ...push, ...change(push) })),
});

/** Reads as before, and changes each page on its way. */
const pages = (change: (page: StreamPage, index: number) => StreamPage | null) =>
  withStreams(({ read }) => ({
    async *read(context, request) {
      let index = 0;
      for await (const page of read(context, request)) {
        const changed = change(page, index++);
        if (changed) yield changed;
      }
    },
  }));

const BROKEN: readonly (readonly [string, string, () => Connector])[] = [
  ['loses the last record of a page', 'full read', () => pages((page) => ({ ...page, records: page.records.slice(0, -1) }))],
  [
    'goes on from the wrong place',
    'every cursor',
    () =>
      withStreams(({ read }) => ({
        read: (context, { cursor, ...request }) => (cursor ? none() : read(context, { ...request, cursor: null })),
      })),
  ],
  [
    'keeps no record of what changed',
    'incremental read',
    () =>
      withStreams(({ read }) => ({ read: (context, request) => (request.mode === 'FULL' ? read(context, request) : none()) })),
  ],
  [
    'rounds what it reads',
    'documents',
    () => withStreams(({ assemble }) => ({ assemble: (raw, context) => rounded(assemble(raw, context)) })),
  ],
  [
    'crashes where a field is missing',
    'unknown and missing fields',
    () =>
      withStreams(({ assemble }) => ({
        assemble: (raw, context) => {
          (raw['MetaData'] as { CreateTime: string }).CreateTime.length;
          return assemble(raw, context);
        },
      })),
  ],
  ['takes an error for no records', 'fault FAULT_IN_SUCCESS', () => ({ ...quickbooks, judge: () => null })],
  [
    'forgets the key of a request',
    'lost answers to writes',
    () =>
      withPushes(({ send }) => {
        let count = 0;
        return { find: async () => null, send: (context, request) => send(context, { ...request, key: `k${count++}` }) };
      }),
  ],
  [
    'does not write our reference',
    'round trip',
    () => withPushes(({ send }) => ({ send: (context, request) => send(context, { ...request, ours: '' }) })),
  ],
  ['accepts any webhook', 'webhooks', () => ({ ...quickbooks, webhooks: { ...quickbooks.webhooks!, verify: () => true } })],
];

async function* none(): AsyncIterable<StreamPage> {}

function rounded<T>(made: T): T {
  const { document } = made as { document: { total?: string } };
  return document.total === undefined
    ? made
    : { ...made, document: { ...document, total: String(Math.ceil(Number(document.total)) + 1) } };
}

describe('the kit finds a connector that', () => {
  it.each(BROKEN)(
    '%s',
    async (_, check, connector) => {
      expect(await outcomeOf(connector(), check)).toBe('FAILED');
    },
    TIMEOUT_MS,
  );

  it(
    'shows its credentials when something goes wrong',
    async () => {
      const leaking = withStreams(({ read }) => ({
        async *read(context, request) {
          try {
            yield* read(context, request);
          } catch (error) {
            throw new Error(`${String(error)} ${secret}`);
          }
        },
      }));
      const simulator = await startSimulator({ seed: 'kit secrets', size: 0 });
      const secret = simulator.access.clientSecret; // the same seed has the same
      await simulator.close();
      expect(await outcomeOf(leaking, 'secrets')).toBe('FAILED');
    },
    TIMEOUT_MS,
  );
});
