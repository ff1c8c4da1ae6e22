/** What people do with files: announce one that they send, import it, and stop an import. */
import { DomainError } from '../../kernel/errors.ts';
import { choice, flag, formed, idOf, int, list, object, optional, text } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command } from '../../write/command.ts';
import { entityOf, found, loadImports, loadUploads, loadVisibleEntities } from './import.facts.ts';
import { importMachine } from './import.machine.ts';
import {
  fittedMapping,
  importEvent,
  type ImportRow,
  importStep,
  type KeptMapping,
  requireRights,
  uploadEvent,
  type UploadRow,
  uploadStep,
} from './import.rules.ts';
import { uploadMachine } from './upload.machine.ts';

const KINDS = ['CUSTOMERS', 'OPEN_INVOICES', 'SETTLED_INVOICES', 'PAYMENTS'] as const;
const UPLOAD_MAX_BYTES = 1_000_000_000;
/** Of files that one person has here at once, and the imports of one person that wait or run. */
const KEPT_MAX_BYTES = 10_000_000_000n;
const UNDER_WAY_MAX_COUNT = 20;

const kind = choice('ImportKind', KINDS);

export const createUpload = command({
  name: 'createUpload',
  description: 'Announces a file that is to be imported. Send it with PUT to the `url` of the upload, then call startImport.',
  permission: 'imports:start',
  record: 'Upload',
  input: object('CreateUploadInput', {
    kind: kind.describe('What the file holds.'),
    format: choice('ImportFormat', ['CSV', 'JSONL']).describe('The form of the file.'),
    fileName: formed(
      /^[^/\\\p{Cc}\p{Cs}]{1,255}$/u,
      'must be the name of a file without folders, 255 characters at most',
    ).describe('What the file is called.'),
    sizeBytes: int({ min: 1, max: UPLOAD_MAX_BYTES }).describe('Its size in bytes, at most 1 GB.'),
  }),
  facts: async (tx, _, { principal }) => {
    const [kept] = await tx.rows<{ bytes: string }>(
      sql`select coalesce(sum(size_bytes), 0)::text as bytes from upload where started_by_id = ${principal.actorId} and lifecycle <> 'DELETED'`,
    );
    return BigInt(kept?.bytes ?? '0');
  },
  decide(keptBytes, { sizeBytes, ...file }, { principal, tenant, newId, now }): Change {
    requireRights(principal, file.kind, null);
    if (keptBytes + BigInt(sizeBytes) > KEPT_MAX_BYTES) {
      const message = `Files of yours of ${keptBytes} bytes are here, and ${KEPT_MAX_BYTES} is the limit: wait until older ones are deleted.`;
      throw new DomainError('UPLOADS_FULL', message, { path: ['sizeBytes'] });
    }
    const row: UploadRow = {
      ...file,
      sizeBytes: BigInt(sizeBytes),
      id: newId(),
      tenantId: tenant.id,
      startedById: principal.actorId,
      lifecycle: uploadMachine.initial,
      receivedAt: null,
      sha256: null,
      columns: null,
      lineCount: null,
      version: 1,
      createdAt: now,
    };
    return {
      recordId: row.id,
      rows: [{ op: 'insert', entity: 'Upload', values: row }],
      events: [uploadEvent('upload.created', row, null)],
    };
  },
});

const pair = (name: string, of: 'column' | 'value', description: string) =>
  object(name, { field: text({ max: 40 }).describe('Our field.'), [of]: text().describe(description) } as Record<
    'field' | 'column' | 'value',
    ReturnType<typeof text>
  >);

const mapping = object('ImportMappingInput', {
  columns: optional(list(pair('ImportColumnInput', 'column', 'The column of the file.'), { max: 40 })).describe(
    'Fields whose column has another name. Headers that equal a field, or a usual other name of it, need none.',
  ),
  defaults: optional(list(pair('ImportDefaultInput', 'value', 'The value.'), { max: 40 })).describe(
    'Values of rows that have none, for example the currency.',
  ),
  dates: optional(text({ max: 40 })).describe('How days are written, such as M/D/YYYY or D.M.YYYY; absent: YYYY-MM-DD.'),
});

export const deleteUpload = command({
  name: 'deleteUpload',
  description: 'Deletes the file of an upload. What was imported of it stays.',
  permission: 'imports:start',
  record: 'Upload',
  input: object('DeleteUploadInput', { id: idOf('upl').describe('The upload.') }),
  lockKey: (input) => input.id,
  facts: async (tx, inputs) => {
    const ids = inputs.map((i) => i.id);
    const uploads = await loadUploads(tx, ids);
    const needed = await tx.rows<{ id: string }>(
      sql`select upload_id as id from import where upload_id = any(${sql.uuids(ids)}) and lifecycle in ('QUEUED', 'RUNNING')`,
    );
    return { uploads, needed: new Set(needed.map((one) => one.id)) };
  },
  decide({ uploads, needed }, { id }): Change {
    const row = found(uploads, id, 'id');
    const step = transition(uploadMachine, { state: row.lifecycle, action: 'DELETE' });
    if (!needed.has(id)) return uploadStep(row, step, {});
    throw new DomainError('IN_USE', 'An import of the file waits or runs: cancel that first.', { path: ['id'] });
  },
});

export const startImport = command({
  name: 'startImport',
  description:
    'Reads a file that was sent into the books, in the background. Lines that are known already change nothing; each that can not be read in is told, and leaves the others alone.',
  permission: 'imports:start',
  record: 'Import',
  input: object('StartImportInput', {
    uploadId: idOf('upl').describe('The file.'),
    kind: optional(kind).describe('What it holds; absent: as it was said of the upload.'),
    legalEntityId: optional(idOf('le')).describe('Whose books it belongs to; absent: the only legal entity that you see.'),
    mapping: optional(mapping).describe('Which column is which field.'),
    issuedDays: optional(int({ min: 0, max: 3_650 })).describe(
      'Invoices without an issue date were issued so many days before the due date.',
    ),
    dryRun: optional(flag).describe('Keeps nothing: tells what would come of each line.'),
  }),
  facts: async (tx, inputs, { principal }) => ({
    uploads: await loadUploads(
      tx,
      inputs.map((i) => i.uploadId),
    ),
    entities: await loadVisibleEntities(tx),
    underWay:
      (
        await tx.rows<{ count: number }>(
          sql`select count(*)::int as count from import where started_by_id = ${principal.actorId} and lifecycle in ('QUEUED', 'RUNNING')`,
        )
      )[0]?.count ?? 0,
  }),
  decide({ uploads, entities, underWay }, wanted, { principal, tenant, newId, now }): Change {
    const upload = found(uploads, wanted.uploadId, 'uploadId');
    if (upload.lifecycle !== 'RECEIVED') {
      const message =
        upload.lifecycle === 'WAITING'
          ? 'The file has not come yet: send it with PUT first.'
          : 'The file is deleted: send it anew.';
      throw new DomainError('WRONG_STATE', message, { path: ['uploadId'] });
    }
    const of = wanted.kind ?? upload.kind;
    const entity = entityOf(entities, wanted.legalEntityId);
    requireRights(principal, of, entity.id);
    if (underWay >= UNDER_WAY_MAX_COUNT) {
      const message = `${underWay} imports of yours wait or run: at most ${UNDER_WAY_MAX_COUNT} may. Wait for one to end, or cancel one.`;
      throw new DomainError('TOO_MANY_IMPORTS', message);
    }
    const kept: KeptMapping = {
      columns: (wanted.mapping?.columns ?? []).map((one) => [one.field, one.column]),
      defaults: (wanted.mapping?.defaults ?? []).map((one) => [one.field, one.value]),
      dates: wanted.mapping?.dates,
    };
    const asked = { kind: of, mapping: kept, issuedDays: issuedDaysOf(of, wanted.issuedDays) };
    fittedMapping({ ...asked, upload });
    const row: ImportRow = {
      ...asked,
      ...UNBEGUN,
      id: newId(),
      tenantId: tenant.id,
      startedById: principal.actorId,
      uploadId: upload.id,
      legalEntityId: entity.id,
      isDryRun: wanted.dryRun === true,
      lifecycle: importMachine.initial,
      lineTotal: upload.lineCount ?? 0,
      version: 1,
      createdAt: now,
    };
    return {
      recordId: row.id,
      rows: [{ op: 'insert', entity: 'Import', values: row }],
      events: [importEvent('import.queued', row, null)],
    };
  },
});

const UNBEGUN = {
  begunAt: null,
  endedAt: null,
  runCount: 0,
  lineCount: 0,
  rowCount: 0,
  newCount: 0,
  unchangedCount: 0,
  refusedCount: 0,
  customersChangedCount: 0,
  errorCode: null,
  errorMessage: null,
} as const;

/** @throws INVALID_INPUT for a kind that has no issue date */
function issuedDaysOf(of: ImportRow['kind'], days: number | undefined): number | null {
  if (days === undefined) return null;
  if (of === 'OPEN_INVOICES' || of === 'SETTLED_INVOICES') return days;
  throw new DomainError('INVALID_INPUT', 'issuedDays is for invoices: leave it out.', { path: ['issuedDays'] });
}

export const cancelImport = command({
  name: 'cancelImport',
  description: 'Stops an import. What was read in by then stays.',
  permission: 'imports:start',
  record: 'Import',
  input: object('CancelImportInput', { id: idOf('imp').describe('The import.') }),
  lockKey: (input) => input.id,
  facts: (tx, inputs) =>
    loadImports(
      tx,
      inputs.map((i) => i.id),
    ),
  decide(imports, { id }, { wallNow }): Change {
    const row = found(imports, id, 'id');
    return importStep(row, transition(importMachine, { state: row.lifecycle, action: 'CANCEL' }), { endedAt: wallNow });
  },
});
