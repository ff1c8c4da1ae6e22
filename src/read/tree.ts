/** What will be read, as plain data: the plan with every name resolved against the catalogue. The compiler and cost use only this. */
import type { Predicate } from '../kernel/predicate.ts';
import type { ComputedShown, FirstShown, ManyShown, MoneyShown, OneShown, ScalarShown } from './shown.ts';
import type { Moment, ReadColumn, ReadRecord } from './record.ts';

/** A key of the answer with the name of the type that stands behind it. */
export interface TypenameRead {
  readonly kind: 'typename';
  readonly key: string;
  readonly value: string;
}

export interface ObjectRead {
  readonly record: ReadRecord;
  readonly moment: Moment;
  readonly fields: readonly FieldRead[];
}

export type FieldRead =
  | TypenameRead
  | ScalarRead
  | MoneyRead
  | ComputedRead
  | OneRead
  | ListRead
  | FirstRead
  | ConnectionFieldRead;

export interface ScalarRead {
  readonly kind: 'scalar';
  readonly key: string;
  readonly field: ScalarShown;
}

export interface MoneyPart {
  readonly key: string;
  readonly part: 'amount' | 'currency' | '__typename';
}

export interface MoneyRead {
  readonly kind: 'money';
  readonly key: string;
  readonly field: MoneyShown;
  readonly parts: readonly MoneyPart[];
}

export interface ComputedRead {
  readonly kind: 'computed';
  readonly key: string;
  readonly field: ComputedShown;
  readonly args: Readonly<Record<string, unknown>>;
  /** For `Money`. */
  readonly parts: readonly MoneyPart[];
}

export interface OneRead {
  readonly kind: 'one';
  readonly key: string;
  readonly field: OneShown;
  readonly of: ObjectRead;
}

export interface OrderTerm {
  readonly column: ReadColumn;
  readonly isDescending: boolean;
}

/** A plain list of the few rows that belong to one record. */
export interface ListRead {
  readonly kind: 'list';
  readonly key: string;
  readonly field: ManyShown;
  readonly order: readonly OrderTerm[];
  readonly of: ObjectRead;
}

export interface FirstRead {
  readonly kind: 'first';
  readonly key: string;
  readonly field: FirstShown;
  readonly order: readonly OrderTerm[];
  readonly of: ObjectRead;
}

export interface ConnectionFieldRead {
  readonly kind: 'connection';
  readonly key: string;
  readonly field: ManyShown;
  readonly connection: ConnectionRead;
}

/** A position between rows: the values of the order columns, the id last; null is SQL's null. */
export type Position = readonly (string | number | boolean | null)[];

export interface Page {
  readonly size: number;
  /** From the end, or from `before`. */
  readonly isBackward: boolean;
  readonly from: Position | null;
}

export interface ConnectionRead {
  readonly record: ReadRecord;
  readonly moment: Moment;
  readonly where: Predicate;
  /** With the id as the last term. */
  readonly order: readonly OrderTerm[];
  /** Marks the cursors of this order. */
  readonly mark: string;
  readonly page: Page;
  readonly fields: readonly ConnectionPart[];
}

export type ConnectionPart =
  | TypenameRead
  | { readonly kind: 'totalCount'; readonly key: string }
  | { readonly kind: 'nodes'; readonly key: string; readonly of: ObjectRead }
  | { readonly kind: 'edges'; readonly key: string; readonly fields: readonly EdgePart[] }
  | { readonly kind: 'pageInfo'; readonly key: string; readonly fields: readonly PageInfoPart[] };

export type EdgePart =
  | TypenameRead
  | { readonly kind: 'cursor'; readonly key: string }
  | { readonly kind: 'node'; readonly key: string; readonly of: ObjectRead };

export interface PageInfoPart {
  readonly key: string;
  readonly name: string;
}
