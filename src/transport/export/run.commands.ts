/**
 * The steps of an export that happen by themselves, as Cashgraph itself. Each of them names the run that it is of: whatever a process
 * says of which another one has taken over, or of an export that was cancelled meanwhile, changes nothing.
 */
import { z } from 'zod';
import { uuidInput } from '../../canonical/observed-input.ts';
import { idOf, object } from '../../kernel/input.ts';
import { publicId } from '../../kernel/ids.ts';
import { sql } from '../../read/sql.ts';
import { command, type Decision } from '../../write/command.ts';
import type { Schedule } from '../../write/schedule.ts';
import { exportOf, loadExports, lockExports } from './export.facts.ts';
import { exportMachine } from './export.machine.ts';
import { type ExportAction, type ExportRow, stepped, UNBEGUN } from './export.rules.ts';

const ids = (inputs: readonly { readonly id: string }[]) => inputs.map((input) => input.id);
const count = z.int().min(0);
const own = { permission: 'exports:run', record: 'Export', lockKey: (input: { id: string }) => input.id } as const;

export const beginExport = command({
  ...own,
  name: 'beginExport',
  description: 'Begins an export, unless as many of the tenant run as may at once.',
  // what runs is counted, so one begins after the other
  lockKey: () => 'begin',
  input: z.strictObject({ id: uuidInput, isTakeOver: z.boolean(), runningMaxCount: count }),
  async facts(tx, inputs) {
    await lockExports(tx);
    const [running] = await tx.rows<{ count: number }>(
      sql`select count(*)::int as count from export where lifecycle = 'RUNNING'`,
    );
    return { exports: await loadExports(tx, ids(inputs)), runningCount: running?.count ?? 0 };
  },
  decide({ exports, runningCount }, { id, isTakeOver, runningMaxCount }, { wallNow }): Decision {
    const row = exportOf(exports, id);
    const isTurn = row.lifecycle === 'QUEUED' ? runningCount < runningMaxCount : row.lifecycle === 'RUNNING' && isTakeOver;
    const step = exportMachine.next(row.lifecycle, 'BEGIN');
    if (!isTurn || !step.ok) return { unchanged: id };
    return stepped(row, step, { ...UNBEGUN, begunAt: wallNow, runCount: row.runCount + 1 });
  },
});

interface Ending {
  readonly id: string;
  readonly run: number;
}

/** Nothing where another run, or none, is under way. */
function ended(
  exports: readonly ExportRow[],
  { id, run }: Ending,
  { on, set }: { on: ExportAction; set: Partial<ExportRow> },
): Decision {
  const row = exportOf(exports, id);
  const step = exportMachine.next(row.lifecycle, on);
  return step.ok && row.runCount === run ? stepped(row, step, set) : { unchanged: id };
}

export const finishExport = command({
  ...own,
  name: 'finishExport',
  description: 'Records that the file of an export is whole.',
  input: z.strictObject({
    id: uuidInput,
    run: count,
    fileName: z.string().min(1).max(100),
    sha256: z.string().length(64),
    rowCount: count,
    lineCount: count,
    byteCount: z.bigint(),
    position: z.bigint(),
    keptMs: count,
  }),
  facts: (tx, inputs) => loadExports(tx, ids(inputs)),
  decide: (exports, { id, run, keptMs, ...made }, { wallNow }) =>
    ended(
      exports,
      { id, run },
      {
        on: 'FINISH',
        set: { ...made, rowTotal: made.rowCount, endedAt: wallNow, expiresAt: new Date(wallNow.getTime() + keptMs) },
      },
    ),
});

export const failExport = command({
  ...own,
  name: 'failExport',
  description: 'Records that an export can not be done.',
  input: z.strictObject({ id: uuidInput, run: count, code: z.string().min(1).max(100), message: z.string().min(1).max(2_000) }),
  facts: (tx, inputs) => loadExports(tx, ids(inputs)),
  decide: (exports, { id, run, code, message }, { wallNow }) =>
    ended(exports, { id, run }, { on: 'FAIL', set: { errorCode: code, errorMessage: message, endedAt: wallNow } }),
});

export const expireExport = command({
  ...own,
  name: 'expireExport',
  description: 'Ends the time of an export: its file is deleted.',
  input: object('ExpireExportInput', { id: idOf('exp').describe('The export.') }),
  facts: (tx, inputs) => loadExports(tx, ids(inputs)),
  decide(exports, { id }, { wallNow }): Decision {
    const row = exportOf(exports, id);
    const step = exportMachine.next(row.lifecycle, 'EXPIRE');
    if (!step.ok || row.expiresAt === null || row.expiresAt > wallNow) return { unchanged: id };
    return stepped(row, step, {});
  },
});

export const expirySchedule: Schedule = {
  name: 'expire-exports',
  match: '*/10 * * * *',
  command: expireExport,
  due: (now, limit) =>
    sql`select tenant_id, id from export where lifecycle = 'DONE' and expires_at <= ${now.toISOString()} order by expires_at limit ${sql.number(limit)}`,
  input: ({ id }) => ({ id: publicId('exp', id) }),
};
