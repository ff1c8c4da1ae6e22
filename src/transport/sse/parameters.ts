/** The parameters of an operation as event streams send them, in a body or in an address; whatever has another form is refused by name. */
import { DomainError } from '../../kernel/errors.ts';
import type { SentOperation } from '../begin-operation.ts';

export interface SentParameters extends SentOperation {
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** @throws DomainError BAD_REQUEST */
export function sentInBody(body: unknown): SentParameters {
  if (Array.isArray(body))
    throw new DomainError('BAD_REQUEST', 'Batches of operations are not accepted. Send one operation per request.');
  if (!isObject(body)) throw new DomainError('BAD_REQUEST', 'The body must be a JSON object with "query".');
  return checked(body);
}

/** @throws DomainError BAD_REQUEST */
export function sentInAddress(address: URLSearchParams): SentParameters {
  const text = (name: string) => address.get(name) ?? undefined;
  const parameters = {
    query: text('query'),
    documentId: text('documentId'),
    id: text('id'),
    operationName: text('operationName'),
    variables: jsonIn(text('variables'), 'variables'),
    extensions: jsonIn(text('extensions'), 'extensions'),
  };
  return checked(Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)));
}

/** @throws DomainError BAD_REQUEST */
export function operationIdOf({ extensions }: SentParameters): string {
  const id = extensions?.['operationId'];
  if (typeof id === 'string' && /^[\w.:-]{1,128}$/.test(id)) return id;
  throw new DomainError('BAD_REQUEST', 'extensions.operationId must be 1 to 128 letters, digits or "_", "-", ".", ":".');
}

function checked(given: Readonly<Record<string, unknown>>): SentParameters {
  const { query, operationName, variables, extensions } = given;
  const texts = { query, operationName };
  for (const [name, value] of Object.entries(texts))
    if (value !== undefined && value !== null && typeof value !== 'string') throw wrong(name, 'a text');
  for (const [name, value] of Object.entries({ variables, extensions }))
    if (value !== undefined && value !== null && !isObject(value)) throw wrong(name, 'an object');
  if (!query && !given['documentId'] && !given['id'] && !isObject(extensions)) throw wrong('query', 'a document');
  return given;
}

const wrong = (name: string, what: string) => new DomainError('BAD_REQUEST', `"${name}" must be ${what}.`);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonIn(text: string | undefined, name: string): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrong(name, 'a JSON object');
  }
}
