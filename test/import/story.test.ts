// Files that people send, over HTTP: from the upload to the report of what could not be read in.
import { describe, expect, it } from 'vitest';
import { openBooks, type Person, startWorld } from '../support/world.ts';
import { broken, range, rowsOf } from '../write/company.ts';
import { announce, ended, importFile, put, refusalsOf, send } from './sending.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const admin = await world.as('admin');
const { legalEntityId } = await openBooks(world, { code: 'NORTH' });

const OPEN = `\uFEFFdebitor;Kunde;Beleg;vom;fällig;Betrag;Whg;Notiz
0042;Bäckerei Jung;R-1;1.3.2026;31.3.2026;100.50;EUR;
0042;"Jung; Bäckerei";R-2;02.03.2026;1.4.2026;200;EUR;"two
lines"
0043;Mühle;R-3;31.2.2026;1.4.2026;12.00;EUR;
0044;"=cmd|'/c calc'!A1";R-4;2.3.2026;1.2.2026;12.00;EUR;
0045;x;R-5;2.3.2026;1.4.2026;12.00
0046;x\u0000;R-6;2.3.2026;1.4.2026;12.00;EUR;
`;
const COLUMNS = {
  customer: 'debitor',
  customerName: 'Kunde',
  number: 'Beleg',
  issuedOn: 'vom',
  dueOn: 'fällig',
  amount: 'Betrag',
  currency: 'Whg',
};
const mapping = { columns: Object.entries(COLUMNS).map(([field, column]) => ({ field, column })), dates: 'D.M.YYYY' };
const lines = (count: number, prefix: string) =>
  `customer,number,issuedOn,dueOn,amount,currency\n${range(count)
    .map((i) => `${prefix},${prefix}-${i},2026-03-01,2026-04-01,10.00,EUR\n`)
    .join('')}`;
const invoicesOf = async (prefix: string) =>
  (await admin.ask('query($p: String!) { invoices(where: { number: { startsWith: $p } }) { totalCount } }', { p: `${prefix}-` }))[
    'invoices'
  ].totalCount;

it('become documents line by line, after a dry run that kept nothing and said the same', async () => {
  const { id, url } = await announce(admin, { kind: 'OPEN_INVOICES', text: OPEN });
  const response = await put(world, url, OPEN);
  expect([response.status, await response.json()]).toMatchObject([200, { id, receivedBytes: Buffer.byteLength(OPEN) }]);
  const dry = await importFile(admin, { uploadId: id, mapping, dryRun: true });
  const figures = { lifecycle: 'DONE', rowCount: 6, newCount: 2, unchangedCount: 0, refusedCount: 4, customersChangedCount: 2 };
  expect(dry).toMatchObject({ ...figures, isDryRun: true });
  expect(await admin.ask('{ invoices { totalCount } customers { totalCount } }')).toEqual({
    invoices: { totalCount: 0 },
    customers: { totalCount: 1 },
  });
  const real = await importFile(admin, { uploadId: id, mapping });
  expect(real).toMatchObject({ ...figures, isDryRun: false });
  expect(await refusalsOf(admin, real.id)).toEqual(await refusalsOf(admin, dry.id));
  expect(await refusalsOf(admin, real.id)).toMatchObject([
    { line: 5, field: 'issuedOn', code: 'INVALID_INPUT', text: '0043;Mühle;R-3;31.2.2026;1.4.2026;12.00;EUR;' },
    { line: 6, field: 'dueOn', code: 'EFFECTIVE_DATE_INVALID' },
    { line: 7, field: null, message: 'the row has 6 values, and the header has 8.' },
    { line: 8, field: 'customerName', text: '0046;x\ufffd;R-6;2.3.2026;1.4.2026;12.00;EUR;' },
  ]);
  expect(await importFile(admin, { uploadId: id, mapping })).toMatchObject({
    newCount: 0,
    unchangedCount: 2,
    refusedCount: 4,
    customersChangedCount: 0,
  });
  const events = await rowsOf<{ type: string }>(
    world,
    `select type from event where record_kind in ('Upload', 'Import') union all select type from event_inbox where record_kind in ('Upload', 'Import')`,
  );
  const run = ['import.begun', 'import.done', 'import.queued'];
  expect(events.map(({ type }) => type).sort()).toEqual([...run, ...run, ...run, 'upload.created', 'upload.received'].sort());
  const report = async (field: string) =>
    (
      await fetch(
        new URL(
          (
            await admin.ask(`query($id: ID!) { import(id: $id) { ${field} } }`, { id: real.id })
          )['import'][field],
          world.url,
        ),
      )
    ).text();
  const csv = (await report('reportCsvUrl')).split('\r\n');
  expect(csv[0]).toBe('line,field,code,message,text');
  expect(csv[3]).toContain('7,,INVALID_INPUT,');
  expect(
    (await report('reportJsonlUrl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).line),
  ).toEqual([5, 6, 7, 8]);
  expect(await broken(world, world.tenantId)).toEqual([]);
});

it('come as JSON lines and in parts, and go on from where a part broke off', async () => {
  const text = `{"number":"J-1","name":"=SUM(A1)","country":"DE"}\n{"number":"J-2","name":"B","country":"xx"}\n`;
  const { id, url } = await announce(admin, { kind: 'CUSTOMERS', format: 'JSONL', text });
  const size = Buffer.byteLength(text);
  const first = await put(world, url, text.slice(0, 20), { 'content-range': `bytes 0-19/${size}` });
  expect([first.status, await first.json()]).toMatchObject([202, { receivedBytes: 20, sha256: null }]);
  expect((await put(world, url, text.slice(30), { 'content-range': `bytes 30-${size - 1}/${size}` })).status).toBe(400);
  const head = await fetch(new URL(url, world.url), { method: 'HEAD' });
  expect([head.headers.get('upload-offset'), head.headers.get('upload-length')]).toEqual(['20', String(size)]);
  expect((await admin.refused('startImport', { uploadId: id }))[0]).toMatchObject({ code: 'WRONG_STATE' });
  expect((await put(world, url, text.slice(20), { 'content-range': `bytes 20-${size - 1}/${size}` })).status).toBe(200);
  expect(await importFile(admin, { uploadId: id })).toMatchObject({ newCount: 1, refusedCount: 1 });
  const { customers } = await admin.ask('{ customers(where: { number: { eq: "J-1" } }) { nodes { name } } }');
  expect(customers.nodes).toEqual([{ name: '=SUM(A1)' }]);
  expect((await put(world, url, text)).status).toBe(409);
});

it('are read in several at once, and one that is cancelled stops', async () => {
  const uploads = await Promise.all(
    ['P', 'Q', 'T'].map(async (prefix) => send(world, admin, { kind: 'OPEN_INVOICES', text: lines(30, prefix) })),
  );
  const done = await Promise.all(uploads.map((uploadId) => importFile(admin, { uploadId })));
  expect(done.map(({ newCount }) => newCount)).toEqual([30, 30, 30]);
  const uploadId = await send(world, admin, { kind: 'OPEN_INVOICES', text: lines(3_000, 'S') });
  const { id } = await admin.do('startImport', { uploadId }, 'import');
  expect((await admin.refused('deleteUpload', { id: uploadId }))[0]).toMatchObject({ code: 'IN_USE' });
  await admin.do('cancelImport', { id }, 'import');
  const cancelled = await ended(admin, id);
  expect(cancelled).toMatchObject({ lifecycle: 'CANCELLED' });
  const count = await invoicesOf('S');
  expect(count).toBeLessThan(3_000);
  expect((await admin.refused('cancelImport', { id }))[0]).toMatchObject({ code: 'WRONG_STATE' });
  await admin.do('deleteUpload', { id: uploadId }, 'upload');
  expect(await invoicesOf('S')).toBe(count);
});

describe('what does not fit', () => {
  const refused = async (file: { text: string | Buffer; format?: string; fileName?: string }) => {
    const { url } = await announce(admin, { kind: 'CUSTOMERS', ...file });
    const response = await put(world, url, typeof file.text === 'string' ? file.text : new Uint8Array(file.text));
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
    return [response.status, errors[0]?.extensions.code, errors[0]?.message];
  };

  it.each([
    ['UTF-16', { text: Buffer.from('\uFEFFnumber\n', 'utf16le') }, /UTF-16 text: save it as UTF-8/],
    ['Latin-1', { text: Buffer.from('number\nBäcker\n', 'latin1') }, /not UTF-8 text, from about line 1/],
    ['two columns of one name', { text: 'number,number\n' }, /two columns called number/],
    ['no JSON lines', { text: 'number\n', format: 'JSONL' }, /line 1: the line is not JSON/],
    ['nothing but an empty line', { text: '\n' }, /no header line/],
  ])('%s is refused when it comes, and may be sent anew', async (_, file, sentence) => {
    expect(await refused(file)).toEqual([422, 'INVALID_INPUT', expect.stringMatching(sentence)]);
  });

  it('a body of another size, a packed one, and more than was announced', async () => {
    const { url } = await announce(admin, { kind: 'CUSTOMERS', text: 'number\n1\n' });
    const statuses = await Promise.all([
      put(world, url, 'number\n'),
      put(world, url, 'number\n1\n', { 'content-encoding': 'gzip' }),
      put(world, url, 'number\n1\n', { 'content-range': 'bytes 0-8/99' }),
      put(world, url, 'number\n1\n', { 'content-range': 'nonsense' }),
      fetch(new URL(url, world.url), { method: 'POST', body: 'number' }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([400, 415, 400, 400, 405]);
  });

  it('a mapping that names what is not there, a kind without its columns, days of issue where there are none', async () => {
    const uploadId = await send(world, admin, { kind: 'CUSTOMERS', text: 'number,name\n' });
    const sentence = async (input: object) => (await admin.refused('startImport', { uploadId, ...input }))[0]?.message;
    expect(await sentence({ mapping: { columns: [{ field: 'country', column: 'land' }] } })).toMatch(
      /no column land\. Its columns are number, name/,
    );
    expect(await sentence({ mapping: { columns: [{ field: 'colour', column: 'name' }] } })).toMatch(
      /colour is no field of customers/,
    );
    expect(await sentence({ kind: 'PAYMENTS' })).toMatch(/no column for customer: name one in mapping\.columns/);
    expect(await sentence({ mapping: { dates: 'DD/YYYY' } })).toMatch(/is no date format/);
    expect(await sentence({ issuedDays: 30 })).toMatch(/issuedDays is for invoices/);
  });

  it('an address that was changed, or whose time is over', async () => {
    const { url } = await announce(admin, { kind: 'CUSTOMERS', text: 'number\n1\n' });
    const other = await announce(admin, { kind: 'CUSTOMERS', text: 'number\n1\n' });
    const swapped = url.replace(/upl_[0-9a-f-]+/, String(other.id));
    const statuses = await Promise.all(
      [
        swapped,
        url.replace(/signature=..../, 'signature=AAAA'),
        url.replace(/expires=\d/, 'expires=9'),
        `${url.split('?')[0]}/x`,
      ].map((path) => put(world, path, 'number\n1\n')),
    );
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await put(world, String(url.split('?')[0]), 'number\n1\n')).status).toBe(401);
    world.clock.advance(25 * 3_600_000);
    expect((await put(world, url, 'number\n1\n')).status).toBe(404);
  });
});

it('are for those who may do what each line asks for, and seen by nobody else', async () => {
  const desk = await world.as('order-desk');
  const kinds = async (person: Person, kind: string) =>
    (
      await person.send('mutation($input: CreateUploadInput!) { createUpload(input: $input) { upload { id } } }', {
        input: { kind, format: 'CSV', fileName: 'a.csv', sizeBytes: 3 },
      })
    ).errors?.[0]?.extensions?.['code'] ?? 'done';
  expect([await kinds(desk, 'CUSTOMERS'), await kinds(desk, 'PAYMENTS')]).toEqual(['done', 'FORBIDDEN']);
  expect(await kinds(await world.as('analyst'), 'CUSTOMERS')).toBe('FORBIDDEN');
  const other = await openBooks(world, { code: 'SOUTH', number: 'C-9' });
  const roles = [{ role: 'integration', legalEntityId: other.legalEntityId }];
  await admin.do('createActor', { kind: 'USER', name: 'South', issuer: 'urn:cashgraph:local', subject: 'south', roles }, 'actor');
  const south = world.withToken(await world.tokenOf('south'));
  const uploadId = await send(world, south, { kind: 'CUSTOMERS', text: 'number,name\nX-1,X\n' });
  expect((await south.refused('startImport', { uploadId, legalEntityId }))[0]).toMatchObject({ code: 'NOT_FOUND' });
  expect(await importFile(south, { uploadId })).toMatchObject({ newCount: 1 });
  expect(await desk.ask('{ uploads { nodes { id } } imports { nodes { id } } importRefusals { nodes { id } } }')).toMatchObject({
    uploads: { nodes: [{}] },
    imports: { nodes: [] },
    importRefusals: { nodes: [] },
  });
});
