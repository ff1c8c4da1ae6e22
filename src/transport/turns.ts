/** Lets only so many pieces of work run at once and only so many wait; whoever comes beyond that is told to come again. */
import { DomainError } from '../kernel/errors.ts';

export interface Turns {
  readonly atOnce: number;
  readonly waiting: number;
}

/** @throws UNAVAILABLE when too many wait already */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

export function createTurns({ atOnce, waiting }: Turns): InTurn {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= waiting)
        throw new DomainError('UNAVAILABLE', 'Too many documents are asked for at once. Try again in a moment.');
      // whoever leaves hands on its place
      await new Promise<void>((enter) => queue.push(enter));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
