/**
 * What a GraphQL request asks for, whichever of its forms it has: parameters of a body or of an address, its document as a text or by
 * name. What comes out is what Apollo takes: a body or an address with the text in it.
 */
import type { AskedDocument } from './persisted.ts';

export interface AskedOperation {
  /** The parameters, as they came. */
  readonly asked: AskedDocument;
  readonly asSent: { readonly search: string; readonly body: unknown };
  /** The same request with its document: in a body by its hash, which Apollo knows the text of, in an address by its text. */
  withDocument(text: string, hash: string): { readonly search: string; readonly body: unknown };
}

type Parameters = Readonly<Record<string, unknown>>;

/** @param body of a POST; undefined for a GET */
export function askedOperation(search: string, body: unknown): AskedOperation {
  if (body !== undefined) {
    const parameters = body as Parameters;
    return {
      asked: parameters,
      asSent: { search, body },
      withDocument: (text, hash) => ({ search, body: bodyWith(parameters, { text, hash }) }),
    };
  }
  const parameters = new URLSearchParams(search);
  const one = (name: string) => parameters.get(name) ?? undefined;
  const asked = { query: one('query'), documentId: one('documentId'), id: one('id'), extensions: jsonOf(one('extensions')) };
  return {
    asked,
    asSent: { search, body },
    withDocument(text) {
      if (isPlain(asked, text)) return { search, body: undefined };
      parameters.set('query', text);
      parameters.delete('extensions');
      return { search: `?${parameters.toString()}`, body: undefined };
    },
  };
}

/** Apollo would look for a persisted query by itself. */
const isPlain = ({ query, extensions }: Parameters, text: string): boolean =>
  query === text && !(typeof extensions === 'object' && extensions !== null && 'persistedQuery' in extensions);

function bodyWith({ variables, operationName, extensions }: Parameters, named: { text: string; hash: string }): Parameters {
  const rest = { ...(variables === undefined ? {} : { variables }), ...(operationName === undefined ? {} : { operationName }) };
  // extensions that are no object are refused by Apollo
  if (typeof (extensions ?? {}) !== 'object' || Array.isArray(extensions)) return { query: named.text, extensions, ...rest };
  return { extensions: { persistedQuery: { version: 1, sha256Hash: named.hash } }, ...rest };
}

/** What isn't JSON is refused by Apollo, with the other parameters. */
function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
