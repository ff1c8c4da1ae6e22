// The load of the write bench, in a process of its own: so many connections that each send a mutation, wait for the whole answer, and send the
// next one, each under an idempotency key of its own. Bodies are made before; of an answer only its end and one text in it are looked for.
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { Answer } from './answer-end.ts';
import { quantile } from './quantile.ts';
import { answerOrders } from './child.ts';

export interface LoadOrder {
  readonly port: number;
  readonly path: string;
  /** A JSON body a line. */
  readonly file: string;
  /** One is drawn after the other; none: no authorization is sent. */
  readonly tokens: readonly string[];
  /** In each answer of something that was done. */
  readonly mark: string;
  /** Idempotency keys begin with it. */
  readonly key: string;
  readonly connections: number;
  readonly ms: number;
}

export interface LoadResult {
  readonly answers: number;
  readonly ms: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly loadCpuMs: number;
  /** Without the mark, or with another status than 200; the first of them. */
  readonly refused: number;
  readonly refusal: string | null;
}

interface Counting {
  readonly order: LoadOrder;
  readonly bodies: readonly string[];
  readonly start: number;
  readonly times: number[];
  refused: number;
  refusal: string | null;
  next: number;
}

/** The bytes of the next request. @throws Error when all bodies are used up */
function nextOf(counting: Counting): string {
  const { order, bodies } = counting;
  const n = counting.next++;
  const body = bodies[n];
  if (body === undefined) throw new Error(`All ${bodies.length} prepared requests are used up.`);
  const token = order.tokens[n % order.tokens.length];
  const authorization = token === undefined ? '' : `authorization: Bearer ${token}\r\n`;
  return `POST ${order.path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${authorization}idempotency-key: ${order.key}-${n}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function one(counting: Counting): Promise<void> {
  const { order, start, times } = counting;
  return new Promise((done, fail) => {
    const socket: Socket = connect(order.port, '127.0.0.1').setNoDelay();
    let answer = new Answer();
    let chunks: Buffer[] = [];
    let sent = 0;
    const ask = () => {
      if (performance.now() - start >= order.ms) return socket.destroy();
      answer = new Answer();
      chunks = [];
      sent = performance.now();
      try {
        socket.write(nextOf(counting));
      } catch (error) {
        socket.destroy(error as Error);
      }
      return socket;
    };
    socket.on('connect', ask);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (!answer.take(chunk)) return;
      times.push(performance.now() - sent);
      const whole = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      if (answer.status !== 200 || !whole.includes(order.mark)) {
        counting.refused += 1;
        counting.refusal ??= whole.toString().slice(0, 2_000);
      }
      ask();
    });
    socket.on('error', fail);
    socket.on('close', () => done());
  });
}

async function load(order: LoadOrder): Promise<LoadResult> {
  const bodies = readFileSync(order.file, 'utf8').split('\n').filter(Boolean);
  const cpu = process.cpuUsage();
  const counting: Counting = { order, bodies, start: performance.now(), times: [], refused: 0, refusal: null, next: 0 };
  await Promise.all(Array.from({ length: order.connections }, () => one(counting)));
  const ms = performance.now() - counting.start;
  const { user, system } = process.cpuUsage(cpu);
  const { times, refused, refusal } = counting;
  return {
    answers: times.length,
    ms,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    loadCpuMs: (user + system) / 1_000,
    refused,
    refusal,
  };
}

answerOrders(load);
