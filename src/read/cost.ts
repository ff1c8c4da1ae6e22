/**
 * What a read can cost at most, known before the database is touched: 1 for each object, times the page around it, and what
 * computed fields declare.
 */
import { DomainError } from '../kernel/errors.ts';
import type { ConnectionRead, FieldRead, ObjectRead } from './tree.ts';

/** The few rows of a plain list, as a guess. */
const LIST_ROWS = 5;
/** Counting reads every row that fits. */
const TOTAL_COUNT = 20;

export function costOfObject({ fields }: ObjectRead): number {
  return fields.reduce((sum, field) => sum + costOfField(field), 1);
}

function costOfField(field: FieldRead): number {
  switch (field.kind) {
    case 'one':
    case 'first':
      return costOfObject(field.of);
    case 'list':
      return LIST_ROWS * costOfObject(field.of);
    case 'connection':
      return costOfConnection(field.connection);
    case 'computed':
      return field.field.computed.cost ?? 0;
    default:
      return 0;
  }
}

export function costOfConnection({ fields, page }: ConnectionRead): number {
  const parts = fields.map((part) => {
    if (part.kind === 'totalCount') return TOTAL_COUNT;
    if (part.kind === 'nodes') return page.size * costOfObject(part.of);
    if (part.kind !== 'edges') return 0;
    const ofEdge = part.fields.reduce((sum, field) => sum + (field.kind === 'node' ? costOfObject(field.of) : 0), 0);
    return page.size * Math.max(1, ofEdge);
  });
  return parts.reduce((sum, part) => sum + part, 1);
}

/** @throws DomainError QUERY_TOO_COSTLY with both numbers */
export function refuseCostly(cost: number, maxCost: number): void {
  if (cost <= maxCost) return;
  throw new DomainError(
    'QUERY_TOO_COSTLY',
    `The query could cost ${cost}, and at most ${maxCost} is allowed: ask for smaller pages or fewer nested lists.`,
    { details: { cost, maxCost } },
  );
}
