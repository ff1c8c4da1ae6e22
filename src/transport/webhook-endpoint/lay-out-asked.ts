/** What is asked of the sender by events of an endpoint: begin, test, repeat, send again, go on, end. In the transaction that passes them. */
import type { EventPayload } from '../../outbox/event.ts';
import type { Batch } from './lay-out-insert.ts';

/** An event of an endpoint. */
export interface Asked {
  readonly tenantId: string;
  readonly endpointId: string;
  readonly position: string;
  readonly type: string;
  readonly payload: EventPayload;
}

export async function obey({ client, at }: Batch, { tenantId, endpointId, position, type, payload }: Asked): Promise<void> {
  const run = async (text: string, ...more: readonly unknown[]): Promise<void> =>
    void (await client.query(text, [tenantId, endpointId, ...more]));
  const locked = () => run('select from webhook_queue where tenant_id = $1 and endpoint_id = $2 for update');
  switch (type) {
    case 'webhook_endpoint.created':
      return run(
        `insert into webhook_queue (tenant_id, endpoint_id, from_position, behind_at) values ($1, $2, $3, $4) on conflict do nothing`,
        position,
        payload['after'] ?? null,
      );
    case 'webhook_endpoint.tested':
      return run(INSERT_TEST, position, at);
    case 'webhook_endpoint.replay_asked':
      // both, where one is under way
      return run(
        `update webhook_queue set replay_at = least(replay_at, $3::bigint),
           replay_until = greatest(replay_until, least($4::bigint, $5::bigint - 1)) where tenant_id = $1 and endpoint_id = $2 and $3::bigint < $5::bigint - 1`,
        payload['after'],
        payload['until'] ?? null,
        position,
      );
    case 'webhook_endpoint.resend_asked':
      await locked();
      return run(RESEND, payload['deliveryId'] ?? null, at);
    case 'webhook_endpoint.resumed':
      await locked();
      await run(RESUME, at);
      return run(
        'update webhook_queue set failing_since = null, failure = null, failure_count = 0, blocked_until = null where tenant_id = $1 and endpoint_id = $2',
      );
    case 'webhook_endpoint.deleted':
      await locked();
      return run(END, at);
    default:
      return undefined;
  }
}

/** Apart from all others: it waits for none, and none waits for it. */
const INSERT_TEST = `
  with laid as (
    insert into webhook_delivery (tenant_id, endpoint_id, purpose, position, event_id, event_type, record_kind, record_id, record_version, next_at, created_at)
    select tenant_id, record_id, 'TEST', position, event_id, type, record_kind, 'wh_' || record_id, record_version, $4, $4
    from event where tenant_id = $1 and record_id = $2 and position = $3 returning 1
  )
  update webhook_queue set laid_count = laid_count + 1, pending_count = pending_count + 1
  where tenant_id = $1 and endpoint_id = $2 and exists (select from laid)`;

/** Behind what waits of its record, in the order of before; another 72 hours begin. */
const RESEND = `
  with dead as (
    select id, record_id, purpose, nextval('webhook_delivery_seq') as seq
    from (select id, record_id, purpose from webhook_delivery
      where tenant_id = $1 and endpoint_id = $2 and state = 'DEAD' and ($3::uuid is null or id = $3) order by seq for update) d
  ),
  sent as (
    update webhook_delivery d set state = 'PENDING', seq = o.seq, ended_at = null, earlier_attempt_count = d.attempt_count, first_attempt_at = null,
      next_at = case when o.purpose = 'TEST' or (not exists (select from webhook_delivery p where p.tenant_id = $1 and p.endpoint_id = $2
          and p.record_id = o.record_id and p.state = 'PENDING' and p.purpose <> 'TEST')
        and o.seq = (select min(f.seq) from dead f where f.record_id = o.record_id and f.purpose <> 'TEST')) then $4::timestamptz end
    from dead o where d.tenant_id = $1 and d.id = o.id returning 1
  )
  update webhook_queue set pending_count = pending_count + (select count(*) from sent) where tenant_id = $1 and endpoint_id = $2`;

/** What waits for a time has its turn now, and another 72 hours. */
const RESUME = `
  update webhook_delivery set next_at = $3, first_attempt_at = null, earlier_attempt_count = attempt_count
  where tenant_id = $1 and endpoint_id = $2 and state = 'PENDING' and next_at is not null and (claimed_until is null or claimed_until < clock_timestamp())`;

const END = `
  with ended as (
    update webhook_delivery set state = 'DEAD', next_at = null, ended_at = $3, failure = 'The endpoint was deleted.', claimed_until = null
    where tenant_id = $1 and endpoint_id = $2 and state = 'PENDING' returning 1
  )
  update webhook_queue set pending_count = pending_count - (select count(*) from ended), behind_at = null, replay_at = null, replay_until = null
  where tenant_id = $1 and endpoint_id = $2`;
