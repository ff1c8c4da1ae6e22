/** One table of a statement under its alias, with the scope that stands on it and the to-one tables joined beside it. */
import type { Asker } from './asker.ts';
import { byOf, columnOf, columnSql, idSql, predicateSql, type Replaced } from './predicate-sql.ts';
import type { Catalogue, ManyRelation, Moment, OneRelation, ReadRecord } from './record.ts';
import { type Sql, sql } from './sql.ts';

export interface Compiling {
  readonly catalogue: Catalogue;
  readonly asker: Asker;
  /** A name that no other table of the statement has. */
  alias(): string;
}

export function compiling(catalogue: Catalogue, asker: Asker): Compiling {
  let count = 0;
  return { catalogue, asker, alias: () => `t${(count += 1)}` };
}

export interface Level {
  readonly record: ReadRecord;
  readonly alias: string;
  readonly moment: Moment;
  readonly replaced: Replaced;
  readonly isPortal: boolean;
  /** Scope, and what existed at the moment. */
  readonly where: Sql;
  /** Joins of the row that this table belongs to. Grows while its fields are compiled. */
  readonly joins: Sql[];
  /** Relations that are joined already, by name. */
  readonly ones: Map<string, Level>;
}

interface LevelOf {
  readonly record: ReadRecord;
  readonly moment: Moment;
  readonly alias?: string;
  readonly joins?: Sql[];
}

/** The one place where a table enters a statement, so that none does without its scope. */
export function levelOf(into: Compiling, { record, moment, alias = into.alias(), joins = [] }: LevelOf): Level {
  const { catalogue, asker } = into;
  const scope = predicateSql({ catalogue, record, alias, predicate: asker.scope(record.resource) });
  const isThen = moment.asOf !== null || moment.knownAt !== null;
  const then = isThen ? record.definition.at?.(alias, moment) : undefined;
  const where = then ? sql`${scope} and ${then.exists}` : scope;
  return {
    record,
    alias,
    moment,
    replaced: then?.columns ?? {},
    isPortal: asker.isPortal,
    where,
    joins,
    ones: new Map(),
  };
}

/** For predicates that lead to other tables. */
export const relatedIn = (into: Compiling, moment: Moment) => (record: ReadRecord, alias: string) =>
  levelOf(into, { record, moment, alias });

/** The record that a to-one relation leads to: joined once, however often it is asked for. */
export function joined(into: Compiling, level: Level, name: string): Level {
  const known = level.ones.get(name);
  if (known) return known;
  const relation = oneRelation(level.record, name);
  const from = relation.through === undefined ? level : joined(into, level, relation.through);
  const { catalogue } = into;
  const to = levelOf(into, { record: catalogue.record(relation.record), moment: level.moment, joins: level.joins });
  const by = columnSql(from, byOf(relation, level));
  const of = columnSql(to, relation.of ?? 'id');
  level.joins.push(sql`left join ${sql.id(to.record.table)} ${sql.id(to.alias)} on ${of} = ${by} and ${to.where}`);
  level.ones.set(name, to);
  return to;
}

function oneRelation(record: ReadRecord, name: string): OneRelation {
  const relation = record.definition.relations?.[name];
  if (relation?.kind !== 'one') throw new Error(`${record.name} has no relation ${name} to one record.`);
  return relation;
}

/** The rows of a `many` relation that belong to the row of `parent`. */
export function belongsTo(child: Level, relation: Belonging, parent: Level): Sql {
  const { of, orBy } = relation;
  const ours = of === undefined ? idSql(parent.record, parent.alias) : columnSql(parent, of);
  const theirs = (by: string) => sql`${sql.id(child.alias, columnOf(child.record, by).column)} = ${ours}`;
  const by = theirs(byOf(relation, child));
  return orBy === undefined ? by : sql`(${by} or ${theirs(orBy)})`;
}

export type Belonging = Pick<ManyRelation, 'by' | 'of' | 'orBy' | 'portalBy'>;
