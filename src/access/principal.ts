/** Who is asking: made once at sign-in, passed to everything, never changed. */
import { DomainError } from '../kernel/errors.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Grants, Permission } from './policy.ts';

export interface Principal {
  readonly tenantId: string;
  readonly actorId: string;
  /** Who answers for what is done: the actor itself, of an API key the person who made it. Null for Cashgraph itself, which is no person. */
  readonly personId: string | null;
  readonly kind: 'USER' | 'PORTAL' | 'API_KEY' | 'SYSTEM';
  readonly name: string;
  readonly roles: readonly string[];
  readonly grants: Grants;
  /** Only for a portal user: the customers it stands for, and their accounts. Null for everybody else. */
  readonly portal: { readonly customerIds: readonly string[]; readonly accountIds: readonly string[] } | null;
  /** How far the business clock of a sandbox runs ahead of the wall clock, in milliseconds; absent: not at all. */
  readonly clockOffsetMs?: number;
  /** When the token or key ends; streams end then too. */
  readonly expiresAt: Date | null;
}

/** Who is noted as having asked or changed: the person, or the actor where there is none. It never grants anything. */
export const personOf = ({ personId, actorId }: Pick<Principal, 'personId' | 'actorId'>): string => personId ?? actorId;

export const may = (principal: Principal, permission: Permission): boolean => principal.grants.has(permission);

/** May it do this in that legal entity? A null legal entity is the whole tenant's, so any grant is enough. */
export function mayIn(principal: Principal, permission: Permission, legalEntityId: string | null): boolean {
  const grant = principal.grants.get(permission);
  return grant !== undefined && (grant === 'ALL' || legalEntityId === null || grant.includes(legalEntityId));
}

/** @throws FORBIDDEN that names the permission. */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (!may(principal, permission)) {
    throw new DomainError('FORBIDDEN', `This needs the permission ${permission}, which none of your roles gives.`, {
      details: { permission },
    });
  }
}

const accessKeys = new WeakMap<Principal, string>();

/** A hash that is the same for principals with the same rights: all that decides which rows and fields they see, but for what is each login's own. */
export function accessKeyOf(principal: Principal): string {
  const known = accessKeys.get(principal);
  if (known !== undefined) return known;
  const { tenantId, grants, portal } = principal;
  const granted = [...grants].map(([permission, grant]) => [permission, grant === 'ALL' ? grant : sorted(grant)] as const);
  granted.sort(([a], [b]) => (a < b ? -1 : 1));
  const own = portal && [sorted(portal.customerIds), sorted(portal.accountIds)];
  const key = sha256(JSON.stringify([tenantId, granted, own]));
  accessKeys.set(principal, key);
  return key;
}

const sorted = (list: readonly string[]): readonly string[] => [...list].sort();
