// Figures of outgoing webhooks: `npm run bench -- webhooks [--small] [--only one,many] [--rounds N] [--json FILE] [--profile FOLDER]`. Our worker beside
// loops of axios and of Node's fetch that do nothing but sign and post, to the same receivers, which verify each message and its order.
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from './child.ts';
import { quantile } from './quantile.ts';
import { ensureBuilt } from './reads-install.ts';
import { backendsCpuMs, cpuMs, type Running, startPeer } from './reads-peer.ts';
import { openWebhookBooks, type WebhookBooks } from './webhooks-books.ts';
import type { Arrived, Opened, PeerOrder, Published, ReceiverOrder } from './webhooks-orders.ts';

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : (process.argv[at + 1] ?? '');
};
const isSmall = process.argv.includes('--small');
const ROUNDS = Number(option('--rounds') ?? (isSmall ? 3 : 5));
const MS = 60_000;
const RECORDS = 200;
/** As many at once as a worker of ours, unless it is told otherwise. */
const PER_ENDPOINT = 4;
const IDLE_MS = 4_000;
const PACE = { perSecond: 50, seconds: isSmall ? 2 : 4 };
const CASES: Readonly<Record<string, { readonly title: string; readonly endpoints: number; readonly burst: number }>> = {
  one: { title: 'one endpoint', endpoints: 1, burst: isSmall ? 300 : 1_500 },
  many: { title: '16 endpoints, each of which gets every event', endpoints: 16, burst: isSmall ? 40 : 200 },
};

interface Sender {
  readonly name: string;
  /** Makes an event of each of these records; gives when. */
  publish(topics: readonly number[]): Promise<number>;
  /** Of its process, and of the database behind it. */
  cpu(): { readonly ownMs: number; readonly behindMs: number };
  prepare(to: {
    readonly urls: readonly string[];
    readonly secrets: readonly string[];
    readonly texts: readonly string[];
  }): Promise<void>;
  stop(): Promise<void>;
}

interface Stage {
  readonly books: WebhookBooks;
  readonly receivers: ReturnType<typeof startChild<ReceiverOrder, Opened | Arrived | object>>;
  /** Of the next event, over all. */
  next: number;
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

function startLoop(stage: Stage, name: string): Sender {
  process.env['WEBHOOKS_PEER'] = name;
  const child = startChild<PeerOrder, Published | object>('webhooks-peer.ts');
  let micros = 0;
  return {
    name,
    async publish(topics) {
      const done = (await child.run({ kind: 'publish', ms: MS, from: stage.next, topics })) as Published;
      micros += done.cpuMicros;
      return done.atMs;
    },
    cpu: () => ({ ownMs: micros / 1_000, behindMs: 0 }),
    prepare: async (to) => void (await child.run({ kind: 'prepare', ms: MS, perEndpoint: PER_ENDPOINT, ...to })),
    stop: async () => child.stop(),
  };
}

async function startOurs(stage: Stage): Promise<Sender> {
  const { connection, dataDir, databaseUrl, postmasterPid } = stage.books;
  const profile = option('--profile');
  const worker: Running = await startPeer(
    {
      file: join(import.meta.dirname, 'reads-ours.ts'),
      flags: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
    },
    { connection, dataDir, databaseUrl, poolMax: 16, command: 'worker' },
  );
  return {
    name: 'ours',
    publish: (topics) => stage.books.commit(topics, stage.next),
    cpu: () => ({ ownMs: cpuMs(worker.pid), behindMs: backendsCpuMs(postmasterPid) }),
    prepare: async () => {},
    stop: () => worker.stop(),
  };
}

/** All at once, or one after the other at a pace, until all have arrived. */
async function deliver(stage: Stage, sender: Sender, { topics, pauseMs }: { topics: readonly number[]; pauseMs: number | null }) {
  const { receivers } = stage;
  await receivers.run({ kind: 'expect', ms: MS, from: stage.next, count: topics.length });
  const before = sender.cpu();
  const atMs: number[] = [];
  const startMs = performance.now();
  for (const some of pauseMs === null ? [topics] : topics.map((topic) => [topic])) {
    const happenedMs = await sender.publish(some);
    stage.next += some.length;
    atMs.push(...some.map(() => happenedMs));
    if (pauseMs !== null) await sleep(Math.max(0, startMs + atMs.length * pauseMs - performance.now()));
  }
  const arrived = (await receivers.run({ kind: 'happened', ms: MS, atMs })) as Arrived;
  const after = sender.cpu();
  const each = (ms: number) => (ms * 1_000) / arrived.deliveries;
  return { ...arrived, cpuMicros: each(after.ownMs - before.ownMs), behindMicros: each(after.behindMs - before.behindMs) };
}

type Round = Awaited<ReturnType<typeof deliver>>;

interface Figures {
  readonly case: string;
  readonly sender: string;
  readonly perSecond: number;
  /** Of axios, round by round. */
  readonly ratio: number;
  readonly cpuMicros: number;
  readonly behindMicros: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly pacedCpuMicros: number;
  readonly pacedBehindMicros: number;
}

const ratePerSecond = ({ deliveries, ms }: Round): number => (deliveries * 1_000) / ms;

async function measure(stage: Stage, name: string, senders: readonly Sender[]): Promise<Figures[]> {
  const { endpoints, burst } = CASES[name] as (typeof CASES)[string];
  const { urls } = (await stage.receivers.run({ kind: 'open', ms: MS, count: endpoints })) as Opened;
  const secrets = await stage.books.endpoints(urls);
  await stage.receivers.run({ kind: 'trust', ms: MS, secrets });
  const ours = senders.find((sender) => sender.name === 'ours') as Sender;
  const { texts } = await deliver(stage, ours, { topics: range(RECORDS), pauseMs: null });
  for (const sender of senders) await sender.prepare({ urls, secrets, texts });
  const topics = range(burst).map((i) => i % RECORDS);
  const bursts = new Map<Sender, Round[]>(senders.map((sender) => [sender, []]));
  const paced = new Map<Sender, Round[]>(senders.map((sender) => [sender, []]));
  for (const sender of senders) await deliver(stage, sender, { topics, pauseMs: null });
  for (let i = 0; i < ROUNDS; i++)
    for (const sender of senders) {
      bursts.get(sender)?.push(await deliver(stage, sender, { topics, pauseMs: null }));
      const some = range((PACE.perSecond * PACE.seconds) / ROUNDS);
      paced.get(sender)?.push(await deliver(stage, sender, { topics: some, pauseMs: 1_000 / PACE.perSecond }));
    }
  const limit = bursts.get(senders[0] as Sender) ?? [];
  return senders.map((sender) => {
    const rounds = bursts.get(sender) ?? [];
    const calm = paced.get(sender) ?? [];
    const middle = (all: readonly Round[], pick: (round: Round) => number) => quantile(all.map(pick), 0.5);
    return {
      case: name,
      sender: sender.name,
      perSecond: middle(rounds, ratePerSecond),
      ratio: quantile(
        rounds.map((round, i) => ratePerSecond(round) / ratePerSecond(limit[i] ?? round)),
        0.5,
      ),
      cpuMicros: middle(rounds, (round) => round.cpuMicros),
      behindMicros: middle(rounds, (round) => round.behindMicros),
      p50Ms: middle(calm, (round) => round.p50Ms),
      p99Ms: middle(calm, (round) => round.p99Ms),
      pacedCpuMicros: middle(calm, (round) => round.cpuMicros),
      pacedBehindMicros: middle(calm, (round) => round.behindMicros),
    };
  });
}

/** Milliseconds of processor time a second while nothing happens. */
async function idle(ours: Sender): Promise<{ readonly ownMs: number; readonly behindMs: number }> {
  await sleep(1_000);
  const before = ours.cpu();
  await sleep(IDLE_MS);
  const after = ours.cpu();
  const each = (ms: number) => (ms * 1_000) / IDLE_MS;
  return { ownMs: each(after.ownMs - before.ownMs), behindMs: each(after.behindMs - before.behindMs) };
}

const say = (text: string) => process.stdout.write(`${text}\n`);

function print(name: string, figures: readonly Figures[]): void {
  say(`\n${CASES[name]?.title} (load ${loadavg()[0]?.toFixed(1)})`);
  say('sender   deliveries/s  of axios   CPU µs (+ database)   at 50 events/s: p50 ms  p99 ms   CPU µs (+ database)');
  for (const one of figures) {
    const burst = `${one.cpuMicros.toFixed(0)} (+ ${one.behindMicros.toFixed(0)})`;
    const calm = `${one.pacedCpuMicros.toFixed(0)} (+ ${one.pacedBehindMicros.toFixed(0)})`;
    say(
      `${one.sender.padEnd(8)} ${one.perSecond.toFixed(0).padStart(12)} ${one.ratio.toFixed(2).padStart(9)} ${burst.padStart(21)} ${one.p50Ms.toFixed(1).padStart(23)} ${one.p99Ms.toFixed(1).padStart(7)} ${calm.padStart(21)}`,
    );
  }
}

async function run(stage: Stage): Promise<void> {
  const ours = await startOurs(stage);
  const senders = [startLoop(stage, 'axios'), startLoop(stage, 'fetch'), ours];
  try {
    const names = option('--only')?.split(',') ?? Object.keys(CASES);
    const figures: Figures[] = [];
    for (const name of names) {
      const found = await measure(stage, name, senders);
      print(name, found);
      figures.push(...found);
    }
    const atRest = await idle(ours);
    say(`\nat rest: ${atRest.ownMs.toFixed(1)} ms of processor time a second (+ ${atRest.behindMs.toFixed(1)} of the database)`);
    const file = option('--json');
    if (file !== undefined)
      writeFileSync(file, `${JSON.stringify({ isSmall, rounds: ROUNDS, load: loadavg(), figures, atRest }, null, 2)}\n`);
  } finally {
    await Promise.all(senders.map((sender) => sender.stop()));
  }
}

ensureBuilt();
const books = await openWebhookBooks(RECORDS);
const receivers = startChild<ReceiverOrder, Opened | Arrived | object>('webhooks-receiver.ts');
const stopped = new Promise<never>((_, fail) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => fail(new Error('Stopped.')));
});
try {
  await Promise.race([stopped, run({ books, receivers, next: 1_000 })]);
} finally {
  receivers.stop();
  await books.stop();
}
