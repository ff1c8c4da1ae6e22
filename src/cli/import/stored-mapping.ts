/** A mapping that is kept in a YAML file: columns, dates and defaults. */
import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import { Failure } from '../failure.ts';

type Texts = ReadonlyMap<string, string>;

export interface StoredMapping {
  readonly columns: Texts;
  readonly defaults: Texts;
  readonly dates?: string;
}

export const NOTHING: StoredMapping = { columns: new Map(), defaults: new Map() };

/** `columns:`, `dates:` and `defaults:`, all of them optional. @throws Failure */
export async function storedMapping(path: string): Promise<StoredMapping> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Failure(`The mapping ${path} can't be read.`);
  });
  let content: unknown;
  try {
    content = parseYaml(text);
  } catch (error) {
    throw new Failure(`The mapping ${path} is not YAML: ${(error as Error).message.split('\n', 1)[0]}.`);
  }
  if (!isObject(content)) throw new Failure(`The mapping ${path} must have columns:, dates: or defaults: at its top.`);
  const unknown = Object.keys(content).find((key) => !['columns', 'dates', 'defaults'].includes(key));
  if (unknown !== undefined)
    throw new Failure(`The mapping ${path} has ${unknown}:, which is not known. It can have columns:, dates: and defaults:.`);
  const { columns, defaults, dates } = content;
  if (dates !== undefined && typeof dates !== 'string')
    throw new Failure(`dates: in the mapping ${path} must be a format such as M/D/YYYY.`);
  return {
    columns: texts(columns, `columns: in the mapping ${path}`),
    defaults: texts(defaults, `defaults: in the mapping ${path}`),
    ...(dates === undefined ? {} : { dates }),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function texts(value: unknown, where: string): Texts {
  if (value === undefined || value === null) return new Map();
  const entries = isObject(value) ? Object.entries(value) : [['', null] as const];
  const bad = entries.find(([, one]) => typeof one !== 'string' && typeof one !== 'number');
  if (bad) throw new Failure(`${where} must be lines of our field, a colon and a text.`);
  return new Map(entries.map(([name, one]) => [name, String(one)]));
}
