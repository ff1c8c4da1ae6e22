/**
 * Makes the files of GraphiQL out of the installed packages (about 1.5 s) and keeps them in the data folder, one folder for each
 * state of sources and versions. A published package carries them already made.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from './data-folder.ts';

const CLIENT = fileURLToPath(new URL('./graphiql/client.js', import.meta.url));
const PREBUILT = fileURLToPath(new URL('./graphiql/built/', import.meta.url));
const VERSIONED = ['graphiql', '@graphiql/react', 'monaco-editor', 'monaco-graphql', 'react', 'graphql-ws'];

/** The editor's own threads, each a file of its own. */
const ENTRIES = {
  client: CLIENT,
  'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
  'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
  'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
};

const running = new Map<string, Promise<string>>();

/** The folder with `client.js`, `client.css` and the workers; made at the first call. @throws when a package is missing */
export function bundleFolder(dataDir: string): Promise<string> {
  const before = running.get(dataDir);
  if (before) return before;
  const making = findOrMake(dataDir);
  running.set(dataDir, making);
  making.catch(() => running.delete(dataDir));
  return making;
}

async function findOrMake(dataDir: string): Promise<string> {
  if (await exists(PREBUILT)) return PREBUILT;
  const folder = join(dataDir, `graphiql-${await stateHash()}`);
  if (await exists(folder)) return folder;
  makeFolder(dataDir, 0o700);
  const fresh = await mkdtemp(join(dataDir, 'graphiql-new-'));
  try {
    await bundle(fresh);
    // whole or not at all; another process may have been faster
    await rename(fresh, folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

/** Writes the files into a folder; the build of the package calls it too. */
export async function bundle(outdir: string): Promise<void> {
  const { build } = await import('esbuild');
  await build({
    entryPoints: ENTRIES,
    outdir,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    assetNames: '[name]',
    loader: { '.ttf': 'file' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
    absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
  });
}

async function stateHash(): Promise<string> {
  const require = createRequire(import.meta.url);
  const hash = createHash('sha256').update(await readFile(CLIENT));
  for (const name of VERSIONED) {
    const { version } = JSON.parse(await readFile(require.resolve(`${name}/package.json`), 'utf8')) as { version: string };
    hash.update(`${name}@${version}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
