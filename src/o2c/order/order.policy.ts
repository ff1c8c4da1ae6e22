/** Who may see, place, confirm and change orders, put and release holds. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

export const orderPolicy: readonly PolicyRow[] = [
  { permission: 'orders:read', description: 'See orders, their holds and timeline.', roles: ROLES },
  {
    permission: 'orders:place',
    description: 'Draft and submit orders, and change drafts.',
    roles: ['admin', 'order-desk', 'integration', 'portal'],
  },
  { permission: 'orders:confirm', description: 'Confirm orders that nothing holds.', roles: ['admin', 'order-desk'] },
  { permission: 'orders:change', description: 'Change and cancel orders that were submitted.', roles: ['admin', 'order-desk'] },
  { permission: 'orders:price', description: 'Set a price or a discount by hand.', roles: ['admin', 'order-desk'] },
  { permission: 'orders:observe', description: 'Follow the orders of an ERP: the sync engine alone.', roles: [] },
  {
    permission: 'holds:place',
    description: 'Put an order on hold.',
    roles: ['admin', 'order-desk', 'credit', 'billing', 'warehouse'],
  },
  {
    permission: 'holds:release',
    description: 'Release holds other than of credit; of fraud as another person than who put it.',
    roles: ['admin', 'order-desk', 'credit'],
  },
  {
    permission: 'credit:release',
    description: 'Let an order go beyond the credit limit, as a second person.',
    roles: ['admin', 'credit'],
  },
  {
    permission: 'validation-rules:read',
    description: 'See the rules that orders are validated by.',
    roles: ROLES.filter((role) => role !== 'portal'),
  },
  {
    permission: 'validation-rules:manage',
    description: 'Set the rules that orders are validated by.',
    roles: ['admin'],
    isTenantWide: true,
  },
];
