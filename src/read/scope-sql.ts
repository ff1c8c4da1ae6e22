/** Row scope as SQL: the one way by which statements, reports included, keep to what a principal may see. */
import type { Permission } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { scopeOf } from '../access/scope.ts';
import { predicateSql } from './predicate-sql.ts';
import type { Catalogue } from './record.ts';
import type { Sql } from './sql.ts';

export interface ScopeSql {
  readonly catalogue: Catalogue;
  readonly principal: Principal;
  /** The name of the record whose table stands under `alias`. */
  readonly record: string;
  readonly alias: string;
  /** Reading, unless told. */
  readonly permission?: Permission;
}

/** @example sql`select … from invoice i where ${scopeSql({ catalogue, principal, record: 'Invoice', alias: 'i' })}` */
export function scopeSql({ catalogue, principal, record: name, alias, permission }: ScopeSql): Sql {
  const record = catalogue.record(name);
  return predicateSql({ catalogue, record, alias, predicate: scopeOf(principal, record.resource, permission) });
}
