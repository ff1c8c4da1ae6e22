/**
 * Statements: a resolved plan and the reader's scope become one SQL statement whose answer is JSON text, keyed by response
 * name. Pure. Each table enters through `levelOf`, which puts its row scope on it.
 */
import type { Principal } from '../access/principal.ts';
import type { Predicate } from '../kernel/predicate.ts';
import { compileConnection } from './compile-connection.ts';
import { objectSql } from './compile-fields.ts';
import { type Compiling, compiling, joined, type Level, levelOf, relatedIn } from './compile-level.ts';
import { columnOf, idSql, predicateSql } from './predicate-sql.ts';
import { type Catalogue, type ExternalRef, NOW } from './record.ts';
import { type Sql, sql } from './sql.ts';
import type { ConnectionRead, FieldRead, ObjectRead } from './tree.ts';

export interface Source {
  readonly catalogue: Catalogue;
  readonly principal: Principal;
}

/** One row `answer`. */
export function rootConnectionSql({ catalogue, principal }: Source, read: ConnectionRead): Sql {
  const into = compiling(catalogue, principal);
  return sql`select ${compileConnection(into, read, null, objectSql)}::text as answer`;
}

/** Which records are looked for. */
export interface Sought {
  readonly where: Predicate;
  /** By an ERP's own id. */
  readonly known: ExternalRef | null;
  /** A `one` relation whose `code` tells several hits apart. */
  readonly choiceBy: string | null;
}

interface Wanted extends Sought {
  readonly object: ObjectRead;
  /** Rows at most. */
  readonly limit: number;
}

/** Rows `answer` and `choice`: the records that a predicate names. */
export function recordsSql({ catalogue, principal }: Source, { object, where, known, limit, choiceBy }: Wanted): Sql {
  const into = compiling(catalogue, principal);
  const level = levelOf(into, { record: object.record, moment: NOW });
  const answer = objectSql(into, level, object);
  const choice = choiceBy === null ? sql`null` : codeOf(joined(into, level, choiceBy));
  return sql`select ${answer}::text as answer, ${choice} as choice ${fromSql(into, level, where)}${knownSql(level, known)} limit ${sql.number(limit)}`;
}

function knownSql({ record, alias }: Level, ref: ExternalRef | null): Sql {
  if (ref === null) return sql.empty;
  const { known } = record.definition.root ?? {};
  if (!known) throw new Error(`No ERP knows ${record.name}.`);
  return sql` and ${known.sql(alias, ref)}`;
}

const codeOf = ({ record, alias }: Level): Sql => sql.id(alias, columnOf(record, 'code').column);

const fromSql = (into: Compiling, level: Level, where: Predicate): Sql => {
  const { catalogue } = into;
  const fits = predicateSql({ ...level, catalogue, predicate: where, related: relatedIn(into, NOW) });
  return sql`from ${sql.id(level.record.table)} ${sql.id(level.alias)} ${sql.join(level.joins, ' ')} where ${level.where} and ${fits}`;
};

/** Rows `id` (a bare uuid) and `answer`, of several kinds of record at once; each object says its `$type`. */
export function nodesSql({ catalogue, principal }: Source, wanted: readonly { object: ObjectRead; where: Predicate }[]): Sql {
  const into = compiling(catalogue, principal);
  const selects = wanted.map(({ object, where }) => {
    const level = levelOf(into, { record: object.record, moment: NOW });
    const marked: FieldRead = { kind: 'typename', key: '$type', value: object.record.name };
    const answer = objectSql(into, level, { ...object, fields: [marked, ...object.fields] });
    return sql`(select ${idSql(object.record, level.alias)} as id, ${answer}::text as answer ${fromSql(into, level, where)})`;
  });
  return sql.join(selects, ' union all ');
}
