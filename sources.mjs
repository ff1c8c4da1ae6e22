// Lets a Node run this repository's TypeScript as it stands: `node --import ./sources.mjs file.ts`; boot.mjs runs every command this way.
// What it compiles it keeps beside the packages, by the text it was made of: an edited source is never run as it was before.
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = import.meta.dirname;
const folder = join(root, 'node_modules/.cache/cashgraph');
const tsconfigRaw = readFileSync(join(root, 'tsconfig.json'), 'utf8');
const compiler = JSON.parse(readFileSync(join(root, 'node_modules/esbuild/package.json'), 'utf8')).version;
const isSource = /\.m?ts$/;

// also of the packages: starting is mostly reading them
module.enableCompileCache(join(folder, 'v8'));
process.setSourceMapsEnabled(true);
module.registerHooks({ resolve, load });

/** The package's own name leads to its sources, which need no build. */
function resolve(specifier, context, next) {
  // what is imported by its whole name needs no search, which takes longer than reading it
  if (specifier.startsWith('.') && isSource.test(specifier) && context.parentURL?.startsWith('file:'))
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
  return next(specifier, { ...context, conditions: [...context.conditions, 'cashgraph-source'] });
}

function load(url, context, next) {
  if (!url.startsWith('file:') || !isSource.test(url)) return next(url, context);
  return { format: 'module', source: compiled(fileURLToPath(url)), shortCircuit: true };
}

/** What lies elsewhere, as a connector of somebody's own may, is few files that come and go: it is compiled each time. */
function compiled(file) {
  const text = readFileSync(file, 'utf8');
  if (!file.startsWith(join(root, '/'))) return compile(file, text);
  // the last line of what is kept says what it was made of and with
  const madeOf = `\n// ${hash('sha256', [compiler, tsconfigRaw, text].join('\0'))}\n`;
  const kept = join(folder, `${hash('sha256', file)}.js`);
  try {
    const before = readFileSync(kept, 'utf8');
    if (before.endsWith(madeOf)) return before;
  } catch {
    // not compiled yet
  }
  const code = compile(file, text);
  keep(kept, code + madeOf);
  return code;
}

function compile(file, text) {
  const { transformSync } = module.createRequire(import.meta.url)('esbuild');
  const maps = { sourcemap: 'inline', sourcesContent: false, sourcefile: file };
  return transformSync(text, { loader: 'ts', target: 'node22', ...maps, tsconfigRaw }).code;
}

function keep(file, text) {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch {
    // packages that may not be written to: then each start compiles
  }
}
