/**
 * Who may do what, as rows. A policy row gives a permission to roles; an actor's roles, each for all or for named legal
 * entities, become its grants. Nothing here knows a noun, and nothing elsewhere decides who may.
 */

export const ROLES = [
  'admin',
  'order-desk',
  'warehouse',
  'billing',
  'cash',
  'credit',
  'collections',
  'analyst',
  'integration',
  'portal',
] as const;
export type Role = (typeof ROLES)[number];

/** `resource:action`, for example `invoices:issue`. */
export type Permission = `${string}:${string}`;

export interface PolicyRow {
  readonly permission: Permission;
  /** What it allows, as a sentence for the schema and for `schema/access.md`. */
  readonly description: string;
  readonly roles: readonly Role[];
  /** About the whole tenant: a role for some legal entities doesn't give it. */
  readonly isTenantWide?: true;
}

/** For every legal entity, or for the named ones. */
export type Grant = 'ALL' | readonly string[];
export type Grants = ReadonlyMap<Permission, Grant>;

export interface RoleAssignment {
  readonly role: Role;
  /** Null: for every legal entity of the tenant. */
  readonly legalEntityId: string | null;
}

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

/** Adds up what the roles of one actor allow. */
export function grantsOf(policies: readonly PolicyRow[], assignments: readonly RoleAssignment[]): Grants {
  const grants = new Map<Permission, Grant>();
  for (const { permission, roles, isTenantWide } of policies) {
    for (const { role, legalEntityId } of assignments) {
      if (!roles.includes(role) || (isTenantWide && legalEntityId !== null)) continue;
      const before = grants.get(permission);
      if (before === 'ALL') continue;
      grants.set(permission, legalEntityId === null ? 'ALL' : [...new Set([...(before ?? []), legalEntityId])]);
    }
  }
  return grants;
}
