/**
 * The command runner: the only way in which anything is written.
 *
 * A command says what it needs (`facts`: one statement for n inputs, in scope, locked in id order) and what follows
 * (`decide`: pure). Everything else happens here, once, for all of them: the permission, the input's form, the transaction in
 * the tenant's row-level-security session, the idempotency key, the forbidden pairs of duties (every path meets them here), the
 * write guard, the numbers drawn last, n rows per statement, the events into the inbox, the answer read inside the transaction
 * and stored with the key, the bounded retry, the dry run.
 *
 * A mutation is n = 1 (`run`), an import page is n > 1 (`runSet`) over the same code. A refusal rolls everything back and is
 * never stored; in a set it concerns its own input only. A set that can't be written as a whole is run again in halves, in the
 * order given, down to the single input: whatever is wrong with one never takes the others with it, and k bad inputs of n
 * cost about k log n transactions. Only a database that can't be reached ends a set; what was done before stays done.
 */
import { requirePermission } from '../access/principal.ts';
import { DomainError, isDomainError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/input.ts';
import { mapInSlices } from '../kernel/slices.ts';
import { apply, guard } from './applying.ts';
import { type BulkOutcome, type BulkRequest, runBulk } from './bulk.ts';
import { Coalescer } from './coalesce.ts';
import type { CommandDefinition, Problem } from './command.ts';
import { translateDatabaseError } from './database-errors.ts';
import { keyProblem } from './idempotency.ts';
import { underKeys } from './item-keys.ts';
import { attempt, failed, invalidInput, type Outcome, outcomeOf, RefusedOfSet, RolledBack } from './outcome.ts';
import type { Asked, Item, Parts, RunRequest, SetRequest } from './requests.ts';
import { opened, runOnce, type WriteEngines } from './single.ts';
import { runTogether } from './together.ts';
import { inTransaction, type Session } from './transaction.ts';

const RETRIES = 5;
const RETRY_MS = 8;
/** Nothing that one input could be the cause of. */
const ENDS_SET: ReadonlySet<string> = new Set(['UNAVAILABLE', 'LEASE_LOST']);

export interface Engines extends WriteEngines {
  /** How many requests that come at once are done together at most, and how many times one kind of them is under way; 1: each alone. */
  readonly together: { readonly maxCount: number; readonly atOnceMaxCount: number };
  /** Told of a fault of ours with one input of a call that goes on with the others. */
  readonly onFault: (error: unknown) => void;
}

export type { Parts, RunRequest, SetRequest } from './requests.ts';

export class CommandRunner {
  private readonly coalescer: Coalescer;

  constructor(private readonly engines: Engines) {
    this.coalescer = new Coalescer({
      ...engines.together,
      together: (items) => runTogether(engines, items),
      alone: (asked) => this.alone(asked),
    });
  }

  /** Runs one command. Refusals come back as problems; faults and missing rights are thrown. */
  async run(definition: CommandDefinition, input: unknown, request: RunRequest): Promise<Outcome> {
    requirePermission(request.principal, definition.permission);
    const parsed = parseInput(definition.input, input);
    if (!parsed.ok) return { ok: false, problems: invalidInput(parsed.problems) };
    const { idempotencyKey = null, principal } = request;
    const problem = idempotencyKey === null ? null : keyProblem(idempotencyKey);
    if (problem) return { ok: false, problems: [problem] };
    const { tenantId, actorId } = principal;
    const key =
      idempotencyKey === null
        ? null
        : { tenantId, actorId, operation: definition.name, key: idempotencyKey, input: parsed.value };
    const asked = { definition, input: parsed.value, request, key };
    const isAlone = !definition.coalesces || request.dryRun || this.engines.together.maxCount === 1;
    return isAlone ? this.alone(asked) : this.coalescer.run(asked);
  }

  private alone(asked: Asked): Promise<Outcome> {
    return this.retried(() => runOnce(this.engines, asked));
  }

  /** Runs n inputs of one command, each with its own outcome, in the order given. A dry run of inputs with an equal lock key shows each alone. */
  async runSet(definition: CommandDefinition, inputs: readonly unknown[], request: SetRequest): Promise<readonly Outcome[]> {
    requirePermission(request.principal, definition.permission);
    const outcomes: Outcome[] = [];
    const rounds: Item[][] = [];
    const uses = new Map<string, number>();
    const all = await mapInSlices(inputs, (input) => parseInput(definition.input, input));
    all.forEach((parsed, index) => {
      if (!parsed.ok) {
        outcomes[index] = { ok: false, problems: invalidInput(parsed.problems) };
        return;
      }
      const key = request.keys?.get(index) ?? null;
      const wrong = key === null ? null : keyProblem(key);
      if (wrong) {
        outcomes[index] = { ok: false, problems: [wrong] };
        return;
      }
      const names = [`lock ${definition.lockKey?.(parsed.value) ?? String(index)}`, ...(key === null ? [] : [`key ${key}`])];
      const round = Math.max(...names.map((name) => uses.get(name) ?? 0));
      for (const name of names) uses.set(name, round + 1);
      (rounds[round] ??= []).push({ index, value: parsed.value, key });
    });
    for (const round of rounds) {
      const done = await this.page(definition, round, request);
      round.forEach(({ index }, i) => {
        outcomes[index] = done[i] as Outcome;
      });
    }
    return outcomes;
  }

  /** Runs up to 1,000 inputs of one command as one request. */
  runBulk(definition: CommandDefinition, inputs: readonly unknown[], request: BulkRequest): Promise<BulkOutcome> {
    return runBulk({ runner: this, engines: this.engines, definition, inputs, request });
  }

  private async page(definition: CommandDefinition, items: readonly Item[], request: SetRequest): Promise<readonly Outcome[]> {
    const parts = request.parts ?? this.apart(request.principal.tenantId);
    try {
      return await this.together(definition, items, { ...request, parts });
    } catch (error) {
      if (error instanceof RefusedOfSet) return this.without(error.problems, { definition, items, request });
      if (isDomainError(error) && parts.endsSet.has(error.code)) throw error;
      if (items.length === 1) return [failed(error)];
      const half = items.length >> 1;
      const first = await this.page(definition, items.slice(0, half), request);
      return [...first, ...(await this.page(definition, items.slice(half), request))];
    }
  }

  /** All of a set in one transaction at the first try; else nothing of it, and the set ends with CONFLICT_RETRY. */
  atOnce(tenantId: string): Parts {
    return {
      endsSet: new Set(['CONFLICT_RETRY']),
      write: async (work) => {
        try {
          const done = await inTransaction({ pool: this.engines.pool, tenantId }, work);
          this.engines.committed();
          return done;
        } catch (cause) {
          throw new DomainError('CONFLICT_RETRY', 'Not all of it could be written at once.', { cause });
        }
      },
    };
  }

  private apart(tenantId: string): Parts {
    return {
      endsSet: ENDS_SET,
      write: async (work) => {
        const done = await this.retried(() => inTransaction({ pool: this.engines.pool, tenantId }, work));
        this.engines.committed();
        return done;
      },
    };
  }

  /** The others anew: what was decided on them may have built upon what is refused now. */
  private async without(
    problems: ReadonlyMap<number, Problem>,
    { definition, items, request }: { definition: CommandDefinition; items: readonly Item[]; request: SetRequest },
  ): Promise<readonly Outcome[]> {
    const others = items.filter(({ index }) => !problems.has(index));
    const done = others.length > 0 ? [...(await this.page(definition, others, request))] : [];
    return items.map(({ index }): Outcome => {
      const problem = problems.get(index);
      return problem ? { ok: false, problems: [problem] } : (done.shift() as Outcome);
    });
  }

  /** Tried again while others get in the way. @throws what the database threw, translated */
  async retried<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await work();
      } catch (raw) {
        const error = translateDatabaseError(raw);
        if (!(isDomainError(error) && error.code === 'CONFLICT_RETRY') || tries === RETRIES) throw error;
        const jitter = (this.engines.randomness.bytes(1)[0] ?? 0) / 256;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS * 2 ** tries * (0.5 + jitter)));
      }
    }
  }

  private async together(
    definition: CommandDefinition,
    items: readonly Item[],
    request: SetRequest & { readonly parts: Parts },
  ): Promise<readonly Outcome[]> {
    let outcomes: readonly Outcome[] = [];
    try {
      await request.parts.write(async (session) => {
        const set = { principal: request.principal, definition, now: this.engines.clock.now(), items };
        outcomes = await underKeys(session, set, (fresh) => this.decided(session, { definition, items: fresh, request }));
        await request.alongside?.(session, new Map(items.map(({ index }, i) => [index, outcomes[i] as Outcome])));
        if (request.dryRun) throw new RolledBack();
      });
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error;
    }
    return outcomes;
  }

  private async decided(
    session: Session,
    { definition, items, request }: { definition: CommandDefinition; items: readonly Item[]; request: SetRequest },
  ): Promise<readonly Outcome[]> {
    const { context, tx, pairs, refused } = await opened(this.engines, session, { definition, request });
    if (refused) throw new RefusedOfSet(new Map(items.map(({ index }) => [index, refused])));
    const values = items.map((item) => item.value);
    const facts = await definition.facts(tx, values, context);
    const decisions = await mapInSlices(values, (value) => attempt(() => definition.decide(facts, value, context)));
    const { personId } = request.principal;
    const deeds = decisions.flatMap((d, i) => ('rows' in d ? [{ index: items[i]?.index ?? 0, change: d, personId }] : []));
    if (deeds.length === 0) return decisions.map(outcomeOf);
    const author = { changes: deeds.map(({ change }) => change), context, requestId: request.requestId };
    guard(definition, author);
    await request.decided?.(session);
    const work = { definition, authors: [author], pairs, deeds, behind: async () => null };
    const { conflicts } = await apply(this.engines, session, work);
    if (conflicts) throw new RefusedOfSet(conflicts);
    return decisions.map(outcomeOf);
  }
}
