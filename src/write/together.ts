/**
 * Inputs of one command that came at once, from one tenant and with equal access, in one transaction: read, decided, written and
 * answered together, each in the name of its own actor and request and under its own key. What comes of each is what would have come
 * of it had they been done one after the other, in this order.
 */
import { isDomainError } from '../kernel/errors.ts';
import { type Author, apply, guard } from './applying.ts';
import type { Change, CommandContext, CommandDefinition, Decision } from './command.ts';
import type { REUSED, Remembered } from './idempotency.ts';
import { doneBefore, keep } from './keys-together.ts';
import { isRefused, NotTogether, type Outcome, refusalOrThrow, type Settled } from './outcome.ts';
import type { AnswerRead, Asked } from './requests.ts';
import { opened, remembered, type WriteEngines } from './single.ts';
import { type Opened, refusedFor } from './opening.ts';
import { inTransaction, type Session } from './transaction.ts';

/** Who waits longer for the row of somebody else does so alone. */
const LOCK_TIMEOUT_MS = 1_000;

interface Decided {
  readonly index: number;
  readonly asked: Asked;
  readonly decision: Change | { readonly unchanged: string };
  readonly context: CommandContext;
}

/** In the order given. No two of them have one key, and none is a dry run. @throws NotTogether, and what went wrong with all of it: nothing was written then */
export async function runTogether(engines: WriteEngines, items: readonly Asked[]): Promise<readonly Settled[]> {
  const [first] = items;
  if (!first) return [];
  const { tenantId } = first.request.principal;
  const options = { pool: engines.pool, tenantId, isSmall: true, lockTimeoutMs: LOCK_TIMEOUT_MS };
  const settled = await inTransaction(options, (session) => inOne(engines, session, items));
  engines.committed();
  return settled;
}

async function inOne(engines: WriteEngines, session: Session, items: readonly Asked[]): Promise<readonly Settled[]> {
  const [first] = items as readonly [Asked];
  const { definition } = first;
  const [before, { context: common, tx, pairs }] = await Promise.all([
    doneBefore(session, items),
    opened(engines, session, { definition, request: first.request, isShared: true }),
  ]);
  const settled = new Map<number, Settled>();
  const replays = [...before].map(async ([index, stored]) => {
    const outcome = await replay(session, items[index] as Asked, stored);
    settled.set(index, () => outcome);
  });
  await Promise.all(replays);
  for (const [index, { request }] of items.entries()) {
    const refused = refusedFor(request.principal, definition.permission, pairs);
    if (refused && !settled.has(index)) settled.set(index, () => ({ ok: false, problems: [refused] }));
  }
  const fresh = [...items.entries()].filter(([index]) => !settled.has(index));
  if (fresh.length === 0) return items.map((_, index) => settled.get(index) as Settled);
  const [, one] = fresh[0] as readonly [number, Asked];
  const facts = await definition.facts(
    tx,
    fresh.map(([, { input }]) => input),
    { ...common, principal: one.request.principal },
  );
  const decided: Decided[] = [];
  for (const [index, asked] of fresh) {
    const context = { ...common, principal: asked.request.principal };
    const decision = attempt(() => definition.decide(facts, asked.input, context));
    if (typeof decision === 'function') settled.set(index, decision);
    else decided.push({ index, asked, decision, context });
  }
  for (const [index, outcome] of await written(engines, session, { decided, pairs })) settled.set(index, () => outcome);
  return items.map((_, index) => settled.get(index) as Settled);
}

/** A refusal is one's own; after a fault nobody knows what the others were decided on. */
function attempt(decide: () => Decision): Change | { readonly unchanged: string } | Settled {
  try {
    const decision = decide();
    return isRefused(decision) ? () => ({ ok: false, problems: decision.refused }) : decision;
  } catch (error) {
    if (!isDomainError(error) || error.code === 'CONFLICT_RETRY') throw error;
    return () => refusalOrThrow(error);
  }
}

interface Writing {
  readonly decided: readonly Decided[];
  readonly pairs: Opened['pairs'];
}

/** The outcomes of those that were decided on, by their places, with their keys. @throws NotTogether */
async function written(
  engines: WriteEngines,
  session: Session,
  { decided, pairs }: Writing,
): Promise<ReadonlyMap<number, Outcome>> {
  const [first] = decided;
  if (!first) return new Map();
  const { definition } = first.asked;
  const changed = decided.flatMap(({ decision, ...one }) => ('rows' in decision ? [{ ...one, change: decision }] : []));
  const authors = changed.map(
    ({ change, context, asked }): Author => ({ changes: [change], context, requestId: asked.request.requestId }),
  );
  refuseUnguarded(definition, authors, changed);
  const behind = () => answersOf(session, decided);
  const deeds = changed.map(({ index, change, context }) => ({ index, change, personId: context.principal.personId }));
  const done =
    changed.length > 0
      ? await apply(engines, session, { definition, authors, pairs, deeds, behind })
      : { conflicts: null, behind: await behind() };
  if (done.conflicts) {
    const problems = [...done.conflicts];
    throw new NotTogether(new Map(problems.map(([index, problem]) => [index, () => ({ ok: false, problems: [problem] })])));
  }
  const outcomes = decided.map((one, i) => ({ ...one, outcome: outcomeOf(one, done.behind[i] ?? null) }));
  keep(session, engines.clock.now(), outcomes);
  return new Map(outcomes.map(({ index, outcome }) => [index, outcome]));
}

/** The others anew: they were decided as if this had been done. */
function refuseUnguarded(
  definition: CommandDefinition,
  authors: readonly Author[],
  changed: readonly Pick<Decided, 'index'>[],
): void {
  const settled = new Map<number, Settled>();
  authors.forEach((author, i) => {
    try {
      guard(definition, author);
    } catch (error) {
      settled.set(changed[i]?.index ?? 0, () => refusalOrThrow(error));
    }
  });
  if (settled.size > 0) throw new NotTogether(settled);
}

const recordIdOf = (decision: Decided['decision']): string => ('rows' in decision ? decision.recordId : decision.unchanged);

const outcomeOf = ({ decision }: Decided, answer: unknown): Outcome => ({
  ok: true,
  recordId: recordIdOf(decision),
  isNew: 'rows' in decision,
  answer,
  secret: 'rows' in decision ? (decision.secret ?? null) : null,
});

/** In the order of what was decided. One statement for all that select the same: they may see the same. */
async function answersOf(session: Session, decided: readonly Decided[]): Promise<readonly unknown[]> {
  const answers = decided.map((): unknown => null);
  const hashes = new Set(decided.map(hashOf));
  const reading = [...hashes].map(async (hash) => {
    const places = [...decided.entries()].filter(([, one]) => hashOf(one) === hash);
    const answer = places[0]?.[1].asked.request.answer;
    if (!answer) return;
    const wanted = places.map(([, { asked, decision }]) => ({ id: recordIdOf(decision), principal: asked.request.principal }));
    const found = await allOf(session, answer, wanted);
    places.forEach(([place], i) => {
      answers[place] = found[i] ?? null;
    });
  });
  await Promise.all(reading);
  return answers;
}

const hashOf = ({ asked }: Decided): string | undefined => asked.request.answer?.selectionHash;

type Wanted = Parameters<NonNullable<AnswerRead['readAll']>>[1];
const allOf = async (session: Session, answer: AnswerRead, wanted: Wanted): Promise<readonly unknown[]> =>
  answer.readAll?.(session, wanted) ?? Promise.all(wanted.map(({ id }) => answer.read(session, id)));

const replay = (session: Session, { request }: Asked, stored: Remembered | typeof REUSED): Promise<Outcome> | Outcome =>
  'code' in stored ? { ok: false, problems: [stored] } : remembered(session, stored, request);
