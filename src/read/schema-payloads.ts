/** What mutations answer with: the record, and why not. */
import type { ClassType } from 'type-graphql';
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
