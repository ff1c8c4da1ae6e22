/**
 * Resolves a plan against the catalogue: each name becomes a column, relation, computed field or list with its arguments
 * read and its permission checked. Pure. What comes out is all that cost and compiler need.
 */
import { and, type Predicate, TRUE } from '../kernel/predicate.ts';
import { resolveAggregate } from './aggregate/resolve-aggregate.ts';
import { listPage, momentOf, namedOrder, withId } from './paging.ts';
import type { PlannedField } from './plan.ts';
import { needPermission, needRecord, type Reader } from './reader.ts';
import { type Moment, NOW, type ReadRecord } from './record.ts';
import { type FirstShown, type ManyShown, type OneShown, shownField } from './shown.ts';
import type { ConnectionPart, ConnectionRead, EdgePart, FieldRead, MoneyPart, ObjectRead } from './tree.ts';
import { wherePredicate } from './where.ts';

interface Place {
  readonly reader: Reader;
  readonly record: ReadRecord;
  readonly moment: Moment;
  readonly path: readonly string[];
}

type Fields = readonly PlannedField[];

/** What is asked of one record. */
export function resolveObject(place: Place, fields: Fields): ObjectRead {
  const { reader, record, moment, path } = place;
  needRecord(reader, record, path);
  return { record, moment, fields: fields.map((field) => resolveField(place, field)) };
}

/** A root list. */
export function resolveRootConnection(reader: Reader, record: ReadRecord, field: PlannedField): ConnectionRead {
  const place = { reader, record, moment: NOW, path: [field.key] };
  return resolveConnection(place, { field, defaultOrder: record.definition.order ?? [] });
}

function resolveField(place: Place, field: PlannedField): FieldRead {
  const { reader, record } = place;
  const { key, name } = field;
  if (name === '__typename') return { kind: 'typename', key, value: record.name };
  const shown = shownField(record, name);
  if (!shown) throw new Error(`${record.name} shows no field ${name}: neither a column nor a relation nor computed.`);
  const path = [...place.path, key];
  needPermission(reader, shown.permission, path);
  switch (shown.kind) {
    case 'scalar':
      return { kind: 'scalar', key, field: shown };
    case 'money':
      return { kind: 'money', key, field: shown, parts: moneyParts(field) };
    case 'computed':
      return { kind: 'computed', key, field: shown, args: field.args, parts: moneyParts(field) };
    case 'one':
      return { kind: 'one', key, field: shown, of: resolveOne({ ...place, path }, shown, field) };
    case 'first':
      return resolveFirst({ ...place, path }, shown, field);
    case 'aggregate': {
      const other = { ...place, path, record: reader.catalogue.record(shown.relation.record) };
      return { kind: 'aggregate', key, field: shown, read: resolveAggregate(other, field, shown.relation.only ?? TRUE) };
    }
    default:
      return resolveMany({ ...place, path }, shown, field);
  }
}

const moneyParts = ({ of }: PlannedField): MoneyPart[] =>
  (of ?? []).map(({ key, name }) => ({ key, part: name === 'amount' || name === 'currency' ? name : '__typename' }));

function resolveOne({ reader, record, moment, path }: Place, { relation }: OneShown, field: PlannedField): ObjectRead {
  const between = relation.through === undefined ? undefined : record.definition.relations?.[relation.through];
  if (between) needRecord(reader, reader.catalogue.record(between.record), path);
  return resolveObject({ reader, record: reader.catalogue.record(relation.record), moment, path }, field.of ?? []);
}

function resolveFirst(place: Place, shown: FirstShown, field: PlannedField): FieldRead {
  const record = place.reader.catalogue.record(shown.relation.record);
  const order = withId(record, namedOrder(record, shown.relation.order));
  return { kind: 'first', key: field.key, field: shown, order, of: resolveObject({ ...place, record }, field.of ?? []) };
}

function resolveMany(place: Place, shown: ManyShown, field: PlannedField): FieldRead {
  const { reader } = place;
  const { relation } = shown;
  const other = { ...place, record: reader.catalogue.record(relation.record) };
  if (relation.connection) {
    const connection = resolveConnection(other, { field, defaultOrder: relation.order, only: relation.only });
    return { kind: 'connection', key: field.key, field: shown, connection };
  }
  const order = withId(other.record, namedOrder(other.record, relation.order));
  return { kind: 'list', key: field.key, field: shown, order, of: resolveObject(other, field.of ?? []) };
}

interface ConnectionOf {
  readonly field: PlannedField;
  readonly defaultOrder: readonly string[];
  readonly only?: Predicate | undefined;
}

function resolveConnection(place: Place, { field, defaultOrder, only = TRUE }: ConnectionOf): ConnectionRead {
  const { reader, record, path } = place;
  needRecord(reader, record, path);
  const moment = momentOf(place, field.args);
  const here = { ...place, moment };
  return {
    record,
    moment,
    where: and(only, wherePredicate({ reader, record, path: [...path, 'where'] }, field.args.where)),
    ...listPage({ ...here, defaultOrder }, field.args),
    fields: (field.of ?? []).map((part) => resolvePart({ ...here, path: [...path, part.key] }, part, field.type ?? '')),
  };
}

function resolvePart(place: Place, { key, name, of, type }: PlannedField, typename: string): ConnectionPart {
  switch (name) {
    case '__typename':
      return { kind: 'typename', key, value: typename };
    case 'totalCount':
    case 'totalCountEstimate':
      return { kind: name, key };
    case 'nodes':
      return { kind: 'nodes', key, of: resolveObject(place, of ?? []) };
    case 'edges':
      return { kind: 'edges', key, fields: (of ?? []).map((part) => resolveEdge(place, part, type ?? '')) };
    case 'pageInfo':
      return { kind: 'pageInfo', key, fields: (of ?? []).map((part) => ({ key: part.key, name: part.name })) };
    default:
      throw new Error(`A connection has no field ${name}.`);
  }
}

function resolveEdge(place: Place, { key, name, of }: PlannedField, typename: string): EdgePart {
  if (name === '__typename') return { kind: 'typename', key, value: typename };
  if (name === 'cursor') return { kind: 'cursor', key };
  return { kind: 'node', key, of: resolveObject({ ...place, path: [...place.path, key] }, of ?? []) };
}
