/**
 * A list to its end, for exports: what is asked of one root list becomes one statement with a row for each of its rows, as JSON text.
 * Scope, permissions and values are the engine's own, so a file never shows what a page would not. Nested connections are read whole
 * too, but never at once: each row brings a first page of them, and whoever has more is asked again by `childPageSql`.
 */
import { DomainError } from '../kernel/errors.ts';
import { eq } from '../kernel/predicate.ts';
import { objectSql } from './compile-fields.ts';
import { compiling, levelOf, relatedIn } from './compile-level.ts';
import { recordsSql, type Source } from './compile.ts';
import { orderSql } from './keyset.ts';
import type { PlannedField } from './plan.ts';
import { columnSql, predicateSql } from './predicate-sql.ts';
import { type Reader, refuseForbidden } from './reader.ts';
import type { Catalogue, Moment, ReadRecord } from './record.ts';
import { resolveObject, resolveRootConnection } from './resolve.ts';
import { shownField } from './shown.ts';
import { type Sql, sql } from './sql.ts';
import type { ConnectionRead, FieldRead, ObjectRead } from './tree.ts';

/** In the answer, beside the nodes of a nested connection: whether there are more. */
export const MORE = '__more';
/** The key of a nested connection's rows, whatever they were asked for by. */
export const NODES = 'nodes';

/** How many rows of a nested connection come with their parent, by depth: so a fetch stays small however deep it goes. */
const CHILDREN = [100, 20, 5, 2];
/** Objects that one fetch may hold at most, as far as that can be known. */
const FETCH_MAX_OBJECTS = 4_000;
const FETCH_MAX_ROWS = 200;
const PAGE_MAX_ROWS = 1_000;
/** The few rows of a plain list, as a guess. */
const LIST_ROWS = 5;

export interface WholeList {
  readonly connection: ConnectionRead;
  /** What is read of each row. */
  readonly object: ObjectRead;
  /** The same as it was planned, field by field. */
  readonly fields: readonly PlannedField[];
  readonly rowsPerFetch: number;
}

const refused = (message: string): DomainError => new DomainError('INVALID_INPUT', message, { path: ['query'] });

/**
 * @throws DomainError INVALID_INPUT for what can't stand in a file, FORBIDDEN that names every path
 */
export function wholeList(reader: Reader, field: PlannedField): WholeList {
  const { catalogue } = reader;
  const record = catalogue.records.find(({ definition }) => definition.root?.many === field.name);
  if (!record) throw refused(`${field.name} is no list of records: an export takes one such as invoices, orders or payments.`);
  for (const name of ['first', 'after', 'last', 'before'])
    if (isGiven(field.args[name])) throw refused(`An export goes to the end of ${field.name}: leave ${name} out.`);
  const rows = rowsOf(field, [field.key]);
  if (!rows || (field.of ?? []).length > 1)
    throw refused(
      `Of ${field.name} an export takes nodes { … } or edges { node { … } }, and nothing else: that is what its file holds.`,
    );
  const fields = unpaged({ catalogue, record, path: [field.key], depth: 0 }, rows);
  const connection = resolveRootConnection(reader, record, { ...field, of: [nodesField(fields)] });
  const [part] = connection.fields;
  if (part?.kind !== 'nodes') throw new Error(`${field.name} was planned with nodes and resolved without.`);
  refuseForbidden(reader);
  const rowsPerFetch = Math.max(1, Math.min(FETCH_MAX_ROWS, Math.floor(FETCH_MAX_OBJECTS / objectsOf(part.of))));
  return { connection, object: part.of, fields, rowsPerFetch };
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const nodesField = (of: readonly PlannedField[]): PlannedField => ({ key: NODES, name: 'nodes', args: {}, of });

interface Place {
  readonly catalogue: Catalogue;
  readonly record: ReadRecord;
  readonly path: readonly string[];
  /** How many nested connections are around it. */
  readonly depth: number;
}

/** The fields of a record, its nested connections without an end. */
function unpaged(place: Place, fields: readonly PlannedField[]): readonly PlannedField[] {
  const { catalogue, record, path, depth } = place;
  return fields.map((field): PlannedField => {
    const shown = shownField(record, field.name);
    if (shown?.kind !== 'one' && shown?.kind !== 'first' && shown?.kind !== 'many') return field;
    const inside = { ...place, record: catalogue.record(shown.relation.record), path: [...path, field.key] };
    if (shown.kind !== 'many' || !shown.relation.connection) return { ...field, of: unpaged(inside, field.of ?? []) };
    const rows = rowsOf(field, inside.path);
    if (!rows) return field;
    if (!fields.some(({ key, name }) => key === 'id' && name === 'id'))
      throw refused(`${path.join('.')} has a nested list, ${field.key}, whose lines name it by its id: select id there too.`);
    return withRows(field, { nodes: unpaged({ ...inside, depth: depth + 1 }, rows), depth });
  });
}

function withRows(
  field: PlannedField,
  { nodes, depth }: { readonly nodes: readonly PlannedField[]; readonly depth: number },
): PlannedField {
  const counts = (field.of ?? []).filter(({ name }) => name !== 'nodes' && name !== 'edges');
  if (isGiven(field.args['first']) || isGiven(field.args['last'])) return { ...field, of: [...counts, nodesField(nodes)] };
  const first = CHILDREN[Math.min(depth, CHILDREN.length - 1)];
  return { ...field, args: { ...field.args, first }, of: [...counts, nodesField(nodes), pageField(['hasNextPage'])] };
}

const pageField = (names: readonly string[]): PlannedField => ({
  key: MORE,
  name: 'pageInfo',
  args: {},
  of: names.map((name) => ({ key: name, name, args: {}, of: null })),
});

/** What is asked of the rows of a connection, by either name; null where it is only counted. */
function rowsOf(field: PlannedField, path: readonly string[]): readonly PlannedField[] | null {
  const parts = field.of ?? [];
  const where = path.join('.');
  const cursor = ['after', 'before'].find((name) => isGiven(field.args[name]));
  if (cursor !== undefined) throw refused(`${cursor} of ${where} has no place in an export: a cursor is of one page.`);
  const page = parts.find(({ name }) => name === 'pageInfo');
  if (page) throw refused(`${where}.${page.key} has no place in an export, which has no pages: leave it out.`);
  const [rows, ...others] = parts.filter(({ name }) => name === 'nodes' || name === 'edges');
  if (others.length > 0) throw refused(`${where} asks for its rows twice: take nodes or edges, once.`);
  if (!rows || rows.name === 'nodes') return rows?.of ?? null;
  const [node, ...more] = rows.of ?? [];
  if (node?.name !== 'node' || more.length > 0)
    throw refused(`Of ${where}.${rows.key} an export takes node { … } alone: cursors are of pages.`);
  return node.of ?? [];
}

/** How many objects an answer can hold with one of these. */
function objectsOf({ fields }: ObjectRead): number {
  return fields.reduce((sum, field) => sum + objectsOfField(field), 1);
}

function objectsOfField(field: FieldRead): number {
  if (field.kind === 'one' || field.kind === 'first') return objectsOf(field.of);
  if (field.kind === 'list') return LIST_ROWS * objectsOf(field.of);
  if (field.kind !== 'connection') return 0;
  const { fields, page } = field.connection;
  return fields.reduce((sum, part) => sum + (part.kind === 'nodes' ? page.size * objectsOf(part.of) : 0), 1);
}

/** The table of a list, and the condition on its rows: scope and filter. */
function listed({ catalogue, asker }: Source, { connection }: WholeList) {
  const into = compiling(catalogue, asker);
  const level = levelOf(into, connection);
  const fits = predicateSql({ ...level, catalogue, predicate: connection.where, related: relatedIn(into, connection.moment) });
  const table = sql`${sql.id(level.record.table)} ${sql.id(level.alias)}`;
  return { into, level, table, where: sql`${level.where} and ${fits}` };
}

/** Rows `answer`, in the order of the list. */
export function wholeListSql(source: Source, list: WholeList): Sql {
  const { into, level, table, where } = listed(source, list);
  const answer = objectSql(into, level, list.object);
  const order = list.connection.order.map(({ column, isDescending }) => ({
    sql: columnSql(level, column.property),
    isDescending,
  }));
  return sql`select ${answer}::text as answer from ${table} ${sql.join(level.joins, ' ')} where ${where} order by ${orderSql(order)}`;
}

/** A row `count`. */
export function wholeListCountSql(source: Source, list: WholeList): Sql {
  const { table, where } = listed(source, list);
  return sql`select count(*)::int as count from ${table} where ${where}`;
}

export interface ChildPage {
  /** Of the row that the list belongs to. */
  readonly record: ReadRecord;
  readonly moment: Moment;
  /** Its bare uuid. */
  readonly id: string;
  /** The nested connection, as `WholeList.fields` has it. */
  readonly field: PlannedField;
  /** Null for the first page. */
  readonly after: string | null;
  /** What one row of it holds. */
  readonly of: ObjectRead;
}

/** A row `answer`: the parent with nothing but a page of the nested connection, and under `MORE` where the next one begins. */
export function childPageSql(reader: Reader, { record, moment, id, field, after, of }: ChildPage): Sql {
  const first = Math.max(1, Math.min(PAGE_MAX_ROWS, Math.floor(FETCH_MAX_OBJECTS / objectsOf(of))));
  const rows = (field.of ?? []).filter(({ key }) => key === NODES);
  const page = { ...field, args: { ...field.args, first, after }, of: [...rows, pageField(['hasNextPage', 'endCursor'])] };
  const object = resolveObject({ reader, record, moment, path: [] }, [page]);
  refuseForbidden(reader);
  return recordsSql(reader, { object, where: eq('id', id), choiceBy: null, known: null, limit: 1 });
}
