// Everything that a user can get wrong: one clear sentence, the right exit code, and nothing else.
import 'reflect-metadata';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { makeScratchFolder } from '../support/scratch.ts';
import { command } from './commands.ts';

const scratch = makeScratchFolder();
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(scratch, name), content);
  return join(scratch, name);
};
const env = { ...process.env };

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  process.env = { ...env };
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The same code as in a process of its own, without its start. */
async function refused(
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<{ code: number; said: string; answer: string }> {
  const said = { err: '', out: '' };
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said.err += String(text)), true));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((said.out += String(text)), true));
  process.env = { ...env, DATABASE_URL: '', CASHGRAPH_DATA_DIR: join(scratch, 'none'), ...settings };
  const code = await run(args);
  return { code, said: said.err.trim(), answer: said.out };
}

const GOOD = 'customer,due_date,amount,currency,issue_date\n1,2026-01-31,1,EUR,2026-01-01\n';
const importing = (path: string, ...more: readonly string[]) => ['import', 'open-invoices', path, ...more];

describe('a file that can’t be read is refused before anything is written', () => {
  it.each<[string, () => readonly string[], number, string | RegExp]>([
    ['missing', () => importing(join(scratch, 'no.csv')), 1, /^There is no file .*no\.csv\.$/],
    ['a folder', () => importing(scratch), 1, /is not a file: name a CSV or JSONL file\.$/],
    ['empty', () => importing(file('empty.csv', '')), 1, /empty\.csv is empty\.$/],
    [
      'UTF-16',
      () => importing(file('wide.csv', Buffer.from(`\uFEFF${GOOD}`, 'utf16le'))),
      1,
      /is UTF-16 text: save it as UTF-8\.$/,
    ],
    [
      'Latin-1',
      () => importing(file('latin.csv', Buffer.from('customer\nBäcker\n', 'latin1'))),
      1,
      /is not UTF-8 text, from about line \d+ on: save it as UTF-8\.$/,
    ],
    ['a JSON array', () => importing(file('all.json', '[{}]')), 1, /can't be read row by row\. Write one object a line/],
    [
      'JSON lines that are none',
      () => importing(file('bad.jsonl', 'customer,amount\n')),
      1,
      /bad\.jsonl, line 1: the line is not JSON\.$/,
    ],
    [
      'two columns of one name',
      () => importing(file('twice.csv', 'amount,amount\n')),
      1,
      /has two columns called amount: rename one\.$/,
    ],
    [
      'without a needed column',
      () => importing(file('less.csv', 'customer,due_date\n1,2\n')),
      1,
      /has no column for amount: give it with --map amount=<column>\. Its columns are customer, due_date\.$/,
    ],
    [
      'without a currency',
      () => importing(file('nocur.csv', 'customer,due_date,amount,issue_date\n')),
      1,
      /has no column for currency: .*--currency USD/,
    ],
    [
      'without an issue date',
      () => importing(file('noissue.csv', 'customer,due_date,amount,currency\n')),
      1,
      /has no column for issuedOn: .*--issued-days 30/,
    ],
    [
      'with a mapping to a column that isn’t there',
      () => importing(file('good.csv', GOOD), '--map', 'number=belegnr'),
      1,
      /has no column belegnr\. Its columns are customer, due_date,/,
    ],
    [
      'with a mapping of no field',
      () => importing(file('good.csv', GOOD), '--map', 'colour=amount'),
      2,
      /^colour is no field of open-invoices\. The fields are customer, customerName,/,
    ],
    [
      'with half a mapping',
      () => importing(file('good.csv', GOOD), '--map', 'amount'),
      2,
      '--map takes name=value, and "amount" is not that.',
    ],
    [
      'with a broken mapping file',
      () => importing(file('good.csv', GOOD), '--mapping', file('m.yaml', 'colums: {}')),
      1,
      /has colums:, which is not known\. It can have columns:, dates: and defaults:\.$/,
    ],
    [
      'with a missing mapping file',
      () => importing(file('good.csv', GOOD), '--mapping', join(scratch, 'no.yaml')),
      1,
      /no\.yaml can't be read\.$/,
    ],
    [
      'with a date format that is none',
      () => importing(file('good.csv', GOOD), '--date-format', 'DD/YYYY'),
      2,
      /^"DD\/YYYY" is no date format: write it with YYYY,/,
    ],
    [
      'with an impossible number of days',
      () => importing(file('good.csv', GOOD), '--issued-days', 'soon'),
      2,
      /argument 'soon' is invalid\. It must be a whole number from 0 to 3650\./,
    ],
    [
      'of an unknown kind',
      () => ['import', 'orders', file('good.csv', GOOD)],
      2,
      /Allowed choices are customers, open-invoices, settled-invoices, payments\./,
    ],
    ['without a database', () => importing(file('good.csv', GOOD)), 1, /^There is no data in .*none yet: run `npm start` first/],
  ])('%s', async (_, args, code, sentence) => {
    const done = await refused(args());
    expect(done).toEqual({ code, said: typeof sentence === 'string' ? sentence : expect.stringMatching(sentence), answer: '' });
    expect(done.said).not.toMatch(/\n +at /);
  });
});

describe('a wrong call', () => {
  it.each<[string, readonly string[], Readonly<Record<string, string>>, number, RegExp]>([
    ['an unknown command', ['strat'], {}, 2, /unknown command 'strat'\n\(Did you mean start\?\)/],
    ['an unknown option', ['start', '--colour'], {}, 2, /unknown option '--colour'/],
    [
      'a port that is none',
      ['start', '--port', '70000'],
      {},
      2,
      /argument '70000' is invalid\. It must be a whole number from 0 to 65535\./,
    ],
    ['a setting that is none', ['start'], { PORT: 'abc' }, 2, /^PORT is "abc": it must be a whole number from 0 to 65535\.$/],
    ['production without a database', ['start'], { NODE_ENV: 'production' }, 2, /^DATABASE_URL is missing: in production/],
    [
      'production with the local issuer',
      ['serve'],
      {
        NODE_ENV: 'production',
        DATABASE_URL: 'postgres://x/y',
        ISSUERS: '[{"issuer":"l","local":true,"audience":"a","tenants":"*"}]',
      },
      2,
      /local issuer/,
    ],
    [
      'production and a token',
      ['token', '--role', 'admin'],
      { NODE_ENV: 'production', DATABASE_URL: 'postgres://x/y' },
      1,
      /names no local issuer/,
    ],
    [
      '--reset of somebody’s database',
      ['start', '--reset'],
      { DATABASE_URL: 'postgres://x/y' },
      2,
      /^--reset throws away the embedded database only/,
    ],
    [
      'a database that isn’t there',
      ['migrate'],
      { DATABASE_URL: 'postgres://me:secret@127.0.0.1:9/y' },
      1,
      /^The database at 127\.0\.0\.1:9 can't be reached: nothing listens there\. Start it, or correct DATABASE_URL\.$/,
    ],
    [
      'a host that nobody knows',
      ['migrate'],
      { DATABASE_URL: 'postgres://me:secret@nowhere.invalid/y' },
      1,
      /^The database at nowhere\.invalid can't be reached/,
    ],
    ['a token for nobody', ['token'], {}, 2, /^Say whom the token is for/],
    ['a role that is none', ['token', '--role', 'boss'], {}, 2, /^There is no role boss\. The roles are admin,/],
    [
      'a token that never ends',
      ['token', '--role', 'admin', '--lifetime', '2000000'],
      {},
      2,
      /^--lifetime may be 86400 seconds at most/,
    ],
    ['a customer with a role', ['token', '--role', 'cash', '--customer', '1'], {}, 2, /^--customer is for portal users/],
    ['documents of a build without its version', ['documents', 'remove', 'portal'], {}, 2, /^A build is named as client@version/],
    ['a doctor without a patient', ['doctor'], {}, 1, /^There is no data in /],
    [
      'a simulator of what isn’t there',
      ['simulator', 'baan'],
      {},
      2,
      /Allowed choices are logistics, quickbooks, netsuite, sap\./,
    ],
    [
      'a certificate of an ERP without',
      ['simulator', 'sap', '--certificate', 'x.pem'],
      {},
      2,
      /^--certificate is for netsuite\.$/,
    ],
    [
      'a certificate that isn’t there',
      ['simulator', 'netsuite', '--certificate', 'nowhere.pem'],
      {},
      2,
      /^--certificate nowhere\.pem: there is no such file\.$/,
    ],
    [
      'a simulator that can’t sign',
      ['simulator', 'logistics', '--webhook', 'http://127.0.0.1:9/'],
      {},
      2,
      /^Give --webhook and --secret together, or neither\.$/,
    ],
    [
      'a simulator that reports to nowhere',
      ['simulator', 'logistics', '--webhook', 'here', '--secret', 'whsec_x'],
      {},
      2,
      /^--webhook takes an address such as http:/,
    ],
    [
      'a simulator whose shared text is none',
      ['simulator', 'logistics', '--webhook', 'http://127.0.0.1:9/', '--secret', 'hunter2'],
      {},
      2,
      /^--secret takes whsec_ and base64/,
    ],
    [
      'a simulator with more faults than requests',
      ['simulator', 'logistics', '--faults', '2'],
      {},
      2,
      /It must be a number from 0 to 1, such as 0\.25\./,
    ],
    ['a shared secret for an ERP', ['simulator', 'quickbooks', '--secret', 'whsec_x'], {}, 2, /^--secret is for logistics: /],
    ['steps of an ERP', ['simulator', 'quickbooks', '--delay-ms', '5'], {}, 2, /^--delay-ms is for logistics\.$/],
    [
      'an ERP that reports to nowhere',
      ['simulator', 'quickbooks', '--webhook', 'here'],
      {},
      2,
      /^--webhook takes an address such as http:/,
    ],
    ['a size of a warehouse', ['simulator', 'logistics', '--size', '5'], {}, 2, /^--size is for an ERP: /],
    [
      'a simulator in production',
      ['simulator', 'logistics'],
      { NODE_ENV: 'production', DATABASE_URL: 'postgres://x/y' },
      2,
      /^Simulators are for development: NODE_ENV is production here\.$/,
    ],
  ])('%s', async (_, args, settings, code, sentence) => {
    const done = await refused(args, settings);
    expect(done).toEqual({ code, said: expect.stringMatching(sentence) as string, answer: '' });
    expect(done.said).not.toMatch(/:secret|hunter2|\n +at /);
  });

  it('a data folder that can’t be one', async () => {
    const { code, said } = await refused(['start', '--port', '0', '--data-dir', join(file('a-file', ''), 'sub')]);
    expect(code).toBe(1);
    expect(said).toMatch(
      /The data folder .* can't be used: a part of the path is no folder\. Choose another one with --data-dir\.$/,
    );
  });

  it('shows help and version on the standard output', async () => {
    const help = await refused(['import', '--help']);
    expect(help).toMatchObject({ code: 0, said: '' });
    expect(help.answer).toContain('cashgraph import settled-invoices paid.csv --currency USD --issued-days 30');
    expect(await refused(['--version'])).toEqual({ code: 0, said: '', answer: '0.1.0\n' });
  });

  it('ends a whole process with the same code and sentence', async () => {
    mkdirSync(join(scratch, 'cwd'), { recursive: true });
    const done = await command(['cashgraph', 'import', 'payments', join(tmpdir(), 'no-such-file.csv')]);
    expect(done).toEqual({ code: 1, stdout: '', stderr: `There is no file ${join(tmpdir(), 'no-such-file.csv')}.\n` });
    expect(await command(['cashgraph', 'token'])).toMatchObject({ code: 2, stdout: '' });
  });
});
