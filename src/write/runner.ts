/**
 * The command runner: the only way in which anything is written.
 *
 * A command says what it needs (`facts`: one statement for n inputs, in scope, locked in id order) and what follows
 * (`decide`: pure). Everything else happens here, once, for all of them: the permission, the input's form, the transaction in
 * the tenant's row-level-security session, the idempotency key, the write guard, the numbers drawn last, n rows per statement,
 * the events into the inbox, the answer read inside the transaction and stored with the key, the bounded retry, the dry run.
 *
 * A mutation is n = 1 (`run`), an import page is n > 1 (`runSet`) over the same code. A refusal rolls everything back and is
 * never stored; in a set it concerns its own input only. A set that can't be written as a whole is run again in halves, in the
 * order given, down to the single input: whatever is wrong with one never takes the others with it, and k bad inputs of n
 * cost about k log n transactions. Only a database that can't be reached ends a set; what was done before stays done.
 */
import type { MikroORM } from '@mikro-orm/postgresql';
import { type Principal, requirePermission } from '../access/principal.ts';
import { type Permission } from '../access/policy.ts';
import { scopeOf } from '../access/scope.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError, ERROR_CODES, isDomainError } from '../kernel/errors.ts';
import { hashOf } from '../kernel/hash.ts';
import { parseInput } from '../kernel/input.ts';
import type { Randomness } from '../kernel/random.ts';
import type { EventDefinition } from '../outbox/event.ts';
import type { Catalogue } from '../read/catalogue.ts';
import { predicateSql } from '../read/predicate-sql.ts';
import { sql } from '../read/sql.ts';
import type { Change, CommandContext, CommandDefinition, Decision, Problem, Tx } from './command.ts';
import { translateDatabaseError } from './database-errors.ts';
import { drawNumbers } from './draw.ts';
import { appendEvents } from './events.ts';
import { claimKey, type KeyedRequest, keyProblem, storeAnswer } from './idempotency.ts';
import { guardRow, writeRows } from './rows.ts';
import type { Tables } from './tables.ts';
import { inTransaction, load, type Session } from './transaction.ts';

const RETRIES = 5;
const RETRY_MS = 8;

export interface Engines {
  readonly orm: MikroORM;
  readonly tables: Tables;
  readonly catalogue: Catalogue;
  readonly events: ReadonlyMap<string, EventDefinition>;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly newId: () => string;
  /** Told after each commit, so that the sealer need not wait for its next look. */
  readonly committed: () => void;
}

export interface RunRequest {
  readonly principal: Principal;
  readonly requestId: string;
  readonly idempotencyKey?: string | null;
  readonly dryRun?: boolean;
  /** Reads the answer inside the transaction; what it gives is stored with the key and given again to a retry. */
  readonly answer?: { readonly selectionHash: string; read(session: Session, recordId: string): Promise<unknown> };
}

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

/** A set has no key: what it reads in has keys of its own, such as the external id of a document. */
export type SetRequest = Pick<RunRequest, 'principal' | 'requestId' | 'dryRun'>;

/** Thrown to roll back; never leaves the runner. */
class RolledBack extends Error {
  constructor(readonly outcome: Outcome | null = null) {
    super('rolled back');
  }
}

const isRefused = (d: Decision): d is Extract<Decision, { refused: unknown }> => 'refused' in d;
const problemOf = (error: DomainError): Problem => ({ code: error.code, message: error.message, path: error.inputPath ?? [] });

/** Is it a refusal that a person can act on, rather than a fault or a lack of rights? */
const isRefusal = (error: unknown): error is DomainError => isDomainError(error) && ERROR_CODES[error.code].kind === 'USER';

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
            inputHash: hashOf(parsed.value),
          };
    return this.retried(() => this.once({ definition, input: parsed.value, request, key }));
  }

  /** Runs n inputs of one command, each with its own outcome, in the order given. A dry run of inputs with an equal lock key shows each alone. */
  async runSet(definition: CommandDefinition, inputs: readonly unknown[], request: SetRequest): Promise<readonly Outcome[]> {
    requirePermission(request.principal, definition.permission);
    const outcomes: Outcome[] = [];
    const rounds: { index: number; value: unknown }[][] = [];
    const uses = new Map<string, number>();
    inputs.forEach((input, index) => {
      const parsed = parseInput(definition.input, input);
      if (!parsed.ok) {
        outcomes[index] = { ok: false, problems: parsed.problems.map((p) => ({ code: 'INVALID_INPUT', ...p })) };
        return;
      }
      const key = definition.lockKey?.(parsed.value) ?? String(index);
      const round = uses.get(key) ?? 0;
      uses.set(key, round + 1);
      (rounds[round] ??= []).push({ index, value: parsed.value });
    });
    for (const round of rounds) {
      const done = await this.page(
        definition,
        round.map((r) => r.value),
        request,
      );
      round.forEach(({ index }, i) => {
        outcomes[index] = done[i] as Outcome;
      });
    }
    return outcomes;
  }

  private async page(
    definition: CommandDefinition,
    values: readonly unknown[],
    request: SetRequest,
  ): Promise<readonly Outcome[]> {
    try {
      return await this.retried(() => this.together(definition, values, request));
    } catch (error) {
      if (isDomainError(error) && error.code === 'UNAVAILABLE') throw error;
      if (values.length === 1) return [failed(error)];
      const half = values.length >> 1;
      const first = await this.page(definition, values.slice(0, half), request);
      return [...first, ...(await this.page(definition, values.slice(half), request))];
    }
  }

  private async retried<T>(work: () => Promise<T>): Promise<T> {
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
        const context = await this.context(session, request);
        const facts = await definition.facts(this.tx(session, context), [input], context);
        const decision = definition.decide(facts, input, context);
        if (isRefused(decision)) throw new RolledBack({ ok: false, problems: decision.refused });
        const change = 'unchanged' in decision ? null : decision;
        if (change) await this.apply(session, { definition, changes: [change], context, request });
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
    values: readonly unknown[],
    request: SetRequest,
  ): Promise<readonly Outcome[]> {
    let outcomes: readonly Outcome[] = [];
    try {
      await inTransaction({ orm: this.engines.orm, tenantId: request.principal.tenantId }, async (session) => {
        const context = await this.context(session, request);
        const facts = await definition.facts(this.tx(session, context), values, context);
        const decisions = values.map((value) => attempt(() => definition.decide(facts, value, context)));
        const changes = decisions.filter((d): d is Change => 'rows' in d);
        await this.apply(session, { definition, changes, context, request });
        outcomes = decisions.map((d): Outcome => {
          if (isRefused(d)) return { ok: false, problems: d.refused };
          return {
            ok: true,
            recordId: 'unchanged' in d ? d.unchanged : d.recordId,
            isNew: !('unchanged' in d),
            answer: null,
            secret: null,
          };
        });
        if (request.dryRun) throw new RolledBack();
      });
      this.engines.committed();
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error;
    }
    return outcomes;
  }

  private async apply(
    session: Session,
    work: { definition: CommandDefinition; changes: readonly Change[]; context: CommandContext; request: SetRequest },
  ): Promise<void> {
    const { definition, context, request } = work;
    const { tables, events } = this.engines;
    const scope = { principal: request.principal, permission: definition.permission };
    for (const change of work.changes) for (const row of change.rows) guardRow(row, scope);
    const changes = await drawNumbers(session, context.tenant.id, work.changes);
    await writeRows(session, { tables, tenantId: context.tenant.id, rows: changes.flatMap((c) => c.rows) });
    await appendEvents(session, {
      definitions: events,
      drafts: changes.flatMap((c) => c.events),
      context,
      requestId: request.requestId,
    });
  }

  private tx(session: Session, context: CommandContext): Tx {
    const { catalogue, tables } = this.engines;
    const inScope: Tx['inScope'] = (record, alias) => {
      const of = catalogue.record(record);
      return predicateSql({ catalogue, record: of, alias, predicate: context.scope(record) });
    };
    return {
      rows: (source) => session.rows(source),
      inScope,
      load: async (schema, where, options = {}) => {
        const entity = schema.meta.className;
        const scoped = catalogue.has(entity)
          ? sql`${where} and ${inScope(entity, 't')}`
          : sql`t.tenant_id = ${context.tenant.id} and ${where}`;
        return (await load(session, { tables, entity, where: scoped, lock: options.lock ?? false })) as never;
      },
    };
  }

  private async context(session: Session, { principal }: SetRequest): Promise<CommandContext> {
    const { clock, newId, catalogue, randomness } = this.engines;
    const [tenant] = await session.rows<{ group_currency: string; is_sandbox: boolean; clock_offset_ms: string }>(
      sql`select group_currency, is_sandbox, clock_offset_ms::text from tenant where tenant_id = ${principal.tenantId}`,
    );
    if (!tenant) throw new DomainError('NOT_FOUND', 'The tenant is gone.');
    const wallNow = clock.now();
    const clockOffsetMs = BigInt(tenant.clock_offset_ms);
    return {
      principal,
      tenant: { id: principal.tenantId, groupCurrency: tenant.group_currency, isSandbox: tenant.is_sandbox, clockOffsetMs },
      now: new Date(wallNow.getTime() + Number(clockOffsetMs)),
      wallNow,
      newId,
      randomBytes: (count) => randomness.bytes(count),
      scope: (record: string, permission?: Permission) => scopeOf(principal, catalogue.record(record).resource, permission),
    };
  }
}

/** A `decide` that throws a refusal (a rule from the kernel) refuses its own input. */
function attempt(decide: () => Decision): Decision {
  try {
    return decide();
  } catch (error) {
    if (isRefusal(error)) return { refused: [problemOf(error)] };
    throw error;
  }
}

/** What came of the one input of a set that can't be written: a refusal, a missing right, or a fault whose text stays here. */
function failed(error: unknown): Outcome {
  if (isDomainError(error)) return { ok: false, problems: [problemOf(error)] };
  return {
    ok: false,
    problems: [{ code: 'INTERNAL', message: 'Something unexpected went wrong on our side.', path: [] }],
    fault: error,
  };
}

function refusalOrThrow(raw: unknown): Outcome {
  if (raw instanceof RolledBack && raw.outcome) return raw.outcome;
  const error = translateDatabaseError(raw);
  if (isRefusal(error) && error.code !== 'CONFLICT_RETRY') return { ok: false, problems: [problemOf(error)] };
  throw error;
}
