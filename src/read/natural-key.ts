/** Natural keys: a record by what people call it, such as legal entity and number. */
import { DomainError } from '../kernel/errors.ts';
import { and, FALSE, type Scalar, some } from '../kernel/predicate.ts';
import { type Condition, mapped, type Maybe, settled } from './later.ts';
import type { ReadRecord } from './record.ts';
import { uuidWith, type WhereContext } from './where.ts';

type Key = Readonly<Record<string, unknown>>;

/**
 * What a natural key asks for. The legal entity may be given by its code or its id, or be left out.
 * @throws DomainError INVALID_INPUT for a key that isn't one of the record's
 */
export function keyPredicate({ reader, record, path }: WhereContext, key: Key): Condition {
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
    ...given.map(([property, value]): Condition => {
      if (property === 'legalEntityId') return ofLegalEntity({ reader, record, path }, value as Maybe<string>);
      const ref = record.columns[property]?.meta?.ref;
      if (ref === undefined) return { op: 'eq', field: property, value: value as Maybe<Scalar> };
      const { prefix } = reader.catalogue.record(ref).definition;
      const uuid = mapped(value as Maybe<string>, (text) => uuidWith(prefix, text, [...path, property]));
      return { op: 'eq', field: property, value: uuid };
    }),
  );
}

function ofLegalEntity({ reader, record }: WhereContext, text: Maybe<string>): Condition {
  const relation = legalEntityRelation(record);
  const { prefix } = reader.catalogue.record('LegalEntity').definition;
  if (settled(mapped(text, (one) => one.startsWith(`${prefix}_`))))
    return { op: 'eq', field: 'legalEntityId', value: mapped(text, (one) => uuidWith(prefix, one, ['legalEntity'])) };
  return relation === null ? FALSE : some(relation, { op: 'eq', field: 'code', value: text });
}

/** The relation to the legal entity whose books a record is in. */
export function legalEntityRelation(record: ReadRecord): string | null {
  const relations = Object.entries(record.definition.relations ?? {});
  return relations.find(([, one]) => one.kind === 'one' && one.by === 'legalEntityId' && one.through === undefined)?.[0] ?? null;
}
