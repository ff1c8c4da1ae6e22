/** How companies and customers are read. */
import type { ReadDefinition } from '../../read/catalogue.ts';
import { knownThere, pushedRelations } from '../../write/synced.ts';

/** The relations of everything that stands in a legal entity's books on a customer's account. */
export const documentParties = {
  legalEntity: { kind: 'one', record: 'LegalEntity', by: 'legalEntityId', description: 'The legal entity whose books it is in.' },
  account: { kind: 'one', record: 'CustomerAccount', by: 'accountId', description: "The customer's account." },
  customer: {
    kind: 'one',
    record: 'Customer',
    by: 'customerId',
    portalBy: 'originCustomerId',
    through: 'account',
    description: 'The customer.',
  },
} as const satisfies ReadDefinition['relations'];

export const legalEntityRead: ReadDefinition = {
  prefix: 'le',
  description: 'A company of the group, with books of its own.',
  resource: { permission: 'legal-entities:read', legalEntity: 'id', portal: 'ALL' },
  root: { one: 'legalEntity', many: 'legalEntities', keys: [['code']] },
  order: ['code'],
};

export const customerRead: ReadDefinition = {
  prefix: 'cus',
  description: 'A customer of the group: who they are. What they owe is on their accounts.',
  resource: { permission: 'customers:read', customer: 'id' },
  root: { one: 'customer', many: 'customers', keys: [['number']] },
  order: ['-createdAt'],
  relations: {
    parent: { kind: 'one', record: 'Customer', by: 'parentId', description: 'The customer that it belongs to.' },
    children: {
      kind: 'many',
      record: 'Customer',
      by: 'parentId',
      order: ['number'],
      connection: true,
      description: 'The customers that belong to it.',
    },
    mergedInto: {
      kind: 'one',
      record: 'Customer',
      by: 'mergedIntoId',
      description: 'The customer that it was found to be the same as, which has its accounts now; null: none.',
      permission: 'customers:read-aliases',
    },
    merged: {
      kind: 'many',
      record: 'Customer',
      by: 'mergedIntoId',
      order: ['number'],
      connection: false,
      description: 'The customers that were found to be the same as it, and whose accounts it has.',
      permission: 'customers:read-aliases',
    },
    matches: {
      kind: 'many',
      record: 'CustomerMatch',
      by: 'customerId',
      orBy: 'otherCustomerId',
      order: ['-score'],
      connection: false,
      description: 'The customers that may be the same, are, or are not, each with what speaks for it and against it.',
      permission: 'customers:read-matches',
    },
    credit: {
      kind: 'one',
      record: 'CreditAccount',
      by: 'id',
      of: 'customerId',
      description: 'Its credit, with everything below it.',
    },
    accounts: {
      kind: 'many',
      record: 'CustomerAccount',
      by: 'customerId',
      portalBy: 'originCustomerId',
      order: ['number'],
      connection: true,
      description: 'Its accounts, one with each legal entity that it deals with.',
    },
    agreedPrices: {
      kind: 'many',
      record: 'CustomerPrice',
      by: 'customerId',
      order: ['-validFrom'],
      connection: true,
      description: 'The prices that were agreed with it.',
    },
    aliases: {
      kind: 'many',
      record: 'CustomerAlias',
      by: 'customerId',
      order: ['name'],
      connection: false,
      description: 'Other names by which it is known.',
      permission: 'customers:read-aliases',
    },
  },
};

export const customerAliasRead: ReadDefinition = {
  prefix: 'als',
  description: 'Another name of a customer, met in a file or in an ERP.',
  resource: { permission: 'customers:read-aliases', customer: 'customerId' },
  order: ['name'],
};

export const customerAccountRead: ReadDefinition = {
  prefix: 'acc',
  description: "A customer's account with one legal entity: what every document names, for ever.",
  resource: { permission: 'customers:read', legalEntity: 'legalEntityId', account: 'id' },
  root: { one: 'customerAccount', many: 'customerAccounts', keys: [['legalEntityId', 'number']], known: knownThere },
  order: ['number'],
  relations: {
    ...pushedRelations,
    legalEntity: {
      kind: 'one',
      record: 'LegalEntity',
      by: 'legalEntityId',
      description: 'The legal entity that the account is with.',
    },
    customer: {
      kind: 'one',
      record: 'Customer',
      by: 'customerId',
      portalBy: 'originCustomerId',
      description: 'Whose account it is.',
    },
    originCustomer: {
      kind: 'one',
      record: 'Customer',
      by: 'originCustomerId',
      description: 'The customer that it was opened for, whoever that was found to be the same as.',
    },
    paymentTerms: {
      kind: 'one',
      record: 'PaymentTerms',
      by: 'paymentTermsId',
      description: 'The terms of documents unless they say others.',
    },
    priceList: {
      kind: 'one',
      record: 'PriceList',
      by: 'priceListId',
      description: 'Its price list; null: the default list of the currency.',
      permission: 'prices:read',
    },
    openItems: {
      kind: 'many',
      record: 'OpenItem',
      by: 'accountId',
      order: ['dueOn'],
      connection: true,
      description: 'What stands open on it, and what was settled.',
    },
    orders: {
      kind: 'many',
      record: 'Order',
      by: 'accountId',
      order: ['-orderedOn'],
      connection: true,
      description: 'Its orders.',
    },
    invoices: {
      kind: 'many',
      record: 'Invoice',
      by: 'accountId',
      order: ['-issuedOn'],
      connection: true,
      description: 'Its invoices.',
    },
    payments: {
      kind: 'many',
      record: 'Payment',
      by: 'accountId',
      order: ['-receivedOn'],
      connection: true,
      description: 'Its payments.',
    },
    creditNotes: {
      kind: 'many',
      record: 'CreditNote',
      by: 'accountId',
      order: ['-issuedOn'],
      connection: true,
      description: 'Its credit notes.',
    },
  },
};
