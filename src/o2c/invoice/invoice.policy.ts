/** Who may see, draft, issue and credit invoices. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

export const invoicePolicy: readonly PolicyRow[] = [
  { permission: 'invoices:read', description: 'See invoices and credit notes.', roles: ROLES },
  {
    permission: 'invoices:draft',
    description: 'Draft invoices, change and cancel drafts.',
    roles: ['admin', 'billing', 'integration'],
  },
  { permission: 'invoices:issue', description: 'Issue invoices.', roles: ['admin', 'billing'] },
  { permission: 'invoices:credit', description: 'Issue credit notes.', roles: ['admin', 'billing'] },
];
