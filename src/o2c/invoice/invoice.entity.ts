/** Invoices with their lines and tax. The amounts settled are derived from the open items in the same transaction. */
import { defineEntity, p } from '@mikro-orm/core';
import { choice, currencyCode, day, decimal, identified, integer, minor, owned, reference, rooted, text, versioned } from '../../write/columns.ts';

export const Invoice = defineEntity({
  name: 'Invoice',
  tableName: 'invoice',
  properties: {
    ...identified('invoice'),
    ...rooted(),
    origin: choice('InvoiceOrigin', 'Where it was made.', { ISSUED: 'Here.', IMPORTED: 'Elsewhere, and read from a file.' }),
    lifecycle: choice('InvoiceLifecycle', 'The step that it is at.', {
      DRAFT: 'Can still be changed; not in the books.',
      ISSUED: 'In the books, and never changed again; a credit note undoes it.',
      CANCELLED: 'A draft that was given up.',
      VOIDED: 'Taken back in the ERP that has authority over it.',
    }),
    status: choice('InvoiceStatus', 'The step and the amounts in one word.', {
      DRAFT: 'Not issued yet.',
      OPEN: 'Issued, and nothing was paid.',
      PARTIALLY_PAID: 'Paid in part.',
      PAID: 'Nothing is open: paid, perhaps less a discount.',
      CREDITED: 'Nothing is open: credited.',
      WRITTEN_OFF: 'Nothing is open: the last of it was written off.',
      CANCELLED: 'Given up before it was issued.',
      VOIDED: 'Taken back in the ERP.',
    }),
    number: text('The legal number, without gaps in its series; null for a draft.', { filter: true, sort: true }).nullable(),
    seriesNumber: p.bigint().nullable(),
    customerReference: text("The customer's own reference, for example its purchase order number.", { filter: true }).nullable(),
    currency: currencyCode('The currency of the invoice.'),
    netMinor: minor('net', 'The sum of the line nets.'),
    taxMinor: minor('tax', 'The sum of the taxes, each computed per category and rate on the rounded sum of nets.'),
    totalMinor: minor('total', 'Net and tax together.'),
    paidMinor: minor('paid', 'What payments took of it.'),
    creditedMinor: minor('credited', 'What credit notes took of it.'),
    discountedMinor: minor('discounted', 'What discounts took of it.'),
    writtenOffMinor: minor('writtenOff', 'What was written off.'),
    openMinor: minor('open', 'What is still to be paid.'),
    baseCurrency: currencyCode("The legal entity's functional currency."),
    baseTotalMinor: minor('baseTotal', 'The total in functional currency, at the stored rate; null for a draft.', 'baseCurrency').nullable(),
    rate: decimal('Units of functional currency for one unit of its currency, on the issue date.').nullable(),
    groupRate: decimal("Units of the group's currency for one unit of its currency, on the issue date.").nullable(),
    paymentTermsId: reference('PaymentTerms', 'The terms that set its due date.').nullable(),
    issuedOn: day('The issue date.').nullable(),
    dueOn: day('The due date.').nullable(),
    settledOn: day('The day on which nothing was open any more.').nullable(),
    snapshotHash: p.string().nullable(),
    ...versioned(),
  },
});

export const InvoiceLine = defineEntity({
  name: 'InvoiceLine',
  tableName: 'invoice_line',
  properties: {
    ...identified('invoice line'),
    invoiceId: p.uuid(),
    ...owned(),
    lineNumber: integer('Its place on the invoice, from 1.'),
    description: text('What was sold.'),
    quantity: decimal('How much of it.'),
    unitPrice: decimal('The price of one, in the currency of the invoice; up to 6 decimals.'),
    currency: currencyCode('The currency of the invoice.'),
    netMinor: minor('net', 'Quantity times unit price, rounded to the currency.'),
    taxCategory: text('The VAT category code (UNCL5305), for example S, Z, E, AE, O.'),
    taxRate: decimal('The tax rate in percent.'),
  },
});

export const InvoiceTax = defineEntity({
  name: 'InvoiceTax',
  tableName: 'invoice_tax',
  properties: {
    ...identified('tax row'),
    invoiceId: p.uuid(),
    ...owned(),
    taxCategory: text('The VAT category code (UNCL5305).'),
    taxRate: decimal('The tax rate in percent.'),
    currency: currencyCode('The currency of the invoice.'),
    taxableMinor: minor('taxable', 'The sum of the line nets of this category and rate.'),
    taxMinor: minor('tax', 'The tax on that sum, rounded once.'),
  },
});
