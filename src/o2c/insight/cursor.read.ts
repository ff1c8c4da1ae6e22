/** Where a reader of a report's pages stands: its last row, and the position of the log at which it began. */
import { createHash } from 'node:crypto';
import { DomainError } from '../../kernel/errors.ts';

export interface Place {
  /** The position of the first page: from there on changes are for the next reading, whatever later pages show. */
  readonly position: string;
  /** The key of the last row. */
  readonly key: string;
}

/** Ties a cursor to a report and its filters. */
export const markOf = (report: string, filters: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify([report, filters]))
    .digest('base64url')
    .slice(0, 8);

/** @example placeText({ position: '7', key: '…' }, markOf('sales_rows', [])) */
export const placeText = ({ position, key }: Place, mark: string): string =>
  Buffer.from(JSON.stringify([mark, position, key])).toString('base64url');

const SIZE_MAX = 1_000;

/** @throws CURSOR_INVALID when it isn't one of ours, CURSOR_ORDER_MISMATCH when it is of another report or other filters */
export function readPlace(text: string, mark: string): Place {
  const [found, position, key] = decoded(text);
  if (typeof position !== 'string' || !/^\d{1,19}$/.test(position) || typeof key !== 'string' || key.includes('\u0000')) {
    throw new DomainError(
      'CURSOR_INVALID',
      'The cursor is not one that this report made: pass `cursor` as it was, or start without one.',
      { path: ['after'] },
    );
  }
  if (found !== mark) {
    throw new DomainError(
      'CURSOR_ORDER_MISMATCH',
      'The cursor belongs to another report, or to other filters: keep them while paging, or start without a cursor.',
      { path: ['after'] },
    );
  }
  return { position, key };
}

function decoded(text: string): readonly unknown[] {
  if (text.length > SIZE_MAX || !/^[\w-]+$/.test(text)) return [];
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}
