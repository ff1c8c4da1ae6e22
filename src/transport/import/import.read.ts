/** How uploads, imports and what was refused of them are read: by whoever started them, and by nobody else. */
import { allowedActions } from '../../read/allowed-actions.ts';
import type { ComputedField, ReadDefinition } from '../../read/catalogue.ts';
import { sql } from '../../read/sql.ts';
import { importMachine } from './import.machine.ts';
import { reportPath, uploadPath } from './paths.ts';
import { uploadMachine } from './upload.machine.ts';

const resource = { permission: 'imports:read', own: 'startedById' } as const;
const startedBy = {
  kind: 'one',
  record: 'Actor',
  by: 'startedById',
  description: 'Who started it.',
  permission: 'actors:read',
} as const;

export const uploadRead: ReadDefinition = {
  prefix: 'upl',
  description: 'A file that somebody sends, to be imported.',
  resource,
  root: { one: 'upload', many: 'uploads' },
  order: ['-createdAt'],
  relations: {
    startedBy,
    imports: {
      kind: 'many',
      record: 'Import',
      by: 'uploadId',
      order: ['-createdAt'],
      connection: true,
      description: 'The imports of it.',
    },
  },
  computed: {
    allowedActions: allowedActions({
      machine: uploadMachine,
      enumName: 'UploadAction',
      permissions: { DELETE: 'imports:start' },
      isTenantWide: true,
    }),
    url: {
      kind: 'computed',
      description:
        'Where to send the file with PUT, on this server; null unless it waits for it. It is signed and needs no token, holds for a day, and each read of this field makes a new one: keep it secret. HEAD says in `upload-offset` how much is here, and PUT with `content-range: bytes 5-9/10` goes on from there.',
      type: 'String',
      nullable: true,
      sql: (alias) =>
        sql`case when ${sql.id(alias, 'lifecycle')} = 'WAITING' then ${sql.literal(uploadPath(''))} || ${sql.id(alias, 'id')} end`,
    },
  },
};

const report = (format: 'csv' | 'jsonl', description: string): ComputedField => ({
  kind: 'computed',
  description: `Where to download every refused line as ${description}, on this server. It is signed and needs no token, holds for an hour, and each read of this field makes a new one: keep it secret.`,
  type: 'String',
  nullable: true,
  sql: (alias) => sql`(${sql.literal(reportPath('', ''))} || ${sql.id(alias, 'id')} || ${sql.literal(`/refused.${format}`)})`,
});

export const importRead: ReadDefinition = {
  prefix: 'imp',
  description: 'A file that is read into the books in the background, line by line.',
  resource,
  root: { one: 'import', many: 'imports' },
  order: ['-createdAt'],
  relations: {
    startedBy,
    upload: { kind: 'one', record: 'Upload', by: 'uploadId', description: 'The file.' },
    legalEntity: { kind: 'one', record: 'LegalEntity', by: 'legalEntityId', description: 'The legal entity.' },
    refusals: {
      kind: 'many',
      record: 'ImportRefusal',
      by: 'importId',
      order: ['line', 'place'],
      connection: true,
      description: 'Why lines could not be read in: one for each reason.',
    },
  },
  computed: {
    reportCsvUrl: report('csv', 'CSV, with cells that a spreadsheet would run made harmless'),
    reportJsonlUrl: report('jsonl', 'JSON lines'),
    allowedActions: allowedActions({
      machine: importMachine,
      enumName: 'ImportAction',
      permissions: { CANCEL: 'imports:start' },
    }),
  },
};

export const importRefusalRead: ReadDefinition = {
  prefix: 'irf',
  description: 'Why a line of a file could not be read in.',
  resource,
  root: { one: 'importRefusal', many: 'importRefusals' },
  order: ['-createdAt'],
  relations: {
    import: { kind: 'one', record: 'Import', by: 'importId', description: 'The import.' },
  },
};
