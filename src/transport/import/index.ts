/** Imports: files that people send, read into the books in the background. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { cancelImport, createUpload, deleteUpload, startImport } from './import.commands.ts';
import { Import, ImportRefusal, Upload } from './import.entity.ts';
import { importEvents, uploadEvents } from './import.events.ts';
import { importResolvers } from './import.graphql.ts';
import { importMachine } from './import.machine.ts';
import { importPolicy } from './import.policy.ts';
import { importRead, importRefusalRead, uploadRead } from './import.read.ts';
import { importQueue } from './queue.ts';
import { beginImport, expireUpload, failImport, finishImport, receiveUpload } from './run.commands.ts';
import { uploadMachine } from './upload.machine.ts';

const records = {
  upload: readRecord(Upload, uploadRead),
  import: readRecord(Import, importRead),
  refusal: readRecord(ImportRefusal, importRefusalRead),
};

export const importModule = defineModule({
  name: 'import',
  entities: [Upload, Import, ImportRefusal],
  records: Object.values(records),
  machines: [uploadMachine, importMachine],
  postings: [],
  policy: importPolicy,
  events: [...uploadEvents, ...importEvents],
  commands: [
    createUpload,
    deleteUpload,
    startImport,
    cancelImport,
    receiveUpload,
    expireUpload,
    beginImport,
    finishImport,
    failImport,
  ],
  derivations: [importQueue],
  resolvers: importResolvers(records),
});
