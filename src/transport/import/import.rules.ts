/** The steps of uploads and imports, what their events say, and whether a file fits what is wanted of it. Pure. */
import type { Permission } from '../../access/policy.ts';
import { mayIn, type Principal } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Step } from '../../kernel/machine.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { Change, RowOf } from '../../write/command.ts';
import type { Kind } from '../import-file/fields.ts';
import { type Mapping, resolveMapping, unmapped } from '../import-file/mapping.ts';
import { Unfit } from '../import-file/unfit.ts';
import type { Import, Upload } from './import.entity.ts';

export type UploadRow = RowOf<typeof Upload>;
export type ImportRow = RowOf<typeof Import>;
type ImportKind = UploadRow['kind'];

/** As the command line calls them. */
export const KIND_OF: Readonly<Record<ImportKind, Kind>> = {
  CUSTOMERS: 'customers',
  OPEN_INVOICES: 'open-invoices',
  SETTLED_INVOICES: 'settled-invoices',
  PAYMENTS: 'payments',
};

/** The permissions of the commands that a kind is done by: documents make their customers as well. */
const PERMISSIONS: Readonly<Record<ImportKind, readonly Permission[]>> = {
  CUSTOMERS: ['customers:manage'],
  OPEN_INVOICES: ['customers:manage', 'documents:import'],
  SETTLED_INVOICES: ['customers:manage', 'documents:import'],
  PAYMENTS: ['customers:manage', 'documents:import'],
};

/** @throws FORBIDDEN that names what is missing; without a legal entity it asks for any */
export function requireRights(principal: Principal, kind: ImportKind, legalEntityId: string | null): void {
  const missing = PERMISSIONS[kind].filter((permission) => !mayIn(principal, permission, legalEntityId));
  if (missing.length === 0) return;
  throw new DomainError('FORBIDDEN', `Importing this needs ${missing.join(' and ')}, which none of your roles gives.`, {
    details: { permissions: missing },
  });
}

/** What is kept of a mapping: lists of pairs, since objects of JSON have no order. */
export interface KeptMapping {
  readonly columns: readonly (readonly [field: string, column: string])[];
  readonly defaults: readonly (readonly [field: string, value: string])[];
  readonly dates?: string | undefined;
}

interface Fitting extends Pick<ImportRow, 'kind' | 'mapping' | 'issuedDays'> {
  readonly upload: Pick<UploadRow, 'fileName' | 'columns'>;
}

/** @throws INVALID_INPUT with what the file lacks, or what was said wrongly of it */
export function fittedMapping({ kind, mapping: kept, issuedDays, upload }: Fitting): Mapping {
  const { columns: named, defaults, dates } = kept as KeptMapping;
  const columns = upload.columns as readonly string[];
  const wanted = { kind: KIND_OF[kind], name: upload.fileName, columns };
  const mapping = attempt(() => resolveMapping({ ...wanted, named: new Map(named), defaults: new Map(defaults), dates }));
  const field = unmapped(wanted.kind, mapping, issuedDays !== null);
  if (field === undefined) return mapping;
  const remedy = field === 'issuedOn' ? ', or count it back from the due date with issuedDays' : ', or a default';
  throw new DomainError(
    'INVALID_INPUT',
    `${upload.fileName} has no column for ${field}: name one in mapping.columns${remedy}. Its columns are ${columns.join(', ')}.`,
    { path: ['mapping'] },
  );
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Unfit ? new DomainError('INVALID_INPUT', error.message, { path: ['mapping'] }) : error;
  }
}

export function uploadEvent(type: string, row: UploadRow, from: string | null): EventDraft {
  const { id, version, lifecycle, startedById, kind, format, sizeBytes } = row;
  return {
    type,
    recordKind: 'Upload',
    recordId: id,
    recordVersion: version,
    legalEntityId: null,
    accountId: null,
    customerId: null,
    payload: { from, to: lifecycle, startedById, kind, format, sizeBytes: sizeBytes.toString() },
  };
}

export function importEvent(type: string, row: ImportRow, from: string | null): EventDraft {
  const { id, version, lifecycle, startedById, uploadId, kind, isDryRun, errorCode, legalEntityId } = row;
  const { rowCount, newCount, unchangedCount, refusedCount } = row;
  const figures = { rowCount, newCount, unchangedCount, refusedCount };
  return {
    type,
    recordKind: 'Import',
    recordId: id,
    recordVersion: version,
    legalEntityId,
    accountId: null,
    customerId: null,
    payload: { from, to: lifecycle, startedById, uploadId, kind, isDryRun, ...figures, errorCode },
  };
}

/** One step: the row as it is after it, and the events that the machine names. */
export function uploadStep(row: UploadRow, { to, emits }: Step<UploadRow['lifecycle']>, set: Partial<UploadRow>): Change {
  const { id, version, tenantId, startedById } = row;
  const changed = { ...set, lifecycle: to };
  const after = { ...row, ...changed, version: version + 1 };
  return {
    recordId: id,
    rows: [{ op: 'update', entity: 'Upload', id, version, set: changed, owner: { tenantId, startedById } }],
    events: emits.map((type) => uploadEvent(type, after, row.lifecycle)),
  };
}

export function importStep(row: ImportRow, { to, emits }: Step<ImportRow['lifecycle']>, set: Partial<ImportRow>): Change {
  const { id, version, tenantId, startedById, legalEntityId } = row;
  const changed = { ...set, lifecycle: to };
  const after = { ...row, ...changed, version: version + 1 };
  return {
    recordId: id,
    rows: [{ op: 'update', entity: 'Import', id, version, set: changed, owner: { tenantId, startedById, legalEntityId } }],
    events: emits.map((type) => importEvent(type, after, row.lifecycle)),
  };
}
