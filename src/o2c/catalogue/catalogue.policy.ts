/** Who may see and set terms and rates. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

export const cataloguePolicy: readonly PolicyRow[] = [
  { permission: 'terms:read', description: 'See payment terms.', roles: ROLES },
  { permission: 'terms:manage', description: 'Make payment terms.', roles: ['admin', 'billing', 'credit'], isTenantWide: true },
  {
    permission: 'rates:read',
    description: 'See exchange rates.',
    roles: ['admin', 'billing', 'cash', 'credit', 'analyst', 'integration'],
  },
  {
    permission: 'rates:manage',
    description: 'Set exchange rates.',
    roles: ['admin', 'billing', 'integration'],
    isTenantWide: true,
  },
];
