/** Where the messages of one subscription go, and how its pace is kept: who takes nothing is cut off, who is slow is waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import { monotonicMs } from '../../kernel/clock.ts';

export interface LiveSink {
  /**
   * JSON texts of execution results, in order, and the place of each in the log, which streams of another kind don't have. They are
   * shared by all of a group: never change them, nor keep the list.
   */
  next(payloads: readonly Buffer[], positions?: readonly bigint[]): void;
  /** No more comes; null: complete. */
  end(errors: readonly GraphQLError[] | null): void;
  /** It takes nothing any more: ends its connection, so that the client comes again and resumes. */
  cut(): void;
  /** What the connection hasn't taken yet. */
  readonly waitingBytes: number;
}

export interface Pace {
  /** Above it nothing more is sent until some was taken. */
  readonly bytes: number;
  /** Who takes nothing for so long is cut. */
  readonly stallMs: number;
  /** Who takes nothing for a moment while so many more are waiting is cut too. */
  readonly waitingMaxCount: number;
}

/** A burst takes a moment on its way to the healthiest of clients. */
const MOMENT_MS = 1_000;
const PAUSE_MS = { first: 5, most: 200 };

/** Resolves when the sink has taken what it was sent, or when it was cut, or when `isOver` says so. */
export async function untilTaken(
  sink: LiveSink,
  { pace, waiting, isOver }: { readonly pace: Pace; readonly waiting: () => number; readonly isOver: () => boolean },
): Promise<void> {
  let before = sink.waitingBytes;
  let movedAtMs = monotonicMs();
  let pauseMs = PAUSE_MS.first;
  while (before > pace.bytes && !isOver()) {
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS.most);
    const now = sink.waitingBytes;
    const stalledMs = now < before ? 0 : monotonicMs() - movedAtMs;
    if (stalledMs === 0) movedAtMs = monotonicMs();
    before = now;
    if (stalledMs > pace.stallMs || (stalledMs > MOMENT_MS && waiting() > pace.waitingMaxCount)) return sink.cut();
  }
}
