/** When a failed attempt is made again. */
import { type Randomness, systemRandom } from '../kernel/random.ts';

/** The pauses between the attempts at a delivery. Doubles from `firstMs` to `maxMs`, each pause moved by up to a fifth so that what failed together doesn't come back together. */
export const exponentialBackoff =
  ({ firstMs, maxMs, random = systemRandom }: { firstMs: number; maxMs: number; random?: Randomness }) =>
  (attempt: number): number => {
    const [a = 0, b = 0] = random.bytes(2);
    return Math.min(firstMs * 2 ** (attempt - 1), maxMs) * (0.8 + (0.4 * (a * 256 + b)) / 65_535);
  };
