/** The root fields with aggregates, as the read engine takes them: alone, or as a part of a whole operation. */
import { TRUE } from '../../kernel/predicate.ts';
import { compiling } from '../compile-level.ts';
import type { Source } from '../compile.ts';
import type { RootKind } from '../operation/root.ts';
import type { PlannedField } from '../plan.ts';
import type { Reader } from '../reader.ts';
import { NOW, type ReadRecord } from '../record.ts';
import { type Sql, sql } from '../sql.ts';
import type { AggregateRead } from './aggregate-tree.ts';
import { compileAggregate } from './compile-aggregate.ts';
import { resolveAggregate } from './resolve-aggregate.ts';

export const resolveRootAggregate = (reader: Reader, record: ReadRecord, field: PlannedField): AggregateRead =>
  resolveAggregate({ reader, record, moment: NOW, path: [field.key] }, field, TRUE);

/** One row `answer`. */
export function rootAggregateSql({ catalogue, asker }: Source, read: AggregateRead): Sql {
  return sql`select ${compileAggregate(compiling(catalogue, asker), read, null)}::text as answer`;
}

export const aggregateRoot =
  (name: string): RootKind =>
  (reader, field) => {
    const read = resolveRootAggregate(reader, reader.catalogue.record(name), field);
    return { json: (source) => sql`(${rootAggregateSql(source, read)})` };
  };
