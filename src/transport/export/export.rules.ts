/** The steps of an export, and what its events say. Pure. */
import type { EventDraft } from '../../outbox/event.ts';
import type { Change, RowOf } from '../../write/command.ts';
import type { ActionOf, Step } from '../../kernel/machine.ts';
import type { Export } from './export.entity.ts';
import type { exportMachine } from './export.machine.ts';

/** Where the files are on the server: `/exports/<public id>/<file>`. */
export const EXPORTS = '/exports/';

export type ExportRow = RowOf<typeof Export>;
export type ExportAction = ActionOf<typeof exportMachine>;

const ENDINGS: Readonly<Record<ExportRow['format'], string>> = { JSONL: 'jsonl', CSV: 'csv', PARQUET: 'parquet' };

/** @example fileNameOf({ list: 'invoices', format: 'CSV' }, new Date('2026-01-31T09:00:00Z')) // 'invoices-20260131T090000Z.csv' */
export const fileNameOf = ({ list, format }: Pick<ExportRow, 'list' | 'format'>, begunAt: Date): string =>
  `${list}-${begunAt.toISOString().replace(/[-:]|\.\d+/g, '')}.${ENDINGS[format]}`;

export function exportEvent(type: string, row: ExportRow, from: string | null): EventDraft {
  const { id, version, lifecycle, startedById, list, format, rowCount, byteCount, errorCode } = row;
  return {
    type,
    recordKind: 'Export',
    recordId: id,
    recordVersion: version,
    legalEntityId: null,
    accountId: null,
    customerId: null,
    payload: { from, to: lifecycle, startedById, list, format, rowCount, byteCount: byteCount.toString(), errorCode },
  };
}

/** One step: the row as it is after it, and the events that the machine names. */
export function stepped(row: ExportRow, { to, emits }: Step<ExportRow['lifecycle']>, set: Partial<ExportRow>): Change {
  const { id, version, tenantId, startedById } = row;
  const changed = { ...set, lifecycle: to };
  const after = { ...row, ...changed, version: version + 1 };
  return {
    recordId: id,
    rows: [
      {
        op: 'update',
        entity: 'Export',
        id,
        version,
        set: changed,
        was: { lifecycle: row.lifecycle },
        owner: { tenantId, startedById },
      },
    ],
    events: emits.map((type) => exportEvent(type, after, row.lifecycle)),
  };
}

/** As it stands before its first row, also when it is done anew. */
export const UNBEGUN = {
  begunAt: null,
  endedAt: null,
  expiresAt: null,
  position: null,
  rowTotal: null,
  rowCount: 0,
  lineCount: 0,
  byteCount: 0n,
  fileName: null,
  sha256: null,
  errorCode: null,
  errorMessage: null,
} as const;
