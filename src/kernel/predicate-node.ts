/**
 * The shape of a condition on rows. Plain data: no SQL text, no function.
 */

export type Scalar = string | number | bigint | boolean | Date | null;

export type Comparison = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte' | 'contains' | 'startsWith';

export type Predicate =
  | { readonly op: 'true' }
  | { readonly op: 'false' }
  | { readonly op: 'and' | 'or'; readonly of: readonly Predicate[] }
  | { readonly op: 'not'; readonly of: Predicate }
  | { readonly op: Comparison; readonly field: string; readonly value: Scalar }
  | { readonly op: 'in' | 'notIn'; readonly field: string; readonly values: readonly Scalar[] }
  | { readonly op: 'isNull'; readonly field: string; readonly value: boolean }
  | { readonly op: 'some'; readonly relation: string; readonly of: Predicate };
