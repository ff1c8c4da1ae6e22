// The load of the read bench, in a process of its own: so many connections that each ask, wait for the whole answer, and ask the next
// question. Requests are bytes made before, and answers are only counted and timed, so that little of the machine goes into asking.
import { connect, type Socket } from 'node:net';

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

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** Knows where one answer ends: by its length, or by the last of its chunks. */
class Answer {
  status = 0;
  private head: Buffer = Buffer.alloc(0);
  private isHeadDone = false;
  private left = 0;
  private isChunked = false;

  /** True with its last byte. */
  take(chunk: Buffer): boolean {
    if (this.isHeadDone) return this.takeBody(chunk);
    this.head = this.head.length === 0 ? chunk : Buffer.concat([this.head, chunk]);
    const end = this.head.indexOf(HEAD_END);
    if (end < 0) return false;
    const text = this.head.toString('latin1', 0, end);
    this.status = Number(text.slice(9, 12));
    this.isChunked = /\r\ntransfer-encoding: *chunked/i.test(text);
    this.left = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    this.isHeadDone = true;
    return this.takeBody(this.head.subarray(end + HEAD_END.length));
  }

  private takeBody(chunk: Buffer): boolean {
    // nobody asks before the answer is whole, so that nothing can follow its last chunk
    if (this.isChunked) return chunk.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
    this.left -= chunk.length;
    return this.left <= 0;
  }
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

process.on('message', (order: LoadOrder) => {
  load(order).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
