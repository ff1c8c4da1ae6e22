/** The unit of receivables, and what closes it. */
import { defineEntity, p } from '@mikro-orm/core';
import { choice, currencyCode, day, identified, instant, integer, minor, reference, rooted, text } from '../../write/columns.ts';

export const OpenItem = defineEntity({
  name: 'OpenItem',
  tableName: 'open_item',
  properties: {
    ...identified('open item'),
    ...rooted(),
    kind: choice('OpenItemKind', 'What made it.', {
      INVOICE: 'An instalment of an invoice: owed to us.',
      CREDIT_NOTE: 'A credit note: owed by us, to be set against invoices.',
      PAYMENT: 'A payment: owed by us until it is applied.',
      DEBIT: 'A fee, interest or charge-back: owed to us.',
      OPENING: 'A balance brought in at the start.',
    }),
    documentKind: text('The kind of record that made it: Invoice, CreditNote or Payment.', { filter: true }),
    documentId: p.uuid(),
    documentNumber: text('The number of the document.', { filter: true }),
    instalment: integer('Which instalment of the document, from 1.'),
    dueOn: day('The day on which it is due; for what we owe, the day of the document.'),
    effectiveOn: day('The day from which it counts.'),
    recordedAt: instant('When we learnt of it.', { filter: true, sort: true }),
    currency: currencyCode('The currency of the document.'),
    originalMinor: minor('original', 'The amount at first: positive is owed to us, negative by us.'),
    openMinor: minor('open', 'What is still open: the original less what allocations took.'),
    cashMinor: minor('paidByCash', 'What payments took of it (signed as the original).'),
    creditMinor: minor('credited', 'What credit notes took of it.'),
    discountMinor: minor('discounted', 'What discounts took of it.'),
    writeOffMinor: minor('writtenOff', 'What was written off.'),
    returnedMinor: minor('returned', 'For a payment: what the bank took back.'),
    baseCurrency: currencyCode("The legal entity's functional currency."),
    baseOriginalMinor: minor('baseOriginal', 'The original amount in functional currency, at the stored rate.', 'baseCurrency'),
    baseOpenMinor: minor('baseOpen', 'What is open in functional currency.', 'baseCurrency'),
    settledOn: day('The day on which nothing was open any more.').nullable(),
    version: p.integer(),
  },
});

export const Allocation = defineEntity({
  name: 'Allocation',
  tableName: 'allocation',
  properties: {
    ...identified('allocation'),
    ...rooted(),
    kind: choice('AllocationKind', 'How it closes the item.', {
      CASH: 'By a payment.',
      CREDIT: 'By a credit note.',
      DISCOUNT: 'By a discount granted.',
      WRITE_OFF: 'By writing it off.',
      RETURN: 'By the bank taking a payment back.',
    }),
    toItemId: reference('OpenItem', 'The item that is closed, owed to us.').nullable(),
    toMinor: minor(
      'toAmount',
      "What it takes of that item, in that item's currency; negative in a reversal.",
      'toCurrency',
    ).nullable(),
    toCurrency: currencyCode('The currency of the item that is closed.').nullable(),
    toBaseMinor: p.bigint().nullable(),
    fromItemId: reference('OpenItem', 'The item that is used, owed by us.').nullable(),
    fromAccountId: reference(
      'CustomerAccount',
      'The account of the item that is used; a parent may pay for its children.',
    ).nullable(),
    fromMinor: minor(
      'fromAmount',
      "What it uses of that item, in that item's currency; negative in a reversal.",
      'fromCurrency',
    ).nullable(),
    fromCurrency: currencyCode('The currency of the item that is used.').nullable(),
    fromBaseMinor: p.bigint().nullable(),
    baseCurrency: currencyCode("The legal entity's functional currency."),
    effectiveOn: day('The day from which it counts.'),
    recordedAt: instant('When we learnt of it.', { filter: true, sort: true }),
    rule: text('The rule by which it was made, for example `manual` or `import`.', { filter: true }),
    evidence: text('Why: what a person can check it by.', { permission: 'items:read-evidence' }).nullable(),
    actorId: reference('Actor', 'Who made it.'),
    entryId: reference('JournalEntry', 'The journal entry that it posted.'),
    reversesId: reference('Allocation', 'The allocation that this one takes back.').nullable(),
  },
});
