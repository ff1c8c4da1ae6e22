/** What mutations answer with: the record, and why not. */
import { type ClassType, Int } from 'type-graphql';
import { ERROR_CODES, type ErrorCode } from '../kernel/errors.ts';
import { type FieldSpec, objectClass, recordNamed } from './schema-classes.ts';
import { enumType } from './schema-enums.ts';
import { objectType } from './schema-objects.ts';

const errorCodes = enumType(
  'ErrorCode',
  Object.keys(ERROR_CODES),
  Object.fromEntries(Object.entries(ERROR_CODES).map(([code, { cause, remedy }]) => [code, `${cause} ${remedy}`])),
);

const UserErrorObject = objectClass({
  name: 'UserError',
  description: 'Why a mutation did nothing, so that a person can act on it.',
  fields: [
    { name: 'code', type: () => errorCodes, description: 'The kind of refusal. It never changes its meaning.' },
    { name: 'message', type: () => String, description: 'A sentence for a person.' },
    {
      name: 'path',
      type: () => [String],
      description: 'The input field, from the outside in; list places count from 0. Empty for the whole input.',
    },
  ],
});

interface UserErrorValues {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: readonly string[];
}

/** A `UserError` as resolvers return it. */
export const userError = ({ code, message, path }: UserErrorValues): object =>
  Object.assign(new UserErrorObject(), { code, message, path: [...path] });

/** What is wrong with the argument `input`, or with what stands in it at a place, as resolvers return it. */
export const userErrors = (problems: readonly UserErrorValues[], at: readonly string[] = []): readonly object[] =>
  problems.map((problem) => userError({ ...problem, path: ['input', ...at, ...problem.path] }));

export interface PayloadOptions {
  /** The name of the field with the record; null without one. */
  readonly field: string | null;
  /** What the secret is that is shown once. */
  readonly secret?: string;
}

type Payload = ClassType<Record<string, unknown>>;

const known = new Map<string, Payload>();

/**
 * The payload type of a mutation: its record, and why it was refused.
 * @example payloadType('IssueInvoicePayload', 'Invoice', { field: 'invoice' })
 */
export function payloadType(name: string, record: string | null, { field, secret }: PayloadOptions): Payload {
  const found = known.get(name);
  if (found) return found;
  const fields: FieldSpec[] = [];
  if (record !== null && field !== null) {
    const type = () => objectType(recordNamed(record));
    fields.push({ name: field, type, nullable: true, description: 'The record as it is now; null when refused.' });
  }
  if (secret !== undefined) fields.push({ name: 'secret', type: () => String, nullable: true, description: secret });
  const made = objectClass({
    name,
    description: `What came of ${name.slice(0, 1).toLowerCase()}${name.slice(1).replace(/Payload$/, '')}.`,
    fields: [
      ...fields,
      { name: 'userErrors', type: () => [UserErrorObject], description: 'Why it was refused; empty when it was done.' },
    ],
  });
  known.set(name, made);
  return made;
}

/** An instance of a payload type, which `fieldResolver` reads by field name. */
export const payload = (type: Payload, values: Readonly<Record<string, unknown>>): object => Object.assign(new type(), values);

export interface BulkPayloadOptions {
  readonly record: string;
  /** The field of a result with the record. */
  readonly field: string;
  /** The field with the results. */
  readonly list: string;
}

/**
 * The payload type of a mutation for many inputs, and that of one result.
 * @example bulkPayloadType('BulkPlaceOrders', { record: 'Order', field: 'order', list: 'results' })
 */
export function bulkPayloadType(
  name: string,
  { record, field, list }: BulkPayloadOptions,
): { payload: Payload; result: Payload } {
  const errors = (description: string): FieldSpec => ({ name: 'userErrors', type: () => [UserErrorObject], description });
  const called = `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
  const result = objectClass({
    name: `${name}Result`,
    description: `What came of one item of ${called}.`,
    fields: [
      { name: 'index', type: () => Int, description: 'Which item of the input, from 0.' },
      {
        name: field,
        type: () => objectType(recordNamed(record)),
        nullable: true,
        description: 'The record as it is after the whole call; null when refused.',
      },
      errors('Why it was refused; empty when it was done.'),
    ],
  });
  const made = objectClass({
    name: `${name}Payload`,
    description: `What came of ${called}.`,
    fields: [
      { name: list, type: () => [result], description: 'What came of each item, in the order of the input.' },
      errors('Why the call itself was refused, so that nothing was done; empty when the items were gone through.'),
    ],
  });
  return { payload: made, result };
}
