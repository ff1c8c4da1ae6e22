/**
 * What the read engine knows of a record, as types: a plain description made from the entity's own metadata (columns,
 * descriptions, filters: declared once there) and a read definition (relations, computed fields, scope). No ORM type gets in here.
 */
import type { Resource } from '../access/scope.ts';
import type { Permission } from '../access/policy.ts';
import type { FieldMeta, ShownType } from '../kernel/field.ts';
import type { Predicate } from '../kernel/predicate.ts';
import type { Asker } from './asker.ts';
import type { Maybe } from './later.ts';
import type { Sql } from './sql.ts';

/** The state of the books at the end of a day (`asOf`), as it was known at an instant (`knownAt`). Null: now. */
export interface Moment {
  readonly asOf: string | null;
  readonly knownAt: Date | null;
}

export const NOW: Moment = { asOf: null, knownAt: null };

/** What a computed field may use to make its SQL. */
export interface ComputeContext {
  readonly asker: Asker;
  /** What they hold may be known later. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly moment: Moment;
}

export type ScalarName = ShownType;

export interface OneRelation {
  readonly kind: 'one';
  readonly record: string;
  /** Our property with the other's id; with `through`, the property of the record in between. */
  readonly by: string;
  /** For portal users another one: what they see of it stays as it is, whoever their customer is found to be the same as. */
  readonly portalBy?: string;
  /** The other's unique property that it is compared with; absent: its id. A customer's credit is the one that names the customer. */
  readonly of?: string;
  /** The name of another `one` relation of ours, whose record holds `by`: an invoice's customer is its account's. */
  readonly through?: string;
  readonly description: string;
  readonly permission?: Permission;
}

export interface ManyRelation {
  readonly kind: 'many';
  readonly record: string;
  /** The other's property with our id. */
  readonly by: string;
  /** Another property of the other's that may have our id instead, for what stands between two records of our kind. */
  readonly orBy?: string;
  /** As for a relation to one record. */
  readonly portalBy?: string;
  /** Our property that it is compared with; absent: our id. */
  readonly of?: string;
  /** Which of them. */
  readonly only?: Predicate;
  /** Default order, by the other's properties; a leading `-` is descending. The id is always added. */
  readonly order: readonly string[];
  /** A connection with paging; else a plain list, for the few rows that belong to one record (lines, tax rows). */
  readonly connection: boolean;
  readonly description: string;
  readonly permission?: Permission;
}

/** One of several that belong to a record: the first by the order, which ends with the id. */
export interface FirstRelation extends Pick<ManyRelation, 'record' | 'by' | 'order' | 'description' | 'permission'> {
  readonly kind: 'first';
}

export type Relation = OneRelation | ManyRelation | FirstRelation;

export interface ComputedField {
  readonly kind: 'computed';
  readonly description: string;
  /** A scalar, `Money` (then `sql` gives minor units and `currency` its code), or a declared enum. */
  readonly type: ScalarName | 'Money' | { readonly enum: string; readonly values: Readonly<Record<string, string>> };
  readonly list?: boolean;
  readonly nullable?: boolean;
  readonly permission?: Permission;
  /** Added to the operation's cost for each row. */
  readonly cost?: number;
  /** Names the record's columns as `sql.id(alias, column)`. A list is a JSON array. */
  sql(alias: string, context: ComputeContext): Sql;
  currency?(alias: string): Sql;
}

/** The id of a record in an ERP. */
export interface ExternalRef<Text = string> {
  /** The connection's code. */
  readonly connection: Text;
  readonly id: Text;
}

export interface ReadDefinition {
  readonly prefix: string;
  readonly description: string;
  readonly resource: Omit<Resource, 'name'>;
  readonly relations?: Readonly<Record<string, Relation>>;
  readonly computed?: Readonly<Record<string, ComputedField>>;
  /** Root fields. Without it the record is owned: reached only through its root, never a Node. */
  readonly root?: {
    readonly one: string;
    readonly many: string;
    /** Natural keys, each a list of filterable property names; more than one hit is AMBIGUOUS. `legalEntityId` may be left out. */
    readonly keys?: readonly (readonly string[])[];
    /** The condition on a row that an ERP knows it by this id of its own: then it can be looked up by that, and be read anew from there. */
    readonly known?: { readonly permission: Permission; sql(alias: string, ref: ExternalRef<Maybe<string>>): Sql };
  };
  /** Default order of lists; a leading `-` is descending. The id is always added. */
  readonly order?: readonly string[];
  /** How rows looked at an earlier moment: what existed, and the columns (by property) that had another value. */
  at?(alias: string, moment: Moment): { readonly exists: Sql; readonly columns: Readonly<Record<string, Sql>> };
}

/** The parts of an ORM entity schema that are used here. */
export interface EntityLike {
  readonly meta: {
    readonly className: string;
    readonly tableName?: string;
    readonly properties: Readonly<Record<string, EntityPropertyLike>>;
  };
}

export interface EntityPropertyLike {
  readonly name?: string;
  readonly fieldName?: string;
  readonly nullable?: boolean;
  readonly type?: unknown;
  readonly columnTypes?: readonly string[];
  readonly shown?: FieldMeta;
}

/** The Postgres type of a column, as far as it matters for values and texts. */
export type ColumnType = 'uuid' | 'text' | 'int' | 'bigint' | 'numeric' | 'boolean' | 'date' | 'timestamptz' | 'jsonb';

/** A column as the read engine sees it. */
export interface ReadColumn {
  readonly property: string;
  readonly column: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Collated "C", normalised: a search text, whose beginnings are found by a range. */
  readonly isSearchText: boolean;
  /** How it is shown in the graph; null for inner columns (tenant, normalised search text). */
  readonly meta: FieldMeta | null;
}

export interface ReadRecord {
  readonly name: string;
  readonly table: string;
  readonly definition: ReadDefinition;
  readonly resource: Resource;
  readonly columns: Readonly<Record<string, ReadColumn>>;
}

/** Every record of the platform. */
export interface Catalogue {
  readonly records: readonly ReadRecord[];
  has(name: string): boolean;
  /** @throws Error for a name that isn't in it: a mistake in code, not in a request. */
  record(name: string): ReadRecord;
  byPrefix(prefix: string): ReadRecord | undefined;
}
