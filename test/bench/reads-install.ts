// What must be there before the peers of the read bench are started: the packages of some, which have a list and a lock of their own, and our
// server compiled as it is published. Both are made when they are missing or older than their sources.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
}

const ROOT = join(import.meta.dirname, '../..');
/** Where `npm run build` puts it. */
export const BUILT = join(ROOT, 'dist');
export const BUILT_USUAL = join(BUILT, 'bench/usual.mjs');
export const BUILT_USUAL_WRITES = join(BUILT, 'bench/usual-writes.mjs');

const lockOf = (path: string) => (JSON.parse(readFileSync(path, 'utf8')) as Lock).packages;

function isInstalled(folder: string): boolean {
  const path = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(path)) return false;
  const installed = lockOf(path);
  const wanted = Object.entries(lockOf(join(folder, 'package-lock.json'))).filter(
    ([name, { optional }]) => name !== '' && !optional,
  );
  return wanted.every(([name, { version }]) => installed[name]?.version === version);
}

function run(command: string, args: readonly string[], cwd: string): boolean {
  return spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] }).status === 0;
}

/** @throws Error when npm can't */
export function ensureInstalled(folder: string): void {
  if (isInstalled(folder)) return;
  process.stderr.write('Installing the packages of the peers …\n');
  if (!run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder))
    throw new Error('The packages of the peers could not be installed; or leave them out with --peers limit,ours.');
}

/** Compiled, since what runs TypeScript as it stands adds work to every function that is made. */
export function ensureBuilt(): void {
  const stamp = join(BUILT, '.built');
  const source = join(ROOT, 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const builtMs = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  if (files.every((name) => statSync(join(source, name)).mtimeMs < builtMs)) return;
  process.stderr.write('Compiling …\n');
  const startMs = Date.now();
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  if (!run(process.execPath, [tsc, '-p', 'src/tsconfig.json'], ROOT)) throw new Error('The sources do not compile: see above.');
  writeFileSync(stamp, new Date(startMs).toISOString());
}

export async function buildUsual(name = 'reads-usual.ts', outfile = BUILT_USUAL): Promise<void> {
  const entry = join(import.meta.dirname, name);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node22',
  });
}
