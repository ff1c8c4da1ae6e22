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
import type { MikroORM } from '@mikro-orm/postgresql';
import { requirePermission } from '../access/principal.ts';
import { isDomainError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/input.ts';
import type { EventDefinition } from '../outbox/event.ts';
import { type BulkOutcome, type BulkRequest, runBulk } from './bulk.ts';
import type { Change, CommandDefinition, Problem } from './command.ts';
import { translateDatabaseError } from './database-errors.ts';
import { drawNumbers } from './draw.ts';
import { noteDuties } from './duties.ts';
import { appendEvents } from './events.ts';
import { claimKey, type KeyedRequest, keyProblem, storeAnswer } from './idempotency.ts';
import { underKeys } from './item-keys.ts';
import type { Derivation } from './derivation.ts';
import { open, type Opened, type OpeningEngines } from './opening.ts';
import type { Item, Parts, RunRequest, SetRequest } from './requests.ts';
import { attempt, failed, isRefused, type Outcome, outcomeOf, RefusedOfSet, refusalOrThrow, RolledBack } from './outcome.ts';
import { guardAuthority, guardRow, writeRows } from './rows.ts';
import { inTransaction, type Session } from './transaction.ts';

const RETRIES = 5;
const RETRY_MS = 8;
/** Nothing that one input could be the cause of. */
const ENDS_SET: ReadonlySet<string> = new Set(['UNAVAILABLE', 'LEASE_LOST']);

export interface Engines extends OpeningEngines {
  readonly orm: MikroORM;
  readonly events: ReadonlyMap<string, EventDefinition>;
  readonly derivations: readonly Derivation[];
  /** Told after each commit, so that the sealer need not wait for its next look. */
  readonly committed: () => void;
  /** Told of a fault of ours with one input of a call that goes on with the others. */
  readonly onFault: (error: unknown) => void;
}

export type { Parts, RunRequest, SetRequest } from './requests.ts';

export class CommandRunner {
  constructor(private readonly engines: Engines) {}

  /** Runs one command. Refusals come back as problems; faults and missing rights are thrown. */
  async run(definition: CommandDefinition, input: unknown, request: RunRequest): Promise<Outcome> {
    requirePermission(request.principal, definition.permission);
    const parsed = parseInput(definition.input, input);
    if (!parsed.ok) return { ok: false, problems: parsed.problems.map((p) => ({ code: 'INVALID_INPUT', ...p })) };
    const { idempotencyKey = null, principal } = request;
    const problem = idempotencyKey === null ? null : keyProblem(idempotencyKey);
    if (problem) return { ok: false, problems: [problem] };
    const key =
      idempotencyKey === null
        ? null
        : {
            tenantId: principal.tenantId,
            actorId: principal.actorId,
            operation: definition.name,
            key: idempotencyKey,
            input: parsed.value,
          };
    return this.retried(() => this.once({ definition, input: parsed.value, request, key }));
  }

  /** Runs n inputs of one command, each with its own outcome, in the order given. A dry run of inputs with an equal lock key shows each alone. */
  async runSet(definition: CommandDefinition, inputs: readonly unknown[], request: SetRequest): Promise<readonly Outcome[]> {
    requirePermission(request.principal, definition.permission);
    const outcomes: Outcome[] = [];
    const rounds: Item[][] = [];
    const uses = new Map<string, number>();
    inputs.forEach((input, index) => {
      const parsed = parseInput(definition.input, input);
      if (!parsed.ok) {
        outcomes[index] = { ok: false, problems: parsed.problems.map((p) => ({ code: 'INVALID_INPUT', ...p })) };
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

  private apart(tenantId: string): Parts {
    return {
      endsSet: ENDS_SET,
      write: async (work) => {
        const done = await this.retried(() => inTransaction({ orm: this.engines.orm, tenantId }, work));
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

  private async once(work: {
    definition: CommandDefinition;
    input: unknown;
    request: RunRequest;
    key: KeyedRequest | null;
  }): Promise<Outcome> {
    const { definition, input, request, key } = work;
    const { orm } = this.engines;
    try {
      const outcome = await inTransaction({ orm, tenantId: request.principal.tenantId }, async (session): Promise<Outcome> => {
        const before = key ? await claimKey(session, key, this.engines.clock.now()) : null;
        if (before) return this.remembered(session, { before, request });
        const opened = await this.open(session, definition, request);
        const { context, tx, refused } = opened;
        if (refused) throw new RolledBack({ ok: false, problems: [refused] });
        const facts = await definition.facts(tx, [input], context);
        const decision = definition.decide(facts, input, context);
        if (isRefused(decision)) throw new RolledBack({ ok: false, problems: decision.refused });
        const change = 'unchanged' in decision ? null : decision;
        if (change) {
          const conflict = await this.conflicts(session, { opened, definition, changes: new Map([[0, change]]) });
          if (conflict.size > 0) throw new RolledBack({ ok: false, problems: [...conflict.values()] });
          await this.apply(session, { definition, changes: [change], opened, request });
        }
        const recordId = change ? change.recordId : (decision as { unchanged: string }).unchanged;
        const answer = (await request.answer?.read(session, recordId)) ?? null;
        const done: Outcome = { ok: true, recordId, isNew: change !== null, answer, secret: change?.secret ?? null };
        if (request.dryRun) throw new RolledBack(done);
        if (key) {
          await storeAnswer(session, {
            request: key,
            recordKind: definition.record,
            recordId,
            selectionHash: answer === null ? null : (request.answer?.selectionHash ?? null),
            answer: answer === null ? null : JSON.stringify(answer),
          });
        }
        return done;
      });
      this.engines.committed();
      return outcome;
    } catch (error) {
      return refusalOrThrow(error);
    }
  }

  private async remembered(
    session: Session,
    {
      before,
      request,
    }: { before: { recordId: string; selectionHash: string | null; answer: string | null }; request: RunRequest },
  ): Promise<Outcome> {
    const same = request.answer && before.selectionHash === request.answer.selectionHash && before.answer !== null;
    const answer = same ? JSON.parse(before.answer ?? 'null') : ((await request.answer?.read(session, before.recordId)) ?? null);
    return { ok: true, recordId: before.recordId, isNew: false, answer, secret: null };
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
    const opened = await this.open(session, definition, request);
    const { context, tx, refused } = opened;
    if (refused) throw new RefusedOfSet(new Map(items.map(({ index }) => [index, refused])));
    const values = items.map((item) => item.value);
    const facts = await definition.facts(tx, values, context);
    const decisions = values.map((value) => attempt(() => definition.decide(facts, value, context)));
    const changes = new Map(decisions.flatMap((d, i) => ('rows' in d ? [[items[i]?.index ?? 0, d] as const] : [])));
    const conflicts = await this.conflicts(session, { opened, definition, changes });
    if (conflicts.size > 0) throw new RefusedOfSet(conflicts);
    await this.apply(session, { definition, changes: [...changes.values()], opened, request });
    return decisions.map(outcomeOf);
  }

  private open(session: Session, definition: CommandDefinition, request: SetRequest): Promise<Opened> {
    const { name, observes = false, permission } = definition;
    const { principal, observing = null } = request;
    if (observes !== (observing !== null)) throw new Error(`${name} ${observes ? 'only observes' : 'observes nothing'}`);
    return open(this.engines, session, { principal, permission, observing });
  }

  /** Those changes that the person may not make, by forbidden pairs; when there are none, what it does is noted. */
  private conflicts(
    session: Session,
    work: { opened: Opened; definition: CommandDefinition; changes: ReadonlyMap<number, Change> },
  ): Promise<ReadonlyMap<number, Problem>> {
    const { opened, definition, changes } = work;
    return noteDuties(session, { pairs: opened.pairs, permission: definition.permission, changes, context: opened.context });
  }

  private async apply(
    session: Session,
    work: { definition: CommandDefinition; changes: readonly Change[]; opened: Opened; request: SetRequest },
  ): Promise<void> {
    const { definition, request } = work;
    const { context } = work.opened;
    const { tables, events } = this.engines;
    const scope = { principal: request.principal, permission: definition.permission };
    for (const change of work.changes) {
      for (const row of change.rows) guardRow(row, scope);
      guardAuthority(change, context);
    }
    const derived = await this.derived(session, work.changes, work.opened);
    const changes = await drawNumbers(session, context.tenant.id, [...work.changes, ...derived]);
    await writeRows(session, { tables, tenantId: context.tenant.id, rows: changes.flatMap((c) => c.rows) });
    await appendEvents(session, {
      definitions: events,
      drafts: changes.flatMap((c) => c.events),
      context,
      requestId: request.requestId,
    });
  }

  private async derived(
    session: Session,
    changes: readonly Change[],
    { context }: Opened,
  ): Promise<readonly Pick<Change, 'rows' | 'events'>[]> {
    const all = [];
    for (const derivation of this.engines.derivations) all.push(await derivation.derive(session, changes, context));
    return all;
  }
}
