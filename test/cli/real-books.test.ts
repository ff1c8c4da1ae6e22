// Real documents become books: every invariant holds, and reading the files again changes nothing. REAL_BOOKS=whole takes all 37,374, else
// the first of each file: what a row becomes doesn't hang on how many there are, and `real-files` looks at every one of them.
import { describe, expect, it } from 'vitest';
import { openRefusalLog, type Summary } from '../../src/cli/import/report.ts';
import { importRows } from '../../src/cli/import/run.ts';
import type { Kind } from '../../src/transport/import-file/fields.ts';
import { openSource } from '../../src/transport/import-file/file.ts';
import { resolveMapping } from '../../src/transport/import-file/mapping.ts';
import { PageWriter } from '../../src/transport/import-file/page-writer.ts';
import { broken } from '../support/invariants.ts';
import { hasRealFiles, realFile } from '../support/real-files.ts';
import { bare, startWorld, type World } from '../support/world.ts';

const ROWS = process.env['REAL_BOOKS'] === 'whole' ? Number.POSITIVE_INFINITY : 2_500;

interface File {
  readonly name: string;
  readonly kind: Kind;
  readonly rows: number;
  readonly currency?: string;
  readonly dateFormat?: string;
  readonly issuedDays?: number;
  readonly flags?: readonly (readonly [string, string])[];
}

const FILES: readonly File[] = [
  {
    name: 'receivables-highradius/paid_invoices_2019-01_to_2019-09.csv',
    kind: 'settled-invoices',
    rows: 25_208,
    currency: 'USD',
    issuedDays: 30,
  },
  {
    name: 'receivables-highradius/open_invoices_2020.csv',
    kind: 'open-invoices',
    rows: 9_700,
    flags: [['issuedOn', 'baseline_create_date']],
  },
  {
    name: 'receivables-ibm/ibm_accounts_receivable.csv',
    kind: 'settled-invoices',
    rows: 2_466,
    currency: 'USD',
    dateFormat: 'M/D/YYYY',
  },
];

async function openUsBooks(world: World) {
  const admin = await world.as('admin');
  const books = { code: 'U001', name: 'U001', country: 'US', functionalCurrency: 'USD', timeZone: 'America/New_York' };
  const { id } = await admin.do('createLegalEntity', books, 'legalEntity');
  for (const [fromCurrency, toCurrency, rate] of [
    ['CAD', 'USD', '0.7475'],
    ['CAD', 'EUR', '0.68'],
    ['USD', 'EUR', '0.91'],
  ]) {
    await admin.do('setExchangeRate', { fromCurrency, toCurrency, rate, validOn: '1900-01-01' }, 'exchangeRate');
  }
  return { id: bare(id), code: 'U001', currency: 'USD', groupCurrency: 'EUR' };
}

async function read(world: World, legalEntity: Awaited<ReturnType<typeof openUsBooks>>, file: File): Promise<Summary> {
  const { kind, currency, dateFormat, issuedDays = null } = file;
  const path = realFile(file.name);
  const whole = await openSource({ path, name: path, format: 'CSV' });
  const source = { ...whole, rows: () => first(whole.rows(), ROWS) };
  const defaults = new Map(currency === undefined ? [] : [['currency', currency]]);
  const named = new Map(file.flags ?? []);
  const mapping = resolveMapping({ kind, name: path, columns: source.columns, named, defaults, dates: dateFormat });
  const principal = await world.platform.systemPrincipal(world.tenantId);
  const writer = new PageWriter({ engines: world.platform, legalEntity, kind });
  const request = { principal, requestId: 'real' };
  const log = await openRefusalLog(undefined);
  return importRows({
    pageMaxCount: 1_000,
    source,
    kind,
    mapping,
    legalEntity,
    issuedDays,
    writer,
    request,
    log,
    signal: new AbortController().signal,
  });
}

async function* first<T>(rows: AsyncIterable<T>, count: number): AsyncIterable<T> {
  let taken = 0;
  for await (const row of rows) {
    if (taken === count) return;
    taken += 1;
    yield row;
  }
}

const rowsOf = ({ rows }: File): number => Math.min(rows, ROWS);

describe.runIf(hasRealFiles())('real files', () => {
  it('become customers, invoices, payments, items, allocations, books and events, once', async () => {
    const world = await startWorld({ now: '2026-01-10T09:00:00.000Z' });
    const legalEntity = await openUsBooks(world);
    for (const file of FILES) {
      expect(await read(world, legalEntity, file)).toMatchObject({
        read: rowsOf(file),
        new: rowsOf(file),
        unchanged: 0,
        refused: 0,
      });
    }
    const head = await world.platform.sealer.sealed();
    expect(await broken(world.database, world.tenantId)).toEqual([]);
    for (const file of FILES) {
      expect(await read(world, legalEntity, file)).toMatchObject({
        read: rowsOf(file),
        new: 0,
        unchanged: rowsOf(file),
        refused: 0,
      });
    }
    expect(await world.platform.sealer.sealed()).toBe(head);
  }, 300_000);
});
