/**
 * An aggregate as one scalar subquery: the groups in three stages (stages.ts), then the page of them in a complete order. Each
 * table enters through `levelOf`, which puts its row scope on it, so nothing is counted that may not be seen.
 */
import { belongsTo, type Compiling, levelOf, relatedIn } from '../compile-level.ts';
import type { Parent } from '../compile-page.ts';
import { cursorSql } from '../cursor.ts';
import { jsonObject, type Pair } from '../json-object.ts';
import { after, type KeyTerm, orderSql } from '../keyset.ts';
import { predicateSql } from '../predicate-sql.ts';
import { type Sql, sql } from '../sql.ts';
import type { AggregatePart, AggregateRead, GroupOrder } from './aggregate-tree.ts';
import { figureSql, havingSql } from './figure-sql.ts';
import { groupJson } from './group-json.ts';
import { Stages } from './stages.ts';

export function compileAggregate(into: Compiling, read: AggregateRead, parent: Parent | null): Sql {
  const level = levelOf(into, read);
  const { catalogue } = into;
  const filter = predicateSql({ ...level, catalogue, predicate: read.where, related: relatedIn(into, read.moment) });
  const ofParent = parent ? [belongsTo(level, parent.relation, parent.level)] : [];
  const where = sql.join([...ofParent, level.where, ...(read.where.op === 'true' ? [] : [filter])], ' and ');
  const stages = new Stages(into, level, read);
  const groups = into.alias();
  const page = into.alias();
  const columns = groupColumns(into, stages, read);
  const having = havingSql(stages, read.having);
  const answer = jsonObject(read.fields.map((part): Pair => [part.key, partSql({ read, groups, page }, part)]));
  const grouped = sql`select ${sql.join(columns)} from ${stages.from(where)} having ${having}`;
  const named = [...stages.named(), sql`${sql.id(groups)} as (${grouped})`, sql`${sql.id(page)} as (${pageSql(read, groups)})`];
  return sql`(with ${sql.join(named)} select ${answer})`;
}

/** Of the third stage: an object for each time that groups are asked for, and what they are ordered by. */
function groupColumns({ catalogue }: Compiling, stages: Stages, { fields, order, keys }: AggregateRead): Sql[] {
  const objects = fields.flatMap((part, i) =>
    part.kind === 'groups' ? [sql`${groupJson({ catalogue, stages }, part.fields)} as ${sql.id(`o${i}`)}`] : [],
  );
  const figures = order.flatMap(({ by }, i) =>
    'figure' in by ? [sql`${figureSql(stages, by.figure)} as ${sql.id(`f${i}`)}`] : [],
  );
  const all = [...keys.map((_, at) => sql`${stages.key(at)} as ${sql.id(`k${at}`)}`), ...figures, ...objects];
  // without a key a group is still counted, so that there is one
  return all.length === 0 ? [stages.whole(stages.count())] : all;
}

const termsOf = ({ order }: AggregateRead, alias: string): KeyTerm[] =>
  order.map((term, i) => ({ ...term, sql: sql.id(alias, nameOf(term, i)) }));

const nameOf = ({ by }: GroupOrder, at: number): string => ('keyAt' in by ? `k${by.keyAt}` : `f${at}`);

/** One group more than is shown, to know whether there are more. */
function pageSql(read: AggregateRead, groups: string): Sql {
  const terms = termsOf(read, groups);
  const order = terms.length === 0 ? sql.empty : sql`order by ${orderSql(terms)}`;
  const beyond = read.from === null || terms.length === 0 ? [] : after(terms, read.from);
  const where = beyond.length === 0 ? sql.empty : sql`where (${sql.join(beyond, ') or (')})`;
  return sql`select ${sql.id(groups)}.*, row_number() over (${order}) as "#" from ${sql.id(groups)} ${where} ${order} limit ${sql.number(read.size + 1)}`;
}

interface Paged {
  readonly read: AggregateRead;
  readonly groups: string;
  readonly page: string;
}

function partSql({ read, groups, page }: Paged, part: AggregatePart): Sql {
  const number = sql.id(page, '#');
  const size = sql.number(read.size);
  switch (part.kind) {
    case 'typename':
      return sql.literal(part.value);
    case 'groupCount':
      return sql`(select count(*) from ${sql.id(groups)})`;
    case 'groups': {
      const object = sql.id(page, `o${read.fields.indexOf(part)}`);
      return sql`(select coalesce(json_agg(${object} order by ${number}) filter (where ${number} <= ${size}), '[]'::json) from ${sql.id(page)})`;
    }
    default: {
      const terms = termsOf(read, page).map(({ sql: value, column }) => ({ value, type: column.type }));
      if (terms.length === 0) return sql`null`;
      const following = sql`(select count(*) from ${sql.id(page)}) > ${size}`;
      return sql`(select ${cursorSql(read.mark, terms)} from ${sql.id(page)} where ${number} = ${size} and ${following})`;
    }
  }
}
