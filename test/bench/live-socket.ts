// A light client of graphql-transport-ws on a bare TCP socket, for thousands at once in one process: its own frames, one subscription. It
// hands out the bytes of each message as they came and makes nothing of them.
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface Subscription {
  readonly query: string;
  readonly operationName?: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface LightSocketOptions {
  readonly port: number;
  /** Null for a server that asks nobody. */
  readonly token: string | null;
  /** Asked when the server has acknowledged the connection. */
  readonly subscription: () => Subscription;
  /** A `next` message, whole. */
  readonly onNext: (message: Buffer) => void;
  /** Once; the close code that the server gave, null where the connection was lost, and what it said of the operation. */
  readonly onEnd: (code: number | null, said: string) => void;
}

export interface LightSocket {
  /** Stops reading, so that the server's messages wait there. */
  stall(): void;
  /** Reads again what is left in the connection. */
  read(): void;
  /** Gone without a word. */
  destroy(): void;
}

/** Whom the server hasn't accepted by then it has never heard of: when thousands come at once, some are lost on the way. */
const ACCEPTED_MS = 5_000;
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const HEAD_END = Buffer.from('\r\n\r\n');
/** Which message it is stands in its first bytes, after its id. */
const TYPE_BYTES = 40;

/** With a mask of zeros, which the protocol allows and nobody has to apply. */
function frame(opcode: number, data: Buffer): Buffer {
  const isShort = data.length < 126;
  const head = Buffer.alloc(isShort ? 6 : 8);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (isShort ? data.length : 126);
  if (!isShort) head.writeUInt16BE(data.length, 2);
  return Buffer.concat([head, data]);
}

const text = (message: object): Buffer => frame(TEXT, Buffer.from(JSON.stringify(message)));

export function openLightSocket(options: LightSocketOptions): LightSocket {
  const socket = connect(options.port, '127.0.0.1').setNoDelay();
  socket.setTimeout(ACCEPTED_MS, () => socket.destroy());
  const ending = { code: null as number | null, said: '' };
  const reader = new FrameReader((opcode, data) => take(socket, { opcode, data }, options, ending));
  socket.on('connect', () => {
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    );
  });
  socket.on('data', (chunk: Buffer) => {
    if (!reader.isOpen && reader.open(chunk)) {
      socket.setTimeout(0);
      const init = options.token === null ? {} : { payload: { authorization: `Bearer ${options.token}` } };
      socket.write(text({ type: 'connection_init', ...init }));
    } else if (reader.isOpen) reader.take(chunk);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => options.onEnd(ending.code, ending.said || reader.refusal));
  return {
    stall: () => socket.pause(),
    read: () => socket.resume(),
    destroy: () => socket.destroy(),
  };
}

interface Frame {
  readonly opcode: number;
  readonly data: Buffer;
}

function take(
  socket: Socket,
  { opcode, data }: Frame,
  { subscription, onNext }: LightSocketOptions,
  ending: { code: number | null; said: string },
): void {
  if (opcode === PING) return void socket.write(frame(PONG, data));
  if (opcode === CLOSE) {
    ending.code = data.length < 2 ? null : data.readUInt16BE(0);
    if (data.length > 2) ending.said ||= data.toString('utf8', 2);
    return void socket.end();
  }
  const head = data.toString('latin1', 0, TYPE_BYTES);
  if (head.includes('"type":"next"')) return onNext(data);
  if (head.includes('"connection_ack"')) return void socket.write(text({ id: '1', type: 'subscribe', payload: subscription() }));
  if (head.includes('"type":"ping"')) return void socket.write(text({ type: 'pong' }));
  // an error, or an end that nobody asked for: nothing more will come
  ending.said = data.toString().slice(0, 500);
  return void socket.destroy();
}

/** Cuts what arrives into frames; a message that the server splits would be refused, and none does. */
class FrameReader {
  isOpen = false;
  /** Of a server that didn't become a WebSocket. */
  refusal = '';
  private rest: Buffer | null = null;
  private readonly onFrame: (opcode: number, data: Buffer) => void;

  constructor(onFrame: (opcode: number, data: Buffer) => void) {
    this.onFrame = onFrame;
  }

  /** True when the answer to the upgrade is whole and good. */
  open(chunk: Buffer): boolean {
    const data = this.joined(chunk);
    const end = data.indexOf(HEAD_END);
    if (end < 0) {
      this.rest = data;
      return false;
    }
    if (data.toString('latin1', 9, 12) !== '101') {
      this.refusal = data.toString('latin1', 0, Math.min(end, 200));
      return false;
    }
    this.isOpen = true;
    if (end + HEAD_END.length < data.length) this.take(data.subarray(end + HEAD_END.length));
    return true;
  }

  take(chunk: Buffer): void {
    const data = this.joined(chunk);
    let at = 0;
    while (at + 2 <= data.length) {
      const short = (data[at + 1] ?? 0) & 127;
      const head = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (at + head > data.length) break;
      const size = short === 126 ? data.readUInt16BE(at + 2) : short === 127 ? Number(data.readBigUInt64BE(at + 2)) : short;
      if (at + head + size > data.length) break;
      const first = data[at] ?? 0;
      if ((first & 0x80) === 0) throw new Error('A message came in parts');
      this.onFrame(first & 15, data.subarray(at + head, at + head + size));
      at += head + size;
    }
    if (at < data.length) this.rest = data.subarray(at);
  }

  private joined(chunk: Buffer): Buffer {
    const data = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = null;
    return data;
  }
}
