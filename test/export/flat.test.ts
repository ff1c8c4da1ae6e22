// Exports as CSV and Parquet: read back as others read them, nothing lost, and nothing that a spreadsheet would run.
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Column } from '../../src/transport/export/columns.ts';
import { csvHeader, csvRow } from '../../src/transport/export/csv.ts';
import { parquetFile } from '../../src/transport/export/parquet.ts';
import { withClient } from '../support/connection.ts';
import { openBooks, type Person, type Shown, startWorld, type World } from '../support/world.ts';
import { bill } from './company.ts';
import { exported } from './exporting.ts';

let world: World;
let admin: Person;
const NAME = 'Müller, "Söhne"\r\n& Co 😀';
const FIELDS = `id number status issuedOn createdAt customerReference total { amount currency } customer { name country } account { id }
  items { id }`;
const FLAT = FIELDS.replace('items { id }', '');
beforeAll(async () => {
  world = await startWorld();
  const { legalEntityId } = await openBooks(world);
  admin = await world.as('admin');
  await bill(world, { legalEntityId, customerNumber: 'C-1', count: 3 });
  // what only an ERP writes
  await withClient(world.database.connection, async (client) => {
    await client.query(`update customer set name = $1`, [NAME]);
    await client.query(`update invoice set customer_reference = '=HYPERLINK("http://evil.example")' where number = 'C-1-0001'`);
    await client.query(`update invoice set customer_reference = '-12.50' where number = 'C-1-0002'`);
  });
});

const listed = async (): Promise<Shown[]> =>
  (await admin.ask(`{ invoices(orderBy: [{ field: NUMBER }]) { nodes { ${FLAT} } } }`))['invoices'].nodes;
const query = `{ invoices(orderBy: [{ field: NUMBER }]) { nodes { ${FLAT} } } }`;

describe('an export as CSV', () => {
  it('has a header with the path of each value, and a row for each row of the list', async () => {
    const { bytes, shown } = await exported(world, admin, { query, format: 'CSV' });
    const [header, ...rows] = parse(bytes, { bom: true, recordDelimiter: '\r\n' });
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(header).toEqual([
      'id',
      'number',
      'status',
      'issuedOn',
      'createdAt',
      'customerReference',
      'total.amount',
      'total.currency',
      'customer.name',
      'customer.country',
      'account.id',
    ]);
    const expected = (await listed()).map((row) => [
      row.id,
      row.number,
      row.status,
      row.issuedOn,
      row.createdAt,
      row.customerReference ?? '',
      row.total.amount,
      row.total.currency,
      row.customer.name,
      row.customer.country ?? '',
      row.account.id,
    ]);
    expected[1]![5] = `'=HYPERLINK("http://evil.example")`;
    // a text that only looks like a number: it can't be known from here what it would do
    expected[2]![5] = "'-12.50";
    expect(rows).toEqual(expected);
    expect(shown).toMatchObject({ rowCount: 3, lineCount: 3 });
  });

  it.each(['CSV', 'PARQUET'] as const)('%s has no place for a list, and says what has', async (format) => {
    const [problem] = await admin.refused('startExport', { query: `{ invoices { nodes { ${FIELDS} } } }`, format });
    expect(problem).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'query'] });
    expect(problem?.message).toMatch(/^items holds several values.*JSONL/);
    const nested = '{ customers { nodes { id accounts { nodes { id } } } } }';
    expect((await admin.refused('startExport', { query: nested, format }))[0]?.message).toContain('accounts holds several');
  });

  it('counts a nested list where that is asked for', async () => {
    const { text } = await exported(world, admin, {
      query: '{ customers { nodes { number accounts { totalCount } } } }',
      format: 'CSV',
    });
    expect(text).toBe('\u{feff}number,accounts.totalCount\r\nC-1,1\r\n');
  });

  const column = (type: Column['type']): Column => ({ path: ['x'], type });
  it('loses nothing, and no cell begins as a formula does unless it is a number', () => {
    const cells = fc.record({
      text: fc.string({ unit: 'binary' }),
      lead: fc.constantFrom('', '=', '+', '-', '@', '\t', '\r', '＝', '"', ','),
    });
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1, maxLength: 5 }), (row) => {
        const texts = row.map(({ lead, text }) => lead + text);
        const columns = texts.map((_, i): Column => ({ path: [`c${i}`], type: 'String' }));
        const file = csvHeader(columns) + csvRow(columns, Object.fromEntries(texts.map((text, i) => [`c${i}`, text])));
        const [, read = []] = parse(file, { bom: true, recordDelimiter: '\r\n' });
        expect(read.map((text, i) => (text === texts[i] ? text : text.replace(/^'/, '')))).toEqual(texts);
        for (const text of read) expect(text).not.toMatch(/^[=+\-@\t\r\n]/);
      }),
      { seed: 7, numRuns: 300 },
    );
    expect(csvRow([column('Decimal')], { x: '-12.50' })).toBe('-12.50\r\n');
    expect(csvRow([column('Int')], { x: -3 })).toBe('-3\r\n');
    expect(csvRow([column('Json')], { x: { a: '=1' } })).toBe('"{""a"":""=1""}"\r\n');
    expect(csvRow([column('String'), column('Boolean')], { x: null })).toBe(',\r\n');
  });
});

const inMemory = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

describe('an export as Parquet', () => {
  it('has typed columns that others read as they were', async () => {
    const { bytes } = await exported(world, admin, { query, format: 'PARQUET' });
    const file = inMemory(bytes);
    const rows = await parquetReadObjects({ file });
    const expected = (await listed()).map((row) => ({
      id: row.id,
      number: row.number,
      status: row.status,
      issuedOn: new Date(row.issuedOn),
      createdAt: new Date(row.createdAt),
      customerReference: row.customerReference ?? null,
      'total.amount': row.total.amount,
      'total.currency': row.total.currency,
      'customer.name': row.customer.name,
      'customer.country': row.customer.country,
      'account.id': row.account.id,
    }));
    expect(rows).toEqual(expected);
    const types = parquetSchema(parquetMetadata(file)).children.map(({ element }) => [
      element.name,
      element.type,
      element.converted_type,
    ]);
    expect(types).toContainEqual(['issuedOn', 'INT32', 'DATE']);
    expect(types).toContainEqual(['createdAt', 'INT64', 'TIMESTAMP_MILLIS']);
    expect(types).toContainEqual(['total.amount', 'BYTE_ARRAY', 'UTF8']);
  });

  it('of a list without rows has its columns all the same', async () => {
    const { bytes } = await exported(world, admin, {
      query: '{ payments { nodes { id received: receivedOn } } }',
      format: 'PARQUET',
    });
    const metadata = parquetMetadata(inMemory(bytes));
    expect(metadata.num_rows).toBe(0n);
    expect(parquetSchema(metadata).children.map(({ element }) => element.name)).toEqual(['id', 'received']);
  });

  it('goes out group by group, and is one file in the end', async () => {
    const columns: Column[] = [
      { path: ['n'], type: 'Int' },
      { path: ['is'], type: 'Boolean' },
      { path: ['data'], type: 'Json' },
    ];
    const row = (n: number) => ({ n, is: n % 3 === 0 ? null : n % 2 === 0, data: n % 5 === 0 ? { n: [n, '😀'] } : null });
    const file = parquetFile(columns);
    const parts: Uint8Array[] = [];
    for (let n = 0; n < 12_345; n++) {
      const part = file.add(row(n));
      if (part) parts.push(part);
    }
    expect(parts).toHaveLength(2);
    const whole = inMemory(Buffer.concat([...parts, file.end()]));
    expect(parquetMetadata(whole).row_groups).toHaveLength(3);
    expect(await parquetReadObjects({ file: whole })).toEqual(Array.from({ length: 12_345 }, (_, n) => row(n)));
  });
});
