/** Who may see and make actors, keys and the audit trail. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

export const identityPolicy: readonly PolicyRow[] = [
  {
    permission: 'me:read',
    description: 'See oneself, and who else acts here by name; a portal user sees itself only.',
    roles: ROLES,
  },
  { permission: 'actors:read', description: 'See actors, their roles and who did what.', roles: ['admin', 'analyst'] },
  { permission: 'actors:manage', description: 'Make actors, give and take roles, revoke access.', roles: ['admin'] },
  { permission: 'keys:manage', description: 'See, make and revoke API keys.', roles: ['admin'] },
  {
    permission: 'audit:verify',
    description: "Verify the chain of the tenant's event log.",
    roles: ['admin', 'analyst'],
    isTenantWide: true,
  },
  {
    permission: 'schema:introspect',
    description: 'Read the schema from the API where that is closed to others.',
    roles: ['admin', 'integration', 'analyst'],
  },
];
