/**
 * One input of one command in one transaction: the key claimed, what it needs read, decided, written, answered, the answer stored with
 * the key. What others do together (`together.ts`) comes to the same.
 */
import type { Clock } from '../kernel/clock.ts';
import { apply, type ApplyEngines, guard } from './applying.ts';
import type { CommandDefinition } from './command.ts';
import { claimKey, type Remembered, storeAnswer } from './idempotency.ts';
import { open, type Opened, type OpeningEngines } from './opening.ts';
import { isRefused, type Outcome, refusalOrThrow, RolledBack } from './outcome.ts';
import type { WritePool } from './pool.ts';
import type { Asked, RunRequest, SetRequest } from './requests.ts';
import { inTransaction, type Session } from './transaction.ts';

export interface WriteEngines extends OpeningEngines, ApplyEngines {
  readonly pool: WritePool;
  readonly clock: Clock;
  /** Told after each commit, so that the sealer need not wait for its next look. */
  readonly committed: () => void;
}

export function opened(
  engines: OpeningEngines,
  session: Session,
  asked: { readonly definition: CommandDefinition; readonly request: SetRequest; readonly isShared?: boolean },
): Promise<Opened> {
  const { definition, request, isShared = false } = asked;
  const { name, observes = false, permission } = definition;
  const { principal, observing = null } = request;
  if (observes !== (observing !== null)) throw new Error(`${name} ${observes ? 'only observes' : 'observes nothing'}`);
  return open(engines, session, { principal, permission, observing, isShared });
}

/** Refusals come back as problems. @throws faults, missing rights, and what may be tried again */
export async function runOnce(engines: WriteEngines, asked: Asked): Promise<Outcome> {
  const { tenantId } = asked.request.principal;
  try {
    const outcome = await inTransaction({ pool: engines.pool, tenantId, isSmall: true }, (session) =>
      inOne(engines, session, asked),
    );
    engines.committed();
    return outcome;
  } catch (error) {
    return refusalOrThrow(error);
  }
}

async function inOne(engines: WriteEngines, session: Session, asked: Asked): Promise<Outcome> {
  const { definition, input, request, key } = asked;
  const [before, { context, tx, pairs, refused }] = await Promise.all([
    key ? claimKey(session, key, engines.clock.now()) : null,
    opened(engines, session, asked),
  ]);
  if (before) return remembered(session, before, request);
  if (refused) throw new RolledBack({ ok: false, problems: [refused] });
  const facts = await definition.facts(tx, [input], context);
  const decision = definition.decide(facts, input, context);
  if (isRefused(decision)) throw new RolledBack({ ok: false, problems: decision.refused });
  const change = 'unchanged' in decision ? null : decision;
  const recordId = change ? change.recordId : (decision as { unchanged: string }).unchanged;
  const read = async () => (await request.answer?.read(session, recordId)) ?? null;
  let answer: unknown;
  if (change) {
    const author = { changes: [change], context, requestId: request.requestId };
    guard(definition, author);
    const deeds = [{ index: 0, change, personId: request.principal.personId }];
    const done = await apply(engines, session, { definition, authors: [author], pairs, deeds, behind: read });
    if (done.conflicts) throw new RolledBack({ ok: false, problems: [...done.conflicts.values()] });
    answer = done.behind;
  } else answer = await read();
  const outcome: Outcome = { ok: true, recordId, isNew: change !== null, answer, secret: change?.secret ?? null };
  if (request.dryRun) throw new RolledBack(outcome);
  if (key) {
    const selectionHash = answer === null ? null : (request.answer?.selectionHash ?? null);
    const stored = answer === null ? null : JSON.stringify(answer);
    session.atLast(storeAnswer({ request: key, recordKind: definition.record, recordId, selectionHash, answer: stored }));
  }
  return outcome;
}

/** What an earlier request under the key left; another selection is read anew, without an effect. */
export async function remembered(session: Session, before: Remembered, { answer }: RunRequest): Promise<Outcome> {
  const { recordId } = before;
  const isSame = answer !== undefined && before.selectionHash === answer.selectionHash && before.answer !== null;
  const shown = isSame ? (JSON.parse(before.answer ?? 'null') as unknown) : ((await answer?.read(session, recordId)) ?? null);
  return { ok: true, recordId, isNew: false, answer: shown, secret: null };
}
