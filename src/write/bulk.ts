/**
 * Many inputs of one command as one request: all of them in one transaction, each part of the set behind a savepoint, so that what is
 * wrong with one never takes the others with it, while the call's key, its answer and all its effects are kept together or not at all.
 */
import { requirePermission } from '../access/principal.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CommandDefinition, Problem } from './command.ts';
import { claimKey, type KeyedRequest, keyProblem, storeAnswer } from './idempotency.ts';
import { type Outcome, RolledBack } from './outcome.ts';
import type { WritePool } from './pool.ts';
import type { RunRequest, SetRequest } from './requests.ts';
import { behindSavepoints } from './savepoints.ts';
import { inTransaction, type Session } from './transaction.ts';

/** Larger loads are what imports are for: a transaction ends within seconds. */
export const BULK_MAX_COUNT = 1_000;

export interface BulkRequest extends Pick<RunRequest, 'principal' | 'requestId' | 'idempotencyKey' | 'dryRun'> {
  /** The name of the call: keys belong to it. */
  readonly operation: string;
  /** By the inputs' places. */
  readonly keys: ReadonlyMap<number, string>;
  /** Reads the records of all inputs that were done, inside the transaction. */
  readonly answer: { readonly selectionHash: string; read(session: Session, recordIds: readonly string[]): Promise<unknown> };
}

/** What came of one input: its record's id, or why it was refused. */
export interface BulkResult {
  readonly recordId: string | null;
  readonly problems: readonly Problem[];
}

export type BulkOutcome =
  | { readonly ok: true; readonly results: readonly BulkResult[]; readonly answer: unknown }
  /** The call itself is refused; nothing was done. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What of it is stored with the key. */
interface Stored {
  readonly results: readonly BulkResult[];
  readonly answer: unknown;
}

interface Runner {
  retried<T>(work: () => Promise<T>): Promise<T>;
  runSet(definition: CommandDefinition, inputs: readonly unknown[], request: SetRequest): Promise<readonly Outcome[]>;
}

interface Engines {
  readonly pool: WritePool;
  readonly clock: Clock;
  readonly committed: () => void;
  readonly onFault: (error: unknown) => void;
}

interface Bulk {
  readonly runner: Runner;
  readonly engines: Engines;
  readonly definition: CommandDefinition;
  readonly inputs: readonly unknown[];
  readonly request: BulkRequest;
}

/** @throws TOO_MANY_ITEMS, FORBIDDEN; with it, and with a fault, nothing was done */
export async function runBulk(bulk: Bulk): Promise<BulkOutcome> {
  const { runner, engines, definition, inputs, request } = bulk;
  const { principal, idempotencyKey = null, operation } = request;
  requirePermission(principal, definition.permission);
  if (inputs.length > BULK_MAX_COUNT) {
    throw new DomainError(
      'TOO_MANY_ITEMS',
      `${operation} takes at most ${BULK_MAX_COUNT} items at once, not ${inputs.length}: send them in several requests, or as a file by startImport.`,
      { details: { allowed: BULK_MAX_COUNT } },
    );
  }
  const problem = idempotencyKey === null ? null : keyProblem(idempotencyKey);
  if (problem) return { ok: false, problems: [problem] };
  const { tenantId, actorId } = principal;
  const key =
    idempotencyKey === null
      ? null
      : { tenantId, actorId, operation, key: idempotencyKey, input: plain([inputs, [...request.keys]]) };
  try {
    const done = await runner.retried(() =>
      inTransaction({ pool: engines.pool, tenantId }, (session) => once(session, bulk, key)),
    );
    engines.committed();
    return { ok: true, ...done };
  } catch (error) {
    if (error instanceof Undone) return { ok: true, ...error.done };
    if (error instanceof DomainError && error.code === 'IDEMPOTENCY_KEY_REUSED')
      return { ok: false, problems: [{ code: error.code, message: error.message, path: error.inputPath ?? [] }] };
    throw error;
  }
}

/** Thrown to undo what was done; its answer is given all the same. */
class Undone extends RolledBack {
  constructor(readonly done: Stored) {
    super();
  }
}

/** What a client sent, as values that have one text. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

async function once(
  session: Session,
  { runner, engines, definition, inputs, request }: Bulk,
  key: KeyedRequest | null,
): Promise<Stored> {
  const { answer, keys, principal, requestId } = request;
  const before = key ? await claimKey(session, key, engines.clock.now()) : null;
  if (before) return remembered(session, before, request);
  const set = { principal, requestId, keys, parts: behindSavepoints(session) };
  const outcomes = await runner.runSet(definition, inputs, set);
  for (const outcome of outcomes) if (!outcome.ok && outcome.fault !== undefined) engines.onFault(outcome.fault);
  const results = outcomes.map(resultOf);
  const done: Stored = { results, answer: await answer.read(session, idsOf(results)) };
  if (request.dryRun) throw new Undone(done);
  if (!key) return done;
  // without an effect there is no key: a call that was refused as a whole may be sent again once its cause is mended
  const [recordId] = idsOf(results);
  if (recordId === undefined) throw new Undone(done);
  session.atLast(
    storeAnswer({
      request: key,
      recordKind: definition.record,
      recordId,
      selectionHash: answer.selectionHash,
      answer: JSON.stringify(done),
    }),
  );
  return done;
}

const resultOf = (outcome: Outcome): BulkResult =>
  outcome.ok ? { recordId: outcome.recordId, problems: [] } : { recordId: null, problems: outcome.problems };

const idsOf = (results: readonly BulkResult[]): string[] => [
  ...new Set(results.flatMap(({ recordId }) => (recordId === null ? [] : [recordId]))),
];

/** Another selection is read anew, without an effect. */
async function remembered(
  session: Session,
  before: { readonly selectionHash: string | null; readonly answer: string | null },
  { answer }: BulkRequest,
): Promise<Stored> {
  const stored = JSON.parse(before.answer ?? 'null') as Stored;
  if (before.selectionHash === answer.selectionHash) return stored;
  return { results: stored.results, answer: await answer.read(session, idsOf(stored.results)) };
}
