/**
 * Predicates as SQL over one table alias. Properties become columns; `some` becomes `exists` over the related table.
 *
 * Under row-level security only leakproof operators can use an index. `=`, `<>`, `in` and ranges on uuid, text, bigint, date
 * and timestamptz are (tried on 15 and 18), so is a range on search text; numeric, LIKE and `position()` are not.
 */
import type { Scalar } from '../kernel/predicate.ts';
import { type Condition, mapped, type Maybe } from './later.ts';
import type { Catalogue, ColumnType, ManyRelation, OneRelation, ReadColumn, ReadRecord } from './record.ts';
import { type Sql, sql } from './sql.ts';

/** What stands in for columns that had another value at an earlier moment, by property. */
export type Replaced = Readonly<Record<string, Sql>>;

/** What every related table must fulfil besides the join: the reader's row scope, and the moment. */
export type TableWhere = (
  record: ReadRecord,
  alias: string,
) => { readonly where: Sql; readonly replaced?: Replaced; readonly isPortal?: boolean };

export interface PredicateSql {
  readonly catalogue: Catalogue;
  readonly record: ReadRecord;
  readonly alias: string;
  readonly predicate: Condition;
  readonly replaced?: Replaced;
  /** Needed as soon as the predicate names a relation. */
  readonly related?: TableWhere;
}

const TRUE = sql`true`;
const FALSE = sql`false`;
const HIGHEST = '\u{10ffff}';
const beyond = (text: Scalar): string => `${String(text)}${HIGHEST}`;

/** @example predicateSql({ catalogue, record, alias: 't', predicate: eq('status', 'OPEN') }) // "t"."status" = $1::text */
export function predicateSql(context: PredicateSql): Sql {
  const { predicate } = context;
  const part = (of: Condition): Sql => predicateSql({ ...context, predicate: of });
  switch (predicate.op) {
    case 'true':
      return TRUE;
    case 'false':
      return FALSE;
    case 'and':
    case 'or':
      if (predicate.of.length === 0) return predicate.op === 'and' ? TRUE : FALSE;
      return sql`(${sql.join(predicate.of.map(part), ` ${predicate.op} `)})`;
    case 'not':
      return sql`(not ${part(predicate.of)})`;
    case 'some':
      return someSql(context, predicate);
    case 'isNull':
      return predicate.value
        ? sql`${columnSql(context, predicate.field)} is null`
        : sql`${columnSql(context, predicate.field)} is not null`;
    case 'in':
    case 'notIn': {
      const { type } = columnOf(context.record, predicate.field);
      const encoded = mapped(predicate.values, (values) => values.filter((value) => value !== null).map(encode));
      const values = sql.typed(encoded, `${type}[]`);
      const column = columnSql(context, predicate.field);
      return predicate.op === 'in' ? sql`${column} = any(${values})` : sql`${column} <> all(${values})`;
    }
    default:
      return comparisonSql(context, predicate);
  }
}

/** A property's column over an alias, or what replaces it. */
export function columnSql(
  { record, alias, replaced }: Pick<PredicateSql, 'record' | 'alias' | 'replaced'>,
  property: string,
): Sql {
  return replaced?.[property] ?? sql.id(alias, columnOf(record, property).column);
}

export function columnOf(record: ReadRecord, property: string): ReadColumn {
  const column = record.columns[property];
  if (!column) throw new Error(`${record.name} has no property ${property}.`);
  return column;
}

/** A value as a parameter of the column's type. */
export const valueSql = (value: Maybe<Scalar>, type: ColumnType): Sql => sql.typed(mapped(value, encode), type);

const encode = (value: Scalar): string | number | boolean | null => {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'bigint' ? value.toString() : value;
};

const OPERATORS = { eq: sql`=`, ne: sql`<>`, lt: sql`<`, lte: sql`<=`, gt: sql`>`, gte: sql`>=` } as const;

function comparisonSql(
  context: PredicateSql,
  predicate: Extract<Condition, { readonly value: unknown; readonly field: string }>,
): Sql {
  const { type, isSearchText } = columnOf(context.record, predicate.field);
  const column = columnSql(context, predicate.field);
  if (predicate.op === 'isNull') throw new Error('isNull is no comparison.');
  const value = valueSql(predicate.value, type);
  if (predicate.op === 'contains') return sql`position(${value} in ${column}) > 0`;
  if (predicate.op !== 'startsWith') return sql`${column} ${OPERATORS[predicate.op]} ${value}`;
  if (!isSearchText) return sql`starts_with(${column}, ${value})`;
  return sql`(${column} >= ${value} and ${column} < ${valueSql(mapped(predicate.value, beyond), type)})`;
}

/** The property by which two records belong together, as whoever asks sees it. */
export const byOf = (
  { by, portalBy }: Pick<OneRelation, 'by' | 'portalBy'>,
  { isPortal }: { readonly isPortal: boolean },
): string => (isPortal ? (portalBy ?? by) : by);

function someSql(context: PredicateSql, { relation: name, of }: Extract<Condition, { readonly op: 'some' }>): Sql {
  const { catalogue, record, alias, related } = context;
  const relation = record.definition.relations?.[name];
  if (!relation) throw new Error(`${record.name} has no relation ${name}.`);
  if (!related) throw new Error(`A predicate on ${record.name} names the relation ${name} where no scope for it is known.`);
  const other = catalogue.record(relation.record);
  const inner = `${alias}r`;
  const { where, replaced, isPortal = false } = related(other, inner);
  const fits = predicateSql({
    catalogue,
    record: other,
    alias: inner,
    predicate: of,
    related,
    ...(replaced ? { replaced } : {}),
  });
  const from = sql`${sql.id(other.table)} ${sql.id(inner)}`;
  const sameTenant = sql`${sql.id(inner, 'tenant_id')} = ${sql.id(alias, 'tenant_id')}`;
  if (relation.kind !== 'one') {
    const many: Pick<ManyRelation, 'by' | 'portalBy' | 'of' | 'only'> = relation;
    const ofUs = sql`${sql.id(inner, columnOf(other, byOf(many, { isPortal })).column)} = ${columnSql(context, many.of ?? 'id')}`;
    const only = many.only
      ? sql` and ${predicateSql({ catalogue, record: other, alias: inner, predicate: many.only })}`
      : sql.empty;
    return sql`exists (select from ${from} where ${sameTenant} and ${ofUs} and ${where}${only} and ${fits})`;
  }
  const exists = (by: Sql): Sql =>
    sql`exists (select from ${from} where ${sameTenant} and ${sql.id(inner, columnOf(other, relation.of ?? 'id').column)} = ${by} and ${where} and ${fits})`;
  const by = byOf(relation, { isPortal });
  if (relation.through === undefined) return exists(columnSql(context, by));
  return throughSql(context, { ...relation, by }, exists);
}

/** First to the record in between, which must be in scope too. */
function throughSql(context: PredicateSql, { through = '', by }: OneRelation, exists: (by: Sql) => Sql): Sql {
  const { catalogue, record, alias, related } = context;
  const between = record.definition.relations?.[through];
  if (between?.kind !== 'one' || !related) throw new Error(`${record.name} has no relation ${through}.`);
  const middle = catalogue.record(between.record);
  const inner = `${alias}m`;
  const { where } = related(middle, inner);
  return sql`exists (select from ${sql.id(middle.table)} ${sql.id(inner)} where ${sql.id(inner, 'tenant_id')} = ${sql.id(alias, 'tenant_id')}
    and ${idSql(middle, inner)} = ${columnSql(context, between.by)} and ${where} and ${exists(sql.id(inner, columnOf(middle, by).column))})`;
}

/** The id column over an alias. */
export const idSql = (record: ReadRecord, alias: string): Sql => sql.id(alias, columnOf(record, 'id').column);
