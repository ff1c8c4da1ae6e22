// The load of the read bench, in a process of its own: so many connections that each ask, wait for the whole answer, and ask the next
// question. Requests are bytes made before, and answers are only counted and timed, so that little of the machine goes into asking.
import { connect, type Socket } from 'node:net';
import { Answer } from './answer-end.ts';
import { answerOrders } from './child.ts';

export interface LoadOrder {
  readonly port: number;
  readonly requests: readonly string[];
  readonly connections: number;
  readonly ms: number;
}

export interface LoadResult {
  readonly answers: number;
  /** Whose status was not 200. */
  readonly refused: number;
  readonly ms: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export async function load({ port, requests, connections, ms }: LoadOrder): Promise<LoadResult> {
  const bytes = requests.map((text) => Buffer.from(text));
  const times: number[] = [];
  const count = { refused: 0, bytes: 0, next: 0 };
  const start = performance.now();
  const one = (): Promise<void> =>
    new Promise((done, fail) => {
      const socket: Socket = connect(port, '127.0.0.1').setNoDelay();
      let answer = new Answer();
      let sent = 0;
      const ask = () => {
        if (performance.now() - start >= ms) return socket.destroy();
        answer = new Answer();
        sent = performance.now();
        socket.write(bytes[count.next++ % bytes.length] ?? '');
        return socket;
      };
      socket.on('connect', ask);
      socket.on('data', (chunk: Buffer) => {
        count.bytes += chunk.length;
        if (!answer.take(chunk)) return;
        times.push(performance.now() - sent);
        if (answer.status !== 200) count.refused += 1;
        ask();
      });
      socket.on('error', fail);
      socket.on('close', () => done());
    });
  await Promise.all(Array.from({ length: connections }, one));
  const took = performance.now() - start;
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  return { answers: times.length, refused: count.refused, ms: took, bytes: count.bytes, p50Ms: at(0.5), p99Ms: at(0.99) };
}

answerOrders(load);
