/** What lists and aggregates that will be read have in common. */
import type { Maybe } from './later.ts';

/** A key of the answer with the name of the type that stands behind it. */
export interface TypenameRead {
  readonly kind: 'typename';
  readonly key: string;
  readonly value: string;
}

export type PositionValue = string | number | boolean | null;

/** A position between rows: the values of the order columns, the id last; null is SQL's null, and known at once. */
export type Position = readonly Maybe<PositionValue>[];
