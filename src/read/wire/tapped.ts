/**
 * A client of pg's whose messages from the server come here first: pg signs in and minds the session, and never sees the rows that are
 * taken. Where nothing has to be unlocked (TLS), the socket reads into one buffer, so that rows cost no memory.
 */
import { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { endOf, HEADER_BYTES, MessageReader } from './message-reader.ts';

/** False leaves the message to pg. The bytes hold until it returns. */
export type Take = (code: number, bytes: Buffer, start: number) => boolean;

export interface Tapped {
  readonly client: pg.Client;
  readonly stream: Duplex;
}

/** What pg's client has and its types leave out. */
interface Inner {
  readonly stream: Duplex;
  attachListeners(stream: Duplex | EventEmitter): void;
}

/** Of the messages of the server. */
export const Code = {
  CommandComplete: 0x43,
  DataRow: 0x44,
  Error: 0x45,
  ReadyForQuery: 0x5a,
  RowDescription: 0x54,
} as const;

export function tapped(config: pg.ClientConfig, take: Take): Tapped {
  const rest = new EventEmitter();
  const reader = new MessageReader((code, bytes, start) => {
    if (!take(code, bytes, start)) rest.emit('data', bytes.subarray(start - HEADER_BYTES, endOf(bytes, start)));
  });
  const plain = () =>
    new Socket({
      onread: {
        buffer: () => reader.room,
        callback(bytes) {
          reader.took(bytes);
          return true;
        },
      },
    });
  // pg's types leave out what it is called with
  const stream: unknown = ({ ssl }: { readonly ssl?: unknown }) => (ssl ? new Socket() : plain());
  const client = new pg.Client({ ...config, stream: stream as () => Socket });
  const inner = client.connection as unknown as Inner;
  // pg attaches itself to what is left for it
  const attach = inner.attachListeners.bind(inner);
  const first = inner.stream;
  inner.attachListeners = (attached) => {
    attach(rest);
    if (attached !== first) attached.on('data', (chunk: Buffer) => reader.read(chunk));
    attached.on('end', () => rest.emit('end'));
  };
  return {
    client,
    get stream() {
      return inner.stream;
    },
  };
}
