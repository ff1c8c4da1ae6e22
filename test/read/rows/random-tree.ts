// Random reads as trees, over any catalogue: every kind of field, aliases, pages from both ends, connections with all they can show.
import { TRUE } from '../../../src/kernel/predicate.ts';
import type { Catalogue, Moment, ReadRecord } from '../../../src/read/catalogue.ts';
import { cursorMark } from '../../../src/read/cursor.ts';
import { namedOrder, withId } from '../../../src/read/paging.ts';
import { type ComputedShown, type ManyShown, type MoneyShown, type Shown, shownFields } from '../../../src/read/shown.ts';
import type {
  ConnectionPart,
  ConnectionRead,
  EdgePart,
  FieldRead,
  MoneyPart,
  ObjectRead,
  OrderTerm,
} from '../../../src/read/tree.ts';
import type { Dice } from '../../access/random-where.ts';

export interface TreeOptions {
  readonly dice: Dice;
  readonly catalogue: Catalogue;
  readonly moment: Moment;
  /** Fields that the reader may not see, or whose arguments a tree can't make up. */
  isLeftOut?(record: ReadRecord, field: Shown): boolean;
}

const maybe = <T>({ dice }: TreeOptions, percent: number, make: () => T): T[] => (dice.roll(100) < percent ? [make()] : []);

export function randomConnection(options: TreeOptions, record: ReadRecord, depth: number, most = 12): ConnectionRead {
  const { dice, moment } = options;
  const order = withId(record, randomOrder(options, record));
  return {
    record,
    moment,
    where: TRUE,
    order,
    mark: cursorMark(record, order, moment),
    page: { size: dice.roll(most), isBackward: dice.roll(3) === 0, from: null },
    fields: keyed(options, connectionParts(options, record, depth)),
  };
}

function randomOrder({ dice, isLeftOut }: TreeOptions, record: ReadRecord): OrderTerm[] {
  const sortable = shownFields(record).flatMap((field) => {
    const isColumn = (field.kind === 'scalar' || field.kind === 'money') && !isLeftOut?.(record, field);
    return isColumn && field.column.meta?.sort === true ? [field.column] : [];
  });
  if (sortable.length === 0 || dice.roll(2) === 0) return namedOrder(record, record.definition.order ?? []);
  return Array.from({ length: 1 + dice.roll(2) }, () => ({ column: dice.pick(sortable), isDescending: dice.roll(2) === 0 }));
}

function connectionParts(options: TreeOptions, record: ReadRecord, depth: number): ConnectionPart[] {
  const { dice } = options;
  const rows = (): ConnectionPart =>
    dice.roll(2) === 0
      ? { kind: 'nodes', key: 'nodes', of: randomObject(options, record, depth) }
      : { kind: 'edges', key: 'edges', fields: keyed(options, edgeParts(options, record, depth)) };
  return [
    ...maybe(options, 30, (): ConnectionPart => ({ kind: 'totalCount', key: 'totalCount' })),
    ...maybe(options, 25, () => pageInfo(options)),
    ...maybe(options, 90, rows),
    ...maybe(options, 40, () => pageInfo(options)),
    ...maybe(options, 20, rows),
    ...maybe(options, 20, (): ConnectionPart => ({ kind: 'typename', key: '__typename', value: `${record.name}Connection` })),
  ];
}

const INFO = ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor', '__typename'];

const pageInfo = (options: TreeOptions): ConnectionPart => ({
  kind: 'pageInfo',
  key: 'pageInfo',
  fields: INFO.filter(() => options.dice.roll(2) === 0).map((name) => ({ key: name, name })),
});

const edgeParts = (options: TreeOptions, record: ReadRecord, depth: number): EdgePart[] => [
  ...maybe(options, 60, (): EdgePart => ({ kind: 'cursor', key: 'cursor' })),
  ...maybe(options, 90, (): EdgePart => ({ kind: 'node', key: 'node', of: randomObject(options, record, depth) })),
  ...maybe(options, 20, (): EdgePart => ({ kind: 'typename', key: '__typename', value: `${record.name}Edge` })),
];

export function randomObject(options: TreeOptions, record: ReadRecord, depth: number): ObjectRead {
  const { dice, moment, isLeftOut } = options;
  const shown = shownFields(record).filter((field) => !isLeftOut?.(record, field));
  const fields = Array.from({ length: 1 + dice.roll(7) }, () => fieldOf(options, dice.pick(shown), depth)).flat();
  return { record, moment, fields: keyed(options, [...fields, ...maybe(options, 15, () => typename(record))]) };
}

const typename = (record: ReadRecord): FieldRead => ({ kind: 'typename', key: '__typename', value: record.name });

function fieldOf(options: TreeOptions, field: Shown, depth: number): FieldRead[] {
  const { catalogue } = options;
  const key = field.name;
  const other = (name: string) => catalogue.record(name);
  switch (field.kind) {
    case 'scalar':
      return [{ kind: 'scalar', key, field }];
    case 'money':
      return [{ kind: 'money', key, field, parts: moneyParts(options, field) }];
    case 'computed':
      return [{ kind: 'computed', key, field, args: {}, parts: moneyParts(options, field) }];
    case 'one':
      return depth > 0 ? [{ kind: 'one', key, field, of: randomObject(options, other(field.relation.record), depth - 1) }] : [];
    case 'first': {
      const record = other(field.relation.record);
      const order = withId(record, namedOrder(record, field.relation.order));
      return depth > 0 ? [{ kind: 'first', key, field, order, of: randomObject(options, record, depth - 1) }] : [];
    }
    case 'many':
      return depth > 0 ? [manyOf(options, field, depth - 1)] : [];
    default:
      return [];
  }
}

function manyOf(options: TreeOptions, field: ManyShown, depth: number): FieldRead {
  const record = options.catalogue.record(field.relation.record);
  if (field.relation.connection) {
    return { kind: 'connection', key: field.name, field, connection: randomConnection(options, record, depth, 5) };
  }
  const order = withId(record, namedOrder(record, field.relation.order));
  return { kind: 'list', key: field.name, field, order, of: randomObject(options, record, depth) };
}

const moneyParts = (options: TreeOptions, _: MoneyShown | ComputedShown): MoneyPart[] =>
  keyed(options, [
    ...maybe(options, 80, (): MoneyPart => ({ key: 'amount', part: 'amount' })),
    ...maybe(options, 60, (): MoneyPart => ({ key: 'currency', part: 'currency' })),
    ...maybe(options, 20, (): MoneyPart => ({ key: '__typename', part: '__typename' })),
  ]);

/** Each key once in its object: what comes again gets an alias, some of them longer than a name of Postgres's. */
function keyed<T extends { readonly key: string }>({ dice }: TreeOptions, parts: readonly T[]): T[] {
  const taken = new Set<string>();
  return parts.map((part, i) => {
    const isPlain = !taken.has(part.key) && dice.roll(5) > 0;
    const key = isPlain ? part.key : `${'a'.repeat(dice.roll(8) === 0 ? 80 : 1)}${i}_${part.key}`;
    taken.add(key);
    return { ...part, key };
  });
}
