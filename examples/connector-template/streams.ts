/** What is read: each list of the ERP, and what its records become. */
import {
  type Assembled,
  type CanonicalKind,
  type ExtensionRow,
  extensionsOf,
  type JsonObject,
  type Stream,
} from 'cashgraph/connector';
import { z } from 'zod';
import { getByIds, readList } from './client.ts';
import { customer, invoice, payment, product } from './mapping.ts';

/** Shown to whoever may see connections. */
export const config = z.strictObject({
  baseUrl: z.string().min(1).describe('Where its API is, such as https://erp.example.com/api.'),
  extensions: z
    .array(z.strictObject({ field: z.string().min(1), as: z.string().min(1) }))
    .default([])
    .describe('Custom fields to be kept: their path there, and their name here.'),
});
export type Config = z.output<typeof config>;

/** What all lists have in common. */
const listed = <N extends string>(name: N) => ({
  name,
  read: (context: Parameters<Stream<Config>['read']>[0], request: Parameters<Stream<Config>['read']>[1]) =>
    readList(context, name, request),
  get: (context: Parameters<Stream<Config>['get']>[0], ids: readonly string[]) => getByIds(context, name, ids),
});

/** What a record says beside its document. */
function beside(raw: JsonObject, rows: readonly ExtensionRow[]): Omit<Assembled<CanonicalKind>, 'document'> {
  const { reference, createdAt } = raw;
  return {
    ...(typeof reference === 'string' ? { ours: reference } : {}),
    ...(typeof createdAt === 'string' ? { createdAt } : {}),
    extensions: extensionsOf(raw, rows),
  };
}

const products: Stream<Config, 'Product'> = {
  ...listed('products'),
  kind: 'Product',
  description: 'What is sold.',
  assemble: (raw, { config: { extensions } }) => ({ document: product.read(raw), ...beside(raw, extensions) }),
};
const customers: Stream<Config, 'Customer'> = {
  ...listed('customers'),
  kind: 'Customer',
  description: 'Who buys.',
  assemble: (raw, { config: { extensions } }) => ({ document: customer.read(raw), ...beside(raw, extensions) }),
};
const invoices: Stream<Config, 'Invoice'> = {
  ...listed('invoices'),
  kind: 'Invoice',
  description: 'Invoices with their lines and taxes.',
  assemble: (raw, { config: { extensions } }) => ({ document: invoice.read(raw), ...beside(raw, extensions) }),
};
const payments: Stream<Config, 'Payment'> = {
  ...listed('payments'),
  kind: 'Payment',
  description: 'Payments of customers and what they are set against.',
  assemble: (raw, { config: { extensions } }) => ({ document: payment.read(raw), ...beside(raw, extensions) }),
};

/** In the order in which they refer to each other. */
export const streams = [products, customers, invoices, payments] as const;
