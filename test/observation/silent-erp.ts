// The connector of an ERP that says nothing by itself: what it shows, and how it answers, tests say past it.
import { z } from 'zod';
import { type CanonicalKind, defineConnector } from '../../src/connect/index.ts';

const nobody = () => Promise.reject(new Error('The silent ERP is not there to be asked'));
const COMMANDS = ['CREATE', 'UPDATE', 'VOID'] as const;
const streamOf = <K extends CanonicalKind>(name: string, kind: K) => ({
  name,
  kind,
  description: name,
  async *read() {},
  get: () => Promise.resolve([]),
  assemble: (): never => {
    throw new Error('The silent ERP has no records');
  },
});
const pushOf = <K extends CanonicalKind>(stream: string, kind: K) => ({
  kind,
  stream,
  commands: COMMANDS,
  find: nobody,
  send: nobody,
});

export const silentErp = defineConnector({
  name: 'silent',
  title: 'Silent ERP',
  description: 'Says nothing by itself.',
  config: z.strictObject({}),
  credentials: z.strictObject({}),
  baseUrls: () => ['http://127.0.0.1:1'],
  auth: () => ({ kind: 'NONE' }),
  rateLimit: () => ({ key: 'silent', requestsMaxCount: 1_000, perMs: 1_000, concurrentMaxCount: 10, pauseMs: 1_000 }),
  streams: [
    streamOf('customers', 'Customer'),
    streamOf('orders', 'Order'),
    streamOf('invoices', 'Invoice'),
    streamOf('credits', 'CreditNote'),
    streamOf('payments', 'Payment'),
  ],
  pushes: [
    pushOf('customers', 'Customer'),
    pushOf('orders', 'Order'),
    pushOf('invoices', 'Invoice'),
    pushOf('credits', 'CreditNote'),
    pushOf('payments', 'Payment'),
  ],
  authority: {},
  check: nobody,
});
