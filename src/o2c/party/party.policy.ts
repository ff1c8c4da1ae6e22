/** Who may see and change the group's companies and customers. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

export const partyPolicy: readonly PolicyRow[] = [
  { permission: 'legal-entities:read', description: 'See the legal entities.', roles: ROLES },
  {
    permission: 'legal-entities:read-policies',
    description: 'See which write-offs and which overdue amounts a legal entity lets pass.',
    roles: ROLES.filter((role) => role !== 'portal'),
  },
  {
    permission: 'legal-entities:manage',
    description: 'Make legal entities and set their policies.',
    roles: ['admin'],
    isTenantWide: true,
  },
  { permission: 'books:close', description: 'Close the books of a legal entity through a day.', roles: ['admin', 'billing'] },
  {
    permission: 'clock:advance',
    description: 'Move the business clock of a sandbox forward.',
    roles: ['admin'],
    isTenantWide: true,
  },
  {
    permission: 'customers:read-aliases',
    description: 'See the other names of customers.',
    roles: ROLES.filter((role) => role !== 'portal'),
  },
  { permission: 'customers:read', description: 'See customers and their accounts.', roles: ROLES },
  {
    permission: 'customers:manage',
    description: 'Make and change customers, their accounts and their place in the hierarchy.',
    roles: ['admin', 'order-desk', 'billing', 'credit', 'integration'],
  },
  {
    permission: 'customers:read-matches',
    description: 'See which customers may be the same, and why.',
    roles: ROLES.filter((role) => role !== 'portal' && role !== 'warehouse'),
    isTenantWide: true,
  },
  {
    permission: 'customers:match',
    description: 'Decide that two customers are the same, or are not: their accounts, and with them exposure, come together.',
    roles: ['admin', 'order-desk', 'billing', 'credit'],
    isTenantWide: true,
  },
  { permission: 'customers:observe', description: 'Follow the customers of an ERP: the sync engine alone.', roles: [] },
];
