/** Which column of the file is which of our fields: by what was said, and by itself where a header says it. */
import { type Field, fieldsOf, type Kind, missingFields, plainHeader } from './fields.ts';
import { Unfit } from './unfit.ts';
import { type DateFormat, dateFormat } from './values.ts';

type Texts = ReadonlyMap<string, string>;

export interface Mapping {
  /** Our field → the file's column. */
  readonly columns: Texts;
  /** Our field → the value of rows without one. */
  readonly defaults: Texts;
  readonly dates: DateFormat;
}

export interface MappingWanted {
  readonly kind: Kind;
  /** What the file is called. */
  readonly name: string;
  /** The file's columns. */
  readonly columns: readonly string[];
  /** Our field → a column, where its header doesn't say it. */
  readonly named: Texts;
  readonly defaults: Texts;
  readonly dates?: string | undefined;
}

/** @throws Unfit for a field that isn't ours, or a column that isn't in the file */
export function resolveMapping(wanted: MappingWanted): Mapping {
  const fields = fieldsOf(wanted.kind);
  const { defaults } = wanted;
  for (const name of [...wanted.named.keys(), ...defaults.keys()]) {
    if (!fields.some((field) => field.name === name)) {
      const names = fields.map((field) => field.name).join(', ');
      throw new Unfit(`${name} is no field of ${wanted.kind}. The fields are ${names}.`, 'USE');
    }
  }
  const named = new Map([...wanted.named].map(([name, column]) => [name, existing(column, wanted)] as const));
  const columns = new Map([...recognised(fields, wanted.columns, named), ...named]);
  return { columns, defaults, dates: dateFormat(wanted.dates ?? 'YYYY-MM-DD') };
}

/** The first field that neither a column nor a default gives; undefined when there is none. */
export function unmapped(kind: Kind, { columns, defaults }: Mapping, countsIssueDate: boolean): string | undefined {
  return missingFields(kind, (name) => columns.has(name) || defaults.has(name), countsIssueDate)[0];
}

function existing(column: string, { columns, name: file }: MappingWanted): string {
  const found =
    columns.find((name) => name === column) ??
    columns.find((name) => plainHeader(name) === plainHeader(column) && plainHeader(name) !== '');
  if (found !== undefined) return found;
  throw new Unfit(`${file} has no column ${column}. Its columns are ${columns.join(', ')}.`, 'MAPPING');
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
