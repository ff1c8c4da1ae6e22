/** What will be read, as plain data: the plan with every name resolved against the catalogue. The compiler and cost use only this. */
import type { Position, TypenameRead } from './tree-parts.ts';
import type { Condition } from './later.ts';
import type { AggregateRead } from './aggregate/aggregate-tree.ts';
import type { AggregateShown, ComputedShown, FirstShown, ManyShown, MoneyShown, OneShown, ScalarShown } from './shown.ts';
import type { Moment, ReadColumn, ReadRecord } from './record.ts';

export type * from './tree-parts.ts';

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
  | AggregateFieldRead
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

export interface AggregateFieldRead {
  readonly kind: 'aggregate';
  readonly key: string;
  readonly field: AggregateShown;
  readonly read: AggregateRead;
}

export interface Page {
  readonly size: number;
  /** From the end, or from `before`. */
  readonly isBackward: boolean;
  readonly from: Position | null;
}

export interface ConnectionRead {
  readonly record: ReadRecord;
  readonly moment: Moment;
  readonly where: Condition;
  /** With the id as the last term. */
  readonly order: readonly OrderTerm[];
  /** Marks the cursors of this order. */
  readonly mark: string;
  readonly page: Page;
  readonly fields: readonly ConnectionPart[];
}

export type ConnectionPart =
  | TypenameRead
  | { readonly kind: 'totalCount' | 'totalCountEstimate'; readonly key: string }
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
