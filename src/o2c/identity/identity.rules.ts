/** Rules of actors and keys: pure. */
import { type Grants, isRole, type Permission, ROLES } from '../../access/policy.ts';
import { DomainError } from '../../kernel/errors.ts';
import { isSameDigest, sha256 } from '../../kernel/hash.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { CommandContext, RowChange } from '../../write/command.ts';

/** @throws INVALID_INPUT that lists the roles */
export function requireRoles(roles: readonly string[], path: string): void {
  const unknown = roles.find((role) => !isRole(role));
  if (unknown !== undefined) {
    throw new DomainError('INVALID_INPUT', `${unknown} is not a role. The roles are ${ROLES.join(', ')}.`, { path: [path] });
  }
}

export interface GrantedRole {
  /** Absent or null: for every legal entity. */
  readonly legalEntityId?: string | null | undefined;
}

/** Nobody gives or takes a role for more legal entities than the own right to do so is for. @throws FORBIDDEN */
export function requireMayGrant(grants: Grants, permission: Permission, roles: readonly GrantedRole[]): void {
  const grant = grants.get(permission) ?? [];
  if (grant === 'ALL') return;
  if (roles.every(({ legalEntityId }) => typeof legalEntityId === 'string' && grant.includes(legalEntityId))) return;
  throw new DomainError(
    'FORBIDDEN',
    `Your roles give ${permission} for some legal entities only, and this is about roles for others.`,
    { details: { permission } },
  );
}

export interface RoleGiven extends GrantedRole {
  readonly role: string;
}

export const roleRow = (context: CommandContext, actorId: string, { role, legalEntityId }: RoleGiven): RowChange => ({
  op: 'insert',
  entity: 'ActorRole',
  values: {
    id: context.newId(),
    tenantId: context.tenant.id,
    actorId,
    role,
    legalEntityId: legalEntityId ?? null,
    version: 1,
    createdAt: context.now,
  },
});

export const roleNames = (roles: readonly { readonly role: string }[]) =>
  roles
    .map((r) => r.role)
    .sort()
    .join(' ');

export const actorEvent = (
  type: string,
  actor: { id: string; version: number },
  payload: Readonly<Record<string, string | null>>,
): EventDraft => ({
  type,
  recordKind: 'Actor',
  recordId: actor.id,
  recordVersion: actor.version,
  legalEntityId: null,
  accountId: null,
  customerId: null,
  payload,
});

const BYTES_OF_LOOKUP = 8;
const BYTES_OF_SECRET = 24;

export interface NewKey {
  readonly lookup: string;
  readonly secretHash: string;
  /** Shown once. */
  readonly key: string;
}

/** Makes a key `cg_live_<lookup>_<secret>`. The secret has 192 random bits, so a plain hash is enough. */
export function newKey(bytes: (count: number) => Uint8Array, kind: 'live' | 'test'): NewKey {
  const hex = (count: number) => Buffer.from(bytes(count)).toString('hex');
  const lookup = hex(BYTES_OF_LOOKUP);
  const secret = hex(BYTES_OF_SECRET);
  return { lookup, secretHash: sha256(secret), key: `cg_${kind}_${lookup}_${secret}` };
}

export const secretMatches = (secret: string, secretHash: string): boolean => isSameDigest(sha256(secret), secretHash);
