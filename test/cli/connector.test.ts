// `cashgraph connector`: an author who has only connectors/README.md gets to a connector that works, and an operator is told what is wrong.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KitReport } from '../../src/connect/testing/index.ts';
import { makeScratchFolder } from '../support/scratch.ts';
import { command } from './commands.ts';

const ROOT = join(import.meta.dirname, '../..');
const readme = readFileSync(join(ROOT, 'connectors/README.md'), 'utf8');
let folder: string;

/** As after `npm install cashgraph zod vitest` in an author's own project. */
beforeAll(() => {
  folder = makeScratchFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/cashgraph'));
  for (const name of ['zod', 'vitest', '@types'])
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  const options = { types: ['node'], rootDir: '/' };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions: options, include: ['our-erp'] }),
  ); // prettier-ignore
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ours = () => join(folder, 'our-erp');

/** The commands and the code that the README gives, in their order. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([^\`]*)\`\`\``, 'g'))].map(([, text = '']) => text);
}

const kit = async (...args: string[]): Promise<KitReport> => {
  const { code, stdout, stderr } = await command(['cashgraph', 'connector', 'test', ours(), '--json', ...args]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as KitReport;
};
const written = ({ coverage }: KitReport, stream: string) =>
  coverage?.streams.find((one) => one.stream === stream)?.fields.flatMap(({ field, isWritten }) => (isWritten ? [field] : []));

describe('a connector written by following the README alone', () => {
  it('works from the first command on, compiles, and passes the kit', { timeout: 120_000 }, async () => {
    const [commands = ''] = blocks('sh');
    const [make = '', test = ''] = commands.trim().split('\n');
    expect([make, test]).toEqual(['cashgraph connector new our-erp --into .', 'cashgraph connector test ./our-erp']);
    const made = await command(make.replace('--into .', `--into ${folder}`).split(' '));
    expect([made.code, made.stdout]).toEqual([0, `${ours()}\n`]);
    execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder, '--noEmit'], { stdio: 'pipe' });
    const report = await kit();
    expect([report.connector, report.results.filter(({ outcome }) => outcome === 'FAILED')]).toEqual(['our-erp', []]);
    expect(report.results.length).toBeGreaterThan(25);
    expect(written(report, 'invoices')).not.toContain('customerReference');
  });

  it('has nothing of the template’s name left', () => {
    const files = readdirSync(ours(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = files.map(({ parentPath, name }) => `${name} ${readFileSync(join(parentPath, name), 'utf8')}`);
    expect(texts.length).toBeGreaterThan(8);
    expect(texts.filter((text) => /connector.template/i.test(text))).toEqual([]);
  });

  it('carries a field more by the row that the README tells, and keeps what it covers beside it', {
    timeout: 120_000,
  }, async () => {
    const [anchor = '', row = ''] = blocks('ts');
    const file = join(ours(), 'mapping.ts');
    const before = readFileSync(file, 'utf8');
    expect(before.split(anchor)).toHaveLength(2);
    writeFileSync(file, before.replace(anchor, `${anchor}${row}`));
    execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder, '--noEmit'], { stdio: 'pipe' });
    const report = await kit('--write');
    expect(report.results.filter(({ outcome }) => outcome === 'FAILED')).toEqual([]);
    expect(written(report, 'invoices')).toContain('customerReference');
    expect(JSON.parse(readFileSync(join(ours(), 'coverage.json'), 'utf8'))).toEqual(report.coverage);
  });

  it('is told check by check, or one of them', { timeout: 120_000 }, async () => {
    const tested = (...args: string[]) => command(['cashgraph', 'connector', 'test', ours(), ...args]);
    const one = await tested('--only', 'full read', '--only', 'counts');
    expect(one.code).toBe(0);
    expect(one.stdout).toMatch(/passed +full read +A full read has every record once.*\nskipped +counts +It counts no records\./);
    expect(one.stdout).toContain('our-erp: 1 passed, 0 failed, 1 skipped');
    const none = await tested('--only', 'nothing');
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('There is no check "nothing". There are: full read, ')]);
    expect((await tested('--only', 'full read', '--write')).code).toBe(2);
  });

  it('is told what is wrong when it keeps a promise no more', async () => {
    const file = join(ours(), 'client.ts');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace('isLast = !hasMore;', 'isLast = true;'));
    const { code, stdout } = await command(['cashgraph', 'connector', 'test', ours(), '--only', 'full read']);
    writeFileSync(file, before);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/FAILED +full read +\w+, .*: \d+ records are missing \(/)]);
  });

  it('is loaded beside the others when the operator names it', async () => {
    const { code, stdout } = await command(['cashgraph', 'connector', 'list', '--json'], { CASHGRAPH_CONNECTORS: ours() });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ name: 'our-erp', title: 'Our Erp', reads: ['products', 'customers', 'invoices', 'payments'] }),
    ]);
  });
});

describe('a connector that can not be had', () => {
  const list = async (names: string) => {
    const { code, stderr } = await command(['cashgraph', 'connector', 'list'], { CASHGRAPH_CONNECTORS: names });
    return [code, stderr.trim()];
  };
  const file = (name: string, text: string) => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'index.js'), text);
    return join(folder, name);
  };

  it('is named with what is wrong', async () => {
    const [code, sentence] = await list('no-such-erp');
    expect([code, sentence]).toEqual([2, expect.stringMatching(/^There is no connector no-such-erp: name a folder of /)]);
    expect(await list(join(folder, 'nowhere'))).toEqual([
      2,
      `There is no connector in ${join(folder, 'nowhere')}: it must have an index.ts or index.js.`,
    ]);
    const empty = file('empty', 'export const erp = {};');
    expect(await list(empty)).toEqual([
      1,
      `${empty} is no connector: its index must export \`connector\`, as defineConnector gives it.`,
    ]);
    const broken = file('broken', "import 'no-such-package';");
    expect(await list(broken)).toEqual([
      1,
      expect.stringContaining(`The connector ${broken} can't be loaded: Cannot find package`),
    ]);
    expect(await list(`${ours()},${ours()}`)).toEqual([
      2,
      'CASHGRAPH_CONNECTORS names two connectors that call themselves our-erp: leave one out.',
    ]);
  });

  it('is not made over another one, nor under a name that is none', async () => {
    const made = await command(['cashgraph', 'connector', 'new', 'our-erp', '--into', folder]);
    expect([made.code, made.stderr]).toEqual([2, `${ours()} exists already: choose another name, or --into another folder.\n`]);
    const named = await command(['cashgraph', 'connector', 'new', '../Our', '--into', folder]);
    expect([named.code, named.stderr]).toEqual([2, 'A connector\'s name is kebab-case, such as our-erp, and "../Our" is not.\n']);
  });
});
