/**
 * Finds and loads connectors by what an operator calls them: the name of a folder in `connectors/`, a path, or a package. They are no
 * part of the program, so whatever is wrong with one is said in a sentence that names it.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connector } from '../connect/connector.ts';
import { Failure, UsageError } from './failure.ts';

/** Those that come with a clone of the repository. */
const STANDARD = ['quickbooks', 'netsuite', 'sap', 'files'] as const;
const FOLDER = join(import.meta.dirname, '../../connectors');

/**
 * @param names as configured; null: the standard ones, as far as they are here
 * @throws UsageError, Failure saying which connector can't be loaded, and why
 * @example const connectors = await loadConnectors(['quickbooks', './our-erp', '@acme/cashgraph-erp'])
 */
export async function loadConnectors(names: readonly string[] | null): Promise<readonly Connector[]> {
  const wanted = names ?? STANDARD.filter((name) => fileIn(join(FOLDER, name), 'index') !== null);
  const loaded: Connector[] = [];
  for (const name of wanted) loaded.push(await loadConnector(name));
  const twice = loaded.find(({ name }, i) => loaded.findIndex((other) => other.name === name) !== i);
  if (twice) throw new UsageError(`CASHGRAPH_CONNECTORS names two connectors that call themselves ${twice.name}: leave one out.`);
  return loaded;
}

export async function loadConnector(name: string): Promise<Connector> {
  const found = await imported(name, 'index');
  const connector = found['connector'] ?? found['default'];
  if (isConnector(connector)) return withCoverage(name, connector);
  throw new Failure(`${name} is no connector: its index must export \`connector\`, as defineConnector gives it.`);
}

/** What the conformance kit wrote into its folder; a package says it itself. */
function withCoverage(name: string, connector: Connector): Connector {
  const folder = folderOf(name);
  const file = folder === null ? null : join(folder, 'coverage.json');
  if (file === null || !existsSync(file)) return connector;
  return { ...connector, coverage: JSON.parse(readFileSync(file, 'utf8')) as NonNullable<Connector['coverage']> };
}

/** A file beside a connector's index, such as `kit`. Null where it has none. */
export async function loadBeside(name: string, part: string): Promise<Readonly<Record<string, unknown>> | null> {
  const folder = folderOf(name);
  if (folder !== null && fileIn(folder, part) === null) return null;
  return imported(name, part);
}

async function imported(name: string, part: string): Promise<Readonly<Record<string, unknown>>> {
  const target = specifierOf(name, part);
  try {
    return (await import(target)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ERR_MODULE_NOT_FOUND' && !target.startsWith('file:') && message.includes(`'${target}'`);
    if (isMissing) throw new UsageError(`There is no connector ${name}: ${known()}`);
    throw new Failure(`The connector ${name} can't be loaded: ${message}`);
  }
}

function specifierOf(name: string, part: string): string {
  const folder = folderOf(name);
  if (folder === null) return part === 'index' ? name : `${name}/${part}`;
  const file = fileIn(folder, part);
  if (file === null) throw new UsageError(`There is no connector in ${folder}: it must have an index.ts or index.js.`);
  return pathToFileURL(file).href;
}

/** Null: it is the name of a package. */
export function folderOf(name: string): string | null {
  if (/^(\.{1,2}|\/|[A-Za-z]:)/.test(name)) return resolve(name);
  const own = join(FOLDER, name);
  return /^[a-z0-9-]+$/.test(name) && existsSync(own) && statSync(own).isDirectory() ? own : null;
}

const fileIn = (folder: string, part: string): string | null =>
  [join(folder, `${part}.ts`), join(folder, `${part}.js`)].find((file) => existsSync(file)) ?? null;

const known = (): string =>
  `name a folder of ${FOLDER}, a path such as ./my-connector, or a package that is installed (in CASHGRAPH_CONNECTORS, parted by commas).`;

function isConnector(value: unknown): value is Connector {
  const { name, title, streams, pushes, config, credentials, check, auth } = (value ?? {}) as Partial<Connector>;
  const texts = [name, title].every((text) => typeof text === 'string');
  const functions = [check, auth].every((one) => typeof one === 'function');
  const schemas = [config, credentials].every((one) => typeof one?.safeParse === 'function');
  return texts && functions && schemas && Array.isArray(streams) && Array.isArray(pushes);
}
