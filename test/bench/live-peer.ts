// What both peers of the live bench share: they are given events to deliver, made from what our server showed of the same ones, and serve
// WebSockets until the bench ends.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import './live-probe.ts';

type Fields = Readonly<Record<string, unknown>>;
export type Message = Fields & { readonly event: Fields };

export interface PrepareOrder {
  readonly prepare: {
    readonly sdl: string;
    /** The field of Subscription. */
    readonly field: string;
    /** The argument that names a topic; null: everybody gets everything. */
    readonly argument: string | null;
    /** The values of that argument, by topic. */
    readonly topics: readonly string[];
    /** A message of each topic. */
    readonly messages: readonly Message[];
    /** The field of its event that holds the number. */
    readonly numberField: string;
  };
}

export interface PublishOrder {
  readonly publish: { readonly from: number; readonly topics: readonly number[] };
}

export interface Event {
  /** The value of the argument that it is delivered for. */
  readonly topic: string;
  readonly message: Message;
}

export interface Peer {
  prepare(order: PrepareOrder['prepare']): void;
  publish(events: readonly Event[]): void;
}

export function servePeer(open: (acceptor: WebSocketServer) => Peer): void {
  const server = createServer();
  const peer = open(new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false, handleProtocols }));
  let known: PrepareOrder['prepare'] | null = null;
  process.on('message', (order: Partial<PrepareOrder & PublishOrder>) => {
    if (order.prepare) {
      known = order.prepare;
      peer.prepare(known);
      process.send?.({ isPrepared: true });
    }
    if (order.publish && known) peer.publish(eventsOf(known, order.publish));
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`));
}

const eventsOf = (
  { topics, messages, numberField }: PrepareOrder['prepare'],
  { from, topics: wanted }: PublishOrder['publish'],
): Event[] =>
  wanted.map((topic, i) => {
    const message = messages[topic] as Message;
    const number = from + i;
    return {
      topic: topics[topic] ?? '',
      message: { ...message, cursor: String(number), event: { ...message.event, [numberField]: number } },
    };
  });
