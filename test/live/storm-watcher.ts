// A subscriber that wants to miss nothing: it keeps the cursor of its last message and, whatever ends its connection, comes back with it, as
// docs tell clients to. It notes what it got and never mends anything, so that what is lost or doubled shows.
import type { SeededRandomness } from '../../src/kernel/random.ts';
import { type LightSocket, openLightSocket } from '../bench/live-socket.ts';

interface Message {
  readonly cursor: string;
  readonly gap: { readonly from: string; readonly to: string } | null;
}

export interface Following {
  readonly token: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The position that it begins after. */
  readonly start: number;
  /** Where the server is now. */
  readonly target: { port: number };
  readonly random: SeededRandomness;
}

const RETRY_MS = { from: 20, to: 200 };

export class Watcher {
  readonly got: number[] = [];
  /** When each came, on the clock of the machine. */
  readonly arrivedAtMs: number[] = [];
  readonly gaps: (readonly [from: number, to: number])[] = [];
  /** The close codes that it was given; null where the connection was lost. */
  readonly ends: (number | null)[] = [];
  /** What no subscriber should ever see. */
  readonly faults: string[] = [];
  private cursor: number;
  private socket: LightSocket | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;
  private readonly following: Following;

  constructor(following: Following) {
    this.following = following;
    this.cursor = following.start;
    this.open();
  }

  /** Leaves without a word, and comes back at once. */
  drop(): void {
    this.socket?.destroy();
  }

  stall(): void {
    this.socket?.stall();
  }

  read(): void {
    this.socket?.read();
  }

  leave(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.socket?.destroy();
  }

  private open(): void {
    const { token, query, variables, target } = this.following;
    this.socket = openLightSocket({
      port: target.port,
      token,
      subscription: () => ({ query, variables: { ...variables, after: String(this.cursor) } }),
      onNext: (bytes) => this.take(bytes.toString()),
      onEnd: (code, said) => this.ended(code, said),
    });
  }

  private take(text: string): void {
    const { payload } = JSON.parse(text) as { payload: { data?: Record<string, Message>; errors?: unknown } };
    const [message] = Object.values(payload.data ?? {});
    if (!message || payload.errors !== undefined) return void this.faults.push(text);
    const position = Number(message.cursor);
    if (position <= this.cursor) this.faults.push(`${position} came after ${this.cursor}`);
    this.cursor = position;
    if (message.gap) return void this.gaps.push([Number(message.gap.from), Number(message.gap.to)]);
    this.got.push(position);
    this.arrivedAtMs.push(Date.now());
  }

  private ended(code: number | null, said: string): void {
    if (this.isOver) return;
    this.ends.push(code);
    if (said.startsWith('{')) this.faults.push(said);
    const { random } = this.following;
    this.timer = setTimeout(() => this.open(), RETRY_MS.from + random.int(RETRY_MS.to));
  }
}
