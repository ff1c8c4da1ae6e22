import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CANONICAL, type ConnectorContext, type Cursor, type SourceRecord, type Stream } from '../../src/connect/index.ts';
import { filesConnector } from './index.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cashgraph-files-'));
  folder = join(root, 'acme');
  await mkdir(folder);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = (name: string, ...lines: readonly string[]) => writeFile(join(folder, name), `${lines.join('\n')}\n`);

function connection(config: object = {}) {
  const connector = filesConnector(() => root);
  const settings: unknown = connector.config.parse({ folder: 'acme', ...config });
  const context = { config: settings, signal: AbortSignal.timeout(20_000), now: () => new Date(0) } as ConnectorContext;
  const stream = (name: string) => connector.streams.find((one) => one.name === name) as Stream;
  async function read(name: string, mode: 'FULL' | 'INCREMENTAL', cursor: Cursor | null = null, pageMaxCount = 100) {
    const pages = [];
    for await (const page of stream(name).read(context, { mode, cursor, pageMaxCount })) pages.push(page);
    const records = pages.flatMap((page) => page.records);
    return { pages, records, ids: records.map((record) => record.externalId), cursor: pages.at(-1)?.cursor ?? null };
  }
  const document = (name: string, record: SourceRecord | undefined) => {
    const { kind, assemble } = stream(name);
    const made = assemble(record?.raw ?? {}, { config: settings, functionalCurrency: 'EUR' });
    CANONICAL[kind].parse(made.document);
    return made;
  };
  return { connector, context, stream, read, document };
}

describe('a folder of files', () => {
  it('has documents in the rows of CSV, amounts to the last digit, and columns that nobody knows beside them', async () => {
    await put('products.csv', 'id,sku,name,kind,unitPrice', '1,P-1,"Pump, large",GOODS,12.50');
    await put(
      'customers.csv',
      'id,number,name,street,city,country,isActive',
      '7,K-7,Müller & Söhne,Hauptstr. 1,Köln,Germany,false',
    );
    await put(
      'invoices.csv',
      'id,number,customer,issuedOn,dueOn,tax,taxRate,total,Region',
      '31,R-31,7,2026-01-05,2026-02-04,1.90,19,11.90,West',
    );
    await put('credit-notes.csv', 'id,customer,issuedOn,total,invoice', '32,7,2026-01-09,5,31');
    await put(
      'payments.csv',
      'id,customer,receivedOn,amount,invoice,applied,method',
      '33,7,2026-01-20,20,31,11.90,BANK_TRANSFER',
    );
    const { read, document } = connection();
    const first = async (name: string) => document(name, (await read(name, 'FULL')).records[0]);
    expect((await first('products')).document).toEqual({
      sku: 'P-1',
      name: 'Pump, large',
      kind: 'GOODS',
      unitPrice: '12.50',
      isActive: true,
    });
    expect((await first('customers')).document).toEqual({
      number: 'K-7',
      name: 'Müller & Söhne',
      isActive: false,
      country: 'DE',
      address: { city: 'Köln', lines: ['Hauptstr. 1'] },
    });
    expect(await first('invoices')).toEqual({
      document: {
        number: 'R-31',
        customer: '7',
        currency: 'EUR',
        issuedOn: '2026-01-05',
        dueOn: '2026-02-04',
        lines: [{ description: 'As billed', quantity: '1', unitPrice: '10.00', net: '10.00', taxRate: '19' }],
        net: '10.00',
        tax: '1.90',
        total: '11.90',
        taxes: [{ taxCategory: 'S', taxRate: '19', taxable: '10.00', tax: '1.90' }],
        state: 'ISSUED',
      },
      extensions: { Region: 'West' },
    });
    expect((await first('credit-notes')).document).toMatchObject({
      invoice: '31',
      net: '5',
      taxes: [{ taxCategory: 'O', tax: '0' }],
    });
    expect((await first('payments')).document).toMatchObject({
      amount: '20',
      applications: [{ kind: 'Invoice', document: '31', amount: '11.90' }],
    });
  });

  it('has whole documents in the rows of JSON, with lines, taxes and applications', async () => {
    const lines = [{ description: 'Pump', quantity: 2, unitPrice: 5, net: 10 }];
    const bill = { id: 31, customer: 7, currency: 'USD', issuedOn: '2026-01-05', dueOn: '2026-02-04', total: 10, lines };
    const applications = [
      { document: 31, amount: 4 },
      { kind: 'CreditNote', document: '32', amount: '1.5' },
    ];
    await put('invoices.jsonl', JSON.stringify(bill), '', JSON.stringify({ ...bill, id: 'B', total: '12345678901234567.89' }));
    await put('payments.jsonl', JSON.stringify({ id: 1, customer: 7, receivedOn: '2026-01-20', amount: 20, applications }));
    const { read, document } = connection();
    const { records, ids } = await read('invoices', 'FULL');
    expect(ids).toEqual(['31', 'B']);
    expect(document('invoices', records[0]).document).toMatchObject({
      customer: '7',
      currency: 'USD',
      lines: [{ quantity: '2', net: '10' }],
    });
    expect(document('invoices', records[1]).document).toMatchObject({ total: '12345678901234567.89' });
    const [payment] = (await read('payments', 'FULL')).records;
    expect(document('payments', payment).document).toMatchObject({
      applications: [
        { kind: 'Invoice', document: '31', amount: '4' },
        { kind: 'CreditNote', document: '32', amount: '1.5' },
      ],
    });
  });

  it('may call its columns and part its cells otherwise', async () => {
    await put('customers.csv', 'Kundennr;Firma;isActive', '7;Acme;true');
    const { read, document } = connection({ delimiter: ';', columns: { customers: { id: 'Kundennr', name: 'Firma' } } });
    const { records } = await read('customers', 'FULL');
    expect(records.map((record) => record.externalId)).toEqual(['7']);
    expect(document('customers', records[0])).toEqual({ document: { name: 'Acme', isActive: true } });
  });

  it('has nothing new while a file is the same, and all of it once it is another', async () => {
    await put('customers.csv', 'id,name', '1,One', '2,Two');
    const { read } = connection();
    const { cursor } = await read('customers', 'FULL');
    expect((await read('customers', 'INCREMENTAL', cursor)).ids).toEqual([]);
    await appendFile(join(folder, 'customers.csv'), '3,Three\n');
    const next = await read('customers', 'INCREMENTAL', cursor);
    expect(next.ids).toEqual(['1', '2', '3']);
    expect((await read('customers', 'INCREMENTAL', next.cursor)).ids).toEqual([]);
  });

  it('goes on from every page of a full read, and from the start when the file is another by then', async () => {
    const rows = Array.from({ length: 10 }, (_, i) => `${i},Name ${i}`);
    await put('customers.csv', 'id,name', ...rows);
    const { read } = connection();
    const { pages, ids } = await read('customers', 'FULL', null, 3);
    expect(pages.map((page) => page.records.length)).toEqual([3, 3, 3, 1]);
    for (const [i, page] of pages.slice(0, -1).entries())
      expect((await read('customers', 'FULL', page.cursor, 3)).ids).toEqual(ids.slice((i + 1) * 3));
    await put('customers.csv', 'id,name', '0,Other', ...rows.slice(1));
    expect((await read('customers', 'FULL', pages[0]?.cursor ?? null)).ids).toEqual(ids);
  });

  it('takes a row that vanished for deleted only where it is told to, and never a file that is not there', async () => {
    await put('customers.csv', 'id,name', '1,One', '2,Two', '3,Three');
    const [careful, strict] = [connection(), connection({ vanishedAreDeleted: true })];
    const before = {
      careful: (await careful.read('customers', 'FULL')).cursor,
      strict: (await strict.read('customers', 'FULL')).cursor,
    };
    await put('customers.csv', 'id,name', '2,Two');
    expect((await careful.read('customers', 'INCREMENTAL', before.careful)).ids).toEqual(['2']);
    const { records, pages } = await strict.read('customers', 'INCREMENTAL', before.strict, 2);
    expect(records.map(({ externalId, isDeleted = false }) => [externalId, isDeleted])).toEqual([
      ['2', false],
      ['1', true],
      ['3', true],
    ]);
    expect(pages.every((page) => page.records.length <= 2)).toBe(true);
    await rm(join(folder, 'customers.csv'));
    const gone = await strict.read('customers', 'INCREMENTAL', before.strict);
    expect([gone.ids, gone.cursor]).toEqual([[], before.strict]);
    await writeFile(join(folder, 'customers.csv'), '');
    expect((await strict.read('customers', 'INCREMENTAL', before.strict)).cursor).toEqual(before.strict);
    await put('customers.csv', '<html><body>Please sign in</body></html>');
    await expect(strict.read('customers', 'INCREMENTAL', before.strict)).rejects.toThrow('customers.csv has no column id');
  });

  it('is refused by file and line where it can not be read, and the rest of a broken row by its field', async () => {
    const { read, document } = connection();
    const failure = (name: string) => read(name, 'FULL').then(String, (error: Error) => error.message);
    await put('customers.csv', 'id,name', '1,One', '1,Again');
    expect(await failure('customers')).toContain('customers.csv has the id 1 in more than one row');
    await put('products.csv', 'id,name', '1,One,Two');
    expect(await failure('products')).toContain('products.csv is no CSV file');
    await put('payments.jsonl', '{"id":1}', '[1]');
    expect(await failure('payments')).toContain('payments.jsonl, line 2');
    await put('credit-notes.csv', 'customer', '7');
    expect(await failure('credit-notes')).toContain('has no column id');
    await put(
      'invoices.csv',
      'id,customer,issuedOn,dueOn,total,tax',
      '1,7,2026-01-05,2026-02-04,"1,5",0',
      '2,7,2026-01-05,2026-02-04,3,1',
    );
    const [wrong, untold] = (await read('invoices', 'FULL')).records;
    expect(() => document('invoices', wrong)).toThrow('total must be a decimal');
    expect(() => document('invoices', untold)).toThrow('taxRate is missing');
    await put('invoices.jsonl', '{}');
    expect(await failure('invoices')).toContain('leave one of them out');
  });

  it('is read nowhere but below the root of the operator', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'cashgraph-outside-'));
    try {
      await writeFile(join(outside, 'customers.csv'), 'id,name\n1,Secret\n');
      await symlink(outside, join(root, 'linked'));
      await symlink(join(outside, 'customers.csv'), join(folder, 'customers.csv'));
      await mkdir(join(folder, 'products.csv'));
      const failure = (work: Promise<unknown>) => work.then(String, (error: Error) => error.message);
      expect(await failure(connection({ folder: 'linked' }).read('customers', 'FULL'))).toContain('leads out of the root');
      expect(await failure(connection().read('customers', 'FULL'))).toContain("customers.csv can't be opened");
      expect(await failure(connection().read('products', 'FULL'))).toContain('is no file');
      expect(await failure(connection({ folder: 'nowhere' }).read('customers', 'FULL'))).toContain('There is no folder nowhere');
      const { config } = filesConnector(() => root);
      for (const path of ['..', '../x', '/etc', 'a/../b', 'a//b', '.hidden', 'a/./b', ''])
        expect(config.safeParse({ folder: path }).success, path).toBe(false);
      const none = filesConnector(() => null);
      expect(await failure(none.check({ ...connection().context, config: { folder: 'acme' } }))).toContain(
        'CASHGRAPH_FILES_ROOT',
      );
    } finally {
      await rm(outside, { recursive: true, force: true });
    }
  });

  it('is told by its name, with the files that are missing; rows are found by their ids', async () => {
    await put('customers.csv', 'id,name', '1,One', '2,Two');
    const { connector, context, stream } = connection();
    const { company, warnings } = await connector.check(context);
    expect([company, warnings.length]).toEqual(['acme', 4]);
    const found = await stream('customers').get(context, ['2', '9']);
    expect(found.map((record) => record.externalId)).toEqual(['2']);
  });
});
