/** Object types of the records, their connections, and the few types that all of them share. */
import { type ClassType, Field, ID, Int, InterfaceType } from 'type-graphql';
import { NESTED_AGGREGATE_COST } from './aggregate/aggregate-cost.ts';
import { aggregateArguments, aggregateType } from './aggregate/aggregate-schema.ts';
import { resolveType } from './field-resolver.ts';
import type { ComputedField, ReadRecord } from './record.ts';
import { CurrencyScalar, DateScalar, DateTimeScalar, DecimalScalar, SCALARS } from './scalars.ts';
import { addArguments, type FieldSpec, objectClass, once, recordNamed, type TypeThunk, whenBuilding } from './schema-classes.ts';
import { enumType } from './schema-enums.ts';
import { ESTIMATE_COST, ESTIMATED_FROM } from './row-estimate.ts';
import { orderByType, whereType } from './schema-filters.ts';
import { PAGE_DEFAULT, PAGE_MAX } from './paging.ts';
import { type Shown, shownFields } from './shown.ts';

export abstract class NodeInterface {
  declare readonly id: string;
}
Field(() => ID, { description: 'The public id: the kind of record and a UUIDv7.' })(NodeInterface.prototype, 'id');
InterfaceType('Node', {
  description: 'A record that can be read by its id alone.',
  resolveType: (value: unknown) => resolveType(value),
  // else records of every catalogue of this process would be in every graph
  autoRegisterImplementations: false,
})(NodeInterface);

const MoneyObject = objectClass({
  name: 'Money',
  description: 'An amount of money: exact, and never without its currency.',
  fields: [
    { name: 'amount', type: () => DecimalScalar, description: 'The amount in units of the currency, with all of its decimals.' },
    { name: 'currency', type: () => CurrencyScalar, description: 'The currency.' },
  ],
});

const PageInfoObject = objectClass({
  name: 'PageInfo',
  description: 'Where a page lies in its list.',
  fields: [
    { name: 'hasNextPage', type: () => Boolean, description: 'Whether rows follow this page.' },
    { name: 'hasPreviousPage', type: () => Boolean, description: 'Whether rows precede this page.' },
    {
      name: 'startCursor',
      type: () => String,
      nullable: true,
      description: 'The cursor of the first row; null for an empty page.',
    },
    {
      name: 'endCursor',
      type: () => String,
      nullable: true,
      description: 'The cursor of the last row; null for an empty page.',
    },
  ],
});

type Class = ClassType<Record<string, unknown>>;

/** The object type of a record, under the record's name. */
export const objectType = once<ReadRecord, Class>(makeObject, new WeakMap());

function makeObject(record: ReadRecord): Class {
  const shown = shownFields(record);
  const made = objectClass({
    name: record.name,
    description: `${record.definition.description} Needs the permission \`${record.resource.permission}\`.`,
    fields: shown.map((field) => ({
      name: field.name,
      type: typeOf(field),
      nullable: field.nullable,
      description: describe(field),
      ...complexityOf(field),
    })),
    ...(record.definition.root ? { implements: NodeInterface } : {}),
  });
  for (const field of shown) {
    if (field.kind === 'many' && field.relation.connection) {
      const { relation, name } = field;
      whenBuilding(() => addArguments(made, { field: name, args: listArguments(recordNamed(relation.record)), from: 0 }));
    }
    if (field.kind === 'aggregate') {
      const { relation, name } = field;
      whenBuilding(() => addArguments(made, { field: name, args: aggregateArguments(recordNamed(relation.record)), from: 0 }));
    }
  }
  return made;
}

/** What a field costs beside the records that it leads to. */
function complexityOf(field: Shown): { readonly complexity?: number } {
  if (field.kind === 'aggregate') return { complexity: NESTED_AGGREGATE_COST };
  return field.kind === 'computed' && field.computed.cost !== undefined ? { complexity: field.computed.cost } : {};
}

const describe = ({ description, permission }: Shown): string =>
  permission === null ? description : `${description} Needs the permission \`${permission}\`.`;

function typeOf(field: Shown): TypeThunk {
  switch (field.kind) {
    case 'scalar': {
      const { enumeration, scalar } = field;
      if (!enumeration) return () => SCALARS[scalar];
      const made = enumType(enumeration.name, enumeration.values, enumeration.descriptions);
      return () => made;
    }
    case 'money':
      return () => MoneyObject;
    case 'computed':
      return computedType(field.computed);
    case 'one':
    case 'first':
      return () => objectType(recordNamed(field.relation.record));
    case 'aggregate':
      return () => aggregateType(recordNamed(field.relation.record));
    default: {
      const { record, connection } = field.relation;
      return () => (connection ? connectionType(recordNamed(record)) : [objectType(recordNamed(record))]);
    }
  }
}

function computedType({ type, list }: ComputedField): TypeThunk {
  const enumeration = typeof type === 'object' ? enumType(type.enum, Object.keys(type.values), type.values) : null;
  const single = () => {
    if (type === 'Money') return MoneyObject;
    return typeof type === 'object' ? enumeration : SCALARS[type];
  };
  return () => (list ? [single()] : single());
}

const edgeType = once<ReadRecord, Class>(
  (record) =>
    objectClass({
      name: `${record.name}Edge`,
      description: `A ${record.name} with its place in a list.`,
      fields: [
        { name: 'cursor', type: () => String, description: 'Where it stands: pass it as after or before.' },
        { name: 'node', type: () => objectType(record), description: 'The record.' },
      ],
    }),
  new WeakMap(),
);

/** A page of a list of a record. */
export const connectionType = once<ReadRecord, Class>((record) => {
  const edge = edgeType(record);
  return objectClass({
    name: `${record.name}Connection`,
    description: `A page of a list of ${record.name} records.`,
    fields: [
      { name: 'edges', type: () => [edge], description: 'The rows, each with its cursor.' },
      { name: 'nodes', type: () => [objectType(record)], description: 'The rows.' },
      { name: 'pageInfo', type: () => PageInfoObject, description: 'Where the page lies in the list.' },
      { name: 'totalCount', type: () => Int, description: 'How many rows the whole list has. Counted only when asked for.' },
      {
        name: 'totalCountEstimate',
        type: () => Int,
        complexity: ESTIMATE_COST,
        description: `About how many rows the whole list has, which costs little however long it is: exact up to ${ESTIMATED_FROM.toLocaleString('en')} and in lists below a record, beyond what the database's statistics say of the same rows.`,
      },
    ],
  });
}, new WeakMap());

/** The arguments of a list of a record. */
export function listArguments(record: ReadRecord): FieldSpec[] {
  const optional = (name: string, type: TypeThunk, description: string): FieldSpec => ({
    name,
    type,
    description,
    nullable: true,
  });
  const where = whereType(record);
  const orderBy = orderByType(record);
  return [
    optional(
      'first',
      () => Int,
      `How many rows from the start, or after \`after\`: 0 to ${PAGE_MAX}, ${PAGE_DEFAULT} unless told.`,
    ),
    optional('after', () => String, 'The cursor after which the page starts.'),
    optional('last', () => Int, `How many rows from the end, or before \`before\`: 0 to ${PAGE_MAX}.`),
    optional('before', () => String, 'The cursor before which the page ends.'),
    ...(where ? [optional('where', () => where, 'Only rows that fulfil all of these conditions.')] : []),
    ...(orderBy
      ? [optional('orderBy', () => [orderBy], 'The order: by the first, among equals by the next. Nulls count as largest.')]
      : []),
    ...(record.definition.at
      ? [
          optional('asOf', () => DateScalar, 'As it stood at the end of this day in the books, as far as known now.'),
          optional('knownAt', () => DateTimeScalar, 'As it was known at this instant; at least 30 seconds ago.'),
        ]
      : []),
  ];
}
