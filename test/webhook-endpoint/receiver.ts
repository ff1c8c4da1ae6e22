// Somebody's receiver: takes what is posted, misbehaves as it is told to, and says what it has seen.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export interface Message {
  readonly type: string;
  readonly timestamp: string;
  readonly cursor: string;
  readonly data: Record<string, unknown> & { recordId: string; recordVersion: number; payload: Record<string, unknown> };
}

export interface Came {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly message: Message;
}

/** What to do with a message: a status, with headers and a body, or a fault of the connection. */
export type Behaviour =
  | number
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | 'DROP'
  | 'HANG'
  | 'HALF';

export interface Receiver {
  readonly url: string;
  /** All that came, taken or not, in order. */
  readonly came: readonly Came[];
  /** What was answered with 200 to 299, in order. */
  readonly taken: readonly Came[];
  /** From now on. */
  behave(how: (came: Came, nth: number) => Behaviour): void;
  close(): Promise<void>;
}

/** Takes everything, until it is told otherwise. */
export async function startReceiver(): Promise<Receiver> {
  const came: Came[] = [];
  const taken: Came[] = [];
  let how: (came: Came, nth: number) => Behaviour = () => 204;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const one = { path: request.url ?? '', headers: request.headers, text, message: JSON.parse(text) as Message };
      came.push(one);
      const behaviour = how(one, came.length - 1);
      const status = typeof behaviour === 'number' ? behaviour : typeof behaviour === 'object' ? behaviour.status : 0;
      if ((status >= 200 && status <= 299) || behaviour === 'HALF') taken.push(one);
      answer(response, behaviour);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  afterAll(close);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    came,
    taken,
    behave: (next) => void (how = next),
    close,
  };
}

function answer(response: ServerResponse, behaviour: Behaviour): void {
  if (behaviour === 'DROP') response.destroy();
  else if (behaviour === 'HANG') return;
  else if (behaviour === 'HALF') {
    response.writeHead(200, { 'content-length': '1000' }).write('half');
    setTimeout(() => response.destroy(), 5);
  } else if (typeof behaviour === 'number') response.writeHead(behaviour).end();
  else response.writeHead(behaviour.status, behaviour.headers ?? {}).end(behaviour.body ?? '');
}
