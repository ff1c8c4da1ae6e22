-- What is open by the day on which it falls due, kept as sums: ageing by segment, legal entity or connection then costs as much as there are days,
-- however many items are open. Whatever writes items notes what it changed, as a row of its own, so that no two writers wait for each other;
-- a job folds these rows into the sums. Open is always the sum of both tables, read in one statement.

create table ageing_day (
  tenant_id uuid not null,
  legal_entity_id uuid not null,
  segment text not null,
  currency text not null,
  group_currency text not null,
  due_on date not null,
  owed_minor bigint not null,
  owed_group_minor bigint not null,
  unapplied_minor bigint not null,
  unapplied_group_minor bigint not null,
  item_count int not null,
  constraint ageing_day_pk primary key (tenant_id, legal_entity_id, segment, currency, group_currency, due_on),
  constraint ageing_day_legal_entity foreign key (tenant_id, legal_entity_id) references legal_entity (tenant_id, id)
);
comment on table ageing_day is 'What is open by the day on which it falls due; owed to us and owed by us apart. To be read together with ageing_day_change';
comment on column ageing_day.segment is 'Of the customers; empty where they have none';
call guard_table('ageing_day', 'select');

create table ageing_day_change (
  tenant_id uuid not null,
  legal_entity_id uuid not null,
  segment text not null,
  currency text not null,
  group_currency text not null,
  due_on date not null,
  owed_minor bigint not null,
  owed_group_minor bigint not null,
  unapplied_minor bigint not null,
  unapplied_group_minor bigint not null,
  item_count int not null
);
create index ageing_day_change_by_tenant on ageing_day_change (tenant_id);
comment on table ageing_day_change is 'What changed of ageing_day and is not folded into it yet';
call guard_table('ageing_day_change', 'select, insert');

create policy of_system on ageing_day for all to cashgraph_system using (true) with check (true);
create policy of_system on ageing_day_change for all to cashgraph_system using (true) with check (true);
grant select, insert, update, delete on ageing_day to cashgraph_system;
grant select, delete on ageing_day_change to cashgraph_system;

-- A customer's segment must not change between the writing of its items and their commit: who writes items holds the tenant's lock with
-- others, who changes segments or owners holds it alone.
create function lock_ageing_days(tenant uuid, is_alone boolean) returns void language plpgsql as $$
begin
  if is_alone then
    perform pg_advisory_xact_lock(hashtext('ageing_day'), hashtext(tenant::text));
  else
    perform pg_advisory_xact_lock_shared(hashtext('ageing_day'), hashtext(tenant::text));
  end if;
end $$;

create function note_items() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    perform lock_ageing_days(tenant_id, false) from (select distinct n.tenant_id from new_items n) t;
    insert into ageing_day_change
    select n.tenant_id, n.legal_entity_id, coalesce(c.segment, ''), n.currency, n.group_currency, n.due_on,
      sum(greatest(n.open_minor, 0)), sum(greatest(n.group_open_minor, 0)), sum(least(n.open_minor, 0)), sum(least(n.group_open_minor, 0)), count(*)
    from new_items n
    join customer_account a on a.tenant_id = n.tenant_id and a.id = n.account_id
    join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
    where n.open_minor <> 0
    group by 1, 2, 3, 4, 5, 6;
  else
    perform lock_ageing_days(tenant_id, false) from (select distinct n.tenant_id from new_items n) t;
    insert into ageing_day_change
    select i.tenant_id, i.legal_entity_id, coalesce(c.segment, ''), i.currency, i.group_currency, i.due_on,
      sum(i.sign * greatest(i.open_minor, 0)), sum(i.sign * greatest(i.group_open_minor, 0)),
      sum(i.sign * least(i.open_minor, 0)), sum(i.sign * least(i.group_open_minor, 0)), sum(i.sign)
    from (
      select 1 as sign, n.tenant_id, n.legal_entity_id, n.account_id, n.currency, n.group_currency, n.due_on, n.open_minor, n.group_open_minor from new_items n
      union all
      select -1, o.tenant_id, o.legal_entity_id, o.account_id, o.currency, o.group_currency, o.due_on, o.open_minor, o.group_open_minor from old_items o
    ) i
    join customer_account a on a.tenant_id = i.tenant_id and a.id = i.account_id
    join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
    where i.open_minor <> 0
    group by 1, 2, 3, 4, 5, 6
    having sum(i.sign * i.open_minor) <> 0 or sum(i.sign * i.group_open_minor) <> 0 or sum(i.sign) <> 0
      or sum(i.sign * greatest(i.open_minor, 0)) <> 0;
  end if;
  return null;
end $$;
create trigger open_item_noted_new after insert on open_item referencing new table as new_items
  for each statement execute function note_items();
create trigger open_item_noted after update on open_item referencing old table as old_items new table as new_items
  for each statement execute function note_items();

-- The items of accounts whose segment is another one now.
create function move_items(tenant uuid, account uuid, from_segment text, to_segment text) returns void language sql as $$
  insert into ageing_day_change
  select i.tenant_id, i.legal_entity_id, s.segment, i.currency, i.group_currency, i.due_on,
    sum(s.sign * greatest(i.open_minor, 0)), sum(s.sign * greatest(i.group_open_minor, 0)),
    sum(s.sign * least(i.open_minor, 0)), sum(s.sign * least(i.group_open_minor, 0)), sum(s.sign)
  from open_item i, (values (-1, from_segment), (1, to_segment)) s(sign, segment)
  where i.tenant_id = tenant and i.account_id = account and i.settled_on is null
  group by 1, 2, 3, 4, 5, 6
$$;

create function note_segments() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform lock_ageing_days(t.tenant_id, true) from (
    select distinct n.tenant_id from new_customers n join old_customers o on o.tenant_id = n.tenant_id and o.id = n.id
    where n.segment is distinct from o.segment) t;
  perform move_items(a.tenant_id, a.id, coalesce(o.segment, ''), coalesce(n.segment, ''))
  from new_customers n
  join old_customers o on o.tenant_id = n.tenant_id and o.id = n.id
  join customer_account a on a.tenant_id = n.tenant_id and a.customer_id = n.id
  where n.segment is distinct from o.segment;
  return null;
end $$;
create trigger customer_segments_noted after update on customer referencing old table as old_customers new table as new_customers
  for each statement execute function note_segments();

create function note_owners() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform lock_ageing_days(t.tenant_id, true) from (
    select distinct n.tenant_id from new_accounts n join old_accounts o on o.tenant_id = n.tenant_id and o.id = n.id
    where n.customer_id <> o.customer_id) t;
  perform move_items(n.tenant_id, n.id, coalesce(was.segment, ''), coalesce(has.segment, ''))
  from new_accounts n
  join old_accounts o on o.tenant_id = n.tenant_id and o.id = n.id
  join customer was on was.tenant_id = o.tenant_id and was.id = o.customer_id
  join customer has on has.tenant_id = n.tenant_id and has.id = n.customer_id
  where n.customer_id <> o.customer_id and was.segment is distinct from has.segment;
  return null;
end $$;
create trigger account_owners_noted after update on customer_account referencing old table as old_accounts new table as new_accounts
  for each statement execute function note_owners();

-- From scratch: for what is there already, and for whoever fills the tables without the triggers. Run by the owner only.
create function rebuild_ageing_days() returns void language sql as $$
  delete from ageing_day_change;
  delete from ageing_day;
  insert into ageing_day
  select i.tenant_id, i.legal_entity_id, coalesce(c.segment, ''), i.currency, i.group_currency, i.due_on,
    sum(greatest(i.open_minor, 0)), sum(greatest(i.group_open_minor, 0)), sum(least(i.open_minor, 0)), sum(least(i.group_open_minor, 0)), count(*)
  from open_item i
  join customer_account a on a.tenant_id = i.tenant_id and a.id = i.account_id
  join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
  where i.settled_on is null
  group by 1, 2, 3, 4, 5, 6
$$;
revoke all on function rebuild_ageing_days from public;

-- Folds what has changed into the sums; sums of nothing are left out. One at a time. What fell due more than 90 days ago does so for ever, in every
-- time zone, and for sandboxes whose clock is ahead: all of it is one row, so that there are as many rows as there are days that matter.
create function fold_ageing_days(today date) returns int language plpgsql set search_path = public, pg_temp as $$
declare
  folded int;
  long_ago constant date := '0001-01-01';
begin
  if not pg_try_advisory_xact_lock(hashtext('fold_ageing_days'), 0) then
    return 0;
  end if;
  with gone as (
    delete from ageing_day_change returning *
  ), passed as (
    delete from ageing_day where due_on < today - 92 and due_on <> long_ago returning *
  ), added as (
    select tenant_id, legal_entity_id, segment, currency, group_currency, case when due_on < today - 92 then long_ago else due_on end as due_on,
      sum(owed_minor) as owed_minor, sum(owed_group_minor) as owed_group_minor, sum(unapplied_minor) as unapplied_minor,
      sum(unapplied_group_minor) as unapplied_group_minor, sum(item_count) as item_count
    from (select * from gone union all select * from passed) g group by 1, 2, 3, 4, 5, 6
  ), kept as (
    insert into ageing_day as d select * from added
    on conflict on constraint ageing_day_pk do update set owed_minor = d.owed_minor + excluded.owed_minor,
      owed_group_minor = d.owed_group_minor + excluded.owed_group_minor, unapplied_minor = d.unapplied_minor + excluded.unapplied_minor,
      unapplied_group_minor = d.unapplied_group_minor + excluded.unapplied_group_minor, item_count = d.item_count + excluded.item_count
  )
  select count(*) into folded from gone;
  delete from ageing_day where item_count = 0;
  return folded;
end $$;
revoke all on function fold_ageing_days from public;
grant execute on function fold_ageing_days to cashgraph_system;

alter table open_item no force row level security;
alter table customer no force row level security;
alter table customer_account no force row level security;
alter table ageing_day no force row level security;
alter table ageing_day_change no force row level security;
select rebuild_ageing_days();
alter table ageing_day_change force row level security;
alter table ageing_day force row level security;
alter table customer_account force row level security;
alter table customer force row level security;
alter table open_item force row level security;
