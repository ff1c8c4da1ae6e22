/** One OData request as the protocol sees it, whether it came by itself or within a batch. It knows no HTTP server. */
import type { Said } from '../../../../src/connect/simulating/index.ts';

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ODataRequest {
  readonly method: string;
  /** Behind the service's own path, without a leading slash, percent-encoded as it came. */
  readonly path: string;
  /** Behind the question mark, as it came. */
  readonly query: string;
  /** By their names in small letters. */
  readonly headers: Headers;
  readonly body: string;
}

export type Answer = Said;

export const header = (headers: Headers, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
};

/** JSON is given to those who ask for it; the others get Atom. */
export function wantsJson({ query, headers }: Pick<ODataRequest, 'query' | 'headers'>): boolean {
  const format = new URLSearchParams(query).get('$format');
  if (format !== null) return format === 'json';
  return header(headers, 'accept')?.includes('application/json') ?? false;
}
