/** Who may send documents that aren't trusted, and see who uses what is deprecated. */
import type { PolicyRow } from '../../access/policy.ts';

export const usagePolicy: readonly PolicyRow[] = [
  {
    permission: 'documents:any',
    description: 'Send any document to a server that takes trusted ones only.',
    roles: ['admin', 'analyst', 'integration'],
    isTenantWide: true,
  },
  {
    permission: 'usage:read',
    description: 'See which logins and clients still use what is deprecated in the schema.',
    roles: ['admin', 'integration'],
    isTenantWide: true,
  },
];
