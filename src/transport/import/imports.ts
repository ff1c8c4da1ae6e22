/** Imports as the platform runs them: jobs of their own, so that long ones keep no others waiting, and the sweeping of the folder of uploads. */
import { createJobs } from '../../outbox/jobs.ts';
import { publicId } from '../../kernel/ids.ts';
import { sql } from '../../read/sql.ts';
import { type Schedule, scheduledTask } from '../../write/schedule.ts';
import { signUrl } from '../signed-url.ts';
import type { ImportFiles } from './files.ts';
import type { ImportContext } from './context.ts';
import type { ImportEngines } from './engines.ts';
import { importTask } from './job.ts';
import { UPLOADS } from './paths.ts';
import { IMPORT_TASK, SWEEP_TASK } from './queue.ts';
import { createUploadDesk } from './receive.ts';
import { createReportDesk } from './report.ts';
import { expireUpload } from './run.commands.ts';
import { sweepUploads } from './upload-folder.ts';

export interface Imports {
  readonly desk: ImportContext['imports'];
  readonly files: ImportFiles;
  start(): Promise<void>;
  /** Those under way stop after the page that they are at; another process goes on from there. */
  stop(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Older than they are kept, and no import under way needs them. */
const expirySchedule = (keptHours: number): Schedule => ({
  name: SWEEP_TASK,
  match: '17 * * * *',
  command: expireUpload,
  due: (now, limit) => sql`
    select tenant_id, id from upload u where lifecycle <> 'DELETED' and created_at < ${new Date(now.getTime() - keptHours * HOUR_MS).toISOString()}
      and not exists (select from import i where i.tenant_id = u.tenant_id and i.upload_id = u.id and i.lifecycle in ('QUEUED', 'RUNNING'))
    order by created_at limit ${sql.number(limit)}`,
  input: ({ id }) => ({ id: publicId('upl', id) }),
});

export function openImports(given: Omit<ImportEngines, 'isStopping'>): Imports {
  let isStopping = false;
  const engines: ImportEngines = { ...given, isStopping: () => isStopping };
  const { pool, limits, folder, systemRows, write, clock, systemPrincipal, vault, onError } = engines;
  const schedule = expirySchedule(limits.uploadKeptHours);
  const expire = scheduledTask(schedule, { write, clock, rows: systemRows, systemPrincipal });
  const jobs = createJobs({
    pool,
    tasks: {
      [IMPORT_TASK]: importTask(engines),
      [SWEEP_TASK]: async (payload, context) => {
        await expire(payload, context);
        await sweepUploads(folder, systemRows);
      },
    },
    concurrency: limits.importsPerProcessMaxCount,
    aliveMs: limits.leaseTtlMs,
    cron: [{ task: SWEEP_TASK, match: schedule.match }],
    onError,
  });
  return {
    desk: {
      signed({ tenantId }, path) {
        const minutes = path.startsWith(UPLOADS) ? limits.uploadLinkMinutes : limits.importLinkMinutes;
        const expiresAt = new Date(clock.now().getTime() + minutes * MINUTE_MS);
        return signUrl(vault, { path, tenantId, expiresAt }) ?? path;
      },
    },
    files: { uploads: createUploadDesk(engines), reports: createReportDesk(engines), vault, clock },
    async start() {
      isStopping = false;
      await jobs.start();
    },
    async stop() {
      isStopping = true;
      await jobs.stop();
    },
  };
}
