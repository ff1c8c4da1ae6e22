/**
 * Who would hold both halves of a forbidden pair: pure. A person holds what it and its API keys may do together. The role `admin`
 * has every permission, so it doesn't count here: an administrator simply can't use such a pair, which the runner sees to.
 */
import { holdsBoth, type PermissionPair } from '../../access/duties.ts';
import { grantsOf, isRole, type PolicyRow } from '../../access/policy.ts';
import { DomainError } from '../../kernel/errors.ts';

export interface HeldRole {
  readonly role: string;
  /** Absent or null: for every legal entity. */
  readonly legalEntityId?: string | null | undefined;
}

const grantsOfRoles = (policies: readonly PolicyRow[], roles: readonly HeldRole[]) =>
  grantsOf(
    policies,
    roles.flatMap(({ role, legalEntityId = null }) => (isRole(role) && role !== 'admin' ? [{ role, legalEntityId }] : [])),
  );

/** Would these roles give one person both halves of the pair, for one legal entity? */
export const rolesHold = (policies: readonly PolicyRow[], roles: readonly HeldRole[], pair: PermissionPair): boolean =>
  holdsBoth(grantsOfRoles(policies, roles), pair);

export interface Holdings {
  readonly policies: readonly PolicyRow[];
  /** Of extent PERSON. */
  readonly pairs: readonly PermissionPair[];
  /** Everything that the person would hold. */
  readonly roles: readonly HeldRole[];
}

/** @throws DUTIES_CONFLICT that names the pair */
export function requireApart({ policies, pairs, roles }: Holdings): void {
  const broken = pairs.find((pair) => rolesHold(policies, roles, pair));
  if (!broken) return;
  throw new DomainError(
    'DUTIES_CONFLICT',
    `One person would hold ${broken.first} and ${broken.second}, which are a forbidden pair. What an API key may do counts for whoever makes it.`,
    { path: ['roles'], details: { pair: [broken.first, broken.second] } },
  );
}
