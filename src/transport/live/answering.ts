/**
 * One message of a stream as the JSON text of its answer: executed in its tenant's fair turn, its errors shown as over HTTP. While
 * the database is away it is tried again, since an event must never be skipped.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { execute, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { monotonicMs } from '../../kernel/clock.ts';
import { ERROR_CODES, type ErrorCode } from '../../kernel/errors.ts';
import type { GraphContext } from '../../write/context.ts';
import type { Translator } from '../errors.ts';
import type { InFairTurn } from '../fair-turns.ts';

export interface AnsweringParts {
  /** Of all operations. */
  readonly inFairTurn: InFairTurn;
  /** Of streams only, so that many groups don't take all the turns of their tenant. */
  readonly inLiveTurn: InFairTurn;
  readonly translator: Translator;
  readonly onExecuted: () => void;
}

/** @throws what came of the last attempt, when the database stays away */
export type Answer = (args: ExecutionArgs, message: unknown, isOver: () => boolean) => Promise<string>;

const RETRY_FOR_MS = 30_000;
const RETRY_MS = { first: 50, most: 1_000 };
/** So many in a row, then everything else gets its turn. */
const PER_TURN = 50;

export function createAnswer(parts: AnsweringParts): Answer {
  let sinceTurn = 0;
  const once = async (args: ExecutionArgs, message: unknown): Promise<ExecutionResult> => {
    const { tenantId } = (args.contextValue as GraphContext).principal;
    parts.onExecuted();
    sinceTurn += 1;
    if (sinceTurn >= PER_TURN) {
      sinceTurn = 0;
      await nextTurn();
    }
    return parts.inLiveTurn(tenantId, () => parts.inFairTurn(tenantId, async () => execute({ ...args, rootValue: message })));
  };
  return async (args, message, isOver) => {
    const startMs = monotonicMs();
    for (let pauseMs = RETRY_MS.first; ; pauseMs = Math.min(pauseMs * 2, RETRY_MS.most)) {
      const { result, fault } = await once(args, message).then(
        (done) => ({ result: done, fault: done.errors?.find((error) => mayPass(parts.translator.codeOf(error))) }),
        (error: unknown) => ({ result: null, fault: error }),
      );
      if (fault === undefined && result) return textOf(parts, args, result);
      if (!mayPass(parts.translator.codeOf(fault)) || isOver() || monotonicMs() - startMs > RETRY_FOR_MS) throw fault;
      await sleep(pauseMs);
    }
  };
}

/** The same may work later: the database is restarting, or too much is going on. */
const mayPass = (code: string): boolean => Object.hasOwn(ERROR_CODES, code) && ERROR_CODES[code as ErrorCode].retryable;

function textOf({ translator }: AnsweringParts, args: ExecutionArgs, result: ExecutionResult): string {
  const { requestId } = args.contextValue as GraphContext;
  const { errors } = result;
  return JSON.stringify(errors ? { ...result, errors: translator.showFirst(errors, requestId) } : result);
}
