/** What was recorded of real accounts: every row becomes a document of its form, or is refused with the column; errors are told in their words. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CANONICAL, type JsonObject, MappingError, NotOurs, parseJson } from '../../src/connect/index.ts';
import { judge } from './faults.ts';
import { isObject } from './fields.ts';
import { settings } from './settings.ts';
import { streams } from './streams.ts';

/** Read in place, never copied. */
const FOLDER = join(import.meta.dirname, '../../../shared/erp/netsuite');
const isThere = existsSync(FOLDER);
if (!isThere) process.stderr.write('Recorded answers of NetSuite: skipped, since the folder with them is not there.\n');

/** Texts only, without what is empty: as SuiteQL gives them. */
function rowsIn(file: string): JsonObject[] {
  const [header = [], ...lines] = readFileSync(join(FOLDER, 'suiteql-seeds', file), 'utf8')
    .trim()
    .split(/\r?\n/)
    .map(cellsOf);
  return lines.map((cells) => {
    const columns = header.map((name, i) => [name, cells[i] ?? ''] as const);
    return Object.fromEntries(
      columns
        .filter(([name, value]) => value !== '' && !name.startsWith('_fivetran'))
        .map(([name, value]) => [name, timeOf(value)]),
    );
  });
}

const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );

/** As our queries ask for them. */
const timeOf = (value: string): string =>
  value.replace(
    /^(\d{4}-\d{2}-\d{2}) (\d{1,2}:\d{2}:\d{2})$/,
    (_, day: string, time: string) => `${day}T${time.padStart(8, '0')}`,
  );

const config = settings.parse({ account: '1', leads: 'CUSTOMER', timeZone: 'America/Los_Angeles' });

function outcomeOf(name: string, raw: JsonObject): string {
  const stream = streams.find((one) => one.name === name);
  if (!stream) throw new Error(name);
  try {
    const { document } = stream.assemble(raw, { config, functionalCurrency: 'USD' });
    CANONICAL[stream.kind].parse(document);
    return 'document';
  } catch (error) {
    if (error instanceof NotOurs) return 'not ours';
    if (error instanceof MappingError && error.field !== '') return `refused: ${error.field}`;
    throw error;
  }
}

const day = (value: unknown): string => String(value).slice(0, 10);
const counted = (outcomes: readonly string[]) =>
  Object.fromEntries([...new Set(outcomes)].sort().map((one) => [one, outcomes.filter((other) => other === one).length]));

describe.skipIf(!isThere)('recorded rows and answers of NetSuite', () => {
  it('customers become accounts, with the subsidiaries that are recorded for them', () => {
    const relations = rowsIn('netsuite2_customer_subsidiary_relationship_data.csv');
    const customers = rowsIn('netsuite2_customer_data.csv').flatMap((row) => {
      const own = relations.filter(({ entity }) => entity === row['id']);
      const base = { ...row, currency: 'USD' };
      return own.length === 0
        ? [base]
        : own.map(({ subsidiary = '', id: relationship = '' }) => ({ ...base, subsidiary, relationship }));
    });
    expect(counted(customers.map((row) => outcomeOf('customers', row)))).toEqual({ document: 13 });
  });

  it('items become products, or are lines only', () => {
    expect(counted(rowsIn('netsuite2_item_data.csv').map((row) => outcomeOf('products', row)))).toEqual({
      document: 2,
      'not ours': 2,
    });
  });

  it('transactions without their amounts are refused with the column, in whatever stream', () => {
    const lines = rowsIn('netsuite2_transaction_line_data.csv');
    const transactions = rowsIn('netsuite2_transaction_data.csv').map((row) => ({
      ...row,
      trandate: day(row['trandate']),
      duedate: day(row['duedate']),
      currency: 'USD',
      lines: lines.filter(({ transaction }) => transaction === row['id']),
    }));
    for (const name of ['orders', 'invoices', 'credit-memos', 'payments'])
      expect(counted(transactions.map((row) => outcomeOf(name, row))), name).toEqual(
        name === 'payments' ? { 'not ours': 1, 'refused: foreigntotal': 3 } : { 'refused: foreigntotal': 4 },
      );
  });

  it('lines of items are read by their columns, on the side of the customer', () => {
    for (const { expectedshipdate, ...row } of rowsIn('netsuite2_transaction_line_data.csv')) {
      const wished = expectedshipdate === undefined ? {} : { expectedshipdate: day(expectedshipdate) };
      const raw = {
        id: '1',
        type: 'SalesOrd',
        status: 'B',
        trandate: '2026-01-01',
        entity: '5',
        foreigntotal: '0',
        mainamount: '1',
        currency: 'USD',
        lines: [{ ...row, ...wished }],
      };
      expect(outcomeOf('orders', raw)).toBe('document');
    }
  });

  it('errors are told by their codes, and a wrong id is known in both of its forms', () => {
    const answers = readdirSync(join(FOLDER, 'captures')).map(
      (file) => parseJson(readFileSync(join(FOLDER, 'captures', file), 'utf8')) as JsonObject,
    );
    const failed = answers.filter(({ status }) => Number(status) >= 400);
    const codes = failed.map(({ status, response }) => {
      const verdict = judge({ status: Number(status), headers: {}, body: response });
      return `${Number(status)} ${verdict?.code} ${verdict?.kind} ${verdict !== null && verdict.words.length > 10}`;
    });
    expect(failed.length).toBeGreaterThan(2);
    for (const code of codes) expect(code).toMatch(/^(400|404) [A-Z_]+ REJECTED true$/);
    const fine = answers.filter(({ status }) => Number(status) < 400);
    for (const { response } of fine)
      expect(isObject(response) ? judge({ status: 200, headers: {}, body: response }) : null).toBeNull();
  });
});
