/** The read engine as everyone else sees it. How it works: `engine.ts`. */
import type { GraphQLResolveInfo } from 'graphql';
import type { Principal } from '../access/principal.ts';
import type { By } from './lookup.ts';
import type { OperationAnswer, OperationRequest } from './operation/operations.ts';
import type { Sql } from './sql.ts';

/** Runs a statement somewhere: the read pool, or the transaction that has just written. */
export interface StatementRunner {
  rows<T>(source: Sql): Promise<readonly T[]>;
}

/** A planned answer: plain JSON by response name, which `fieldResolver` hands to GraphQL as it is. */
export type Planned = Readonly<Record<string, unknown>>;

export type { By } from './lookup.ts';

export interface Lookup {
  /** The record's name. */
  readonly record: string;
  readonly by: By;
}

export interface SelectedRequest {
  readonly info: GraphQLResolveInfo;
  /** Where the record stands below the resolved field: `['invoice']` inside a payload, `[]` for the field itself. */
  readonly path: readonly string[];
  /** The record's name. */
  readonly record: string;
  /** Its id, as a bare uuid. */
  readonly id: string;
  readonly principal: Principal;
  /** The writing transaction; else the read pool. */
  readonly run?: StatementRunner;
}

export interface SelectedEachRequest extends Omit<SelectedRequest, 'id' | 'principal'> {
  /** By principals with equal access. */
  readonly asked: readonly Pick<SelectedRequest, 'id' | 'principal'>[];
}

export interface SelectedAllRequest extends Omit<SelectedRequest, 'id'> {
  /** The list in the payload whose items have the record, `['results']`, and the name of the item's field with it. */
  readonly field: string;
  /** As bare uuids. */
  readonly ids: readonly string[];
}

/** By the response name of the list, by the record's id; null where the list doesn't ask for the record. */
export type SelectedAll = Readonly<Record<string, Readonly<Record<string, Planned>> | null>>;

export interface ReadEngine {
  /** A whole query as bytes, in one statement; null where it has to be executed field by field, which also tells what is wrong with it. */
  operation(request: OperationRequest): Promise<OperationAnswer | null>;
  /** The connection of a root list field. */
  many(info: GraphQLResolveInfo, principal: Principal, record: string): Promise<Planned>;
  /** The groups of a root aggregate field. */
  aggregate(info: GraphQLResolveInfo, principal: Principal, record: string): Promise<Planned>;
  /** Null when it doesn't exist or is invisible. @throws DomainError AMBIGUOUS with the choices when a key fits several. */
  one(info: GraphQLResolveInfo, principal: Principal, lookup: Lookup): Promise<Planned | null>;
  /** The ids of the records that a look-up finds, as bare uuids; several of an ambiguous key. */
  found(principal: Principal, lookup: Lookup): Promise<readonly string[]>;
  node(info: GraphQLResolveInfo, principal: Principal, id: string): Promise<Planned | null>;
  /** In the order of the ids, null for each that isn't there. */
  nodes(info: GraphQLResolveInfo, principal: Principal, ids: readonly string[]): Promise<readonly (Planned | null)[]>;
  /**
   * The record that a payload or message field asks for. Undefined when the field isn't selected, null when invisible.
   * Plain JSON, so it may be stored and given back later under the same selection.
   */
  selected(request: SelectedRequest): Promise<Planned | null | undefined>;
  /** The same for several records that requests with an equal selection ask for, in their order; null for those that are invisible. */
  selectedEach(request: SelectedEachRequest): Promise<readonly (Planned | null)[]>;
  /** The same for the records of a list in a payload, all of them in one statement for each response name. */
  selectedAll(request: SelectedAllRequest): Promise<SelectedAll>;
  /** The same for the same selection, whatever the mutation's own arguments are. */
  selectionHash(info: GraphQLResolveInfo): string;
  /** A report's own statement, under the principal's row-level security; its scope comes from `scopeSql`. */
  rows<T>(principal: Principal, source: Sql): Promise<readonly T[]>;
}

export interface FreshRequest extends Lookup {
  readonly withinMs: number;
}

/** Has records read anew from the ERPs that they come from: of one operation. */
export interface Freshness {
  /** @throws DomainError FORBIDDEN, INVALID_INPUT, TOO_MANY_ITEMS; SOURCE_STALE where the ERP can't be asked */
  require(request: FreshRequest): Promise<void>;
}

/** What resolvers find in the context. */
export interface ReadContext {
  readonly principal: Principal;
  readonly read: ReadEngine;
  /** Absent where no ERP can be asked. */
  readonly fresh?: Freshness;
}
