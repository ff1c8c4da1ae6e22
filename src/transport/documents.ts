/**
 * Parses, measures and validates documents, the same for HTTP and for sockets, and keeps good ones. Sizes are checked between
 * parsing and validation, since validation rules are what a hostile document is made to be slow in; Apollo has no place there
 * (what its hooks throw becomes a 500), so it gets its documents from here, as if from its own cache.
 */
import type { ApolloServerOptionsWithSchema } from '@apollo/server';
import { createHash } from 'node:crypto';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import type { Limits } from '../config.ts';
import type { GraphContext } from '../write/context.ts';
import { freshnessRule } from '../read/fresh.ts';
import { checkLimits } from './graphql-limits.ts';

export type Prepared = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

export interface Documents {
  prepare(query: string): Prepared;
  /** Apollo's `documentStore`: it asks by `<hash of the schema>:<sha256 of the text>`. */
  readonly store: NonNullable<ApolloServerOptionsWithSchema<GraphContext>['documentStore']>;
}

interface Kept {
  readonly document: DocumentNode;
  readonly hash: string;
}

/** @example createDocuments(schema, config.limits).prepare('{ __typename }') // { document } */
export function createDocuments(schema: GraphQLSchema, limits: Limits): Documents {
  const byText = new Map<string, Kept>();
  const byHash = new Map<string, DocumentNode>();
  let chars = 0;

  // bounded in characters too: a kept document takes some hundred times its text
  const keep = (query: string, document: DocumentNode): void => {
    const hash = createHash('sha256').update(query).digest('hex');
    byText.set(query, { document, hash });
    byHash.set(hash, document);
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
      if (before) return before;
      const prepared = prepare(query, schema, limits);
      // bad ones aren't kept, so that nobody pushes the good ones out with them
      if ('document' in prepared) keep(query, prepared.document);
      return prepared;
    },
    store: {
      get: async (key) => byHash.get(key.slice(key.lastIndexOf(':') + 1)),
      set: async () => {},
      delete: async () => false,
    },
  };
}

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
  return errors.length === 0 ? { document } : { errors: errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')) };
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
