// Ways to corrupt stored sums by SQL: those of credit and of ageing.
const newExposure = `create temporary table grown on commit drop as select * from credit_account limit 1;
  update credit_account set version = 3 where id = (select id from grown);
  insert into event_inbox (tenant_id, event_id, type, type_version, customer_id, record_kind, record_id, record_version, actor_id, request_id, occurred_at, recorded_at, payload)
  select tenant_id, gen_random_uuid(), 'credit.exposure_changed', 1, customer_id, 'CreditAccount', id, v.version, (select min(a.id::text)::uuid from actor a), 'x', now(), now(), v.payload::jsonb
  from grown cross join (values (2, '{"unbilled": "0.00", "exposure": "0.00", "to": "WITHIN"}'), (3, '{"unbilled": "9.00", "exposure": "9.00", "to": "OVER"}')) v (version, payload)`;

export const sumCorruptions: readonly (readonly [what: string, statements: string, names: readonly string[]])[] = [
  ['an order that took exposure above a limit by itself', newExposure, ['21 limit-held']],
  [
    'a change of what is open that the sums of ageing lost',
    `delete from ageing_day_change where ctid = (select ctid from ageing_day_change where owed_minor > 0 limit 1)`,
    ['13 ageing-summed'],
  ],
];
