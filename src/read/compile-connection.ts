/**
 * A connection as one scalar subquery. Inside out: the page (index order, scope, filters, the keyset, a limit), its rows as
 * objects with their joins and cursors, then everything that the connection shows of them.
 */
import type { Compiling, Level } from './compile-level.ts';
import { behindSql, type Connection, connectionOf, pageInfoParts, type Parent, pageSql, plainPart } from './compile-page.ts';
import { cursorSql } from './cursor.ts';
import { jsonObject, type Pair } from './json-object.ts';
import { orderSql } from './keyset.ts';
import { columnsNamed, type Sql, sql } from './sql.ts';
import type { ConnectionPart, ConnectionRead, ObjectRead } from './tree.ts';

/** Handed in, since objects hold connections and connections objects. */
export type ObjectSql = (into: Compiling, level: Level, object: ObjectRead) => Sql;

export function compileConnection(into: Compiling, read: ConnectionRead, parent: Parent | null, objectSql: ObjectSql): Sql {
  return connectionSql(connectionOf(into, read, parent), objectSql);
}

/** Whether the page's rows are looked at; what lies behind a cursor isn't theirs. */
const isOfRows = ({ read, looksFurther }: Connection): boolean =>
  looksFurther || needsCursor(read) || read.fields.some(({ kind }) => kind === 'nodes' || kind === 'edges');

const needsCursor = (read: ConnectionRead): boolean => pageInfoParts(read).some(({ name }) => name.endsWith('Cursor'));

function connectionSql(connection: Connection, objectSql: ObjectSql): Sql {
  const { into, read } = connection;
  const rows = into.alias();
  const columns: Sql[] = [];
  const pairs = read.fields.map((part): Pair => {
    if (part.kind !== 'nodes' && part.kind !== 'edges') return [part.key, partSql(connection, part, rows)];
    const name = `o${columns.length + 1}`;
    columns.push(sql`${rowSql(connection, part, objectSql)} as ${sql.id(name)}`);
    return [part.key, listOf(connection, rows, name)];
  });
  if (!isOfRows(connection)) return sql`(select ${jsonObject(pairs)})`;
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
  const number = sql.id(level.alias, '#');
  const shown = [number, ...(needsCursor(read) ? [sql`${cursorOf(connection)} as c`] : []), ...columns];
  const named = columnsNamed(sql.join([...shown, ...level.joins]), level.alias).filter((column) => !column.startsWith('#'));
  return sql`select ${sql.join(shown)} from (${numberedSql(connection, named)}) ${sql.id(level.alias)} ${sql.join(level.joins, ' ')}`;
}

function numberedSql(connection: Connection, columns: readonly string[]): Sql {
  const byName = orderSql(connection.terms.map(({ isDescending }, i) => ({ sql: sql.id(`#${i + 1}`), isDescending })));
  return sql`select *, row_number() over (order by ${byName}) as "#" from (${pageSql(connection, columns)}) ${sql.id(connection.level.alias)}`;
}

const shownRows = ({ read, looksFurther }: Connection, rows: string): Sql =>
  looksFurther ? sql`filter (where ${sql.id(rows, '#')} <= ${sql.number(read.page.size)})` : sql.empty;

function listOf(connection: Connection, rows: string, name: string): Sql {
  const direction = connection.read.page.isBackward ? sql`desc` : sql`asc`;
  const list = sql`json_agg(${sql.id(rows, name)} order by ${sql.id(rows, '#')} ${direction})`;
  return sql`coalesce(${list} ${shownRows(connection, rows)}, '[]'::json)`;
}

function partSql(connection: Connection, part: ConnectionPart, rows: string): Sql {
  if (part.kind === 'typename') return sql.literal(part.value);
  if (part.kind !== 'pageInfo') return plainPart(connection, part);
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
