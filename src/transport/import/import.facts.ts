/** What decisions about uploads and imports need: the records themselves, locked, and the legal entities that one sees. */
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import { Import, Upload } from './import.entity.ts';
import type { ImportRow, UploadRow } from './import.rules.ts';

export const loadUploads = (tx: Tx, ids: readonly string[]): Promise<readonly UploadRow[]> =>
  tx.load(Upload, sql`t.id = any(${sql.uuids(ids)})`, { lock: true });

export const loadImports = (tx: Tx, ids: readonly string[]): Promise<readonly ImportRow[]> =>
  tx.load(Import, sql`t.id = any(${sql.uuids(ids)})`, { lock: true });

/** @throws NOT_FOUND that names the field */
export function found<Row extends { readonly id: string }>(rows: readonly Row[], id: string, path: string): Row {
  const row = rows.find((one) => one.id === id);
  if (!row) throw new DomainError('NOT_FOUND', 'There is none with this id, or it is not yours.', { path: [path] });
  return row;
}

export interface Entity {
  readonly id: string;
  readonly code: string;
}

export const loadVisibleEntities = (tx: Tx): Promise<readonly Entity[]> =>
  tx.rows<Entity>(sql`select le.id, le.code from legal_entity le where ${tx.inScope('LegalEntity', 'le')} order by le.code`);

/** The one that is named, or the only one. @throws NOT_FOUND, AMBIGUOUS with the codes */
export function entityOf(entities: readonly Entity[], id: string | undefined): Entity {
  const [only] = entities;
  if (id === undefined && entities.length > 1) {
    const codes = entities.map(({ code }) => code).join(', ');
    throw new DomainError('AMBIGUOUS', `Say whose books the file belongs to with legalEntityId: there are ${codes}.`, {
      path: ['legalEntityId'],
    });
  }
  const entity = id === undefined ? only : entities.find((one) => one.id === id);
  if (!entity) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['legalEntityId'] });
  return entity;
}
