/** Who may see, plan, ship and take back, and deal with third parties. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

export const fulfilmentPolicy: readonly PolicyRow[] = [
  { permission: 'fulfilments:read', description: 'See fulfilments and their tracking.', roles: ROLES },
  {
    permission: 'fulfilments:plan',
    description: 'Plan, release and cancel fulfilments.',
    roles: ['admin', 'order-desk', 'warehouse', 'integration'],
  },
  {
    permission: 'fulfilments:ship',
    description: 'Say that goods left, where they are, and that they arrived.',
    roles: ['admin', 'warehouse', 'integration'],
  },
  { permission: 'fulfilments:observe', description: 'Follow the deliveries of an ERP: the sync engine alone.', roles: [] },
  { permission: 'returns:record', description: 'Record goods that came back.', roles: ['admin', 'warehouse', 'integration'] },
  {
    permission: 'logistics:read',
    description: 'See the third parties that fulfil.',
    roles: ['admin', 'order-desk', 'warehouse', 'integration'],
  },
  { permission: 'logistics:manage', description: 'Set up the third parties that fulfil.', roles: ['admin'], isTenantWide: true },
];
