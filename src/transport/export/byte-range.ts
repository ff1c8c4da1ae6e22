/** The part of a file that a request asks for (RFC 9110, 14). Pure. */

/** Both ends included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Null for the whole: without a header, for one of another unit, of another form, or of several parts, which may all be ignored.
 * @example byteRange('bytes=100-', 1_000) // { start: 100, end: 999 }
 */
export function byteRange(header: string | undefined, size: number): Range | null | 'OUTSIDE' {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return null;
  if (from === '') {
    const count = Number(to);
    return count === 0 || size === 0 ? 'OUTSIDE' : { start: Math.max(0, size - count), end: size - 1 };
  }
  const start = Number(from);
  const end = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < start) return null;
  return start >= size ? 'OUTSIDE' : { start, end };
}
