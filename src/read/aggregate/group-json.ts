/** One group as a JSON object in SQL, over the second stage: each figure in the form in which it leaves. */
import type { Catalogue } from '../record.ts';
import { jsonObject, type Pair } from '../json-object.ts';
import { type Sql, sql } from '../sql.ts';
import type { ConvertedPart, FigureName, FigurePart, GroupPart, KeyPart, MoneyPart } from './aggregate-tree.ts';
import { average, convertedFigure, exponentOf, numberFigure, timeFigure, units } from './figure-sql.ts';
import type { AggregateFunction, MoneyMeasure } from './measures.ts';
import type { Stages } from './stages.ts';

export interface Group {
  readonly catalogue: Catalogue;
  readonly stages: Stages;
}

export const groupJson = (group: Group, fields: readonly GroupPart[]): Sql =>
  jsonObject(fields.map((part): Pair => [part.key, partSql(group, part)]));

const FUNCTION: Readonly<Record<Exclude<FigureName, 'currency'>, AggregateFunction>> = {
  count: 'COUNT',
  sum: 'SUM',
  avg: 'AVG',
  min: 'MIN',
  max: 'MAX',
};

function functionOf(name: FigureName): AggregateFunction {
  if (name === 'currency') throw new Error('A currency is no figure.');
  return FUNCTION[name];
}

function partSql(group: Group, part: GroupPart): Sql {
  const { stages } = group;
  switch (part.kind) {
    case 'typename':
      return sql.literal(part.value);
    case 'count':
      return stages.whole(stages.count());
    case 'countDistinct':
      return stages.whole(stages.distinct(part.dimension));
    case 'key':
      return jsonObject(part.fields.map((one): Pair => [one.key, keySql(group, one)]));
    case 'number':
      return figures(part.fields, (name) => {
        const value = numberFigure(stages, part.measure, functionOf(name));
        return name === 'count' ? value : sql`trim_scale(${value})::text`;
      });
    case 'time':
      return figures(part.fields, (name) => {
        const value = timeFigure(stages, part.measure, functionOf(name));
        return name === 'count' || part.measure.field.scalar === 'Date' ? value : instantText(value);
      });
    default:
      return moneySql(stages, part);
  }
}

const instantText = (value: Sql): Sql => sql`to_char((${value}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const figures = (parts: readonly FigurePart[], of: (name: FigureName) => Sql): Sql =>
  jsonObject(parts.map((part): Pair => [part.key, part.kind === 'typename' ? sql.literal(part.value) : of(part.name)]));

function keySql({ catalogue, stages }: Group, part: KeyPart): Sql {
  if (part.kind === 'typename') return sql.literal(part.value);
  if (part.keyAt === null) return sql`null`;
  const value = stages.key(part.keyAt);
  const { ref } = part.dimension.field;
  return ref === null ? value : sql`${sql.literal(`${catalogue.record(ref).definition.prefix}_`)} || ${value}`;
}

function moneySql(stages: Stages, { measure, fields }: MoneyPart): Sql {
  return jsonObject(
    fields.map((part): Pair => {
      if (part.kind === 'typename') return [part.key, sql.literal(part.value)];
      if (part.kind === 'byCurrency') return [part.key, byCurrency(stages, measure, part.fields)];
      return [part.key, inGroupCurrency(stages, measure, part.fields)];
    }),
  );
}

/** From the rows of the second stage that are of one currency each. */
function byCurrency(stages: Stages, measure: MoneyMeasure, parts: readonly FigurePart[]): Sql {
  const { column } = measure.field;
  const currency = stages.currency(measure);
  const code = stages.sum(currency);
  const of = (how: 'sum' | 'min' | 'max' | 'count'): Sql => stages.sum(stages.plain(how, column));
  const row = figures(parts, (name) => {
    if (name === 'currency') return code;
    if (name === 'count') return of('count');
    return sql`${units(name === 'avg' ? average(of('sum'), of('count')) : of(name), exponentOf(code))}::text`;
  });
  return listOf(row, code, sql`${stages.isOfCurrency(currency)} and ${of('count')} > 0`);
}

const listOf = (row: Sql, order: Sql, where: Sql): Sql =>
  sql`coalesce(json_agg(${row} order by ${order}) filter (where ${where}), '[]'::json)`;

function inGroupCurrency(stages: Stages, measure: MoneyMeasure, parts: readonly ConvertedPart[]): Sql {
  return jsonObject(
    parts.map((part): Pair => {
      if (part.kind === 'typename') return [part.key, sql.literal(part.value)];
      if (part.kind === 'unconverted') return [part.key, unconverted(stages, measure, part.fields)];
      if (part.name === 'currency') return [part.key, stages.groupCurrency];
      const value = convertedFigure(stages, measure, functionOf(part.name));
      return [part.key, part.name === 'count' ? value : sql`(${value})::text`];
    }),
  );
}

function unconverted(stages: Stages, measure: MoneyMeasure, parts: readonly FigurePart[]): Sql {
  if (measure.conversion === 'SAME') return sql`'[]'::json`;
  const currency = stages.currency(measure);
  const code = stages.sum(currency);
  const count = stages.sum(stages.unconverted('count', measure));
  const row = figures(parts, (name) => {
    if (name === 'currency') return code;
    return name === 'count' ? count : sql`${units(stages.sum(stages.unconverted('sum', measure)), exponentOf(code))}::text`;
  });
  return listOf(row, code, sql`${stages.isOfCurrency(currency)} and ${count} > 0`);
}
