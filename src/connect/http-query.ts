/** Queries of addresses, in the encoding of RFC 3986, as signatures of OAuth 1.0a want it. */

export type QueryValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** The address with these values after those that it has; a `$` in a name stays, as OData writes it. */
export function withQuery(url: URL, query: QueryValues = {}): URL {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${rfc3986(name).replaceAll('%24', '$')}=${rfc3986(String(value))}`],
  );
  if (given.length === 0) return url;
  const whole = new URL(url);
  whole.search = [...(url.search === '' ? [] : [url.search.slice(1)]), ...given].join('&');
  return whole;
}

export const rfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
