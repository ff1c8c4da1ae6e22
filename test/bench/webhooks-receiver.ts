// The receivers of the bench of webhooks, in a process of their own: each verifies every message, must get each event once and those of one
// record in order, and notes when it arrived. What comes twice or out of turn ends the bench.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { answerOrders } from './child.ts';
import { sharedMs } from './live-clock.ts';
import { quantile } from './quantile.ts';
import type { Arrived, ExpectOrder, ReceiverOrder } from './webhooks-orders.ts';

interface Received {
  readonly data: { readonly recordId: string; readonly recordVersion: number };
}

interface Receiver {
  readonly server: Server;
  verifier: Webhook | null;
  /** The number of the newest event of each record. */
  readonly newest: Map<string, number>;
}

interface Expected extends Pick<ExpectOrder, 'from' | 'count'> {
  readonly numbers: number[];
  readonly arrivals: number[];
  readonly texts: string[];
  bytes: number;
  whenAll: () => void;
}

let receivers: Receiver[] = [];
let expected: Expected | null = null;

function fail(text: string): never {
  throw new Error(text);
}

function take(receiver: Receiver, headers: Record<string, string>, text: string): void {
  receiver.verifier?.verify(text, headers);
  const { data } = JSON.parse(text) as Received;
  const { recordId, recordVersion: number } = data;
  const before = receiver.newest.get(recordId) ?? 0;
  if (number <= before) fail(`Event ${number} of ${recordId} came after ${before}.`);
  receiver.newest.set(recordId, number);
  // what happened before anybody counted
  if (!expected || number < expected.from) return;
  expected.numbers.push(number - expected.from);
  expected.arrivals.push(sharedMs());
  expected.bytes = text.length;
  if (receiver === receivers[0]) expected.texts[number - expected.from] = text;
  if (expected.arrivals.length === expected.count * receivers.length) expected.whenAll();
}

async function open(count: number): Promise<{ urls: readonly string[] }> {
  for (const { server } of receivers) server.closeAllConnections();
  receivers = Array.from({ length: count }, () => {
    const receiver: Receiver = { server: createServer(), verifier: null, newest: new Map() };
    receiver.server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        take(receiver, request.headers as Record<string, string>, Buffer.concat(chunks).toString());
        response.writeHead(204).end();
      });
    });
    return receiver;
  });
  await Promise.all(receivers.map(({ server }) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))));
  return { urls: receivers.map(({ server }) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`) };
}

async function arrived(atMs: readonly number[]): Promise<Arrived> {
  if (!expected) return fail('Nothing is expected.');
  const { count, numbers, arrivals, texts } = expected;
  const wanted = count * receivers.length;
  const all = new Promise<void>((done) => {
    if (expected) expected.whenAll = done;
  });
  if (arrivals.length < wanted) await all;
  const times = arrivals.map((arrivedMs, i) => arrivedMs - (atMs[numbers[i] ?? 0] ?? 0));
  return {
    deliveries: wanted,
    ms: Math.max(...arrivals) - (atMs[0] ?? 0),
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    bytes: expected.bytes,
    texts,
  };
}

async function follow(order: ReceiverOrder): Promise<object> {
  if (order.kind === 'open') return open(order.count);
  if (order.kind === 'happened') return arrived(order.atMs);
  if (order.kind === 'trust')
    receivers.forEach((receiver, i) => {
      receiver.verifier = new Webhook(order.secrets[i] ?? '');
    });
  else expected = { ...order, numbers: [], arrivals: [], texts: [], bytes: 0, whenAll: () => {} };
  return {};
}

answerOrders(follow);
process.on('uncaughtException', (error) => {
  process.send?.({ failure: String(error) }, undefined, undefined, () => process.exit(1));
});
