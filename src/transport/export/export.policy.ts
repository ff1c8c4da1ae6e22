/** Who may export: everybody what they may read. The rights over the rows are those of reading them, looked up anew while it runs. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

export const exportPolicy: readonly PolicyRow[] = [
  { permission: 'exports:read', description: 'See the exports that one has started.', roles: ROLES },
  {
    permission: 'exports:start',
    description: 'Export lists that one may read; cancel and restart what one has started.',
    roles: ROLES,
  },
  { permission: 'exports:run', description: 'Work on exports. For Cashgraph itself.', roles: [] },
];
