/** Who may see the books. Nobody writes them but through a command of another noun. */
import type { PolicyRow } from '../../access/policy.ts';

export const ledgerPolicy: readonly PolicyRow[] = [
  {
    permission: 'ledger:read',
    description: 'See journal entries and transfers.',
    roles: ['admin', 'billing', 'cash', 'credit', 'analyst'],
  },
];
