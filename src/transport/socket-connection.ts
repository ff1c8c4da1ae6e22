/**
 * One WebSocket: what may be waiting in it, when it is cut off, and who is on it. Memory of a socket that doesn't read stays below
 * its limit: senders wait from a quarter of it on, and a socket that makes no progress is closed with a code that says so.
 */
import type { Duplex } from 'node:stream';
import type { Context } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Principal } from '../access/principal.ts';
import type { Limits } from '../config.ts';
import { monotonicMs } from '../kernel/clock.ts';
import { framesOf } from './live/frame.ts';

/**
 * Close codes of ours, beside those of the protocol (4400 to 4429, 4500) and of WebSockets (1001, 1009, 1013). Clients of
 * graphql-ws connect again after 4403, 4420 and 1013, with a fresh token where they can, and give up after 4401.
 */
export const CLOSE = {
  unauthorized: [4401, 'Unauthorized'],
  expired: [4403, 'Token expired'],
  accessChanged: [4403, 'Access changed: connect again'],
  tooManySockets: [4430, 'Too many connections of one login'],
  tooSlow: [4420, 'Too slow: connect again and resume'],
  /** It doesn't answer pings; most often nobody is there to read this. */
  silent: [4420, 'Too slow: connect again and resume'],
  goingAway: [1001, 'Going away'],
  tryLater: [1013, 'Try again later'],
  badMessage: [4400, 'Invalid message received'],
  internal: [4500, 'Internal server error'],
} as const;
export type CloseReason = keyof typeof CLOSE;

const CLOSE_GRACE_MS = 5_000;

export class Connection {
  /** The header text that was sent at the start; kept to check again that it still holds. */
  authorization: unknown = null;
  principal: Principal | null = null;
  verifiedAtMs = 0;
  isAlive = true;
  /** What the protocol holds of it; null until it has begun. */
  context: Pick<Context, 'subscriptions' | 'connectionParams'> | null = null;
  readonly socket: WebSocket;
  private readonly raw: Duplex;
  private readonly limits: Limits;
  private readonly onCut: (reason: CloseReason) => void;
  private runningIds: Set<string> | null = null;
  private whenClosed: Promise<void> | null = null;
  private waitingSinceMs: number | null = null;
  private waiting = 0;
  private isClosing = false;
  private readonly beginning: NodeJS.Timeout;

  constructor(input: { socket: WebSocket; raw: Duplex; limits: Limits; onCut: (reason: CloseReason) => void }) {
    this.socket = input.socket;
    this.raw = input.raw;
    this.limits = input.limits;
    this.onCut = input.onCut;
    const tooLate = () => this.close(4408, 'Connection initialisation timeout');
    this.beginning = setTimeout(tooLate, input.limits.socketInitTimeoutMs).unref();
  }

  begin(context: NonNullable<Connection['context']>): void {
    this.context = context;
    clearTimeout(this.beginning);
  }

  /** It is closed: whatever would keep it in memory lets it go. */
  ended(): void {
    clearTimeout(this.beginning);
  }

  /** Of what runs on it, for metrics and limits. */
  get streams(): number {
    return this.context ? Object.keys(this.context.subscriptions).length : 0;
  }

  /** What the client says of itself in the connection's parameters. */
  says(name: string): unknown {
    return this.context?.connectionParams?.[name];
  }

  /** Queries and mutations on their way: a shutdown waits for them. */
  get running(): number {
    return this.runningIds?.size ?? 0;
  }

  begun(id: string): void {
    this.runningIds ??= new Set();
    this.runningIds.add(id);
  }

  done(id: string): void {
    if (this.runningIds?.delete(id) && this.runningIds.size === 0) this.runningIds = null;
  }

  private get closed(): Promise<void> {
    this.whenClosed ??= new Promise((done) => {
      if (this.socket.readyState === this.socket.CLOSED) done();
      else this.socket.once('close', () => done());
    });
    return this.whenClosed;
  }

  /** Resolves when the next message may be made. */
  async send(data: string): Promise<void> {
    // never at once for a closing socket: a fast stream would spin until the close event, which then never gets its turn
    if (this.isClosing || this.socket.readyState !== this.socket.OPEN) return this.closed;
    if (this.socket.bufferedAmount > this.limits.socketBufferMaxBytes) {
      this.cut('tooSlow');
      return this.closed;
    }
    const written = new Promise<void>((done) => this.socket.send(data, () => done()));
    if (this.socket.bufferedAmount < this.limits.socketBufferMaxBytes / 4) return undefined;
    this.waiting += 1;
    this.waitingSinceMs ??= monotonicMs();
    await Promise.race([written, this.closed]);
    this.waiting -= 1;
    // something was taken, so the socket isn't stalled
    this.waitingSinceMs = this.waiting === 0 ? null : monotonicMs();
    return undefined;
  }

  /** What was sent and isn't taken yet. */
  get waitingBytes(): number {
    return this.raw.writableLength;
  }

  /**
   * Messages of a stream, whose payloads many sockets share. They go past `ws`, which would make each frame anew: it neither
   * compresses here nor holds anything back, so what both write stays in order.
   */
  sendPayloads(id: string, payloads: readonly Buffer[]): void {
    if (this.isClosing || this.socket.readyState !== this.socket.OPEN) return;
    this.raw.write(framesOf(id, payloads));
    if (this.raw.writableLength > this.limits.socketBufferMaxBytes) this.cut('tooSlow');
  }

  /** Called by the keep-alive: a socket that takes nothing is cut. */
  checkStall(): void {
    if (this.waitingSinceMs !== null && monotonicMs() - this.waitingSinceMs > this.limits.socketStallTimeoutMs)
      this.cut('tooSlow');
  }

  /** Closes with a code; a socket that doesn't even take that is destroyed a little later. */
  cut(reason: CloseReason): void {
    if (this.isClosing) return;
    this.onCut(reason);
    const [code, text] = CLOSE[reason];
    this.close(code, text);
  }

  close(code?: number, reason?: string): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.socket.close(code, reason);
    const timer = setTimeout(() => this.socket.terminate(), CLOSE_GRACE_MS);
    timer.unref();
    void this.closed.then(() => clearTimeout(timer));
  }
}
