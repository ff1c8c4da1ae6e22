/** What will be counted and added up, as plain data: every name resolved, every permission checked. The compiler uses only this. */
import type { Condition, Maybe } from '../later.ts';
import type { Moment, ReadColumn, ReadRecord } from '../record.ts';
import type { Position, TypenameRead } from '../tree-parts.ts';
import type { Dimension } from './dimensions.ts';
import type { AggregateFunction, Measure, MoneyMeasure, NumberMeasure, TimeMeasure } from './measures.ts';
import type { Span } from './time-bucket.ts';

export interface AggregateRead {
  readonly record: ReadRecord;
  readonly moment: Moment;
  readonly where: Condition;
  readonly keys: readonly KeyTerm[];
  readonly having: HavingRead;
  /** All keys are in it, so that it is complete. */
  readonly order: readonly GroupOrder[];
  /** Marks the cursors of this order. */
  readonly mark: string;
  readonly size: number;
  readonly from: Position | null;
  readonly fields: readonly AggregatePart[];
}

export interface KeyTerm {
  readonly dimension: Dimension;
  /** Of a day or an instant. */
  readonly span: Span | null;
}

/** One number or time that a group has; `measure` null: how many rows. */
export interface Figure {
  readonly measure: Measure | null;
  readonly function: AggregateFunction;
  /** Of an amount: in this currency only; null: in the group's. */
  readonly currency: Maybe<string> | null;
}

export interface GroupOrder {
  readonly by: { readonly keyAt: number } | { readonly figure: Figure };
  /** Says type and name, for cursors. */
  readonly column: ReadColumn;
  readonly isDescending: boolean;
}

export type HavingRead =
  | { readonly op: 'and' | 'or'; readonly of: readonly HavingRead[] }
  | { readonly op: 'not'; readonly of: HavingRead }
  | { readonly op: 'isNull'; readonly figure: Figure; readonly value: boolean }
  | { readonly op: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte'; readonly figure: Figure; readonly value: Maybe<unknown> }
  | { readonly op: 'in' | 'notIn'; readonly figure: Figure; readonly value: Maybe<readonly unknown[]> };

export type AggregatePart =
  | TypenameRead
  | { readonly kind: 'groups'; readonly key: string; readonly fields: readonly GroupPart[] }
  | { readonly kind: 'nextCursor'; readonly key: string }
  | { readonly kind: 'groupCount'; readonly key: string };

export type GroupPart =
  | TypenameRead
  | { readonly kind: 'count'; readonly key: string }
  | { readonly kind: 'countDistinct'; readonly key: string; readonly dimension: Dimension }
  | { readonly kind: 'key'; readonly key: string; readonly fields: readonly KeyPart[] }
  | MoneyPart
  | { readonly kind: 'number'; readonly key: string; readonly measure: NumberMeasure; readonly fields: readonly FigurePart[] }
  | { readonly kind: 'time'; readonly key: string; readonly measure: TimeMeasure; readonly fields: readonly FigurePart[] };

/** A part of the key; `keyAt` null: the rows aren't grouped by it. */
export type KeyPart =
  | TypenameRead
  | { readonly kind: 'dimension'; readonly key: string; readonly dimension: Dimension; readonly keyAt: number | null };

export interface MoneyPart {
  readonly kind: 'money';
  readonly key: string;
  readonly measure: MoneyMeasure;
  readonly fields: readonly (
    | TypenameRead
    | { readonly kind: 'byCurrency'; readonly key: string; readonly fields: readonly FigurePart[] }
    | { readonly kind: 'inGroupCurrency'; readonly key: string; readonly fields: readonly ConvertedPart[] }
  )[];
}

export type ConvertedPart =
  | FigurePart
  | { readonly kind: 'unconverted'; readonly key: string; readonly fields: readonly FigurePart[] };

/** The figure's name in the graph. */
export type FigureName = 'currency' | 'count' | 'sum' | 'avg' | 'min' | 'max';
export type FigurePart = TypenameRead | { readonly kind: 'figure'; readonly key: string; readonly name: FigureName };
