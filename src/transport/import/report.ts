/** Every refused line of an import as a file, read in pages while it is sent, so that a report of any length needs no memory. */
import { sql } from '../../read/sql.ts';
import { csvHeader, csvRow } from '../export/csv.ts';
import type { Column } from '../export/columns.ts';
import type { ImportEngines } from './engines.ts';
import { starterIsHere } from './starter.ts';

export type ReportFormat = 'csv' | 'jsonl';

export interface ReportedImport {
  readonly tenantId: string;
  readonly id: string;
  readonly startedById: string;
}

export interface ReportDesk {
  find(id: string): Promise<ReportedImport | null>;
  lines(of: ReportedImport, format: ReportFormat): AsyncIterable<string>;
}

interface Row {
  readonly [name: string]: unknown;
  readonly line: number;
  readonly place: number;
}

const PAGE_COUNT = 1_000;
const COLUMNS: readonly Column[] = [
  { path: ['line'], type: 'Int' },
  { path: ['field'], type: 'String' },
  { path: ['code'], type: 'Enum' },
  { path: ['message'], type: 'String' },
  { path: ['text'], type: 'String' },
];

export const createReportDesk = ({ systemRows }: Pick<ImportEngines, 'systemRows'>): ReportDesk => ({
  async find(id) {
    const [found] = await systemRows<ReportedImport>(
      sql`select tenant_id as "tenantId", id, started_by_id as "startedById" from import i where id = ${id} and ${starterIsHere('i')}`,
    );
    return found ?? null;
  },
  async *lines({ tenantId, id }, format) {
    if (format === 'csv') yield csvHeader(COLUMNS);
    let after = { line: -1, place: -1 };
    for (;;) {
      const rows = await systemRows<Row>(sql`
        select line, place, field, code, message, text from import_refusal
        where tenant_id = ${tenantId} and import_id = ${id} and (line, place) > (${after.line}::int, ${after.place}::int)
        order by line, place limit ${sql.number(PAGE_COUNT)}`);
      for (const { place: _, ...row } of rows) yield format === 'csv' ? csvRow(COLUMNS, row) : `${JSON.stringify(row)}\n`;
      const last = rows.at(-1);
      if (!last || rows.length < PAGE_COUNT) return;
      after = last;
    }
  },
});
