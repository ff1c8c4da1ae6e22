/** Documents are observed by the sync engine alone: no role gives the permission. */
import type { PolicyRow } from '../../access/policy.ts';

export const observationPolicy: readonly PolicyRow[] = [
  {
    permission: 'documents:observe',
    description: 'Follow invoices, credit notes and payments of an ERP; for the platform alone.',
    roles: [],
  },
];
