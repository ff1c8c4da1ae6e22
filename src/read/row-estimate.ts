/** How long a list is, without counting all of it: exact while it is short, else what the planner expects for the same reader. */
import { type Sql, sql } from './sql.ts';

/** Counting that many rows takes some milliseconds. */
export const ESTIMATED_FROM = 5_000;
/** A quarter of counting. */
export const ESTIMATE_COST = 5;

/** `rows` is a statement from its `from` on, with the reader's scope in it; the planner adds row-level security by itself. */
export function rowEstimate(rows: Sql): Sql {
  const planned = sql`estimated_rows(${sql.text(sql`select ${rows}`)})`;
  const counted = sql`select count(*) as n from (select ${rows} limit ${sql.number(ESTIMATED_FROM + 1)}) r`;
  return sql`(select case when c.n <= ${sql.number(ESTIMATED_FROM)} then c.n else greatest(c.n, ${planned}) end from (${counted}) c)`;
}
