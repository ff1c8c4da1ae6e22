/** Exports: lists read to their end in the background, into files. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { cancelExport, restartExport, startExport } from './export.commands.ts';
import { Export } from './export.entity.ts';
import { exportEvents } from './export.events.ts';
import { exportResolvers } from './export.graphql.ts';
import { exportMachine } from './export.machine.ts';
import { exportPolicy } from './export.policy.ts';
import { exportRead } from './export.read.ts';
import { exportQueue } from './queue.ts';
import { beginExport, expireExport, expirySchedule, failExport, finishExport } from './run.commands.ts';

const exportRecord = readRecord(Export, exportRead);

export const exportModule = defineModule({
  name: 'export',
  entities: [Export],
  records: [exportRecord],
  machines: [exportMachine],
  postings: [],
  policy: exportPolicy,
  events: exportEvents,
  commands: [startExport, cancelExport, restartExport, beginExport, finishExport, failExport, expireExport],
  derivations: [exportQueue],
  schedules: [expirySchedule],
  resolvers: exportResolvers(exportRecord),
});
