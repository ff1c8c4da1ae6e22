-- Who may not do both: forbidden pairs of permissions, who did what on which record, and requests that a second person decides.

alter table actor add owner_id uuid, add constraint actor_owner foreign key (tenant_id, owner_id) references actor;
comment on column actor.owner_id is 'The person who made an API key: what the key does, that person did';

create table forbidden_pair (
  tenant_id uuid not null references tenant,
  id uuid not null,
  first_permission text not null,
  second_permission text not null,
  extent text not null constraint forbidden_pair_extent_known check (extent in ('RECORD', 'PERSON')),
  is_active boolean not null default true,
  version int not null default 1,
  created_at timestamptz not null,
  constraint forbidden_pair_pk primary key (tenant_id, id),
  constraint forbidden_pair_apart check (first_permission <> second_permission)
);
create unique index forbidden_pair_unique on forbidden_pair (tenant_id, least(first_permission, second_permission), greatest(first_permission, second_permission));
comment on column forbidden_pair.extent is 'RECORD: one person can''t do both on one record. PERSON: one person can''t hold both permissions at all';
call guard_table('forbidden_pair', 'select, insert, update');

create table duty (
  tenant_id uuid not null references tenant,
  record_id uuid not null,
  pair text not null constraint duty_pair_form check (pair ~ '^[^ ]+ [^ ]+$'),
  person_id uuid not null,
  permission text not null,
  done_at timestamptz not null,
  constraint duty_pk primary key (tenant_id, record_id, person_id, pair),
  constraint duty_person foreign key (tenant_id, person_id) references actor (tenant_id, id),
  constraint duty_of_pair check (permission = any (string_to_array(pair, ' ')))
);
comment on table duty is 'Which half of a forbidden pair a person did on a record. The key has no permission: of one pair a person does one half';
comment on column duty.pair is 'Both permissions in alphabetical order';
create trigger duty_append_only before update or delete on duty for each row execute function refuse_change();
call guard_table('duty', 'select, insert');

create table approval (
  tenant_id uuid not null references tenant,
  id uuid not null,
  kind text not null constraint approval_kind_known check (kind in ('CREDIT_RELEASE', 'CREDIT_LIMIT', 'WRITE_OFF')),
  lifecycle text not null constraint approval_lifecycle_known check (lifecycle in ('REQUESTED', 'APPROVED', 'REJECTED', 'EXPIRED')),
  legal_entity_id uuid,
  account_id uuid,
  customer_id uuid,
  record_kind text not null,
  record_id uuid not null,
  record_version int not null,
  currency text constraint approval_currency_known check (is_currency(currency)),
  amount_minor bigint,
  reason text not null,
  last_editor_id uuid not null,
  requested_by_id uuid not null,
  decided_by_id uuid,
  decided_at timestamptz,
  decision_reason text,
  expires_at timestamptz not null,
  version int not null default 1,
  created_at timestamptz not null,
  constraint approval_pk primary key (tenant_id, id),
  constraint approval_requester foreign key (tenant_id, requested_by_id) references actor (tenant_id, id),
  constraint approval_decider foreign key (tenant_id, decided_by_id) references actor (tenant_id, id),
  constraint approval_decided check ((lifecycle in ('APPROVED', 'REJECTED')) = (decided_by_id is not null)),
  constraint approval_four_eyes check (lifecycle <> 'APPROVED' or (decided_by_id <> requested_by_id and decided_by_id <> last_editor_id)),
  constraint approval_amount_whole check ((amount_minor is null) = (currency is null))
);
-- checked at the end: the wish that takes the place of a lapsed one is written before that one is ended
alter table approval add constraint approval_one_open
  exclude using btree (tenant_id with =, kind with =, record_id with =, record_version with =) where (lifecycle = 'REQUESTED') deferrable initially deferred;
create index approval_by_expiry on approval (expires_at) where lifecycle = 'REQUESTED';
create index approval_by_created on approval (tenant_id, created_at, id);
create index approval_by_record on approval (tenant_id, record_id);
comment on table approval is 'A wish that a second person grants or refuses; it is for exactly this amount and this version of the record';
call guard_table('approval', 'select, insert, update');
create policy of_system on approval for select to cashgraph_system using (true);
grant select on approval to cashgraph_system;
