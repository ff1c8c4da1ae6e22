// The way from a bare clone to a running command, on a small stand-in for the clone: its npm "installs" without a network.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NodeOptions, type NodeProcess, runNode, until } from '../support/processes.ts';

const wanted = {
  packages: {
    '': { name: 'clone' },
    'node_modules/esbuild': { version: '1.0.0' },
    'node_modules/elsewhere-only': { version: '1.0.0', optional: true },
  },
};

let clone = '';
const children: NodeProcess[] = [];
const at = (path: string) => join(clone, path);
const put = (path: string, text: string) => {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
};

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'cashgraph clone-'));
  for (const name of ['boot.mjs', 'sources.mjs']) copyFileSync(join(import.meta.dirname, '../..', name), at(name));
  put('package-lock.json', JSON.stringify(wanted));
  put('tsconfig.json', '{}');
  put('src/cli/main.ts', 'console.log(JSON.stringify(process.argv.slice(1))); export const typed: number = 1;');
  put('test/check.ts', 'console.log("check", ...process.argv.slice(2)); process.exitCode = 3;');
  setNpm();
});
afterEach(async () => {
  for (const { child, ended } of children.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(clone, { recursive: true, force: true });
});

/** A stand-in for npm: notes that it ran, waits for a file where one is named, and leaves what an installation leaves. */
function setNpm({ waitsFor = '', exitCode = 0 } = {}): void {
  const esbuild = 'exports.transformSync = (text) => ({ code: text.replaceAll(": number", "") });';
  put(
    'npm.cjs',
    `const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
     appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
     console.log('npm speaks');
     const waiting = setInterval(() => {
       if (!existsSync('${waitsFor}' || '.')) return;
       clearInterval(waiting);
       if (${exitCode}) process.exit(${exitCode});
       mkdirSync('node_modules/esbuild', { recursive: true });
       writeFileSync('node_modules/esbuild/package.json', '{"version":"1.0.0"}');
       writeFileSync('node_modules/esbuild/index.js', ${JSON.stringify(esbuild)});
       writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(JSON.stringify({ packages: { 'node_modules/esbuild': { version: '1.0.0' } } }))});
     }, 10);`,
  );
}

function boot(args: string[], { nodeArgs = [], ...options }: NodeOptions & { nodeArgs?: string[] } = {}): NodeProcess {
  const env = { ...process.env, npm_execpath: at('npm.cjs') };
  const child = runNode([...nodeArgs, at('boot.mjs'), ...args], { env, cwd: tmpdir(), ...options });
  children.push(child);
  return child;
}

async function finished(process: NodeProcess) {
  return { code: await process.ended, stdout: process.stdout(), stderr: process.stderr() };
}

const installations = () => (existsSync(at('npm.log')) ? readFileSync(at('npm.log'), 'utf8').trimEnd().split('\n') : []);

describe('a command', () => {
  it('gets its arguments, after the packages were installed, and has stdout for itself', async () => {
    const { code, stdout, stderr } = await finished(boot(['cashgraph', 'token', '--for', 'a portal user']));
    expect({ code, stdout: JSON.parse(stdout) as unknown }).toEqual({
      code: 0,
      stdout: [at('src/cli/main.ts'), 'token', '--for', 'a portal user'],
    });
    expect(stderr).toMatch(/^Installing packages .*\nnpm speaks\n$/);
    expect(installations()).toEqual([expect.stringMatching(/^ci .*--include=optional/)]);
  });

  it('starts at once when the packages are there, without a terminal too', async () => {
    await finished(boot(['start']));
    const { stdout, stderr } = await finished(boot(['start', '--port', '4001'], { stdin: 'ignore' }));
    expect(JSON.parse(stdout)).toEqual([at('src/cli/main.ts'), 'start', '--port', '4001']);
    expect(stderr).toBe('');
    expect(installations()).toHaveLength(1);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends by %s, right after an installation too', async (signal) => {
    put('src/cli/main.ts', 'console.log("runs"); setInterval(() => {}, 1000);');
    const { child, stdout, ended } = boot(['start']);
    await until(() => stdout() === 'runs\n');
    child.kill(signal);
    expect(await ended).toBe(signal);
  });

  it('"test" runs the check, and ends with its exit code', async () => {
    const { code, stdout } = await finished(boot(['test', 'some.test.ts']));
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'check some.test.ts\n' });
  });
});

describe('the installation', () => {
  it('is repeated when the lock file asks for another version', async () => {
    await finished(boot(['start']));
    put('package-lock.json', JSON.stringify(wanted).replace('1.0.0', '1.0.1'));
    await finished(boot(['start']));
    expect(installations()).toHaveLength(2);
  });

  it('happens once when two commands start at once: one waits', async () => {
    setNpm({ waitsFor: 'go-on' });
    const booted = [boot(['start']), boot(['cashgraph', 'seed']), boot(['test'])];
    await until(() => booted.filter(({ stderr }) => stderr().includes('Another command is installing')).length === 2);
    put('go-on', '');
    const results = await Promise.all(booted.map(finished));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 3]);
    expect(installations()).toHaveLength(1);
    const all = results.map(({ stderr }) => stderr).join('');
    expect(all.match(/Another command is installing the packages here/g)).toHaveLength(2);
    expect(existsSync(at('.install.lock'))).toBe(false);
  });

  it('is taken over from a command that was killed', async () => {
    const dead = runNode(['-e', '']);
    await dead.ended;
    put('.install.lock', String(dead.child.pid));
    const results = await Promise.all([boot(['start']), boot(['start'])].map(finished));
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(installations()).toHaveLength(1);
  });

  it('is waited for when it goes on without the command that began it', async () => {
    setNpm({ waitsFor: 'go-on' });
    const first = boot(['start']);
    await until(() => installations().length === 1);
    first.child.kill('SIGKILL');
    const second = boot(['start']);
    await until(() => second.stderr().includes('Another command is installing'));
    put('go-on', '');
    expect((await finished(second)).code).toBe(0);
    expect(installations()).toHaveLength(1);
  });

  it('says in a sentence that it failed, and leaves no lock', async () => {
    setNpm({ exitCode: 7 });
    const { code, stdout, stderr } = await finished(boot(['start']));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      'The packages could not be installed (npm ci ended with 7). Check the network and the disk, then try again.\n',
    );
    expect(existsSync(at('.install.lock'))).toBe(false);
  });
});

describe('an old Node', () => {
  const pretendOld = [
    '--import',
    `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.9.0'}})`,
  ];

  const twin = `node_modules/node-${process.platform}-${process.arch}/bin/node`;

  it('hands over to the Node among the packages', async () => {
    await finished(boot(['start']));
    mkdirSync(dirname(at(twin)), { recursive: true });
    symlinkSync(process.execPath, at(twin));
    const { code, stdout } = await finished(boot(['cashgraph', 'doctor'], { nodeArgs: pretendOld }));
    expect({ code, stdout: JSON.parse(stdout) as unknown }).toEqual({ code: 0, stdout: [at('src/cli/main.ts'), 'doctor'] });
  });

  it('hands signals on, and the exit code back', async () => {
    await finished(boot(['start']));
    mkdirSync(dirname(at(twin)), { recursive: true });
    symlinkSync(process.execPath, at(twin));
    put('src/cli/main.ts', 'process.on("SIGTERM", () => process.exit(5)); console.log("runs"); setInterval(() => {}, 1000);');
    const { child, stdout, ended } = boot(['start'], { nodeArgs: pretendOld });
    await until(() => stdout() === 'runs\n');
    child.kill('SIGTERM');
    expect(await ended).toBe(5);
  });

  it('is named in one sentence where no other is packaged', async () => {
    const { code, stdout, stderr } = await finished(boot(['start'], { nodeArgs: pretendOld }));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.split('\n').at(-2)).toBe(
      `This needs Node 22.18 or newer, and here is 20.9.0: install Node 24 (none is packaged for ${process.platform}-${process.arch}).`,
    );
  });
});

describe('a source', () => {
  it('is compiled once, and anew as soon as its text is another one, whatever its date', async () => {
    const kept = () => readdirSync(at('node_modules/.cache/cashgraph')).filter((name) => name.endsWith('.js'));
    const run = async (text: string) => {
      put('src/cli/main.ts', text);
      utimesSync(at('src/cli/main.ts'), 1, 1);
      return (await finished(boot(['start']))).stdout;
    };
    expect(await run('const n: number = 1; console.log(n);')).toBe('1\n');
    const [file = ''] = kept();
    const before = statSync(at(`node_modules/.cache/cashgraph/${file}`)).mtimeMs;
    expect(await run('const n: number = 1; console.log(n);')).toBe('1\n');
    expect(statSync(at(`node_modules/.cache/cashgraph/${file}`)).mtimeMs).toBe(before);
    expect(await run('const n: number = 2; console.log(n);')).toBe('2\n');
    expect(kept()).toEqual([file]);
  });

  it('runs where nothing can be kept', async () => {
    await finished(boot(['start']));
    rmSync(at('node_modules/.cache'), { recursive: true });
    put('node_modules/.cache', 'a file where the folder would be');
    expect(await finished(boot(['start']))).toMatchObject({ code: 0, stderr: '' });
  });
});
