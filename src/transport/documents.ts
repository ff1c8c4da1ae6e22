/**
 * Parses, measures and validates documents, the same for HTTP and for sockets, and keeps good ones. Sizes are checked between
 * parsing and validation, since validation rules are what a hostile document is made to be slow in; Apollo has no place there
 * (what its hooks throw becomes a 500), so it gets its documents from here, as if from its own cache.
 */
import type { ApolloServerOptionsWithSchema } from '@apollo/server';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import type { Limits } from '../config.ts';
import type { GraphContext } from '../write/context.ts';
import { sha256 } from '../kernel/hash.ts';
import { freshnessRule } from '../read/fresh.ts';
import { checkLimits } from './graphql-limits.ts';

export interface PreparedDocument {
  readonly document: DocumentNode;
  /** The SHA-256 of its text. */
  readonly hash: string;
}

export type Prepared = PreparedDocument | { readonly errors: readonly GraphQLError[] };

export interface Documents {
  prepare(query: string): Prepared;
  /** Has this text been prepared before, so that it costs nothing now? */
  isKept(query: string): boolean;
  /** The text of a kept document by its SHA-256: what clients of automatic persisted queries register. */
  textOf(hash: string): string | undefined;
  /** Keeps a document for Apollo, which is told its hash only, until the answer is made. */
  whileKept<T>(text: string, prepared: PreparedDocument, run: () => Promise<T>): Promise<T>;
  /** Where Apollo finds the text of the hash: it would take a hash of the text for each request otherwise. */
  readonly texts: { get(key: string): Promise<string | undefined>; set(): Promise<void>; delete(): Promise<boolean> };
  /** Apollo's `documentStore`: it asks by `<hash of the schema>:<sha256 of the text>`. */
  readonly store: NonNullable<ApolloServerOptionsWithSchema<GraphContext>['documentStore']>;
}

/** @example createDocuments(schema, config.limits).prepare('{ __typename }') // { document } */
export function createDocuments(schema: GraphQLSchema, limits: Limits): Documents {
  const byText = new Map<string, PreparedDocument>();
  const byHash = new Map<string, { readonly text: string; readonly document: DocumentNode }>();
  const running = new Map<string, { readonly text: string; readonly document: DocumentNode; readonly count: number }>();
  let chars = 0;

  // bounded in characters too: a kept document takes some hundred times its text
  const keep = (query: string, { document, hash }: PreparedDocument): void => {
    byText.set(query, { document, hash });
    byHash.set(hash, { text: query, document });
    chars += query.length;
    for (const [text, oldest] of byText) {
      if (byText.size <= limits.documentCacheMaxCount && chars <= limits.documentCacheMaxChars) break;
      byText.delete(text);
      byHash.delete(oldest.hash);
      chars -= text.length;
    }
  };
  return {
    prepare(query) {
      const before = byText.get(query);
      if (before) {
        // again at the end: the first is the one that was unused for longest
        byText.delete(query);
        byText.set(query, before);
        return before;
      }
      const prepared = prepare(query, schema, limits);
      // bad ones aren't kept, so that nobody pushes the good ones out with them
      if ('document' in prepared) keep(query, prepared);
      return prepared;
    },
    isKept: (query) => byText.has(query),
    textOf: (hash) => byHash.get(hash)?.text,
    async whileKept(text, { document, hash }, run) {
      const before = running.get(hash);
      running.set(hash, { text, document, count: (before?.count ?? 0) + 1 });
      try {
        return await run();
      } finally {
        const after = running.get(hash);
        if (after && after.count > 1) running.set(hash, { ...after, count: after.count - 1 });
        else running.delete(hash);
      }
    },
    texts: {
      get: async (key) => running.get(hashIn(key))?.text,
      set: async () => {},
      delete: async () => false,
    },
    store: {
      get: async (key) => (running.get(hashIn(key)) ?? byHash.get(hashIn(key)))?.document,
      set: async () => {},
      delete: async () => false,
    },
  };
}

/** What stands behind Apollo's prefixes. */
const hashIn = (key: string): string => key.slice(key.lastIndexOf(':') + 1);

function prepare(query: string, schema: GraphQLSchema, limits: Limits): Prepared {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: limits.queryMaxTokens });
  } catch (error) {
    return { errors: [withCode(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')] };
  }
  const broken = checkLimits(document, limits);
  if (broken) return { errors: [new GraphQLError(broken.message, { originalError: broken })] };
  const errors = validate(schema, document, [...specifiedRules, freshnessRule], { maxErrors: limits.errorsShownMax });
  return errors.length === 0
    ? { document, hash: sha256(query) }
    : { errors: errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')) };
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions, originalError } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    originalError: originalError ?? null,
    extensions: { code },
  });
}
