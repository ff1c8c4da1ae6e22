/**
 * The one translator of errors: what a client sees of anything that was thrown, over HTTP and over sockets. A DomainError shows
 * its code and sentence; GraphQL's own request errors show theirs; anything else is INTERNAL with an id, and its text goes to
 * the log only. Database errors, stacks and schema suggestions (where the schema is closed) never pass.
 */
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { DomainError, ERROR_CODES, type ErrorCode, isDomainError } from '../kernel/errors.ts';
import { type AnswerType, JSON_TYPE } from './content-type.ts';
import type { Logger } from './logger.ts';

/** Codes that the GraphQL engine gives to a request that it can't run; beside the closed list of the kernel. */
export const GRAPHQL_CODES = {
  GRAPHQL_PARSE_FAILED: { httpStatus: 400, kind: 'REQUEST' },
  GRAPHQL_VALIDATION_FAILED: { httpStatus: 400, kind: 'REQUEST' },
  BAD_USER_INPUT: { httpStatus: 400, kind: 'REQUEST' },
  OPERATION_RESOLUTION_FAILURE: { httpStatus: 400, kind: 'REQUEST' },
} as const;
export type ShownCode = ErrorCode | keyof typeof GRAPHQL_CODES;

export interface Translator {
  /** What a client sees. Logs the error when it is an unknown one. */
  show(error: unknown, requestId?: string): GraphQLFormattedError;
  /** The same of several, of which a client sees the first few. */
  showFirst(errors: readonly unknown[], requestId?: string): GraphQLFormattedError[];
  /** Only its code, for counting. */
  codeOf(error: unknown): string;
}

export interface TranslatorOptions {
  readonly logger: Logger;
  readonly newErrorId: () => string;
  /** Leave out "Did you mean …", which lists names of a schema that isn't public. */
  readonly hidesSchema: boolean;
  /** So many errors of one answer are shown. */
  readonly errorsShownMax: number;
}

export function createTranslator(options: TranslatorOptions): Translator {
  const show: Translator['show'] = (error, requestId) => {
    const domain = domainErrorIn(error);
    const place = placeOf(error);
    if (domain) return showDomainError(domain, error, place);
    const code = requestErrorCode(error);
    if (code !== null)
      return { message: requestMessage(error as GraphQLError, options.hidesSchema), ...place, extensions: { code } };
    const errorId = options.newErrorId();
    options.logger.error({ errorId, requestId, err: causeOf(error) }, 'unexpected error');
    const message = `Something unexpected went wrong on our side. Its id for the operator is ${errorId}.`;
    return { message, ...place, extensions: { code: 'INTERNAL', errorId, retryable: false } };
  };
  return {
    show,
    showFirst: (errors, requestId) => errors.slice(0, options.errorsShownMax).map((error) => show(error, requestId)),
    codeOf: (error) => domainErrorIn(error)?.code ?? requestErrorCode(error) ?? 'INTERNAL',
  };
}

/** The HTTP status of a code. */
export const statusOf = (code: unknown): number => (rowOf(code) ?? ERROR_CODES.INTERNAL).httpStatus;

/**
 * The status of an answer without `data`: that of its error, but 200 for a request that was well formed and can't be run (it doesn't
 * parse, isn't valid, breaks a limit) when the client takes plain `application/json`. GraphQL over HTTP asks for both.
 */
export function statusFor(code: unknown, type: AnswerType): number {
  const kind = rowOf(code)?.kind;
  const isRequestError = (kind === 'REQUEST' || kind === 'USER') && code !== 'BAD_REQUEST' && code !== 'RATE_LIMITED';
  return isRequestError && type === JSON_TYPE ? 200 : statusOf(code);
}

function rowOf(code: unknown): { readonly httpStatus: number; readonly kind: string } | undefined {
  const rows: Readonly<Record<string, { readonly httpStatus: number; readonly kind: string }>> = {
    ...ERROR_CODES,
    ...GRAPHQL_CODES,
  };
  return typeof code === 'string' && Object.hasOwn(rows, code) ? rows[code] : undefined;
}

function showDomainError(domain: DomainError, error: unknown, place: Place): GraphQLFormattedError {
  // a scalar's refusal arrives inside GraphQL's sentence, which says where the value stood
  const message =
    error instanceof GraphQLError && place.path === undefined && error.message !== '' ? error.message : domain.message;
  const { code, retryable, details, inputPath } = domain;
  const hasDetails = Object.keys(details).length > 0;
  return {
    message,
    ...place,
    extensions: { code, retryable, ...(hasDetails ? { details } : {}), ...(inputPath === undefined ? {} : { inputPath }) },
  };
}

/** Without the wrappings of GraphQL, which only repeat it. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? causeOf(error.originalError) : error;
}

type Place = Pick<GraphQLFormattedError, 'path' | 'locations'>;

function placeOf(error: unknown): Place {
  if (!(error instanceof GraphQLError)) return {};
  return { ...(error.locations ? { locations: error.locations } : {}), ...(error.path ? { path: error.path } : {}) };
}

function domainErrorIn(error: unknown): DomainError | null {
  let at = error;
  // GraphQL and Apollo wrap twice at most; the bound is against loops
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    if (isDomainError(at)) return at;
    at = at instanceof GraphQLError ? at.originalError : undefined;
  }
  return null;
}

const TOO_MANY_TOKENS = /Document contains more tha[nt] \d+ tokens/;

/** Null for whatever isn't GraphQL's own word about a request. */
function requestErrorCode(error: unknown): ShownCode | null {
  if (!(error instanceof GraphQLError)) return null;
  if (TOO_MANY_TOKENS.test(error.message)) return 'TOO_MANY_TOKENS';
  const code = error.extensions.code;
  if (error.path !== undefined) {
    // thrown while executing: only a bad argument is the client's doing
    const original = error.originalError ?? error;
    const isBadArgument = original instanceof GraphQLError && error.message.startsWith('Argument "');
    return isBadArgument || (original instanceof GraphQLError && original.extensions.code === 'BAD_USER_INPUT')
      ? 'BAD_USER_INPUT'
      : null;
  }
  if (code === undefined && error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION) return 'BAD_USER_INPUT';
  if (typeof code !== 'string') return null;
  if (Object.hasOwn(GRAPHQL_CODES, code)) return code as ShownCode;
  return code === 'BAD_REQUEST' ? 'BAD_REQUEST' : null;
}

function requestMessage(error: GraphQLError, hidesSchema: boolean): string {
  let { message } = error;
  if (TOO_MANY_TOKENS.test(message)) return `${ERROR_CODES.TOO_MANY_TOKENS.cause} ${ERROR_CODES.TOO_MANY_TOKENS.remedy}`;
  // a scalar that failed by a mistake of ours says so in the tail: keep what GraphQL itself says
  if (isOurMistake(error)) message = message.replace(/(Expected type "[^"]*"\.?).*$/s, '$1');
  if (hidesSchema) message = message.replace(/ ?Did you mean(.+?)\?$/s, '');
  return message.slice(0, 1_000);
}

function isOurMistake(error: GraphQLError): boolean {
  let at: Error | undefined = error;
  for (let depth = 0; depth < 5 && at !== undefined; depth++) {
    if (!(at instanceof GraphQLError)) return true;
    at = at.originalError;
  }
  return false;
}
