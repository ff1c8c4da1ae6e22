/** A bare client of the graphql-transport-ws protocol, which can also do what a good client never does. */
import { WebSocket } from 'ws';

export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: { readonly data?: Record<string, unknown>; readonly errors?: readonly Shown[] } & readonly Shown[];
}
interface Shown {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface Client {
  readonly socket: WebSocket;
  readonly messages: Message[];
  readonly closed: Promise<{ code: number; reason: string }>;
  send(message: object | string): void;
  subscribe(id: string, query: string, more?: object): void;
  /** The next message that fits, from the ones that came already on. */
  next(fits: (message: Message) => boolean): Promise<Message>;
  close(): void;
}

export interface ClientOptions {
  readonly url: string;
  readonly origin?: string;
  readonly protocol?: string;
  readonly autoPong?: boolean;
}

const NEXT_MS = 20_000;

export function open({ url, origin, protocol = 'graphql-transport-ws', autoPong = true }: ClientOptions): Promise<Client> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol, {
    autoPong,
    ...(origin === undefined ? {} : { origin }),
  });
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as Message);
    for (const look of waiting) look();
  });
  const closed = new Promise<{ code: number; reason: string }>((done) =>
    socket.on('close', (code, reason) => done({ code, reason: String(reason) })),
  );
  const client: Client = {
    socket,
    messages,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    subscribe: (id, query, more = {}) => client.send({ id, type: 'subscribe', payload: { query, ...more } }),
    next: (fits) =>
      new Promise((done, fail) => {
        const timer = setTimeout(
          () => fail(new Error(`No such message; there were ${JSON.stringify(messages).slice(0, 1_000)}`)),
          NEXT_MS,
        );
        const look = (): void => {
          const found = messages.find(fits);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          done(found);
        };
        waiting.add(look);
        look();
      }),
    close: () => socket.close(),
  };
  return new Promise((done, fail) => {
    socket.on('open', () => done(client));
    socket.on('error', fail);
    socket.on('unexpected-response', (_request, response) => fail(new Error(`status ${response.statusCode}`)));
  });
}

/** Opened and signed in. */
export async function connected(options: ClientOptions, token: string, says: Record<string, string> = {}): Promise<Client> {
  const client = await open(options);
  client.send({ type: 'connection_init', payload: { ...says, authorization: `Bearer ${token}` } });
  await client.next(({ type }) => type === 'connection_ack');
  return client;
}
