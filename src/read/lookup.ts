/** What a look-up of one record asks for: its id, a natural key, or the id that an ERP has for it. */
import { DomainError } from '../kernel/errors.ts';
import { TRUE } from '../kernel/predicate.ts';
import type { Sought } from './compile.ts';
import { mapped, type Maybe } from './later.ts';
import { keyPredicate, legalEntityRelation } from './natural-key.ts';
import { needPermission } from './reader.ts';
import type { ExternalRef, ReadRecord } from './record.ts';
import { uuidWith, type WhereContext } from './where.ts';

/** One record by its public id, by a natural key (properties and their values; `legalEntity` may be left out), or by the ERP's own id. */
export type By<Text = string> =
  | { readonly id: Text }
  | { readonly key: Readonly<Record<string, unknown>> }
  | { readonly ref: ExternalRef<Text> };

export function soughtBy(context: WhereContext, by: By<Maybe<string>>): Sought {
  const { reader, record, path } = context;
  const nothing = { choiceBy: null, known: null };
  if ('id' in by) {
    const uuid = mapped(by.id, (id) => uuidWith(record.definition.prefix, id, ['id']));
    return { ...nothing, where: { op: 'eq', field: 'id', value: uuid } };
  }
  if ('key' in by) return { ...nothing, where: keyPredicate(context, by.key), choiceBy: legalEntityRelation(record) };
  needPermission(reader, record.definition.root?.known?.permission ?? null, [...path, 'externalRef']);
  return { ...nothing, where: TRUE, known: by.ref };
}

/** The kind of record that ids with a prefix name, if it can be read by itself. @throws DomainError INVALID_ID */
export function rootByPrefix(find: (prefix: string) => ReadRecord | undefined, prefix: string): ReadRecord {
  const record = find(prefix);
  if (record?.definition.root) return record;
  throw new DomainError('INVALID_ID', `No record that can be read by itself has ids that begin with "${prefix}_".`, {
    details: { path: ['id'] },
  });
}
