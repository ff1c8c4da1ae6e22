/** Who may see and set up connections to ERPs, and who may bring in what comes by them. */
import { type PolicyRow, ROLES } from '../../access/policy.ts';

const STAFF = ROLES.filter((role) => role !== 'portal');

export const connectionPolicy: readonly PolicyRow[] = [
  {
    permission: 'connections:read',
    description: 'See connections, streams, runs and differences.',
    roles: STAFF,
    // one connection may serve several legal entities, and what it tells names none of them
    isTenantWide: true,
  },
  {
    permission: 'sources:read',
    description: 'See from where a record came, and how fresh it is, on the records that one sees.',
    roles: ROLES,
  },
  {
    permission: 'sources:read-extensions',
    description: 'See what an ERP says of a record beyond the fields of the graph.',
    roles: STAFF,
  },
  { permission: 'sources:refresh', description: 'Have records read anew from their ERP before they are answered.', roles: STAFF },
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
    isTenantWide: true,
  },
  {
    permission: 'sync-issues:handle',
    description: 'Retry, replay or dismiss what did not fit.',
    roles: ['admin', 'integration', 'billing', 'cash', 'order-desk'],
    isTenantWide: true,
  },
  { permission: 'erp-requests:read', description: 'See what is asked of an ERP, on the records that one sees.', roles: ROLES },
  { permission: 'erp-requests:record', description: 'Record what an ERP answered. For Cashgraph itself.', roles: [] },
];
