/**
 * The root fields that the read engine answers by itself: what each reads, as a part of a statement that answers a whole operation.
 * A field is one of them when its `extensions` say so, never by its name.
 */
import type { GraphQLField } from 'graphql';
import { DomainError } from '../../kernel/errors.ts';
import { parsePublicId } from '../../kernel/ids.ts';
import { nodeListSql, recordsSql, rootConnectionSql, type Source, type Wanted } from '../compile.ts';
import { all, mapped, type Maybe, settled } from '../later.ts';
import { type By, rootByPrefix, soughtBy } from '../lookup.ts';
import { PAGE_MAX } from '../paging.ts';
import type { PlannedField } from '../plan.ts';
import type { Reader } from '../reader.ts';
import { type Catalogue, NOW, type ReadRecord } from '../record.ts';
import { resolveObject, resolveRootConnection } from '../resolve.ts';
import { type RowsForm, rowsFormOfConnection, rowsFormOfObject } from '../rows/rows-form.ts';
import { type Sql, sql } from '../sql.ts';

/** What one root field reads. */
export interface RootRead {
  /** A scalar expression of JSON text; SQL's null for null. */
  json(source: Source): Sql;
  /** The same as plain rows under its key, where it is the only one that is asked for; absent or null where it has no such form. */
  rows?(source: Source, key: string): RowsForm | null;
  /** It is one record: more than one row of the root says that its key is ambiguous. */
  readonly isOne?: true;
}

/** @throws DomainError: then the ordinary path says what is wrong */
export type RootKind = (reader: Reader, field: PlannedField) => RootRead;

/** What a root field's `extensions` hold. */
export interface RootExtensions {
  readonly read: RootKind;
}

export const rootKindOf = ({ extensions }: GraphQLField<unknown, unknown>): RootKind | null => {
  const { read } = extensions as Partial<RootExtensions>;
  return read ?? null;
};

/** In the place of a record whose natural key fits several. No JSON text of a record is this. */
export const AMBIGUOUS = '?';

/** A list. */
export const manyRoot =
  (name: string): RootKind =>
  (reader, field) => {
    const read = resolveRootConnection(reader, reader.catalogue.record(name), field);
    return {
      json: (source) => sql`(${rootConnectionSql(source, read)})`,
      rows: (source, key) => rowsFormOfConnection(source, read, key),
    };
  };

/** One record, by what its arguments say. */
export const oneRoot =
  (name: string, byOf: (args: PlannedField['args']) => By<Maybe<string>>): RootKind =>
  (reader, { key, args, of }) => {
    const record = reader.catalogue.record(name);
    const by = byOf(args);
    const object = resolveObject({ reader, record, moment: NOW, path: [key] }, of ?? []);
    const sought = soughtBy({ reader, record, path: [key] }, by);
    return recordRead({ object, ...sought, choiceBy: null, limit: 'id' in by ? 1 : 2 });
  };

const recordRead = (wanted: Wanted): RootRead => ({
  json(source) {
    const rows = recordsSql(source, wanted);
    if (wanted.limit === 1) return sql`(select r.answer from (${rows}) r)`;
    return sql`(select case when count(*) > 1 then ${sql.literal(AMBIGUOUS)} else min(r.answer) end from (${rows}) r)`;
  },
  rows: (source, key) => rowsFormOfObject(source, wanted, key),
  isOne: true,
});

/** A record by its id alone, whose kind the id says. */
export const nodeRoot: RootKind = (reader, { key, args, byType }) => {
  const id = mapped(args['id'] as Maybe<string>, parsePublicId);
  const record = recordOf(reader.catalogue, settled(mapped(id, ({ prefix }) => prefix)));
  const object = resolveObject({ reader, record, moment: NOW, path: [key] }, byType?.[record.name] ?? []);
  const where = { op: 'eq', field: 'id', value: mapped(id, ({ uuid }) => uuid) } as const;
  return recordRead({ object, where, choiceBy: null, known: null, limit: 1 });
};

/** Records by their ids, in that order. */
export const nodesRoot: RootKind = (reader, { key, args, byType }) => {
  const given = Array.isArray(args['ids']) ? all<readonly string[]>(args['ids']) : (args['ids'] as Maybe<readonly string[]>);
  const ids = mapped(given, (list) => atMost(list).map(parsePublicId));
  const prefixes = settled(mapped(ids, (list) => [...new Set(list.map(({ prefix }) => prefix))].join(' ')));
  const wanted = prefixes
    .split(' ')
    .filter(Boolean)
    .map((prefix) => {
      const record = recordOf(reader.catalogue, prefix);
      const object = resolveObject({ reader, record, moment: NOW, path: [key] }, byType?.[record.name] ?? []);
      const values = mapped(ids, (list) => list.filter((id) => id.prefix === prefix).map(({ uuid }) => uuid));
      return { object, where: { op: 'in', field: 'id', values } as const };
    });
  const uuids = mapped(ids, (list) => list.map(({ uuid }) => uuid));
  return { json: (source) => nodeListSql(source, { wanted, uuids }) };
};

/** @throws DomainError TOO_MANY_ITEMS */
export function atMost(ids: readonly string[]): readonly string[] {
  if (ids.length <= PAGE_MAX) return ids;
  throw new DomainError('TOO_MANY_ITEMS', `At most ${PAGE_MAX} ids can be read at once, not ${ids.length}.`);
}

const recordOf = (catalogue: Catalogue, prefix: string): ReadRecord => rootByPrefix((one) => catalogue.byPrefix(one), prefix);
