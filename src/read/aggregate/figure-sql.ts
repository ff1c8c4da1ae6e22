/** Figures of a group as SQL over the second stage: exact numbers, to be compared, ordered by, or shown as text. */
import { mapped, type Maybe } from '../later.ts';
import { valueSql } from '../predicate-sql.ts';
import type { Scalar } from '../../kernel/predicate.ts';
import { type Sql, sql } from '../sql.ts';
import type { Figure, HavingRead } from './aggregate-tree.ts';
import { figureType } from './group-page.ts';
import type { AggregateFunction, MoneyMeasure, NumberMeasure, TimeMeasure } from './measures.ts';
import type { Aggregating, Stages } from './stages.ts';

const AVG_DECIMALS = 6;

/** Minor units in units of the currency, with all of its decimals. */
export function units(minor: Sql, exponent: Sql): Sql {
  return sql`round((${minor}) * power(10::numeric, -(${exponent})), ${exponent})`;
}

export const exponentOf = (currency: Sql): Sql => sql`currency_exponent(${currency})`;

/** An average in minor units: rounded half away from zero, as `round` of numeric does. */
export const average = (sum: Sql, count: Sql): Sql => sql`round(${sum} / nullif(${count}, 0))`;

const PLAIN: Readonly<Record<Exclude<AggregateFunction, 'AVG'>, Aggregating>> = {
  SUM: 'sum',
  MIN: 'min',
  MAX: 'max',
  COUNT: 'count',
};

export function figureSql(stages: Stages, { measure, function: name, currency }: Figure): Sql {
  if (measure === null) return stages.whole(stages.count());
  if (measure.kind === 'time') return timeFigure(stages, measure, name);
  if (measure.kind === 'number') return numberFigure(stages, measure, name);
  return currency === null ? convertedFigure(stages, measure, name) : currencyFigure(stages, measure, { name, currency });
}

export function timeFigure(stages: Stages, { field }: TimeMeasure, name: AggregateFunction): Sql {
  if (name === 'SUM' || name === 'AVG') throw new Error(`Times have no ${name}.`);
  return stages.whole(stages.plain(PLAIN[name], field.column));
}

export function numberFigure(stages: Stages, { field }: NumberMeasure, name: AggregateFunction): Sql {
  const plain = (how: Aggregating): Sql => stages.whole(stages.plain(how, field.column));
  if (name === 'COUNT') return plain('count');
  if (name === 'SUM') return sql`coalesce(${plain('sum')}, 0)::numeric`;
  if (name === 'AVG') return sql`round(${plain('sum')}::numeric / nullif(${plain('count')}, 0), ${sql.number(AVG_DECIMALS)})`;
  return sql`${plain(PLAIN[name])}::numeric`;
}

export function convertedFigure(stages: Stages, measure: MoneyMeasure, name: AggregateFunction): Sql {
  const of = (how: Aggregating): Sql => stages.whole(stages.converted(how, measure));
  if (name === 'COUNT') return of('count');
  const minor =
    name === 'SUM' ? sql`coalesce(${of('sum')}, 0)` : name === 'AVG' ? average(of('sum'), of('count')) : of(PLAIN[name]);
  return units(minor, stages.groupExponent);
}

/** Null where the group has no amount in that currency, and then zero are counted. */
function currencyFigure(
  stages: Stages,
  measure: MoneyMeasure,
  { name, currency: code }: { readonly name: AggregateFunction; readonly currency: Maybe<string> },
): Sql {
  const currency = stages.currency(measure);
  const value = valueSql(code, 'text');
  const isIt = sql`${stages.isOfCurrency(currency)} and ${stages.sum(currency)} = ${value}`;
  const of = (how: Aggregating): Sql => sql`max(${stages.sum(stages.plain(how, measure.field.column))}) filter (where ${isIt})`;
  if (name === 'COUNT') return sql`coalesce(${of('count')}, 0)`;
  return units(name === 'AVG' ? average(of('sum'), of('count')) : of(PLAIN[name]), exponentOf(value));
}

const OPERATORS = { eq: sql`=`, ne: sql`<>`, lt: sql`<`, lte: sql`<=`, gt: sql`>`, gte: sql`>=` } as const;

export function havingSql(stages: Stages, having: HavingRead): Sql {
  switch (having.op) {
    case 'and':
    case 'or':
      if (having.of.length === 0) return having.op === 'and' ? sql`true` : sql`false`;
      return sql`(${sql.join(
        having.of.map((one) => havingSql(stages, one)),
        ` ${having.op} `,
      )})`;
    case 'not':
      return sql`(not ${havingSql(stages, having.of)})`;
    case 'isNull':
      return sql`((${figureSql(stages, having.figure)}) is ${having.value ? sql`null` : sql`not null`})`;
    case 'in':
    case 'notIn': {
      const plain = mapped(having.value, (values) => values.map((one) => (one instanceof Date ? one.toISOString() : one)));
      const values = sql.typed(plain, `${figureType(having.figure)}[]`);
      const figure = figureSql(stages, having.figure);
      return having.op === 'in' ? sql`(${figure}) = any(${values})` : sql`(${figure}) <> all(${values})`;
    }
    default: {
      const value = valueSql(having.value as Maybe<Scalar>, figureType(having.figure));
      return sql`(${figureSql(stages, having.figure)}) ${OPERATORS[having.op]} ${value}`;
    }
  }
}
