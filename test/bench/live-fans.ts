// The servers of the live bench and their subscribers, as its rounds see them: each is told what happens in its own way, and each has a process
// of subscribers of its own, so that all of them stand beside each other on one machine.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { LiveBooks } from './live-books.ts';
import type { ClientsOrder, ConnectOrder, Delivered } from './live-orders.ts';
import { sharedMs } from './live-clock.ts';
import type { PrepareOrder, PublishOrder } from './live-peer.ts';
import type { Usage } from './live-probe.ts';
import { backendsCpuMs, cpuMs, type Running, startPeer } from './reads-peer.ts';
import { SOURCES } from '../support/processes.ts';

const here = (name: string) => join(import.meta.dirname, name);
/** What a crowd has not answered by then, it never will. */
const ANSWER_MS = 120_000;

export interface Crowd {
  connect(order: Omit<ConnectOrder, 'kind'>): Promise<void>;
  /** How many have heard anything. */
  heard(): Promise<number>;
  /** Gives how many deliveries that will be. */
  expect(order: { from: number; topics: readonly number[]; isFiltered: boolean; shows?: boolean }): Promise<number>;
  sent(atMs: readonly number[]): Promise<Delivered>;
  leave(): Promise<void>;
  stop(): void;
}

export interface Fan {
  readonly name: string;
  readonly running: Running;
  readonly crowd: Crowd;
  /** Tells of an event on each topic, numbered from `from` on; gives when. */
  publish(topics: readonly number[], from: number): Promise<number>;
  usage(afterGc?: boolean): Promise<Usage>;
  /** Processor time of what stands behind it: of ours the worker, which seals, and the database. */
  behindCpuMs(): number;
  stop(): Promise<void>;
}

export const NAMES = ['bare', 'stock', 'ours'] as const;
export type FanName = (typeof NAMES)[number];

const FILES: Readonly<Record<FanName, string>> = { bare: 'live-bare.ts', stock: 'live-stock.ts', ours: 'reads-ours.ts' };

export async function startFan(name: FanName, books: LiveBooks, profile?: string): Promise<Fan> {
  const flags = [
    '--expose-gc',
    ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}/${name}`]),
    '--import',
    here('live-probe.ts'),
  ];
  const { connection, dataDir, databaseUrl } = books;
  const start = { connection, dataDir, databaseUrl, poolMax: 16 };
  const worker = name === 'ours' ? await startPeer({ file: here(FILES.ours) }, { ...start, command: 'worker' }) : null;
  const running = await startPeer({ file: here(FILES[name]), flags }, worker ? { ...start, command: 'serve' } : undefined);
  const crowd = startCrowd();
  return {
    name,
    running,
    crowd,
    publish: (topics, from) => (name === 'ours' ? books.commit(topics, from) : tell(running.child, topics, from)),
    usage: (afterGc = false) => asked<Usage>(running.child, { ask: afterGc ? 'usage after gc' : 'usage' }),
    behindCpuMs: () => (worker ? cpuMs(worker.pid) + backendsCpuMs(books.postmasterPid) : 0),
    stop: async () => {
      crowd.stop();
      await running.stop();
      await worker?.stop();
    },
  };
}

export const prepare = async ({ running }: Fan, order: PrepareOrder['prepare']): Promise<void> => {
  await asked(running.child, { prepare: order });
};

async function tell(child: ChildProcess, topics: readonly number[], from: number): Promise<number> {
  const atMs = sharedMs();
  const order: PublishOrder = { publish: { from, topics } };
  await new Promise<void>((done, fail) => child.send(order, (error) => (error ? fail(error) : done())));
  return atMs;
}

const asked = <T>(child: ChildProcess, question: object): Promise<T> =>
  new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`No answer to ${JSON.stringify(question).slice(0, 100)}`)), ANSWER_MS);
    child.once('message', (answer: T) => {
      clearTimeout(timer);
      done(answer);
    });
    child.send(question);
  });

type Answer = { readonly result: unknown } | { readonly failure: string };

function startCrowd(): Crowd {
  const child = spawn(process.execPath, ['--import', SOURCES, here('live-clients.ts')], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // what a subscriber got that it shouldn't is told between answers as well
  let failure: string | null = null;
  child.on('message', (message: Answer) => {
    if ('failure' in message) failure ??= message.failure;
  });
  const ask = async (order: ClientsOrder): Promise<unknown> => {
    if (failure !== null) throw new Error(failure);
    const answer = await asked<Answer>(child, order);
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.result;
  };
  return {
    connect: async (order) => void (await ask({ kind: 'connect', ...order })),
    heard: async () => (await ask({ kind: 'heard' })) as number,
    expect: async (order) => (await ask({ kind: 'expect', shows: false, ...order })) as number,
    sent: async (atMs) => (await ask({ kind: 'sent', atMs })) as Delivered,
    leave: async () => void (await ask({ kind: 'leave' })),
    stop: () => void child.kill(),
  };
}
