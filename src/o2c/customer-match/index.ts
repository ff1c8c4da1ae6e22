/** Customers that are the same under several names or in several ERPs: found, proposed with evidence, decided on by people, and undone. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { confirmCustomerMatch, matchCustomers } from './confirm.commands.ts';
import { findCustomerMatches, findSchedule } from './find.commands.ts';
import { CustomerMatch, CustomerMatchEvidence, CustomerMatchMove } from './match.entity.ts';
import { matchEvents } from './match.events.ts';
import { matchResolvers } from './match.graphql.ts';
import { matchMachine } from './match.machine.ts';
import { customerMatchEvidenceRead, customerMatchRead } from './match.read.ts';
import { rejectCustomerMatch } from './reject.commands.ts';
import { undoCustomerMatch } from './undo.commands.ts';

const customerMatchRecord = readRecord(CustomerMatch, customerMatchRead);

export const customerMatchModule = defineModule({
  name: 'customer-match',
  entities: [CustomerMatch, CustomerMatchEvidence, CustomerMatchMove],
  records: [customerMatchRecord, readRecord(CustomerMatchEvidence, customerMatchEvidenceRead)],
  machines: [matchMachine],
  postings: [],
  policy: [],
  events: matchEvents,
  commands: [findCustomerMatches, confirmCustomerMatch, matchCustomers, rejectCustomerMatch, undoCustomerMatch],
  schedules: [findSchedule],
  resolvers: matchResolvers(customerMatchRecord),
});
