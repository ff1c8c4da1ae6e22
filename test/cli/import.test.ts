// Reading files into the books beside a running server that shares the embedded Postgres: once in a process of its own, else by the same
// code in this one, since a process takes longer to start than to read a file.
import 'reflect-metadata';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { makeScratchFolder } from '../support/scratch.ts';
import { ask, command, type Done, type Running, startServer } from './commands.ts';

const scratch = makeScratchFolder();
const dataDir = join(scratch, 'data');
const at = (name: string) => join(scratch, name);
const put = (name: string, text: string) => writeFileSync(at(name), text);
let server: Running;
let token = '';

const inOwnProcess = (...args: readonly string[]): Promise<Done> => command(['cashgraph', ...args, '--data-dir', dataDir]);
const env = { ...process.env };

async function cashgraph(...args: readonly string[]): Promise<Done> {
  const said = { stderr: '', stdout: '' };
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said.stderr += String(text)), true));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((said.stdout += String(text)), true));
  process.env = { ...env, DATABASE_URL: '', LOG_LEVEL: 'warn' };
  try {
    return { code: await run([...args, '--data-dir', dataDir]), ...said };
  } finally {
    vi.restoreAllMocks();
    process.env = { ...env };
  }
}
const summary = ({ stdout }: Done) => JSON.parse(stdout) as Record<string, unknown>;
const invoices = async (number: string) => {
  const query = `query($number: String!) { invoices(where: { number: { eq: $number } }) { nodes {
    number status issuedOn dueOn settledOn customerReference total { amount currency } open { amount } customer { number name } } } }`;
  return (await ask<{ invoices: { nodes: unknown[] } }>(server, token, { query, variables: { number } })).invoices.nodes;
};

beforeAll(async () => {
  server = await startServer(['--empty', '--data-dir', dataDir]);
  token = (await cashgraph('token', '--role', 'admin')).stdout.trim();
  for (const [code, currency] of [
    ['NORTH', 'EUR'],
    ['SOUTH', 'USD'],
  ]) {
    const query = `mutation($code: String!, $currency: CurrencyCode!) { createLegalEntity(input: { code: $code, name: $code, country: "DE",
      functionalCurrency: $currency, timeZone: "Europe/Berlin" }) { userErrors { message } } }`;
    await ask(server, token, { query, variables: { code, currency } });
  }
});
afterEach(() => {
  process.exitCode = undefined;
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  rmSync(scratch, { recursive: true, force: true });
});

describe('token', () => {
  it('prints a token that the server takes, and nothing else', async () => {
    const { code, stdout, stderr } = await cashgraph('token', '--role', 'admin');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(await ask(server, stdout.trim(), { query: '{ me { name roles } }' })).toEqual({
      me: { name: 'Administrator', roles: ['admin'] },
    });
  });

  it('says which roles there are when nobody has the wanted one', async () => {
    const { code, stdout, stderr } = await cashgraph('token', '--role', 'cash');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      'Nobody in the tenant main has the role cash; there are admin. Make one with the mutation createActor.\n',
    );
  });
});

/** Open invoices as a bookkeeper's own export: other headers and days, one customer under two names, two equal rows, ten bad lines. */
const OPEN = `debitor;Kunde;Beleg;vom;fällig;Betrag;Whg;Zeichen
0042;Bäckerei Jung;R-1;1.3.2026;31.3.2026;100.50;EUR;PO 7
0042;"Jung; Bäckerei";R-2;02.03.2026;1.4.2026;200;EUR;
0043;Mühle;;2.3.2026;1.4.2026;12.00;EUR;
0043;Mühle;;2.3.2026;1.4.2026;12.00;EUR;
0044;Kanada Ltd;R-5;2.3.2026;1.4.2026;10.00;CAD;
0045;x;R-6;31.2.2026;1.4.2026;1.00;EUR;
0045;x;R-7;2.3.2026;1.4.2026;1.005;EUR;
0045;x;R-8;2.3.2026;1.4.2026;-1.00;EUR;
0045;x;R-9;2.3.2026;1.4.2026;1,00;EUR;
0045;x;R-10;2.3.2026;1.4.2026;1.00;XYZ;
0045;x;R-11;2.3.2026;1.4.2026;1${'0'.repeat(25)}.00;EUR;
;x;R-12;2.3.2026;1.4.2026;1.00;EUR;
0045;x\u0000;R-13;2.3.2026;1.4.2026;1.00;EUR;
0045;x;R-14;2.3.2026;1.4.2026;1.00
0045;x;R-15;2.3.2026;1.2.2026;1.00;EUR;
0045;x;R-16;2.3.2026;1.4.2026;1.00;GBP;
`;
const OPEN_ARGS = [
  'import',
  'open-invoices',
  at('open.csv'),
  '--legal-entity',
  'NORTH',
  '--date-format',
  'D.M.YYYY',
  '--rate',
  'CAD=0.68',
  '--json',
  ...[
    'customer=debitor',
    'customerName=Kunde',
    'number=Beleg',
    'issuedOn=vom',
    'dueOn=fällig',
    'amount=Betrag',
    'currency=Whg',
    'reference=Zeichen',
  ].flatMap((one) => ['--map', one]),
]; // prettier-ignore

describe('open invoices of another program', () => {
  it('are read, and every line that can’t be is told with its field and what would be right', async () => {
    put('open.csv', OPEN);
    const done = await inOwnProcess(...OPEN_ARGS, '--report', at('refused.jsonl'));
    expect(done.stderr).toContain('customer = debitor');
    expect({ code: done.code, ...summary(done) }).toMatchObject({
      code: 1,
      read: 16,
      new: 5,
      unchanged: 0,
      refused: 11,
      isWhole: true,
    });
    const lines = readFileSync(at('refused.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; field: string; reason: string; values: object });
    expect(lines.map(({ line, field, reason }) => [line, field, reason])).toEqual([
      [7, 'issuedOn', expect.stringContaining('"31.2.2026" is not a day that exists, written D.M.YYYY')],
      [8, 'amount', expect.stringContaining('EUR has 2')],
      [9, 'amount', expect.stringContaining('"-1.00" is negative')],
      [10, 'amount', expect.stringContaining('write digits with a "." before the decimals')],
      [11, 'currency', expect.stringContaining('"XYZ" is not a currency')],
      [12, 'amount', expect.stringMatching(/minor units|30 digits/)],
      [13, 'customer', 'it is missing'],
      [14, 'customerName', 'it has a control character: take it out'],
      [15, null, 'the row has 6 values, and the header has 8'],
      [16, 'dueOn', expect.stringContaining('must not be before issuedOn')],
      [17, expect.anything(), expect.stringContaining('GBP')],
    ]);
    expect(lines[0]?.values).toMatchObject({ debitor: '0045', Beleg: 'R-6' });
  });

  it('stand in the graph as the file has them', async () => {
    expect(await invoices('R-2')).toEqual([
      {
        number: 'R-2',
        status: 'OPEN',
        issuedOn: '2026-03-02',
        dueOn: '2026-04-01',
        settledOn: null,
        customerReference: null,
        total: { amount: '200.00', currency: 'EUR' },
        open: { amount: '200.00' },
        customer: { number: '0042', name: 'Bäckerei Jung' },
      },
    ]); // prettier-ignore
    const query = `{ customers(where: { number: { in: ["0042", "0043"] } }) { nodes { number aliases { name } } } invoices { totalCount } }`;
    expect(await ask(server, token, { query })).toEqual({
      customers: {
        nodes: expect.arrayContaining([
          { number: '0042', aliases: [{ name: 'Jung; Bäckerei' }] },
          { number: '0043', aliases: [] },
        ]) as unknown,
      },
      invoices: { totalCount: 5 },
    });
  });

  it('change nothing when the same file comes again', async () => {
    const done = summary(await cashgraph(...OPEN_ARGS));
    expect(done).toMatchObject({ read: 16, new: 0, unchanged: 5, refused: 11, customersChanged: 0 });
    expect((done.refusedLines as unknown[]).length).toBe(11);
  });
});

describe('settled invoices and payments', () => {
  it('come from JSON lines by a mapping file, the issue date counted back, twice without a change', async () => {
    put(
      'paid.jsonl',
      '{"cust":"0042","cleared":"20260110","late":10,"total":"50.00"}\n{"cust":"N-1","cleared":"20251201","late":-40,"total":7.5}\n\n{"cust":"N-1","late":1,"total":"1"}\n',
    );
    put(
      'paid.yaml',
      'columns: { customer: cust, settledOn: cleared, daysLate: late, amount: total }\ndates: YYYYMMDD\ndefaults: { currency: EUR, number: P-1 }\n',
    );
    const args = [
      'import',
      'settled-invoices',
      at('paid.jsonl'),
      '--mapping',
      at('paid.yaml'),
      '--issued-days',
      '30',
      '--legal-entity',
      'NORTH',
      '--json',
    ];
    put('paid.yaml', readFileSync(at('paid.yaml'), 'utf8').replace(', number: P-1', ''));
    const first = summary(await cashgraph(...args));
    expect(first).toMatchObject({ read: 3, new: 2, refused: 1, customersChanged: 1 });
    expect(first.refusedLines).toMatchObject([
      { line: 4, field: 'dueOn', reason: 'it is missing' },
      { line: 4, field: 'settledOn', reason: 'it is missing' },
    ]);
    expect(summary(await cashgraph(...args))).toMatchObject({ read: 3, new: 0, unchanged: 2, customersChanged: 0 });
    const query = `{ invoices(where: { status: { eq: PAID } }, orderBy: [{ field: DUE_ON }]) { nodes { issuedOn dueOn settledOn total { amount } customer { number name } } } }`;
    expect(await ask(server, token, { query })).toEqual({
      invoices: {
        nodes: [
          {
            issuedOn: '2025-12-01',
            dueOn: '2025-12-31',
            settledOn: '2026-01-10',
            total: { amount: '50.00' },
            customer: { number: '0042', name: 'Bäckerei Jung' },
          },
          {
            issuedOn: '2025-12-01',
            dueOn: '2026-01-10',
            settledOn: '2025-12-01',
            total: { amount: '7.50' },
            customer: { number: 'N-1', name: 'N-1' },
          },
        ],
      },
    });
  });

  it('payments pay the invoice that they name', async () => {
    put(
      'pay.csv',
      'customer,number,received_on,amount,currency,reference,invoice,method\n0042,Z-1,2026-04-02,80,EUR,thanks,R-2,BANK_TRANSFER\n0042,Z-2,2026-04-03,5,EUR,,R-404,\n0042,Z-3,2026-04-03,5,EUR,,,GOLD\n',
    );
    const done = await cashgraph('import', 'payments', at('pay.csv'), '--legal-entity', 'NORTH');
    expect(done.code).toBe(1);
    expect(done.stdout).toMatch(/^line 3, invoice: .*R-404\nline 4, method: .*\nread +new +unchanged/m);
    expect(await invoices('R-2')).toMatchObject([{ status: 'PARTIALLY_PAID', open: { amount: '120.00' } }]);
  });

  it('customers come by themselves, under the headers of the graph', async () => {
    put('customers.csv', '\uFEFFnumber,name,country,tax_id\r\n0042,Bäckerei Jung,DE,DE1\r\nC-1,New one,SE,\r\nC-2,Bad,xx,\r\n');
    const done = await cashgraph('import', 'customers', at('customers.csv'), '--legal-entity', 'SOUTH', '--json');
    expect(summary(done)).toMatchObject({
      read: 3,
      new: 2,
      unchanged: 0,
      refused: 1,
      refusedLines: [{ line: 4, field: 'country' }],
    });
  });

  it('leave books that agree', async () => {
    const { code, stdout } = await cashgraph('doctor', '--invariants', '--json');
    expect({ code, found: JSON.parse(stdout) as unknown }).toMatchObject({ code: 0, found: { findings: { main: [] } } });
  });
});
