/**
 * The one error that code throws or returns on purpose: a code of the closed list and a sentence for a person.
 * It never carries secrets, SQL or a stack to a client: only `code`, `message`, `details` and `path` leave the process.
 */
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

export { ERROR_CODES, type ErrorCode } from './error-codes.ts';

/** What may be given beside code and message. `path` names the input field, for example `['lines', '2', 'amount']`. */
export interface DomainErrorOptions {
  readonly details?: Record<string, unknown>;
  readonly path?: readonly string[];
  readonly cause?: unknown;
}

/**
 * A refusal with a code that a client can act on.
 * @example throw new DomainError('OVER_ALLOCATION', 'Invoice INV-7 has 10.00 EUR open.', { details: { open: '10.00' } })
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;
  /** The same request may work later: taken from the code's row. */
  readonly retryable: boolean;
  /** The input field. Not called `path`: graphql-js takes an error with a list under that name for one that it has placed already. */
  readonly inputPath?: readonly string[];

  constructor(code: ErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
    this.retryable = ERROR_CODES[code].retryable;
    if (options.path !== undefined) this.inputPath = options.path;
  }
}

/**
 * Tells a refusal of ours from any other thrown value.
 * @example isDomainError(new Error('x')) // false
 */
export function isDomainError(value: unknown): value is DomainError {
  return value instanceof DomainError;
}
