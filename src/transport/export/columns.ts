/** The flat columns of a list, for CSV and Parquet: each plain value of a row and of its to-one records, by the path of its names. */
import { DomainError } from '../../kernel/errors.ts';
import type { ScalarName } from '../../read/record.ts';
import type { ConnectionRead, FieldRead, ObjectRead } from '../../read/tree.ts';

/** What a cell holds: `Json` stays JSON. */
export type CellType = ScalarName | 'Enum';

export interface Column {
  /** The names on the way, as they were asked for: `['customer', 'name']`. */
  readonly path: readonly string[];
  readonly type: CellType;
}

export type Row = Readonly<Record<string, unknown>>;

/**
 * @throws DomainError INVALID_INPUT naming the first list, which a flat row has no place for
 * @example columnsOf(object).map(nameOf) // ['id', 'total.amount', 'customer.name']
 */
export function columnsOf(object: ObjectRead): readonly Column[] {
  const columns = ofObject(object, []);
  const names = new Set<string>();
  for (const column of columns) {
    const name = nameOf(column);
    if (names.has(name)) throw refused(`Two columns would be called ${name}: give one of them another name by an alias.`);
    names.add(name);
  }
  return columns;
}

export const nameOf = ({ path }: Column): string => path.join('.');

/** Undefined where a record on the way isn't there. */
export function cellOf(row: Row, { path }: Column): unknown {
  let value: unknown = row;
  for (const key of path) value = (value as Row | null | undefined)?.[key];
  return value;
}

/** A value of a cell as text: what is no text already as JSON. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const refused = (message: string): DomainError => new DomainError('INVALID_INPUT', message, { path: ['query'] });

const ofObject = ({ fields }: ObjectRead, before: readonly string[]): Column[] =>
  fields.flatMap((field) => ofField(field, [...before, field.key]));

function ofField(field: FieldRead, path: readonly string[]): Column[] {
  switch (field.kind) {
    case 'typename':
      return [{ path, type: 'String' }];
    case 'scalar':
      return [{ path, type: field.field.enumeration ? 'Enum' : field.field.ref === null ? field.field.scalar : 'ID' }];
    case 'money':
      return money(path, field.parts);
    case 'computed': {
      const { type, list } = field.field.computed;
      if (list) throw noPlace(path);
      if (type === 'Money') return money(path, field.parts);
      return [{ path, type: typeof type === 'object' ? 'Enum' : type }];
    }
    case 'one':
    case 'first':
      return ofObject(field.of, path);
    case 'connection':
      return ofConnection(field.connection, path);
    default:
      throw noPlace(path);
  }
}

const money = (path: readonly string[], parts: readonly { readonly key: string; readonly part: string }[]): Column[] =>
  parts.map(({ key, part }) => ({
    path: [...path, key],
    type: part === 'amount' ? 'Decimal' : part === 'currency' ? 'Currency' : 'String',
  }));

function ofConnection({ fields }: ConnectionRead, path: readonly string[]): Column[] {
  return fields.map((part): Column => {
    if (part.kind === 'totalCount') return { path: [...path, part.key], type: 'Int' };
    if (part.kind === 'typename') return { path: [...path, part.key], type: 'String' };
    throw noPlace(path);
  });
}

const noPlace = (path: readonly string[]): DomainError =>
  refused(
    `${path.join('.')} holds several values, and a row of CSV or Parquet has no place for them: leave it out, take the totalCount of a list that has one, export that list by itself, or take JSONL.`,
  );
