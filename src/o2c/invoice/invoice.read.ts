/** How invoices and credit notes are read. */
import { allowedActions } from '../../read/allowed-actions.ts';
import type { ReadDefinition } from '../../read/catalogue.ts';
import { documentParties } from '../party/index.ts';
import { creditNoteMachine, invoiceMachine } from './invoice.machine.ts';

const resource = { permission: 'invoices:read', legalEntity: 'legalEntityId', account: 'accountId' } as const;

export const invoiceRead: ReadDefinition = {
  prefix: 'inv',
  description: 'An invoice. Issued it never changes: a credit note undoes it, and what is paid follows from its open items.',
  resource: { ...resource, portalHides: { field: 'lifecycle', values: ['DRAFT', 'CANCELLED'] } },
  root: { one: 'invoice', many: 'invoices', keys: [['legalEntityId', 'number']] },
  order: ['-createdAt'],
  relations: {
    ...documentParties,
    paymentTerms: { kind: 'one', record: 'PaymentTerms', by: 'paymentTermsId', description: 'The terms that set its due date.' },
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
  root: { one: 'creditNote', many: 'creditNotes', keys: [['legalEntityId', 'number']] },
  order: ['-createdAt'],
  relations: {
    ...documentParties,
    invoice: { kind: 'one', record: 'Invoice', by: 'invoiceId', description: 'The invoice that it credits.' },
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
    allowedActions: allowedActions({
      machine: creditNoteMachine,
      enumName: 'CreditNoteAction',
      permissions: { APPLY: 'cash:apply' },
    }),
  },
};

export const creditNoteTaxRead: ReadDefinition = {
  prefix: 'cnt',
  description: 'What a credit note takes of one tax category and rate.',
  resource,
  order: ['taxCategory'],
};
