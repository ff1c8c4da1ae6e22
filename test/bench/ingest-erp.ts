// The ERP of the ingest bench: customers and invoices as pages out of memory, equal for an equal number of rows. It has no network: what is
// measured is everything behind it.
import { z } from 'zod';
import { type Connector, defineConnector, type SourceRecord } from '../../src/connect/connector.ts';

export const PAGE = 1_000;

export interface Raw {
  readonly [name: string]: string;
}

/** What it has of one kind. */
export interface Kind {
  readonly stream: string;
  readonly count: number;
  make(i: number): Raw;
}

export interface BenchErp {
  readonly customers: Kind;
  readonly invoices: Kind;
  readonly connector: Connector;
}

const customer = (i: number): Raw => ({ id: `c${i}`, name: `Customer ${i} GmbH`, email: `ap${i}@example.com`, currency: 'EUR' });

const invoiceOf =
  (customers: number) =>
  (i: number): Raw => ({
    id: `i${i}`,
    number: `N-${i}`,
    customer: `c${(i * 7) % customers}`,
    issuedOn: `2025-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`,
    total: `${100 + (i % 9_000)}.00`,
  });

/** A fifth of its rows are customers, the others their invoices. */
export function benchErp(rows: number): BenchErp {
  const count = Math.ceil(rows / 5);
  const customers = { stream: 'customers', count, make: customer };
  const invoices = { stream: 'invoices', count: rows - count, make: invoiceOf(count) };
  return { customers, invoices, connector: connectorOf(customers, invoices) };
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

const connectorOf = (customers: Kind, invoices: Kind): Connector =>
  defineConnector({
    name: 'bench',
    title: 'Bench',
    description: 'Pages out of memory.',
    config: z.strictObject({}),
    credentials: z.strictObject({}),
    baseUrls: () => ['http://127.0.0.1:9'],
    auth: () => ({ kind: 'NONE' }),
    rateLimit: () => ({ key: 'bench', requestsMaxCount: 1_000_000, perMs: 1_000, concurrentMaxCount: 100, pauseMs: 1_000 }),
    authority: { CustomerAccount: 'CONNECTION', Invoice: 'CONNECTION' },
    pushes: [],
    check: async () => ({ company: 'Bench', warnings: [] }),
    streams: [
      {
        name: 'customers',
        kind: 'Customer',
        description: 'Customers.',
        read: (_, { cursor }) => pagesOf(customers, cursor),
        get: async () => [],
        assemble: ({ name, email, currency }) => ({
          document: { name: textIn(name), email: textIn(email), currency: textIn(currency), isActive: true },
        }),
      },
      {
        name: 'invoices',
        kind: 'Invoice',
        description: 'Invoices.',
        read: (_, { cursor }) => pagesOf(invoices, cursor),
        get: async () => [],
        assemble: ({ number, customer: who, issuedOn, total }) => {
          const net = textIn(total);
          const document = { net, tax: '0', total: net, taxes: [], currency: 'EUR', state: 'ISSUED' as const };
          const line = { description: 'Goods', quantity: '1', unitPrice: net, net, taxCategory: 'O', taxRate: '0' };
          const days = { issuedOn: textIn(issuedOn), dueOn: textIn(issuedOn) };
          return { document: { ...document, ...days, number: textIn(number), customer: textIn(who), lines: [line] } };
        },
      },
    ],
  });

async function* pagesOf({ count, make }: Kind, cursor: Record<string, unknown> | null) {
  for (let from = Number(cursor?.['from'] ?? 0); from < count; from += PAGE) {
    const records: SourceRecord[] = [];
    for (let i = from; i < Math.min(from + PAGE, count); i++) {
      const raw = make(i);
      records.push({ externalId: raw['id'] ?? '', version: '1', updatedAt: '2025-06-01T00:00:00Z', raw });
    }
    yield { records, cursor: { from: from + PAGE } as never };
  }
}
