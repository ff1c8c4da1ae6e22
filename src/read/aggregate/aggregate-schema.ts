/** The types of a record's aggregates: groups with their key and measures, and what they are asked for with. Made from the same lists that resolve them. */
import { type ClassType, Int } from 'type-graphql';
import type { ReadRecord } from '../record.ts';
import { CurrencyScalar, DateScalar, DateTimeScalar, SCALARS } from '../scalars.ts';
import { addArguments, type FieldSpec, inputClass, objectClass, once, recordNamed, type TypeThunk } from '../schema-classes.ts';
import { enumType } from '../schema-enums.ts';
import { orderDirection, scalarFilter, whereType } from '../schema-filters.ts';
import { type Dimension, dimensionsOf } from './dimensions.ts';
import { GROUPS_DEFAULT, GROUPS_MAX } from './group-page.ts';
import { having, measureType } from './measure-types.ts';
import { FUNCTIONS, type Measure, measuresOf } from './measures.ts';
import { BUCKETS } from './time-bucket.ts';

type Class = ClassType<Record<string, unknown>>;

const dimensions = (record: ReadRecord): readonly Dimension[] => dimensionsOf(record, recordNamed);

/** Enums must be known before the graph is built, so none is made in a field's thunk. */
const bucketEnum = (): object => enumType('TimeBucket', Object.keys(BUCKETS), BUCKETS);

const needs = (permission: string | null): string => (permission === null ? '' : ` Needs the permission \`${permission}\`.`);

const describeDimension = ({ description, field, via }: Dimension): string =>
  `${description}${needs(via?.permission ?? null)}${needs(field.permission)}`;

/** The fields that groups can be made by. */
const groupField = once<ReadRecord, object>((record) => {
  const all = dimensions(record);
  return enumType(
    `${record.name}GroupField`,
    Object.fromEntries(all.map(({ constant, name }) => [constant, name])),
    Object.fromEntries(all.map((one) => [one.constant, describeDimension(one)])),
  );
}, new WeakMap());

const groupBy = once<ReadRecord, Class>((record) => {
  const field = groupField(record);
  const bucket = bucketEnum();
  return inputClass({
    name: `${record.name}GroupBy`,
    description: `One part of the key of groups of ${record.name} records.`,
    fields: [
      { name: 'field', type: () => field, description: 'The field: rows with the same value, or without one, are together.' },
      {
        name: 'bucket',
        type: () => bucket,
        nullable: true,
        description: 'Of a day or an instant: the span of time that is together; DAY unless told.',
      },
      {
        name: 'timeZone',
        type: () => String,
        nullable: true,
        description:
          'Of an instant: the IANA time zone in which its day is meant, such as Europe/Berlin; UTC unless told, since the companies of one group live in several. Plain days have none.',
      },
    ],
  });
}, new WeakMap());

const groupKey = once<ReadRecord, Class>(
  (record) =>
    objectClass({
      name: `${record.name}GroupKey`,
      description: `What the rows of one group of ${record.name} records have in common: null for a field that they are not grouped by, or that they have no value of (or none that you may see).`,
      fields: dimensions(record).map((one) => ({
        name: one.name,
        type: keyType(one),
        nullable: true,
        description: `${describeDimension(one)}${one.time === null ? '' : ' The first day of the span.'}`,
      })),
    }),
  new WeakMap(),
);

function keyType({ time, field }: Dimension): TypeThunk {
  if (time !== null) return () => DateScalar;
  const { enumeration, scalar } = field;
  if (!enumeration) return () => SCALARS[scalar];
  const made = enumType(enumeration.name, enumeration.values, enumeration.descriptions);
  return () => made;
}

const describeMeasure = ({ field }: Measure): string => `${field.description}${needs(field.permission)}`;

const group = once<ReadRecord, Class>((record) => {
  const key = groupKey(record);
  const measures = measuresOf(record);
  const made = objectClass({
    name: `${record.name}Group`,
    description: `${record.name} records that have their key in common, counted and added up.`,
    fields: [
      { name: 'key', type: () => key, description: 'What they have in common.' },
      { name: 'count', type: () => Int, description: 'How many rows.' },
      { name: 'countDistinct', type: () => Int, description: 'How many different values of a field; without a value is none.' },
      ...measures.map((measure) => ({
        name: measure.name,
        type: () => measureType(measure),
        description: describeMeasure(measure),
      })),
    ],
  });
  const field = groupField(record);
  const args = [{ name: 'field', type: () => field, description: 'The field whose values are counted.' }];
  addArguments(made, { field: 'countDistinct', args, from: 0 });
  return made;
}, new WeakMap());

/** What a root or nested aggregate answers with. */
export const aggregateType = once<ReadRecord, Class>((record) => {
  const groups = group(record);
  return objectClass({
    name: `${record.name}Aggregate`,
    description: `${record.name} records counted and added up, in groups. Without groupBy there is one group with all of them.`,
    fields: [
      { name: 'groups', type: () => [groups], description: 'The groups of this page, in order.' },
      {
        name: 'nextCursor',
        type: () => String,
        nullable: true,
        description: 'Pass it as `after` for the groups that follow; null: there are no more.',
      },
      { name: 'groupCount', type: () => Int, description: 'How many groups there are on all pages.' },
    ],
  });
}, new WeakMap());

const havingType = once<ReadRecord, Class>((record) => {
  const made: Class = inputClass({
    name: `${record.name}Having`,
    description: `Conditions on a group of ${record.name} records; all that are given must hold.`,
    fields: [
      { name: 'count', type: () => scalarFilter('Int'), nullable: true, description: 'How many rows it has.' },
      ...measuresOf(record).map((measure) => ({
        name: measure.name,
        type: () => having(measure),
        nullable: true,
        description: describeMeasure(measure),
      })),
      { name: 'and', type: () => [made], nullable: true, description: 'All of these hold.' },
      {
        name: 'or',
        type: () => [made],
        nullable: true,
        description: 'One of these holds at least. An empty list is never fulfilled.',
      },
      { name: 'not', type: () => made, nullable: true, description: 'This does not hold.' },
    ],
  });
  return made;
}, new WeakMap());

const orderBy = once<ReadRecord, Class>((record) => {
  const key = groupField(record);
  const measures = measuresOf(record);
  const measure = enumType(
    `${record.name}GroupMeasure`,
    Object.fromEntries([['ROWS', 'rows'], ...measures.map(({ constant, name }) => [constant, name])]),
    Object.fromEntries([
      ['ROWS', 'How many rows; without a function.'],
      ...measures.map((one) => [one.constant, describeMeasure(one)]),
    ]),
  );
  const direction = orderDirection();
  const aggregate = enumType('AggregateFunction', FUNCTIONS, FUNCTION_MEANINGS);
  return inputClass({
    name: `${record.name}GroupOrderBy`,
    description: `One step of the order of groups of ${record.name} records: by a part of their key, or by a measure. Equal groups come in the order of their keys.`,
    fields: [
      { name: 'key', type: () => key, nullable: true, description: 'A field that is also in groupBy.' },
      { name: 'measure', type: () => measure, nullable: true, description: 'Instead of a key: what was counted or added up.' },
      {
        name: 'function',
        type: () => aggregate,
        nullable: true,
        description: 'Of the measure; SUM unless told, and MIN of days and instants.',
      },
      {
        name: 'currency',
        type: () => CurrencyScalar,
        nullable: true,
        description:
          "Of an amount: the currency that is looked at; unless told all of it in the group's currency, by stored rates.",
      },
      { name: 'direction', type: () => direction, defaultValue: 'ASC', description: 'Upwards unless told.' },
    ],
  });
}, new WeakMap());

const FUNCTION_MEANINGS = {
  SUM: 'The sum.',
  AVG: 'The average of the values that there are.',
  MIN: 'The smallest, or earliest.',
  MAX: 'The largest, or latest.',
  COUNT: 'How many rows have a value.',
} as const;

/** The arguments of an aggregate. */
export function aggregateArguments(record: ReadRecord): FieldSpec[] {
  const optional = (name: string, type: TypeThunk, description: string): FieldSpec => ({
    name,
    type,
    description,
    nullable: true,
  });
  const where = whereType(record);
  // made now: types that are first heard of in a thunk come too late
  const keys = groupBy(record);
  const conditions = havingType(record);
  const order = orderBy(record);
  return [
    ...(where ? [optional('where', () => where, 'Only rows that fulfil all of these conditions.')] : []),
    optional('groupBy', () => [keys], 'What groups have in common, each field once; absent: one group with all rows.'),
    optional('having', () => conditions, 'Only groups that fulfil all of these conditions.'),
    optional('orderBy', () => [order], 'The order of the groups; by their keys unless told. Nulls count as largest.'),
    optional(
      'first',
      () => Int,
      `How many groups from the start, or after \`after\`: 1 to ${GROUPS_MAX.toLocaleString('en')}, and ${GROUPS_DEFAULT.toLocaleString('en')} unless told.`,
    ),
    optional('after', () => String, 'The cursor after which the page starts: nextCursor of the page before.'),
    ...(record.definition.at
      ? [
          optional('asOf', () => DateScalar, 'As it stood at the end of this day in the books, as far as known now.'),
          optional('knownAt', () => DateTimeScalar, 'As it was known at this instant; at least 30 seconds ago.'),
        ]
      : []),
  ];
}
