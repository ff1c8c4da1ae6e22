/** Invariants 23 and 24: four eyes on what was approved, and that nobody did or may do both halves of a forbidden pair. */
import { modules } from '../transport/modules.ts';
import { type Sql, sql } from '../read/sql.ts';
import { type Invariant, keptSince, logged } from './invariant.ts';

const fourEyes: Invariant = {
  number: 23,
  name: 'four-eyes',
  description:
    'Whoever granted a wish is a person, asked for it neither itself nor by an API key, and did not change the record last.',
  sql: sql`
    with who as (select id, kind, coalesce(owner_id, id) as person_id from actor)
    select 'approval' as record, a.id, a.kind
    from approval a
    left join who d on d.id = a.decided_by_id
    left join who r on r.id = a.requested_by_id
    left join who e on e.id = a.last_editor_id
    where a.lifecycle = 'APPROVED'
      and (d.id is null or d.kind = 'SYSTEM' or d.person_id in (r.person_id, e.person_id) or a.decided_at >= a.expires_at)`,
};

const grantedIsDone: Invariant = {
  number: 23,
  name: 'granted-is-done',
  description:
    'What was granted was done on the record, by who granted it and under the same request; nothing else is said to be granted.',
  sql: sql`
    with log as (select * from (${logged}) l), granted as (select * from log where type = 'approval.granted')
    select 'approval' as record, a.id, a.kind
    from approval a left join granted g on g.record_id = a.id
    where (a.lifecycle = 'APPROVED') <> (g.record_id is not null) and not (g.record_id is null and a.decided_at <= ${keptSince})
      or (g.record_id is not null and not exists (
        select from log e where e.record_id = a.record_id and e.request_id = g.request_id and e.actor_id = g.actor_id))`,
};

const oneHalfDone: Invariant = {
  number: 24,
  name: 'one-half-done',
  description: 'Nobody has done both halves of a forbidden pair on one record, neither itself nor by an API key; of people only.',
  sql: sql`
    with done as (
      select d.record_id, d.pair, d.permission, d.person_id as noted_id, a.kind, coalesce(a.owner_id, a.id) as person_id
      from duty d left join actor a on a.id = d.person_id
    )
    select 'duty' as record, record_id as id, pair from done
    group by record_id, pair, person_id having count(distinct permission) > 1
    union all
    select 'duty', record_id, pair from done where person_id is distinct from noted_id or kind is null or kind = 'SYSTEM'`,
};

/** Which role gives which permission, as rows; `admin` holds all and can use no forbidden pair, so it is left out. */
const given: Sql = sql.join(
  modules
    .flatMap((module) => module.policy)
    .flatMap(({ permission, roles, isTenantWide = false }) =>
      roles
        .filter((role) => role !== 'admin')
        .map((role) => sql`(${sql.literal(role)}, ${sql.literal(permission)}, ${isTenantWide ? sql`true` : sql`false`})`),
    ),
);

const noneHolds: Invariant = {
  number: 24,
  name: 'no-pair-held',
  description: 'Nobody holds both halves of a pair that is forbidden at all for one legal entity, counting its API keys.',
  sql: sql`
    with given(role, permission, is_tenant_wide) as (values ${given}),
    held as (
      select coalesce(a.owner_id, a.id) as person_id, g.permission, r.legal_entity_id
      from actor_role r
      join actor a on a.id = r.actor_id and a.revoked_at is null
      join given g on g.role = r.role and not (g.is_tenant_wide and r.legal_entity_id is not null)
      where a.kind <> 'API_KEY' or exists (select from api_key k where k.actor_id = a.id and k.revoked_at is null)
    )
    select distinct 'actor' as record, f.person_id as id, p.first_permission, p.second_permission
    from forbidden_pair p
    join held f on f.permission = p.first_permission
    join held s on s.permission = p.second_permission and s.person_id = f.person_id
    where p.is_active and p.extent = 'PERSON'
      and (f.legal_entity_id is null or s.legal_entity_id is null or f.legal_entity_id = s.legal_entity_id)`,
};

export const dutyInvariants: readonly Invariant[] = [fourEyes, grantedIsDone, oneHalfDone, noneHolds];
