/**
 * Statements: a resolved plan and the reader's scope become one SQL statement whose answer is JSON text, keyed by response
 * name. Pure. Each table enters through `levelOf`, which puts its row scope on it.
 */
import type { Asker } from './asker.ts';
import { compileConnection } from './compile-connection.ts';
import { objectSql } from './compile-fields.ts';
import { type Compiling, compiling, joined, type Level, levelOf, relatedIn } from './compile-level.ts';
import { columnOf, idSql, predicateSql } from './predicate-sql.ts';
import type { Condition, Maybe } from './later.ts';
import { type Catalogue, type ExternalRef, NOW } from './record.ts';
import { type Sql, sql } from './sql.ts';
import type { ConnectionRead, FieldRead, ObjectRead } from './tree.ts';

export interface Source {
  readonly catalogue: Catalogue;
  readonly asker: Asker;
}

/** One row `answer`. */
export function rootConnectionSql({ catalogue, asker }: Source, read: ConnectionRead): Sql {
  const into = compiling(catalogue, asker);
  return sql`select ${compileConnection(into, read, null, objectSql)}::text as answer`;
}

/** Which records are looked for. */
export interface Sought {
  readonly where: Condition;
  /** By an ERP's own id. */
  readonly known: ExternalRef<Maybe<string>> | null;
  /** A `one` relation whose `code` tells several hits apart. */
  readonly choiceBy: string | null;
}

export interface Wanted extends Sought {
  readonly object: ObjectRead;
  /** Rows at most. */
  readonly limit: number;
}

/** Rows `answer` and `choice`: the records that a predicate names. */
export function recordsSql({ catalogue, asker }: Source, { object, where, known, limit, choiceBy }: Wanted): Sql {
  const into = compiling(catalogue, asker);
  const level = levelOf(into, { record: object.record, moment: NOW });
  const answer = objectSql(into, level, object);
  const choice = choiceBy === null ? sql`null` : codeOf(joined(into, level, choiceBy));
  return sql`select ${answer}::text as answer, ${choice} as choice ${fromSql(into, level, where)}${knownSql(level, known)} limit ${sql.number(limit)}`;
}

/** The bare rows of the records that are looked for, with these columns of their table. */
export function foundSql(
  into: Compiling,
  { where, known, limit }: Pick<Wanted, 'where' | 'known' | 'limit'>,
  { level, columns }: { readonly level: Level; readonly columns: readonly string[] },
): Sql {
  const shown = sql.join(columns.map((column) => sql.id(level.alias, column)));
  return sql`select ${shown} ${fromSql(into, { ...level, joins: [] }, where)}${knownSql(level, known)} limit ${sql.number(limit)}`;
}

function knownSql({ record, alias }: Level, ref: ExternalRef<Maybe<string>> | null): Sql {
  if (ref === null) return sql.empty;
  const { known } = record.definition.root ?? {};
  if (!known) throw new Error(`No ERP knows ${record.name}.`);
  return sql` and ${known.sql(alias, ref)}`;
}

const codeOf = ({ record, alias }: Level): Sql => sql.id(alias, columnOf(record, 'code').column);

const fromSql = (into: Compiling, level: Level, where: Condition): Sql => {
  const { catalogue } = into;
  const fits = predicateSql({ ...level, catalogue, predicate: where, related: relatedIn(into, NOW) });
  return sql`from ${sql.id(level.record.table)} ${sql.id(level.alias)} ${sql.join(level.joins, ' ')} where ${level.where} and ${fits}`;
};

interface WantedNodes {
  readonly object: ObjectRead;
  readonly where: Condition;
}

/** Rows `id` (a bare uuid) and `answer`, of several kinds of record at once; each object says its `$type`. */
export function nodesSql(source: Source, wanted: readonly WantedNodes[]): Sql {
  const marked = wanted.map(({ object, where }) => {
    const mark: FieldRead = { kind: 'typename', key: '$type', value: object.record.name };
    return { object: { ...object, fields: [mark, ...object.fields] }, where };
  });
  return recordsByIdSql(source, marked);
}

/** Rows `id` (a bare uuid) and `answer`. */
export function recordsByIdSql({ catalogue, asker }: Source, wanted: readonly WantedNodes[]): Sql {
  const into = compiling(catalogue, asker);
  const selects = wanted.map(({ object, where }) => {
    const level = levelOf(into, { record: object.record, moment: NOW });
    const answer = objectSql(into, level, object);
    return sql`(select ${idSql(object.record, level.alias)} as id, ${answer}::text as answer ${fromSql(into, level, where)})`;
  });
  return sql.join(selects, ' union all ');
}

interface NodeList {
  readonly wanted: readonly WantedNodes[];
  /** Of all of them, in the order of the list. */
  readonly uuids: Maybe<readonly string[]>;
}

/** A scalar expression: the list as JSON text, null in it for each that isn't there. */
export function nodeListSql(source: Source, { wanted, uuids }: NodeList): Sql {
  if (wanted.length === 0) return sql`'[]'`;
  return sql`(select coalesce(json_agg(r.answer::json order by i.place), '[]'::json)::text
    from unnest(${sql.typed(uuids, 'uuid[]')}) with ordinality i(id, place) left join (${recordsByIdSql(source, wanted)}) r on r.id = i.id)`;
}
