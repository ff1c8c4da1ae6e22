/** Who may see and set up connections to ERPs, and who may bring in what comes by them. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

const STAFF = ROLES.filter((role) => role !== 'portal');

export const connectionPolicy: readonly PolicyRow[] = [
  {
    permission: 'connections:read',
    description: 'See connections, streams, runs and differences, and from where a record came.',
    roles: STAFF,
  },
  {
    permission: 'connections:manage',
    description: 'Make connections, change their settings and credentials, say who has authority.',
    roles: ['admin'],
    isTenantWide: true,
  },
  {
    permission: 'connections:operate',
    description: 'Check, pause, resume, read again and reconcile a connection.',
    roles: ['admin', 'integration'],
    isTenantWide: true,
  },
  {
    permission: 'sync-issues:read',
    description: 'See what did not fit, with the words of the ERP.',
    roles: ['admin', 'integration', 'billing', 'cash', 'order-desk', 'analyst'],
  },
  {
    permission: 'sync-issues:handle',
    description: 'Retry, replay or dismiss what did not fit.',
    roles: ['admin', 'integration', 'billing', 'cash', 'order-desk'],
  },
  { permission: 'erp-requests:read', description: 'See what is asked of an ERP, on the records that one sees.', roles: ROLES },
  { permission: 'erp-requests:record', description: 'Record what an ERP answered. For Cashgraph itself.', roles: [] },
];
