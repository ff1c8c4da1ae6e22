// Streams over sockets: what the hub writes past the library is what any WebSocket client reads, in order with everything else.
import { expect, it } from 'vitest';
import { framesOf } from '../../src/transport/live/frame.ts';
import type { Client, Message } from '../transport/socket-client.ts';
import { nextOf, socketServer } from '../transport/socket-fixture.ts';

const { connect } = socketServer();

/** The messages of one stream, in the order in which they came. */
const ticksOf = ({ messages }: Client, id: string) =>
  messages.flatMap(({ id: of, payload }) => (of === id ? [String(payload?.data?.['tick'])] : []));
const tick = (id: string, text: string) => (message: Message) => message.id === id && message.payload?.data?.['tick'] === text;

it.each([
  ['short', '1', 0],
  ['of two bytes of length', 'a "quoted" id – ☃', 300],
  ['of eight bytes of length', 'x', 70_000],
])('a client reads messages that are %s, whatever their id', async (_name, id, bytes) => {
  const client = await connect();
  const dots = '.'.repeat(bytes);
  client.subscribe(id, `subscription { tick(everyMs: 1, bytes: ${bytes}) }`);
  expect(await client.next(tick(id, `5${dots}`))).toEqual({ id, type: 'next', payload: { data: { tick: `5${dots}` } } });
  expect(ticksOf(client, id).slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5].map((n) => `${n}${dots}`));
});

it('answers of queries and messages of streams stand whole beside each other, and nothing comes after the end', async () => {
  const client = await connect();
  client.subscribe('s', 'subscription { tick(everyMs: 0, bytes: 500) }');
  for (let n = 0; n < 40; n++) {
    client.subscribe(`q${n}`, '{ __typename }');
    expect(await client.next(nextOf(`q${n}`))).toMatchObject({ payload: { data: { __typename: 'Query' } } });
  }
  await client.next(tick('s', `40${'.'.repeat(500)}`));
  client.send({ id: 's', type: 'complete' });
  client.subscribe('last', '{ __typename }');
  await client.next(nextOf('last'));
  const ticks = ticksOf(client, 's');
  expect(ticks).toEqual(ticks.map((_, n) => `${n}${'.'.repeat(500)}`));
  client.subscribe('later', '{ __typename }');
  await client.next(nextOf('later'));
  expect(ticksOf(client, 's').length).toBe(ticks.length);
});

it('several messages are frames one after the other, made once for all sockets of one id', () => {
  const payloads = [Buffer.from('{"data":1}'), Buffer.from('{"data":2}')];
  const frames = framesOf('7', payloads);
  expect(framesOf('7', payloads)).toBe(frames);
  expect(framesOf('8', payloads).equals(frames)).toBe(false);
  const text = (n: number) => `{"id":"7","type":"next","payload":{"data":${n}}}`;
  const frame = (n: number) => Buffer.concat([Buffer.from([0x81, text(n).length]), Buffer.from(text(n))]);
  expect(frames.equals(Buffer.concat([frame(1), frame(2)]))).toBe(true);
});
