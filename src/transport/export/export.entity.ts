/** An export: what was asked for, how far it is, and what came of it. The file itself is in the folder of exports. */
import { defineEntity, p } from '@mikro-orm/core';
import { shown } from '../../kernel/field.ts';
import { choice, identified, instant, integer, reference, text, versioned } from '../../write/columns.ts';

export const Export = defineEntity({
  name: 'Export',
  tableName: 'export',
  properties: {
    ...identified('export'),
    startedById: reference('Actor', 'Who started it, and with whose rights it runs. Nobody else sees it.'),
    query: text('The document of GraphQL whose list is exported.'),
    variables: shown(p.json(), { description: 'The variables of the document.', type: 'Json' }),
    operationName: text('Which operation of the document; null: it has one only.').nullable(),
    list: text('The list that is exported, for example `invoices`.', { filter: true }),
    format: choice('ExportFormat', 'The form of the file.', {
      JSONL: 'One JSON object a line; rows of nested lists on lines of their own, with `__parentId` and `__parentField`.',
      CSV: 'Comma-separated, by RFC 4180, UTF-8, with a header row; one row for each row of the list.',
      PARQUET: 'Apache Parquet with typed columns; one row for each row of the list.',
    }),
    lifecycle: choice('ExportLifecycle', 'How it stands.', {
      QUEUED: 'It waits for its turn.',
      RUNNING: 'It is being written.',
      DONE: 'The file can be downloaded, until it expires.',
      FAILED: 'It could not be done: the error says why.',
      CANCELLED: 'Somebody stopped it.',
      EXPIRED: 'Its time was over, and the file is deleted.',
    }),
    queuedAt: instant('When it was asked for last.'),
    begunAt: instant('When it was begun last.').nullable(),
    endedAt: instant('When it ended, however it ended.').nullable(),
    expiresAt: instant('When the file is deleted.').nullable(),
    runCount: integer('How many times it was begun: again after a restart, and when a process that worked on it was gone.'),
    position: p.bigint().nullable(),
    rowTotal: integer('How many rows the list has in the snapshot; null until it is counted.').nullable(),
    rowCount: integer('Rows of the list that are written so far.'),
    lineCount: integer('Lines that are written so far: in JSONL rows of nested lists count too.'),
    byteCount: shown(p.bigint(), { description: 'The size of the file so far, in bytes.' }),
    fileName: text('What the file is called.').nullable(),
    sha256: text('The SHA-256 of the file, 64 hexadecimal digits.').nullable(),
    errorCode: text('Why it failed: a code of the closed list of errors.').nullable(),
    errorMessage: text('Why it failed, in a sentence.').nullable(),
    ...versioned(),
  },
});
