/**
 * What the conformance kit needs of a folder of exports: an ERP that writes its files anew whenever a person changes something, and what
 * may be the matter with such files for a while.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErpSimulator, ErpSimulatorOptions, FaultKind, FaultPlan, Json } from '../../src/connect/index.ts';
import type { KitBooked, KitErp, KitReferences, KitTarget } from '../../src/connect/testing/index.ts';
import { Ledger, type Row } from './kit-ledger.ts';
import { STREAM_NAMES, type StreamName } from './settings.ts';

const FOLDER = 'export';
/** The operator of a server sets it. */
const ROOT = 'CASHGRAPH_FILES_ROOT';
/** One with lists in its rows has to be JSON. */
const FORMATS: Readonly<Record<StreamName, 'csv' | 'jsonl'>> = {
  products: 'csv',
  customers: 'csv',
  invoices: 'jsonl',
  'credit-notes': 'csv',
  payments: 'jsonl',
};

export const kit: KitTarget = {
  async start(options: ErpSimulatorOptions): Promise<KitErp> {
    return new Exports(options);
  },
};

class Exports implements KitErp {
  readonly config = { folder: FOLDER };
  readonly credentials = {};
  readonly simulator: ErpSimulator;
  readonly #ledger: Ledger;
  readonly #root = mkdtempSync(join(tmpdir(), 'cashgraph-files-kit-'));
  readonly #rootBefore = process.env[ROOT];

  constructor({ seed = 'files', size = 60, now = () => new Date() }: ErpSimulatorOptions) {
    process.env[ROOT] = this.#root;
    mkdirSync(join(this.#root, FOLDER));
    this.#ledger = new Ledger({ seed, now });
    this.#ledger.fill(size);
    this.#write(null);
    this.simulator = {
      url: `file://${this.#root}`,
      access: { folder: FOLDER },
      setFaults: (plan) => this.#write(lastingFault(plan)),
      setWebhook: () => {},
      violations: () => 0,
      close: () => this.close(),
    };
  }

  async ids(stream: string): Promise<readonly string[]> {
    return this.#rows(stream).map(({ id }) => id);
  }

  async booked(stream: string): Promise<readonly KitBooked[]> {
    if (stream === 'products' || stream === 'customers') return [];
    return this.#rows(stream).map((row) => ({
      id: row.id,
      day: textIn(row, 'issuedOn', 'receivedOn'),
      currency: textIn(row, 'currency'),
      rate: textIn(row, 'rate') || null,
      total: textIn(row, 'total', 'amount'),
      tax: stream === 'payments' ? null : textIn(row, 'tax'),
      open: textIn(row, 'open', 'unapplied'),
    }));
  }

  async make(stream: string): Promise<string> {
    return this.#written(() => this.#ledger.make(stream as StreamName));
  }

  async change(stream: string, id: string): Promise<boolean> {
    return this.#written(() => this.#ledger.change(stream as StreamName, id));
  }

  async remove(stream: string, id: string): Promise<boolean> {
    return this.#written(() => this.#ledger.remove(stream as StreamName, id));
  }

  async countOurs(): Promise<number> {
    return 0; // nothing is written
  }

  async references(): Promise<KitReferences> {
    const customers = this.#rows('customers').map((row) => ({ id: row.id, currency: textIn(row, 'currency') }));
    const products = this.#rows('products').map(({ id }) => id);
    return { customers, products, terms: [], openInvoices: [], openCreditNotes: [], taxes: [] };
  }

  setNow(): void {
    // it has the clock that it was started with
  }

  async close(): Promise<void> {
    if (this.#rootBefore === undefined) delete process.env[ROOT];
    else process.env[ROOT] = this.#rootBefore;
    rmSync(this.#root, { recursive: true, force: true });
  }

  #rows(stream: string): readonly Row[] {
    return this.#ledger.rows(stream as StreamName);
  }

  #written<T>(work: () => T): T {
    const done = work();
    this.#write(null);
    return done;
  }

  #write(fault: FaultKind | null): void {
    for (const stream of STREAM_NAMES) {
      const format = FORMATS[stream];
      const rows = this.#rows(stream);
      putFile(join(this.#root, FOLDER, `${stream}.${format}`), format === 'csv' ? csvOf(rows) : jsonLinesOf(rows), fault);
    }
  }
}

/** A folder has no single requests that go wrong: what is planned for any of them lasts until another plan comes. */
const lastingFault = ({ rate = 0, kinds = [], script = [] }: FaultPlan): FaultKind | null =>
  script.find((kind) => kind !== null) ?? (rate > 0 ? (kinds[0] ?? null) : null);

function putFile(path: string, text: string, fault: FaultKind | null): void {
  if (fault !== 'HALF_ANSWER' && fault !== 'HTML') rmSync(path, { recursive: true, force: true });
  if (fault === 'UNAVAILABLE') return;
  if (fault === 'UNAUTHORIZED')
    mkdirSync(path); // there is something, and it can't be opened
  else if (fault === 'HTML') writeFileSync(path, '<html><body>Please sign in</body></html>\n');
  else writeFileSync(path, fault === 'HALF_ANSWER' ? text.slice(0, text.length / 2) : text);
}

/** The first of these columns that holds a text. */
const textIn = (row: Row, ...names: readonly string[]): string =>
  names.map((name) => row[name]).find((value) => typeof value === 'string') ?? '';

const cell = (value: Json | undefined): string =>
  value === undefined ? '' : `"${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('"', '""')}"`;

function csvOf(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => names.map((name) => cell(row[name])).join(','));
  return `${[names.join(','), ...lines].join('\n')}\n`;
}

const jsonLinesOf = (rows: readonly Row[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
