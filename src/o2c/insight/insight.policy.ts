/** Who may read flat reports. Customers may not: what is theirs they see in lists and statements. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

export const insightPolicy: readonly PolicyRow[] = [
  {
    permission: 'reports:read',
    description: 'Read flat reports of what one may see otherwise, and measures over it.',
    roles: ROLES.filter((role) => role !== 'portal' && role !== 'warehouse'),
  },
  {
    permission: 'reporting-logins:read',
    description: 'See which logins of the database read the tenant.',
    roles: ['admin'],
    isTenantWide: true,
  },
  {
    permission: 'reporting-logins:record',
    description: "Note what became of a reporting login: for the operator's command line alone.",
    roles: [],
  },
];
