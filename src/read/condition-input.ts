/** What conditions of every kind (`where`, `having`) have in common as inputs: how large they may be, and how they are refused. */
import { DomainError } from '../kernel/errors.ts';
import { all, mapped, type Maybe } from './later.ts';

/** How deep conditions may nest, and how many values a list may have. */
const DEPTH_MAX = 10;
const VALUES_MAX = 1_000;

// graphql-js takes an error that has a path of its own for one that it has located already, so the path goes into details
export const refused = (path: readonly string[], problem: string): DomainError =>
  new DomainError('INVALID_INPUT', `${path.join('.')} ${problem}.`, { details: { path } });

/** @throws DomainError INVALID_INPUT */
export function refuseDepth(depth: number, path: readonly string[]): void {
  if (depth > DEPTH_MAX) throw refused(path, `nests deeper than ${DEPTH_MAX} levels`);
}

/** The values of `in` and `notIn`. @throws DomainError TOO_MANY_ITEMS */
export function listOf<T>(value: unknown, path: readonly string[]): Maybe<readonly T[]> {
  return mapped(Array.isArray(value) ? all<T[]>(value) : (value as Maybe<readonly T[]>), (list) => {
    if (list.length <= VALUES_MAX) return list;
    throw new DomainError(
      'TOO_MANY_ITEMS',
      `${path.join('.')} has ${list.length} values, and at most ${VALUES_MAX} are allowed.`,
      { details: { path } },
    );
  });
}
