import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { exponentialBackoff } from '../../outbox/backoff.ts';
import { ATTEMPTS_MIN_COUNT, nextAttemptAt, PAUSES, TRIED_FOR_MS } from './retry.rules.ts';

const START_MS = Date.UTC(2026, 0, 1);

/** When each attempt is made, in milliseconds from the first, by a receiver that never takes it. */
function attempts({ seed, tookMs, retryAfterMs }: { seed: number; tookMs: number; retryAfterMs: number | null }): number[] {
  const pauseOf = exponentialBackoff({ ...PAUSES, random: seededRandom(seed) });
  const made = [0];
  for (;;) {
    const now = new Date(START_MS + (made.at(-1) ?? 0) + tookMs);
    const attemptCount = made.length;
    const next = nextAttemptAt({
      now,
      firstAttemptAt: new Date(START_MS),
      attemptCount,
      pauseMs: pauseOf(attemptCount),
      retryAfterMs,
    });
    if (next === null) return made;
    made.push(next.getTime() - START_MS);
  }
}

const scripts = fc.record({
  seed: fc.integer(),
  tookMs: fc.integer({ min: 0, max: 60_000 }),
  retryAfterMs: fc.option(fc.integer({ min: 0, max: 86_400_000 })),
});

it('a message that is never taken is tried twelve times or more, over 72 hours, the last time when they are over', () => {
  fc.assert(
    fc.property(scripts, (script) => {
      const made = attempts({ ...script, retryAfterMs: null });
      expect(made.length).toBeGreaterThanOrEqual(ATTEMPTS_MIN_COUNT);
      expect(made.length).toBeLessThan(40);
      expect(made.at(-1)).toBe(TRIED_FOR_MS);
    }),
    { seed: 1, numRuns: 200 },
  );
});

it('never before the receiver asked for, and never given up before 72 hours and twelve attempts', () => {
  fc.assert(
    fc.property(scripts, (script) => {
      const made = attempts(script);
      const { tookMs, retryAfterMs } = script;
      expect(made.length).toBeGreaterThanOrEqual(ATTEMPTS_MIN_COUNT);
      expect(made.at(-1)).toBeGreaterThanOrEqual(TRIED_FOR_MS);
      for (const [i, at] of made.slice(1).entries())
        expect(at - (made[i] ?? 0) - tookMs).toBeGreaterThanOrEqual(retryAfterMs ?? 0);
    }),
    { seed: 2, numRuns: 200 },
  );
});

it('the pauses differ by chance, so that what failed together does not come back together', () => {
  const second = Array.from({ length: 50 }, (_, seed) => attempts({ seed, tookMs: 0, retryAfterMs: null })[1] ?? 0);
  expect(new Set(second).size).toBeGreaterThan(40);
  for (const ms of second) expect(ms).toBeGreaterThanOrEqual(PAUSES.firstMs * 0.8);
});
