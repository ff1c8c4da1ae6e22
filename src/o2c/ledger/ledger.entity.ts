/** Journal entries and their transfers: append only, balanced by construction, since a transfer has both its sides. */
import { defineEntity, p } from '@mikro-orm/core';
import { currencyCode, day, identified, instant, minor, reference, text } from '../../write/columns.ts';

export const JournalEntry = defineEntity({
  name: 'JournalEntry',
  tableName: 'journal_entry',
  properties: {
    ...identified('journal entry'),
    legalEntityId: reference('LegalEntity', 'The legal entity whose books it is in.'),
    eventType: text('What happened, for example `invoice.issued`.', { filter: true }),
    recordKind: text('The kind of record that it happened to.', { filter: true }),
    recordId: p.uuid(),
    effectiveOn: day('The day on which it counts.'),
    recordedAt: instant('When we learnt of it.', { filter: true, sort: true }),
    reversesId: reference('JournalEntry', 'The entry that this one takes back.').nullable(),
    actorId: reference('Actor', 'Who did it.'),
    connectionId: reference(
      'ConnectedSystem',
      'The connection by which it was observed in an ERP; null: by our own authority.',
    ).nullable(),
  },
});

export const Transfer = defineEntity({
  name: 'Transfer',
  tableName: 'transfer',
  properties: {
    ...identified('transfer'),
    entryId: p.uuid(),
    legalEntityId: p.uuid(),
    debitCode: text('The ledger code that is debited, for example RECEIVABLE.'),
    debitDetail: text('What the debited code is split by: a tax rate, a bank account.').nullable(),
    debitAccountId: reference('CustomerAccount', "The customer's account on the debit side."),
    debitItemId: reference('OpenItem', 'The open item that a debited RECEIVABLE belongs to.').nullable(),
    creditCode: text('The ledger code that is credited.'),
    creditDetail: text('What the credited code is split by.').nullable(),
    creditAccountId: reference('CustomerAccount', "The customer's account on the credit side."),
    creditItemId: reference('OpenItem', 'The open item that a credited RECEIVABLE belongs to.').nullable(),
    currency: currencyCode('The currency of the document.'),
    amountMinor: minor('amount', "The amount in the document's currency; zero for a difference of exchange rates."),
    baseCurrency: currencyCode("The legal entity's functional currency."),
    baseMinor: minor('baseAmount', "The amount in the legal entity's functional currency, at the stored rate.", 'baseCurrency'),
    effectiveOn: p.date(),
    recordedAt: p.datetime(),
  },
});
