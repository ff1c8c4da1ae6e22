/**
 * From what a request names to the text of its document: the text itself, the hash of one sent before (automatic persisted queries, as
 * Apollo Client and urql send them), or the id of a trusted one. Where only trusted documents are taken, it is decided here, for HTTP
 * and sockets alike. It grants nothing: whoever names a document reads with their own rights.
 */
import { may, type Principal } from '../access/principal.ts';
import type { Config } from '../config.ts';
import { DomainError } from '../kernel/errors.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Documents } from './documents.ts';

/** Documents that the operator has added, of all tenants and of this one. */
export interface TrustedDocuments {
  byId(tenantId: string, id: string): Promise<string | null>;
  hasText(tenantId: string, text: string): Promise<boolean>;
}

/** Parameters of a request as they came. */
export interface AskedDocument {
  readonly query?: unknown;
  /** `id` is what Relay's network layers and urql's call it. */
  readonly documentId?: unknown;
  readonly id?: unknown;
  readonly extensions?: unknown;
}

export interface Persisted {
  /**
   * The text of the document. Undefined when none is named.
   * @throws DomainError BAD_REQUEST, PERSISTED_QUERY_NOT_FOUND, DOCUMENT_NOT_TRUSTED
   */
  textOf(asked: AskedDocument, principal: Principal): string | undefined | Promise<string | undefined>;
}

export interface PersistedParts {
  readonly config: Pick<Config, 'trustedDocuments'>;
  readonly documents: Documents;
  readonly trusted: TrustedDocuments;
}

const ID = /^[\w.:-]{1,200}$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** The words by which clients know that they have to send the text. */
const NOT_FOUND = 'PersistedQueryNotFound';

export function createPersisted({ config, documents, trusted }: PersistedParts): Persisted {
  const mode = config.trustedDocuments;
  const mayNameAny = (principal: Principal) => mode !== 'only' || may(principal, 'documents:any');

  const trustedText = async (text: string, { tenantId }: Principal): Promise<string> => {
    if (await trusted.hasText(tenantId, text)) return text;
    throw new DomainError(
      'DOCUMENT_NOT_TRUSTED',
      'This server takes trusted documents only, and this is none of them: have it added by the operator, or ask for the permission documents:any.',
    );
  };
  const textById = async (id: unknown, isHash: boolean, principal: Principal): Promise<string> => {
    if (typeof id !== 'string' || !ID.test(id))
      throw badRequest(`The id of a document is 1 to 200 letters, digits or "_", "-", ".", ":".`);
    const text = mode === 'off' ? null : await trusted.byId(principal.tenantId, id);
    const known = text ?? (isHash && mayNameAny(principal) ? documents.textOf(id) : undefined);
    if (known !== undefined) return known;
    const message = isHash ? NOT_FOUND : `There is no trusted document with the id ${id}. Have the operator add it.`;
    throw new DomainError('PERSISTED_QUERY_NOT_FOUND', message);
  };
  return {
    textOf(asked, principal) {
      const { query, documentId, id, extensions } = asked;
      const hash = hashIn(extensions);
      if (typeof query === 'string' && query !== '') {
        if (hash !== undefined && (!SHA256.test(hash) || hash !== sha256(query)))
          throw badRequest(
            'extensions.persistedQuery.sha256Hash is not the SHA-256 of the query. Send the hash of this very text.',
          );
        return mayNameAny(principal) ? query : trustedText(query, principal);
      }
      if (hash !== undefined) return textById(hash, true, principal);
      if (documentId !== undefined || id !== undefined) return textById(documentId ?? id, false, principal);
      return undefined;
    },
  };
}

const badRequest = (message: string) => new DomainError('BAD_REQUEST', message);

function hashIn(extensions: unknown): string | undefined {
  const persisted = own(extensions, 'persistedQuery');
  if (persisted === undefined || persisted === null) return undefined;
  const hash = own(persisted, 'sha256Hash');
  if (own(persisted, 'version') !== 1 || typeof hash !== 'string')
    throw badRequest('extensions.persistedQuery must be {"version": 1, "sha256Hash": "…"}.');
  return hash;
}

const own = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
