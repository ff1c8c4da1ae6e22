/** The types of `where` and `orderBy`, per record: each field has the operators that its type allows. */
import type { ClassType } from 'type-graphql';
import { snake } from '../kernel/text.ts';
import type { ReadRecord, ScalarName } from './record.ts';
import { CurrencyScalar, DecimalScalar, SCALARS } from './scalars.ts';
import { type FieldSpec, inputClass, once, recordNamed, type TypeThunk } from './schema-classes.ts';
import { enumType } from './schema-enums.ts';
import { type ManyShown, type MoneyShown, type OneShown, type ScalarShown, shownFields } from './shown.ts';

type Class = ClassType<Record<string, unknown>>;

const EQUALITY = ['eq', 'ne', 'in', 'notIn', 'isNull'] as const;
const ORDERED = [...EQUALITY, 'lt', 'lte', 'gt', 'gte'] as const;
const OPERATORS: Readonly<Partial<Record<ScalarName, readonly string[]>>> = {
  ID: EQUALITY,
  String: [...EQUALITY, 'contains', 'startsWith'],
  Currency: EQUALITY,
  Email: EQUALITY,
  Url: EQUALITY,
  Boolean: ['eq', 'ne', 'isNull'],
  Int: ORDERED,
  Decimal: ORDERED,
  Date: ORDERED,
  DateTime: ORDERED,
};

const MEANINGS: Readonly<Record<string, string>> = {
  eq: 'Equal to this.',
  ne: 'Another value than this; absent values are neither.',
  in: 'One of these, at most 1,000.',
  notIn: 'None of these, at most 1,000; absent values are neither.',
  isNull: 'True: without a value; false: with one.',
  lt: 'Less than this, or earlier.',
  lte: 'At most this, or not later.',
  gt: 'More than this, or later.',
  gte: 'At least this, or not earlier.',
  contains: 'Contains this text. Names are compared without accents and capitals.',
  startsWith: 'Begins with this text. Names are compared without accents and capitals. Faster than contains.',
};

function operatorFields(operators: readonly string[], type: TypeThunk): FieldSpec[] {
  return operators.map((name) => {
    const isList = name === 'in' || name === 'notIn';
    const its = name === 'isNull' ? () => Boolean : isList ? () => [type()] : type;
    return { name, type: its, nullable: true, description: MEANINGS[name] ?? name };
  });
}

export const scalarFilter = once<ScalarName, Class>((scalar) => {
  const named = scalar === 'ID' ? 'Id' : scalar;
  return inputClass({
    name: `${named}Filter`,
    description: `Conditions on a value of the type ${scalar}; all that are given must hold.`,
    fields: operatorFields(OPERATORS[scalar] ?? EQUALITY, () => SCALARS[scalar]),
  });
}, new Map());

const enumFilters = new Map<string, Class>();

function enumFilter({ enumeration }: ScalarShown): Class | null {
  if (!enumeration) return null;
  const { name, values, descriptions } = enumeration;
  const made = enumType(name, values, descriptions);
  const make = () =>
    inputClass({
      name: `${name}Filter`,
      description: `Conditions on a ${name}; all that are given must hold.`,
      fields: operatorFields(EQUALITY, () => made),
    });
  return once<string, Class>(make, enumFilters)(name);
}

const moneyFilter = once<'MoneyFilter', Class>(
  (name) =>
    inputClass({
      name,
      description: 'Conditions on an amount in one currency; amounts in other currencies never fit.',
      fields: [
        { name: 'currency', type: () => CurrencyScalar, description: 'The currency of the amounts.' },
        ...operatorFields(['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'isNull'], () => DecimalScalar),
      ],
    }),
  new Map(),
);

/** The fields of a record that can be filtered by. */
const filterable = (record: ReadRecord): (ScalarShown | MoneyShown)[] =>
  shownFields(record).filter(
    (field): field is ScalarShown | MoneyShown =>
      (field.kind === 'money' || (field.kind === 'scalar' && field.scalar !== 'Json')) && field.column.meta?.filter === true,
  );

function fieldFilters(record: ReadRecord): FieldSpec[] {
  return filterable(record).map((field) => {
    const made = field.kind === 'money' ? moneyFilter('MoneyFilter') : (enumFilter(field) ?? scalarFilter(field.scalar));
    return { name: field.name, nullable: true, description: field.description, type: () => made };
  });
}

const logic = (type: TypeThunk): FieldSpec[] => [
  { name: 'and', type: () => [type()], nullable: true, description: 'All of these hold.' },
  {
    name: 'or',
    type: () => [type()],
    nullable: true,
    description: 'One of these holds at least. An empty list is never fulfilled.',
  },
  { name: 'not', type, nullable: true, description: 'This does not hold.' },
];

/** Conditions on a record beside the one that is listed: its own fields, no further relation. */
const relatedWhere = once<ReadRecord, Class>((record) => {
  const made: Class = inputClass({
    name: `${record.name}RelatedWhere`,
    description: `Conditions on a ${record.name} beside a listed record; all that are given must hold.`,
    fields: [...fieldFilters(record), ...logic(() => made)],
  });
  return made;
}, new WeakMap());

/** Conditions on the records that belong to a listed one. */
const listWhere = once<ReadRecord, Class>((record) => {
  const related = relatedWhere(record);
  return inputClass({
    name: `${record.name}ListWhere`,
    description: `Conditions on the ${record.name} records that belong to a listed record; all that are given must hold.`,
    fields: [
      {
        name: 'some',
        type: () => related,
        nullable: true,
        description: 'One of them fulfils this at least; {} for having any.',
      },
      {
        name: 'none',
        type: () => related,
        nullable: true,
        description: 'None of them fulfils this; {} for having none that you may see.',
      },
    ],
  });
}, new WeakMap());

const wheres = new WeakMap<ReadRecord, Class | null>();

/** `<Record>Where`, or null for a record of which nothing can be filtered. Used while the graph is built: it looks at other records. */
export const whereType = once<ReadRecord, Class | null>((record) => {
  const relations = shownFields(record)
    .filter((field): field is OneShown | ManyShown => field.kind === 'one' || (field.kind === 'many' && !field.relation.orBy))
    .filter(({ relation }) => filterable(recordNamed(relation.record)).length > 0)
    .map(({ name, description, kind, relation }): FieldSpec => {
      const other = recordNamed(relation.record);
      const related = kind === 'one' ? relatedWhere(other) : listWhere(other);
      return { name, nullable: true, description, type: () => related };
    });
  if (filterable(record).length + relations.length === 0) return null;
  const made: Class = inputClass({
    name: `${record.name}Where`,
    description: `Conditions on a ${record.name}; all that are given must hold.`,
    fields: [...fieldFilters(record), ...relations, ...logic(() => made)],
  });
  return made;
}, wheres);

export const orderDirection = (): object =>
  enumType('OrderDirection', ['ASC', 'DESC'], {
    ASC: 'Smallest or earliest first; absent values last.',
    DESC: 'Largest or latest first; absent values first.',
  });

const orders = new WeakMap<ReadRecord, Class | null>();

/** `<Record>OrderBy`, or null for a record that has one order only. */
export const orderByType = once<ReadRecord, Class | null>((record) => {
  const sortable = shownFields(record).filter(
    (field): field is ScalarShown | MoneyShown =>
      (field.kind === 'scalar' || field.kind === 'money') && field.column.meta?.sort === true,
  );
  if (sortable.length === 0) return null;
  const named = sortable.map((field) => [snake(field.name).toUpperCase(), field] as const);
  const fields = enumType(
    `${record.name}OrderField`,
    Object.fromEntries(named.map(([name, field]) => [name, field.name])),
    Object.fromEntries(named.map(([name, field]) => [name, `By ${field.name}: ${field.description}`])),
  );
  const direction = orderDirection();
  return inputClass({
    name: `${record.name}OrderBy`,
    description: `One step of the order of a list of ${record.name} records. Amounts compare as numbers: filter by one currency.`,
    fields: [
      { name: 'field', type: () => fields, description: 'The field to order by.' },
      { name: 'direction', type: () => direction, defaultValue: 'ASC', description: 'Upwards unless told.' },
    ],
  });
}, orders);
