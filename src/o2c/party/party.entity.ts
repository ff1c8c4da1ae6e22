/** The group: its tenant, legal entities and customers, and each customer's account with each legal entity. */
import { defineEntity, p } from '@mikro-orm/core';
import { shown } from '../../kernel/field.ts';
import { choice, currencyCode, day, flag, identified, integer, minor, reference, text, versioned } from '../../write/columns.ts';

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

/** What the group lets pass, which its customers had better not know. */
const notForCustomers = { permission: 'legal-entities:read-policies' } as const;

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
    billingRule: choice('BillingRule', 'When its orders are billed.', {
      ON_ORDER: 'When the order is confirmed.',
      ON_SHIPMENT: 'When goods are shipped, by what was shipped; services when the order is confirmed.',
    }),
    creditStage: choice('CreditStage', 'The stage at which credit is checked, and from which an order counts as exposure.', {
      ORDER: 'When the order is confirmed.',
      RELEASE: 'When a fulfilment is released to the warehouse.',
      DELIVERY: 'When goods are shipped.',
    }),
    overdueBlockDays: integer('More days overdue than this block credit; null: nothing does.', notForCustomers).nullable(),
    overdueBlockCurrency: currencyCode(
      "The group's currency, of the amount overdue that blocks credit.",
      notForCustomers,
    ).nullable(),
    overdueBlockMinor: minor(
      'overdueBlock',
      'More than this overdue by more than those days blocks credit; null: nothing does.',
      { currency: 'overdueBlockCurrency', ...notForCustomers },
    ).nullable(),
    writeOffLimitMinor: minor('writeOffLimit', 'To write off more than this needs a second person; null: nothing does.', {
      currency: 'functionalCurrency',
      ...notForCustomers,
    }).nullable(),
    discountReducesTax: flag('An early-payment discount lowers the tax in proportion, as in the EU and the UK.'),
    ...versioned(),
  },
});

export type SeriesKind = 'INVOICE' | 'CREDIT_NOTE' | 'PAYMENT' | 'ORDER' | 'FULFILMENT';

export const NumberSeries = defineEntity({
  name: 'NumberSeries',
  tableName: 'number_series',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    legalEntityId: p.uuid(),
    kind: p.string().$type<SeriesKind>(),
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
    mergedIntoId: shown(p.uuid(), {
      description: 'The customer that it was found to be the same as, which has its accounts now; null: none.',
      ref: 'Customer',
      filter: true,
      permission: 'customers:read-aliases',
    }).nullable(),
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
    source: text('Where the name was met, for example `import`, or `match`.'),
    /** The customer whose name it is, where it came with its accounts. */
    originCustomerId: p.uuid().nullable(),
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
    originCustomerId: reference(
      'Customer',
      'The customer that it was opened for: its documents are made out to it, whoever it was found to be the same as.',
    ),
    number: text('The number of the customer at that legal entity.', { filter: true, sort: true }),
    currency: currencyCode('The currency of documents unless they say another.'),
    paymentTermsId: reference('PaymentTerms', 'The terms of documents unless they say others.').nullable(),
    priceListId: p.uuid().nullable(),
    billingRule: choice('AccountBillingRule', "When its orders are billed; null: by the legal entity's rule.", {
      ON_ORDER: 'When the order is confirmed.',
      ON_SHIPMENT: 'When goods are shipped, by what was shipped; services when the order is confirmed.',
    }).nullable(),
    taxExemption: text(
      'The VATEX code of the reason for which its deliveries are exempt from tax; null: they are not.',
    ).nullable(),
    taxRegion: text('The region for tax, for example US-CA.').nullable(),
    erpLimitCurrency: currencyCode('The currency of the limit in the ERP.', { permission: 'credit:read' }).nullable(),
    erpLimitMinor: minor(
      'erpCreditLimit',
      'What it may owe by its ERP, which is only shown: what counts here is the credit of its customer.',
      {
        currency: 'erpLimitCurrency',
        permission: 'credit:read',
      },
    ).nullable(),
    isBlockedInErp: flag('Its ERP lets it buy nothing more on credit, so no order of it passes a credit check here either.', {
      filter: true,
      permission: 'credit:read',
    }),
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
