/** What comes of running a command: done, refused, or failed by our fault. A refusal is something that a person can act on. */
import { DomainError, ERROR_CODES, isDomainError } from '../kernel/errors.ts';
import type { Decision, Problem } from './command.ts';
import { translateDatabaseError } from './database-errors.ts';

export type Outcome =
  | {
      readonly ok: true;
      readonly recordId: string;
      readonly isNew: boolean;
      readonly answer: unknown;
      readonly secret: string | null;
    }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      /** Of an input of a set that failed by our fault (INTERNAL): what was thrown, for the log only. */
      readonly fault?: unknown;
    };

/** Thrown to roll back; never leaves the runner. */
export class RolledBack extends Error {
  constructor(readonly outcome: Outcome | null = null) {
    super('rolled back');
  }
}

/** What came of one of several that are done together: its outcome, or what is thrown to it alone. */
export type Settled = () => Outcome;

/** These have their outcome, and nothing was written: the others are to be done without them. Never leaves the coalescing. */
export class NotTogether extends Error {
  constructor(readonly settled: ReadonlyMap<number, Settled>) {
    super('some of the inputs can not be done with the others');
  }
}

/** Some inputs of a set are refused after they were decided on, so the others must be decided on without them; never leaves the runner. */
export class RefusedOfSet extends Error {
  constructor(readonly problems: ReadonlyMap<number, Problem>) {
    super('some inputs of the set are refused');
  }
}

/** What the form of an input lets not through. */
export const invalidInput = (problems: readonly Omit<Problem, 'code'>[]): Problem[] =>
  problems.map((problem) => ({ code: 'INVALID_INPUT', ...problem }));

export const isRefused = (d: Decision): d is Extract<Decision, { refused: unknown }> => 'refused' in d;
const problemOf = (error: DomainError): Problem => ({ code: error.code, message: error.message, path: error.inputPath ?? [] });

/** Is it a refusal that a person can act on, rather than a fault or a lack of rights? */
const isRefusal = (error: unknown): error is DomainError => isDomainError(error) && ERROR_CODES[error.code].kind === 'USER';

/** A `decide` that throws a refusal (a rule from the kernel) refuses its own input. */
export function attempt(decide: () => Decision): Decision {
  try {
    return decide();
  } catch (error) {
    if (isRefusal(error)) return { refused: [problemOf(error)] };
    throw error;
  }
}

/** What a decision of a set comes to once it is written. */
export const outcomeOf = (decision: Decision): Outcome =>
  isRefused(decision)
    ? { ok: false, problems: decision.refused }
    : {
        ok: true,
        recordId: 'unchanged' in decision ? decision.unchanged : decision.recordId,
        isNew: !('unchanged' in decision),
        answer: null,
        secret: null,
      };

/** What came of the one input of a set that can't be written: a refusal, a missing right, or a fault whose text stays here. */
export function failed(error: unknown): Outcome {
  if (isDomainError(error)) return { ok: false, problems: [problemOf(error)] };
  return {
    ok: false,
    problems: [{ code: 'INTERNAL', message: 'Something unexpected went wrong on our side.', path: [] }],
    fault: error,
  };
}

export function refusalOrThrow(raw: unknown): Outcome {
  if (raw instanceof RolledBack && raw.outcome) return raw.outcome;
  const error = translateDatabaseError(raw);
  if (isRefusal(error) && error.code !== 'CONFLICT_RETRY') return { ok: false, problems: [problemOf(error)] };
  throw error;
}
