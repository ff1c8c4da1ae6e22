/**
 * Separation of duties, pure: which two permissions one person may not use together. RECORD is about what a person has done on one
 * record, PERSON about what a person may do at all. A pair has no order but for one thing: the second half needs a person.
 */
import type { Grant, Grants, Permission } from './policy.ts';
import type { Principal } from './principal.ts';

export interface PermissionPair {
  readonly first: Permission;
  readonly second: Permission;
  readonly extent: 'RECORD' | 'PERSON';
}

/** The name of a pair, whichever half was named first. */
export const pairName = ({ first, second }: Pick<PermissionPair, 'first' | 'second'>): string => [first, second].sort().join(' ');

/** The permissions that somebody who named one that isn't there may have meant: those of its resource, else those of its action. */
export function nearestTo(text: string, permissions: readonly Permission[]): readonly string[] {
  const [resource = '', action = ''] = text.toLowerCase().split(':');
  const near = (fits: (of: string, doing: string) => boolean) =>
    permissions.filter((permission) => {
      const [of = '', doing = ''] = permission.split(':');
      return fits(of, doing);
    });
  const ofResource = near((of) => resource !== '' && (of.startsWith(resource) || resource.startsWith(of)));
  if (ofResource.length > 0) return ofResource;
  const ofAction = near((_, doing) => doing === action);
  return ofAction.length > 0 ? ofAction : permissions;
}

/** The pairs that a permission is a half of. */
export const pairsOf = (pairs: readonly PermissionPair[], permission: Permission): readonly PermissionPair[] =>
  pairs.filter(({ first, second }) => first === permission || second === permission);

export const otherHalf = ({ first, second }: PermissionPair, permission: Permission): Permission =>
  first === permission ? second : first;

const inCommon = (one: Grant, other: Grant): boolean => {
  if (one === 'ALL') return other === 'ALL' || other.length > 0;
  return other === 'ALL' ? one.length > 0 : one.some((legalEntityId) => other.includes(legalEntityId));
};

/** Do these grants give both halves for one and the same legal entity? */
export function holdsBoth(grants: Grants, { first, second }: Pick<PermissionPair, 'first' | 'second'>): boolean {
  const [one, other] = [grants.get(first), grants.get(second)];
  return one !== undefined && other !== undefined && inCommon(one, other);
}

/**
 * Why a principal may not use a permission on any record at all, as a sentence; null if nothing stands against it. Cashgraph itself
 * is nobody's second person, but it may hold whatever it likes: it does only what it is built to do.
 */
export function refusedOutright(
  { personId, grants }: Pick<Principal, 'personId' | 'grants'>,
  permission: Permission,
  pairs: readonly PermissionPair[],
): string | null {
  for (const pair of pairsOf(pairs, permission)) {
    const named = `The permissions ${pair.first} and ${pair.second} are a forbidden pair`;
    if (personId === null) {
      if (pair.extent === 'RECORD' && pair.second === permission) return `${named}: ${permission} needs a person.`;
    } else if (pair.extent === 'PERSON' && holdsBoth(grants, pair)) {
      return `${named}, and your roles give both: you may use neither until one is taken from you.`;
    }
  }
  return null;
}
