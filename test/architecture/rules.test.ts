/** The architecture rules, tried on small trees that break them: each breach must be found and said, and nothing else. */
import { describe, expect, it } from 'vitest';
import { bannedCalls } from './calls.ts';
import { borders, graphqlLast, packageFences, pureRoles } from './fences.ts';
import { cycles, moduleImports, ranks } from './layers.ts';
import { type Rule, virtualTree } from './source.ts';
import { fileHeaders, fileNames, fileSizes, functionSizes, testNames, typeNames } from './style.ts';

type Files = Record<string, string>;
const said = (rule: Rule, files: Files) => rule(virtualTree(files)).map(({ sentence }) => sentence);
const lines = (count: number) => '//\n'.repeat(count);

describe('ranks', () => {
  const importing = (from: string, to: string, how = (path: string) => `import { a } from '${path}';`) => {
    const up = '../'.repeat(from.split('/').length - 1);
    return said(ranks, { [from]: how(`${up}${to}`), [to]: 'export const a = 1;' });
  };

  it('refuse an import of a higher rank, and of another folder of the same rank', () => {
    expect(importing('src/read/plan.ts', 'src/o2c/index.ts')).toEqual([
      'src/read/plan.ts (read, rank 2) must not import src/o2c/index.ts (o2c, rank 4).',
    ]);
    expect(importing('src/outbox/tail.ts', 'src/read/plan.ts')).toHaveLength(1);
    expect(importing('src/kernel/a.ts', 'src/config.ts')).toHaveLength(1);
    expect(importing('src/transport/http.ts', 'src/platform.ts')).toHaveLength(1);
  });

  it('see types, re-exports, dynamic imports, import types and require as well', () => {
    const ways: ((path: string) => string)[] = [
      (path) => `import type { A } from '${path}';`,
      (path) => `export * from '${path}';`,
      (path) => `export { a } from '${path}';`,
      (path) => `const a = await import('${path}');`,
      (path) => `const a = import(\`${path}\`);`,
      (path) => `let a: import('${path}').A;`,
      (path) => `import a = require('${path}');`,
      (path) => `const a = require('${path}');`,
      (path) => `import '${path.replace('.ts', '.js')}';`,
    ];
    for (const way of ways) expect(importing('src/kernel/a.ts', 'src/read/b.ts', way)).toHaveLength(1);
  });

  it('let pass a lower rank, the same folder, and whatever puts the parts together', () => {
    expect(importing('src/write/runner.ts', 'src/kernel/money.ts')).toEqual([]);
    expect(importing('src/read/a.ts', 'src/read/b.ts')).toEqual([]);
    for (const from of ['src/platform.ts', 'src/main.ts', 'src/index.ts', 'src/cli/serve.ts']) {
      expect(importing(from, 'src/transport/http.ts')).toEqual([]);
    }
    expect(importing('src/cli/serve.ts', 'src/platform.ts')).toEqual([]);
    expect(importing('test/a.test.ts', 'src/read/b.ts')).toEqual([]);
  });

  it('refuse a folder of src that has no rank', () => {
    expect(said(ranks, { 'src/shared/a.ts': '' })).toEqual(['src/shared/a.ts is in a folder of src that has no rank.']);
    expect(said(ranks, { 'src/loose.ts': '' })).toHaveLength(1);
  });
});

describe('modules of the domain', () => {
  const list = `import { ledger } from './ledger/index.ts';\nimport { invoice } from './invoice/index.ts';`;
  const base: Files = { 'src/o2c/index.ts': list, 'src/o2c/ledger/index.ts': '', 'src/o2c/invoice/index.ts': '' };

  it('may import an earlier one by its index.ts', () => {
    expect(said(moduleImports, { ...base, 'src/o2c/invoice/invoice.rules.ts': `import '../ledger/index.ts';` })).toEqual([]);
  });

  it('may not import a later one, nor the list, nor a file inside of another', () => {
    const file = 'src/o2c/ledger/ledger.rules.ts';
    expect(said(moduleImports, { ...base, [file]: `import type { I } from '../invoice/index.ts';` })).toEqual([
      `${file} (module ledger) must not import module invoice, which is listed after it.`,
    ]);
    expect(said(moduleImports, { ...base, [file]: `import '../index.ts';` })).toEqual([
      `${file} must not import src/o2c/index.ts: a module names the modules that it needs.`,
    ]);
    const inside = {
      'src/o2c/ledger/ledger.entity.ts': '',
      'src/o2c/invoice/invoice.rules.ts': `import '../ledger/ledger.entity.ts';`,
    };
    expect(said(moduleImports, { ...base, ...inside })).toEqual([
      'src/o2c/invoice/invoice.rules.ts must import module ledger by its index.ts, not src/o2c/ledger/ledger.entity.ts.',
    ]);
  });

  it('must be listed', () => {
    expect(said(moduleImports, { ...base, 'src/o2c/order/index.ts': '', 'src/o2c/order/order.rules.ts': '' })).toEqual([
      'Module order is not listed in src/o2c/index.ts.',
    ]);
  });
});

describe('cycles', () => {
  it('are found with the way round, types and re-exports included, each once', () => {
    const files = {
      'src/read/a.ts': `import type { B } from './b.ts';`,
      'src/read/b.ts': `export * from './c.ts';`,
      'src/read/c.ts': `const a = await import('./a.ts');`,
      'src/read/d.ts': `import './a.ts';`,
    };
    expect(said(cycles, files)).toEqual([
      'src/read/a.ts imports itself in a circle: src/read/a.ts → src/read/b.ts → src/read/c.ts → src/read/a.ts.',
    ]);
  });

  it('are not seen in a diamond', () => {
    const files = {
      'a.ts': `import './b.ts'; import './c.ts';`,
      'b.ts': `import './d.ts';`,
      'c.ts': `import './d.ts';`,
      'd.ts': '',
    };
    expect(said(cycles, files)).toEqual([]);
  });
});

describe('fences', () => {
  it.each([
    ['src/access/scope.ts', 'graphql'],
    ['src/o2c/invoice/invoice.commands.ts', 'type-graphql'],
    ['src/read/engine.ts', '@mikro-orm/core'],
    ['src/o2c/invoice/invoice.rules.ts', '@mikro-orm/postgresql'],
    ['src/write/runner.ts', 'pg'],
    ['src/sync/inbound.ts', 'axios'],
    ['src/cli/serve.ts', 'graphql-ws/use/ws'],
    ['src/kernel/money.ts', 'zod'],
    ['src/access/scope.ts', 'zod'],
    ['src/write/command.ts', 'zod', 'import'],
    ['src/o2c/invoice/invoice.rules.ts', 'zod/v4'],
  ])('%s must not import %s', (path, name, how = 'import type { A } from') => {
    const [sentence] = said(packageFences, { [path]: `${how} '${name}';` });
    const fenced = name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/');
    expect(sentence).toMatch(`${path} must not import ${fenced}: it is allowed in `);
  });

  it.each([
    ['src/transport/http.ts', 'graphql'],
    ['src/o2c/invoice/invoice.graphql.ts', 'type-graphql'],
    ['src/cli/schema.ts', 'graphql'],
    ['src/o2c/invoice/invoice.entity.ts', '@mikro-orm/core'],
    ['src/platform.ts', 'graphql'],
    ['src/read/wire/line.ts', 'pg'],
    ['src/kernel/input.ts', 'zod'],
    ['src/o2c/invoice/invoice.events.ts', 'zod'],
    ['src/read/plan.test.ts', '@mikro-orm/core'],
    ['src/kernel/money.ts', 'graphql-lookalike'],
    ['src/write/command.ts', 'zod', 'import type { z } from'],
  ])('%s may import %s', (path, name, how = 'import') => {
    expect(said(packageFences, { [path]: `${how} '${name}';` })).toEqual([]);
  });
});

describe('borders', () => {
  it.each([
    ['src/sync/a.ts', '../../connectors/sap/index.ts', 'src knows nothing of connectors.'],
    ['src/sync/a.ts', '../../test/support/database.ts', 'src knows nothing of test.'],
    ['connectors/sap/a.ts', '../../src/connect/http.ts', 'a connector imports its own files'],
    ['connectors/sap/a.ts', '../netsuite/b.ts', 'a connector imports its own files'],
    ['connectors/sap/a.ts', 'cashgraph', 'a connector imports its own files'],
    ['examples/portal/a.ts', '../../src/index.ts', 'an example imports its own files'],
    ['examples/portal/a.ts', 'cashgraph/dist/kernel/money.js', 'an example imports its own files'],
  ])('%s must not import %s', (path, specifier, why) => {
    const [sentence] = said(borders, { [path]: `import '${specifier}';` });
    expect(sentence).toMatch(`${path} must not import`);
    expect(sentence).toMatch(why);
  });

  it.each([
    ['connectors/sap/a.ts', '../../src/connect/index.ts'],
    ['connectors/sap/a.ts', 'cashgraph/connector'],
    ['connectors/sap/a.test.ts', 'cashgraph/connector/testing'],
    ['connectors/sap/a.test.ts', '../../test/support/database.ts'],
    ['connectors/sap/a.ts', './b.ts'],
    ['connectors/sap/a.ts', 'csv-parse'],
    ['examples/portal/a.ts', 'cashgraph'],
    ['examples/portal/a.ts', 'graphql'],
    ['test/a.test.ts', '../src/read/plan.ts'],
  ])('%s may import %s', (path, specifier) => expect(said(borders, { [path]: `import '${specifier}';` })).toEqual([]));
});

describe('files of a module', () => {
  it('with rows and rules import no effect, only the kernel, access, their like, and other modules', () => {
    const path = 'src/o2c/invoice/invoice.rules.ts';
    const text = [
      '../../kernel/money.ts',
      './invoice.machine.ts',
      '../ledger/index.ts',
      '../../write/runner.ts',
      './invoice.entity.ts',
      'node:fs',
      'zod',
    ];
    expect(said(pureRoles, { [path]: text.map((one) => `import '${one}';`).join('\n') })).toEqual(
      ['src/write/runner.ts', 'src/o2c/invoice/invoice.entity.ts', 'node:fs', 'zod'].map(
        (one) => `${path} holds rows and rules only, so it must not import ${one}.`,
      ),
    );
  });

  it('with rows and rules may import types from anywhere, and events their schemas', () => {
    const types = `import type { A } from '../../write/command.ts'; import { type B, type C } from './invoice.entity.ts';`;
    expect(said(pureRoles, { 'src/o2c/invoice/invoice.rules.ts': types })).toEqual([]);
    expect(
      said(pureRoles, { 'src/o2c/invoice/invoice.rules.ts': `import { type B, c } from './invoice.entity.ts';` }),
    ).toHaveLength(1);
    const events = `import { z } from 'zod'; import { defineEvent } from '../../outbox/event.ts';`;
    expect(said(pureRoles, { 'src/o2c/invoice/invoice.events.ts': events })).toEqual([]);
  });

  it('with GraphQL types are imported by their index.ts only', () => {
    const text = `import './invoice.graphql.ts';`;
    expect(said(graphqlLast, { 'src/o2c/invoice/index.ts': text, 'src/o2c/invoice/invoice.graphql.ts': '' })).toEqual([]);
    const engine = { 'src/o2c/invoice/invoice.graphql.ts': `import '../../write/mutation.graphql.ts';` };
    expect(said(graphqlLast, engine)).toEqual([]);
    expect(said(graphqlLast, { 'src/o2c/payment/payment.graphql.ts': `import '../invoice/invoice.graphql.ts';` })).toHaveLength(
      1,
    );
    expect(said(graphqlLast, { 'src/o2c/invoice/invoice.commands.ts': text })).toEqual([
      'src/o2c/invoice/invoice.commands.ts must not import src/o2c/invoice/invoice.graphql.ts: GraphQL types are imported by their index.ts only.',
    ]);
  });
});

describe('banned calls', () => {
  it.each([
    ['process.env.HOME', 'process.env'],
    ["process['env'].HOME", 'process.env'],
    ['globalThis.process.env', 'process.env'],
    ['const { env } = process', 'process.env'],
    ["import { env as e } from 'node:process'", 'process.env'],
    ['Date.now()', 'Date.now'],
    ['const now = Date.now', 'Date.now'],
    ['new Date()', 'Date without an argument'],
    ['new Date', 'Date without an argument'],
    ['Date()', 'Date without an argument'],
    ['performance.now()', 'performance.now'],
    ['process.hrtime.bigint()', 'process.hrtime.bigint'],
    ['Math.random()', 'Math.random'],
    ['list.sort(Math.random)', 'Math.random'],
    ["parseFloat('1')", 'parseFloat'],
    ["Number.parseFloat('1')", 'Number.parseFloat'],
    ['(1).toFixed(2)', 'toFixed'],
    ["x['toFixed'](2)", 'toFixed'],
    ["eval('1')", 'eval'],
    ["new Function('return 1')", 'Function'],
    ['class A { @Authorized() m() {} }', '@Authorized'],
  ])('%s is found', (code, what) => {
    const [sentence] = said(bannedCalls, { 'src/read/a.ts': `\n${code};` });
    expect(sentence).toMatch(`src/read/a.ts:2 uses ${what}: `);
  });

  it.each(['new Date(0)', 'clock.now()', 'environment.env', '"Date.now()"', '// Math.random()', 'Math.round(1)', 'x.evaluate()'])(
    '%s is left alone',
    (code) => expect(said(bannedCalls, { 'src/read/a.ts': code })).toEqual([]),
  );

  it('have their one place, and tests are free', () => {
    const code = 'process.env.A; Date.now();';
    expect(said(bannedCalls, { 'src/kernel/clock.ts': code })).toEqual([expect.stringMatching('process.env')]);
    expect(said(bannedCalls, { 'src/config.ts': code })).toEqual([expect.stringMatching('Date.now')]);
    expect(said(bannedCalls, { 'src/read/a.test.ts': code, 'test/a.ts': code })).toEqual([]);
  });
});

describe('sizes', () => {
  it('refuse a file of 401 lines and take one of 400', () => {
    expect(said(fileSizes, { 'test/a.ts': lines(400), 'src/read/b.ts': lines(401) })).toEqual([
      'src/read/b.ts has 401 lines, and 400 is the limit.',
    ]);
  });

  it('refuse a function of 71 lines, whatever its form', () => {
    const body = `{\n${lines(68)}}`;
    const long = `{\n${lines(69)}}`;
    const forms = ['function f() B', 'const f = () => B', 'class A { m() B }', 'const o = { m: async function* () B }'];
    for (const form of forms) {
      expect(said(functionSizes, { 'src/read/a.ts': form.replace('B', body) })).toEqual([]);
      expect(said(functionSizes, { 'src/read/a.ts': form.replace('B', long) })).toEqual([
        'src/read/a.ts:1 has a function of 71 lines, and 70 is the limit.',
      ]);
    }
  });

  it('let a describe be longer, but not a test in it', () => {
    const test = `it('x', () => {\n${lines(80)}});`;
    expect(said(functionSizes, { 'src/a.test.ts': `describe('d', () => {\n${lines(80)}});` })).toEqual([]);
    expect(said(functionSizes, { 'src/a.test.ts': `describe.each([1])('d', () => {\n${test}\n});` })).toEqual([
      'src/a.test.ts:2 has a function of 82 lines, and 70 is the limit.',
    ]);
  });
});

describe('names', () => {
  it.each([
    ['src/read/utils.ts', 'has "utils" in its name'],
    ['src/read/string-helper.ts', 'has "helper" in its name'],
    ['src/write/common/a.ts', 'has "common" in its name'],
    ['src/o2c/invoice/invoice-manager.rules.ts', 'has "manager" in its name'],
    ['src/read/readPlan.ts', 'is not named in kebab-case: "readPlan"'],
    ['src/Read/plan.ts', 'is not named in kebab-case: "Read"'],
    ['src/o2c/invoice/invoice.service.ts', 'has the role "service", which is not one of machine'],
    ['src/read/plan.types.ts', 'has the role "types"'],
    ['src/o2c/invoice/invoice.read.rules.ts', 'has more than one role: read, rules'],
    ['src/o2c/invoice/totals.ts', 'needs a role'],
  ])('%s %s', (path, sentence) => expect(said(fileNames, { [path]: '' }).join()).toMatch(`${path} ${sentence}`));

  it.each([
    'src/o2c/invoice/credit-note.rules.test.ts',
    'src/o2c/invoice/index.ts',
    'src/read/json-object.ts',
    'test/support/database.ts',
  ])('%s is well named', (path) => expect(said(fileNames, { [path]: '' })).toEqual([]));

  it('of types say something', () => {
    expect(said(typeNames, { 'src/read/a.ts': 'export class PlanManager {}\ninterface BaseRow {}\ntype RowImpl = 1;' })).toEqual([
      'src/read/a.ts declares PlanManager: "Manager" says nothing, name it by what it does.',
      'src/read/a.ts declares BaseRow: "Base" says nothing, name it by what it does.',
      'src/read/a.ts declares RowImpl: "Impl" says nothing, name it by what it does.',
    ]);
    expect(said(typeNames, { 'src/read/a.ts': 'class Database {}\ntype Implication = 1; const baseMinor = 1n;' })).toEqual([]);
  });

  it('of tests are told apart within a file', () => {
    const twice = `describe('a', () => { it('x', f); it.each([1])('x', f); });\ndescribe('b', () => { test('x', f); });`;
    expect(said(testNames, { 'src/a.test.ts': twice })).toEqual(['src/a.test.ts:1 has a second test named "a > x".']);
    expect(
      said(testNames, { 'src/a.test.ts': "it('x', f);", 'src/b.test.ts': "it('x', f); /x/.test('x'); /x/.test('x');" }),
    ).toEqual([]);
  });
});

describe('headers', () => {
  it('open every file of src and connectors that is not a test', () => {
    const files = {
      'src/a.ts': '/** A. */',
      'src/b.ts': '#!/usr/bin/env node\n// B.',
      'src/c.test.ts': '',
      'connectors/x/d.ts': 'import "x";',
    };
    expect(said(fileHeaders, files)).toEqual([
      'connectors/x/d.ts must open with a comment: what it is for and what it must never do.',
    ]);
  });
});

describe('a file that can not be parsed', () => {
  it('is named', () => expect(() => virtualTree({ 'src/a.ts': 'const = 1' })).toThrow("src/a.ts can't be parsed"));
});
