/** What invoices and credit notes do to money. */
import { definePostings } from '../../kernel/posting.ts';

export const invoicePostings = definePostings([
  { on: 'invoice.issued', amount: 'net', debit: 'RECEIVABLE', credit: 'BILLED', description: 'The net amount is owed to us.' },
  {
    on: 'invoice.issued',
    amount: 'tax',
    debit: 'RECEIVABLE',
    credit: 'TAX',
    description: 'So is the tax, per category and rate.',
  },
  {
    on: 'invoice.imported',
    amount: 'net',
    debit: 'RECEIVABLE',
    credit: 'BILLED',
    description: 'An invoice that was issued elsewhere.',
  },
  { on: 'invoice.imported', amount: 'tax', debit: 'RECEIVABLE', credit: 'TAX', description: 'Its tax.' },
  {
    on: 'invoice.observed',
    amount: 'net',
    debit: 'RECEIVABLE',
    credit: 'BILLED',
    description: 'An invoice of an ERP that has authority, as it is there.',
  },
  { on: 'invoice.observed', amount: 'tax', debit: 'RECEIVABLE', credit: 'TAX', description: 'Its tax, per category and rate.' },
  {
    on: 'credit_note.issued',
    amount: 'net',
    debit: 'BILLED',
    credit: 'RECEIVABLE',
    description: 'The net amount is owed by us.',
  },
  { on: 'credit_note.issued', amount: 'tax', debit: 'TAX', credit: 'RECEIVABLE', description: 'So is the tax.' },
  {
    on: 'credit_note.observed',
    amount: 'net',
    debit: 'BILLED',
    credit: 'RECEIVABLE',
    description: 'A credit note of an ERP that has authority, as it is there.',
  },
  { on: 'credit_note.observed', amount: 'tax', debit: 'TAX', credit: 'RECEIVABLE', description: 'Its tax.' },
]);
