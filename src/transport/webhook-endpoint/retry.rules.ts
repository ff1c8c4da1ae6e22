/** When a delivery is tried again, and when it is given up: not before it was tried twelve times, nor before 72 hours are over. Pure. */

const HOUR_MS = 3_600_000;

/** For so long a delivery is tried, and for so long an endpoint may fail before it is disabled. */
export const TRIED_FOR_MS = 72 * HOUR_MS;
export const ATTEMPTS_MIN_COUNT = 12;
/** Ten seconds after the first attempt, then twice as long each time: eleven attempts in the first six hours, then one each six hours. */
export const PAUSES = { firstMs: 10_000, maxMs: 6 * HOUR_MS };

export interface Tried {
  readonly now: Date;
  readonly firstAttemptAt: Date;
  /** Since then, this one included. */
  readonly attemptCount: number;
  readonly pauseMs: number;
  /** What the endpoint asked for. */
  readonly retryAfterMs: number | null;
}

/** Null: it is given up. The last attempt is made when the time is over, not up to a pause before. */
export function nextAttemptAt({ now, firstAttemptAt, attemptCount, pauseMs, retryAfterMs }: Tried): Date | null {
  const overAtMs = firstAttemptAt.getTime() + TRIED_FOR_MS;
  const nowMs = now.getTime();
  if (nowMs >= overAtMs && attemptCount >= ATTEMPTS_MIN_COUNT) return null;
  const wantedMs = nowMs + pauseMs;
  const nextMs = nowMs < overAtMs && wantedMs > overAtMs ? overAtMs : wantedMs;
  return new Date(Math.max(nextMs, nowMs + (retryAfterMs ?? 0)));
}
