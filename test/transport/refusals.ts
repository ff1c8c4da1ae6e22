// How long refusals take. The suite asserts no times; `HOSTILE_REPORT=1` prints the slowest of a file instead.
import { afterAll } from 'vitest';

interface Refusal {
  readonly kind: string;
  readonly ms: number;
}

/** Measures refusals of one test file; the first one of all, which warms the server up, isn't counted. */
export function measuredRefusals(): <T>(kind: string, refuse: () => Promise<T>) => Promise<T> {
  const refusals: Refusal[] = [];
  afterAll(() => {
    if (!process.env['HOSTILE_REPORT']) return;
    const slowest = refusals.slice(1).sort((a, b) => b.ms - a.ms);
    const lines = slowest.slice(0, 5).map(({ kind, ms }) => `  ${ms.toFixed(1).padStart(7)} ms  ${kind}`);
    process.stdout.write(`${slowest.length} refusals, the slowest of them:\n${lines.join('\n')}\n`);
  });
  return async (kind, refuse) => {
    const startMs = performance.now();
    const answer = await refuse();
    refusals.push({ kind, ms: performance.now() - startMs });
    return answer;
  };
}
