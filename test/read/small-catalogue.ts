// A small catalogue over the real tables, so that the read engine is tested without the domain.
import { defineEntity, p } from '@mikro-orm/core';
import { type FieldMeta, shown } from '../../src/kernel/field.ts';
import { createCatalogue, type ReadDefinition, readRecord } from '../../src/read/catalogue.ts';
import { sql } from '../../src/read/sql.ts';

const id = () => shown(p.uuid().primary(), { description: 'The id.', type: 'ID', filter: true });
const ref = (record: string) => shown(p.uuid(), { description: `The ${record}.`, ref: record, filter: true });
const text = (more: Partial<FieldMeta> = {}) => shown(p.string(), { description: 'A text.', filter: true, sort: true, ...more });
const day = () => shown(p.date().nullable(), { description: 'A day.', filter: true, sort: true });
const minor = (as: string) =>
  shown(p.bigint(), { description: 'An amount.', money: { as, currency: 'currency' }, filter: true, sort: true });

const LegalEntity = defineEntity({
  name: 'LegalEntity',
  tableName: 'legal_entity',
  properties: { id: id(), tenantId: p.uuid(), code: text(), name: text() },
});

const PaymentTerms = defineEntity({
  name: 'PaymentTerms',
  tableName: 'payment_terms',
  properties: {
    id: id(),
    tenantId: p.uuid(),
    code: text(),
    netDays: shown(p.integer(), { description: 'Days.', filter: true, sort: true }),
    isEndOfMonth: shown(p.boolean(), { description: 'Whether it counts from the end of the month.', filter: true }),
    discountPercent: shown(p.decimal().nullable(), { description: 'Percent.', filter: true, sort: true }),
  },
});

const Customer = defineEntity({
  name: 'Customer',
  tableName: 'customer',
  properties: {
    id: id(),
    tenantId: p.uuid(),
    number: text(),
    name: text(),
    searchName: p.string(),
    parentId: ref('Customer').nullable(),
    segment: text().nullable(),
    taxId: text({ permission: 'customers:secrets' }).nullable(),
    email: shown(p.string().nullable(), { description: 'An address.', type: 'Email', filter: true }),
    createdAt: shown(p.datetime(), { description: 'When it was recorded.', filter: true, sort: true }),
  },
});

const CustomerAccount = defineEntity({
  name: 'CustomerAccount',
  tableName: 'customer_account',
  properties: {
    id: id(),
    tenantId: p.uuid(),
    legalEntityId: ref('LegalEntity'),
    customerId: ref('Customer'),
    number: text(),
    currency: text({ type: 'Currency' }),
    paymentTermsId: ref('PaymentTerms').nullable(),
  },
});

const STATUSES = ['DRAFT', 'OPEN', 'PARTIALLY_PAID', 'PAID', 'CREDITED', 'WRITTEN_OFF', 'CANCELLED', 'VOIDED'];

const Invoice = defineEntity({
  name: 'Invoice',
  tableName: 'invoice',
  properties: {
    id: id(),
    tenantId: p.uuid(),
    legalEntityId: ref('LegalEntity'),
    accountId: ref('CustomerAccount'),
    status: text({ enum: { name: 'InvoiceStatus', values: STATUSES } }),
    number: text().nullable(),
    customerReference: text().nullable(),
    currency: text({ type: 'Currency' }),
    totalMinor: minor('total'),
    openMinor: minor('open'),
    baseTotalMinor: minor('baseTotal').nullable(),
    rate: shown(p.decimal().nullable(), { description: 'A rate.', filter: true, sort: true }),
    issuedOn: day(),
    dueOn: day(),
    createdAt: shown(p.datetime(), { description: 'When it was recorded.', filter: true, sort: true }),
  },
});

const InvoiceLine = defineEntity({
  name: 'InvoiceLine',
  tableName: 'invoice_line',
  properties: {
    id: id(),
    tenantId: p.uuid(),
    invoiceId: p.uuid(),
    legalEntityId: p.uuid(),
    accountId: p.uuid(),
    lineNumber: shown(p.integer(), { description: 'The place.' }),
    description: shown(p.string(), { description: 'What was sold.' }),
    quantity: shown(p.decimal(), { description: 'How much.' }),
    currency: p.string(),
    netMinor: minor('net'),
  },
});

const OpenItem = defineEntity({
  name: 'OpenItem',
  tableName: 'open_item',
  properties: {
    id: id(),
    tenantId: p.uuid(),
    legalEntityId: ref('LegalEntity'),
    accountId: ref('CustomerAccount'),
    documentNumber: text(),
    dueOn: shown(p.date(), { description: 'A day.', filter: true, sort: true }),
    currency: text({ type: 'Currency' }),
    originalMinor: minor('original'),
    openMinor: minor('open'),
    settledOn: day(),
  },
});

const Payment = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  properties: {
    id: id(),
    tenantId: p.uuid(),
    legalEntityId: ref('LegalEntity'),
    accountId: ref('CustomerAccount'),
    number: text(),
    currency: text({ type: 'Currency' }),
    amountMinor: minor('amount'),
    receivedOn: day(),
  },
});

const rooted = { legalEntity: 'legalEntityId', account: 'accountId' } as const;
const parties = {
  legalEntity: { kind: 'one', record: 'LegalEntity', by: 'legalEntityId', description: 'Whose books it is in.' },
  account: { kind: 'one', record: 'CustomerAccount', by: 'accountId', description: 'The account.' },
  customer: { kind: 'one', record: 'Customer', by: 'customerId', through: 'account', description: 'The customer.' },
} as const;

const invoiceRead: ReadDefinition = {
  prefix: 'inv',
  description: 'An invoice.',
  resource: { permission: 'invoices:read', ...rooted },
  root: { one: 'invoice', many: 'invoices', keys: [['legalEntityId', 'number']] },
  order: ['-createdAt'],
  relations: {
    ...parties,
    lines: {
      kind: 'many',
      record: 'InvoiceLine',
      by: 'invoiceId',
      order: ['lineNumber'],
      connection: false,
      description: 'Its lines.',
    },
  },
  computed: {
    paid: {
      kind: 'computed',
      description: 'What was paid.',
      type: 'Money',
      sql: (alias) => sql`${sql.id(alias, 'total_minor')} - ${sql.id(alias, 'open_minor')}`,
      currency: (alias) => sql.id(alias, 'currency'),
    },
    isSettled: {
      kind: 'computed',
      description: 'Whether nothing is open.',
      type: 'Boolean',
      cost: 1,
      sql: (alias) => sql`${sql.id(alias, 'open_minor')} = 0`,
    },
    words: {
      kind: 'computed',
      description: 'Some words.',
      type: 'String',
      list: true,
      permission: 'invoices:words',
      sql: () => sql`'["a","b"]'::json`,
    },
    seenAs: {
      kind: 'computed',
      description: 'The day that is looked at.',
      type: 'Date',
      nullable: true,
      sql: (_, { moment }) => sql`${moment.asOf}::date`,
    },
  },
};

const openItemRead: ReadDefinition = {
  prefix: 'oi',
  description: 'An open item.',
  resource: { permission: 'items:read', ...rooted },
  root: { one: 'openItem', many: 'openItems' },
  order: ['dueOn'],
  relations: parties,
  at: (alias, { asOf }) => ({
    exists: sql`${sql.id(alias, 'effective_on')} <= ${sql.typed(asOf, 'date')}`,
    columns: {
      openMinor: sql`case when ${sql.id(alias, 'settled_on')} <= ${sql.typed(asOf, 'date')} then ${sql.id(alias, 'open_minor')} else ${sql.id(alias, 'original_minor')} end`,
      settledOn: sql`case when ${sql.id(alias, 'settled_on')} <= ${sql.typed(asOf, 'date')} then ${sql.id(alias, 'settled_on')} end`,
    },
  }),
};

export const catalogue = createCatalogue([
  readRecord(LegalEntity, {
    prefix: 'le',
    description: 'A legal entity.',
    resource: { permission: 'legal-entities:read', legalEntity: 'id', portal: 'ALL' },
    root: { one: 'legalEntity', many: 'legalEntities', keys: [['code']] },
    order: ['code'],
  }),
  readRecord(PaymentTerms, {
    prefix: 'trm',
    description: 'Payment terms.',
    resource: { permission: 'terms:read', portal: 'ALL' },
    root: { one: 'paymentTerms', many: 'paymentTermsList' },
    order: ['code'],
  }),
  readRecord(Customer, {
    prefix: 'cus',
    description: 'A customer.',
    resource: { permission: 'customers:read', customer: 'id' },
    root: { one: 'customer', many: 'customers', keys: [['number']] },
    order: ['-createdAt'],
    relations: {
      parent: { kind: 'one', record: 'Customer', by: 'parentId', description: 'Its parent.' },
      children: {
        kind: 'many',
        record: 'Customer',
        by: 'parentId',
        order: ['number'],
        connection: true,
        description: 'Its children.',
      },
      accounts: {
        kind: 'many',
        record: 'CustomerAccount',
        by: 'customerId',
        order: ['number'],
        connection: true,
        description: 'Its accounts.',
      },
    },
  }),
  readRecord(CustomerAccount, {
    prefix: 'acc',
    description: 'An account.',
    resource: { permission: 'customers:read', legalEntity: 'legalEntityId', account: 'id' },
    root: { one: 'customerAccount', many: 'customerAccounts', keys: [['legalEntityId', 'number']] },
    order: ['number'],
    relations: {
      legalEntity: parties.legalEntity,
      customer: { kind: 'one', record: 'Customer', by: 'customerId', description: 'The customer.' },
      paymentTerms: { kind: 'one', record: 'PaymentTerms', by: 'paymentTermsId', description: 'The terms.' },
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
      openItems: {
        kind: 'many',
        record: 'OpenItem',
        by: 'accountId',
        order: ['dueOn'],
        connection: true,
        description: 'Its open items.',
      },
    },
  }),
  readRecord(Invoice, invoiceRead),
  readRecord(InvoiceLine, { prefix: 'inl', description: 'A line.', resource: { permission: 'invoices:read', ...rooted } }),
  readRecord(OpenItem, openItemRead),
  readRecord(Payment, {
    prefix: 'pay',
    description: 'A payment.',
    resource: { permission: 'payments:read', ...rooted },
    root: { one: 'payment', many: 'payments' },
    order: ['-receivedOn'],
    relations: parties,
  }),
]);
