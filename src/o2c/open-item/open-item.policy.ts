/** Who may see what is open. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

const seesReceivables = ROLES.filter((role) => role !== 'warehouse');

export const openItemPolicy: readonly PolicyRow[] = [
  {
    permission: 'items:read-evidence',
    description: 'See why an allocation was made, in the words of whoever made it.',
    roles: seesReceivables.filter((role) => role !== 'portal'),
  },
  { permission: 'items:read', description: 'See open items, allocations, ageing and statements.', roles: seesReceivables },
];
