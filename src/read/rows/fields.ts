/** The fields of one record in rows form: plain columns, joined records, and JSON made by the database for all the rest. */
import { fieldSql } from '../compile-fields.ts';
import { type Compiling, joined, type Level } from '../compile-level.ts';
import { columnSql, idSql } from '../predicate-sql.ts';
import type { ColumnType, ScalarName } from '../record.ts';
import type { ComputedRead, FieldRead, MoneyPart, MoneyRead, ObjectRead, ScalarRead } from '../tree.ts';
import type { Sql } from '../sql.ts';
import type { Chosen } from './choice.ts';
import type { Ops } from './ops.ts';
import { OP } from './program.ts';
import type { Tables } from './tables.ts';

/** The level that is being made. */
export interface LevelMaking {
  readonly into: Compiling;
  readonly tables: Tables;
  /** Its place among the tables. */
  readonly at: number;
  /** Taken as rows. */
  readonly chosen: Chosen | null;
  /** Writes what stands around the rows of the list, which belongs to this record. */
  list(ops: Ops, chosen: Chosen, parent: Level): void;
}

export function objectOps(making: LevelMaking, ops: Ops, { level, object }: { level: Level; object: ObjectRead }): void {
  ops.literal('{');
  object.fields.forEach((field, i) => {
    ops.literal(`${i > 0 ? ',' : ''}"${field.key}":`);
    fieldOps(making, ops, { level, field });
  });
  ops.literal('}');
}

function fieldOps(making: LevelMaking, ops: Ops, { level, field }: { level: Level; field: FieldRead }): void {
  const { into, tables, at } = making;
  switch (field.kind) {
    case 'typename':
      return ops.literal(JSON.stringify(field.value));
    case 'scalar':
      return scalarOps(making, ops, { level, field });
    case 'money':
      return moneyOps(making, ops, { level, field });
    case 'computed':
      return computedOps(making, ops, { level, field });
    case 'one': {
      const other = joined(into, level, field.field.name);
      const id = tables.columns.add(idSql(other.record, other.alias));
      return ops.object(id, () => objectOps(making, ops, { level: other, object: field.of }));
    }
    default:
      if (field === making.chosen) return making.list(ops, field, level);
      return ops.raw(tables.expression(at, fieldSql(into, level, field)));
  }
}

/** A property's column; or what replaces it at an earlier moment. */
function columnOf({ tables, at }: LevelMaking, level: Level, property: string): number {
  const value = columnSql(level, property);
  return level.replaced[property] ? tables.expression(at, value) : tables.columns.add(value);
}

/** What can't hold a character that JSON escapes. */
const SAFE: ReadonlySet<ColumnType> = new Set(['uuid', 'int', 'bigint', 'date', 'timestamptz']);

function scalarOps({ into, ...making }: LevelMaking, ops: Ops, { level, field }: { level: Level; field: ScalarRead }): void {
  const { column, scalar, ref } = field.field;
  const { type } = column;
  const at = columnOf({ into, ...making }, level, column.property);
  if (ref !== null)
    return ops.quoted(SAFE.has(type) ? OP.SAFE : OP.TEXT, at, { prefix: `${into.catalogue.record(ref).definition.prefix}_` });
  if (type === 'numeric') return ops.quoted(OP.TRIMMED, at);
  if (scalar === 'DateTime' && type === 'timestamptz') return ops.quoted(OP.INSTANT, at);
  plainOps(ops, at, { scalar, isSafe: SAFE.has(type) });
}

function plainOps(ops: Ops, at: number, { scalar, isSafe }: { scalar: ScalarName; isSafe: boolean }): void {
  if (scalar === 'Int' || scalar === 'Json') ops.raw(at);
  else if (scalar === 'Boolean') ops.boolean(at);
  else ops.quoted(isSafe ? OP.SAFE : OP.TEXT, at);
}

function computedOps(making: LevelMaking, ops: Ops, { level, field }: { level: Level; field: ComputedRead }): void {
  const { into, tables, at } = making;
  const { computed } = field.field;
  const value = (of: Sql) => tables.expression(at, of);
  if (computed.type === 'Money' && computed.currency && !computed.list) {
    const { asker } = into;
    const minor = computed.sql(level.alias, { asker, args: field.args, moment: level.moment });
    return amountOps(ops, field.parts, { minor: value(minor), currency: value(computed.currency(level.alias)) });
  }
  const made = value(fieldSql(into, level, field));
  if (computed.list || computed.type === 'Money') return ops.raw(made);
  plainOps(ops, made, { scalar: typeof computed.type === 'object' ? 'String' : computed.type, isSafe: false });
}

function moneyOps(making: LevelMaking, ops: Ops, { level, field }: { level: Level; field: MoneyRead }): void {
  const { column, currency } = field.field;
  const minor = columnOf(making, level, column.property);
  amountOps(ops, field.parts, { minor, currency: columnOf(making, level, currency.property) });
}

function amountOps(ops: Ops, parts: readonly MoneyPart[], { minor, currency }: { minor: number; currency: number }): void {
  ops.object(minor, () => {
    ops.literal('{');
    parts.forEach(({ key, part }, i) => {
      ops.literal(`${i > 0 ? ',' : ''}"${key}":`);
      if (part === '__typename') ops.literal('"Money"');
      else if (part === 'currency') ops.quoted(OP.TEXT, currency);
      else ops.quoted(OP.MONEY, minor, { other: currency });
    });
    ops.literal('}');
  });
}
