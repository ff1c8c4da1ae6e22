// What sending itself costs: a loop over axios, or over Node's own fetch, that signs each message and posts it, as many at once as ours. It keeps
// the order of each record and nothing else: no log, no retries, no attempts that anybody could look at.
import { Agent } from 'node:http';
import axios from 'axios';
import { signMessage } from '../../src/connect/signature.ts';
import { answerOrders } from './child.ts';
import { sharedMs } from './live-clock.ts';
import type { PeerOrder, PrepareOrder, Published, PublishOrder } from './webhooks-orders.ts';

type Post = (url: string, body: string, headers: Record<string, string>) => Promise<number>;

const client = axios.create({
  httpAgent: new Agent({ keepAlive: true }),
  transformRequest: [(data: unknown) => data],
  transformResponse: [],
  validateStatus: () => true,
});
const POSTS: Readonly<Record<string, Post>> = {
  axios: async (url, body, headers) => (await client.post(url, body, { headers })).status,
  fetch: async (url, body, headers) => {
    const answer = await fetch(url, { method: 'POST', body, headers });
    await answer.arrayBuffer();
    return answer.status;
  },
};

const post = POSTS[process.env['WEBHOOKS_PEER'] ?? ''] as Post;
let prepared: PrepareOrder | null = null;

async function send(to: number, number: number, text: string): Promise<void> {
  const { urls, secrets } = prepared as PrepareOrder;
  const body = text.replace(/"recordVersion":\d+/, `"recordVersion":${number}`);
  const signed = signMessage({ id: `evt_${number}`, at: new Date(), body, secrets: [secrets[to] ?? ''] });
  const status = await post(urls[to] ?? '', body, { ...signed, 'content-type': 'application/json' });
  if (status !== 204) throw new Error(`${urls[to]} answered ${status}.`);
}

async function publish({ from, topics }: PublishOrder): Promise<Published> {
  const { urls, texts, perEndpoint } = prepared as PrepareOrder;
  const before = process.cpuUsage();
  const atMs = sharedMs();
  const messages = topics.map((topic, i) => ({ topic, number: from + i, text: texts[topic] ?? '' }));
  // a record always goes the same way, so its order holds
  const ways = Array.from({ length: perEndpoint }, (_, way) => messages.filter(({ topic }) => topic % perEndpoint === way));
  const along = async (to: number, way: typeof messages): Promise<void> => {
    for (const { number, text } of way) await send(to, number, text);
  };
  await Promise.all(urls.flatMap((_, to) => ways.map((way) => along(to, way))));
  const { user, system } = process.cpuUsage(before);
  return { atMs, cpuMicros: user + system };
}

answerOrders(async (order: PeerOrder): Promise<object> => {
  if (order.kind === 'publish') return publish(order);
  prepared = order;
  return {};
});
