/**
 * The demo company: a group of three companies in three currencies with eighteen months of invoices and money, and with orders of
 * the last weeks, made by the ordinary commands under a clock that walks through those months. It is made once; a start that was
 * killed in the middle is gone on with, step by step, and several starts at once wait for the one that works.
 */
import type { Principal } from '../../access/principal.ts';
import type { Role } from '../../access/policy.ts';
import type { Config } from '../../config.ts';
import { type FixedClock, fixedClock, monotonicMs, systemClock } from '../../kernel/clock.ts';
import { addDays, type PlainDate } from '../../kernel/date.ts';
import { systemRandom } from '../../kernel/random.ts';
import { createPlatform, type Platform } from '../../platform.ts';
import { type Sql, statement } from '../../read/sql.ts';
import { asSystem, asTenant, type DatabaseAddress } from '../session.ts';
import { ensureActor, ensureTenant } from '../tenant.ts';
import { HISTORY_DAYS, lastDayAt } from './calendar.ts';
import { FIRST, TENANT } from './company.ts';
import { stepsOf } from './plan.ts';
import { type DemoState, demoState, madeWithOrders, recordsMade, requestIdOf, stepsDone, type TenantRows } from './progress.ts';
import { lookupIn, type Made, type Step } from './step.ts';

/** The database is migrated. */
export interface SeedOptions extends DatabaseAddress {
  readonly config: Config;
  /** Of the tokens by which the demo's people sign in. */
  readonly issuer: string;
  /** Told what a person who waits wants to know. */
  say(line: string): void;
}

/** Any number that no other lock of this program has. */
const LOCK = 7_215_010;

/** Makes the demo company unless it is there. */
export async function seedDemo(options: SeedOptions): Promise<void> {
  const { say, ...database } = options;
  if ((await stateOf(database))?.isComplete) return;
  await asSystem(database, async (client) => {
    const { rows } = await client.query<{ free: boolean }>('select pg_try_advisory_lock($1) as free', [LOCK]);
    if (!rows[0]?.free) {
      say('Another start is making the demo company; waiting for it …');
      await client.query('select pg_advisory_lock($1)', [LOCK]);
    }
    const state = await stateOf(database);
    if (!state?.isComplete) await make(options, state);
  }); // the end of the session frees the lock
}

async function stateOf(database: DatabaseAddress): Promise<DemoState | undefined> {
  const { text, values } = statement(demoState);
  return asSystem(database, async (client) => (await client.query<DemoState>(text, [...values])).rows[0]);
}

/** The last day of the history: that of the first try, so that a later one makes the same. */
const lastDay = (state: DemoState | undefined): PlainDate =>
  state ? addDays(state.madeAt.toISOString().slice(0, 10), HISTORY_DAYS) : lastDayAt(systemClock.now());

async function make(
  { connection, rolePrefix, config, issuer: wanted, say }: SeedOptions,
  state: DemoState | undefined,
): Promise<void> {
  const startMs = monotonicMs();
  const database = { connection, rolePrefix };
  const issuer = state?.issuer ?? wanted;
  const end = lastDay(state);
  const clock = fixedClock(`${addDays(end, -HISTORY_DAYS)}T06:00:00Z`);
  say(state ? 'Going on with the demo company …' : 'Making the demo company: three companies, eighteen months …');
  const { id: tenantId } = await ensureTenant(database, TENANT, clock);
  await ensureActor(database, tenantId, {
    name: FIRST.name,
    issuer,
    subject: FIRST.role,
    roles: [FIRST.role],
    madeAt: clock.now(),
  });
  const platform = await createPlatform({ connection, rolePrefix, clock, randomness: systemRandom, config });
  try {
    await asTenant(database, tenantId, async (client) => {
      const rows: TenantRows = async <T>(source: Sql) => {
        const { text, values } = statement(source);
        return (await client.query(text, [...values])).rows as readonly T[];
      };
      const [done, records] = [await stepsDone(rows), await recordsMade(rows)];
      await work({ platform, clock, issuer, say, rows, steps: stepsOf(end, issuer), done, records });
    });
    await platform.sealer.sealed();
  } finally {
    await platform.close();
  }
  say(`The demo company is there, after ${Math.round((monotonicMs() - startMs) / 100) / 10} s.`);
}

interface Work {
  readonly platform: Platform;
  readonly clock: FixedClock;
  readonly issuer: string;
  readonly steps: readonly Step[];
  readonly done: ReadonlySet<string>;
  readonly records: Map<string, Made>;
  readonly rows: TenantRows;
  say(line: string): void;
}

const TOLD = 6;

/** Runs the steps that are missing, in order, each at its instant. */
async function work({ platform, clock, issuer, steps, done, records, rows, say }: Work): Promise<void> {
  const now = systemClock.now();
  const people = new Map<Role, Principal>();
  const person = async (role: Role): Promise<Principal> => {
    const known = people.get(role) ?? (await platform.signIn.bySubject({ issuer, subject: role, tenant: TENANT.slug }));
    if (!known) throw new Error(`The demo has nobody called ${role} at ${issuer}`);
    people.set(role, known);
    return known;
  };
  const every = Math.ceil(steps.length / TOLD);
  for (const [index, step] of steps.entries()) {
    if (index % every === every - 1)
      say(`  ${Math.round((index / steps.length) * 100)} %: ${step.at.toISOString().slice(0, 10)}`);
    const requestId = requestIdOf(index);
    if (done.has(requestId)) continue;
    clock.set(step.at < now ? step.at : now);
    if (step.readsOrders) for (const [key, made] of await madeWithOrders(rows)) records.set(key, made);
    const lookup = lookupIn(records);
    const outcomes = await platform.write.runSet(
      platform.command(step.command),
      step.inputs.map(({ of }) => of(lookup)),
      { principal: await person(step.by), requestId },
    );
    for (const [i, outcome] of outcomes.entries()) {
      if (!outcome.ok)
        throw new Error(
          `The demo's ${step.command} on ${step.at.toISOString()}: ${outcome.problems.map((p) => `${p.path.join('.')} ${p.message}`).join(' ')}`,
        );
      const makes = step.inputs[i]?.makes;
      if (makes) records.set(makes, { uuid: outcome.recordId });
    }
  }
}
