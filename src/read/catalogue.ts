/**
 * Makes the catalogue: records from entities and read definitions, and the check at boot that everything which one of them
 * names is there, so that a typing mistake stops the start and not a user's query.
 */
import { shownOf } from '../kernel/field.ts';
import { snake } from '../kernel/text.ts';
import { shownFields } from './shown.ts';
import type {
  Catalogue,
  ColumnType,
  EntityLike,
  EntityPropertyLike,
  ReadColumn,
  ReadDefinition,
  ReadRecord,
  Relation,
} from './record.ts';

export * from './record.ts';

const TYPES: readonly (readonly [RegExp, ColumnType])[] = [
  [/^uuid/i, 'uuid'],
  [/^(datetime|timestamp)/i, 'timestamptz'],
  [/^date/i, 'date'],
  [/^(bigint|int8)/i, 'bigint'],
  [/^(int|smallint|number)/i, 'int'],
  [/^(decimal|numeric)/i, 'numeric'],
  [/^bool/i, 'boolean'],
  [/^json/i, 'jsonb'],
  [/^(string|text|varchar|char)/i, 'text'],
];

/** A record from its entity and what differs from it. @example export const InvoiceRecord = readRecord(InvoiceSchema, {…}) */
export function readRecord(schema: EntityLike, definition: ReadDefinition): ReadRecord {
  const { className: name, tableName, properties } = schema.meta;
  const columns: Record<string, ReadColumn> = {};
  for (const [property, described] of Object.entries(properties)) columns[property] = columnOf(name, property, described);
  columns.tenantId ??= inner('tenantId', 'tenant_id');
  return { name, table: tableName ?? snake(name), definition, resource: { name, ...definition.resource }, columns };
}

function columnOf(record: string, property: string, described: EntityPropertyLike): ReadColumn {
  const column = described.fieldName ?? snake(property);
  return {
    property,
    column,
    type: typeOf(described, `${record}.${property}`),
    nullable: described.nullable === true,
    isSearchText: column.startsWith('search_'),
    meta: shownOf(described) ?? null,
  };
}

const inner = (property: string, column: string): ReadColumn => ({
  property,
  column,
  type: 'uuid',
  nullable: false,
  isSearchText: false,
  meta: null,
});

function typeOf({ columnTypes, type }: EntityPropertyLike, where: string): ColumnType {
  const named = typeof type === 'string' ? type : typeof type === 'function' ? type.name : type?.constructor.name;
  const name = columnTypes?.[0] ?? named ?? '';
  const found = TYPES.find(([pattern]) => pattern.test(name));
  if (!found) throw new Error(`${where} is of the type "${name}", which the read engine doesn't know.`);
  return found[1];
}

/**
 * Puts the records together and checks that every property, relation and key that they name exists.
 * @throws Error naming the record and the field
 */
export function createCatalogue(records: readonly ReadRecord[]): Catalogue {
  const byName = new Map<string, ReadRecord>();
  const byPrefix = new Map<string, ReadRecord>();
  for (const record of records) {
    if (byName.has(record.name)) throw new Error(`Two records are called ${record.name}.`);
    const other = byPrefix.get(record.definition.prefix);
    if (other) throw new Error(`${record.name} and ${other.name} share the id prefix ${record.definition.prefix}.`);
    byName.set(record.name, record);
    byPrefix.set(record.definition.prefix, record);
  }
  const catalogue: Catalogue = {
    records,
    has: (name) => byName.has(name),
    record: (name) => {
      const found = byName.get(name);
      if (!found) throw new Error(`No record is called ${name}.`);
      return found;
    },
    byPrefix: (prefix) => byPrefix.get(prefix),
  };
  for (const record of records) checkRecord(record, catalogue);
  return catalogue;
}

function checkRecord(record: ReadRecord, catalogue: Catalogue): void {
  const { resource, definition } = record;
  needs(record, 'id', 'its id');
  for (const owner of ['legalEntity', 'account', 'otherAccount', 'customer', 'own'] as const) {
    const property = resource[owner];
    if (property !== undefined) needs(record, property, `resource.${owner}`);
  }
  if (typeof resource.portal === 'object') needs(record, resource.portal.actor, 'resource.portal.actor');
  for (const name of definition.order ?? []) needs(record, name.replace(/^-/, ''), 'order');
  for (const key of definition.root?.keys ?? []) for (const property of key) needs(record, property, 'root.keys');
  for (const [name, relation] of Object.entries(definition.relations ?? {})) {
    checkRelation({ record, name, relation, catalogue });
  }
  for (const [name, computed] of Object.entries(definition.computed ?? {})) {
    if (computed.type === 'Money' && !computed.currency)
      throw new Error(`${record.name}.${name} is Money and gives no currency.`);
  }
  for (const { meta, property } of Object.values(record.columns)) {
    if (meta?.money) needs(record, meta.money.currency, `the currency of ${property}`);
    if (meta?.ref !== undefined && !catalogue.has(meta.ref)) {
      throw new Error(`${record.name}.${property} refers to the record ${meta.ref}, which isn't in the catalogue.`);
    }
  }
  const seen = new Set<string>();
  for (const { name } of shownFields(record)) {
    if (seen.has(name)) throw new Error(`${record.name} shows two fields with the name ${name}.`);
    seen.add(name);
  }
}

interface RelationCheck {
  readonly record: ReadRecord;
  readonly name: string;
  readonly relation: Relation;
  readonly catalogue: Catalogue;
}

function checkRelation({ record, name, relation, catalogue }: RelationCheck): void {
  const where = `the relation ${name}`;
  if (!catalogue.has(relation.record)) {
    throw new Error(`${record.name}: ${where} leads to the record ${relation.record}, which isn't in the catalogue.`);
  }
  const other = catalogue.record(relation.record);
  if (relation.kind !== 'one') {
    if (relation.kind === 'many' && relation.of !== undefined) needs(record, relation.of, where);
    needs(other, relation.by, `${where} of ${record.name}`);
    if (relation.kind === 'many')
      for (const property of [relation.orBy, relation.portalBy])
        if (property !== undefined) needs(other, property, `${where} of ${record.name}`);
    for (const property of relation.order) needs(other, property.replace(/^-/, ''), `${where} of ${record.name}`);
    return;
  }
  if (relation.of !== undefined) needs(other, relation.of, `${where} of ${record.name}`);
  if (relation.through === undefined) {
    for (const property of [relation.by, relation.portalBy]) if (property !== undefined) needs(record, property, where);
    return;
  }
  const between = record.definition.relations?.[relation.through];
  if (between?.kind !== 'one' || between.through !== undefined) {
    throw new Error(`${record.name}: ${where} goes through ${relation.through}, which is no direct relation to one record.`);
  }
  if (!catalogue.has(between.record)) {
    throw new Error(`${record.name}: ${where} goes through the record ${between.record}, which isn't in the catalogue.`);
  }
  for (const property of [relation.by, relation.portalBy])
    if (property !== undefined) needs(catalogue.record(between.record), property, `${where} of ${record.name}`);
}

function needs(record: ReadRecord, property: string, where: string): void {
  if (!record.columns[property]) throw new Error(`${record.name} has no property ${property}, which ${where} names.`);
}
