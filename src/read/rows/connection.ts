/** What stands around the rows of a connection in rows form, and the parts that each of its rows becomes. */
import { behindSql, type Connection, plainPart } from '../compile-page.ts';
import { columnSql } from '../predicate-sql.ts';
import type { ColumnType } from '../record.ts';
import { type Sql, sql } from '../sql.ts';
import type { ConnectionPart, PageInfoPart } from '../tree.ts';
import { textOf } from './json-bytes.ts';
import { type LevelMaking, objectOps } from './fields.ts';
import { Ops } from './ops.ts';
import { type CursorProgram, type CursorTerm, OP, type RowsPart, TERM } from './program.ts';

type ListPart = Extract<ConnectionPart, { kind: 'nodes' | 'edges' }>;

const listsOf = ({ read }: Connection): ListPart[] =>
  read.fields.filter((part): part is ListPart => part.kind === 'nodes' || part.kind === 'edges');

/** Whether the rows can be written where they go: there is one list, and nothing before it hangs on them. */
function isDirect({ read }: Connection): boolean {
  const parts = read.fields.map(({ kind }) => kind);
  const [first, second] = parts.flatMap((kind, i) => (kind === 'nodes' || kind === 'edges' ? [i] : []));
  const info = parts.indexOf('pageInfo');
  return first !== undefined && second === undefined && (info < 0 || info > first);
}

/** The object around the rows. `value` makes a column that belongs to whatever the connection is of. */
export function aroundOps(ops: Ops, connection: Connection, value: (of: Sql) => number): void {
  const direct = isDirect(connection);
  let list = 0;
  ops.literal('{');
  if (!direct) ops.child();
  connection.read.fields.forEach((part, i) => {
    ops.literal(`${i > 0 ? ',' : ''}"${part.key}":`);
    if (part.kind === 'typename') ops.literal(JSON.stringify(part.value));
    else if (part.kind === 'pageInfo') pageInfoOps(ops, { connection, value }, part.fields);
    else if (part.kind === 'nodes' || part.kind === 'edges') {
      ops.literal('[');
      if (direct) ops.child();
      else ops.ofList(OP.LIST, list++);
      ops.literal(']');
    } else ops.raw(value(plainPart(connection, part)));
  });
  ops.literal('}');
}

interface Around {
  readonly connection: Connection;
  readonly value: (of: Sql) => number;
}

function pageInfoOps(ops: Ops, around: Around, fields: readonly PageInfoPart[]): void {
  ops.literal('{');
  fields.forEach(({ key, name }, i) => {
    ops.literal(`${i > 0 ? ',' : ''}"${key}":`);
    pageInfoOp(ops, around, name);
  });
  ops.literal('}');
}

function pageInfoOp(ops: Ops, { connection, value }: Around, name: string): void {
  const { isBackward, from } = connection.read.page;
  if (name === '__typename') ops.literal('"PageInfo"');
  else if (name === 'startCursor') ops.ofList(OP.START_CURSOR);
  else if (name === 'endCursor') ops.ofList(OP.END_CURSOR);
  else if ((name === 'hasPreviousPage') === isBackward) ops.ofList(OP.MORE);
  else if (from === null) ops.literal('false');
  else ops.boolean(value(behindSql(connection)));
}

/** Each row as a node or an edge; once for each list that shows it. */
export function partsOf(making: LevelMaking, connection: Connection): RowsPart[] {
  const { level } = connection;
  const direct = isDirect(connection);
  return listsOf(connection).map((part) => {
    const ops = new Ops();
    if (part.kind === 'nodes') objectOps(making, ops, { level, object: part.of });
    else {
      ops.literal('{');
      part.fields.forEach((field, i) => {
        ops.literal(`${i > 0 ? ',' : ''}"${field.key}":`);
        if (field.kind === 'typename') ops.literal(JSON.stringify(field.value));
        else if (field.kind === 'cursor') ops.ofList(OP.CURSOR);
        else objectOps(making, ops, { level, object: field.of });
      });
      ops.literal('}');
    }
    return ops.done(direct);
  });
}

const TERMS: Readonly<Partial<Record<ColumnType, number>>> = { int: TERM.RAW, boolean: TERM.BOOLEAN, timestamptz: TERM.INSTANT };

/** The cursor of a row; null where none is asked for. */
export function cursorOf({ tables }: LevelMaking, { level, read, terms }: Connection): CursorProgram | null {
  const isAsked = read.fields.some(
    (part) =>
      (part.kind === 'edges' && part.fields.some(({ kind }) => kind === 'cursor')) ||
      (part.kind === 'pageInfo' && part.fields.some(({ name }) => name.endsWith('Cursor'))),
  );
  if (!isAsked) return null;
  const values = terms.map(({ column }, i): CursorTerm => {
    const value = level.replaced[column.property] ? sql.id(level.alias, `#${i + 1}`) : columnSql(level, column.property);
    return { kind: TERMS[column.type] ?? TERM.TEXT, column: tables.columns.add(value) };
  });
  return { prefix: textOf(`["${read.mark}"`), terms: values };
}
