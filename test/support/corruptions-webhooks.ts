// Ways to corrupt what is sent to endpoints, each with the invariants that it breaks. The endpoint is for customers: each has its event.
const ENDPOINT = `'00000000-0000-7000-8000-00000000f00d'`;

/** With a delivery for each event of a customer, as they would wait: of each record the first has its turn. */
const sent = `
  insert into webhook_endpoint (tenant_id, id, url, event_types, created_by_id, lifecycle, active_since, sealed_secret, secret_hint, created_at)
    select a.tenant_id, ${ENDPOINT}, 'https://hooks.example.com', '["customer.*"]', a.id, 'PAUSED', now(), 'closed', 'last', now() from actor a limit 1;
  insert into event_inbox (tenant_id, event_id, type, type_version, record_kind, record_id, record_version, actor_id, request_id, occurred_at, recorded_at, payload)
    select tenant_id, gen_random_uuid(), 'webhook_endpoint.created', 1, 'WebhookEndpoint', id, 1, created_by_id, 'x', now(), now(), '{}' from webhook_endpoint;
  insert into delivery_cursor select 'webhooks', position from event_head on conflict (consumer) do update set position = excluded.position;
  insert into webhook_delivery (tenant_id, endpoint_id, purpose, position, event_id, event_type, record_kind, record_id, record_version, next_at, created_at)
    select e.tenant_id, ${ENDPOINT}, 'EVENT', e.position, e.event_id, e.type, e.record_kind, 'cus_' || e.record_id, e.record_version,
      case when row_number() over (partition by e.record_id order by e.position) = 1 then now() end, now() from event e where e.type like 'customer.%';
  insert into webhook_queue (tenant_id, endpoint_id, from_position, laid_count, pending_count)
    select tenant_id, endpoint_id, 1, count(*), count(*) from webhook_delivery group by 1, 2`;
const of = (what: string) =>
  `${sent}; update webhook_delivery set ${what} where id = (select id from webhook_delivery order by seq limit 1)`;

export const webhookCorruptions: readonly (readonly [what: string, statements: string, names: readonly string[]])[] = [
  [
    'an event that an endpoint was never to get',
    `${sent};
      insert into webhook_endpoint select (jsonb_populate_record(w, jsonb_build_object('id', gen_random_uuid()))).* from webhook_endpoint w;
      insert into webhook_queue select tenant_id, id, 1 from webhook_endpoint where id <> ${ENDPOINT}`,
    ['26 webhooks-complete', '35 change-logged'],
  ],
  ['a delivery of an event that is not there', of('position = 1000000'), ['26 webhooks-accounted']],
  ['a delivery that has no turn', of('next_at = null'), ['26 webhooks-accounted']],
  [
    'a delivery that was taken by nobody',
    `${of(`state = 'DELIVERED', next_at = null, ended_at = now(), record_id = 'x'`)}; update webhook_queue set pending_count = pending_count - 1;
      update webhook_delivery set next_at = now() where state = 'PENDING' and seq = (select min(seq) from webhook_delivery where state = 'PENDING')`,
    ['26 webhooks-accounted'],
  ],
  ['a delivery that vanished', `${sent}; update webhook_queue set laid_count = laid_count + 1`, ['32 webhooks-counted']],
];
