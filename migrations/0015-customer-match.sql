-- One customer over several ERPs: what customers are compared by, pairs that may be the same, and the accounts that move with a match.

alter table customer no force row level security;
alter table customer_account no force row level security;

alter table customer
  add merged_into_id uuid,
  add constraint customer_merged_into foreign key (tenant_id, merged_into_id) references customer,
  add constraint customer_not_merged_into_itself check (merged_into_id <> id);
create index customer_by_merged_into on customer (tenant_id, merged_into_id) where merged_into_id is not null;
comment on column customer.merged_into_id is 'The customer that it was found to be the same as, which has its accounts until that is undone';

alter table customer_account add origin_customer_id uuid;
update customer_account set origin_customer_id = customer_id;
alter table customer_account
  alter origin_customer_id set not null,
  add constraint customer_account_origin foreign key (tenant_id, origin_customer_id) references customer,
  add erp_limit_currency text constraint customer_account_erp_limit_currency_known check (is_currency(erp_limit_currency)),
  add erp_limit_minor bigint,
  add constraint customer_account_erp_limit_whole check ((erp_limit_minor is null) = (erp_limit_currency is null)),
  add is_blocked_in_erp boolean not null default false;
create index customer_account_by_origin on customer_account (tenant_id, origin_customer_id);
comment on column customer_account.origin_customer_id is 'The customer that it was opened for; its customer is another one while the two are found to be the same';
comment on column customer_account.erp_limit_minor is 'What it may owe by its ERP, which is only shown: the platform owns the limit';

alter table customer_alias
  add origin_customer_id uuid,
  add constraint customer_alias_origin foreign key (tenant_id, origin_customer_id) references customer;
grant delete on customer_alias to cashgraph_app;
comment on column customer_alias.origin_customer_id is 'The customer whose name it is, where it came with the accounts of that one';

-- Without foreign keys: a customer has a dozen of these, and checking them took twice as long as all the rest of a first sync. They are written
-- with the customer or account itself, and neither is ever deleted.
create table customer_trait (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  account_id uuid,
  kind text not null constraint customer_trait_kind_known check (kind in ('TAX_ID', 'NAME', 'NAME_WORD', 'EMAIL', 'EMAIL_DOMAIN', 'PHONE', 'ADDRESS', 'PLACE_WORD', 'BANK_ACCOUNT')),
  value text not null collate "C",
  shown text not null,
  constraint customer_trait_pk primary key (tenant_id, id),
  constraint customer_trait_once unique nulls not distinct (tenant_id, customer_id, account_id, kind, value)
);
create index customer_trait_by_value on customer_trait (tenant_id, kind, value, customer_id);
call guard_table('customer_trait', 'select, insert, delete');
revoke select on customer_trait from cashgraph_read;
comment on table customer_trait is 'By what customers are compared, each in one form; bank accounts as keyed digests only';

create table customer_to_compare (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  noted_at timestamptz not null,
  constraint customer_to_compare_pk primary key (tenant_id, id),
  constraint customer_to_compare_customer foreign key (tenant_id, customer_id) references customer
);
create index customer_to_compare_by_customer on customer_to_compare (tenant_id, customer_id);
create index customer_to_compare_by_noted on customer_to_compare (noted_at);
call guard_table('customer_to_compare', 'select, insert, delete');
revoke select on customer_to_compare from cashgraph_read;
create policy of_system on customer_to_compare for select to cashgraph_system using (true);
grant select on customer_to_compare to cashgraph_system;
comment on table customer_to_compare is 'Customers of which something is new since they were compared with the others; one may stand here more than once';
insert into customer_to_compare (tenant_id, id, customer_id, noted_at) select tenant_id, gen_random_uuid(), id, now() from customer;

create table customer_match (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  other_customer_id uuid not null,
  lifecycle text not null constraint customer_match_lifecycle_known check (lifecycle in ('PROPOSED', 'CONFIRMED', 'REJECTED', 'UNDONE', 'WITHDRAWN')),
  score numeric(5, 4) not null constraint customer_match_score_range check (score between 0 and 1),
  kept_customer_id uuid,
  moved_account_count int not null default 0,
  moved_customer_count int not null default 0,
  decided_by_id uuid,
  decided_at timestamptz,
  reason text,
  version int not null default 1,
  created_at timestamptz not null,
  constraint customer_match_pk primary key (tenant_id, id),
  constraint customer_match_customer foreign key (tenant_id, customer_id) references customer,
  constraint customer_match_other foreign key (tenant_id, other_customer_id) references customer,
  constraint customer_match_decider foreign key (tenant_id, decided_by_id) references actor (tenant_id, id),
  constraint customer_match_pair_unique unique (tenant_id, customer_id, other_customer_id),
  constraint customer_match_pair_ordered check (customer_id < other_customer_id),
  constraint customer_match_kept check (kept_customer_id in (customer_id, other_customer_id)),
  constraint customer_match_kept_told check ((lifecycle in ('CONFIRMED', 'UNDONE')) = (kept_customer_id is not null))
);
create index customer_match_by_other on customer_match (tenant_id, other_customer_id);
create index customer_match_by_score on customer_match (tenant_id, lifecycle, score, id);
create index customer_match_by_created on customer_match (tenant_id, created_at, id);
call guard_table('customer_match', 'select, insert, update');
comment on table customer_match is 'Two customers that may be the same one; a person decides';

create table customer_match_evidence (
  tenant_id uuid not null,
  id uuid not null,
  match_id uuid not null,
  place int not null,
  kind text not null,
  level text not null,
  value text not null,
  other_value text not null,
  weight numeric(6, 2) not null,
  sentence text not null,
  constraint customer_match_evidence_pk primary key (tenant_id, id),
  constraint customer_match_evidence_match foreign key (tenant_id, match_id) references customer_match
);
create index customer_match_evidence_by_match on customer_match_evidence (tenant_id, match_id, place);
call guard_table('customer_match_evidence', 'select, insert, delete');
comment on column customer_match_evidence.weight is 'In bits: what it speaks for the two being the same (positive) or against it';

-- The customers whose parent a match changed, to give them back when it is undone.
create table customer_match_move (
  tenant_id uuid not null,
  id uuid not null,
  match_id uuid not null,
  customer_id uuid not null,
  from_parent_id uuid,
  to_parent_id uuid,
  constraint customer_match_move_pk primary key (tenant_id, id),
  constraint customer_match_move_match foreign key (tenant_id, match_id) references customer_match,
  constraint customer_match_move_customer foreign key (tenant_id, customer_id) references customer
);
create index customer_match_move_by_match on customer_match_move (tenant_id, match_id);
call guard_table('customer_match_move', 'select, insert, delete');

alter table customer_account force row level security;
alter table customer force row level security;
