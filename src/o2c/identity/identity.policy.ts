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
    permission: 'duties:read',
    description: 'See which permissions one person may not use together.',
    roles: ROLES.filter((role) => role !== 'portal'),
  },
  {
    permission: 'duties:manage',
    description: 'Set which permissions one person may not use together.',
    roles: ['admin'],
    isTenantWide: true,
  },
  {
    permission: 'approvals:read',
    description: 'See what waits for a second person.',
    roles: ['admin', 'order-desk', 'billing', 'cash', 'credit', 'collections', 'analyst'],
  },
  {
    permission: 'approvals:reject',
    description: 'Refuse what waits for a second person.',
    roles: ['admin', 'credit'],
  },
  {
    permission: 'approvals:withdraw',
    description: "Take back one's own wish for a second person.",
    roles: ['admin', 'order-desk', 'billing', 'cash', 'credit', 'collections'],
  },
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
