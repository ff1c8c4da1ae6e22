/** Invariants 25–27, 29, 31 and 35: keys and effects, the log and its readers, and that every change of a record is in the log. */
import { sql } from '../read/sql.ts';
import { type Invariant, isForgetful, logged, records } from './invariant.ts';

const keyHasEffect: Invariant = {
  number: 25,
  name: 'key-has-effect',
  description: 'A stored idempotency key names the record of its effect, which exists, and the answer that was asked for.',
  sql: sql`
    select 'idempotency' as record, i.record_id as id, i.operation, i.key
    from idempotency i left join (${records}) r on r.id = i.record_id and r.kind = i.record_kind
    where r.id is null or (i.selection_hash is not null and i.answer is null)`,
};

const positionsDense: Invariant = {
  number: 26,
  name: 'positions-dense',
  description:
    'Positions of the log run from 1, or from what it has forgotten on, to its head without a hole, over all tenants; what is left of a chain begins after its anchor.',
  scope: 'SYSTEM',
  sql: sql`
    select 'event' as record, position::text as id, before::text as before
    from (select position, lag(position, 1, (select pruned_to from event_head)) over (order by position) as before from event) e where position <> before + 1
    union all
    select 'event_head', h.position::text, e.newest::text
    from event_head h cross join (select max(position) as newest from event) e where h.position <> coalesce(e.newest, h.pruned_to)
    union all
    select 'event_anchor', a.position::text, null
    from event_anchor a cross join event_head h
    where a.position > h.pruned_to or a.position >= (select min(e.position) from event e where e.tenant_id = a.tenant_id)
    union all
    select 'event_head', h.pruned_to::text, null
    from event_head h where h.pruned_to <> coalesce((select max(a.position) from event_anchor a), 0)`,
};

const deliveriesAccounted: Invariant = {
  number: 26,
  name: 'deliveries-accounted',
  description:
    'Every delivery is of a sealed event that its consumer has passed, under its record or the one that it says it is about, and is done, a dead letter that says why, or pending; no cursor is ahead of the log.',
  scope: 'SYSTEM',
  sql: sql`
    select 'delivery' as record, d.id::text, d.consumer, d.state
    from delivery d
    left join event e on e.tenant_id = d.tenant_id and e.position = d.position
    left join delivery_cursor c on c.consumer = d.consumer
    where e.position is null or (e.record_id <> d.record_id and e.payload ->> 'recordId' is distinct from d.record_id::text) or c.position is null or d.position > c.position
      or case d.state when 'DONE' then d.done_at is null when 'DEAD' then d.last_error is null else d.claimed_until is not null and d.claim_token is null end
    union all
    select 'delivery_cursor', c.position::text, c.consumer, null from delivery_cursor c cross join event_head h where c.position > h.position`,
};

const versionsInOrder: Invariant = {
  number: 27,
  name: 'versions-in-order',
  description:
    'The versions of a record stand in the log from 1, each after the one before it, or from what the log has not forgotten on; a tenant, its first actors and forbidden pairs begin outside of the log, a credit account with its customer.',
  sql: sql`
    select record_kind as record, record_id as id, record_version, before
    from (
      select *, lag(record_version) over (partition by record_id order by part, place) as before from (${logged}) l
    ) l
    where case when before is null then not ${isForgetful} and record_version <> 1 and not (record_version = 2 and record_kind in ('Tenant', 'Actor', 'ForbiddenPair', 'CreditAccount'))
               else record_version not in (before, before + 1) end`,
};

const externalOnce: Invariant = {
  number: 29,
  name: 'external-once',
  description: 'Each id of another system names one record, which exists, and each event is in the log once.',
  sql: sql`
    select 'external_ref' as record, min(x.id::text) as id, x.external_id
    from external_ref x group by x.connection, x.record_kind, x.external_id having count(*) > 1
    union all
    select 'external_ref', x.id::text, x.external_id from external_ref x left join (${records}) r on r.id = x.record_id where r.id is null
    union all
    select 'event', l.event_id::text, min(l.type) from (${logged}) l group by l.event_id having count(*) > 1`,
};

const oneOwner: Invariant = {
  number: 31,
  name: 'one-owner',
  description:
    "A lease has one owner and a token; of one record's deliveries to a consumer one at most is under way, and it is the oldest.",
  scope: 'SYSTEM',
  sql: sql`
    select 'lease' as record, name as id, min(owner) as owner from lease group by name having count(*) > 1 or min(token) < 1 or min(owner) = ''
    union all
    select 'delivery', d.id::text, d.consumer
    from delivery d
    where d.state = 'PENDING' and d.claimed_until > clock_timestamp() and exists (
      select from delivery o
      where o.tenant_id = d.tenant_id and o.consumer = d.consumer and o.record_id = d.record_id and o.state = 'PENDING' and o.position < d.position
    )`,
};

const changeLogged: Invariant = {
  number: 35,
  name: 'change-logged',
  description:
    'Each version of each record that the log has not forgotten has its event, by an actor of the tenant under a request; no event is of a version that is not there.',
  sql: sql`
    with log as (
      select record_kind, record_id, max(record_version) as newest, min(record_version) as oldest, count(distinct record_version) as versions
      from (${logged}) l group by 1, 2
    )
    select coalesce(r.kind, l.record_kind) as record, coalesce(r.id, l.record_id)::text as id, r.version, l.newest as logged
    from (${records}) r full join log l on l.record_id = r.id and l.record_kind = r.kind
    where r.id is null or (case when l.newest is null and ${isForgetful} then r.version else coalesce(l.newest, 1) end) <> r.version
      or case when ${isForgetful} then l.versions <> l.newest - l.oldest + 1 else (coalesce(l.versions, 0) <> r.version and not (coalesce(l.versions, 0) = r.version - 1 and r.kind in ('Tenant', 'Actor', 'ForbiddenPair', 'CreditAccount'))) end
    union all
    select 'event', l.event_id::text, null, null
    from (${logged}) l left join actor a on a.id = l.actor_id where a.id is null or l.request_id = ''`,
};

export const deliveryInvariants: readonly Invariant[] = [
  keyHasEffect,
  positionsDense,
  deliveriesAccounted,
  versionsInOrder,
  externalOnce,
  oneOwner,
  changeLogged,
];
