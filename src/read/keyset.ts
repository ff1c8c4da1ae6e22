/**
 * The rows after a position, as conditions that each can walk an index: page 10,000 then costs what page 1 costs.
 *
 * Null counts as larger than every value, as in Postgres: last when ascending, first when descending. Terms of one direction
 * become a row comparison. What it can't say (a null behind a value, a change of direction) becomes a further condition;
 * no row fits two of them, so the pages of all of them together, sorted again, are the page.
 */
import type { ReadColumn } from './record.ts';
import { type Sql, sql } from './sql.ts';
import type { OrderTerm, Position } from './tree.ts';
import { valueSql } from './predicate-sql.ts';

/** A term with the SQL of its value. */
export interface KeyTerm extends OrderTerm {
  readonly sql: Sql;
}

/** The other way round: for pages from the end. */
export const reversed = <T extends OrderTerm>(terms: readonly T[]): T[] =>
  terms.map((term) => ({ ...term, isDescending: !term.isDescending }));

export const orderSql = (terms: readonly { readonly sql: Sql; readonly isDescending: boolean }[]): Sql =>
  sql.join(terms.map((term) => sql`${term.sql} ${term.isDescending ? sql`desc` : sql`asc`}`));

type Value = Position[number];
const parameter = (value: Value, { type }: ReadColumn): Sql => valueSql(value, type);

/** Conditions for the rows strictly after the position; together they are all of them, and none overlaps. */
export function after(terms: readonly KeyTerm[], position: Position): Sql[] {
  return afterFrom({ terms, position, at: 0, before: [] });
}

/** The row at the position. */
export const at = (terms: readonly KeyTerm[], position: Position): Sql =>
  all(terms.map((term, i) => equal(term, position[i] ?? null)));

interface Walk {
  readonly terms: readonly KeyTerm[];
  readonly position: Position;
  readonly at: number;
  /** That all earlier terms are equal. */
  readonly before: readonly Sql[];
}

function afterFrom({ terms, position, at: start, before }: Walk): Sql[] {
  const first = terms[start];
  if (!first) return [];
  if ((position[start] ?? null) === null) {
    const values = first.isDescending ? [all([...before, sql`${first.sql} is not null`])] : [];
    const next = { terms, position, at: start + 1, before: [...before, sql`${first.sql} is null`] };
    return [...values, ...afterFrom(next)];
  }
  let end = start;
  while (terms[end]?.isDescending === first.isDescending && (position[end] ?? null) !== null) end += 1;
  const run = terms.slice(start, end);
  const equals = run.map((term, i) => equal(term, position[start + i] ?? null));
  const nulls = first.isDescending
    ? []
    : run.flatMap((term, i) => (term.column.nullable ? [all([...before, ...equals.slice(0, i), sql`${term.sql} is null`])] : []));
  const beyond = all([...before, compared(run, position.slice(start, end))]);
  return [beyond, ...nulls, ...afterFrom({ terms, position, at: end, before: [...before, ...equals] })];
}

function compared(run: readonly KeyTerm[], values: readonly Value[]): Sql {
  const left = sql.join(run.map((term) => term.sql));
  const right = sql.join(run.map((term, i) => parameter(values[i] ?? null, term.column)));
  const operator = run[0]?.isDescending ? sql`<` : sql`>`;
  return run.length === 1 ? sql`${left} ${operator} ${right}` : sql`(${left}) ${operator} (${right})`;
}

const equal = (term: KeyTerm, value: Value): Sql =>
  value === null ? sql`${term.sql} is null` : sql`${term.sql} = ${parameter(value, term.column)}`;

const all = (conditions: readonly Sql[]): Sql => sql.join(conditions, ' and ');
