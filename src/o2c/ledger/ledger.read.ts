/** How the books are read. */
import type { ReadDefinition } from '../../read/catalogue.ts';

export const journalEntryRead: ReadDefinition = {
  prefix: 'je',
  description:
    'One balanced entry of the receivables sub-ledger. Entries never change; a correction is another entry that reverses the first.',
  resource: { permission: 'ledger:read', legalEntity: 'legalEntityId' },
  root: { one: 'journalEntry', many: 'journalEntries' },
  order: ['-recordedAt'],
  relations: {
    legalEntity: {
      kind: 'one',
      record: 'LegalEntity',
      by: 'legalEntityId',
      description: 'The legal entity whose books it is in.',
    },
    actor: { kind: 'one', record: 'Actor', by: 'actorId', description: 'Who did it.', permission: 'actors:read' },
    reverses: { kind: 'one', record: 'JournalEntry', by: 'reversesId', description: 'The entry that this one takes back.' },
    transfers: {
      kind: 'many',
      record: 'Transfer',
      by: 'entryId',
      order: ['id'],
      connection: false,
      description: 'Its transfers, each with both sides.',
    },
  },
};

export const transferRead: ReadDefinition = {
  prefix: 'tr',
  description: 'An amount moved from one ledger code to another, in the document currency and in the functional currency.',
  resource: { permission: 'ledger:read', legalEntity: 'legalEntityId' },
  order: ['id'],
};
