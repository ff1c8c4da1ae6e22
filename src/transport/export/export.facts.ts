/** What decisions about exports need: the exports themselves, and how many others are under way. */
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import { Export } from './export.entity.ts';
import type { ExportRow } from './export.rules.ts';

/** Those of the ids that the principal may touch, locked. */
export const loadExports = (tx: Tx, ids: readonly string[]): Promise<readonly ExportRow[]> =>
  tx.load(Export, sql`t.id = any(${sql.uuids(ids)})`, { lock: true });

/** @throws NOT_FOUND */
export function exportOf(exports: readonly ExportRow[], id: string): ExportRow {
  const found = exports.find((one) => one.id === id);
  if (!found) throw new DomainError('NOT_FOUND', 'There is no such export, or it is not yours.', { path: ['id'] });
  return found;
}

/** One at a time begins an export of a tenant, or asks for one: so nobody counts what another one is changing. */
export const lockExports = (tx: Tx): Promise<readonly unknown[]> =>
  tx.rows(sql`select pg_advisory_xact_lock(hashtextextended('exports ' || current_setting('app.tenant_id'), 0))`);
