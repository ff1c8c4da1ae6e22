/** Who is asking, as the settings that the policies of row-level security read. */
import type { Principal } from '../access/principal.ts';
import type { Settings } from './pool.ts';

export function settingsOf({ tenantId, actorId, portal }: Principal): Settings {
  if (!portal) return { 'app.tenant_id': tenantId };
  return {
    'app.tenant_id': tenantId,
    'app.actor_id': actorId,
    'app.account_ids': portal.accountIds.join(','),
    'app.customer_ids': portal.customerIds.join(','),
  };
}
