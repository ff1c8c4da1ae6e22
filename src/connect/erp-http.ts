/**
 * Requests to one ERP as a connector makes them: signed in, within the limit that all processes share, repeated where that can't do
 * harm, and sorted when they fail. A connector never sees a token.
 */
import type { ExternalError, FailureKind } from './external-error.ts';

export interface ErpRequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text or bytes as they are; `contentType` where it isn't `application/json`. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** How the answer is read; JSON unless told. Numbers in it come as `parseJson` reads them: an amount goes through a codec. */
  readonly answer?: 'JSON' | 'TEXT' | 'BYTES';
  /** Statuses beside 2xx that are an answer, not a failure, such as 404 of a look-up. What isn't JSON in them comes as text. */
  readonly accept?: readonly number[];
  /**
   * May it be sent again when its outcome is not known? Reads may; a write only where the ERP knows it again by a key.
   * Absent: GET and HEAD may, others not.
   */
  readonly isRepeatable?: boolean;
}

export interface ErpAnswer {
  readonly status: number;
  /** Names in lower case; several cookies stand on lines of their own. */
  readonly headers: Readonly<Record<string, string>>;
  /** By `answer`: parsed JSON (null for nothing), text, or bytes. */
  readonly body: unknown;
}

/**
 * Looks at an answer: what is wrong with it, if anything. Asked for successes, as some ERPs say errors with a 200, and for failures, to
 * take the ERP's own codes and words for what they mean; null leaves a success a success, and a failure to its status. Never asked about
 * a status that was accepted. `body` is parsed where it is JSON.
 */
export type Judge = (answer: ErpAnswer) => { readonly kind: FailureKind; readonly words: string; readonly code?: string } | null;

/** What stands before each request, kept for all processes by the engine: the rate budget and the circuit breaker. */
export interface Gate {
  /** Waits until a request may go, and holds a place until `leave`. @throws ExternalError THROTTLED when that would take too long, RETRYABLE while the breaker is open */
  enter(signal: AbortSignal): Promise<void>;
  leave(): Promise<void>;
  /** The ERP said that we go too fast. Null: it didn't say when to come again. */
  throttled(retryAfterMs: number | null): Promise<void>;
  /** An answer came, whatever it said / none came, or a fault of theirs. */
  answered(): Promise<void>;
  failed(error: ExternalError): Promise<void>;
}

export interface ErpHttp {
  /** `path` is below the first base URL, or a whole address on one of them. @throws ExternalError */
  get(path: string, options?: ErpRequestOptions): Promise<ErpAnswer>;
  post(path: string, options?: ErpRequestOptions): Promise<ErpAnswer>;
  put(path: string, options?: ErpRequestOptions): Promise<ErpAnswer>;
  patch(path: string, options?: ErpRequestOptions): Promise<ErpAnswer>;
  delete(path: string, options?: ErpRequestOptions): Promise<ErpAnswer>;
  head(path: string, options?: ErpRequestOptions): Promise<ErpAnswer>;
}

export type { ExternalError };
