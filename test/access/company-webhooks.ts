// What a company of the stage has sent to others: an endpoint that stands still, with a dead letter and its one attempt. As rows, since
// nobody takes anything there; each free text carries the mark of whose it is.
import type { Rows } from './company-erp.ts';

/** $1 the tenant, $2 the mark of the company. */
const STATEMENTS = [
  // for events that do not happen here
  `insert into webhook_endpoint (tenant_id, id, url, description, event_types, created_by_id, lifecycle, active_since, sealed_secret, secret_hint, created_at)
   select $1, gen_random_uuid(), 'https://hooks.example.com/' || $2, $2, '["webhook_endpoint.tested"]', id, 'PAUSED', now(), 'closed', 'last', now()
   from actor where tenant_id = $1 and subject = 'admin'`,
  `insert into webhook_queue (tenant_id, endpoint_id, from_position, laid_count, failure, delivered_at)
   select tenant_id, id, 1, 1, $2, now() from webhook_endpoint where tenant_id = $1`,
  `insert into webhook_delivery (tenant_id, endpoint_id, purpose, position, event_id, event_type, record_kind, record_id, record_version, state, attempt_count, ended_at, failure, created_at)
   select w.tenant_id, w.id, 'EVENT', e.position, e.event_id, e.type, e.record_kind, 'cus_' || e.record_id, e.record_version, 'DEAD', 1, now(), $2, now()
   from webhook_endpoint w, (select * from event where tenant_id = $1 and type = 'customer.created' order by position limit 1) e where w.tenant_id = $1`,
  `insert into webhook_attempt (tenant_id, delivery_id, number, started_at, duration_ms, status, headers, body, failure)
   select tenant_id, id, 1, now(), 1, 500, jsonb_build_object('server', $2), $2, $2 from webhook_delivery where tenant_id = $1`,
];

export async function postWebhooks(rows: Rows, { tenantId, mark }: { tenantId: string; mark: string }): Promise<void> {
  for (const statement of STATEMENTS)
    await rows(statement.replaceAll('$1', `'${tenantId}'::uuid`).replaceAll('$2', `'${mark}'::text`));
}
