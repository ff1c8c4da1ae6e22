/** What webhooks still need of the log, as a condition on the position `$1` at which a part of it ends. It holds nothing back for endpoints that stand still. */

/** An endpoint that is paused or disabled finds told, when it goes on, what was forgotten meanwhile: it must not keep the whole log from being. */
export const WEBHOOKS_NEED = `exists (
    select from webhook_queue q join webhook_endpoint w on w.tenant_id = q.tenant_id and w.id = q.endpoint_id
    where w.lifecycle = 'ACTIVE' and least(q.behind_at, q.replay_at) < $1 - 1)
  or exists (
    select from webhook_delivery d join webhook_endpoint w on w.tenant_id = d.tenant_id and w.id = d.endpoint_id
    where w.lifecycle = 'ACTIVE' and d.state = 'PENDING' and d.position < $1)`;
