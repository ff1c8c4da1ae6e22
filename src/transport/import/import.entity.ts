/** Files that were sent, the imports of them, and the lines that could not be read in. The files themselves are in the folder of uploads. */
import { defineEntity, p } from '@mikro-orm/core';
import { shown } from '../../kernel/field.ts';
import { choice, flag, identified, instant, integer, reference, text, versioned } from '../../write/columns.ts';

const kind = () =>
  choice('ImportKind', 'What the file holds.', {
    CUSTOMERS: 'Customers, and their accounts with the legal entity.',
    OPEN_INVOICES: 'Invoices that were issued elsewhere and are open.',
    SETTLED_INVOICES: 'Invoices that were issued elsewhere and are paid.',
    PAYMENTS: 'Payments that were received elsewhere.',
  });

const startedBy = () => reference('Actor', 'Who started it. Nobody else sees it.');

export const Upload = defineEntity({
  name: 'Upload',
  tableName: 'upload',
  properties: {
    ...identified('upload'),
    startedById: startedBy(),
    kind: kind(),
    format: choice('ImportFormat', 'The form of the file.', {
      CSV: 'A header and rows, separated by , ; | or tabs; UTF-8.',
      JSONL: 'One JSON object of plain values a line; UTF-8.',
    }),
    fileName: text('What the file is called where it comes from.'),
    sizeBytes: shown(p.bigint(), { description: 'The size of the file, in bytes.' }),
    lifecycle: choice('UploadLifecycle', 'How it stands.', {
      WAITING: 'The file has not come, or not whole.',
      RECEIVED: 'The file is here and can be imported.',
      DELETED: 'The file is deleted: somebody said so, or its time was over.',
    }),
    receivedAt: instant('When the file was here whole.').nullable(),
    sha256: text('The SHA-256 of the file, 64 hexadecimal digits.').nullable(),
    columns: shown(p.json(), { description: 'The names of its columns, a list.', type: 'Json' }).nullable(),
    lineCount: integer('How many line ends it has.').nullable(),
    ...versioned(),
  },
});

export const Import = defineEntity({
  name: 'Import',
  tableName: 'import',
  properties: {
    ...identified('import'),
    startedById: startedBy(),
    uploadId: reference('Upload', 'The file.'),
    legalEntityId: reference('LegalEntity', 'The legal entity whose books it is read into.'),
    kind: kind(),
    isDryRun: flag(
      'Nothing is kept: it only tells what would come of it, each page of 1,000 lines against the books as they are.',
      {
        filter: true,
      },
    ),
    mapping: shown(p.json(), {
      description: 'Which column is which field, the defaults, and how days are written.',
      type: 'Json',
    }),
    issuedDays: integer('Without an issue date in the file: so many days before the due date; null: it has one.').nullable(),
    lifecycle: choice('ImportLifecycle', 'How it stands.', {
      QUEUED: 'It waits for its turn.',
      RUNNING: 'It is being read in.',
      DONE: 'Every line is read in, or refused.',
      FAILED: 'It could not go on: the error says why. What was read in stays.',
      CANCELLED: 'Somebody stopped it. What was read in stays.',
    }),
    begunAt: instant('When it was begun last.').nullable(),
    endedAt: instant('When it ended, however it ended.').nullable(),
    runCount: integer('How many times it was begun: again when a process that worked on it was gone.'),
    lineTotal: integer('How many lines the file has, about.'),
    lineCount: integer('The line up to which it is done.'),
    rowCount: integer('How many rows were gone through.'),
    newCount: integer('Rows of which something new came into the books.'),
    unchangedCount: integer('Rows that were known already.'),
    refusedCount: integer('Rows that could not be read in; `refusals` says why.'),
    customersChangedCount: integer('Customers that were made or got another name.'),
    errorCode: text('Why it failed: a code of the closed list of errors.').nullable(),
    errorMessage: text('Why it failed, in a sentence.').nullable(),
    ...versioned(),
  },
});

export const ImportRefusal = defineEntity({
  name: 'ImportRefusal',
  tableName: 'import_refusal',
  properties: {
    ...identified('refusal'),
    importId: p.uuid(),
    startedById: p.uuid(),
    line: integer('The line of the file, from 1; the one on which the row ends.', { filter: true, sort: true }),
    place: p.integer(),
    field: text('The field, as mappings name it; null: the row as a whole.', { filter: true }).nullable(),
    code: text('The kind of refusal: a code of the closed list of errors.', { filter: true }),
    message: text('A sentence for a person.'),
    text: text('The line as the file has it; beyond 2,000 characters its beginning.'),
    createdAt: p.datetime(),
  },
});
