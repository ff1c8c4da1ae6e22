/** Who reads, when, and what was asked for that they may not see: passed along while a plan is resolved. */
import type { Permission } from '../access/policy.ts';
import type { Asker } from './asker.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Maybe } from './later.ts';
import type { Catalogue, ReadRecord } from './record.ts';

export interface Reader {
  readonly catalogue: Catalogue;
  readonly asker: Asker;
  /** Business time, for `knownAt`. */
  readonly now: Maybe<Date>;
  /** Path → the permission that is missing. Filled while resolving. */
  readonly refused: Map<string, Permission>;
}

/** Notes a path that needs a permission, if the principal lacks it. */
export function needPermission({ asker, refused }: Reader, permission: Permission | null, path: readonly string[]): void {
  if (permission !== null && !asker.may(permission)) refused.set(path.join('.'), permission);
}

/** A record's rows need its resource's permission; no grant means not one row, so it is said instead. */
export const needRecord = (reader: Reader, record: ReadRecord, path: readonly string[]): void =>
  needPermission(reader, record.resource.permission, path);

/** @throws DomainError FORBIDDEN naming every path that the principal may not use */
export function refuseForbidden({ refused }: Reader): void {
  if (refused.size === 0) return;
  const paths = [...refused.keys()].sort();
  const permissions = [...new Set(refused.values())].sort();
  throw new DomainError(
    'FORBIDDEN',
    `You may not read ${paths.join(', ')}: this needs ${permissions.join(', ')}, which none of your roles gives.`,
    { details: { paths, permissions } },
  );
}
