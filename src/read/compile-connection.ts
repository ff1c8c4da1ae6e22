/**
 * A connection as one scalar subquery. Inside out: the page (index order, scope, filters, the keyset, a limit), its rows as
 * objects with their joins and cursors, then everything that the connection shows of them.
 */
import { type Belonging, belongsTo, type Compiling, type Level, levelOf, relatedIn } from './compile-level.ts';
import { jsonObject, type Pair } from './json-object.ts';
import { cursorSql } from './cursor.ts';
import { after, at, type KeyTerm, orderSql, reversed } from './keyset.ts';
import { columnSql, predicateSql } from './predicate-sql.ts';
import { columnsNamed, type Sql, sql } from './sql.ts';
import type { ConnectionPart, ConnectionRead, ObjectRead, PageInfoPart } from './tree.ts';

/** Handed in, since objects hold connections and connections objects. */
export type ObjectSql = (into: Compiling, level: Level, object: ObjectRead) => Sql;

/** The row whose connection it is. */
export interface Parent {
  readonly level: Level;
  /** By which our rows belong to it. */
  readonly relation: Belonging;
}

interface Connection {
  readonly into: Compiling;
  readonly read: ConnectionRead;
  readonly level: Level;
  /** Every condition but the page's. */
  readonly where: Sql;
  /** In the direction of the page: from its end when backward. */
  readonly terms: readonly KeyTerm[];
  /** One row more than shown is read, to know whether there are more. */
  readonly looksFurther: boolean;
}

export function compileConnection(into: Compiling, read: ConnectionRead, parent: Parent | null, objectSql: ObjectSql): Sql {
  const level = levelOf(into, read);
  const { catalogue } = into;
  const filter = predicateSql({ ...level, catalogue, predicate: read.where, related: relatedIn(into, read.moment) });
  const ofParent = parent ? [belongsTo(level, parent.relation, parent.level)] : [];
  const terms = read.order.map((term) => ({ ...term, sql: columnSql(level, term.column.property) }));
  const connection: Connection = {
    into,
    read,
    level,
    where: sql.join([...ofParent, level.where, ...(read.where.op === 'true' ? [] : [filter])], ' and '),
    terms: read.page.isBackward ? reversed(terms) : terms,
    looksFurther: pageInfoParts(read).some(({ name }) => name === (read.page.isBackward ? 'hasPreviousPage' : 'hasNextPage')),
  };
  return connectionSql(connection, objectSql);
}

const pageInfoParts = ({ fields }: ConnectionRead): readonly PageInfoPart[] =>
  fields.flatMap((part) => (part.kind === 'pageInfo' ? part.fields : []));

const isOfRows = ({ kind }: ConnectionPart): boolean => kind === 'nodes' || kind === 'edges' || kind === 'pageInfo';

function connectionSql(connection: Connection, objectSql: ObjectSql): Sql {
  const { into, read } = connection;
  const rows = into.alias();
  const columns: Sql[] = [];
  const pairs = read.fields.map((part): Pair => {
    if (part.kind !== 'nodes' && part.kind !== 'edges') return [part.key, plainPart(connection, part, rows)];
    const name = `o${columns.length + 1}`;
    columns.push(sql`${rowSql(connection, part, objectSql)} as ${sql.id(name)}`);
    return [part.key, listOf(connection, rows, name)];
  });
  if (!read.fields.some(isOfRows)) return sql`(select ${jsonObject(pairs)})`;
  return sql`(select ${jsonObject(pairs)} from (${rowsSql(connection, columns)}) ${sql.id(rows)})`;
}

function rowSql({ into, level, read, terms }: Connection, part: ConnectionPart, objectSql: ObjectSql): Sql {
  if (part.kind === 'nodes') return objectSql(into, level, part.of);
  if (part.kind !== 'edges') throw new Error(`${part.kind} has no rows.`);
  return jsonObject(
    part.fields.map((field): Pair => {
      if (field.kind === 'typename') return [field.key, sql.literal(field.value)];
      return [field.key, field.kind === 'cursor' ? cursorOf({ level, read, terms }) : objectSql(into, level, field.of)];
    }),
  );
}

/** The page gives the values of the order terms as `#1`, `#2`, … */
const cursorOf = ({ level, read, terms }: Pick<Connection, 'level' | 'read' | 'terms'>): Sql =>
  cursorSql(
    read.mark,
    terms.map(({ column }, i) => ({ value: sql.id(level.alias, `#${i + 1}`), type: column.type })),
  );

/** The rows of the page, numbered by `#`, with the cursor where pageInfo needs it. Joins are complete by now. */
function rowsSql(connection: Connection, columns: readonly Sql[]): Sql {
  const { level, read } = connection;
  const needsCursor = pageInfoParts(read).some(({ name }) => name.endsWith('Cursor'));
  const number = sql.id(level.alias, '#');
  const shown = [number, ...(needsCursor ? [sql`${cursorOf(connection)} as c`] : []), ...columns];
  const named = columnsNamed(sql.join([...shown, ...level.joins]), level.alias).filter((column) => !column.startsWith('#'));
  return sql`select ${sql.join(shown)} from (${pageSql(connection, named)}) ${sql.id(level.alias)} ${sql.join(level.joins, ' ')}`;
}

function pageSql({ level, read, where, terms, looksFurther }: Connection, columns: readonly string[]): Sql {
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
  const page =
    branches.length < 2
      ? only
      : sql`select * from (${sql.join(
          branches.map((one) => sql`(${one})`),
          ' union all ',
        )}) ${sql.id(alias)} order by ${byName} limit ${limit}`;
  return sql`select *, row_number() over (order by ${byName}) as "#" from (${page}) ${sql.id(alias)}`;
}

const shownRows = ({ read, looksFurther }: Connection, rows: string): Sql =>
  looksFurther ? sql`filter (where ${sql.id(rows, '#')} <= ${sql.number(read.page.size)})` : sql.empty;

function listOf(connection: Connection, rows: string, name: string): Sql {
  const direction = connection.read.page.isBackward ? sql`desc` : sql`asc`;
  const list = sql`json_agg(${sql.id(rows, name)} order by ${sql.id(rows, '#')} ${direction})`;
  return sql`coalesce(${list} ${shownRows(connection, rows)}, '[]'::json)`;
}

function plainPart(connection: Connection, part: ConnectionPart, rows: string): Sql {
  const { level, where } = connection;
  if (part.kind === 'typename') return sql.literal(part.value);
  if (part.kind === 'totalCount') {
    return sql`(select count(*) from ${sql.id(level.record.table)} ${sql.id(level.alias)} where ${where})`;
  }
  if (part.kind !== 'pageInfo') throw new Error(`${part.kind} is a list.`);
  return jsonObject(part.fields.map(({ key, name }): Pair => [key, pageInfoPart(connection, name, rows)]));
}

function pageInfoPart(connection: Connection, name: string, rows: string): Sql {
  const { isBackward, size } = connection.read.page;
  const further = () => sql`count(*) > ${sql.number(size)}`;
  const edge = (isFirst: boolean): Sql => {
    const direction = isFirst === isBackward ? sql`desc` : sql`asc`;
    const number = sql.id(rows, '#');
    return sql`(array_agg(${sql.id(rows, 'c')} order by ${number} ${direction}) ${shownRows(connection, rows)})[1]`;
  };
  switch (name) {
    case 'hasNextPage':
      return isBackward ? behindSql(connection) : further();
    case 'hasPreviousPage':
      return isBackward ? further() : behindSql(connection);
    case 'startCursor':
      return edge(true);
    case 'endCursor':
      return edge(false);
    default:
      return sql.literal('PageInfo');
  }
}

/** Is there a row at the cursor or on its other side? */
function behindSql({ level, read, where, terms }: Connection): Sql {
  const { from } = read.page;
  if (from === null) return sql`false`;
  const conditions = [at(terms, from), ...after(reversed(terms), from)];
  const table = sql`${sql.id(level.record.table)} ${sql.id(level.alias)}`;
  return sql`(${sql.join(
    conditions.map((condition) => sql`exists (select from ${table} where ${where} and ${condition})`),
    ' or ',
  )})`;
}
