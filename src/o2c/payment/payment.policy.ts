/** Who may see, record and return payments. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

export const paymentPolicy: readonly PolicyRow[] = [
  { permission: 'payments:read', description: 'See payments.', roles: ROLES.filter((role) => role !== 'warehouse') },
  {
    permission: 'payments:record',
    description: 'Record payments, and say whether announced ones came.',
    roles: ['admin', 'cash', 'integration'],
  },
  { permission: 'payments:return', description: 'Record that the bank took a payment back.', roles: ['admin', 'cash'] },
];
