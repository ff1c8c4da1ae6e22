// One case of the live bench over all servers: everybody subscribes, all must show the same for the same events, and then each is told of
// events in turn. A subscriber counts from its first message on, since the protocol has no answer to a subscription.
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql';
import { type LiveBooks, SOCKETS_PER_LOGIN } from './live-books.ts';
import type { LiveCase } from './live-cases.ts';
import type { Delivered } from './live-orders.ts';
import type { Fan } from './live-fans.ts';
import type { Message, PrepareOrder } from './live-peer.ts';
import type { Round } from './live-report.ts';
import { quantile } from './quantile.ts';

export interface Stage {
  readonly asked: LiveCase;
  readonly books: LiveBooks;
  readonly fan: Fan;
  /** The number of the next event, counted for each server. */
  next: number;
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const SETTLE_MS = 1_000;
const SETTLES = 60;
const WARM_SUBSCRIBERS = 100;
const STEP_MS = 5;

/** Makes subscribers and sends events until each of them has heard one; gives the KB of memory that each took. */
export async function gather(stage: Stage): Promise<number> {
  await join(stage, WARM_SUBSCRIBERS);
  for (let i = 0; i < 3; i++) await deliver(stage, topicsOf(stage, 20));
  await stage.fan.crowd.leave();
  await sleep(200);
  const before = await stage.fan.usage(true);
  await join(stage, stage.asked.subscribers);
  const after = await stage.fan.usage(true);
  return (after.rssBytes - before.rssBytes) / stage.asked.subscribers / 1_000;
}

async function join(stage: Stage, count: number): Promise<void> {
  const { fan, asked, books } = stage;
  const { query, argument } = asked;
  const variables = argument === null ? [{}] : books.accountIds.slice(0, asked.topics).map((id) => ({ [argument]: id }));
  await fan.crowd.connect({
    port: fan.running.port,
    count,
    tokens: fan.name === 'ours' ? books.tokens.slice(0, Math.ceil(count / SOCKETS_PER_LOGIN)) : [],
    subscriptions: variables.map((one) => ({ query, operationName: 'Live', variables: one })),
    marker: `"${asked.numberField}":`,
  });
  const all = argument === null ? [0] : range(asked.topics);
  for (let i = 0; i < SETTLES; i++) {
    await publish(stage, all);
    await sleep(SETTLE_MS);
    if ((await fan.crowd.heard()) === count) return;
  }
  throw new Error(`${fan.name}: only ${await fan.crowd.heard()} of ${count} subscribers are told anything.`);
}

async function publish(stage: Stage, topics: readonly number[]): Promise<number> {
  const from = stage.next;
  stage.next += topics.length;
  return stage.fan.publish(topics, from);
}

const topicsOf = ({ asked, next }: Stage, count: number): number[] => range(count).map((i) => (next + i) % asked.topics);

/** All at once, until everybody has all of it. */
async function deliver(stage: Stage, topics: readonly number[], shows = false): Promise<Delivered> {
  const { fan, asked, next: from } = stage;
  await fan.crowd.expect({ from, topics, isFiltered: asked.argument !== null, shows });
  const atMs = await publish(stage, topics);
  return fan.crowd.sent(topics.map(() => atMs));
}

/** What our server shows of an event on each topic. */
async function shownBy(stage: Stage): Promise<Message[]> {
  const { shown } = await deliver(stage, range(stage.asked.topics), true);
  return shown.map((text) => messageIn(stage.asked, text));
}

function messageIn({ field }: LiveCase, text: string): Message {
  const { payload } = JSON.parse(text) as { payload: { data?: Record<string, Message>; errors?: unknown } };
  const message = payload.data?.[field];
  if (!message || payload.errors !== undefined) throw new Error(text.slice(0, 2_000));
  return message;
}

/** Everything but where it stands in the log and the number of the event. */
const compared = ({ numberField }: LiveCase, { cursor: _, event, ...rest }: Message): object => ({
  ...rest,
  event: { ...event, [numberField]: 0 },
});

/**
 * What our server shows of an event on each topic, for the peers to show as well. Asked of a server that is stopped afterwards, since memory
 * that it once needed would count as free for the subscribers that are measured.
 */
export async function learn(teacher: Stage): Promise<PrepareOrder['prepare']> {
  const { asked, books, fan } = teacher;
  const sdl = await sdlOf(fan, books.tokens[0] ?? '');
  await join(teacher, asked.argument === null ? 1 : asked.topics);
  const messages = await shownBy(teacher);
  const { field, argument, numberField } = asked;
  const topics = argument === null ? range(asked.topics).map(String) : books.accountIds.slice(0, asked.topics);
  return { sdl, field, argument, numberField, topics, messages };
}

export async function compare(ours: Stage, peers: readonly Stage[]): Promise<void> {
  const expected = await shownBy(ours);
  for (const peer of peers) {
    const found = await shownBy(peer);
    const at = expected.findIndex((message, i) => {
      const other = found[i];
      return !other || !isDeepStrictEqual(compared(ours.asked, message), compared(ours.asked, other));
    });
    if (at < 0) continue;
    const difference = `ours: ${JSON.stringify(expected[at])}\n${peer.fan.name}: ${JSON.stringify(found[at])}`;
    throw new Error(`${peer.fan.name} shows something else than ours, so nothing is timed.\n${difference}`);
  }
}

async function sdlOf({ running }: Fan, token: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${running.port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: getIntrospectionQuery() }),
  });
  const { data, errors } = (await response.json()) as { data: IntrospectionQuery; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors).slice(0, 2_000));
  return printSchema(buildClientSchema(data));
}

export async function round(stage: Stage): Promise<Round> {
  const { asked } = stage;
  const { burst: size, pace } = asked;
  const burst = size === null ? null : await counted(stage, async () => [await deliver(stage, topicsOf(stage, size))]);
  const paced = await counted(stage, async () => ('perSecond' in pace ? [await steady(stage, pace)] : again(stage, pace)));
  const middle = (pick: (one: Delivered) => number) => quantile(paced.all.map(pick), 0.5);
  const [whole] = burst?.all ?? [];
  return {
    perSecond: whole ? (whole.deliveries * 1_000) / whole.ms : null,
    burstCpuMicros: burst ? burst.cpuMicros : null,
    cpuMicros: paced.cpuMicros,
    behindCpuMicros: paced.behindCpuMicros,
    p50Ms: middle((one) => one.p50Ms),
    p99Ms: middle((one) => one.p99Ms),
    maxMs: Math.max(...paced.all.map((one) => one.maxMs)),
    bytes: middle((one) => one.bytes / one.deliveries),
  };
}

/** With what the server, and whatever stands behind it, worked for each delivery. */
async function counted({ fan }: Stage, work: () => Promise<Delivered[]>) {
  const before = { usage: await fan.usage(), behindMs: fan.behindCpuMs() };
  const all = await work();
  const after = { usage: await fan.usage(), behindMs: fan.behindCpuMs() };
  const deliveries = all.reduce((sum, one) => sum + one.deliveries, 0);
  return {
    all,
    cpuMicros: (after.usage.cpuMicros - before.usage.cpuMicros) / deliveries,
    behindCpuMicros: ((after.behindMs - before.behindMs) * 1_000) / deliveries,
  };
}

async function again(stage: Stage, { events, times }: { events: number; times: number }): Promise<Delivered[]> {
  const all: Delivered[] = [];
  for (let i = 0; i < times; i++) all.push(await deliver(stage, topicsOf(stage, events)));
  return all;
}

/** At a steady rate, whether they are delivered or not: what has become due is told at once. */
async function steady(stage: Stage, { perSecond, seconds }: { perSecond: number; seconds: number }): Promise<Delivered> {
  const topics = topicsOf(stage, perSecond * seconds);
  const { fan, asked, next: from } = stage;
  await fan.crowd.expect({ from, topics, isFiltered: asked.argument !== null });
  const atMs: number[] = [];
  const startMs = performance.now();
  while (atMs.length < topics.length) {
    const due = Math.min(topics.length, Math.floor(((performance.now() - startMs) * perSecond) / 1_000));
    const some = topics.slice(atMs.length, due);
    if (some.length > 0) {
      const sentMs = await publish(stage, some);
      atMs.push(...some.map(() => sentMs));
    }
    await sleep(STEP_MS);
  }
  return fan.crowd.sent(atMs);
}
