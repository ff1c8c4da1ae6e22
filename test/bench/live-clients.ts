// The subscribers of the live bench, in a process of their own: each must get every event that is meant for it once and in order, byte for
// byte what the others get; the times at which they arrived become percentiles. What one gets that it shouldn't ends the bench.
import { sharedMs } from './live-clock.ts';
import type { ClientsOrder, ConnectOrder, Delivered, ExpectOrder, SentOrder } from './live-orders.ts';
import { type LightSocket, openLightSocket, type Subscription } from './live-socket.ts';

/** So many connections are being opened at once. */
const OPENING = 200;

interface Subscriber {
  readonly topic: number;
  /** How many of its events it got. */
  count: number;
  hasHeard: boolean;
}

interface Expected {
  readonly order: ExpectOrder;
  /** The numbers of the events of each topic, in order; of all under 0 where nothing is filtered. */
  readonly byTopic: ReadonlyMap<number, readonly number[]>;
  readonly wanted: number;
  /** The first message that came of each event. */
  readonly first: (Buffer | undefined)[];
  readonly numbers: Uint32Array;
  readonly arrivals: Float64Array;
  got: number;
  bytes: number;
  sent: ((result: Delivered) => void) | null;
  sentAtMs: readonly number[];
}

class Crowd {
  private readonly subscribers: Subscriber[] = [];
  private readonly sockets: LightSocket[] = [];
  private marker: Buffer = Buffer.alloc(0);
  private expected: Expected | null = null;
  private isLeaving = false;

  async connect({ port, count, tokens, subscriptions, marker }: ConnectOrder): Promise<number> {
    this.isLeaving = false;
    this.marker = Buffer.from(marker);
    const perToken = Math.ceil(count / Math.max(1, tokens.length));
    for (let at = 0; at < count; at += OPENING) {
      const opening = Array.from({ length: Math.min(OPENING, count - at) }, (_, i) => at + i);
      await Promise.all(
        opening.map((i) => {
          const subscription = subscriptions[i % subscriptions.length] ?? { query: '', variables: {} };
          return this.join({
            port,
            token: tokens[Math.floor(i / perToken)] ?? null,
            subscription,
            topic: i % subscriptions.length,
          });
        }),
      );
    }
    return count;
  }

  private join({
    topic,
    subscription,
    ...where
  }: {
    port: number;
    token: string | null;
    topic: number;
    subscription: Subscription;
  }) {
    return new Promise<void>((done) => {
      const subscriber: Subscriber = { topic, count: 0, hasHeard: false };
      this.subscribers.push(subscriber);
      this.sockets.push(
        openLightSocket({
          ...where,
          subscription: () => {
            done();
            return subscription;
          },
          onNext: (message) => this.take(subscriber, message),
          onEnd: (code, said) => {
            if (!this.isLeaving) fail(`A subscriber was cut with ${code}: ${said}`);
          },
        }),
      );
    });
  }

  /** How many have got anything since they came: only then are they known to be followed. */
  heard(): number {
    return this.subscribers.filter(({ hasHeard }) => hasHeard).length;
  }

  expect(order: ExpectOrder): number {
    const byTopic = new Map<number, number[]>();
    order.topics.forEach((topic, i) => {
      const key = order.isFiltered ? topic : 0;
      const numbers = byTopic.get(key) ?? [];
      byTopic.set(key, numbers);
      numbers.push(order.from + i);
    });
    const wanted = this.subscribers.reduce((sum, { topic }) => sum + (byTopic.get(order.isFiltered ? topic : 0)?.length ?? 0), 0);
    for (const subscriber of this.subscribers) subscriber.count = 0;
    this.expected = {
      order,
      byTopic,
      wanted,
      first: Array.from({ length: order.topics.length }),
      numbers: new Uint32Array(wanted),
      arrivals: new Float64Array(wanted),
      got: 0,
      bytes: 0,
      sent: null,
      sentAtMs: [],
    };
    return wanted;
  }

  sent({ atMs }: SentOrder): Promise<Delivered> {
    const { expected } = this;
    if (!expected) throw new Error('Nothing is expected');
    return new Promise((done) => {
      expected.sent = done;
      expected.sentAtMs = atMs;
      if (expected.got === expected.wanted) done(summaryOf(expected));
    });
  }

  leave(): number {
    this.isLeaving = true;
    for (const socket of this.sockets) socket.destroy();
    this.sockets.length = 0;
    this.expected = null;
    return this.subscribers.splice(0).length;
  }

  private take(subscriber: Subscriber, message: Buffer): void {
    const { expected, marker } = this;
    subscriber.hasHeard = true;
    const number = numberAfter(message, marker);
    // what was sent only to find out who is there
    if (!expected || number < expected.order.from) return;
    const { order, byTopic } = expected;
    const wanted = byTopic.get(order.isFiltered ? subscriber.topic : 0)?.[subscriber.count];
    if (wanted !== number) return fail(`A subscriber of topic ${subscriber.topic} got event ${number} in place of ${wanted}.`);
    const first = expected.first[number - order.from];
    if (first === undefined) expected.first[number - order.from] = Buffer.from(message);
    else if (!first.equals(message)) return fail(`Event ${number} came as ${first.toString()} and as ${message.toString()}`);
    subscriber.count += 1;
    expected.numbers[expected.got] = number - order.from;
    expected.arrivals[expected.got] = sharedMs();
    expected.got += 1;
    expected.bytes += message.length;
    if (expected.got === expected.wanted) expected.sent?.(summaryOf(expected));
  }
}

function numberAfter(message: Buffer, marker: Buffer): number {
  let at = message.indexOf(marker) + marker.length;
  if (at < marker.length) return fail(`A message without ${marker.toString()}: ${message.toString().slice(0, 1_000)}`);
  let number = 0;
  for (let digit = (message[at] ?? 0) - 48; digit >= 0 && digit <= 9; digit = (message[++at] ?? 0) - 48)
    number = number * 10 + digit;
  return number;
}

function summaryOf({ order, sentAtMs, numbers, arrivals, wanted, bytes, first }: Expected): Delivered {
  const times = arrivals.map((arrivedMs, i) => arrivedMs - (sentAtMs[numbers[i] ?? 0] ?? 0)).toSorted();
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  const last = arrivals.reduce((a, b) => Math.max(a, b), 0);
  return {
    deliveries: wanted,
    ms: last - (sentAtMs[0] ?? 0),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: times.at(-1) ?? 0,
    bytes,
    shown: order.shows ? first.map((message) => message?.toString() ?? '') : [],
  };
}

function fail(text: string): never {
  throw new Error(text);
}

const crowd = new Crowd();

async function follow(order: ClientsOrder): Promise<unknown> {
  if (order.kind === 'connect') return crowd.connect(order);
  if (order.kind === 'expect') return crowd.expect(order);
  if (order.kind === 'sent') return crowd.sent(order);
  return order.kind === 'heard' ? crowd.heard() : crowd.leave();
}

if (process.send) {
  process.on('message', (order: ClientsOrder) => {
    follow(order).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ failure: String(error) }),
    );
  });
  process.on('uncaughtException', (error) => {
    process.send?.({ failure: String(error) }, undefined, undefined, () => process.exit(1));
  });
  process.on('disconnect', () => process.exit());
}
