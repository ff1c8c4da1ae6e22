/** Who may set money against documents, write off, and read documents in. */
import type { PolicyRow } from '../../access/policy.ts';

export const cashApplicationPolicy: readonly PolicyRow[] = [
  {
    permission: 'cash:apply',
    description: 'Set payments and credit notes against invoices, and take that back.',
    roles: ['admin', 'cash'],
  },
  { permission: 'items:write-off', description: 'Write off what will not be paid.', roles: ['admin', 'credit'] },
  {
    permission: 'documents:import',
    description: 'Read in invoices and payments that were made elsewhere.',
    roles: ['admin', 'integration'],
  },
];
