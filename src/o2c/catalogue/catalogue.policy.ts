/** Who may see and set terms and rates. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

export const cataloguePolicy: readonly PolicyRow[] = [
  { permission: 'terms:read', description: 'See payment terms.', roles: ROLES },
  { permission: 'terms:manage', description: 'Make payment terms.', roles: ['admin', 'billing', 'credit'], isTenantWide: true },
  { permission: 'products:read', description: 'See products.', roles: ROLES },
  {
    permission: 'products:manage',
    description: 'Make and change products.',
    roles: ['admin', 'integration'],
    isTenantWide: true,
  },
  {
    permission: 'products:observe',
    description: 'Follow the products and payment terms of an ERP: the sync engine alone.',
    roles: [],
    isTenantWide: true,
  },
  {
    permission: 'prices:read',
    description: 'See price lists.',
    roles: ['admin', 'order-desk', 'billing', 'analyst', 'integration'],
  },
  {
    permission: 'prices:read-agreed',
    description: 'See the prices agreed with customers; a portal user its own.',
    roles: ['admin', 'order-desk', 'billing', 'analyst', 'integration', 'portal'],
  },
  {
    permission: 'prices:manage',
    description: 'Set prices, in lists and with customers.',
    roles: ['admin', 'integration'],
    isTenantWide: true,
  },
  {
    permission: 'taxes:read',
    description: 'See the tax table.',
    roles: ['admin', 'order-desk', 'billing', 'analyst', 'integration'],
  },
  { permission: 'taxes:manage', description: 'Set the tax table.', roles: ['admin', 'billing'], isTenantWide: true },
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
