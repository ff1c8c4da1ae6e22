/**
 * Works on one export, as a job that any process may have. It reads one snapshot of the database on a connection of its own, with the
 * rights of whoever started it as they are now, and writes row by row (`run.ts`). Cancelled, taken over or with other rights than at its
 * beginning, it stops and leaves nothing behind. A process that dies leaves a half-written file that nobody asks for; the queue gives
 * its job to another one, which begins anew under the next number: whatever the late one still says does not count.
 */
import { DomainError, isDomainError } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { JobTask } from '../../outbox/jobs.ts';
import { translateDatabaseError } from '../../write/database-errors.ts';
import type { ExportEngines } from './engines.ts';
import { Run, Stopped } from './run.ts';
import { createSteps } from './steps.ts';

/** A run whose process ends each time would never end. */
const RUNS_MAX_COUNT = 5;

const tooOften = () =>
  new DomainError(
    'UNAVAILABLE',
    `It was begun ${RUNS_MAX_COUNT} times, and each time its process or its database was gone: ask the operator why.`,
  );
const unexpected = () =>
  new DomainError('INTERNAL', 'Something unexpected went wrong on our side: the operator finds it in the log.');

export function exportTask(engines: ExportEngines): JobTask {
  const steps = createSteps(engines);
  return async (payload, { attempt }) => {
    const { tenantId, id } = payload as Readonly<Record<string, unknown>>;
    if (typeof tenantId !== 'string' || typeof id !== 'string' || !isUuid(tenantId) || !isUuid(id)) return;
    const begun = await steps.begin({ tenantId, id, isTakeOver: attempt > 1 });
    if (!begun) return;
    if (begun.run > RUNS_MAX_COUNT) return steps.fail(begun, tooOften());
    try {
      await new Run(engines, steps, begun).work();
    } catch (raw) {
      const error = translateDatabaseError(raw);
      if (error instanceof Stopped) return;
      // the job is tried again, here or elsewhere
      if (isDomainError(error) && error.code === 'UNAVAILABLE') throw error;
      if (!isDomainError(error)) engines.onError(error);
      await steps.fail(begun, isDomainError(error) ? error : unexpected());
    }
  };
}
