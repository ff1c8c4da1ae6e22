/** Natural keys: a record by what people call it, such as legal entity and number. */
import { DomainError } from '../kernel/errors.ts';
import { and, eq, FALSE, type Predicate, type Scalar, some } from '../kernel/predicate.ts';
import type { ReadRecord } from './record.ts';
import { uuidWith, type WhereContext } from './where.ts';

type Key = Readonly<Record<string, unknown>>;

/**
 * What a natural key asks for. The legal entity may be given by its code or its id, or be left out.
 * @throws DomainError INVALID_INPUT for a key that isn't one of the record's
 */
export function keyPredicate({ reader, record, path }: WhereContext, key: Key): Predicate {
  const given = Object.entries(key).filter(([, value]) => value !== undefined && value !== null);
  const names = new Set(given.map(([name]) => name));
  const keys = record.definition.root?.keys ?? [];
  const isComplete = keys.some((properties) => {
    const wanted = properties.filter((property) => property !== 'legalEntityId');
    return wanted.every((property) => names.has(property)) && [...names].every((name) => properties.includes(name));
  });
  if (!isComplete) {
    const choices = [
      'id',
      ...keys.map((properties) => properties.map((p) => (p === 'legalEntityId' ? 'legalEntity' : p)).join(' + ')),
    ];
    throw new DomainError('INVALID_INPUT', `${path.join('.')} needs exactly one of: ${choices.join(', ')}.`, {
      details: { choices },
    });
  }
  return and(
    ...given.map(([property, value]) => {
      if (property === 'legalEntityId') return ofLegalEntity({ reader, record, path }, value as string);
      const ref = record.columns[property]?.meta?.ref;
      if (ref === undefined) return eq(property, value as Scalar);
      return eq(property, uuidWith(reader.catalogue.record(ref).definition.prefix, value as string, [...path, property]));
    }),
  );
}

function ofLegalEntity({ reader, record }: WhereContext, text: string): Predicate {
  const relation = legalEntityRelation(record);
  const { prefix } = reader.catalogue.record('LegalEntity').definition;
  if (text.startsWith(`${prefix}_`)) return eq('legalEntityId', uuidWith(prefix, text, ['legalEntity']));
  return relation === null ? FALSE : some(relation, eq('code', text));
}

/** The relation to the legal entity whose books a record is in. */
export function legalEntityRelation(record: ReadRecord): string | null {
  const relations = Object.entries(record.definition.relations ?? {});
  return relations.find(([, one]) => one.kind === 'one' && one.by === 'legalEntityId' && one.through === undefined)?.[0] ?? null;
}
