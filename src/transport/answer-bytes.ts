/**
 * Answers that are JSON already: the read engine's bytes stand in the place of `data` through Apollo's pipeline, and become the body
 * without being parsed or copied into a string.
 */
import { type GraphQLRequestContext, type GraphQLResponse, HeaderMap } from '@apollo/server';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import { wholeOperation } from '../read/operation/operation.ts';
import type { OperationAnswer } from '../read/operation/operations.ts';
import type { GraphContext } from '../write/context.ts';
import type { Translator } from './errors.ts';

/** What `data` is while it is bytes. */
class DataBytes {
  readonly pieces: readonly Buffer[];

  constructor(pieces: readonly Buffer[]) {
    this.pieces = pieces;
  }
}

const NO_HEADERS = new HeaderMap();
const START = Buffer.from('{"data":');
const EXTENSIONS = ',"extensions":';

/** The body of an answer, with what the plugins have put beside `data`; bytes in pieces where the data is bytes. */
export function bodyOf({ data, errors, extensions }: FormattedExecutionResult): string | readonly Buffer[] {
  if (!(data instanceof DataBytes)) return JSON.stringify({ errors, data, extensions });
  if (errors) throw new Error('An answer in bytes has no errors.');
  const rest = extensions ? `${EXTENSIONS}${JSON.stringify(extensions)}}` : '}';
  return [START, ...data.pieces, Buffer.from(rest)];
}

/** What the read engine answers whole; null where the operation has to be executed. */
export async function wholeAnswer(
  translator: Translator,
  asked: GraphQLRequestContext<GraphContext>,
): Promise<GraphQLResponse | null> {
  const { schema, document, operation: definition, request, contextValue } = asked;
  const operation = document && definition ? wholeOperation({ schema, document, operation: definition }) : null;
  if (!operation) return null;
  const { read, principal, requestId } = contextValue;
  const answer = await read.operation({ operation, variables: request.variables ?? {}, principal });
  if (!answer) return null;
  const singleResult =
    'data' in answer ? { data: new DataBytes(answer.data) as never } : failed(answer, { translator, requestId });
  return {
    http: { headers: NO_HEADERS },
    body: { kind: 'single', singleResult },
  };
}

type Failed = Extract<OperationAnswer, { readonly failure: unknown }>;

/** As if each root field had been asked by itself: each is an error with its path, and all is null where one may not be. */
function failed(
  { failure, roots }: Failed,
  { translator, requestId }: { readonly translator: Translator; readonly requestId: string },
): FormattedExecutionResult {
  const asked = roots.filter(({ text }) => text === null);
  const errors = asked.map(({ key, nodes }) =>
    translator.show(new GraphQLError(failure.message, { nodes, path: [key], originalError: failure }), requestId),
  );
  const values = roots.map(({ key, text }) => [key, text === null ? null : (JSON.parse(text) as unknown)] as const);
  return { errors, data: asked.every(({ isNullable }) => isNullable) ? Object.fromEntries(values) : null };
}
