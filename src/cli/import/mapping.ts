/** Which column of the file is which of our fields: by flags, by a YAML file, and by itself where a header says it. */
import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import { Failure, UsageError } from '../failure.ts';
import { type Field, fieldsOf, type Kind, missingFields, plainHeader } from './fields.ts';
import { type DateFormat, dateFormat } from './values.ts';

export interface Mapping {
  /** Our field → the file's column. */
  readonly columns: ReadonlyMap<string, string>;
  /** Our field → the value of rows without one. */
  readonly defaults: ReadonlyMap<string, string>;
  readonly dates: DateFormat;
}

export interface MappingWanted {
  readonly kind: Kind;
  readonly path: string;
  /** The file's columns. */
  readonly columns: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
  /** A YAML file. */
  readonly file?: string | undefined;
  readonly dateFormat?: string | undefined;
  readonly currency?: string | undefined;
}

type Texts = ReadonlyMap<string, string>;

/** @throws UsageError for a field that isn't ours, Failure for a column that isn't in the file */
export async function resolveMapping(wanted: MappingWanted): Promise<Mapping> {
  const fields = fieldsOf(wanted.kind);
  const stored = wanted.file === undefined ? NOTHING : await storedMapping(wanted.file);
  const explicit = new Map([...stored.columns, ...wanted.flags]);
  const defaults = new Map([
    ...stored.defaults,
    ...(wanted.currency === undefined ? [] : [['currency', wanted.currency] as const]),
  ]);
  for (const name of [...explicit.keys(), ...defaults.keys()]) {
    if (!fields.some((field) => field.name === name)) {
      throw new UsageError(
        `${name} is no field of ${wanted.kind}. The fields are ${fields.map((field) => field.name).join(', ')}.`,
      );
    }
  }
  const named = new Map([...explicit].map(([name, column]) => [name, existing(column, wanted)] as const));
  const columns = new Map([...recognised(fields, wanted.columns, named), ...named]);
  return { columns, defaults, dates: dateFormat(wanted.dateFormat ?? stored.dates ?? 'YYYY-MM-DD') };
}

const REMEDIES: Readonly<Record<string, string>> = {
  issuedOn: ', or count it back from the due date with --issued-days 30',
  currency: ', or give one for all rows with --currency USD',
};

/** @throws Failure that names the field which the file lacks, and how to give it */
export function requireMapped({ kind, path, columns }: MappingWanted, mapping: Mapping, countsIssueDate: boolean): void {
  const has = (name: string) => mapping.columns.has(name) || mapping.defaults.has(name);
  const [name] = missingFields(kind, has, countsIssueDate);
  if (name === undefined) return;
  throw new Failure(
    `${path} has no column for ${name}: give it with --map ${name}=<column>${REMEDIES[name] ?? ''}. Its columns are ${columns.join(', ')}.`,
  );
}

function existing(column: string, { columns, path }: MappingWanted): string {
  const found =
    columns.find((name) => name === column) ??
    columns.find((name) => plainHeader(name) === plainHeader(column) && plainHeader(name) !== '');
  if (found !== undefined) return found;
  throw new Failure(`${path} has no column ${column}. Its columns are ${columns.join(', ')}.`);
}

/** Columns whose header is the name of a field, or another name for it; none is taken twice. */
function recognised(fields: readonly Field[], columns: readonly string[], named: Texts): Map<string, string> {
  const found = new Map<string, string>();
  const free = (column: string) => ![...named.values(), ...found.values()].includes(column);
  const take = (field: Field, headers: readonly string[]) => {
    if (named.has(field.name) || found.has(field.name)) return;
    const column = headers
      .map((header) => columns.find((one) => plainHeader(one) === header && free(one)))
      .find((one) => one !== undefined);
    if (column !== undefined) found.set(field.name, column);
  };
  for (const field of fields) take(field, [plainHeader(field.name)]);
  for (const field of fields) take(field, field.aliases);
  return found;
}

interface Stored {
  readonly columns: Texts;
  readonly defaults: Texts;
  readonly dates?: string;
}

const NOTHING: Stored = { columns: new Map(), defaults: new Map() };

/** `columns:`, `dates:` and `defaults:`, all of them optional. */
async function storedMapping(path: string): Promise<Stored> {
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
