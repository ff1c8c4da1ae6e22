/**
 * The page of a connection: which rows it shows and what is to be known about them. Every table in it enters through `levelOf`.
 */
import { type Belonging, belongsTo, type Compiling, type Level, levelOf, relatedIn } from './compile-level.ts';
import { rowEstimate } from './row-estimate.ts';
import { after, at, type KeyTerm, orderSql, reversed } from './keyset.ts';
import { columnSql, predicateSql } from './predicate-sql.ts';
import { type Sql, sql } from './sql.ts';
import type { ConnectionPart, ConnectionRead, PageInfoPart } from './tree.ts';

/** The row whose connection it is. */
export interface Parent {
  readonly level: Level;
  /** By which our rows belong to it. */
  readonly relation: Belonging;
}

export interface Connection {
  readonly into: Compiling;
  readonly read: ConnectionRead;
  readonly level: Level;
  /** Every condition but the page's. */
  readonly where: Sql;
  /** Below a row, whose values are in the conditions. */
  readonly isNested: boolean;
  /** In the direction of the page: from its end when backward. */
  readonly terms: readonly KeyTerm[];
  /** One row more than shown is read, to know whether there are more. */
  readonly looksFurther: boolean;
}

export function connectionOf(into: Compiling, read: ConnectionRead, parent: Parent | null): Connection {
  const level = levelOf(into, read);
  const { catalogue } = into;
  const filter = predicateSql({ ...level, catalogue, predicate: read.where, related: relatedIn(into, read.moment) });
  const ofParent = parent ? [belongsTo(level, parent.relation, parent.level)] : [];
  const terms = read.order.map((term) => ({ ...term, sql: columnSql(level, term.column.property) }));
  return {
    into,
    read,
    level,
    where: sql.join([...ofParent, level.where, ...(read.where.op === 'true' ? [] : [filter])], ' and '),
    isNested: parent !== null,
    terms: read.page.isBackward ? reversed(terms) : terms,
    looksFurther: pageInfoParts(read).some(({ name }) => name === (read.page.isBackward ? 'hasPreviousPage' : 'hasNextPage')),
  };
}

export const pageInfoParts = ({ fields }: ConnectionRead): readonly PageInfoPart[] =>
  fields.flatMap((part) => (part.kind === 'pageInfo' ? part.fields : []));

/** Its rows in the direction of the page, with the values of the order terms as `#1`, `#2`, … */
export function pageSql({ level, read, where, terms, looksFurther }: Connection, columns: readonly string[]): Sql {
  const { alias, record } = level;
  const keys = terms.map((term, i) => ({ ...term, name: sql.id(`#${i + 1}`) }));
  const selected = [...columns.map((column) => sql.id(alias, column)), ...keys.map((key) => sql`${key.sql} as ${key.name}`)];
  const limit = sql.number(read.page.size + (looksFurther ? 1 : 0));
  const branch = (conditions: Sql): Sql =>
    sql`select ${sql.join(selected)} from ${sql.id(record.table)} ${sql.id(alias)} where ${conditions} order by ${orderSql(terms)} limit ${limit}`;
  const byName = orderSql(keys.map(({ name, isDescending }) => ({ sql: name, isDescending })));
  const branches =
    read.page.from === null ? [branch(where)] : after(terms, read.page.from).map((beyond) => branch(sql`${where} and ${beyond}`));
  const [only = branch(sql`false`)] = branches;
  return branches.length < 2
    ? only
    : sql`select * from (${sql.join(
        branches.map((one) => sql`(${one})`),
        ' union all ',
      )}) ${sql.id(alias)} order by ${byName} limit ${limit}`;
}

/** What is the same for every row, and valid as JSON when it is written as text. */
export function plainPart({ level, where, isNested }: Connection, part: ConnectionPart): Sql {
  const rows = sql`from ${sql.id(level.record.table)} ${sql.id(level.alias)} where ${where}`;
  // the rows of one parent are few and found by an index
  if (part.kind === 'totalCountEstimate' && !isNested) return rowEstimate(rows);
  if (part.kind === 'totalCount' || part.kind === 'totalCountEstimate') return sql`(select count(*) ${rows})`;
  throw new Error(`${part.kind} isn't a value of its own.`);
}

/** Is there a row at the cursor or on its other side? */
export function behindSql({ level, read, where, terms }: Connection): Sql {
  const { from } = read.page;
  if (from === null) return sql`false`;
  const conditions = [at(terms, from), ...after(reversed(terms), from)];
  const table = sql`${sql.id(level.record.table)} ${sql.id(level.alias)}`;
  return sql`(${sql.join(
    conditions.map((condition) => sql`exists (select from ${table} where ${where} and ${condition})`),
    ' or ',
  )})`;
}
