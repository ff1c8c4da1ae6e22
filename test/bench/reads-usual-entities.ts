// The tables of the read bench as MikroORM entities, for the usual stack: each with its id alone as key, as most people write them.
import { defineEntity, p } from '@mikro-orm/core';

export const Customer = defineEntity({
  name: 'BenchCustomer',
  tableName: 'customer',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    number: p.string(),
    name: p.string(),
    segment: p.string().nullable(),
    country: p.string().nullable(),
  },
});

export const Account = defineEntity({
  name: 'BenchAccount',
  tableName: 'customer_account',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    number: p.string(),
    customer: () => p.manyToOne(Customer),
  },
});

export const Product = defineEntity({
  name: 'BenchProduct',
  tableName: 'product',
  properties: { id: p.uuid().primary(), tenantId: p.uuid(), sku: p.string(), name: p.string() },
});

export const Order = defineEntity({
  name: 'BenchOrder',
  tableName: 'sales_order',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    account: () => p.manyToOne(Account),
    number: p.string(),
    lifecycle: p.string(),
    orderedOn: p.date(),
    currency: p.string(),
    totalMinor: p.bigint(),
  },
});

export const Line = defineEntity({
  name: 'BenchLine',
  tableName: 'order_line',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    order: () => p.manyToOne(Order),
    product: () => p.manyToOne(Product),
    lineNumber: p.integer(),
    quantity: p.decimal(),
    unitPrice: p.decimal(),
    currency: p.string(),
    netMinor: p.bigint(),
  },
});

export const Invoice = defineEntity({
  name: 'BenchInvoice',
  tableName: 'invoice',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    account: () => p.manyToOne(Account),
    order: () => p.manyToOne(Order).nullable(),
    number: p.string().nullable(),
    status: p.string(),
    issuedOn: p.date().nullable(),
    dueOn: p.date().nullable(),
    currency: p.string(),
    totalMinor: p.bigint(),
    taxMinor: p.bigint(),
    openMinor: p.bigint(),
    customerReference: p.string().nullable(),
    createdAt: p.datetime(),
  },
});

export const Item = defineEntity({
  name: 'BenchItem',
  tableName: 'open_item',
  properties: { id: p.uuid().primary(), tenantId: p.uuid(), documentId: p.uuid(), instalment: p.integer() },
});

export const Payment = defineEntity({
  name: 'BenchPayment',
  tableName: 'payment',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    reference: p.string().nullable(),
    receivedOn: p.date().nullable(),
    method: p.string(),
  },
});

export const Allocation = defineEntity({
  name: 'BenchAllocation',
  tableName: 'allocation',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    toItem: () => p.manyToOne(Item),
    fromItem: () => p.manyToOne(Item).nullable(),
    toMinor: p.bigint(),
    toCurrency: p.string(),
    recordedAt: p.datetime(),
  },
});

export const ENTITIES = [Customer, Account, Product, Order, Line, Invoice, Item, Payment, Allocation];
