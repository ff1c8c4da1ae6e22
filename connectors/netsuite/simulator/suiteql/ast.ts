/** A query as it was understood. */
import type { Arithmetic, Value } from './values.ts';

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Expr =
  | { readonly is: 'LITERAL'; readonly value: Value }
  | { readonly is: 'PARAMETER'; readonly index: number }
  | { readonly is: 'COLUMN'; readonly table: string | null; readonly name: string }
  | {
      readonly is: 'CALL';
      readonly name: string;
      readonly args: readonly Expr[];
      readonly isDistinct: boolean;
      readonly isStar: boolean;
    }
  | { readonly is: 'ARITHMETIC'; readonly op: Arithmetic; readonly left: Expr; readonly right: Expr }
  | { readonly is: 'COMPARE'; readonly op: Comparison; readonly left: Expr; readonly right: Expr }
  | { readonly is: 'AND' | 'OR'; readonly left: Expr; readonly right: Expr }
  | { readonly is: 'NOT'; readonly of: Expr }
  | { readonly is: 'IN'; readonly of: Expr; readonly list: readonly Expr[] }
  | { readonly is: 'IN_QUERY'; readonly of: Expr; readonly query: Query }
  | { readonly is: 'BETWEEN'; readonly of: Expr; readonly low: Expr; readonly high: Expr }
  | { readonly is: 'LIKE'; readonly of: Expr; readonly pattern: Expr; readonly escape: Expr | null }
  | { readonly is: 'IS_NULL'; readonly of: Expr }
  | {
      readonly is: 'CASE';
      readonly whens: readonly { readonly when: Expr; readonly result: Expr }[];
      readonly otherwise: Expr | null;
    }
  | { readonly is: 'EXISTS'; readonly query: Query }
  | { readonly is: 'SCALAR'; readonly query: Query }
  | { readonly is: 'ROWNUM' };

export interface Item {
  /** Null: all columns, of one table where `table` says so. */
  readonly expr: Expr | null;
  readonly alias: string | null;
  readonly table: string | null;
}

export interface Source {
  readonly table: string | null;
  readonly query: Query | null;
  readonly alias: string;
  readonly join: 'INNER' | 'LEFT';
  readonly on: Expr | null;
}

export interface Order {
  readonly expr: Expr;
  readonly isDescending: boolean;
  /** Where it isn't said: last, or first when descending. */
  readonly areNullsFirst: boolean | null;
}

export interface Select {
  readonly isDistinct: boolean;
  readonly top: number | null;
  readonly items: readonly Item[];
  readonly from: readonly Source[];
  readonly where: Expr | null;
  readonly groupBy: readonly Expr[];
  readonly having: Expr | null;
}

export interface Query {
  readonly selects: readonly Select[];
  /** Between the selects: whether equal rows stay. */
  readonly unionAll: readonly boolean[];
  readonly orderBy: readonly Order[];
  readonly fetch: number | null;
  readonly skip: number;
}
