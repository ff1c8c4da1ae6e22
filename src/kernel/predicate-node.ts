/**
 * The shape of a condition on rows. Plain data: no SQL text, no function.
 */

export type Scalar = string | number | bigint | boolean | Date | null;

export type Comparison = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte' | 'contains' | 'startsWith';

/** `One` and `Many` are what conditions compare with: values, unless a reader of predicates takes more. */
export type Predicate<One = Scalar, Many = readonly Scalar[]> =
  | { readonly op: 'true' }
  | { readonly op: 'false' }
  | { readonly op: 'and' | 'or'; readonly of: readonly Predicate<One, Many>[] }
  | { readonly op: 'not'; readonly of: Predicate<One, Many> }
  | { readonly op: Comparison; readonly field: string; readonly value: One }
  | { readonly op: 'in' | 'notIn'; readonly field: string; readonly values: Many }
  | { readonly op: 'isNull'; readonly field: string; readonly value: boolean }
  | { readonly op: 'some'; readonly relation: string; readonly of: Predicate<One, Many> };
