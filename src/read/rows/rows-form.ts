/**
 * The rows form of a read: one statement of plain joined rows, and the program that writes them as JSON. The root's rows are a level,
 * and of each level one list of what belongs to it; everything else is a column. Scope and pages are those of the JSON form.
 */
import { belongsTo, type Compiling, compiling, type Level, levelOf } from '../compile-level.ts';
import { type Connection, connectionOf, type Parent, pageSql } from '../compile-page.ts';
import { onlySql } from '../compile-fields.ts';
import { foundSql, type Source, type Wanted } from '../compile.ts';
import { orderSql, reversed } from '../keyset.ts';
import { columnSql, idSql } from '../predicate-sql.ts';
import { NOW } from '../record.ts';
import { type Sql, sql } from '../sql.ts';
import type { ConnectionRead, ListRead } from '../tree.ts';
import { type Chosen, chosenList, objectsOf } from './choice.ts';
import { aroundOps, cursorOf, partsOf } from './connection.ts';
import { type LevelMaking, objectOps } from './fields.ts';
import { Ops } from './ops.ts';
import { OP, type RowsLevel, type RowsPart, type RowsProgram } from './program.ts';
import { Tables } from './tables.ts';

export interface RowsForm {
  readonly source: Sql;
  readonly program: RowsProgram;
}

/** Null where nothing of its rows is shown. */
export function rowsFormOfConnection({ catalogue, asker }: Source, read: ConnectionRead, key: string): RowsForm | null {
  if (!read.fields.some(({ kind }) => kind === 'nodes' || kind === 'edges')) return null;
  const form = new FormMaking(compiling(catalogue, asker));
  const connection = connectionOf(form.into, read, null);
  const answer = new Ops();
  answer.literal(`"${key}":`);
  aroundOps(answer, connection, (value) => form.tables.saying(value));
  form.connection(connection);
  return form.done(answer);
}

/** One record, or null. More than one row of the root says that it isn't the only one that fits. */
export function rowsFormOfObject({ catalogue, asker }: Source, wanted: Wanted, key: string): RowsForm | null {
  const form = new FormMaking(compiling(catalogue, asker));
  const { object } = wanted;
  const level = levelOf(form.into, { record: object.record, moment: NOW });
  const answer = new Ops();
  answer.literal(`"${key}":`);
  answer.child();
  answer.ofList(OP.NONE);
  const chosen = chosenList([object]);
  const order = chosen ? [idSql(object.record, level.alias)] : [];
  const rows = (columns: readonly string[]) => foundSql(form.into, { ...wanted, limit: 2 }, { level, columns });
  const making = form.level({ level, rows, order, chosen });
  const ops = new Ops();
  objectOps(making, ops, { level, object });
  form.close(making, { level, parts: [ops.done(true)], size: 1 });
  return form.done(answer);
}

interface LevelOptions {
  readonly level: Level;
  rows(columns: readonly string[]): Sql;
  readonly order: readonly Sql[];
  readonly chosen: Chosen | null;
}

interface LevelEnd {
  readonly level: Level;
  readonly parts: readonly RowsPart[];
  /** Rows shown at most. */
  readonly size: number;
  readonly connection?: Connection;
}

/** No list is this long. */
const UNBOUNDED = 2 ** 30;
const FURTHER = '#further';

class FormMaking {
  readonly into: Compiling;
  readonly tables: Tables;
  private readonly levels: RowsLevel[] = [];

  constructor(into: Compiling) {
    this.into = into;
    this.tables = new Tables(into);
  }

  level({ level, rows, order, chosen }: LevelOptions): LevelMaking {
    const { into, tables } = this;
    const at = tables.add({ level, rows, order }, chosen !== null);
    return { into, tables, at, chosen, list: (ops, list, parent) => this.list(ops, { at, list, parent }) };
  }

  connection(connection: Connection): void {
    const { level, read, terms } = connection;
    const shown = read.page.isBackward ? reversed(terms) : terms;
    const order = shown.map(({ isDescending }, i) => orderSql([{ sql: sql.id(level.alias, `#${i + 1}`), isDescending }]));
    const rows = (columns: readonly string[]) => pageRows(connection, columns);
    const making = this.level({ level, rows, order, chosen: chosenList(objectsOf(read)) });
    const size = connection.looksFurther && !read.page.isBackward ? read.page.size : UNBOUNDED;
    this.close(making, { level, parts: partsOf(making, connection), size, connection });
  }

  close({ at, chosen, ...making }: LevelMaking, { level, parts, size, connection }: LevelEnd): void {
    const { columns, saysSomething } = this.tables;
    const mayBeNone = at > 0 || saysSomething;
    const keepsEdges = connection?.read.fields.some((part) => part.kind === 'pageInfo') ?? false;
    const isFurther = connection?.looksFurther === true && connection.read.page.isBackward;
    this.levels[at + 1] = {
      key: chosen !== null || mayBeNone ? columns.add(idSql(level.record, level.alias)) : -1,
      size,
      further: isFurther ? columns.add(sql.id(level.alias, FURTHER)) : -1,
      parts,
      cursor: connection ? cursorOf({ at, chosen, ...making }, connection) : null,
      keepsEdges,
    };
  }

  done(answer: Ops): RowsForm {
    this.levels[0] = { key: -1, size: UNBOUNDED, further: -1, parts: [answer.done(true)], cursor: null, keepsEdges: false };
    const source = this.tables.statement();
    return { source, program: { columns: this.tables.columns.count, levels: this.levels } };
  }

  /** The rows that belong to a record, as the next level. */
  private list(ops: Ops, { at, list, parent }: { at: number; list: Chosen; parent: Level }): void {
    const relation = list.field.relation;
    if (list.kind === 'connection') {
      const connection = connectionOf(this.into, list.connection, { level: parent, relation });
      aroundOps(ops, connection, (value) => this.tables.expression(at, value));
      return this.connection(connection);
    }
    ops.literal('[');
    ops.child();
    ops.literal(']');
    this.plainList(list, { level: parent, relation });
  }

  private plainList({ of, order, field }: ListRead, parent: Parent): void {
    const { into } = this;
    const level = levelOf(into, { record: of.record, moment: of.moment });
    const terms = order.map(({ column, isDescending }) => orderSql([{ sql: columnSql(level, column.property), isDescending }]));
    const where = sql`${belongsTo(level, parent.relation, parent.level)} and ${level.where}${onlySql(into, level, field.relation.only)}`;
    const rows = (columns: readonly string[]) => sql`select ${columnsOf(level, columns)} from ${tableOf(level)} where ${where}`;
    const making = this.level({ level, rows, order: terms, chosen: chosenList([of]) });
    const ops = new Ops();
    objectOps(making, ops, { level, object: of });
    this.close(making, { level, parts: [ops.done(true)], size: UNBOUNDED });
  }
}

const columnsOf = ({ alias }: Level, columns: readonly string[]): Sql => sql.join(columns.map((column) => sql.id(alias, column)));
const tableOf = ({ record, alias }: Level): Sql => sql`${sql.id(record.table)} ${sql.id(alias)}`;

/** The page; from its end, the row that only says that there are more comes first and is marked. */
function pageRows(connection: Connection, columns: readonly string[]): Sql {
  const { level, read, terms, looksFurther } = connection;
  const page = pageSql(connection, columns);
  if (!looksFurther || !read.page.isBackward) return page;
  const byName = orderSql(terms.map(({ isDescending }, i) => ({ sql: sql.id(`#${i + 1}`), isDescending })));
  return sql`select *, row_number() over (order by ${byName}) > ${sql.number(read.page.size)} as ${sql.id(FURTHER)} from (${page}) ${sql.id(level.alias)}`;
}
