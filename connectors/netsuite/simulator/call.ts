/** A request below `/services/rest`, taken apart, and the ways to answer it. */
import { type Asked, type Said } from '../../../src/connect/simulating/index.ts';
import { parseJson } from '../../../src/connect/index.ts';
import type { Body, Json } from './contract.ts';
import { invalidRequest } from './problem.ts';

export interface Call {
  readonly method: string;
  /** Below `/services/rest`, decoded. */
  readonly path: readonly string[];
  readonly url: URL;
  readonly headers: Asked['headers'];
  readonly body: string;
  /** `http://…/services/rest`, as it was called. */
  readonly root: string;
}

export const REST = '/services/rest/';
const MEDIA = 'application/vnd.oracle.resource+json';

export function callOf({ method, url, headers, body }: Asked): Call {
  const path = url.pathname
    .slice(REST.length)
    .split('/')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
  return { method, path, url, headers, body, root: `${url.origin}${REST.slice(0, -1)}` };
}

/** @throws Problem for what is no object */
export function bodyOf({ body }: Pick<Call, 'body'>): Body {
  if (body.trim() === '') return {};
  try {
    const value = parseJson(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
  } catch {
    // said below
  }
  throw invalidRequest('Invalid JSON in the request body: it is no object.');
}

export function headerOf({ headers }: Pick<Call, 'headers'>, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value.join(',') : value) ?? '';
}

export const shown = (kind: 'collection' | 'singular', content: unknown, headers: Said['headers'] = {}): Said => ({
  status: 200,
  content: JSON.stringify(content),
  type: `${MEDIA}; type=${kind}; charset=UTF-8`,
  headers,
});

export const nothing = (headers: Said['headers'] = {}): Said => ({ status: 204, content: '', type: MEDIA, headers });

export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** Links, counts and rows, as lists and queries have them. */
export function pageBody(
  page: Page & { readonly total: number; readonly items: readonly Json[] },
  self: { href: URL; method: string },
): Body {
  const { limit, offset, total, items } = page;
  const hasMore = offset + items.length < total;
  const at = (rel: string, place: number) => {
    const href = new URL(self.href);
    href.searchParams.set('limit', String(limit));
    href.searchParams.set('offset', String(place));
    return { rel, href: href.href };
  };
  const pages = Math.ceil(total / limit);
  // as NetSuite does it: the number of the last page, cut to the limit, stands where its offset should
  const last = Math.floor((pages - 1) / limit) * limit;
  const isPaged = offset > 0 || hasMore;
  const links = [
    ...(offset > 0 ? [at('previous', Math.max(0, offset - limit)), at('first', 0)] : []),
    ...(hasMore ? [at('next', offset + limit)] : []),
    ...(isPaged ? [at('last', last)] : []),
    { rel: 'self', href: self.href.href, method: self.method },
  ];
  return { links, count: items.length, hasMore, items, offset, totalResults: total };
}
