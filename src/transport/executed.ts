/**
 * Runs a request in Apollo's pipeline. Apollo's own reading of HTTP stands before it only where parameters have to be read from an address
 * or refused; it never decides who is asking, which is settled before.
 */
import type { ApolloServer, GraphQLRequest, HeaderMap, HTTPGraphQLRequest } from '@apollo/server';
import type { GraphContext } from '../write/context.ts';
import { bodyOf } from './answer-bytes.ts';

export interface Executed {
  readonly status: number;
  readonly headers: HeaderMap;
  readonly body: string | readonly Buffer[];
}

/** The request with its document in place, run. */
export async function executed(
  apollo: ApolloServer<GraphContext>,
  http: HTTPGraphQLRequest,
  contextValue: GraphContext,
): Promise<Executed> {
  const parameters = http.method === 'POST' ? plainParameters(http.body) : null;
  if (parameters) {
    const { body, http: head } = await apollo.executeOperation({ ...parameters, http }, { contextValue });
    // @defer and @stream aren't part of the schema, so there is never a second part
    if (body.kind !== 'single') throw new Error('Apollo answered in parts.');
    return { status: head.status ?? 200, headers: head.headers, body: bodyOf(body.singleResult) };
  }
  const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: http,
    context: async () => contextValue,
  });
  if (body.kind !== 'complete') throw new Error('Apollo answered in parts.');
  return { status: status ?? 200, headers, body: body.string };
}

type Parameters = Pick<GraphQLRequest, 'operationName' | 'variables' | 'extensions'>;

/** Those of a document that we have prepared; null for what isn't as it should be, which Apollo names. */
function plainParameters(body: unknown): Parameters | null {
  const { query, operationName, variables, extensions } = body as Readonly<Record<string, unknown>>;
  if (query !== undefined || !isRecord(extensions)) return null;
  if (typeof (operationName ?? '') !== 'string' || !isRecord(variables ?? {})) return null;
  return {
    extensions,
    ...(typeof operationName === 'string' ? { operationName } : {}),
    ...(isRecord(variables) ? { variables } : {}),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
