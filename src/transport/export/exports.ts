/** Exports as the platform runs them: jobs of their own, so that long ones keep no others waiting, and the sweeping of their folder. */
import { createJobs } from '../../outbox/jobs.ts';
import type { ExportDesk } from './context.ts';
import { createDesk } from './desk.ts';
import { createSendExport, type SendExport } from './download.ts';
import type { ExportEngines } from './engines.ts';
import { sweep } from './folder.ts';
import { exportTask } from './job.ts';
import { EXPORT_TASK } from './queue.ts';

export interface Exports {
  readonly desk: ExportDesk;
  readonly send: SendExport;
  start(): Promise<void>;
  /** Those under way stop at once; another process begins them anew. */
  stop(): Promise<void>;
}

const SWEEP_MS = 600_000;

export function openExports(given: Omit<ExportEngines, 'signal'>): Exports {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const engines: ExportEngines = { ...given, signal: stopping.signal };
  const { pool, limits, folder, systemRows, onError } = engines;
  const jobs = createJobs({
    pool,
    tasks: { [EXPORT_TASK]: exportTask(engines) },
    concurrency: limits.exportsPerProcessMaxCount,
    aliveMs: limits.leaseTtlMs,
    onError,
  });
  const clean = () => void sweep({ folder, rows: systemRows }).catch(onError);
  return {
    desk: createDesk(engines),
    send: createSendExport(engines),
    async start() {
      await jobs.start();
      clean();
      timer = setInterval(clean, SWEEP_MS);
    },
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await jobs.stop();
    },
  };
}
