/**
 * Connections for reads, shared by all tenants: who is asking travels with each statement and never outlives it. Short statements
 * go over a few lines, many at once on each; one that takes long, or that nobody knows yet, has a line of its own while it runs.
 * Whatever waits behind a statement that turned out slow is read over another line.
 */
import { monotonicMs } from '../../kernel/clock.ts';
import { noConnection, unanswered } from './failure.ts';
import type { Line } from './line.ts';
import { Lines } from './lines.ts';
import { Paces } from './paces.ts';
import { type Settings, settingsText } from './prepared.ts';
import type { BoundStatement, Read, RowSink } from './read.ts';
import { CONNECT_TIMEOUT_MS, type ReadPoolOptions, readSession } from './session.ts';

export type { BoundStatement, RowSink } from './read.ts';

export interface BytePool {
  /**
   * One prepared statement after the settings of row-level security, in one round trip; rows go to the sink as they come.
   * @throws DomainError TIMEOUT, UNAVAILABLE; any other database error as it is
   */
  run(statement: BoundStatement, settings: Settings, sink: RowSink): Promise<void>;
  end(): Promise<void>;
}

/** Lines on which short statements follow each other. */
const SHARED_MAX = 4;
/** Behind a statement that runs longer nobody waits on. */
const STUCK_MS = 100;
const SWEEP_MS = 25;
/** The server ends a slow statement itself; this much later the line counts as dead. */
const GRACE_MS = 2_000;
/** What was prepared under a name is gone, or gives other columns since a migration. */
const STALE = new Set<unknown>(['26000', '0A000']);

export const createBytePool = (options: ReadPoolOptions): BytePool => new LinePool(options);

class LinePool implements BytePool {
  private readonly deadlineMs: number;
  private readonly paces = new Paces();
  private readonly shared: Lines;
  /** For one statement at a time each. */
  private readonly own: Lines;
  /** Reads for which no line of their own is free, by when they came. */
  private readonly waiting = new Map<Read, number>();
  private underWay = 0;
  private timer: NodeJS.Timeout | null = null;
  private onDone: (() => void) | null = null;

  constructor(options: ReadPoolOptions) {
    this.deadlineMs = options.statementTimeoutMs + GRACE_MS;
    const config = readSession(options);
    const sharedMax = Math.min(SHARED_MAX, Math.ceil(options.max / 2));
    const onLost = (reads: readonly Read[]) => reads.forEach((read) => this.start(read));
    const events = { onLost, onFree: () => this.startWaiting() };
    this.shared = new Lines({ config, max: sharedMax, ...events });
    this.own = new Lines({ config, max: options.max - sharedMax, ...events });
  }

  async run(statement: BoundStatement, settings: Settings, sink: RowSink): Promise<void> {
    if (this.onDone) throw noConnection();
    settingsText(settings);
    this.underWay += 1;
    this.timer ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
    return new Promise((resolve, reject) => {
      const read: Read = {
        statement,
        settings,
        sink,
        expectedMs: 0,
        isAgain: false,
        done: (error, ms) => {
          if (ms !== null) this.paces.note(statement.text, ms);
          if (this.isRepeated(read, error)) return;
          this.underWay -= 1;
          if (this.underWay === 0) this.onDone?.();
          if (error === null) resolve();
          else reject(error);
        },
      };
      this.start(read);
    });
  }

  async end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.onDone = resolve;
      if (this.underWay === 0) resolve();
    });
    this.rest();
    await Promise.all([this.shared.end(), this.own.end()]);
  }

  private start(read: Read): void {
    const line = this.lineFor(read);
    if (line) line.send(read);
    else this.waiting.set(read, monotonicMs());
  }

  private lineFor(read: Read): Line | null {
    const shortMs = this.paces.shortMs(read.statement.text);
    read.expectedMs = shortMs ?? 0;
    const shared = shortMs !== null || this.own.max === 0 ? this.shared.least() : null;
    return shared ?? this.own.idle();
  }

  private startWaiting(): void {
    for (const read of this.waiting.keys()) {
      const line = this.lineFor(read);
      if (!line) return;
      this.waiting.delete(read);
      line.send(read);
    }
  }

  private isRepeated(read: Read, error: unknown): boolean {
    if (read.isAgain || !STALE.has((error as { code?: unknown } | null)?.code)) return false;
    read.isAgain = true;
    this.start(read);
    return true;
  }

  private sweep(): void {
    if (this.underWay === 0) return this.rest();
    const now = monotonicMs();
    for (const line of [...this.shared.all(), ...this.own.all()]) {
      const ranMs = line.headMs(now);
      if (ranMs > this.deadlineMs) line.cut(unanswered());
      else if (ranMs > STUCK_MS && this.own.max > 0) for (const read of line.takeWaiting()) this.start(read);
    }
    for (const [read, since] of this.waiting) {
      if (now - since < CONNECT_TIMEOUT_MS) break;
      this.waiting.delete(read);
      read.done(noConnection(), null);
    }
  }

  /** No timer while there is nothing to look after. */
  private rest(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }
}
