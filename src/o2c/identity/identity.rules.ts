/** Rules of actors and keys: pure. */
import { isRole, ROLES } from '../../access/policy.ts';
import { DomainError } from '../../kernel/errors.ts';
import { isSameDigest, sha256 } from '../../kernel/hash.ts';

/** @throws INVALID_INPUT that lists the roles */
export function requireRoles(roles: readonly string[], path: string): void {
  const unknown = roles.find((role) => !isRole(role));
  if (unknown !== undefined) {
    throw new DomainError('INVALID_INPUT', `${unknown} is not a role. The roles are ${ROLES.join(', ')}.`, { path: [path] });
  }
}

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
