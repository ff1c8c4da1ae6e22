/**
 * One table per record says where each of our fields stands in the ERP's record, and by which codec it goes there and back. Reading and
 * writing paths may differ, or be there for one way only. What no row can say (records over several tables, sums, links) is code
 * beside it. A mapping reads nothing by chance: a field that must be there and is not, is a `MappingError` with the ERP's name of it.
 */
import { CANONICAL, type CanonicalKind, type Json, type JsonObject } from '../canonical/canonical.ts';
import type { Codec, Decoder } from './codec.ts';
import { MappingError } from './connector.ts';
import { shown } from './json-text.ts';
import type { HeadOf, MappingName, PathOf, Shape, ValueAt } from './mapping-types.ts';
import { isWritable, type RecordPath, recordPath, valueAt, withValue } from './record-path.ts';

interface ReadingRow<T, P extends PathOf<T>> {
  /** Of the document, such as `dueOn` or `address.city`. */
  readonly ours: P;
  /** Where it is read. */
  readonly read: string;
  readonly write?: never;
  readonly codec: Decoder<ValueAt<T, P>>;
  /** What it is where the ERP has nothing there. */
  readonly otherwise?: ValueAt<T, P>;
}

interface WritingRow<T, P extends PathOf<T>> {
  readonly ours: P;
  readonly read?: string;
  /** Where it is written. */
  readonly write: string;
  readonly codec: Codec<ValueAt<T, P>>;
  readonly otherwise?: ValueAt<T, P>;
  /** Written with this command only; else with both. */
  readonly only?: WriteCommand;
  /** What is written by an UPDATE where ours has no value; else nothing is, and the ERP keeps what it has. */
  readonly cleared?: Json;
}

export type WriteCommand = 'CREATE' | 'UPDATE';
type RowAt<T, P extends PathOf<T>> = ReadingRow<T, P> | WritingRow<T, P>;
/** A row of the table for documents of type T. */
export type MappingRow<T> = { readonly [P in PathOf<T>]: RowAt<T, P> }[PathOf<T>];

type ReadRows<Rows> = Extract<Rows, { readonly read: string }>;
type WrittenRows<Rows> = Extract<Rows, { readonly write: string }>;
/** What reading gives: the fields that have a row. The others are the author's to add, or the document does not compile. */
export type ReadOf<T, Rows extends { readonly ours: string }> = Pick<T, HeadOf<T, ReadRows<Rows>['ours']>>;
export type WrittenOf<T, Rows extends { readonly ours: string }> = Pick<T, HeadOf<T, WrittenRows<Rows>['ours']>>;

export interface Mapping<Read, Written> {
  readonly name: MappingName;
  /** Which of our fields go which way: what a coverage table is made of. */
  readonly fields: readonly { readonly ours: string; readonly read: string | null; readonly write: string | null }[];
  /** `at` stands before the ERP's field in a refusal, such as `Line[3].`. @throws MappingError */
  read(raw: JsonObject, at?: string): Read;
  /** @throws MappingError */
  write(document: Written, command: WriteCommand, at?: string): JsonObject;
}

/**
 * @throws Error for a path that is none
 * @example
 * const header = defineMapping('Invoice', [
 *   { ours: 'number', read: 'DocNumber', write: 'DocNumber', codec: text(21) },
 *   { ours: 'total', read: 'TotalAmt', codec: amountNumber },
 * ]);
 * const document = { ...header.read(raw), lines: lines.decode(raw.Line, 'Line') };
 */
export function defineMapping<N extends MappingName, const Rows extends readonly MappingRow<Shape<N>>[]>(
  name: N,
  rows: Rows,
): Mapping<ReadOf<Shape<N>, Rows[number]>, WrittenOf<Shape<N>, Rows[number]>> {
  const table = (rows as readonly LooseRow[]).map((row) => preparedRow(name, row));
  return {
    name,
    fields: rows.map(({ ours, read, write }) => ({ ours, read: read ?? null, write: write ?? null })),
    read: (raw, at = '') => readRows(table, raw, at) as never,
    write: (document, command, at = '') => writeRows(table, { document, command, at }),
  };
}

/** A codec of entries that come as a list: `listOf` gives it, and a row for `lines` takes it. */
export interface ListCodec<Read, Written> {
  readonly decode: (value: unknown, field: string) => Read[];
  readonly encode: (list: readonly Written[], field: string) => Json;
}

/** A list of entries that are each mapped by a table, such as an invoice's lines, as a codec of its own. It is written whole. */
export function listOf<Read, Written>(mapping: Mapping<Read, Written>): ListCodec<Read, Written> {
  return {
    decode(value, field) {
      if (!Array.isArray(value)) throw new MappingError(field, `${field} must be a list, and is ${shown(value)}.`);
      return value.map((one: unknown, i) => {
        if (typeof one === 'object' && one !== null) return mapping.read(one as JsonObject, `${field}[${i}].`);
        throw new MappingError(`${field}[${i}]`, `${field}[${i}] must be an object, and is ${shown(one)}.`);
      });
    },
    encode: (list, field) => list.map((one, i) => mapping.write(one, 'CREATE', `${field}[${i}].`)),
  };
}

/** A custom field, as an operator's configuration names it. */
export interface ExtensionRow {
  /** Its path in the ERP's record. */
  readonly field: string;
  /** Its name in `extensions`. */
  readonly as: string;
}

/** The custom fields that the configuration asks for, as they stand; those without a value are left out. @throws Error for a path that is none */
export function extensionsOf(raw: JsonObject, rows: readonly ExtensionRow[]): JsonObject {
  const found = rows.map(({ field, as }) => [as, valueAt(raw, recordPath(field)) as Json | undefined] as const);
  return Object.fromEntries(
    found.flatMap(([as, value]) => (value === undefined || value === null ? [] : [[as, value] as const])),
  );
}

/** A row as the code below sees it: what the types above have made sure of is not known here. */
interface LooseRow {
  readonly ours: string;
  readonly read?: string;
  readonly write?: string;
  readonly codec: Decoder<unknown> & { readonly encode?: (value: never, field: string) => Json };
  readonly otherwise?: unknown;
  readonly only?: WriteCommand;
  readonly cleared?: Json;
}

interface PreparedRow extends LooseRow {
  readonly oursPath: RecordPath;
  readonly readPath: RecordPath | null;
  readonly writePath: RecordPath | null;
  readonly isRequired: boolean;
}

function preparedRow(name: MappingName, row: LooseRow): PreparedRow {
  const writePath = row.write === undefined ? null : recordPath(row.write);
  if (writePath && !isWritable(writePath)) throw new Error(`${name}.${row.ours} can't be written at ${row.write}.`);
  return {
    ...row,
    oursPath: recordPath(row.ours),
    readPath: row.read === undefined ? null : recordPath(row.read),
    writePath,
    isRequired: isRequired(name, row.ours),
  };
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === '';

function readRows(table: readonly PreparedRow[], raw: JsonObject, at: string): JsonObject {
  return table.reduce<JsonObject>((document, { codec, otherwise, readPath, oursPath, isRequired: isNeeded, read = '' }) => {
    if (readPath === null) return document;
    const field = `${at}${read}`;
    const theirs = valueAt(raw, readPath);
    const value = isNothing(theirs) ? (otherwise ?? codec.empty) : codec.decode(theirs, field);
    if (value === undefined && isNeeded) throw new MappingError(field, `${field} is missing.`);
    return value === undefined ? document : withValue(document, oursPath, value as Json);
  }, {});
}

interface Writing {
  readonly document: unknown;
  readonly command: WriteCommand;
  readonly at: string;
}

function writeRows(table: readonly PreparedRow[], { document, command, at }: Writing): JsonObject {
  return table.reduce<JsonObject>((request, { codec, only, cleared, writePath, oursPath, write = '' }) => {
    if (writePath === null || codec.encode === undefined || (only ?? command) !== command) return request;
    const ours = valueAt(document, oursPath);
    if (ours !== undefined) return withValue(request, writePath, codec.encode(ours as never, `${at}${write}`));
    return command === 'UPDATE' && cleared !== undefined ? withValue(request, writePath, cleared) : request;
  }, {});
}

interface Schema {
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly element?: Schema;
  unwrap?(): Schema;
  safeParse(value: unknown): { readonly success: boolean };
}

/** Must a document have it? By the canonical schema; what stands inside of an optional object need not be there. */
function isRequired(name: MappingName, ours: string): boolean {
  const [kind, list] = name.split('.') as [CanonicalKind, string | undefined];
  const top = CANONICAL[kind] as unknown as Schema;
  const record = list === undefined ? top : listElement(top.shape?.[list]);
  const [head = ''] = ours.split('.');
  const schema = record?.shape?.[head];
  if (schema === undefined) throw new Error(`${name} has no field ${ours}.`);
  return ours === head && !schema.safeParse(undefined).success;
}

function listElement(schema: Schema | undefined): Schema | undefined {
  return schema?.element ?? (schema?.unwrap ? listElement(schema.unwrap()) : undefined);
}
