/** What Cashgraph itself does with files and imports, each step with its event. */
import { DomainError } from '../../kernel/errors.ts';
import { formed, idOf, int, list, object, text } from '../../kernel/input.ts';
import type { Refusal, Step } from '../../kernel/machine.ts';
import { type Change, command, type Tx } from '../../write/command.ts';
import { found, loadImports, loadUploads } from './import.facts.ts';
import { importMachine } from './import.machine.ts';
import { type ImportRow, importStep, type UploadRow, uploadStep } from './import.rules.ts';
import { uploadMachine } from './upload.machine.ts';

const permission = 'imports:run';
const upload = { id: idOf('upl').describe('The upload.') };
const one = { id: idOf('imp').describe('The import.') };

/** @throws WRONG_STATE */
function required<State extends string>(step: Step<State> | Refusal): Step<State> {
  if (step.ok) return step;
  throw new DomainError('WRONG_STATE', step.message, { details: { allowed: step.allowed } });
}

const uploadFacts = (tx: Tx, inputs: readonly { readonly id: string }[]) =>
  loadUploads(
    tx,
    inputs.map((i) => i.id),
  );
const importFacts = (tx: Tx, inputs: readonly { readonly id: string }[]) =>
  loadImports(
    tx,
    inputs.map((i) => i.id),
  );

const uploadTo = (row: UploadRow, action: 'RECEIVE' | 'EXPIRE', set: Partial<UploadRow>): Change =>
  uploadStep(row, required(uploadMachine.next(row.lifecycle, action)), set);
const importTo = (row: ImportRow, action: 'BEGIN' | 'FINISH' | 'FAIL', set: Partial<ImportRow>): Change =>
  importStep(row, required(importMachine.next(row.lifecycle, action)), set);

export const receiveUpload = command({
  name: 'receiveUpload',
  description: 'Records that the whole file of an upload is here.',
  permission,
  record: 'Upload',
  input: object('ReceiveUploadInput', {
    ...upload,
    sha256: formed(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits').describe('Of the file.'),
    columns: list(text({ min: 0, max: 2_000 }), { max: 10_000 }).describe('The names of its columns.'),
    lineCount: int({ min: 0 }).describe('How many line ends it has.'),
  }),
  lockKey: (input) => input.id,
  facts: uploadFacts,
  decide: (uploads, { id, columns, ...file }, { now }) =>
    uploadTo(found(uploads, id, 'id'), 'RECEIVE', { ...file, columns, receivedAt: now }),
});

export const expireUpload = command({
  name: 'expireUpload',
  description: 'Lets go of an upload whose time is over.',
  permission,
  record: 'Upload',
  input: object('ExpireUploadInput', upload),
  lockKey: (input) => input.id,
  facts: uploadFacts,
  decide: (uploads, { id }) => uploadTo(found(uploads, id, 'id'), 'EXPIRE', {}),
});

export const beginImport = command({
  name: 'beginImport',
  description: 'Records that a process works on an import.',
  permission,
  record: 'Import',
  input: object('BeginImportInput', one),
  lockKey: (input) => input.id,
  facts: importFacts,
  decide(imports, { id }, { wallNow }) {
    const row = found(imports, id, 'id');
    return importTo(row, 'BEGIN', { begunAt: wallNow, runCount: row.runCount + 1 });
  },
});

const ended = { ...one, runCount: int({ min: 1 }).describe('The run that ended it: another one may have taken over.') };

/** @throws LEASE_LOST */
function ofRun(imports: readonly ImportRow[], { id, runCount }: { readonly id: string; readonly runCount: number }): ImportRow {
  const row = found(imports, id, 'id');
  if (row.runCount === runCount) return row;
  throw new DomainError('LEASE_LOST', 'Another process works on the import.');
}

export const finishImport = command({
  name: 'finishImport',
  description: 'Records that every line of an import was gone through.',
  permission,
  record: 'Import',
  input: object('FinishImportInput', ended),
  lockKey: (input) => input.id,
  facts: importFacts,
  decide: (imports, input, { wallNow }) => importTo(ofRun(imports, input), 'FINISH', { endedAt: wallNow }),
});

export const failImport = command({
  name: 'failImport',
  description: 'Records that an import can not go on.',
  permission,
  record: 'Import',
  input: object('FailImportInput', {
    ...ended,
    errorCode: text({ max: 60 }).describe('A code of the closed list of errors.'),
    errorMessage: text({ max: 2_000 }).describe('Why, in a sentence.'),
  }),
  lockKey: (input) => input.id,
  facts: importFacts,
  decide: (imports, { errorCode, errorMessage, ...input }, { wallNow }) =>
    importTo(ofRun(imports, input), 'FAIL', { endedAt: wallNow, errorCode, errorMessage }),
});
