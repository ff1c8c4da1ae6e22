/**
 * JSON lines: a row of the list each, and after it the rows of its nested lists, on lines of their own that name their parent
 * (`__parentId`, and `__parentField`, by which name they were asked for). Plain lists of a few rows stay in the row that they belong to.
 */
import { parsePublicId } from '../../kernel/ids.ts';
import { type ChildPage, MORE, NODES } from '../../read/every-row.ts';
import type { PlannedField } from '../../read/plan.ts';
import type { ConnectionRead, FieldRead, ObjectRead } from '../../read/tree.ts';
import type { Row } from './columns.ts';

/** Reads a page of a nested list that didn't come whole with its parent. */
export type ReadChildren = (page: ChildPage) => Promise<Row>;

/** An object with the lists in it, as far as there are any. */
export interface Nest {
  readonly object: ObjectRead;
  readonly fields: readonly PlannedField[];
}

interface Nested {
  readonly key: string;
  /** A connection of the object itself; else its parts are looked into. */
  readonly connection: ConnectionRead | null;
  readonly planned: PlannedField;
  readonly inner: Nest;
}

const nests = new WeakMap<ObjectRead, readonly Nested[]>();

/** Whether its rows are lines as they come from the database. */
export const isPlain = (nest: Nest): boolean => nestedIn(nest).length === 0;

function nestedIn(nest: Nest): readonly Nested[] {
  const known = nests.get(nest.object);
  if (known) return known;
  const found = nest.object.fields.flatMap((field, i): Nested[] => {
    const planned = nest.fields[i];
    return planned ? nestedOf(field, planned) : [];
  });
  nests.set(nest.object, found);
  return found;
}

function nestedOf(field: FieldRead, planned: PlannedField): Nested[] {
  const { key } = field;
  if (field.kind === 'connection') {
    const rows = field.connection.fields.find((part) => part.kind === 'nodes');
    const fields = planned.of?.find((part) => part.key === NODES)?.of ?? [];
    return rows ? [{ key, connection: field.connection, planned, inner: { object: rows.of, fields } }] : [];
  }
  if (field.kind !== 'one' && field.kind !== 'first' && field.kind !== 'list') return [];
  const inner = { object: field.of, fields: planned.of ?? [] };
  return isPlain(inner) ? [] : [{ key, connection: null, planned, inner }];
}

/** The lines of one row, each without its line break. */
export async function* linesOf(nest: Nest, row: Row, read: ReadChildren): AsyncGenerator<string> {
  const children: Child[] = [];
  const own = withoutLists(nest, row, children);
  yield JSON.stringify(own);
  for (const child of children) yield* linesOfChild(child, read);
}

interface Child {
  readonly parent: Row;
  readonly of: ObjectRead;
  readonly nested: Nested;
}

/** The row without its nested lists, which are noted for later. */
function withoutLists(nest: Nest, row: Row, children: Child[]): Row {
  const found = nestedIn(nest);
  if (found.length === 0) return row;
  const shown: Record<string, unknown> = { ...row };
  for (const nested of found) {
    const { key, connection, inner } = nested;
    const value = row[key] as Row | readonly Row[] | null;
    if (value === null) continue;
    if (connection) {
      children.push({ parent: row, of: nest.object, nested });
      const { [NODES]: _, [MORE]: __, ...counts } = value as Row;
      if (Object.keys(counts).length > 0) shown[key] = counts;
      else delete shown[key];
    } else {
      shown[key] = Array.isArray(value)
        ? value.map((one: Row) => withoutLists(inner, one, children))
        : withoutLists(inner, value as Row, children);
    }
  }
  return shown;
}

async function* linesOfChild({ parent, of, nested }: Child, read: ReadChildren): AsyncGenerator<string> {
  const { key, inner } = nested;
  const marks = { __parentId: parent['id'], __parentField: key };
  for await (const row of rowsOfChild({ parent, of, nested }, read)) {
    const grandchildren: Child[] = [];
    const own = withoutLists(inner, row, grandchildren);
    yield JSON.stringify({ ...own, ...marks });
    for (const one of grandchildren) yield* linesOfChild(one, read);
  }
}

/** What came with the parent where that is all; else everything anew, page by page. */
async function* rowsOfChild({ parent, of, nested }: Child, read: ReadChildren): AsyncGenerator<Row> {
  const { key, planned, inner } = nested;
  const first = parent[key] as { readonly nodes: readonly Row[]; readonly [MORE]?: { readonly hasNextPage: boolean } };
  if (first[MORE]?.hasNextPage !== true) {
    yield* first.nodes;
    return;
  }
  const { uuid: id } = parsePublicId(String(parent['id']));
  let after: string | null = null;
  do {
    const page = await read({ record: of.record, moment: of.moment, id, field: planned, after, of: inner.object });
    const { nodes, [MORE]: next } = page[key] as {
      nodes: readonly Row[];
      [MORE]: { hasNextPage: boolean; endCursor: string | null };
    };
    yield* nodes;
    after = next.hasNextPage ? next.endCursor : null;
  } while (after !== null);
}
