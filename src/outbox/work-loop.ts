/** The loop of whoever delivers: round after round, with a rest when there is nothing to do, and a growing one while the database is away. */
import type { WakeUp } from './wake-up.ts';

export interface Round {
  /** Something was done, so the next rest is a short one. */
  readonly isBusy: boolean;
  /** Nothing more can be done before it is woken or time has passed. */
  readonly isToRest: boolean;
}

export interface WorkLoop {
  readonly wakeUp: WakeUp;
  readonly onError: (error: unknown) => void;
  work(): Promise<Round>;
}

const IDLE_MS = { from: 25, to: 250 };
const RETRY_MS = { from: 100, to: 5_000 };

/** Until the signal. What goes wrong is told, and tried again. */
export async function workUntil(signal: AbortSignal, { wakeUp, onError, work }: WorkLoop): Promise<void> {
  let idleMs = IDLE_MS.from;
  let retryMs = RETRY_MS.from;
  while (!signal.aborted) {
    wakeUp.reset();
    try {
      const { isBusy, isToRest } = await work();
      retryMs = RETRY_MS.from;
      idleMs = isBusy ? IDLE_MS.from : Math.min(idleMs * 2, IDLE_MS.to);
      if (isToRest) await wakeUp.pause(idleMs, signal);
    } catch (error) {
      onError(error);
      wakeUp.reset();
      await wakeUp.pause(retryMs, signal);
      retryMs = Math.min(retryMs * 2, RETRY_MS.to);
    }
  }
}
