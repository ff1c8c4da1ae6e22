/** The group: its tenant, legal entities and customers, and each customer's account with each legal entity. */
import { defineEntity, p } from '@mikro-orm/core';
import { currencyCode, day, identified, reference, text, versioned } from '../../write/columns.ts';

export const Tenant = defineEntity({
  name: 'Tenant',
  tableName: 'tenant',
  properties: {
    id: p.uuid().primary().fieldName('tenant_id'),
    slug: p.string(),
    name: p.string(),
    groupCurrency: p.string(),
    isSandbox: p.boolean(),
    clockOffsetMs: p.bigint(),
    version: p.integer(),
    createdAt: p.datetime(),
  },
});

export const LegalEntity = defineEntity({
  name: 'LegalEntity',
  tableName: 'legal_entity',
  properties: {
    ...identified('legal entity'),
    code: text('Its short code, unique in the group.', { filter: true, sort: true }),
    name: text('Its legal name.', { sort: true }),
    country: text('Its country, ISO 3166-1 alpha-2.', { filter: true }),
    functionalCurrency: currencyCode('The currency of its books.'),
    timeZone: text('The IANA time zone in which its days begin and end.'),
    closedThrough: day('The last day of its books that is closed.').nullable(),
    ...versioned(),
  },
});

export const NumberSeries = defineEntity({
  name: 'NumberSeries',
  tableName: 'number_series',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    legalEntityId: p.uuid(),
    kind: p.string().$type<'INVOICE' | 'CREDIT_NOTE' | 'PAYMENT'>(),
    prefix: p.string(),
    nextNumber: p.bigint(),
  },
});

export const Customer = defineEntity({
  name: 'Customer',
  tableName: 'customer',
  properties: {
    ...identified('customer'),
    number: text('The number of the customer in the group.', { filter: true, sort: true }),
    name: text('The name.', { filter: true }),
    searchName: text('The name for searching: lower case, without accents and punctuation. Compare with `startsWith`.', {
      filter: true,
      sort: true,
    }),
    parentId: reference('Customer', 'The customer that it belongs to.').nullable(),
    country: text('The country, ISO 3166-1 alpha-2.', { filter: true }).nullable(),
    segment: text("The group's own classification.", { filter: true }).nullable(),
    taxId: text('The tax registration number.', { filter: true }).nullable(),
    email: text('The e-mail address for documents.', { type: 'Email' }).nullable(),
    ...versioned(),
  },
});

export const CustomerAlias = defineEntity({
  name: 'CustomerAlias',
  tableName: 'customer_alias',
  properties: {
    ...identified('alias'),
    customerId: p.uuid(),
    name: text('Another name by which the customer is known.'),
    searchName: text('That name for searching.'),
    source: text('Where the name was met, for example `import`.'),
    ...versioned(),
  },
});

export const CustomerAccount = defineEntity({
  name: 'CustomerAccount',
  tableName: 'customer_account',
  properties: {
    ...identified('account'),
    legalEntityId: reference('LegalEntity', 'The legal entity that the account is with.'),
    customerId: reference('Customer', 'Whose account it is.'),
    number: text('The number of the customer at that legal entity.', { filter: true, sort: true }),
    currency: currencyCode('The currency of documents unless they say another.'),
    paymentTermsId: reference('PaymentTerms', 'The terms of documents unless they say others.').nullable(),
    ...versioned(),
  },
});

export const ExternalRef = defineEntity({
  name: 'ExternalRef',
  tableName: 'external_ref',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    connection: p.string(),
    recordKind: p.string(),
    externalId: p.string(),
    recordId: p.uuid(),
    createdAt: p.datetime(),
  },
});
