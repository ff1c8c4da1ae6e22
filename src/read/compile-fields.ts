/** The fields of one record as a JSON object in SQL: each value already in the form in which it leaves. */
import { compileAggregate } from './aggregate/compile-aggregate.ts';
import { compileConnection } from './compile-connection.ts';
import { belongsTo, type Compiling, joined, type Level, levelOf } from './compile-level.ts';
import { jsonObject, type Pair } from './json-object.ts';
import { orderSql } from './keyset.ts';
import type { Predicate } from '../kernel/predicate.ts';
import { columnSql, idSql, predicateSql } from './predicate-sql.ts';
import type { ComputedField, ScalarName } from './record.ts';
import { type Sql, sql } from './sql.ts';
import type { ComputedRead, FieldRead, FirstRead, ListRead, MoneyPart, ObjectRead, ScalarRead } from './tree.ts';

/** One record; its to-one joins go to `level.joins`. */
export function objectSql(into: Compiling, level: Level, { fields }: ObjectRead): Sql {
  return jsonObject(fields.map((field) => [field.key, fieldSql(into, level, field)]));
}

/** The value of one field, as JSON. */
export function fieldSql(into: Compiling, level: Level, field: FieldRead): Sql {
  switch (field.kind) {
    case 'typename':
      return sql.literal(field.value);
    case 'scalar':
      return scalarSql(into, level, field);
    case 'money': {
      const minor = columnSql(level, field.field.column.property);
      const money = moneySql(field.parts, { minor, currency: columnSql(level, field.field.currency.property), type: 'Money' });
      return field.field.nullable ? sql`case when ${minor} is not null then ${money} end` : money;
    }
    case 'computed':
      return computedSql(into, level, field);
    case 'one': {
      const other = joined(into, level, field.field.name);
      return sql`case when ${idSql(other.record, other.alias)} is not null then ${objectSql(into, other, field.of)} end`;
    }
    case 'list':
      return listSql(into, level, field);
    case 'first':
      return firstSql(into, level, field);
    case 'aggregate':
      return compileAggregate(into, field.read, { level, relation: field.field.relation });
    default:
      return compileConnection(into, field.connection, { level, relation: field.field.relation }, objectSql);
  }
}

function scalarSql({ catalogue }: Compiling, level: Level, { field }: ScalarRead): Sql {
  const value = columnSql(level, field.column.property);
  if (field.ref !== null) return sql`${sql.literal(`${catalogue.record(field.ref).definition.prefix}_`)} || ${value}`;
  return field.column.type === 'numeric' ? sql`trim_scale(${value})::text` : shownAs(value, field.scalar);
}

/** Big and exact numbers as text; instants in UTC with milliseconds. Dates have one form in JSON already. */
function shownAs(value: Sql, scalar: ScalarName): Sql {
  if (scalar === 'Decimal') return sql`(${value})::text`;
  if (scalar === 'DateTime') return sql`to_char((${value}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return value;
}

interface Amount {
  readonly minor: Sql;
  readonly currency: Sql;
  readonly type: string;
}

const moneySql = (parts: readonly MoneyPart[], { minor, currency, type }: Amount): Sql =>
  jsonObject(
    parts.map(({ key, part }): Pair => {
      if (part === '__typename') return [key, sql.literal(type)];
      return [key, part === 'amount' ? sql`money_text(${minor}, ${currency})` : currency];
    }),
  );

function computedSql({ asker }: Compiling, { alias, moment }: Level, { field, args, parts }: ComputedRead): Sql {
  const { computed } = field;
  const value = computed.sql(alias, { asker, args, moment });
  if (computed.type !== 'Money') return computed.list ? value : shownAs(value, scalarOf(computed));
  if (!computed.currency) throw new Error(`${field.name} is Money and gives no currency.`);
  const money = moneySql(parts, { minor: sql`v.minor`, currency: sql`v.currency`, type: 'Money' });
  return sql`(select ${money} from (select (${value}) as minor, (${computed.currency(alias)}) as currency) v where v.minor is not null)`;
}

const scalarOf = ({ type }: ComputedField): ScalarName => (typeof type === 'object' || type === 'Money' ? 'String' : type);

function listSql(into: Compiling, parent: Level, { field, of, order }: ListRead): Sql {
  const level = levelOf(into, { record: of.record, moment: of.moment });
  const rows = objectSql(into, level, of);
  const terms = order.map(({ column, isDescending }) => ({ sql: columnSql(level, column.property), isDescending }));
  return sql`(select coalesce(json_agg(${rows} order by ${orderSql(terms)}), '[]'::json)
    from ${sql.id(of.record.table)} ${sql.id(level.alias)} ${sql.join(level.joins, ' ')}
    where ${belongsTo(level, field.relation, parent)} and ${level.where}${onlySql(into, level, field.relation.only)})`;
}

/** Which of a relation's rows, where they aren't all. */
export const onlySql = ({ catalogue }: Compiling, { record, alias }: Level, only: Predicate | undefined): Sql =>
  only ? sql` and ${predicateSql({ catalogue, record, alias, predicate: only })}` : sql.empty;

function firstSql(into: Compiling, parent: Level, { field, of, order }: FirstRead): Sql {
  const level = levelOf(into, { record: of.record, moment: of.moment });
  const row = objectSql(into, level, of);
  const terms = order.map(({ column, isDescending }) => ({ sql: columnSql(level, column.property), isDescending }));
  return sql`(select ${row} from ${sql.id(of.record.table)} ${sql.id(level.alias)} ${sql.join(level.joins, ' ')}
    where ${belongsTo(level, field.relation, parent)} and ${level.where} order by ${orderSql(terms)} limit 1)`;
}
