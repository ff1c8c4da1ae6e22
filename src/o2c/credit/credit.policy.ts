/** Who may see credit, ask for a limit and grant one. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

export const creditPolicy: readonly PolicyRow[] = [
  {
    permission: 'credit:read',
    description: 'See credit limits and exposure; a portal user its own.',
    roles: ROLES.filter((role) => role !== 'warehouse'),
  },
  {
    permission: 'credit:read-notes',
    description: 'See why credit is blocked, and risk classes.',
    roles: ROLES.filter((role) => role !== 'warehouse' && role !== 'portal'),
  },
  {
    permission: 'credit:request',
    description: 'Ask for another credit limit.',
    roles: ['admin', 'order-desk', 'credit', 'collections'],
    isTenantWide: true,
  },
  {
    permission: 'credit:approve',
    description: 'Grant a credit limit that another person asked for.',
    roles: ['admin', 'credit'],
    isTenantWide: true,
  },
  {
    permission: 'credit:block',
    description: 'Block and unblock credit, set the risk class.',
    roles: ['admin', 'credit'],
    isTenantWide: true,
  },
];
