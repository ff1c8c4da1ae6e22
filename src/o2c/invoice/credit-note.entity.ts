/** Credit notes: what undoes an issued invoice, in whole or in part. */
import { defineEntity, p } from '@mikro-orm/core';
import {
  choice,
  currencyCode,
  day,
  decimal,
  identified,
  integer,
  minor,
  owned,
  reference,
  rooted,
  text,
  versioned,
} from '../../write/columns.ts';

export const CreditNote = defineEntity({
  name: 'CreditNote',
  tableName: 'credit_note',
  properties: {
    ...identified('credit note'),
    ...rooted(),
    invoiceId: reference('Invoice', 'The invoice that it credits.').nullable(),
    origin: choice('CreditNoteOrigin', 'Where it was made.', {
      ISSUED: 'Here.',
      OBSERVED: 'In the ERP that has authority over it, whose figures it has.',
    }),
    lifecycle: choice('CreditNoteLifecycle', 'The step that it is at.', {
      ISSUED: 'In the books.',
      VOIDED: 'Taken back in the ERP that has authority over it.',
    }),
    status: choice('CreditNoteStatus', 'The step and the amounts in one word.', {
      OPEN: 'Issued, and nothing of it was used.',
      PARTIALLY_APPLIED: 'Used in part.',
      APPLIED: 'Used in whole.',
      VOIDED: 'Taken back in the ERP.',
    }),
    number: text('The legal number: without gaps in its series, if it was issued here.', { filter: true, sort: true }),
    seriesNumber: p.bigint().nullable(),
    reason: text('Why it was given.'),
    currency: currencyCode('The currency of the credit note.'),
    netMinor: minor('net', 'The net amount that is credited.'),
    taxMinor: minor('tax', 'The tax on it.'),
    totalMinor: minor('total', 'Net and tax together.'),
    openMinor: minor('open', 'What was not set against an invoice yet.'),
    baseCurrency: currencyCode("The legal entity's functional currency."),
    baseTotalMinor: minor('baseTotal', 'The total in functional currency, at the stored rate.', 'baseCurrency'),
    rate: decimal('Units of functional currency for one unit of its currency.').nullable(),
    groupRate: decimal("Units of the group's currency for one unit of its currency.").nullable(),
    orderId: reference('Order', 'The order whose bill it takes back.').nullable(),
    issuedOn: day('The issue date.'),
    voidedOn: day('The day on which the ERP took it back, where that is later than its own: until then it counted.').nullable(),
    ...versioned(),
  },
});

export const CreditNoteTax = defineEntity({
  name: 'CreditNoteTax',
  tableName: 'credit_note_tax',
  properties: {
    ...identified('credited tax row'),
    creditNoteId: p.uuid(),
    ...owned(),
    description: text('What is credited.').nullable(),
    taxCategory: text('The VAT category code (UNCL5305).'),
    taxRate: decimal('The tax rate in percent.'),
    currency: currencyCode('The currency of the credit note.'),
    taxableMinor: minor('taxable', 'The net amount credited of this category and rate.'),
    taxMinor: minor('tax', 'The tax on it.'),
  },
});

export const CreditNoteLine = defineEntity({
  name: 'CreditNoteLine',
  tableName: 'credit_note_line',
  properties: {
    ...identified('credit note line'),
    creditNoteId: p.uuid(),
    invoiceLineId: reference(
      'InvoiceLine',
      'The line of the invoice that it takes back; null where the ERP names none.',
    ).nullable(),
    ...owned(),
    lineNumber: integer('Its place on the credit note, from 1.'),
    description: text('What is taken back.'),
    quantity: decimal('How much of it.'),
    currency: currencyCode('The currency of the credit note.'),
    netMinor: minor('net', 'The net amount that it takes back.'),
    taxCategory: text('The VAT category code (UNCL5305).'),
    taxRate: decimal('The tax rate in percent.'),
  },
});
