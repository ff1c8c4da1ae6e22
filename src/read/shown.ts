/**
 * The fields that a record shows in the graph, each with its meaning: made from columns, relations and computed fields.
 * Schema, filters, compiler and cost all read this one list, so they can't disagree.
 */
import type { Permission } from '../access/policy.ts';
import type { FieldMeta } from '../kernel/field.ts';
import type {
  ColumnType,
  ComputedField,
  FirstRelation,
  ManyRelation,
  OneRelation,
  ReadColumn,
  ReadRecord,
  ScalarName,
} from './record.ts';

interface Named {
  readonly name: string;
  readonly description: string;
  readonly nullable: boolean;
  readonly permission: Permission | null;
}

/** A plain value of one column. `ref` is the kind of record whose public id it is. */
export interface ScalarShown extends Named {
  readonly kind: 'scalar';
  readonly column: ReadColumn;
  readonly scalar: ScalarName;
  readonly ref: string | null;
  readonly enumeration: NonNullable<FieldMeta['enum']> | null;
}

/** Two columns shown as one amount. */
export interface MoneyShown extends Named {
  readonly kind: 'money';
  readonly column: ReadColumn;
  readonly currency: ReadColumn;
}

export interface OneShown extends Named {
  readonly kind: 'one';
  readonly relation: OneRelation;
}

export interface ManyShown extends Named {
  readonly kind: 'many';
  readonly relation: ManyRelation;
}

/** What belongs to a record, counted and added up. */
export interface AggregateShown extends Named {
  readonly kind: 'aggregate';
  readonly relation: ManyRelation;
}

export interface FirstShown extends Named {
  readonly kind: 'first';
  readonly relation: FirstRelation;
}

export interface ComputedShown extends Named {
  readonly kind: 'computed';
  readonly computed: ComputedField;
}

export type Shown = ScalarShown | MoneyShown | OneShown | ManyShown | AggregateShown | FirstShown | ComputedShown;

const SCALARS: Readonly<Record<ColumnType, ScalarName>> = {
  uuid: 'ID',
  text: 'String',
  int: 'Int',
  // JSON numbers lose digits
  bigint: 'Decimal',
  numeric: 'Decimal',
  boolean: 'Boolean',
  date: 'Date',
  timestamptz: 'DateTime',
  jsonb: 'Json',
};

const cache = new WeakMap<ReadRecord, readonly Shown[]>();

/** In the order in which they stand in the schema: the id, columns, relations, computed fields. */
export function shownFields(record: ReadRecord): readonly Shown[] {
  const known = cache.get(record);
  if (known) return known;
  const columns = Object.values(record.columns).flatMap((column) => {
    const shown = shownColumn(record, column);
    return shown ? [shown] : [];
  });
  const id = columns.find((field) => field.name === 'id') ?? ownId(record);
  const fields = [id, ...columns.filter((field) => field !== id), ...shownRelations(record), ...shownComputed(record)];
  cache.set(record, fields);
  return fields;
}

export const shownField = (record: ReadRecord, name: string): Shown | undefined =>
  shownFields(record).find((field) => field.name === name);

/** The shown field that stands for a property. */
export const shownOfProperty = (record: ReadRecord, property: string): ScalarShown | MoneyShown | undefined =>
  shownFields(record).find(
    (field): field is ScalarShown | MoneyShown =>
      (field.kind === 'scalar' || field.kind === 'money') && field.column.property === property,
  );

function ownId(record: ReadRecord): ScalarShown {
  const column = record.columns.id;
  if (!column) throw new Error(`${record.name} has no property id.`);
  return {
    kind: 'scalar',
    name: 'id',
    description: 'The id: its kind and a UUIDv7.',
    nullable: false,
    permission: null,
    column,
    scalar: 'ID',
    ref: record.name,
    enumeration: null,
  };
}

function shownColumn(record: ReadRecord, column: ReadColumn): ScalarShown | MoneyShown | null {
  const { meta, property, nullable } = column;
  if (!meta) return null;
  const permission = (meta.permission ?? null) as Permission | null;
  const { description } = meta;
  if (meta.money) {
    const currency = record.columns[meta.money.currency];
    if (!currency) throw new Error(`${record.name} has no property ${meta.money.currency}, the currency of ${property}.`);
    return { kind: 'money', name: meta.money.as, description, nullable, permission, column, currency };
  }
  return {
    kind: 'scalar',
    name: meta.as ?? property,
    description,
    nullable,
    permission,
    column,
    scalar: meta.type ?? SCALARS[column.type],
    ref: meta.ref ?? (property === 'id' ? record.name : null),
    enumeration: meta.enum ?? null,
  };
}

function shownRelations(record: ReadRecord): (OneShown | ManyShown | AggregateShown | FirstShown)[] {
  return Object.entries(record.definition.relations ?? {}).flatMap(([name, relation]): ReturnType<typeof shownRelations> => {
    const { description, permission = null } = relation;
    // the row of another may lie outside what the reader may see
    if (relation.kind === 'one') return [{ kind: 'one', name, description, nullable: true, permission, relation }];
    if (relation.kind === 'first') return [{ kind: 'first', name, description, nullable: true, permission, relation }];
    const rows: ManyShown = { kind: 'many', name, description, nullable: false, permission, relation };
    if (!relation.connection) return [rows];
    const counted = `Counted and added up: ${description}`;
    return [rows, { ...rows, kind: 'aggregate', name: `${name}Aggregate`, description: counted }];
  });
}

function shownComputed(record: ReadRecord): ComputedShown[] {
  return Object.entries(record.definition.computed ?? {}).map(([name, computed]) => ({
    kind: 'computed',
    name,
    description: computed.description,
    nullable: computed.nullable === true,
    permission: computed.permission ?? null,
    computed,
  }));
}
