/** How invoices and credit notes are read. */
import { allowedActions } from '../../read/allowed-actions.ts';
import type { ComputedField, ReadDefinition } from '../../read/catalogue.ts';
import { sql } from '../../read/sql.ts';
import { DOWNLOADS } from '../../write/download.ts';
import { knownThere, pushedRelations } from '../../write/synced.ts';
import { documentParties } from '../party/index.ts';
import { creditNoteMachine, invoiceMachine } from './invoice.machine.ts';

const resource = { permission: 'invoices:read', legalEntity: 'legalEntityId', account: 'accountId' } as const;

/** Where the document is read as PDF, with the same credentials; null for what is not in the books. */
const pdfUrl = (folder: string, prefix: string): ComputedField => ({
  kind: 'computed',
  description: 'Where it is read as PDF, with the same credentials: a path on this server. Null for what is not issued.',
  type: 'String',
  nullable: true,
  sql: (alias) =>
    sql`case when ${sql.id(alias, 'lifecycle')} = 'ISSUED' then ${sql.literal(`${DOWNLOADS}${folder}/${prefix}_`)} || ${sql.id(alias, 'id')} || '.pdf' end`,
});

export const invoiceRead: ReadDefinition = {
  prefix: 'inv',
  description: 'An invoice. Issued it never changes: a credit note undoes it, and what is paid follows from its open items.',
  resource: { ...resource, portalHides: { field: 'lifecycle', values: ['DRAFT', 'CANCELLED'] } },
  root: { one: 'invoice', many: 'invoices', keys: [['legalEntityId', 'number']], known: knownThere },
  order: ['-createdAt'],
  relations: {
    ...pushedRelations,
    ...documentParties,
    paymentTerms: { kind: 'one', record: 'PaymentTerms', by: 'paymentTermsId', description: 'The terms that set its due date.' },
    order: { kind: 'one', record: 'Order', by: 'orderId', description: 'The order that it bills; null: none.' },
    lines: {
      kind: 'many',
      record: 'InvoiceLine',
      by: 'invoiceId',
      order: ['lineNumber'],
      connection: false,
      description: 'Its lines.',
    },
    taxes: {
      kind: 'many',
      record: 'InvoiceTax',
      by: 'invoiceId',
      order: ['taxCategory', 'taxRate'],
      connection: false,
      description: 'Its tax, per category and rate.',
    },
    items: {
      kind: 'many',
      record: 'OpenItem',
      by: 'documentId',
      order: ['instalment'],
      connection: false,
      description: 'Its open items, one per instalment.',
    },
    creditNotes: {
      kind: 'many',
      record: 'CreditNote',
      by: 'invoiceId',
      order: ['issuedOn'],
      connection: true,
      description: 'The credit notes on it.',
    },
  },
  computed: {
    pdfUrl: pdfUrl('invoices', 'inv'),
    allowedActions: allowedActions({
      machine: invoiceMachine,
      enumName: 'InvoiceAction',
      permissions: {
        EDIT: 'invoices:draft',
        ISSUE: 'invoices:issue',
        CANCEL: 'invoices:draft',
        CREDIT: 'invoices:credit',
        WRITE_OFF: 'items:write-off',
      },
    }),
  },
};

export const invoiceLineRead: ReadDefinition = {
  prefix: 'inl',
  description: 'A line of an invoice.',
  resource,
  order: ['lineNumber'],
};
export const invoiceTaxRead: ReadDefinition = {
  prefix: 'int',
  description: 'The tax of an invoice in one category and rate.',
  resource,
  order: ['taxCategory'],
};

export const creditNoteRead: ReadDefinition = {
  prefix: 'cn',
  description: 'A credit note: what undoes an invoice in whole or in part.',
  resource,
  root: { one: 'creditNote', many: 'creditNotes', keys: [['legalEntityId', 'number']], known: knownThere },
  order: ['-createdAt'],
  relations: {
    ...pushedRelations,
    ...documentParties,
    invoice: { kind: 'one', record: 'Invoice', by: 'invoiceId', description: 'The invoice that it credits.' },
    order: { kind: 'one', record: 'Order', by: 'orderId', description: 'The order whose bill it takes back; null: none.' },
    lines: {
      kind: 'many',
      record: 'CreditNoteLine',
      by: 'creditNoteId',
      order: ['lineNumber'],
      connection: false,
      description: 'What it takes back of the lines of the invoice; none where it was given by amounts.',
    },
    taxes: {
      kind: 'many',
      record: 'CreditNoteTax',
      by: 'creditNoteId',
      order: ['taxCategory', 'taxRate'],
      connection: false,
      description: 'What is credited, per tax category and rate.',
    },
    items: {
      kind: 'many',
      record: 'OpenItem',
      by: 'documentId',
      order: ['instalment'],
      connection: false,
      description: 'Its open item.',
    },
  },
  computed: {
    pdfUrl: pdfUrl('credit-notes', 'cn'),
    allowedActions: allowedActions({
      machine: creditNoteMachine,
      enumName: 'CreditNoteAction',
      permissions: { APPLY: 'cash:apply' },
    }),
  },
};

export const creditNoteLineRead: ReadDefinition = {
  prefix: 'cnl',
  description: 'A line of a credit note: what it takes back of a line of the invoice.',
  resource,
  order: ['lineNumber'],
};

export const creditNoteTaxRead: ReadDefinition = {
  prefix: 'cnt',
  description: 'What a credit note takes of one tax category and rate.',
  resource,
  order: ['taxCategory'],
};
