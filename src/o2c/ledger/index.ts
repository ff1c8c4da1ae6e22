/** The receivables sub-ledger: the first module, so it knows no noun and stores plain ids. */
import { readRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { defineModule } from '../../write/module.ts';
import { JournalEntry, Transfer } from './ledger.entity.ts';
import { ledgerPolicy } from './ledger.policy.ts';
import { journalEntryRead, transferRead } from './ledger.read.ts';

export { JournalEntry, Transfer } from './ledger.entity.ts';
export { entryOf, type Leg, post, requireOpen, reversalDay, reverse, type TransferRow } from './ledger.rules.ts';

const journalEntryRecord = readRecord(JournalEntry, journalEntryRead);

export const ledgerModule = defineModule({
  name: 'ledger',
  entities: [JournalEntry, Transfer],
  records: [journalEntryRecord, readRecord(Transfer, transferRead)],
  machines: [],
  postings: [],
  policy: ledgerPolicy,
  events: [],
  commands: [],
  resolvers: [rootResolver(journalEntryRecord)],
});
