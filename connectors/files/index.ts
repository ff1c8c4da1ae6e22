/** Files in a folder: for every ERP that can write an export and has no connector yet. It reads only. The smallest example of the SDK. */
import { z } from 'zod';
import {
  type Assembled,
  type AssembleContext,
  type CanonicalKind,
  type Connector,
  defineConnector,
  type JsonObject,
  type Stream,
} from '../../src/connect/index.ts';
import { folderOf, openFile } from './folder.ts';
import { assembleCreditNote, assembleCustomer, assembleInvoice, assemblePayment, assembleProduct } from './mapping.ts';
import { getRows, readFile } from './reading.ts';
import { type Settings, settings, type StreamName } from './settings.ts';

const REQUESTS_MAX_COUNT = 1_000;
const SECOND_MS = 1_000;

interface FileStream<K extends CanonicalKind> {
  readonly name: StreamName;
  readonly kind: K;
  assemble(raw: JsonObject, context: AssembleContext<Settings>): Assembled<K>;
}

/** @param root the folder below which all connections must have theirs; null: there is none, and nothing is read */
export function filesConnector(root: () => string | null): Connector {
  const stream = <K extends CanonicalKind>({ name, kind, assemble }: FileStream<K>): Stream<Settings, K> => ({
    name,
    kind,
    description: `${name}.csv or ${name}.jsonl in the folder.`,
    assemble,
    read: (context, request) => readFile(context, { root: root(), stream: name }, request),
    get: (context, ids) => getRows(context, { root: root(), stream: name }, ids),
  });
  const streams = [
    stream({ name: 'products', kind: 'Product', assemble: assembleProduct }),
    stream({ name: 'customers', kind: 'Customer', assemble: assembleCustomer }),
    stream({ name: 'invoices', kind: 'Invoice', assemble: assembleInvoice }),
    stream({ name: 'credit-notes', kind: 'CreditNote', assemble: assembleCreditNote }),
    stream({ name: 'payments', kind: 'Payment', assemble: assemblePayment }),
  ];
  return defineConnector({
    name: 'files',
    title: 'Files',
    description: 'CSV or JSON Lines files in a folder of the server: products, customers, invoices, credit notes and payments.',
    config: settings,
    credentials: z.strictObject({}),
    baseUrls: () => [],
    auth: () => ({ kind: 'NONE' }),
    rateLimit: ({ folder }) => ({
      key: folder,
      requestsMaxCount: REQUESTS_MAX_COUNT,
      perMs: SECOND_MS,
      concurrentMaxCount: REQUESTS_MAX_COUNT,
      pauseMs: SECOND_MS,
    }),
    streams,
    pushes: [],
    authority: { CustomerAccount: 'CONNECTION', Invoice: 'CONNECTION', CreditNote: 'CONNECTION', Payment: 'CONNECTION' },
    async check({ config }) {
      const folder = await folderOf(root(), config.folder);
      const missing: string[] = [];
      for (const { name } of streams) {
        const file = await openFile(folder, name);
        if (!file) missing.push(name);
        await file?.handle.close();
      }
      const warnings = missing.map((name) => `There is no ${name}.csv or ${name}.jsonl in the folder: nothing of that is read.`);
      return { company: config.folder, warnings };
    },
  });
}

/** The operator's setting, which no connection can change. */
export const connector = filesConnector(() => process.env['CASHGRAPH_FILES_ROOT'] || null);
