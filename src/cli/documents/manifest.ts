/** Manifests of trusted documents, as build tools write them: Apollo's list of operations, or the map from id to text of Relay and others. */
import type { NamedDocument } from '../../transport/document-check.ts';
import { Failure } from '../failure.ts';

const ID = /^[\w.:-]{1,200}$/;

/** @throws Failure that says what a manifest looks like */
export function readManifest(text: string, file: string): readonly NamedDocument[] {
  const value = parse(text, file);
  const documents = documentsIn(value);
  if (documents === null || documents.length === 0)
    throw new Failure(
      `${file} holds no documents: it must be an apollo-persisted-query-manifest of version 1, or a JSON object from id to text, as the Relay compiler writes it.`,
    );
  for (const { id } of documents)
    if (!ID.test(id))
      throw new Failure(
        `${file} has the id ${JSON.stringify(id.slice(0, 60))}: an id is 1 to 200 letters, digits or "_", "-", ".", ":".`,
      );
  const seen = new Map<string, string>();
  for (const { id, text: body } of documents) {
    if ((seen.get(id) ?? body) !== body) throw new Failure(`${file} has two documents with the id ${id}.`);
    seen.set(id, body);
  }
  return [...seen].map(([id, body]) => ({ id, text: body }));
}

function documentsIn(value: unknown): readonly NamedDocument[] | null {
  if (!isObject(value)) return null;
  const { format, version, operations } = value;
  const isApollos = format === 'apollo-persisted-query-manifest' && version === 1 && Array.isArray(operations);
  const pairs: readonly (readonly [unknown, unknown])[] = isApollos
    ? operations.map((one: unknown) => (isObject(one) ? [one['id'], one['body']] : [undefined, undefined]))
    : Object.entries(value);
  const documents = pairs.flatMap(([id, text]) => (typeof id === 'string' && typeof text === 'string' ? [{ id, text }] : []));
  return documents.length === pairs.length ? documents : null;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Failure(`${file} is not JSON.`);
  }
}
