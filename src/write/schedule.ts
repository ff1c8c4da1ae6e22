/**
 * What falls due by itself: a module says which records are due and by which command; an hourly job runs that command on them as
 * Cashgraph itself, tenant by tenant, through the runner. So what happens by the clock has its event, and is held to every rule.
 */
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CronEntry, JobTask } from '../outbox/jobs.ts';
import type { Sql } from '../read/sql.ts';
import type { CommandDefinition } from './command.ts';
import type { Outcome } from './outcome.ts';

export interface DueRow {
  readonly tenant_id: string;
  readonly id: string;
}

export interface Schedule {
  /** The name of the job. */
  readonly name: string;
  readonly match: CronEntry['match'];
  readonly command: CommandDefinition;
  /** `tenant_id` and `id` of so many records that are due, over all tenants, read in the role `system`. `now` is wall time. */
  due(now: Date, limit: number): Sql;
  input(row: DueRow): unknown;
}

/** Housekeeping of stored sums by the clock: one statement over all tenants in the role `system`, which changes nothing that anybody can see. */
export interface Upkeep {
  /** The name of the job. */
  readonly name: string;
  readonly match: CronEntry['match'];
  statement(now: Date): Sql;
}

export interface ScheduleEngines {
  /** The command runner. */
  readonly write: {
    runSet(
      command: CommandDefinition,
      inputs: readonly unknown[],
      request: { readonly principal: Principal; readonly requestId: string },
    ): Promise<readonly Outcome[]>;
  };
  readonly clock: Clock;
  rows(source: Sql): Promise<readonly DueRow[]>;
  systemPrincipal(tenantId: string): Promise<Principal>;
}

const PAGE = 500;

export function scheduledTask(schedule: Schedule, { write, clock, rows, systemPrincipal }: ScheduleEngines): JobTask {
  const { name, command } = schedule;
  return async (_, { signal }) => {
    while (!signal.aborted) {
      const due = await rows(schedule.due(clock.now(), PAGE));
      let done = 0;
      for (const tenantId of new Set(due.map((row) => row.tenant_id))) {
        const inputs = due.filter((row) => row.tenant_id === tenantId).map((row) => schedule.input(row));
        const principal = await systemPrincipal(tenantId);
        const outcomes = await write.runSet(command, inputs, { principal, requestId: `job ${name}` });
        const failed = outcomes.find((outcome) => !outcome.ok && outcome.fault !== undefined);
        if (failed && !failed.ok) throw failed.fault; // the job is tried again
        done += outcomes.filter((outcome) => outcome.ok).length;
      }
      if (due.length < PAGE || done === 0) return;
    }
    throw new DomainError('UNAVAILABLE', 'The process ends: another one goes on.');
  };
}
