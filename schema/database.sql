-- Made by `cashgraph schema`; do not edit.

-- a body that was bound when it was made, in its migration
create function ageing_row(wall timestamp with time zone) returns TABLE(tenant_id uuid, id uuid, legal_entity_id uuid, legal_entity_code text, customer_id uuid, customer_number text, customer_name text, customer_country text, customer_segment text, account_id uuid, account_number text, kind text, document_kind text, document_id text, document_number text, instalment integer, as_of date, due_on date, days_overdue integer, bucket text, currency text, group_currency text, open numeric, open_group numeric);
grant execute on function ageing_row to public;

-- a body that was bound when it was made, in its migration
create function billing_sign(debit text, credit text, code text) returns integer;
grant execute on function billing_sign to public;

-- a body that was bound when it was made, in its migration
create function cash_forecast_by_due_date_row(wall timestamp with time zone) returns TABLE(tenant_id uuid, id text, legal_entity_id uuid, legal_entity_code text, due_on date, is_overdue boolean, currency text, group_currency text, amount numeric, amount_group numeric, item_count integer);
grant execute on function cash_forecast_by_due_date_row to public;

CREATE OR REPLACE FUNCTION public.currency_exponent(code text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case
    when code in ('BIF','CLP','DJF','GNF','ISK','JPY','KMF','KRW','PYG','RWF','UGX','UYI','VND','VUV','XAF','XOF','XPF') then 0
    when code in ('BHD','IQD','JOD','KWD','LYD','OMR','TND') then 3
    when code in ('CLF','UYW') then 4
    else 2 end
$function$
;
grant execute on function currency_exponent to public;

CREATE OR REPLACE FUNCTION public.cut_event_partition()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET lock_timeout TO '2s'
AS $function$
declare
  next bigint;
  part record;
  made text;
begin
  select position + 1 into next from event_head for update;
  select * into part from event_partition where from_position < next and next < to_position;
  if part is null then return; end if;
  made := format('event_from_%s', lpad(next::text, 18, '0'));
  execute format('create table %I (like event)', made);
  execute format('alter table event detach partition %I', part.name);
  execute format('alter table event attach partition %I for values from (%s) to (%s)', part.name, part.from_position, next);
  execute format('alter table event attach partition %I for values from (%s) to (%s)', made, next, part.to_position);
  execute format('alter table %I enable row level security', made);
  execute format('alter table %I force row level security', made);
end $function$
;
grant execute on function cut_event_partition to cashgraph_system;

CREATE OR REPLACE FUNCTION public.drop_event_partition(until bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET lock_timeout TO '2s'
AS $function$
declare
  head record;
  part record;
begin
  select * into head from event_head for update;
  select * into part from event_partition order by from_position limit 1;
  if part.to_position <> until or until > head.position + 1 then
    raise exception 'The log''s oldest part ends at %, not at %', part.to_position, until;
  end if;
  execute format('drop table %I', part.name);
  update event_head set pruned_to = until - 1;
end $function$
;
grant execute on function drop_event_partition to cashgraph_system;

CREATE OR REPLACE FUNCTION public.enqueue(task text, payload jsonb, key text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, queue text DEFAULT NULL::text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  job bigint;
begin
  if task !~ '^[a-z][a-z0-9-]{0,63}$' then
    raise exception 'a task has a name such as send-statement' using errcode = '22023';
  end if;
  execute 'select id from graphile_worker.add_job(identifier := $1, payload := $2::json, job_key := $3, run_at := $4, queue_name := $5)'
    into job using enqueue.task, enqueue.payload, enqueue.key, enqueue.run_at, enqueue.queue;
  return job;
end $function$
;
grant execute on function enqueue to cashgraph_app;
grant execute on function enqueue to cashgraph_system;

CREATE OR REPLACE FUNCTION public.ensure_event_partition(wanted bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  width constant bigint := 10000000;
  start bigint;
  part text;
begin
  select partitioned_to into start from event_head for update;
  while start <= wanted loop
    part := format('event_%s', lpad((start / width)::text, 5, '0'));
    -- made apart and then attached: `partition of` would lock out readers of the log, and wait for them
    execute format('create table %I (like event)', part);
    execute format('alter table event attach partition %I for values from (%s) to (%s)', part, start, start + width);
    execute format('alter table %I enable row level security', part);
    execute format('alter table %I force row level security', part);
    start := start + width;
  end loop;
  update event_head set partitioned_to = start where partitioned_to <> start;
end $function$
;
grant execute on function ensure_event_partition to cashgraph_system;

CREATE OR REPLACE FUNCTION public.estimated_rows(query text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  plan json;
begin
  execute 'explain (format json) ' || query into plan;
  return (plan -> 0 -> 'Plan' ->> 'Plan Rows')::bigint;
end $function$
;
grant execute on function estimated_rows to public;

CREATE OR REPLACE FUNCTION public.fold_ageing_days(today date)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$
;
grant execute on function fold_ageing_days to cashgraph_system;

CREATE OR REPLACE FUNCTION public.hierarchy_key()
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select hashtextextended('hierarchy ' || current_setting('app.tenant_id'), 0)
$function$
;
grant execute on function hierarchy_key to public;

CREATE OR REPLACE FUNCTION public.holds_lease(lease_name text, lease_token bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform from lease where name = lease_name and token = lease_token for share;
  return found;
end $function$
;
grant execute on function holds_lease to cashgraph_app;

CREATE OR REPLACE FUNCTION public.is_currency(code text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
    begin
      return code in ('AED', 'AFN', 'ALL', 'AMD', 'ANG', 'AOA', 'ARS', 'AUD', 'AWG', 'AZN', 'BAM', 'BBD', 'BDT', 'BGN', 'BHD', 'BIF', 'BMD', 'BND', 'BOB', 'BOV', 'BRL', 'BSD', 'BTN', 'BWP', 'BYN', 'BZD', 'CAD', 'CDF', 'CHE', 'CHF', 'CHW', 'CLF', 'CLP', 'CNY', 'COP', 'COU', 'CRC', 'CUC', 'CUP', 'CVE', 'CZK', 'DJF', 'DKK', 'DOP', 'DZD', 'EGP', 'ERN', 'ETB', 'EUR', 'FJD', 'FKP', 'GBP', 'GEL', 'GHS', 'GIP', 'GMD', 'GNF', 'GTQ', 'GYD', 'HKD', 'HNL', 'HRK', 'HTG', 'HUF', 'IDR', 'ILS', 'INR', 'IQD', 'IRR', 'ISK', 'JMD', 'JOD', 'JPY', 'KES', 'KGS', 'KHR', 'KMF', 'KPW', 'KRW', 'KWD', 'KYD', 'KZT', 'LAK', 'LBP', 'LKR', 'LRD', 'LSL', 'LYD', 'MAD', 'MDL', 'MGA', 'MKD', 'MMK', 'MNT', 'MOP', 'MRU', 'MUR', 'MVR', 'MWK', 'MXN', 'MXV', 'MYR', 'MZN', 'NAD', 'NGN', 'NIO', 'NOK', 'NPR', 'NZD', 'OMR', 'PAB', 'PEN', 'PGK', 'PHP', 'PKR', 'PLN', 'PYG', 'QAR', 'RON', 'RSD', 'RUB', 'RWF', 'SAR', 'SBD', 'SCR', 'SDG', 'SEK', 'SGD', 'SHP', 'SLE', 'SLL', 'SOS', 'SRD', 'SSP', 'STN', 'SVC', 'SYP', 'SZL', 'THB', 'TJS', 'TMT', 'TND', 'TOP', 'TRY', 'TTD', 'TWD', 'TZS', 'UAH', 'UGX', 'USD', 'USN', 'UYI', 'UYU', 'UYW', 'UZS', 'VED', 'VES', 'VND', 'VUV', 'WST', 'XAF', 'XCD', 'XCG', 'XOF', 'XPF', 'YER', 'ZAR', 'ZMW', 'ZWG', 'ZWL');
    end $function$
;
grant execute on function is_currency to public;

CREATE OR REPLACE FUNCTION public.lock_ageing_days(tenant uuid, is_alone boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if is_alone then
    perform pg_advisory_xact_lock(hashtext('ageing_day'), hashtext(tenant::text));
  else
    perform pg_advisory_xact_lock_shared(hashtext('ageing_day'), hashtext(tenant::text));
  end if;
end $function$
;
grant execute on function lock_ageing_days to public;

CREATE OR REPLACE FUNCTION public.lock_credit_chains(accounts uuid[], customers uuid[])
 RETURNS TABLE(id uuid, customer_id uuid, parent_id uuid, accounts_of uuid[], number text, exposure_minor bigint, limit_group_minor bigint, is_blocked boolean, block_reason text)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock_shared(hierarchy_key());
  -- each is its own root, as most are
  return query
    with named as (
      select a.customer_id as id, k.id as account_id from unnest(accounts) as k(id)
      cross join lateral (select a.customer_id from customer_account a where a.id = k.id limit 1) a
      union all select c, null from unnest(customers) as c
    ), own as (
      select n.id, coalesce(array_agg(n.account_id) filter (where n.account_id is not null), '{}') as accounts_of from named n group by n.id
    ), found as materialized (
      select ca.id, o.accounts_of, c.number, c.parent_id from own o
      cross join lateral (select ca.id from credit_account ca where ca.customer_id = o.id limit 1) ca
      cross join lateral (select c.number, c.parent_id from customer c where c.id = o.id limit 1) c
      order by ca.id
    )
    select ca.id, ca.customer_id, null::uuid, f.accounts_of, f.number, ca.exposure_minor, ca.limit_group_minor, ca.is_blocked, ca.block_reason
    from found f cross join lateral (select * from credit_account ca where ca.id = f.id limit 1 for update) ca
    where not exists (select from found where parent_id is not null);
  if not found then
    return query
      with recursive named as (
        select a.customer_id as id from customer_account a where a.id = any (accounts)
        union select unnest(customers)
      ), up as (
        select c.id as start, c.id, c.parent_id, 0 as distance from named n join customer c on c.id = n.id
        union all
        select up.start, c.id, c.parent_id, up.distance + 1 from up join customer c on c.id = up.parent_id
      ), level as (
        select distinct up.id, up.parent_id, max(up.distance) over (partition by up.start) - up.distance as depth from up
      )
      select ca.id, ca.customer_id, l.parent_id,
        array(select a.id from customer_account a where a.customer_id = ca.customer_id and a.id = any (accounts)),
        c.number, ca.exposure_minor, ca.limit_group_minor, ca.is_blocked, ca.block_reason
      from level l join credit_account ca on ca.customer_id = l.id join customer c on c.id = l.id order by l.depth, ca.id for update of ca;
  end if;
end $function$
;
grant execute on function lock_credit_chains to cashgraph_app;

CREATE OR REPLACE FUNCTION public.money_numeric(minor bigint, code text)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case currency_exponent(code) when 0 then minor::numeric when 2 then minor * 0.01 when 3 then minor * 0.001 else minor * 0.0001 end
$function$
;
grant execute on function money_numeric to public;

CREATE OR REPLACE FUNCTION public.money_text(minor bigint, code text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select money_numeric(minor, code)::text
$function$
;
grant execute on function money_text to public;

CREATE OR REPLACE FUNCTION public.move_items(tenant uuid, account uuid, from_segment text, to_segment text)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into ageing_day_change
  select i.tenant_id, i.legal_entity_id, s.segment, i.currency, i.group_currency, i.due_on,
    sum(s.sign * greatest(i.open_minor, 0)), sum(s.sign * greatest(i.group_open_minor, 0)),
    sum(s.sign * least(i.open_minor, 0)), sum(s.sign * least(i.group_open_minor, 0)), sum(s.sign)
  from open_item i, (values (-1, from_segment), (1, to_segment)) s(sign, segment)
  where i.tenant_id = tenant and i.account_id = account and i.settled_on is null
  group by 1, 2, 3, 4, 5, 6
$function$
;
grant execute on function move_items to public;

CREATE OR REPLACE FUNCTION public.note_items()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if tg_op = 'INSERT' then
    perform lock_ageing_days(tenant_id, false) from (select distinct n.tenant_id from new_items n) t;
    insert into ageing_day_change
    select n.tenant_id, n.legal_entity_id, coalesce(c.segment, ''), n.currency, n.group_currency, n.due_on,
      sum(greatest(n.open_minor, 0)), sum(greatest(n.group_open_minor, 0)), sum(least(n.open_minor, 0)), sum(least(n.group_open_minor, 0)), count(*)
    from new_items n
    cross join lateral (
      select c.segment from customer_account a join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
      where a.tenant_id = n.tenant_id and a.id = n.account_id limit 1) c
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
    cross join lateral (
      select c.segment from customer_account a join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
      where a.tenant_id = i.tenant_id and a.id = i.account_id limit 1) c
    where i.open_minor <> 0
    group by 1, 2, 3, 4, 5, 6
    having sum(i.sign * i.open_minor) <> 0 or sum(i.sign * i.group_open_minor) <> 0 or sum(i.sign) <> 0
      or sum(i.sign * greatest(i.open_minor, 0)) <> 0;
  end if;
  return null;
end $function$
;
grant execute on function note_items to public;

CREATE OR REPLACE FUNCTION public.note_owners()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$
;
grant execute on function note_owners to public;

CREATE OR REPLACE FUNCTION public.note_segments()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$
;
grant execute on function note_segments to public;

CREATE OR REPLACE FUNCTION public.open_job_queue()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  t text;
begin
  perform pg_advisory_xact_lock(7215003);
  if has_schema_privilege('cashgraph_system', 'graphile_worker', 'usage') is not true then
    grant usage on schema graphile_worker to cashgraph_system;
    grant select on graphile_worker.migrations to cashgraph_system;
  end if;
  for t in
    select c.relname from pg_class c
    where c.relnamespace = 'graphile_worker'::regnamespace and c.relkind = 'r' and starts_with(c.relname, '_private_')
      and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'of_system')
  loop
    execute format('grant select, insert, update, delete on graphile_worker.%I to cashgraph_system', t);
    execute format('create policy of_system on graphile_worker.%I for all to cashgraph_system using (true) with check (true)', t);
  end loop;
end $function$
;
grant execute on function open_job_queue to cashgraph_system;

-- a body that was bound when it was made, in its migration
create function public_id(kind text, id uuid) returns text;
grant execute on function public_id to public;

CREATE OR REPLACE FUNCTION public.rebuild_ageing_days()
 RETURNS void
 LANGUAGE sql
AS $function$
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
$function$
;

-- a body that was bound when it was made, in its migration
create function receivable_measures_row(period_from date, period_to date) returns TABLE(tenant_id uuid, id text, legal_entity_id uuid, legal_entity_code text, from_on date, to_on date, days integer, currency text, opening numeric, sales numeric, credit_sales numeric, cash_received numeric, closing numeric, owed numeric, overdue numeric, overdue_share numeric, dso numeric, best_possible_dso numeric, average_days_delinquent numeric, average_days_to_pay numeric);
grant execute on function receivable_measures_row to public;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append only', tg_table_name using errcode = 'CG001';
end $function$
;
grant execute on function refuse_change to public;

CREATE OR REPLACE FUNCTION public.refuse_closed_period()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (
    select from legal_entity le join changed c on c.tenant_id = le.tenant_id and c.legal_entity_id = le.id
    where c.effective_on <= le.closed_through and c.connection_id is null
  ) then
    raise exception 'the books are closed on that day' using errcode = 'CG002', constraint = 'journal_entry_period_open';
  end if;
  return null;
end $function$
;
grant execute on function refuse_closed_period to public;

CREATE OR REPLACE FUNCTION public.refuse_second_reversal()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (
    select from changed c
    join journal_entry o on o.tenant_id = c.tenant_id and o.reverses_id = c.reverses_id and o.id <> c.id
    where not exists (select from journal_entry r where r.tenant_id = o.tenant_id and r.reverses_id = o.id)
      and not exists (select from journal_entry r where r.tenant_id = c.tenant_id and r.reverses_id = c.id)
  ) then
    raise exception 'the entry was reversed already' using errcode = '23505', constraint = 'journal_entry_reversed_once';
  end if;
  return null;
end $function$
;
grant execute on function refuse_second_reversal to public;

create table actor (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  name text not null,
  email text,
  issuer text,
  subject text,
  revoked_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  owner_id uuid
);
alter table actor add constraint actor_kind_known CHECK ((kind = ANY (ARRAY['USER'::text, 'PORTAL'::text, 'API_KEY'::text, 'SYSTEM'::text])));
alter table actor add constraint actor_owner FOREIGN KEY (tenant_id, owner_id) REFERENCES actor(tenant_id, id);
alter table actor add constraint actor_pk PRIMARY KEY (tenant_id, id);
alter table actor add constraint actor_subject_unique UNIQUE (tenant_id, issuer, subject);
alter table actor add constraint actor_subject_whole CHECK (((issuer IS NULL) = (subject IS NULL)));
alter table actor add constraint actor_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table actor enable row level security;
alter table actor force row level security;
create policy of_portal on actor for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (id = ( SELECT (NULLIF(current_setting('app.actor_id'::text, true), ''::text))::uuid AS "nullif"))));
create policy of_system on actor for all to cashgraph_system using (true) with check (true);
create policy of_tenant on actor for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on actor to cashgraph_app; grant select on actor to cashgraph_portal; grant select on actor to cashgraph_read; grant select on actor to cashgraph_system;
comment on column actor.owner_id is 'The person who made an API key: what the key does, that person did';

create table actor_customer (
  tenant_id uuid not null,
  id uuid not null,
  actor_id uuid not null,
  customer_id uuid not null,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table actor_customer add constraint actor_customer_actor FOREIGN KEY (tenant_id, actor_id) REFERENCES actor(tenant_id, id);
alter table actor_customer add constraint actor_customer_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id);
alter table actor_customer add constraint actor_customer_pk PRIMARY KEY (tenant_id, id);
alter table actor_customer add constraint actor_customer_unique UNIQUE (tenant_id, actor_id, customer_id);
alter table actor_customer enable row level security;
alter table actor_customer force row level security;
create policy of_system on actor_customer for all to cashgraph_system using (true) with check (true);
create policy of_tenant on actor_customer for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on actor_customer to cashgraph_app; grant select on actor_customer to cashgraph_read; grant select on actor_customer to cashgraph_system;

create table actor_role (
  tenant_id uuid not null,
  id uuid not null,
  actor_id uuid not null,
  role text not null,
  legal_entity_id uuid,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table actor_role add constraint actor_role_actor FOREIGN KEY (tenant_id, actor_id) REFERENCES actor(tenant_id, id);
alter table actor_role add constraint actor_role_legal_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table actor_role add constraint actor_role_pk PRIMARY KEY (tenant_id, id);
alter table actor_role add constraint actor_role_unique UNIQUE NULLS NOT DISTINCT (tenant_id, actor_id, role, legal_entity_id);
alter table actor_role enable row level security;
alter table actor_role force row level security;
create policy of_system on actor_role for all to cashgraph_system using (true) with check (true);
create policy of_tenant on actor_role for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on actor_role to cashgraph_app; grant select on actor_role to cashgraph_read; grant select on actor_role to cashgraph_system;
comment on column actor_role.legal_entity_id is 'Null: for every legal entity of the tenant';

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
  item_count integer not null
);
alter table ageing_day add constraint ageing_day_legal_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table ageing_day add constraint ageing_day_pk PRIMARY KEY (tenant_id, legal_entity_id, segment, currency, group_currency, due_on);
alter table ageing_day enable row level security;
alter table ageing_day force row level security;
create policy of_system on ageing_day for all to cashgraph_system using (true) with check (true);
create policy of_tenant on ageing_day for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant select on ageing_day to cashgraph_app; grant select on ageing_day to cashgraph_read; grant delete, insert, select, update on ageing_day to cashgraph_system;
comment on table ageing_day is 'What is open by the day on which it falls due; owed to us and owed by us apart. To be read together with ageing_day_change';
comment on column ageing_day.segment is 'Of the customers; empty where they have none';

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
  item_count integer not null
);
CREATE INDEX ageing_day_change_by_tenant ON public.ageing_day_change USING btree (tenant_id);
alter table ageing_day_change enable row level security;
alter table ageing_day_change force row level security;
create policy of_system on ageing_day_change for all to cashgraph_system using (true) with check (true);
create policy of_tenant on ageing_day_change for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select on ageing_day_change to cashgraph_app; grant select on ageing_day_change to cashgraph_read; grant delete, select on ageing_day_change to cashgraph_system;
comment on table ageing_day_change is 'What changed of ageing_day and is not folded into it yet';

create table allocation (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  kind text not null,
  to_item_id uuid,
  to_minor bigint,
  to_currency text,
  to_base_minor bigint,
  from_item_id uuid,
  from_account_id uuid,
  from_minor bigint,
  from_currency text,
  from_base_minor bigint,
  base_currency text not null,
  effective_on date not null,
  recorded_at timestamp with time zone not null,
  rule text not null,
  evidence text,
  actor_id uuid not null,
  entry_id uuid not null,
  reverses_id uuid,
  with_id uuid,
  connection_id uuid,
  via_id uuid
);
alter table allocation add constraint allocation_account FOREIGN KEY (tenant_id, account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table allocation add constraint allocation_base_currency_known CHECK (is_currency(base_currency));
alter table allocation add constraint allocation_entry FOREIGN KEY (tenant_id, entry_id) REFERENCES journal_entry(tenant_id, id);
alter table allocation add constraint allocation_from FOREIGN KEY (tenant_id, from_item_id) REFERENCES open_item(tenant_id, id);
alter table allocation add constraint allocation_from_account FOREIGN KEY (tenant_id, from_account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table allocation add constraint allocation_from_currency_known CHECK (is_currency(from_currency));
alter table allocation add constraint allocation_from_whole CHECK ((((from_item_id IS NULL) = (from_account_id IS NULL)) AND ((from_item_id IS NULL) = (from_minor IS NULL)) AND ((from_item_id IS NULL) = (from_currency IS NULL)) AND ((from_item_id IS NULL) = (from_base_minor IS NULL))));
alter table allocation add constraint allocation_has_side CHECK (((to_item_id IS NOT NULL) OR (from_item_id IS NOT NULL)));
alter table allocation add constraint allocation_kind_known CHECK ((kind = ANY (ARRAY['CASH'::text, 'CREDIT'::text, 'DISCOUNT'::text, 'WRITE_OFF'::text, 'RETURN'::text, 'REFUND'::text, 'VOID'::text])));
alter table allocation add constraint allocation_pk PRIMARY KEY (tenant_id, id);
alter table allocation add constraint allocation_reversed_once UNIQUE (tenant_id, reverses_id);
alter table allocation add constraint allocation_reverses FOREIGN KEY (tenant_id, reverses_id) REFERENCES allocation(tenant_id, id);
alter table allocation add constraint allocation_same_amount CHECK (((to_currency IS DISTINCT FROM from_currency) OR (to_minor = from_minor)));
alter table allocation add constraint allocation_sides_of_kind CHECK (
CASE kind
    WHEN 'CASH'::text THEN ((to_item_id IS NOT NULL) AND (from_item_id IS NOT NULL))
    WHEN 'CREDIT'::text THEN ((to_item_id IS NOT NULL) AND (from_item_id IS NOT NULL))
    WHEN 'DISCOUNT'::text THEN ((to_item_id IS NOT NULL) AND (from_item_id IS NULL))
    WHEN 'WRITE_OFF'::text THEN ((to_item_id IS NULL) <> (from_item_id IS NULL))
    WHEN 'VOID'::text THEN ((to_item_id IS NULL) <> (from_item_id IS NULL))
    ELSE ((to_item_id IS NULL) AND (from_item_id IS NOT NULL))
END);
alter table allocation add constraint allocation_to FOREIGN KEY (tenant_id, to_item_id) REFERENCES open_item(tenant_id, id);
alter table allocation add constraint allocation_to_currency_known CHECK (is_currency(to_currency));
alter table allocation add constraint allocation_to_whole CHECK ((((to_item_id IS NULL) = (to_minor IS NULL)) AND ((to_item_id IS NULL) = (to_currency IS NULL)) AND ((to_item_id IS NULL) = (to_base_minor IS NULL))));
alter table allocation add constraint allocation_via FOREIGN KEY (tenant_id, via_id) REFERENCES payment(tenant_id, id) DEFERRABLE INITIALLY DEFERRED;
alter table allocation add constraint allocation_with FOREIGN KEY (tenant_id, with_id) REFERENCES allocation(tenant_id, id);
alter table allocation add constraint allocation_with_of_discount CHECK (((with_id IS NULL) OR (kind = 'DISCOUNT'::text)));
CREATE INDEX allocation_by_account ON public.allocation USING btree (tenant_id, account_id, recorded_at, id);
CREATE INDEX allocation_by_from ON public.allocation USING btree (tenant_id, from_item_id) WHERE (from_item_id IS NOT NULL);
CREATE INDEX allocation_by_to ON public.allocation USING btree (tenant_id, to_item_id) WHERE (to_item_id IS NOT NULL);
CREATE INDEX allocation_by_via ON public.allocation USING btree (tenant_id, via_id) WHERE (via_id IS NOT NULL);
CREATE INDEX allocation_by_with ON public.allocation USING btree (tenant_id, with_id) WHERE (with_id IS NOT NULL);
alter table allocation enable row level security;
alter table allocation force row level security;
create policy of_portal on allocation for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND ((account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) OR (from_account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])))));
create policy of_reporting on allocation for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on allocation for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER allocation_append_only BEFORE DELETE OR UPDATE ON public.allocation FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_not_emptied BEFORE TRUNCATE ON public.allocation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant insert, select on allocation to cashgraph_app; grant select on allocation to cashgraph_portal; grant select on allocation to cashgraph_read;
grant select (tenant_id) on allocation to cashgraph_reporting;
grant select (id) on allocation to cashgraph_reporting;
grant select (legal_entity_id) on allocation to cashgraph_reporting;
grant select (account_id) on allocation to cashgraph_reporting;
grant select (kind) on allocation to cashgraph_reporting;
grant select (to_item_id) on allocation to cashgraph_reporting;
grant select (to_minor) on allocation to cashgraph_reporting;
grant select (to_currency) on allocation to cashgraph_reporting;
grant select (to_base_minor) on allocation to cashgraph_reporting;
grant select (from_item_id) on allocation to cashgraph_reporting;
grant select (from_account_id) on allocation to cashgraph_reporting;
grant select (from_minor) on allocation to cashgraph_reporting;
grant select (from_currency) on allocation to cashgraph_reporting;
grant select (from_base_minor) on allocation to cashgraph_reporting;
grant select (base_currency) on allocation to cashgraph_reporting;
grant select (effective_on) on allocation to cashgraph_reporting;
grant select (recorded_at) on allocation to cashgraph_reporting;
grant select (rule) on allocation to cashgraph_reporting;
grant select (actor_id) on allocation to cashgraph_reporting;
grant select (entry_id) on allocation to cashgraph_reporting;
grant select (reverses_id) on allocation to cashgraph_reporting;
grant select (with_id) on allocation to cashgraph_reporting;
grant select (connection_id) on allocation to cashgraph_reporting;
grant select (via_id) on allocation to cashgraph_reporting;
comment on table allocation is 'What closed (part of) an item: to_minor lowers a positive item, from_minor uses a negative one; a reversal has the amounts negated';
comment on column allocation.with_id is 'The payment''s allocation that a discount was granted with: taken back together';
comment on column allocation.connection_id is 'The connection by which it was observed; null: by our own authority';
comment on column allocation.via_id is 'The payment document of an ERP that made it, also where it sets a credit note against an invoice';

create table api_key (
  tenant_id uuid not null,
  id uuid not null,
  actor_id uuid not null,
  name text not null,
  lookup text not null,
  secret_hash text not null,
  expires_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table api_key add constraint api_key_actor FOREIGN KEY (tenant_id, actor_id) REFERENCES actor(tenant_id, id);
alter table api_key add constraint api_key_lookup_unique UNIQUE (lookup);
alter table api_key add constraint api_key_pk PRIMARY KEY (tenant_id, id);
alter table api_key enable row level security;
alter table api_key force row level security;
create policy of_system on api_key for all to cashgraph_system using (true) with check (true);
create policy of_tenant on api_key for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on api_key to cashgraph_app; grant select on api_key to cashgraph_system;
grant select (tenant_id) on api_key to cashgraph_read;
grant select (id) on api_key to cashgraph_read;
grant select (actor_id) on api_key to cashgraph_read;
grant select (name) on api_key to cashgraph_read;
grant select (lookup) on api_key to cashgraph_read;
grant select (expires_at) on api_key to cashgraph_read;
grant select (last_used_at) on api_key to cashgraph_read; grant update (last_used_at) on api_key to cashgraph_system;
grant select (revoked_at) on api_key to cashgraph_read;
grant select (version) on api_key to cashgraph_read;
grant select (created_at) on api_key to cashgraph_read;
comment on column api_key.lookup is 'The public first part of the key, by which it is found; the rest is only kept as a hash';

create table approval (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  lifecycle text not null,
  legal_entity_id uuid,
  account_id uuid,
  customer_id uuid,
  record_kind text not null,
  record_id uuid not null,
  record_version integer not null,
  currency text,
  amount_minor bigint,
  reason text not null,
  last_editor_id uuid not null,
  requested_by_id uuid not null,
  decided_by_id uuid,
  decided_at timestamp with time zone,
  decision_reason text,
  expires_at timestamp with time zone not null,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table approval add constraint approval_amount_whole CHECK (((amount_minor IS NULL) = (currency IS NULL)));
alter table approval add constraint approval_currency_known CHECK (is_currency(currency));
alter table approval add constraint approval_decided CHECK (((lifecycle = ANY (ARRAY['APPROVED'::text, 'REJECTED'::text])) = (decided_by_id IS NOT NULL)));
alter table approval add constraint approval_decider FOREIGN KEY (tenant_id, decided_by_id) REFERENCES actor(tenant_id, id);
alter table approval add constraint approval_four_eyes CHECK (((lifecycle <> 'APPROVED'::text) OR ((decided_by_id <> requested_by_id) AND (decided_by_id <> last_editor_id))));
alter table approval add constraint approval_kind_known CHECK ((kind = ANY (ARRAY['CREDIT_RELEASE'::text, 'CREDIT_LIMIT'::text, 'WRITE_OFF'::text])));
alter table approval add constraint approval_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['REQUESTED'::text, 'APPROVED'::text, 'REJECTED'::text, 'EXPIRED'::text])));
alter table approval add constraint approval_one_open EXCLUDE USING btree (tenant_id WITH =, kind WITH =, record_id WITH =, record_version WITH =) WHERE ((lifecycle = 'REQUESTED'::text)) DEFERRABLE INITIALLY DEFERRED;
alter table approval add constraint approval_pk PRIMARY KEY (tenant_id, id);
alter table approval add constraint approval_requester FOREIGN KEY (tenant_id, requested_by_id) REFERENCES actor(tenant_id, id);
alter table approval add constraint approval_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
CREATE INDEX approval_by_created ON public.approval USING btree (tenant_id, created_at, id);
CREATE INDEX approval_by_expiry ON public.approval USING btree (expires_at) WHERE (lifecycle = 'REQUESTED'::text);
CREATE INDEX approval_by_record ON public.approval USING btree (tenant_id, record_id);
alter table approval enable row level security;
alter table approval force row level security;
create policy of_system on approval for select to cashgraph_system using (true);
create policy of_tenant on approval for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on approval to cashgraph_app; grant select on approval to cashgraph_read; grant select on approval to cashgraph_system;
comment on table approval is 'A wish that a second person grants or refuses; it is for exactly this amount and this version of the record';

create table authority (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  record_kind text not null,
  side text not null,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table authority add constraint authority_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table authority add constraint authority_kind_known CHECK ((record_kind = ANY (ARRAY['CustomerAccount'::text, 'Order'::text, 'Invoice'::text, 'CreditNote'::text, 'Payment'::text])));
alter table authority add constraint authority_once UNIQUE (tenant_id, legal_entity_id, record_kind);
alter table authority add constraint authority_pk PRIMARY KEY (tenant_id, id);
alter table authority add constraint authority_side_known CHECK ((side = ANY (ARRAY['PLATFORM'::text, 'CONNECTION'::text])));
alter table authority add constraint authority_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table authority enable row level security;
alter table authority force row level security;
create policy of_portal on authority for select to cashgraph_portal using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));
create policy of_tenant on authority for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on authority to cashgraph_app; grant select on authority to cashgraph_portal; grant select on authority to cashgraph_read;
comment on table authority is 'Who may change records of a kind in a legal entity: where no row says otherwise, the platform';

create table connection (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  connector text not null,
  lifecycle text not null,
  config jsonb not null,
  sealed_credentials text not null,
  credentials_version integer not null default 1,
  sync_every_s integer not null default 60,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table connection add constraint connection_code_form CHECK ((code ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text));
alter table connection add constraint connection_code_unique UNIQUE (tenant_id, code);
alter table connection add constraint connection_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['ACTIVE'::text, 'PAUSED'::text])));
alter table connection add constraint connection_pk PRIMARY KEY (tenant_id, id);
alter table connection add constraint connection_sync_every_range CHECK (((sync_every_s >= 10) AND (sync_every_s <= 86400)));
alter table connection add constraint connection_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table connection enable row level security;
alter table connection force row level security;
create policy of_portal on connection for select to cashgraph_portal using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));
create policy of_reporting on connection for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on connection for select to cashgraph_system using (true);
create policy of_tenant on connection for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on connection to cashgraph_app; grant select on connection to cashgraph_system;
grant select (tenant_id) on connection to cashgraph_portal; grant select (tenant_id) on connection to cashgraph_read; grant select (tenant_id) on connection to cashgraph_reporting;
grant select (id) on connection to cashgraph_portal; grant select (id) on connection to cashgraph_read; grant select (id) on connection to cashgraph_reporting;
grant select (code) on connection to cashgraph_portal; grant select (code) on connection to cashgraph_read; grant select (code) on connection to cashgraph_reporting;
grant select (name) on connection to cashgraph_portal; grant select (name) on connection to cashgraph_read; grant select (name) on connection to cashgraph_reporting;
grant select (connector) on connection to cashgraph_read; grant select (connector) on connection to cashgraph_reporting;
grant select (lifecycle) on connection to cashgraph_read; grant select (lifecycle) on connection to cashgraph_reporting;
grant select (config) on connection to cashgraph_read;
grant select (credentials_version) on connection to cashgraph_read; grant select (credentials_version) on connection to cashgraph_reporting;
grant select (sync_every_s) on connection to cashgraph_read; grant select (sync_every_s) on connection to cashgraph_reporting;
grant select (version) on connection to cashgraph_read; grant select (version) on connection to cashgraph_reporting;
grant select (created_at) on connection to cashgraph_read; grant select (created_at) on connection to cashgraph_reporting;
comment on column connection.sealed_credentials is 'AES-256-GCM, bound to tenant, connection and field; opened only to sign requests';
comment on column connection.credentials_version is 'Raised with each change of the credentials: tokens of earlier ones are not used again';

create table connection_legal_entity (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  legal_entity_id uuid not null,
  external_id text
);
alter table connection_legal_entity add constraint connection_legal_entity_connection FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id);
alter table connection_legal_entity add constraint connection_legal_entity_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table connection_legal_entity add constraint connection_legal_entity_external_once UNIQUE (tenant_id, connection_id, external_id);
alter table connection_legal_entity add constraint connection_legal_entity_once UNIQUE (tenant_id, legal_entity_id);
alter table connection_legal_entity add constraint connection_legal_entity_pk PRIMARY KEY (tenant_id, id);
alter table connection_legal_entity add constraint connection_legal_entity_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
CREATE INDEX connection_legal_entity_by_connection ON public.connection_legal_entity USING btree (tenant_id, connection_id);
alter table connection_legal_entity enable row level security;
alter table connection_legal_entity force row level security;
create policy of_tenant on connection_legal_entity for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select on connection_legal_entity to cashgraph_app; grant select on connection_legal_entity to cashgraph_read;
comment on table connection_legal_entity is 'Which legal entities a connection serves: each is served by one at most';
comment on column connection_legal_entity.external_id is 'What the ERP calls the company: a company code, a subsidiary; null where it has no other';

create table connection_state (
  tenant_id uuid not null,
  connection_id uuid not null,
  health text not null default 'UNKNOWN'::text,
  company text,
  warnings jsonb not null default '[]'::jsonb,
  failure text,
  failing_since timestamp with time zone,
  failure_count integer not null default 0,
  breaker_until timestamp with time zone,
  checked_at timestamp with time zone,
  reconciled_at timestamp with time zone
);
alter table connection_state add constraint connection_state_connection FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id);
alter table connection_state add constraint connection_state_health_known CHECK ((health = ANY (ARRAY['UNKNOWN'::text, 'HEALTHY'::text, 'FAILING'::text, 'SIGNED_OUT'::text])));
alter table connection_state add constraint connection_state_pk PRIMARY KEY (tenant_id, connection_id);
alter table connection_state enable row level security;
alter table connection_state force row level security;
create policy of_reporting on connection_state for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on connection_state for all to cashgraph_system using (true) with check (true);
create policy of_tenant on connection_state for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on connection_state to cashgraph_app; grant select on connection_state to cashgraph_read; grant insert, select, update on connection_state to cashgraph_system;
grant select (tenant_id) on connection_state to cashgraph_reporting;
grant select (connection_id) on connection_state to cashgraph_reporting;
grant select (health) on connection_state to cashgraph_reporting;

create table connection_token (
  tenant_id uuid not null,
  connection_id uuid not null,
  credentials_version integer not null,
  sealed_tokens text not null,
  expires_at timestamp with time zone,
  refreshed_at timestamp with time zone not null,
  generation integer not null default 1
);
alter table connection_token add constraint connection_token_connection FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id);
alter table connection_token add constraint connection_token_pk PRIMARY KEY (tenant_id, connection_id);
alter table connection_token enable row level security;
alter table connection_token force row level security;
create policy of_system on connection_token for all to cashgraph_system using (true) with check (true);
create policy of_tenant on connection_token for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on connection_token to cashgraph_system;

create table credit_account (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  currency text,
  limit_minor bigint,
  limit_rate numeric(28,12),
  limit_group_minor bigint,
  limit_version integer not null default 1,
  risk_class text,
  is_blocked boolean not null default false,
  block_reason text,
  group_currency text not null,
  open_item_minor bigint not null default 0,
  unbilled_minor bigint not null default 0,
  delivered_minor bigint not null default 0,
  exposure_minor bigint not null default (open_item_minor + unbilled_minor),
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table credit_account add constraint credit_account_blocked CHECK ((is_blocked = (block_reason IS NOT NULL)));
alter table credit_account add constraint credit_account_currency_known CHECK (is_currency(currency));
alter table credit_account add constraint credit_account_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id);
alter table credit_account add constraint credit_account_customer_unique UNIQUE (tenant_id, customer_id);
alter table credit_account add constraint credit_account_group_currency_known CHECK (is_currency(group_currency));
alter table credit_account add constraint credit_account_limit_positive CHECK ((limit_minor >= 0));
alter table credit_account add constraint credit_account_limit_whole CHECK ((((limit_minor IS NULL) = (currency IS NULL)) AND ((limit_minor IS NULL) = (limit_rate IS NULL)) AND ((limit_minor IS NULL) = (limit_group_minor IS NULL))));
alter table credit_account add constraint credit_account_pk PRIMARY KEY (tenant_id, id);
alter table credit_account add constraint credit_account_unbilled_positive CHECK (((unbilled_minor >= 0) AND ((delivered_minor >= 0) AND (delivered_minor <= unbilled_minor))));
CREATE INDEX credit_account_by_created ON public.credit_account USING btree (tenant_id, created_at, id);
alter table credit_account enable row level security;
alter table credit_account force row level security;
create policy of_portal on credit_account for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (customer_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.customer_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on credit_account for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on credit_account for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on credit_account to cashgraph_app; grant select on credit_account to cashgraph_read;
grant select (tenant_id) on credit_account to cashgraph_portal; grant select (tenant_id) on credit_account to cashgraph_reporting;
grant select (id) on credit_account to cashgraph_portal; grant select (id) on credit_account to cashgraph_reporting;
grant select (customer_id) on credit_account to cashgraph_portal; grant select (customer_id) on credit_account to cashgraph_reporting;
grant select (currency) on credit_account to cashgraph_portal; grant select (currency) on credit_account to cashgraph_reporting;
grant select (limit_minor) on credit_account to cashgraph_portal; grant select (limit_minor) on credit_account to cashgraph_reporting;
grant select (limit_rate) on credit_account to cashgraph_portal; grant select (limit_rate) on credit_account to cashgraph_reporting;
grant select (limit_group_minor) on credit_account to cashgraph_portal; grant select (limit_group_minor) on credit_account to cashgraph_reporting;
grant select (limit_version) on credit_account to cashgraph_portal; grant select (limit_version) on credit_account to cashgraph_reporting;
grant select (is_blocked) on credit_account to cashgraph_portal; grant select (is_blocked) on credit_account to cashgraph_reporting;
grant select (group_currency) on credit_account to cashgraph_portal; grant select (group_currency) on credit_account to cashgraph_reporting;
grant select (open_item_minor) on credit_account to cashgraph_portal; grant select (open_item_minor) on credit_account to cashgraph_reporting;
grant select (unbilled_minor) on credit_account to cashgraph_portal; grant select (unbilled_minor) on credit_account to cashgraph_reporting;
grant select (delivered_minor) on credit_account to cashgraph_portal; grant select (delivered_minor) on credit_account to cashgraph_reporting;
grant select (exposure_minor) on credit_account to cashgraph_portal; grant select (exposure_minor) on credit_account to cashgraph_reporting;
grant select (version) on credit_account to cashgraph_portal; grant select (version) on credit_account to cashgraph_reporting;
grant select (created_at) on credit_account to cashgraph_portal; grant select (created_at) on credit_account to cashgraph_reporting;
comment on table credit_account is 'The credit of a customer and everything below it, over all legal entities: limit, and exposure in the group''s currency at the stored rate of each document';

create table credit_note (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  invoice_id uuid,
  lifecycle text not null,
  status text not null,
  number text not null,
  series_number bigint,
  reason text not null,
  currency text not null,
  net_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  open_minor bigint not null default 0,
  base_currency text not null,
  base_total_minor bigint not null,
  rate numeric(28,12),
  group_rate numeric(28,12),
  issued_on date not null,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  order_id uuid,
  origin text not null default 'ISSUED'::text,
  voided_on date
);
alter table credit_note add constraint credit_note_account FOREIGN KEY (tenant_id, account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table credit_note add constraint credit_note_base_currency_known CHECK (is_currency(base_currency));
alter table credit_note add constraint credit_note_currency_known CHECK (is_currency(currency));
alter table credit_note add constraint credit_note_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice(tenant_id, id);
alter table credit_note add constraint credit_note_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['ISSUED'::text, 'VOIDED'::text])));
alter table credit_note add constraint credit_note_order FOREIGN KEY (tenant_id, order_id, account_id) REFERENCES sales_order(tenant_id, id, account_id);
alter table credit_note add constraint credit_note_origin_known CHECK ((origin = ANY (ARRAY['ISSUED'::text, 'OBSERVED'::text])));
alter table credit_note add constraint credit_note_pk PRIMARY KEY (tenant_id, id);
alter table credit_note add constraint credit_note_status_known CHECK ((status = ANY (ARRAY['OPEN'::text, 'PARTIALLY_APPLIED'::text, 'APPLIED'::text, 'VOIDED'::text])));
alter table credit_note add constraint credit_note_sum CHECK ((total_minor = (net_minor + tax_minor)));
alter table credit_note add constraint credit_note_total_positive CHECK ((total_minor >= 0));
alter table credit_note add constraint credit_note_voided_later CHECK (((voided_on IS NULL) OR ((lifecycle = 'VOIDED'::text) AND (voided_on > issued_on))));
CREATE INDEX credit_note_by_account ON public.credit_note USING btree (tenant_id, account_id, issued_on, id);
CREATE INDEX credit_note_by_created ON public.credit_note USING btree (tenant_id, created_at, id);
CREATE INDEX credit_note_by_invoice ON public.credit_note USING btree (tenant_id, invoice_id) WHERE (invoice_id IS NOT NULL);
CREATE INDEX credit_note_by_number ON public.credit_note USING btree (tenant_id, number, id);
CREATE INDEX credit_note_by_order ON public.credit_note USING btree (tenant_id, order_id) WHERE (order_id IS NOT NULL);
CREATE UNIQUE INDEX credit_note_number_unique ON public.credit_note USING btree (tenant_id, legal_entity_id, number) WHERE (origin = 'ISSUED'::text);
CREATE UNIQUE INDEX credit_note_series_unique ON public.credit_note USING btree (tenant_id, legal_entity_id, series_number) WHERE (series_number IS NOT NULL);
alter table credit_note enable row level security;
alter table credit_note force row level security;
create policy of_portal on credit_note for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on credit_note for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on credit_note for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on credit_note to cashgraph_app; grant select on credit_note to cashgraph_portal; grant select on credit_note to cashgraph_read;
grant select (tenant_id) on credit_note to cashgraph_reporting;
grant select (id) on credit_note to cashgraph_reporting;
grant select (legal_entity_id) on credit_note to cashgraph_reporting;
grant select (account_id) on credit_note to cashgraph_reporting;
grant select (invoice_id) on credit_note to cashgraph_reporting;
grant select (lifecycle) on credit_note to cashgraph_reporting;
grant select (status) on credit_note to cashgraph_reporting;
grant select (number) on credit_note to cashgraph_reporting;
grant select (reason) on credit_note to cashgraph_reporting;
grant select (currency) on credit_note to cashgraph_reporting;
grant select (net_minor) on credit_note to cashgraph_reporting;
grant select (tax_minor) on credit_note to cashgraph_reporting;
grant select (total_minor) on credit_note to cashgraph_reporting;
grant select (open_minor) on credit_note to cashgraph_reporting;
grant select (base_currency) on credit_note to cashgraph_reporting;
grant select (base_total_minor) on credit_note to cashgraph_reporting;
grant select (rate) on credit_note to cashgraph_reporting;
grant select (group_rate) on credit_note to cashgraph_reporting;
grant select (issued_on) on credit_note to cashgraph_reporting;
grant select (version) on credit_note to cashgraph_reporting;
grant select (created_at) on credit_note to cashgraph_reporting;
grant select (order_id) on credit_note to cashgraph_reporting;
grant select (origin) on credit_note to cashgraph_reporting;
grant select (voided_on) on credit_note to cashgraph_reporting;

create table credit_note_line (
  tenant_id uuid not null,
  id uuid not null,
  credit_note_id uuid not null,
  invoice_line_id uuid,
  legal_entity_id uuid not null,
  account_id uuid not null,
  line_number integer not null,
  description text not null,
  quantity numeric(28,6) not null,
  currency text not null,
  net_minor bigint not null,
  tax_category text not null,
  tax_rate numeric(7,4) not null
);
alter table credit_note_line add constraint credit_note_line_credit_note FOREIGN KEY (tenant_id, credit_note_id) REFERENCES credit_note(tenant_id, id);
alter table credit_note_line add constraint credit_note_line_currency_known CHECK (is_currency(currency));
alter table credit_note_line add constraint credit_note_line_invoice_line FOREIGN KEY (tenant_id, invoice_line_id) REFERENCES invoice_line(tenant_id, id);
alter table credit_note_line add constraint credit_note_line_pk PRIMARY KEY (tenant_id, id);
alter table credit_note_line add constraint credit_note_line_quantity_positive CHECK (((quantity > (0)::numeric) OR (invoice_line_id IS NULL)));
alter table credit_note_line add constraint credit_note_line_unique UNIQUE (tenant_id, credit_note_id, line_number);
CREATE INDEX credit_note_line_by_invoice_line ON public.credit_note_line USING btree (tenant_id, invoice_line_id);
alter table credit_note_line enable row level security;
alter table credit_note_line force row level security;
create policy of_portal on credit_note_line for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on credit_note_line for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on credit_note_line for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select on credit_note_line to cashgraph_app; grant select on credit_note_line to cashgraph_portal; grant select on credit_note_line to cashgraph_read;
grant select (tenant_id) on credit_note_line to cashgraph_reporting;
grant select (id) on credit_note_line to cashgraph_reporting;
grant select (credit_note_id) on credit_note_line to cashgraph_reporting;
grant select (invoice_line_id) on credit_note_line to cashgraph_reporting;
grant select (legal_entity_id) on credit_note_line to cashgraph_reporting;
grant select (account_id) on credit_note_line to cashgraph_reporting;
grant select (line_number) on credit_note_line to cashgraph_reporting;
grant select (description) on credit_note_line to cashgraph_reporting;
grant select (quantity) on credit_note_line to cashgraph_reporting;
grant select (currency) on credit_note_line to cashgraph_reporting;
grant select (net_minor) on credit_note_line to cashgraph_reporting;
grant select (tax_category) on credit_note_line to cashgraph_reporting;
grant select (tax_rate) on credit_note_line to cashgraph_reporting;
comment on column credit_note_line.invoice_line_id is 'The line of the invoice that it takes back; null where the ERP names none';

create table credit_note_tax (
  tenant_id uuid not null,
  id uuid not null,
  credit_note_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  description text,
  tax_category text not null,
  tax_rate numeric(7,4) not null,
  currency text not null,
  taxable_minor bigint not null,
  tax_minor bigint not null
);
alter table credit_note_tax add constraint credit_note_tax_credit_note FOREIGN KEY (tenant_id, credit_note_id) REFERENCES credit_note(tenant_id, id);
alter table credit_note_tax add constraint credit_note_tax_currency_known CHECK (is_currency(currency));
alter table credit_note_tax add constraint credit_note_tax_pk PRIMARY KEY (tenant_id, id);
alter table credit_note_tax add constraint credit_note_tax_unique UNIQUE (tenant_id, credit_note_id, tax_category, tax_rate);
alter table credit_note_tax enable row level security;
alter table credit_note_tax force row level security;
create policy of_portal on credit_note_tax for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on credit_note_tax for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on credit_note_tax for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on credit_note_tax to cashgraph_app; grant select on credit_note_tax to cashgraph_portal; grant select on credit_note_tax to cashgraph_read;
grant select (tenant_id) on credit_note_tax to cashgraph_reporting;
grant select (id) on credit_note_tax to cashgraph_reporting;
grant select (credit_note_id) on credit_note_tax to cashgraph_reporting;
grant select (legal_entity_id) on credit_note_tax to cashgraph_reporting;
grant select (account_id) on credit_note_tax to cashgraph_reporting;
grant select (description) on credit_note_tax to cashgraph_reporting;
grant select (tax_category) on credit_note_tax to cashgraph_reporting;
grant select (tax_rate) on credit_note_tax to cashgraph_reporting;
grant select (currency) on credit_note_tax to cashgraph_reporting;
grant select (taxable_minor) on credit_note_tax to cashgraph_reporting;
grant select (tax_minor) on credit_note_tax to cashgraph_reporting;

create table currency (
  code text not null,
  exponent integer not null
);
alter table currency add constraint currency_exponent_range CHECK (((exponent >= 0) AND (exponent <= 4)));
alter table currency add constraint currency_pk PRIMARY KEY (code);
grant select on currency to cashgraph_app; grant select on currency to cashgraph_portal; grant select on currency to cashgraph_read; grant select on currency to cashgraph_system;
comment on table currency is 'ISO 4217 currencies and how many decimals their amounts have';

create table customer (
  tenant_id uuid not null,
  id uuid not null,
  number text not null,
  name text not null,
  search_name text collate "C" not null,
  parent_id uuid,
  country text,
  segment text,
  tax_id text,
  email text,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  merged_into_id uuid
);
alter table customer add constraint customer_country_form CHECK ((country ~ '^[A-Z]{2}$'::text));
alter table customer add constraint customer_merged_into FOREIGN KEY (tenant_id, merged_into_id) REFERENCES customer(tenant_id, id);
alter table customer add constraint customer_not_merged_into_itself CHECK ((merged_into_id <> id));
alter table customer add constraint customer_not_own_parent CHECK ((parent_id <> id));
alter table customer add constraint customer_number_unique UNIQUE (tenant_id, number);
alter table customer add constraint customer_parent FOREIGN KEY (tenant_id, parent_id) REFERENCES customer(tenant_id, id);
alter table customer add constraint customer_pk PRIMARY KEY (tenant_id, id);
alter table customer add constraint customer_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
CREATE INDEX customer_by_created ON public.customer USING btree (tenant_id, created_at, id);
CREATE INDEX customer_by_merged_into ON public.customer USING btree (tenant_id, merged_into_id) WHERE (merged_into_id IS NOT NULL);
CREATE INDEX customer_by_name ON public.customer USING btree (tenant_id, search_name, id);
CREATE INDEX customer_by_parent ON public.customer USING btree (tenant_id, parent_id) WHERE (parent_id IS NOT NULL);
alter table customer enable row level security;
alter table customer force row level security;
create policy of_portal on customer for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.customer_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on customer for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on customer for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER customer_segments_noted AFTER UPDATE ON public.customer REFERENCING OLD TABLE AS old_customers NEW TABLE AS new_customers FOR EACH STATEMENT EXECUTE FUNCTION note_segments();
grant insert, select, update on customer to cashgraph_app; grant select on customer to cashgraph_portal; grant select on customer to cashgraph_read;
grant select (tenant_id) on customer to cashgraph_reporting;
grant select (id) on customer to cashgraph_reporting;
grant select (number) on customer to cashgraph_reporting;
grant select (name) on customer to cashgraph_reporting;
grant select (parent_id) on customer to cashgraph_reporting;
grant select (country) on customer to cashgraph_reporting;
grant select (segment) on customer to cashgraph_reporting;
grant select (tax_id) on customer to cashgraph_reporting;
grant select (email) on customer to cashgraph_reporting;
grant select (version) on customer to cashgraph_reporting;
grant select (created_at) on customer to cashgraph_reporting;
comment on column customer.merged_into_id is 'The customer that it was found to be the same as, which has its accounts until that is undone';

create table customer_account (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  customer_id uuid not null,
  number text not null,
  currency text not null,
  payment_terms_id uuid,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  price_list_id uuid,
  billing_rule text,
  tax_exemption text,
  tax_region text,
  origin_customer_id uuid not null,
  erp_limit_currency text,
  erp_limit_minor bigint,
  is_blocked_in_erp boolean not null default false
);
alter table customer_account add constraint customer_account_billing_rule_known CHECK ((billing_rule = ANY (ARRAY['ON_ORDER'::text, 'ON_SHIPMENT'::text])));
alter table customer_account add constraint customer_account_currency_known CHECK (is_currency(currency));
alter table customer_account add constraint customer_account_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id);
alter table customer_account add constraint customer_account_erp_limit_currency_known CHECK (is_currency(erp_limit_currency));
alter table customer_account add constraint customer_account_erp_limit_whole CHECK (((erp_limit_minor IS NULL) = (erp_limit_currency IS NULL)));
alter table customer_account add constraint customer_account_legal_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table customer_account add constraint customer_account_number_unique UNIQUE (tenant_id, legal_entity_id, number);
alter table customer_account add constraint customer_account_origin FOREIGN KEY (tenant_id, origin_customer_id) REFERENCES customer(tenant_id, id);
alter table customer_account add constraint customer_account_pk PRIMARY KEY (tenant_id, id);
alter table customer_account add constraint customer_account_price_list FOREIGN KEY (tenant_id, price_list_id) REFERENCES price_list(tenant_id, id);
alter table customer_account add constraint customer_account_terms FOREIGN KEY (tenant_id, payment_terms_id) REFERENCES payment_terms(tenant_id, id);
alter table customer_account add constraint customer_account_within UNIQUE (tenant_id, id, legal_entity_id);
CREATE INDEX customer_account_by_customer ON public.customer_account USING btree (tenant_id, customer_id);
CREATE INDEX customer_account_by_origin ON public.customer_account USING btree (tenant_id, origin_customer_id);
alter table customer_account enable row level security;
alter table customer_account force row level security;
create policy of_portal on customer_account for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on customer_account for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on customer_account for all to cashgraph_system using (true) with check (true);
create policy of_tenant on customer_account for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER account_owners_noted AFTER UPDATE ON public.customer_account REFERENCING OLD TABLE AS old_accounts NEW TABLE AS new_accounts FOR EACH STATEMENT EXECUTE FUNCTION note_owners();
grant insert, select, update on customer_account to cashgraph_app; grant select on customer_account to cashgraph_portal; grant select on customer_account to cashgraph_read; grant select on customer_account to cashgraph_system;
grant select (tenant_id) on customer_account to cashgraph_reporting;
grant select (id) on customer_account to cashgraph_reporting;
grant select (legal_entity_id) on customer_account to cashgraph_reporting;
grant select (customer_id) on customer_account to cashgraph_reporting;
grant select (number) on customer_account to cashgraph_reporting;
grant select (currency) on customer_account to cashgraph_reporting;
grant select (payment_terms_id) on customer_account to cashgraph_reporting;
grant select (version) on customer_account to cashgraph_reporting;
grant select (created_at) on customer_account to cashgraph_reporting;
grant select (billing_rule) on customer_account to cashgraph_reporting;
grant select (tax_exemption) on customer_account to cashgraph_reporting;
grant select (tax_region) on customer_account to cashgraph_reporting;
grant select (origin_customer_id) on customer_account to cashgraph_reporting;
comment on table customer_account is 'A customer''s account with one legal entity: what every document names for ever';
comment on column customer_account.tax_exemption is 'The VATEX code of the reason for which its deliveries are exempt; null: they are not';
comment on column customer_account.origin_customer_id is 'The customer that it was opened for; its customer is another one while the two are found to be the same';
comment on column customer_account.erp_limit_minor is 'What it may owe by its ERP, which is only shown: the platform owns the limit';

create table customer_alias (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  name text not null,
  search_name text collate "C" not null,
  source text not null,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  origin_customer_id uuid
);
alter table customer_alias add constraint customer_alias_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id);
alter table customer_alias add constraint customer_alias_origin FOREIGN KEY (tenant_id, origin_customer_id) REFERENCES customer(tenant_id, id);
alter table customer_alias add constraint customer_alias_pk PRIMARY KEY (tenant_id, id);
alter table customer_alias add constraint customer_alias_unique UNIQUE (tenant_id, customer_id, search_name);
CREATE INDEX customer_alias_by_name ON public.customer_alias USING btree (tenant_id, search_name);
alter table customer_alias enable row level security;
alter table customer_alias force row level security;
create policy of_tenant on customer_alias for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on customer_alias to cashgraph_app; grant select on customer_alias to cashgraph_read;
comment on column customer_alias.origin_customer_id is 'The customer whose name it is, where it came with the accounts of that one';

create table customer_match (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  other_customer_id uuid not null,
  lifecycle text not null,
  score numeric(5,4) not null,
  kept_customer_id uuid,
  moved_account_count integer not null default 0,
  moved_customer_count integer not null default 0,
  decided_by_id uuid,
  decided_at timestamp with time zone,
  reason text,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table customer_match add constraint customer_match_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id);
alter table customer_match add constraint customer_match_decider FOREIGN KEY (tenant_id, decided_by_id) REFERENCES actor(tenant_id, id);
alter table customer_match add constraint customer_match_kept CHECK (((kept_customer_id = customer_id) OR (kept_customer_id = other_customer_id)));
alter table customer_match add constraint customer_match_kept_told CHECK (((lifecycle = ANY (ARRAY['CONFIRMED'::text, 'UNDONE'::text])) = (kept_customer_id IS NOT NULL)));
alter table customer_match add constraint customer_match_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['PROPOSED'::text, 'CONFIRMED'::text, 'REJECTED'::text, 'UNDONE'::text, 'WITHDRAWN'::text])));
alter table customer_match add constraint customer_match_other FOREIGN KEY (tenant_id, other_customer_id) REFERENCES customer(tenant_id, id);
alter table customer_match add constraint customer_match_pair_ordered CHECK ((customer_id < other_customer_id));
alter table customer_match add constraint customer_match_pair_unique UNIQUE (tenant_id, customer_id, other_customer_id);
alter table customer_match add constraint customer_match_pk PRIMARY KEY (tenant_id, id);
alter table customer_match add constraint customer_match_score_range CHECK (((score >= (0)::numeric) AND (score <= (1)::numeric)));
CREATE INDEX customer_match_by_created ON public.customer_match USING btree (tenant_id, created_at, id);
CREATE INDEX customer_match_by_other ON public.customer_match USING btree (tenant_id, other_customer_id);
CREATE INDEX customer_match_by_score ON public.customer_match USING btree (tenant_id, lifecycle, score, id);
alter table customer_match enable row level security;
alter table customer_match force row level security;
create policy of_tenant on customer_match for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on customer_match to cashgraph_app; grant select on customer_match to cashgraph_read;
comment on table customer_match is 'Two customers that may be the same one; a person decides';

create table customer_match_evidence (
  tenant_id uuid not null,
  id uuid not null,
  match_id uuid not null,
  place integer not null,
  kind text not null,
  level text not null,
  value text not null,
  other_value text not null,
  weight numeric(6,2) not null,
  sentence text not null
);
alter table customer_match_evidence add constraint customer_match_evidence_match FOREIGN KEY (tenant_id, match_id) REFERENCES customer_match(tenant_id, id);
alter table customer_match_evidence add constraint customer_match_evidence_pk PRIMARY KEY (tenant_id, id);
CREATE INDEX customer_match_evidence_by_match ON public.customer_match_evidence USING btree (tenant_id, match_id, place);
alter table customer_match_evidence enable row level security;
alter table customer_match_evidence force row level security;
create policy of_tenant on customer_match_evidence for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select on customer_match_evidence to cashgraph_app; grant select on customer_match_evidence to cashgraph_read;
comment on column customer_match_evidence.weight is 'In bits: what it speaks for the two being the same (positive) or against it';

create table customer_match_move (
  tenant_id uuid not null,
  id uuid not null,
  match_id uuid not null,
  customer_id uuid not null,
  from_parent_id uuid,
  to_parent_id uuid
);
alter table customer_match_move add constraint customer_match_move_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id);
alter table customer_match_move add constraint customer_match_move_match FOREIGN KEY (tenant_id, match_id) REFERENCES customer_match(tenant_id, id);
alter table customer_match_move add constraint customer_match_move_pk PRIMARY KEY (tenant_id, id);
CREATE INDEX customer_match_move_by_match ON public.customer_match_move USING btree (tenant_id, match_id);
alter table customer_match_move enable row level security;
alter table customer_match_move force row level security;
create policy of_tenant on customer_match_move for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select on customer_match_move to cashgraph_app; grant select on customer_match_move to cashgraph_read;

create table customer_price (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  product_id uuid not null,
  currency text not null,
  min_quantity numeric(28,6) not null default 0,
  unit_price numeric(28,6) not null,
  valid_from date not null,
  valid_to date,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table customer_price add constraint customer_price_currency_known CHECK (is_currency(currency));
alter table customer_price add constraint customer_price_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id);
alter table customer_price add constraint customer_price_days CHECK ((valid_to >= valid_from));
alter table customer_price add constraint customer_price_pk PRIMARY KEY (tenant_id, id);
alter table customer_price add constraint customer_price_price CHECK ((unit_price >= (0)::numeric));
alter table customer_price add constraint customer_price_product FOREIGN KEY (tenant_id, product_id) REFERENCES product(tenant_id, id);
alter table customer_price add constraint customer_price_quantity CHECK ((min_quantity >= (0)::numeric));
alter table customer_price add constraint customer_price_unique UNIQUE (tenant_id, customer_id, product_id, currency, min_quantity, valid_from);
CREATE INDEX customer_price_by_product ON public.customer_price USING btree (tenant_id, product_id);
alter table customer_price enable row level security;
alter table customer_price force row level security;
create policy of_portal on customer_price for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (customer_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.customer_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_tenant on customer_price for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on customer_price to cashgraph_app; grant select on customer_price to cashgraph_portal; grant select on customer_price to cashgraph_read;
comment on table customer_price is 'What was agreed with one customer: comes before every list';

create table customer_to_compare (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  noted_at timestamp with time zone not null
);
alter table customer_to_compare add constraint customer_to_compare_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id);
alter table customer_to_compare add constraint customer_to_compare_pk PRIMARY KEY (tenant_id, id);
CREATE INDEX customer_to_compare_by_customer ON public.customer_to_compare USING btree (tenant_id, customer_id);
CREATE INDEX customer_to_compare_by_noted ON public.customer_to_compare USING btree (noted_at);
alter table customer_to_compare enable row level security;
alter table customer_to_compare force row level security;
create policy of_system on customer_to_compare for select to cashgraph_system using (true);
create policy of_tenant on customer_to_compare for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select on customer_to_compare to cashgraph_app; grant select on customer_to_compare to cashgraph_system;
comment on table customer_to_compare is 'Customers of which something is new since they were compared with the others; one may stand here more than once';

create table customer_trait (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  account_id uuid,
  kind text not null,
  value text collate "C" not null,
  shown text not null
);
alter table customer_trait add constraint customer_trait_kind_known CHECK ((kind = ANY (ARRAY['TAX_ID'::text, 'NAME'::text, 'NAME_WORD'::text, 'EMAIL'::text, 'EMAIL_DOMAIN'::text, 'PHONE'::text, 'ADDRESS'::text, 'PLACE_WORD'::text, 'BANK_ACCOUNT'::text])));
alter table customer_trait add constraint customer_trait_once UNIQUE NULLS NOT DISTINCT (tenant_id, customer_id, account_id, kind, value);
alter table customer_trait add constraint customer_trait_pk PRIMARY KEY (tenant_id, id);
CREATE INDEX customer_trait_by_value ON public.customer_trait USING btree (tenant_id, kind, value, customer_id);
alter table customer_trait enable row level security;
alter table customer_trait force row level security;
create policy of_tenant on customer_trait for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select on customer_trait to cashgraph_app;
comment on table customer_trait is 'By what customers are compared, each in one form; bank accounts as keyed digests only';

create table delivery (
  tenant_id uuid not null,
  id bigint not null generated always as identity,
  consumer text not null,
  record_id uuid not null,
  "position" bigint not null,
  state text not null default 'PENDING'::text,
  attempt integer not null default 0,
  next_at timestamp with time zone not null,
  claim_token bigint,
  claimed_until timestamp with time zone,
  last_error text,
  done_at timestamp with time zone
);
alter table delivery add constraint delivery_once UNIQUE (tenant_id, consumer, "position");
alter table delivery add constraint delivery_pk PRIMARY KEY (tenant_id, id);
alter table delivery add constraint delivery_state_known CHECK ((state = ANY (ARRAY['PENDING'::text, 'DONE'::text, 'DEAD'::text])));
alter table delivery add constraint delivery_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
CREATE INDEX delivery_done ON public.delivery USING btree (done_at) WHERE (state = 'DONE'::text);
CREATE INDEX delivery_due ON public.delivery USING btree (consumer, next_at) WHERE (state = 'PENDING'::text);
CREATE INDEX delivery_of_record ON public.delivery USING btree (tenant_id, consumer, record_id, "position") WHERE (state = 'PENDING'::text);
alter table delivery enable row level security;
alter table delivery force row level security;
create policy of_system on delivery for all to cashgraph_system using (true) with check (true);
create policy of_tenant on delivery for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on delivery to cashgraph_system;

create table delivery_cursor (
  consumer text not null,
  "position" bigint not null
);
alter table delivery_cursor add constraint delivery_cursor_pk PRIMARY KEY (consumer);
grant insert, select, update on delivery_cursor to cashgraph_system;

create table deprecated_use (
  tenant_id uuid not null,
  actor_id uuid not null,
  client text not null,
  client_version text not null,
  coordinate text not null,
  first_used_at timestamp with time zone not null,
  last_used_at timestamp with time zone not null,
  use_count bigint not null
);
alter table deprecated_use add constraint deprecated_use_counted CHECK ((use_count > 0));
alter table deprecated_use add constraint deprecated_use_pk PRIMARY KEY (tenant_id, actor_id, client, client_version, coordinate);
CREATE INDEX deprecated_use_by_last ON public.deprecated_use USING btree (tenant_id, last_used_at);
alter table deprecated_use enable row level security;
alter table deprecated_use force row level security;
create policy of_system on deprecated_use for all to cashgraph_system using (true) with check (true);
create policy of_tenant on deprecated_use for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant select on deprecated_use to cashgraph_app; grant select on deprecated_use to cashgraph_read; grant insert, select, update on deprecated_use to cashgraph_system;
comment on table deprecated_use is 'How often a login, by the client that it says it is, has used a field, argument, input field or enum value that is deprecated';
comment on column deprecated_use.client is 'By the header apollographql-client-name; empty: it says nothing, or too many different things';
comment on column deprecated_use.coordinate is 'Its place in the schema, such as Invoice.total or Query.invoices(first:)';

create table duty (
  tenant_id uuid not null,
  record_id uuid not null,
  pair text not null,
  person_id uuid not null,
  permission text not null,
  done_at timestamp with time zone not null
);
alter table duty add constraint duty_of_pair CHECK ((permission = ANY (string_to_array(pair, ' '::text))));
alter table duty add constraint duty_pair_form CHECK ((pair ~ '^[^ ]+ [^ ]+$'::text));
alter table duty add constraint duty_person FOREIGN KEY (tenant_id, person_id) REFERENCES actor(tenant_id, id);
alter table duty add constraint duty_pk PRIMARY KEY (tenant_id, record_id, person_id, pair);
alter table duty add constraint duty_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table duty enable row level security;
alter table duty force row level security;
create policy of_tenant on duty for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER duty_append_only BEFORE DELETE OR UPDATE ON public.duty FOR EACH ROW EXECUTE FUNCTION refuse_change();
grant insert, select on duty to cashgraph_app; grant select on duty to cashgraph_read;
comment on table duty is 'Which half of a forbidden pair a person did on a record. The key has no permission: of one pair a person does one half';
comment on column duty.pair is 'Both permissions in alphabetical order';

create table erp_record (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  stream text not null,
  external_id text not null,
  record_kind text not null,
  record_id uuid,
  account_id uuid,
  is_made_there boolean not null default true,
  external_number text,
  external_version text,
  external_at timestamp with time zone,
  state text not null,
  waits_for text[],
  content_hash text not null,
  raw text,
  extensions jsonb,
  synced_at timestamp with time zone not null,
  company text,
  party text,
  taken_raw text
);
alter table erp_record add constraint erp_record_connection FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id);
alter table erp_record add constraint erp_record_pk PRIMARY KEY (tenant_id, id);
alter table erp_record add constraint erp_record_state_known CHECK ((state = ANY (ARRAY['SYNCED'::text, 'WAITING'::text, 'REFUSED'::text, 'IGNORED'::text, 'GONE'::text])));
alter table erp_record add constraint erp_record_unique UNIQUE (tenant_id, connection_id, stream, external_id);
CREATE INDEX erp_record_by_party ON public.erp_record USING btree (tenant_id, connection_id, party) WHERE (party IS NOT NULL);
CREATE INDEX erp_record_by_record ON public.erp_record USING btree (tenant_id, record_id) WHERE (record_id IS NOT NULL);
CREATE UNIQUE INDEX erp_record_link_unique ON public.erp_record USING btree (tenant_id, connection_id, record_id) WHERE ((record_id IS NOT NULL) AND (state <> 'GONE'::text) AND (record_kind = ANY (ARRAY['CustomerAccount'::text, 'Order'::text, 'Fulfilment'::text, 'Invoice'::text, 'CreditNote'::text, 'Payment'::text])));
CREATE INDEX erp_record_not_synced ON public.erp_record USING btree (tenant_id, connection_id, stream, state) WHERE (state = ANY (ARRAY['WAITING'::text, 'REFUSED'::text]));
CREATE INDEX erp_record_waiting ON public.erp_record USING gin (waits_for) WHERE (state = 'WAITING'::text);
alter table erp_record enable row level security;
alter table erp_record force row level security;
create policy of_portal on erp_record for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on erp_record for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on erp_record for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on erp_record to cashgraph_app; grant select on erp_record to cashgraph_read;
grant select (tenant_id) on erp_record to cashgraph_portal; grant select (tenant_id) on erp_record to cashgraph_reporting;
grant select (id) on erp_record to cashgraph_portal;
grant select (connection_id) on erp_record to cashgraph_portal; grant select (connection_id) on erp_record to cashgraph_reporting;
grant select (stream) on erp_record to cashgraph_portal; grant select (stream) on erp_record to cashgraph_reporting;
grant select (external_id) on erp_record to cashgraph_portal;
grant select (record_kind) on erp_record to cashgraph_portal;
grant select (record_id) on erp_record to cashgraph_portal;
grant select (account_id) on erp_record to cashgraph_portal;
grant select (is_made_there) on erp_record to cashgraph_portal;
grant select (external_number) on erp_record to cashgraph_portal;
grant select (external_at) on erp_record to cashgraph_portal;
grant select (state) on erp_record to cashgraph_portal; grant select (state) on erp_record to cashgraph_reporting;
grant select (synced_at) on erp_record to cashgraph_portal;
comment on table erp_record is 'The latest version of each record of an ERP, raw, and our record that it belongs to';
comment on column erp_record.account_id is 'The account that our record is on, for the portal; null: none';
comment on column erp_record.waits_for is 'Records that have to come first, as canonical kind and id there with a slash between';
comment on column erp_record.content_hash is 'Of the raw record; gone: it was deleted there, and raw is what was known of it last';
comment on column erp_record.company is 'The company there that it says it is of; null: it names none, or nothing could be made of it';
comment on column erp_record.party is 'Who a customer is there: accounts with one party are of one customer';
comment on column erp_record.taken_raw is 'As it was taken last, while what was read since waits for another record or is refused; null: raw is that';

create table erp_request (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  record_kind text not null,
  record_id uuid not null,
  command text not null,
  input jsonb,
  lifecycle text not null,
  attempt_count integer not null default 0,
  erp_text text,
  external_id text,
  asked_by_id uuid not null,
  answered_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table erp_request add constraint erp_request_account FOREIGN KEY (tenant_id, account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table erp_request add constraint erp_request_command_known CHECK ((command = ANY (ARRAY['CREATE'::text, 'UPDATE'::text, 'VOID'::text])));
alter table erp_request add constraint erp_request_connection FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id);
alter table erp_request add constraint erp_request_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['SENT'::text, 'CONFIRMED'::text, 'REFUSED'::text])));
alter table erp_request add constraint erp_request_pk PRIMARY KEY (tenant_id, id);
CREATE INDEX erp_request_by_connection ON public.erp_request USING btree (tenant_id, connection_id, lifecycle, created_at);
CREATE INDEX erp_request_by_created ON public.erp_request USING btree (tenant_id, created_at, id);
CREATE INDEX erp_request_by_record ON public.erp_request USING btree (tenant_id, record_id, created_at);
alter table erp_request enable row level security;
alter table erp_request force row level security;
create policy of_portal on erp_request for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_system on erp_request for select to cashgraph_system using (true);
create policy of_tenant on erp_request for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on erp_request to cashgraph_app; grant select on erp_request to cashgraph_read; grant select on erp_request to cashgraph_system;
grant select (tenant_id) on erp_request to cashgraph_portal;
grant select (id) on erp_request to cashgraph_portal;
grant select (connection_id) on erp_request to cashgraph_portal;
grant select (legal_entity_id) on erp_request to cashgraph_portal;
grant select (account_id) on erp_request to cashgraph_portal;
grant select (record_kind) on erp_request to cashgraph_portal;
grant select (record_id) on erp_request to cashgraph_portal;
grant select (command) on erp_request to cashgraph_portal;
grant select (lifecycle) on erp_request to cashgraph_portal;
grant select (attempt_count) on erp_request to cashgraph_portal;
grant select (erp_text) on erp_request to cashgraph_portal;
grant select (external_id) on erp_request to cashgraph_portal;
grant select (asked_by_id) on erp_request to cashgraph_portal;
grant select (answered_at) on erp_request to cashgraph_portal;
grant select (version) on erp_request to cashgraph_portal;
grant select (created_at) on erp_request to cashgraph_portal;

create table event (
  tenant_id uuid not null,
  "position" bigint not null,
  event_id uuid not null,
  type text not null,
  type_version integer not null,
  legal_entity_id uuid,
  account_id uuid,
  customer_id uuid,
  record_kind text not null,
  record_id uuid not null,
  record_version integer not null,
  actor_id uuid not null,
  request_id text not null,
  cause_id uuid,
  source text,
  occurred_at timestamp with time zone not null,
  effective_on date,
  recorded_at timestamp with time zone not null,
  payload jsonb not null,
  personal_digest text,
  hash text not null
) partitioned;
alter table event add constraint event_pk PRIMARY KEY (tenant_id, "position");
CREATE INDEX event_by_position ON ONLY public.event USING btree ("position");
CREATE INDEX event_by_record ON ONLY public.event USING btree (tenant_id, record_id, record_version);
alter table event enable row level security;
alter table event force row level security;
create policy of_portal on event for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_system on event for all to cashgraph_system using (true) with check (true);
create policy of_tenant on event for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_not_emptied BEFORE TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant select on event to cashgraph_app; grant select on event to cashgraph_portal; grant select on event to cashgraph_read; grant insert, select on event to cashgraph_system;

create table event_00000 partition of event FOR VALUES FROM ('0') TO ('10000000');
alter table event_00000 enable row level security;
alter table event_00000 force row level security;
create policy of_tenant on event_00000 for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant select on event_00000 to cashgraph_read;

create table event_anchor (
  tenant_id uuid not null,
  "position" bigint not null,
  hash text not null,
  recorded_at timestamp with time zone not null,
  dropped_at timestamp with time zone not null
);
alter table event_anchor add constraint event_anchor_pk PRIMARY KEY (tenant_id);
alter table event_anchor add constraint event_anchor_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table event_anchor enable row level security;
alter table event_anchor force row level security;
create policy of_portal on event_anchor for select to cashgraph_portal using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));
create policy of_system on event_anchor for all to cashgraph_system using (true) with check (true);
create policy of_tenant on event_anchor for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant select on event_anchor to cashgraph_app; grant select on event_anchor to cashgraph_read; grant insert, select, update on event_anchor to cashgraph_system;
grant select (tenant_id) on event_anchor to cashgraph_portal;
grant select ("position") on event_anchor to cashgraph_portal;
grant select (recorded_at) on event_anchor to cashgraph_portal;
comment on table event_anchor is 'The newest event of each tenant that the log has forgotten: what is left of the chain begins after it';
comment on column event_anchor.recorded_at is 'No event that was recorded later is forgotten';

create table event_chain (
  tenant_id uuid not null,
  "position" bigint not null,
  hash text not null
);
alter table event_chain add constraint event_chain_pk PRIMARY KEY (tenant_id);
alter table event_chain add constraint event_chain_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table event_chain enable row level security;
alter table event_chain force row level security;
create policy of_portal on event_chain for select to cashgraph_portal using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));
create policy of_reporting on event_chain for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on event_chain for all to cashgraph_system using (true) with check (true);
create policy of_tenant on event_chain for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant select on event_chain to cashgraph_app; grant select on event_chain to cashgraph_read; grant insert, select, update on event_chain to cashgraph_system;
grant select (tenant_id) on event_chain to cashgraph_portal; grant select (tenant_id) on event_chain to cashgraph_reporting;
grant select ("position") on event_chain to cashgraph_portal; grant select ("position") on event_chain to cashgraph_reporting;
comment on table event_chain is 'The newest hash of each tenant''s chain; anchor it elsewhere to prove later that nothing was rewritten';

create table event_head (
  is_head boolean not null default true,
  "position" bigint not null,
  partitioned_to bigint not null,
  pruned_to bigint not null default 0
);
alter table event_head add constraint event_head_one CHECK (is_head);
alter table event_head add constraint event_head_pk PRIMARY KEY (is_head);
grant insert, select, update on event_head to cashgraph_system;
comment on column event_head.pruned_to is 'The newest position that the log has forgotten';

create table event_inbox (
  id bigint not null generated always as identity,
  tenant_id uuid not null,
  event_id uuid not null,
  type text not null,
  type_version integer not null,
  legal_entity_id uuid,
  account_id uuid,
  customer_id uuid,
  record_kind text not null,
  record_id uuid not null,
  record_version integer not null,
  actor_id uuid not null,
  request_id text not null,
  cause_id uuid,
  source text,
  occurred_at timestamp with time zone not null,
  effective_on date,
  recorded_at timestamp with time zone not null,
  payload jsonb not null,
  personal jsonb,
  queued_at timestamp with time zone not null default clock_timestamp()
);
alter table event_inbox add constraint event_inbox_pk PRIMARY KEY (id);
alter table event_inbox add constraint event_inbox_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table event_inbox enable row level security;
alter table event_inbox force row level security;
create policy of_system on event_inbox for all to cashgraph_system using (true) with check (true);
create policy of_tenant on event_inbox for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select on event_inbox to cashgraph_app; grant delete, select on event_inbox to cashgraph_system;

create table event_personal (
  tenant_id uuid not null,
  event_id uuid not null,
  record_id uuid not null,
  salt text not null,
  fields jsonb not null
);
alter table event_personal add constraint event_personal_pk PRIMARY KEY (tenant_id, event_id);
CREATE INDEX event_personal_by_record ON public.event_personal USING btree (tenant_id, record_id);
alter table event_personal enable row level security;
alter table event_personal force row level security;
create policy of_system on event_personal for all to cashgraph_system using (true) with check (true);
create policy of_tenant on event_personal for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, select on event_personal to cashgraph_app; grant select on event_personal to cashgraph_read; grant delete, insert, select on event_personal to cashgraph_system;
comment on table event_personal is 'Personal fields of an event. Deleting a row erases them; the chain holds only their salted digest and still verifies';

create table exchange_rate (
  tenant_id uuid not null,
  id uuid not null,
  from_currency text not null,
  to_currency text not null,
  valid_on date not null,
  rate numeric(28,12) not null,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table exchange_rate add constraint exchange_rate_apart CHECK ((from_currency <> to_currency));
alter table exchange_rate add constraint exchange_rate_day_unique UNIQUE (tenant_id, from_currency, to_currency, valid_on);
alter table exchange_rate add constraint exchange_rate_from_currency_known CHECK (is_currency(from_currency));
alter table exchange_rate add constraint exchange_rate_pk PRIMARY KEY (tenant_id, id);
alter table exchange_rate add constraint exchange_rate_positive CHECK ((rate > (0)::numeric));
alter table exchange_rate add constraint exchange_rate_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table exchange_rate add constraint exchange_rate_to_currency_known CHECK (is_currency(to_currency));
alter table exchange_rate enable row level security;
alter table exchange_rate force row level security;
create policy of_reporting on exchange_rate for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on exchange_rate for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on exchange_rate to cashgraph_app; grant select on exchange_rate to cashgraph_read;
grant select (tenant_id) on exchange_rate to cashgraph_reporting;
grant select (id) on exchange_rate to cashgraph_reporting;
grant select (from_currency) on exchange_rate to cashgraph_reporting;
grant select (to_currency) on exchange_rate to cashgraph_reporting;
grant select (valid_on) on exchange_rate to cashgraph_reporting;
grant select (rate) on exchange_rate to cashgraph_reporting;
grant select (version) on exchange_rate to cashgraph_reporting;
grant select (created_at) on exchange_rate to cashgraph_reporting;
comment on column exchange_rate.rate is 'Units of the target currency for one unit of the source currency';

create table export (
  tenant_id uuid not null,
  id uuid not null,
  started_by_id uuid not null,
  query text not null,
  variables jsonb not null,
  operation_name text,
  list text not null,
  format text not null,
  lifecycle text not null,
  queued_at timestamp with time zone not null,
  begun_at timestamp with time zone,
  ended_at timestamp with time zone,
  expires_at timestamp with time zone,
  run_count integer not null default 0,
  "position" bigint,
  row_total integer,
  row_count integer not null default 0,
  line_count integer not null default 0,
  byte_count bigint not null default 0,
  progressed_at timestamp with time zone,
  file_name text,
  sha256 text,
  error_code text,
  error_message text,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table export add constraint export_error_told CHECK ((((lifecycle = 'FAILED'::text) = (error_code IS NOT NULL)) AND ((error_code IS NULL) = (error_message IS NULL))));
alter table export add constraint export_file_whole CHECK (((lifecycle = 'DONE'::text) <= ((file_name IS NOT NULL) AND (sha256 IS NOT NULL) AND (expires_at IS NOT NULL) AND ("position" IS NOT NULL))));
alter table export add constraint export_format_known CHECK ((format = ANY (ARRAY['JSONL'::text, 'CSV'::text, 'PARQUET'::text])));
alter table export add constraint export_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['QUEUED'::text, 'RUNNING'::text, 'DONE'::text, 'FAILED'::text, 'CANCELLED'::text, 'EXPIRED'::text])));
alter table export add constraint export_pk PRIMARY KEY (tenant_id, id);
alter table export add constraint export_sha256_form CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text));
alter table export add constraint export_starter FOREIGN KEY (tenant_id, started_by_id) REFERENCES actor(tenant_id, id);
alter table export add constraint export_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
CREATE INDEX export_by_created ON public.export USING btree (tenant_id, started_by_id, created_at, id);
CREATE INDEX export_by_expiry ON public.export USING btree (expires_at) WHERE (lifecycle = 'DONE'::text);
CREATE INDEX export_by_id ON public.export USING btree (id);
CREATE INDEX export_by_queued ON public.export USING btree (tenant_id, queued_at, id) WHERE (lifecycle = ANY (ARRAY['QUEUED'::text, 'RUNNING'::text]));
alter table export enable row level security;
alter table export force row level security;
create policy of_portal on export for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (started_by_id = ( SELECT (NULLIF(current_setting('app.actor_id'::text, true), ''::text))::uuid AS "nullif"))));
create policy of_system on export for all to cashgraph_system using (true) with check (true);
create policy of_tenant on export for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on export to cashgraph_app; grant select on export to cashgraph_portal; grant select on export to cashgraph_read; grant select on export to cashgraph_system;
grant update ("position") on export to cashgraph_system;
grant update (row_total) on export to cashgraph_system;
grant update (row_count) on export to cashgraph_system;
grant update (line_count) on export to cashgraph_system;
grant update (byte_count) on export to cashgraph_system;
grant update (progressed_at) on export to cashgraph_system;
comment on column export.run_count is 'Counts the processes that have worked on it: what an earlier one still writes does not count any more';
comment on column export."position" is 'The place in the log that its snapshot is of: whoever follows the log from there misses nothing';
comment on column export.progressed_at is 'The figures above are written while it runs, about once a second, without a version';

create table external_ref (
  tenant_id uuid not null,
  id uuid not null,
  connection text not null,
  record_kind text not null,
  external_id text not null,
  record_id uuid not null,
  created_at timestamp with time zone not null
);
alter table external_ref add constraint external_ref_pk PRIMARY KEY (tenant_id, id);
alter table external_ref add constraint external_ref_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table external_ref add constraint external_ref_unique UNIQUE (tenant_id, connection, record_kind, external_id);
CREATE INDEX external_ref_by_record ON public.external_ref USING btree (tenant_id, record_id);
alter table external_ref enable row level security;
alter table external_ref force row level security;
create policy of_tenant on external_ref for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on external_ref to cashgraph_app; grant select on external_ref to cashgraph_read;
comment on table external_ref is 'What another system calls a record of ours; connection is import:<kind> for files';

create table forbidden_pair (
  tenant_id uuid not null,
  id uuid not null,
  first_permission text not null,
  second_permission text not null,
  extent text not null,
  is_active boolean not null default true,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table forbidden_pair add constraint forbidden_pair_apart CHECK ((first_permission <> second_permission));
alter table forbidden_pair add constraint forbidden_pair_extent_known CHECK ((extent = ANY (ARRAY['RECORD'::text, 'PERSON'::text])));
alter table forbidden_pair add constraint forbidden_pair_pk PRIMARY KEY (tenant_id, id);
alter table forbidden_pair add constraint forbidden_pair_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
CREATE UNIQUE INDEX forbidden_pair_unique ON public.forbidden_pair USING btree (tenant_id, LEAST(first_permission, second_permission), GREATEST(first_permission, second_permission));
alter table forbidden_pair enable row level security;
alter table forbidden_pair force row level security;
create policy of_tenant on forbidden_pair for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on forbidden_pair to cashgraph_app; grant select on forbidden_pair to cashgraph_read;
comment on column forbidden_pair.extent is 'RECORD: one person can''t do both on one record. PERSON: one person can''t hold both permissions at all';

create table fulfilment (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  lifecycle text not null,
  return_status text not null default 'NONE'::text,
  number text not null,
  provider_id uuid,
  provider_status text not null default 'NONE'::text,
  provider_reference text,
  provider_text text,
  carrier text,
  tracking_number text,
  planned_on date,
  released_at timestamp with time zone,
  shipped_on date,
  delivered_on date,
  received_by text,
  return_reason text,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  origin text not null default 'PLANNED'::text
);
alter table fulfilment add constraint fulfilment_delivered CHECK (((lifecycle = 'DELIVERED'::text) = (delivered_on IS NOT NULL)));
alter table fulfilment add constraint fulfilment_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['PLANNED'::text, 'RELEASED'::text, 'SHIPPED'::text, 'DELIVERED'::text, 'CANCELLED'::text])));
alter table fulfilment add constraint fulfilment_order FOREIGN KEY (tenant_id, order_id, account_id) REFERENCES sales_order(tenant_id, id, account_id);
alter table fulfilment add constraint fulfilment_origin_known CHECK ((origin = ANY (ARRAY['PLANNED'::text, 'OBSERVED'::text])));
alter table fulfilment add constraint fulfilment_pk PRIMARY KEY (tenant_id, id);
alter table fulfilment add constraint fulfilment_provider FOREIGN KEY (tenant_id, provider_id) REFERENCES logistics_provider(tenant_id, id);
alter table fulfilment add constraint fulfilment_provider_status_known CHECK ((provider_status = ANY (ARRAY['NONE'::text, 'PENDING'::text, 'ACCEPTED'::text, 'REFUSED'::text])));
alter table fulfilment add constraint fulfilment_return_known CHECK ((return_status = ANY (ARRAY['NONE'::text, 'PARTIAL'::text, 'FULL'::text])));
alter table fulfilment add constraint fulfilment_shipped CHECK (((lifecycle = ANY (ARRAY['SHIPPED'::text, 'DELIVERED'::text])) = (shipped_on IS NOT NULL)));
alter table fulfilment add constraint fulfilment_within UNIQUE (tenant_id, id, account_id);
CREATE INDEX fulfilment_by_account ON public.fulfilment USING btree (tenant_id, account_id, created_at, id);
CREATE INDEX fulfilment_by_created ON public.fulfilment USING btree (tenant_id, created_at, id);
CREATE INDEX fulfilment_by_lifecycle ON public.fulfilment USING btree (tenant_id, lifecycle, created_at, id);
CREATE INDEX fulfilment_by_number ON public.fulfilment USING btree (tenant_id, number, id);
CREATE INDEX fulfilment_by_order ON public.fulfilment USING btree (tenant_id, order_id);
CREATE INDEX fulfilment_by_provider ON public.fulfilment USING btree (tenant_id, provider_id, number) WHERE (provider_id IS NOT NULL);
CREATE INDEX fulfilment_by_provider_reference ON public.fulfilment USING btree (tenant_id, provider_id, provider_reference) WHERE (provider_reference IS NOT NULL);
CREATE UNIQUE INDEX fulfilment_number_unique ON public.fulfilment USING btree (tenant_id, legal_entity_id, number) WHERE (origin = 'PLANNED'::text);
alter table fulfilment enable row level security;
alter table fulfilment force row level security;
create policy of_portal on fulfilment for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on fulfilment for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on fulfilment for select to cashgraph_system using (true);
create policy of_tenant on fulfilment for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on fulfilment to cashgraph_app; grant select on fulfilment to cashgraph_portal; grant select on fulfilment to cashgraph_read; grant select on fulfilment to cashgraph_system;
grant select (tenant_id) on fulfilment to cashgraph_reporting;
grant select (id) on fulfilment to cashgraph_reporting;
grant select (order_id) on fulfilment to cashgraph_reporting;
grant select (legal_entity_id) on fulfilment to cashgraph_reporting;
grant select (account_id) on fulfilment to cashgraph_reporting;
grant select (lifecycle) on fulfilment to cashgraph_reporting;
grant select (return_status) on fulfilment to cashgraph_reporting;
grant select (number) on fulfilment to cashgraph_reporting;
grant select (provider_id) on fulfilment to cashgraph_reporting;
grant select (provider_status) on fulfilment to cashgraph_reporting;
grant select (provider_reference) on fulfilment to cashgraph_reporting;
grant select (provider_text) on fulfilment to cashgraph_reporting;
grant select (carrier) on fulfilment to cashgraph_reporting;
grant select (tracking_number) on fulfilment to cashgraph_reporting;
grant select (planned_on) on fulfilment to cashgraph_reporting;
grant select (released_at) on fulfilment to cashgraph_reporting;
grant select (shipped_on) on fulfilment to cashgraph_reporting;
grant select (delivered_on) on fulfilment to cashgraph_reporting;
grant select (received_by) on fulfilment to cashgraph_reporting;
grant select (return_reason) on fulfilment to cashgraph_reporting;
grant select (version) on fulfilment to cashgraph_reporting;
grant select (created_at) on fulfilment to cashgraph_reporting;
grant select (origin) on fulfilment to cashgraph_reporting;
comment on column fulfilment.origin is 'PLANNED here, or OBSERVED: made by an ERP, which numbers as it likes';

create table fulfilment_line (
  tenant_id uuid not null,
  id uuid not null,
  fulfilment_id uuid not null,
  order_line_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  quantity numeric(28,6) not null,
  returned_quantity numeric(28,6) not null default 0,
  version integer not null default 1
);
alter table fulfilment_line add constraint fulfilment_line_fulfilment FOREIGN KEY (tenant_id, fulfilment_id, account_id) REFERENCES fulfilment(tenant_id, id, account_id);
alter table fulfilment_line add constraint fulfilment_line_order_line FOREIGN KEY (tenant_id, order_line_id) REFERENCES order_line(tenant_id, id);
alter table fulfilment_line add constraint fulfilment_line_pk PRIMARY KEY (tenant_id, id);
alter table fulfilment_line add constraint fulfilment_line_quantity_positive CHECK ((quantity > (0)::numeric));
alter table fulfilment_line add constraint fulfilment_line_returned_within CHECK (((returned_quantity >= (0)::numeric) AND (returned_quantity <= quantity)));
alter table fulfilment_line add constraint fulfilment_line_unique UNIQUE (tenant_id, fulfilment_id, order_line_id);
CREATE INDEX fulfilment_line_by_order_line ON public.fulfilment_line USING btree (tenant_id, order_line_id);
alter table fulfilment_line enable row level security;
alter table fulfilment_line force row level security;
create policy of_portal on fulfilment_line for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on fulfilment_line for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on fulfilment_line for select to cashgraph_system using (true);
create policy of_tenant on fulfilment_line for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on fulfilment_line to cashgraph_app; grant select on fulfilment_line to cashgraph_portal; grant select on fulfilment_line to cashgraph_read; grant select on fulfilment_line to cashgraph_system;
grant select (tenant_id) on fulfilment_line to cashgraph_reporting;
grant select (id) on fulfilment_line to cashgraph_reporting;
grant select (fulfilment_id) on fulfilment_line to cashgraph_reporting;
grant select (order_line_id) on fulfilment_line to cashgraph_reporting;
grant select (legal_entity_id) on fulfilment_line to cashgraph_reporting;
grant select (account_id) on fulfilment_line to cashgraph_reporting;
grant select (quantity) on fulfilment_line to cashgraph_reporting;
grant select (returned_quantity) on fulfilment_line to cashgraph_reporting;

create table hold (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  kind text not null,
  stage text not null,
  lifecycle text not null,
  reason text not null,
  detail text,
  currency text,
  amount_minor bigint,
  content_version integer not null,
  fulfilment_id uuid,
  placed_by_id uuid not null,
  released_by_id uuid,
  released_at timestamp with time zone,
  release_reason text,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table hold add constraint hold_currency_known CHECK (is_currency(currency));
alter table hold add constraint hold_fulfilment FOREIGN KEY (tenant_id, fulfilment_id) REFERENCES fulfilment(tenant_id, id);
alter table hold add constraint hold_kind_known CHECK ((kind = ANY (ARRAY['CREDIT'::text, 'VALIDATION'::text, 'DUPLICATE'::text, 'FRAUD'::text, 'MANUAL'::text])));
alter table hold add constraint hold_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['OPEN'::text, 'RELEASED'::text, 'LIFTED'::text])));
alter table hold add constraint hold_order FOREIGN KEY (tenant_id, order_id, account_id) REFERENCES sales_order(tenant_id, id, account_id);
alter table hold add constraint hold_pk PRIMARY KEY (tenant_id, id);
alter table hold add constraint hold_released CHECK (((lifecycle = 'OPEN'::text) = (released_by_id IS NULL)));
alter table hold add constraint hold_stage_known CHECK ((stage = ANY (ARRAY['ORDER'::text, 'RELEASE'::text, 'DELIVERY'::text])));
CREATE INDEX hold_by_created ON public.hold USING btree (tenant_id, created_at, id);
CREATE INDEX hold_by_order ON public.hold USING btree (tenant_id, order_id);
CREATE INDEX hold_open ON public.hold USING btree (tenant_id, kind, created_at, id) WHERE (lifecycle = 'OPEN'::text);
alter table hold enable row level security;
alter table hold force row level security;
create policy of_portal on hold for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND ((account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) AND (kind <> 'FRAUD'::text))));
create policy of_reporting on hold for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on hold for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on hold to cashgraph_app; grant select on hold to cashgraph_read;
grant select (tenant_id) on hold to cashgraph_portal; grant select (tenant_id) on hold to cashgraph_reporting;
grant select (id) on hold to cashgraph_portal; grant select (id) on hold to cashgraph_reporting;
grant select (order_id) on hold to cashgraph_portal; grant select (order_id) on hold to cashgraph_reporting;
grant select (legal_entity_id) on hold to cashgraph_portal; grant select (legal_entity_id) on hold to cashgraph_reporting;
grant select (account_id) on hold to cashgraph_portal; grant select (account_id) on hold to cashgraph_reporting;
grant select (kind) on hold to cashgraph_portal; grant select (kind) on hold to cashgraph_reporting;
grant select (stage) on hold to cashgraph_portal; grant select (stage) on hold to cashgraph_reporting;
grant select (lifecycle) on hold to cashgraph_portal; grant select (lifecycle) on hold to cashgraph_reporting;
grant select (reason) on hold to cashgraph_portal; grant select (reason) on hold to cashgraph_reporting;
grant select (currency) on hold to cashgraph_portal; grant select (currency) on hold to cashgraph_reporting;
grant select (amount_minor) on hold to cashgraph_portal; grant select (amount_minor) on hold to cashgraph_reporting;
grant select (content_version) on hold to cashgraph_portal; grant select (content_version) on hold to cashgraph_reporting;
grant select (fulfilment_id) on hold to cashgraph_portal; grant select (fulfilment_id) on hold to cashgraph_reporting;
grant select (placed_by_id) on hold to cashgraph_portal; grant select (placed_by_id) on hold to cashgraph_reporting;
grant select (released_by_id) on hold to cashgraph_portal; grant select (released_by_id) on hold to cashgraph_reporting;
grant select (released_at) on hold to cashgraph_portal; grant select (released_at) on hold to cashgraph_reporting;
grant select (version) on hold to cashgraph_portal; grant select (version) on hold to cashgraph_reporting;
grant select (created_at) on hold to cashgraph_portal; grant select (created_at) on hold to cashgraph_reporting;
comment on column hold.lifecycle is 'RELEASED by a person; LIFTED because its cause is gone';
comment on column hold.detail is 'The reason with the figures of customers above, which portal users never see';

create table idempotency (
  tenant_id uuid not null,
  actor_id uuid not null,
  operation text not null,
  key text not null,
  input_hash text not null,
  record_kind text,
  record_id uuid,
  selection_hash text,
  answer text,
  created_at timestamp with time zone not null
);
alter table idempotency add constraint idempotency_pk PRIMARY KEY (tenant_id, actor_id, operation, key);
alter table idempotency add constraint idempotency_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
CREATE INDEX idempotency_created ON public.idempotency USING btree (created_at);
alter table idempotency enable row level security;
alter table idempotency force row level security;
create policy of_system on idempotency for all to cashgraph_system using (true) with check (true);
create policy of_tenant on idempotency for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on idempotency to cashgraph_app; grant delete, select on idempotency to cashgraph_system;
comment on table idempotency is 'One row for each command done under a key, written in the transaction of its effect; kept seven days';
comment on column idempotency.input_hash is 'A salt and a hash over it and the input, which may hold credentials';

create table import (
  tenant_id uuid not null,
  id uuid not null,
  started_by_id uuid not null,
  upload_id uuid not null,
  legal_entity_id uuid not null,
  kind text not null,
  is_dry_run boolean not null,
  mapping jsonb not null,
  issued_days integer,
  lifecycle text not null,
  begun_at timestamp with time zone,
  ended_at timestamp with time zone,
  run_count integer not null default 0,
  line_total integer not null,
  line_count integer not null default 0,
  row_count integer not null default 0,
  new_count integer not null default 0,
  unchanged_count integer not null default 0,
  refused_count integer not null default 0,
  customers_changed_count integer not null default 0,
  done_lines jsonb not null default '[]'::jsonb,
  error_code text,
  error_message text,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table import add constraint import_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table import add constraint import_error_told CHECK ((((lifecycle = 'FAILED'::text) = (error_code IS NOT NULL)) AND ((error_code IS NULL) = (error_message IS NULL))));
alter table import add constraint import_kind_known CHECK ((kind = ANY (ARRAY['CUSTOMERS'::text, 'OPEN_INVOICES'::text, 'SETTLED_INVOICES'::text, 'PAYMENTS'::text])));
alter table import add constraint import_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['QUEUED'::text, 'RUNNING'::text, 'DONE'::text, 'FAILED'::text, 'CANCELLED'::text])));
alter table import add constraint import_pk PRIMARY KEY (tenant_id, id);
alter table import add constraint import_starter FOREIGN KEY (tenant_id, started_by_id) REFERENCES actor(tenant_id, id);
alter table import add constraint import_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table import add constraint import_upload FOREIGN KEY (tenant_id, upload_id) REFERENCES upload(tenant_id, id);
CREATE INDEX import_by_starter ON public.import USING btree (tenant_id, started_by_id, created_at, id);
CREATE INDEX import_by_upload ON public.import USING btree (tenant_id, upload_id);
alter table import enable row level security;
alter table import force row level security;
create policy of_system on import for select to cashgraph_system using (true);
create policy of_tenant on import for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on import to cashgraph_app; grant select on import to cashgraph_read; grant select on import to cashgraph_system;
comment on column import.run_count is 'Counts the processes that have worked on it: what an earlier one still writes does not count any more';
comment on column import.line_count is 'Up to which line it is done; the figures with it are written page by page, without a version';
comment on column import.done_lines is 'Lines beyond that which are in the books already: kept in the transactions of their effects, so that none is done twice';

create table import_refusal (
  tenant_id uuid not null,
  id uuid not null,
  import_id uuid not null,
  started_by_id uuid not null,
  line integer not null,
  place integer not null,
  field text,
  code text not null,
  message text not null,
  text text not null,
  created_at timestamp with time zone not null
);
alter table import_refusal add constraint import_refusal_import FOREIGN KEY (tenant_id, import_id) REFERENCES import(tenant_id, id);
alter table import_refusal add constraint import_refusal_once UNIQUE (tenant_id, import_id, line, place);
alter table import_refusal add constraint import_refusal_pk PRIMARY KEY (tenant_id, id);
alter table import_refusal add constraint import_refusal_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table import_refusal enable row level security;
alter table import_refusal force row level security;
create policy of_system on import_refusal for select to cashgraph_system using (true);
create policy of_tenant on import_refusal for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select on import_refusal to cashgraph_app; grant select on import_refusal to cashgraph_read; grant select on import_refusal to cashgraph_system;
comment on column import_refusal.place is 'Which of the reasons of its line, from 0';

create table invoice (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  origin text not null,
  lifecycle text not null,
  status text not null,
  number text,
  series_number bigint,
  customer_reference text,
  currency text not null,
  net_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  paid_minor bigint not null default 0,
  credited_minor bigint not null default 0,
  discounted_minor bigint not null default 0,
  written_off_minor bigint not null default 0,
  open_minor bigint not null default 0,
  base_currency text not null,
  base_total_minor bigint,
  rate numeric(28,12),
  group_rate numeric(28,12),
  payment_terms_id uuid,
  issued_on date,
  due_on date,
  settled_on date,
  snapshot_hash text,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  order_id uuid,
  seller_name text,
  buyer_name text,
  buyer_tax_id text,
  buyer_country text,
  discount_until date,
  discount_offered_minor bigint not null default 0,
  voided_on date
);
alter table invoice add constraint invoice_account FOREIGN KEY (tenant_id, account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table invoice add constraint invoice_base_currency_known CHECK (is_currency(base_currency));
alter table invoice add constraint invoice_currency_known CHECK (is_currency(currency));
alter table invoice add constraint invoice_dated CHECK (((lifecycle <> ALL (ARRAY['ISSUED'::text, 'VOIDED'::text])) OR ((issued_on IS NOT NULL) AND (due_on IS NOT NULL) AND (base_total_minor IS NOT NULL))));
alter table invoice add constraint invoice_discount_offered_within CHECK (((discount_offered_minor >= 0) AND (discount_offered_minor <= total_minor)));
alter table invoice add constraint invoice_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['DRAFT'::text, 'ISSUED'::text, 'CANCELLED'::text, 'VOIDED'::text])));
alter table invoice add constraint invoice_numbered CHECK (((lifecycle = ANY (ARRAY['ISSUED'::text, 'VOIDED'::text])) = (number IS NOT NULL)));
alter table invoice add constraint invoice_order FOREIGN KEY (tenant_id, order_id, account_id) REFERENCES sales_order(tenant_id, id, account_id);
alter table invoice add constraint invoice_origin_known CHECK ((origin = ANY (ARRAY['ISSUED'::text, 'IMPORTED'::text, 'OBSERVED'::text])));
alter table invoice add constraint invoice_pk PRIMARY KEY (tenant_id, id);
alter table invoice add constraint invoice_series_of_ours CHECK (((series_number IS NOT NULL) = ((origin = 'ISSUED'::text) AND (lifecycle = 'ISSUED'::text))));
alter table invoice add constraint invoice_settlement CHECK (((lifecycle <> 'ISSUED'::text) OR (open_minor = ((((total_minor - paid_minor) - credited_minor) - discounted_minor) - written_off_minor))));
alter table invoice add constraint invoice_status_known CHECK ((status = ANY (ARRAY['DRAFT'::text, 'OPEN'::text, 'PARTIALLY_PAID'::text, 'PAID'::text, 'CREDITED'::text, 'WRITTEN_OFF'::text, 'CANCELLED'::text, 'VOIDED'::text])));
alter table invoice add constraint invoice_sum CHECK ((total_minor = (net_minor + tax_minor)));
alter table invoice add constraint invoice_terms FOREIGN KEY (tenant_id, payment_terms_id) REFERENCES payment_terms(tenant_id, id);
alter table invoice add constraint invoice_total_positive CHECK ((total_minor >= 0));
alter table invoice add constraint invoice_voided_later CHECK (((voided_on IS NULL) OR ((lifecycle = 'VOIDED'::text) AND (voided_on > issued_on))));
CREATE INDEX invoice_by_account ON public.invoice USING btree (tenant_id, account_id, issued_on, id);
CREATE INDEX invoice_by_created ON public.invoice USING btree (tenant_id, created_at, id);
CREATE INDEX invoice_by_due ON public.invoice USING btree (tenant_id, due_on, id);
CREATE INDEX invoice_by_issued ON public.invoice USING btree (tenant_id, issued_on, id);
CREATE INDEX invoice_by_number ON public.invoice USING btree (tenant_id, number, id);
CREATE INDEX invoice_by_order ON public.invoice USING btree (tenant_id, order_id) WHERE (order_id IS NOT NULL);
CREATE INDEX invoice_by_status ON public.invoice USING btree (tenant_id, status, due_on, id);
CREATE INDEX invoice_by_total ON public.invoice USING btree (tenant_id, total_minor, id);
CREATE UNIQUE INDEX invoice_number_ours ON public.invoice USING btree (tenant_id, legal_entity_id, number) WHERE (origin = 'ISSUED'::text);
CREATE UNIQUE INDEX invoice_series_unique ON public.invoice USING btree (tenant_id, legal_entity_id, series_number) WHERE (series_number IS NOT NULL);
alter table invoice enable row level security;
alter table invoice force row level security;
create policy of_portal on invoice for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) AND (lifecycle <> ALL (ARRAY['DRAFT'::text, 'CANCELLED'::text]))));
create policy of_reporting on invoice for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on invoice for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on invoice to cashgraph_app; grant select on invoice to cashgraph_portal; grant select on invoice to cashgraph_read;
grant select (tenant_id) on invoice to cashgraph_reporting;
grant select (id) on invoice to cashgraph_reporting;
grant select (legal_entity_id) on invoice to cashgraph_reporting;
grant select (account_id) on invoice to cashgraph_reporting;
grant select (origin) on invoice to cashgraph_reporting;
grant select (lifecycle) on invoice to cashgraph_reporting;
grant select (status) on invoice to cashgraph_reporting;
grant select (number) on invoice to cashgraph_reporting;
grant select (customer_reference) on invoice to cashgraph_reporting;
grant select (currency) on invoice to cashgraph_reporting;
grant select (net_minor) on invoice to cashgraph_reporting;
grant select (tax_minor) on invoice to cashgraph_reporting;
grant select (total_minor) on invoice to cashgraph_reporting;
grant select (paid_minor) on invoice to cashgraph_reporting;
grant select (credited_minor) on invoice to cashgraph_reporting;
grant select (discounted_minor) on invoice to cashgraph_reporting;
grant select (written_off_minor) on invoice to cashgraph_reporting;
grant select (open_minor) on invoice to cashgraph_reporting;
grant select (base_currency) on invoice to cashgraph_reporting;
grant select (base_total_minor) on invoice to cashgraph_reporting;
grant select (rate) on invoice to cashgraph_reporting;
grant select (group_rate) on invoice to cashgraph_reporting;
grant select (payment_terms_id) on invoice to cashgraph_reporting;
grant select (issued_on) on invoice to cashgraph_reporting;
grant select (due_on) on invoice to cashgraph_reporting;
grant select (settled_on) on invoice to cashgraph_reporting;
grant select (version) on invoice to cashgraph_reporting;
grant select (created_at) on invoice to cashgraph_reporting;
grant select (order_id) on invoice to cashgraph_reporting;
grant select (seller_name) on invoice to cashgraph_reporting;
grant select (buyer_name) on invoice to cashgraph_reporting;
grant select (buyer_tax_id) on invoice to cashgraph_reporting;
grant select (buyer_country) on invoice to cashgraph_reporting;
grant select (discount_until) on invoice to cashgraph_reporting;
grant select (discount_offered_minor) on invoice to cashgraph_reporting;
grant select (voided_on) on invoice to cashgraph_reporting;
comment on column invoice.buyer_name is 'As it was called when it was issued, like the other fields of the parties: an issued invoice never changes';

create table invoice_line (
  tenant_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  line_number integer not null,
  description text not null,
  quantity numeric(28,6) not null,
  unit_price numeric(28,6) not null,
  currency text not null,
  net_minor bigint not null,
  tax_category text not null,
  tax_rate numeric(7,4) not null,
  order_line_id uuid,
  fulfilment_id uuid,
  discount_percent numeric(7,4) not null default 0,
  tax_reason text,
  unit text,
  credited_quantity numeric(28,6) not null default 0,
  credited_net_minor bigint not null default 0,
  ordered_quantity numeric(28,6),
  ordered_net_minor bigint,
  ordered_gross_minor bigint
);
alter table invoice_line add constraint invoice_line_credited_within CHECK (((order_line_id IS NULL) OR (((credited_quantity >= LEAST((0)::numeric, quantity)) AND (credited_quantity <= GREATEST((0)::numeric, quantity))) AND ((credited_net_minor >= LEAST((0)::bigint, net_minor)) AND (credited_net_minor <= GREATEST((0)::bigint, net_minor))))));
alter table invoice_line add constraint invoice_line_currency_known CHECK (is_currency(currency));
alter table invoice_line add constraint invoice_line_discount_range CHECK (((discount_percent >= (0)::numeric) AND (discount_percent <= (100)::numeric)));
alter table invoice_line add constraint invoice_line_fulfilment FOREIGN KEY (tenant_id, fulfilment_id) REFERENCES fulfilment(tenant_id, id);
alter table invoice_line add constraint invoice_line_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice(tenant_id, id);
alter table invoice_line add constraint invoice_line_order_line FOREIGN KEY (tenant_id, order_line_id) REFERENCES order_line(tenant_id, id);
alter table invoice_line add constraint invoice_line_pk PRIMARY KEY (tenant_id, id);
alter table invoice_line add constraint invoice_line_rate_range CHECK (((tax_rate >= (0)::numeric) AND (tax_rate <= (100)::numeric)));
alter table invoice_line add constraint invoice_line_unique UNIQUE (tenant_id, invoice_id, line_number);
CREATE INDEX invoice_line_by_order_line ON public.invoice_line USING btree (tenant_id, order_line_id) WHERE (order_line_id IS NOT NULL);
alter table invoice_line enable row level security;
alter table invoice_line force row level security;
create policy of_portal on invoice_line for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on invoice_line for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on invoice_line for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on invoice_line to cashgraph_app; grant select on invoice_line to cashgraph_portal; grant select on invoice_line to cashgraph_read;
grant select (tenant_id) on invoice_line to cashgraph_reporting;
grant select (id) on invoice_line to cashgraph_reporting;
grant select (invoice_id) on invoice_line to cashgraph_reporting;
grant select (legal_entity_id) on invoice_line to cashgraph_reporting;
grant select (account_id) on invoice_line to cashgraph_reporting;
grant select (line_number) on invoice_line to cashgraph_reporting;
grant select (description) on invoice_line to cashgraph_reporting;
grant select (quantity) on invoice_line to cashgraph_reporting;
grant select (unit_price) on invoice_line to cashgraph_reporting;
grant select (currency) on invoice_line to cashgraph_reporting;
grant select (net_minor) on invoice_line to cashgraph_reporting;
grant select (tax_category) on invoice_line to cashgraph_reporting;
grant select (tax_rate) on invoice_line to cashgraph_reporting;
grant select (order_line_id) on invoice_line to cashgraph_reporting;
grant select (fulfilment_id) on invoice_line to cashgraph_reporting;
grant select (discount_percent) on invoice_line to cashgraph_reporting;
grant select (tax_reason) on invoice_line to cashgraph_reporting;
grant select (unit) on invoice_line to cashgraph_reporting;
grant select (credited_quantity) on invoice_line to cashgraph_reporting;
grant select (credited_net_minor) on invoice_line to cashgraph_reporting;
grant select (ordered_quantity) on invoice_line to cashgraph_reporting;
comment on column invoice_line.ordered_quantity is 'Of an observed line: how much of the line of the order it bills; null: its own quantity';
comment on column invoice_line.ordered_net_minor is 'Of an observed line: what that is at the price of the order; null: its own net';
comment on column invoice_line.ordered_gross_minor is 'Of an observed line: the same with tax';

create table invoice_tax (
  tenant_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  tax_category text not null,
  tax_rate numeric(7,4) not null,
  currency text not null,
  taxable_minor bigint not null,
  tax_minor bigint not null
);
alter table invoice_tax add constraint invoice_tax_currency_known CHECK (is_currency(currency));
alter table invoice_tax add constraint invoice_tax_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice(tenant_id, id);
alter table invoice_tax add constraint invoice_tax_pk PRIMARY KEY (tenant_id, id);
alter table invoice_tax add constraint invoice_tax_unique UNIQUE (tenant_id, invoice_id, tax_category, tax_rate);
alter table invoice_tax enable row level security;
alter table invoice_tax force row level security;
create policy of_portal on invoice_tax for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on invoice_tax for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on invoice_tax for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on invoice_tax to cashgraph_app; grant select on invoice_tax to cashgraph_portal; grant select on invoice_tax to cashgraph_read;
grant select (tenant_id) on invoice_tax to cashgraph_reporting;
grant select (id) on invoice_tax to cashgraph_reporting;
grant select (invoice_id) on invoice_tax to cashgraph_reporting;
grant select (legal_entity_id) on invoice_tax to cashgraph_reporting;
grant select (account_id) on invoice_tax to cashgraph_reporting;
grant select (tax_category) on invoice_tax to cashgraph_reporting;
grant select (tax_rate) on invoice_tax to cashgraph_reporting;
grant select (currency) on invoice_tax to cashgraph_reporting;
grant select (taxable_minor) on invoice_tax to cashgraph_reporting;
grant select (tax_minor) on invoice_tax to cashgraph_reporting;

create table job_worker (
  id text not null,
  until timestamp with time zone not null
);
alter table job_worker add constraint job_worker_pk PRIMARY KEY (id);
grant delete, insert, select, update on job_worker to cashgraph_system;
comment on table job_worker is 'Processes that run jobs, and until when each is taken to be alive; the jobs of a dead one are taken over';

create table journal_entry (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  event_type text not null,
  record_kind text not null,
  record_id uuid not null,
  effective_on date not null,
  recorded_at timestamp with time zone not null,
  reverses_id uuid,
  actor_id uuid not null,
  connection_id uuid
);
alter table journal_entry add constraint journal_entry_legal_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table journal_entry add constraint journal_entry_pk PRIMARY KEY (tenant_id, id);
alter table journal_entry add constraint journal_entry_reverses FOREIGN KEY (tenant_id, reverses_id) REFERENCES journal_entry(tenant_id, id);
CREATE INDEX journal_entry_by_day ON public.journal_entry USING btree (tenant_id, legal_entity_id, effective_on);
CREATE INDEX journal_entry_by_record ON public.journal_entry USING btree (tenant_id, record_id);
CREATE INDEX journal_entry_by_reversed ON public.journal_entry USING btree (tenant_id, reverses_id) WHERE (reverses_id IS NOT NULL);
CREATE UNIQUE INDEX journal_entry_reversed_once ON public.journal_entry USING btree (tenant_id, reverses_id) WHERE (connection_id IS NULL);
alter table journal_entry enable row level security;
alter table journal_entry force row level security;
create policy of_reporting on journal_entry for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on journal_entry for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER journal_entry_append_only BEFORE DELETE OR UPDATE ON public.journal_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_entry_not_emptied BEFORE TRUNCATE ON public.journal_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_entry_period_open AFTER INSERT ON public.journal_entry REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_period();
CREATE TRIGGER journal_entry_reversed_once AFTER INSERT ON public.journal_entry REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_second_reversal();
grant insert, select on journal_entry to cashgraph_app; grant select on journal_entry to cashgraph_read;
grant select (tenant_id) on journal_entry to cashgraph_reporting;
grant select (id) on journal_entry to cashgraph_reporting;
grant select (legal_entity_id) on journal_entry to cashgraph_reporting;
grant select (event_type) on journal_entry to cashgraph_reporting;
grant select (record_kind) on journal_entry to cashgraph_reporting;
grant select (record_id) on journal_entry to cashgraph_reporting;
grant select (effective_on) on journal_entry to cashgraph_reporting;
grant select (recorded_at) on journal_entry to cashgraph_reporting;
grant select (reverses_id) on journal_entry to cashgraph_reporting;
grant select (actor_id) on journal_entry to cashgraph_reporting;
grant select (connection_id) on journal_entry to cashgraph_reporting;
comment on column journal_entry.connection_id is 'The connection by which it was observed in an ERP; null: by our own authority';

create table lease (
  name text not null,
  owner text not null,
  token bigint not null,
  until timestamp with time zone not null
);
alter table lease add constraint lease_pk PRIMARY KEY (name);
grant delete, insert, select, update on lease to cashgraph_system;
comment on table lease is 'Who may do a thing that one process at a time may do; a commit under an older token is refused';

create table legal_entity (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  country text not null,
  functional_currency text not null,
  time_zone text not null,
  closed_through date,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  billing_rule text not null default 'ON_SHIPMENT'::text,
  credit_stage text not null default 'ORDER'::text,
  overdue_block_days integer,
  overdue_block_minor bigint,
  overdue_block_currency text,
  write_off_limit_minor bigint,
  discount_reduces_tax boolean not null default false
);
alter table legal_entity add constraint legal_entity_billing_rule_known CHECK ((billing_rule = ANY (ARRAY['ON_ORDER'::text, 'ON_SHIPMENT'::text])));
alter table legal_entity add constraint legal_entity_code_unique UNIQUE (tenant_id, code);
alter table legal_entity add constraint legal_entity_country_form CHECK ((country ~ '^[A-Z]{2}$'::text));
alter table legal_entity add constraint legal_entity_credit_stage_known CHECK ((credit_stage = ANY (ARRAY['ORDER'::text, 'RELEASE'::text, 'DELIVERY'::text])));
alter table legal_entity add constraint legal_entity_functional_currency_known CHECK (is_currency(functional_currency));
alter table legal_entity add constraint legal_entity_overdue_block_currency_known CHECK (is_currency(overdue_block_currency));
alter table legal_entity add constraint legal_entity_overdue_block_days_range CHECK (((overdue_block_days >= 0) AND (overdue_block_days <= 3650)));
alter table legal_entity add constraint legal_entity_overdue_block_positive CHECK ((overdue_block_minor >= 0));
alter table legal_entity add constraint legal_entity_overdue_block_whole CHECK ((num_nulls(overdue_block_days, overdue_block_minor, overdue_block_currency) = ANY (ARRAY[0, 3])));
alter table legal_entity add constraint legal_entity_pk PRIMARY KEY (tenant_id, id);
alter table legal_entity add constraint legal_entity_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table legal_entity add constraint legal_entity_write_off_limit_positive CHECK ((write_off_limit_minor >= 0));
alter table legal_entity enable row level security;
alter table legal_entity force row level security;
create policy of_portal on legal_entity for select to cashgraph_portal using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));
create policy of_reporting on legal_entity for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on legal_entity for all to cashgraph_system using (true) with check (true);
create policy of_tenant on legal_entity for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on legal_entity to cashgraph_app; grant select on legal_entity to cashgraph_read; grant select on legal_entity to cashgraph_system;
grant select (tenant_id) on legal_entity to cashgraph_portal; grant select (tenant_id) on legal_entity to cashgraph_reporting;
grant select (id) on legal_entity to cashgraph_portal; grant select (id) on legal_entity to cashgraph_reporting;
grant select (code) on legal_entity to cashgraph_portal; grant select (code) on legal_entity to cashgraph_reporting;
grant select (name) on legal_entity to cashgraph_portal; grant select (name) on legal_entity to cashgraph_reporting;
grant select (country) on legal_entity to cashgraph_portal; grant select (country) on legal_entity to cashgraph_reporting;
grant select (functional_currency) on legal_entity to cashgraph_portal; grant select (functional_currency) on legal_entity to cashgraph_reporting;
grant select (time_zone) on legal_entity to cashgraph_portal; grant select (time_zone) on legal_entity to cashgraph_reporting;
grant select (closed_through) on legal_entity to cashgraph_portal; grant select (closed_through) on legal_entity to cashgraph_reporting;
grant select (version) on legal_entity to cashgraph_portal; grant select (version) on legal_entity to cashgraph_reporting;
grant select (created_at) on legal_entity to cashgraph_portal; grant select (created_at) on legal_entity to cashgraph_reporting;
grant select (billing_rule) on legal_entity to cashgraph_portal; grant select (billing_rule) on legal_entity to cashgraph_reporting;
grant select (credit_stage) on legal_entity to cashgraph_portal; grant select (credit_stage) on legal_entity to cashgraph_reporting;
grant select (discount_reduces_tax) on legal_entity to cashgraph_portal; grant select (discount_reduces_tax) on legal_entity to cashgraph_reporting;
comment on column legal_entity.closed_through is 'The last day of the books that is closed: nothing of ours posts on or before it';
comment on column legal_entity.overdue_block_currency is 'The currency of the group';
comment on column legal_entity.write_off_limit_minor is 'In functional currency: more than that needs a second person; null: nothing does';

create table logistics_provider (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  base_url text not null,
  sealed_secret text not null,
  secret_hint text not null,
  previous_sealed_secret text,
  previous_secret_until timestamp with time zone,
  is_active boolean not null default true,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table logistics_provider add constraint logistics_provider_code_unique UNIQUE (tenant_id, code);
alter table logistics_provider add constraint logistics_provider_pk PRIMARY KEY (tenant_id, id);
alter table logistics_provider add constraint logistics_provider_previous_whole CHECK (((previous_sealed_secret IS NULL) = (previous_secret_until IS NULL)));
alter table logistics_provider add constraint logistics_provider_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table logistics_provider enable row level security;
alter table logistics_provider force row level security;
create policy of_system on logistics_provider for select to cashgraph_system using (true);
create policy of_tenant on logistics_provider for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on logistics_provider to cashgraph_app; grant select on logistics_provider to cashgraph_system;
grant select (tenant_id) on logistics_provider to cashgraph_read;
grant select (id) on logistics_provider to cashgraph_read;
grant select (code) on logistics_provider to cashgraph_read;
grant select (name) on logistics_provider to cashgraph_read;
grant select (base_url) on logistics_provider to cashgraph_read;
grant select (secret_hint) on logistics_provider to cashgraph_read;
grant select (previous_secret_until) on logistics_provider to cashgraph_read;
grant select (is_active) on logistics_provider to cashgraph_read;
grant select (version) on logistics_provider to cashgraph_read;
grant select (created_at) on logistics_provider to cashgraph_read;
comment on column logistics_provider.sealed_secret is 'AES-256-GCM; its additional data are tenant, record and field, so that it opens in this row only';
comment on column logistics_provider.previous_sealed_secret is 'The secret before the last change: it holds beside the new one until previous_secret_until';

create table migration (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now()
);
alter table migration add constraint migration_pkey PRIMARY KEY (name);
grant select on migration to cashgraph_read;

create table number_series (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  kind text not null,
  prefix text not null,
  next_number bigint not null default 1,
  last_on date
);
alter table number_series add constraint number_series_kind_known CHECK ((kind = ANY (ARRAY['INVOICE'::text, 'CREDIT_NOTE'::text, 'PAYMENT'::text, 'ORDER'::text, 'FULFILMENT'::text])));
alter table number_series add constraint number_series_kind_unique UNIQUE (tenant_id, legal_entity_id, kind);
alter table number_series add constraint number_series_legal_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table number_series add constraint number_series_pk PRIMARY KEY (tenant_id, id);
alter table number_series add constraint number_series_positive CHECK ((next_number > 0));
alter table number_series enable row level security;
alter table number_series force row level security;
create policy of_tenant on number_series for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on number_series to cashgraph_app; grant select on number_series to cashgraph_read;
comment on column number_series.last_on is 'The newest document date drawn so far: dates don''t fall as numbers rise. Null where the series doesn''t demand it';

create table open_item (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  kind text not null,
  document_kind text not null,
  document_id uuid not null,
  document_number text not null,
  instalment integer not null default 1,
  due_on date not null,
  effective_on date not null,
  recorded_at timestamp with time zone not null,
  currency text not null,
  original_minor bigint not null,
  open_minor bigint not null,
  cash_minor bigint not null default 0,
  credit_minor bigint not null default 0,
  discount_minor bigint not null default 0,
  write_off_minor bigint not null default 0,
  returned_minor bigint not null default 0,
  base_currency text not null,
  base_original_minor bigint not null,
  base_open_minor bigint not null,
  settled_on date,
  version integer not null default 1,
  group_currency text not null,
  group_rate numeric(28,12) not null,
  group_open_minor bigint not null,
  discount_until date,
  discount_offered_minor bigint not null default 0,
  voided_minor bigint not null default 0,
  revision integer not null default 1
);
alter table open_item add constraint open_item_account FOREIGN KEY (tenant_id, account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table open_item add constraint open_item_base_currency_known CHECK (is_currency(base_currency));
alter table open_item add constraint open_item_base_within CHECK (((open_minor <> 0) OR (base_open_minor = 0)));
alter table open_item add constraint open_item_currency_known CHECK (is_currency(currency));
alter table open_item add constraint open_item_document_unique UNIQUE (tenant_id, document_id, revision, instalment);
alter table open_item add constraint open_item_group_currency_known CHECK (is_currency(group_currency));
alter table open_item add constraint open_item_kind_known CHECK ((kind = ANY (ARRAY['INVOICE'::text, 'CREDIT_NOTE'::text, 'PAYMENT'::text, 'DEBIT'::text, 'OPENING'::text])));
alter table open_item add constraint open_item_pk PRIMARY KEY (tenant_id, id);
alter table open_item add constraint open_item_settled CHECK (((settled_on IS NOT NULL) = (open_minor = 0)));
alter table open_item add constraint open_item_sum CHECK ((open_minor = ((((((original_minor - cash_minor) - credit_minor) - discount_minor) - write_off_minor) - returned_minor) - voided_minor)));
alter table open_item add constraint open_item_voided_whole CHECK (((voided_minor = 0) OR (voided_minor = original_minor)));
alter table open_item add constraint open_item_within CHECK (((open_minor >= LEAST((0)::bigint, original_minor)) AND (open_minor <= GREATEST((0)::bigint, original_minor))));
CREATE INDEX open_item_by_account ON public.open_item USING btree (tenant_id, account_id, due_on, id);
CREATE INDEX open_item_by_due ON public.open_item USING btree (tenant_id, due_on, id);
CREATE INDEX open_item_open ON public.open_item USING btree (tenant_id, legal_entity_id, due_on, id) WHERE (settled_on IS NULL);
alter table open_item enable row level security;
alter table open_item force row level security;
create policy of_portal on open_item for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on open_item for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on open_item for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER open_item_noted AFTER UPDATE ON public.open_item REFERENCING OLD TABLE AS old_items NEW TABLE AS new_items FOR EACH STATEMENT EXECUTE FUNCTION note_items();
CREATE TRIGGER open_item_noted_new AFTER INSERT ON public.open_item REFERENCING NEW TABLE AS new_items FOR EACH STATEMENT EXECUTE FUNCTION note_items();
grant insert, select, update on open_item to cashgraph_app; grant select on open_item to cashgraph_portal; grant select on open_item to cashgraph_read;
grant select (tenant_id) on open_item to cashgraph_reporting;
grant select (id) on open_item to cashgraph_reporting;
grant select (legal_entity_id) on open_item to cashgraph_reporting;
grant select (account_id) on open_item to cashgraph_reporting;
grant select (kind) on open_item to cashgraph_reporting;
grant select (document_kind) on open_item to cashgraph_reporting;
grant select (document_id) on open_item to cashgraph_reporting;
grant select (document_number) on open_item to cashgraph_reporting;
grant select (instalment) on open_item to cashgraph_reporting;
grant select (due_on) on open_item to cashgraph_reporting;
grant select (effective_on) on open_item to cashgraph_reporting;
grant select (recorded_at) on open_item to cashgraph_reporting;
grant select (currency) on open_item to cashgraph_reporting;
grant select (original_minor) on open_item to cashgraph_reporting;
grant select (open_minor) on open_item to cashgraph_reporting;
grant select (cash_minor) on open_item to cashgraph_reporting;
grant select (credit_minor) on open_item to cashgraph_reporting;
grant select (discount_minor) on open_item to cashgraph_reporting;
grant select (write_off_minor) on open_item to cashgraph_reporting;
grant select (returned_minor) on open_item to cashgraph_reporting;
grant select (base_currency) on open_item to cashgraph_reporting;
grant select (base_original_minor) on open_item to cashgraph_reporting;
grant select (base_open_minor) on open_item to cashgraph_reporting;
grant select (settled_on) on open_item to cashgraph_reporting;
grant select (group_currency) on open_item to cashgraph_reporting;
grant select (group_rate) on open_item to cashgraph_reporting;
grant select (group_open_minor) on open_item to cashgraph_reporting;
grant select (discount_until) on open_item to cashgraph_reporting;
grant select (discount_offered_minor) on open_item to cashgraph_reporting;
grant select (voided_minor) on open_item to cashgraph_reporting;
grant select (revision) on open_item to cashgraph_reporting;
comment on table open_item is 'The unit of receivables: positive is owed to us, negative is owed by us; open = original less what its allocations took';
comment on column open_item.voided_minor is 'All of it, once the ERP took its document back or changed what it comes to';
comment on column open_item.revision is 'Counts how often what its document comes to was changed in the ERP, from 1';

create table order_line (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  line_number integer not null,
  product_id uuid,
  sku text,
  description text not null,
  is_shipped boolean not null,
  unit text not null,
  quantity numeric(28,6) not null,
  cancelled_quantity numeric(28,6) not null default 0,
  planned_quantity numeric(28,6) not null default 0,
  released_quantity numeric(28,6) not null default 0,
  shipped_quantity numeric(28,6) not null default 0,
  returned_quantity numeric(28,6) not null default 0,
  billed_quantity numeric(28,6) not null default 0,
  credited_quantity numeric(28,6) not null default 0,
  unit_price numeric(28,6) not null,
  discount_percent numeric(7,4) not null default 0,
  price_rule text not null,
  currency text not null,
  net_minor bigint not null,
  billed_net_minor bigint not null default 0,
  tax_category text not null,
  tax_rate numeric(7,4) not null,
  tax_reason text,
  group_currency text not null,
  group_unbilled_minor bigint not null default 0,
  group_delivered_minor bigint not null default 0,
  version integer not null default 1,
  external_id text,
  is_closed boolean not null default false
);
alter table order_line add constraint order_line_billed_net_within CHECK ((((billed_net_minor >= 0) AND (billed_net_minor <= net_minor)) OR (price_rule = 'observed'::text)));
alter table order_line add constraint order_line_billed_within CHECK ((((billed_quantity >= (0)::numeric) AND (billed_quantity <= (quantity - cancelled_quantity))) OR (price_rule = 'observed'::text)));
alter table order_line add constraint order_line_cancelled_within CHECK ((((cancelled_quantity >= (0)::numeric) AND (cancelled_quantity <= quantity)) OR ((price_rule = 'observed'::text) AND ((cancelled_quantity = (0)::numeric) OR (cancelled_quantity = quantity)))));
alter table order_line add constraint order_line_closed_there CHECK (((NOT is_closed) OR (price_rule = 'observed'::text)));
alter table order_line add constraint order_line_credited_within CHECK ((((credited_quantity >= (0)::numeric) AND (credited_quantity <= billed_quantity)) OR (price_rule = 'observed'::text)));
alter table order_line add constraint order_line_currency_known CHECK (is_currency(currency));
alter table order_line add constraint order_line_discount_range CHECK (((discount_percent >= (0)::numeric) AND (discount_percent <= (100)::numeric)));
alter table order_line add constraint order_line_group_currency_known CHECK (is_currency(group_currency));
alter table order_line add constraint order_line_order FOREIGN KEY (tenant_id, order_id, account_id) REFERENCES sales_order(tenant_id, id, account_id);
alter table order_line add constraint order_line_pk PRIMARY KEY (tenant_id, id);
alter table order_line add constraint order_line_planned_within CHECK (((released_quantity >= (0)::numeric) AND (planned_quantity >= released_quantity)));
alter table order_line add constraint order_line_price_positive CHECK (((unit_price >= (0)::numeric) OR (price_rule = 'observed'::text)));
alter table order_line add constraint order_line_product FOREIGN KEY (tenant_id, product_id) REFERENCES product(tenant_id, id);
alter table order_line add constraint order_line_quantity_positive CHECK (((quantity > (0)::numeric) OR (price_rule = 'observed'::text)));
alter table order_line add constraint order_line_rate_range CHECK (((tax_rate >= (0)::numeric) AND (tax_rate <= (100)::numeric)));
alter table order_line add constraint order_line_returned_within CHECK (((returned_quantity >= (0)::numeric) AND (returned_quantity <= shipped_quantity)));
alter table order_line add constraint order_line_shipped_within CHECK (((shipped_quantity >= (0)::numeric) AND (shipped_quantity <= released_quantity)));
alter table order_line add constraint order_line_unique UNIQUE (tenant_id, order_id, line_number);
CREATE INDEX order_line_by_account ON public.order_line USING btree (tenant_id, account_id) WHERE (group_unbilled_minor > 0);
CREATE INDEX order_line_by_product ON public.order_line USING btree (tenant_id, product_id) WHERE (product_id IS NOT NULL);
alter table order_line enable row level security;
alter table order_line force row level security;
create policy of_portal on order_line for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on order_line for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on order_line for select to cashgraph_system using (true);
create policy of_tenant on order_line for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on order_line to cashgraph_app; grant select on order_line to cashgraph_portal; grant select on order_line to cashgraph_read; grant select on order_line to cashgraph_system;
grant select (tenant_id) on order_line to cashgraph_reporting;
grant select (id) on order_line to cashgraph_reporting;
grant select (order_id) on order_line to cashgraph_reporting;
grant select (legal_entity_id) on order_line to cashgraph_reporting;
grant select (account_id) on order_line to cashgraph_reporting;
grant select (line_number) on order_line to cashgraph_reporting;
grant select (product_id) on order_line to cashgraph_reporting;
grant select (sku) on order_line to cashgraph_reporting;
grant select (description) on order_line to cashgraph_reporting;
grant select (is_shipped) on order_line to cashgraph_reporting;
grant select (unit) on order_line to cashgraph_reporting;
grant select (quantity) on order_line to cashgraph_reporting;
grant select (cancelled_quantity) on order_line to cashgraph_reporting;
grant select (planned_quantity) on order_line to cashgraph_reporting;
grant select (released_quantity) on order_line to cashgraph_reporting;
grant select (shipped_quantity) on order_line to cashgraph_reporting;
grant select (returned_quantity) on order_line to cashgraph_reporting;
grant select (billed_quantity) on order_line to cashgraph_reporting;
grant select (credited_quantity) on order_line to cashgraph_reporting;
grant select (unit_price) on order_line to cashgraph_reporting;
grant select (discount_percent) on order_line to cashgraph_reporting;
grant select (price_rule) on order_line to cashgraph_reporting;
grant select (currency) on order_line to cashgraph_reporting;
grant select (net_minor) on order_line to cashgraph_reporting;
grant select (billed_net_minor) on order_line to cashgraph_reporting;
grant select (tax_category) on order_line to cashgraph_reporting;
grant select (tax_rate) on order_line to cashgraph_reporting;
grant select (tax_reason) on order_line to cashgraph_reporting;
grant select (group_currency) on order_line to cashgraph_reporting;
grant select (group_unbilled_minor) on order_line to cashgraph_reporting;
grant select (is_closed) on order_line to cashgraph_reporting;
comment on column order_line.planned_quantity is 'In fulfilments that are not cancelled; of which released_quantity is released, of which shipped_quantity is shipped';
comment on column order_line.external_id is 'The id that an ERP gives the line: of an order that it made, or of one placed here that it was told of';
comment on column order_line.is_closed is 'The ERP that made the order delivers and bills no more of it: the rest of it is cancelled';

create table payment (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  origin text not null,
  lifecycle text not null,
  status text not null,
  number text not null,
  method text not null,
  reference text,
  bank_account text,
  currency text not null,
  amount_minor bigint not null,
  open_minor bigint not null default 0,
  base_currency text not null,
  base_amount_minor bigint,
  rate numeric(28,12),
  group_rate numeric(28,12),
  received_on date,
  returned_on date,
  return_reason text,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  invoice_id uuid,
  voided_on date
);
alter table payment add constraint payment_account FOREIGN KEY (tenant_id, account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table payment add constraint payment_amount_positive CHECK (((amount_minor > 0) OR ((amount_minor = 0) AND (origin = 'OBSERVED'::text))));
alter table payment add constraint payment_base_currency_known CHECK (is_currency(base_currency));
alter table payment add constraint payment_currency_known CHECK (is_currency(currency));
alter table payment add constraint payment_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice(tenant_id, id);
alter table payment add constraint payment_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['PENDING'::text, 'RECEIVED'::text, 'FAILED'::text, 'CANCELLED'::text, 'RETURNED'::text, 'VOIDED'::text])));
alter table payment add constraint payment_method_known CHECK ((method = ANY (ARRAY['BANK_TRANSFER'::text, 'DIRECT_DEBIT'::text, 'CARD'::text, 'CHEQUE'::text, 'CASH'::text, 'OTHER'::text])));
alter table payment add constraint payment_open_within CHECK (((open_minor >= 0) AND (open_minor <= amount_minor)));
alter table payment add constraint payment_origin_known CHECK ((origin = ANY (ARRAY['RECORDED'::text, 'IMPORTED'::text, 'OBSERVED'::text])));
alter table payment add constraint payment_pk PRIMARY KEY (tenant_id, id);
alter table payment add constraint payment_received CHECK (((lifecycle = ANY (ARRAY['RECEIVED'::text, 'RETURNED'::text, 'VOIDED'::text])) = (received_on IS NOT NULL)));
alter table payment add constraint payment_returned CHECK (((lifecycle = 'RETURNED'::text) = (returned_on IS NOT NULL)));
alter table payment add constraint payment_status_known CHECK ((status = ANY (ARRAY['PENDING'::text, 'UNAPPLIED'::text, 'PARTIALLY_APPLIED'::text, 'APPLIED'::text, 'FAILED'::text, 'CANCELLED'::text, 'RETURNED'::text, 'VOIDED'::text])));
alter table payment add constraint payment_voided_later CHECK (((voided_on IS NULL) OR ((lifecycle = 'VOIDED'::text) AND (voided_on > received_on))));
CREATE INDEX payment_by_account ON public.payment USING btree (tenant_id, account_id, received_on, id);
CREATE INDEX payment_by_created ON public.payment USING btree (tenant_id, created_at, id);
CREATE INDEX payment_by_number ON public.payment USING btree (tenant_id, number, id);
CREATE INDEX payment_by_reference ON public.payment USING btree (tenant_id, reference) WHERE (reference IS NOT NULL);
CREATE INDEX payment_by_status ON public.payment USING btree (tenant_id, status, received_on, id);
CREATE UNIQUE INDEX payment_number_unique ON public.payment USING btree (tenant_id, legal_entity_id, number) WHERE (origin <> 'OBSERVED'::text);
CREATE UNIQUE INDEX payment_of_invoice ON public.payment USING btree (tenant_id, invoice_id) WHERE (invoice_id IS NOT NULL);
alter table payment enable row level security;
alter table payment force row level security;
create policy of_portal on payment for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on payment for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on payment for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on payment to cashgraph_app; grant select on payment to cashgraph_portal; grant select on payment to cashgraph_read;
grant select (tenant_id) on payment to cashgraph_reporting;
grant select (id) on payment to cashgraph_reporting;
grant select (legal_entity_id) on payment to cashgraph_reporting;
grant select (account_id) on payment to cashgraph_reporting;
grant select (origin) on payment to cashgraph_reporting;
grant select (lifecycle) on payment to cashgraph_reporting;
grant select (status) on payment to cashgraph_reporting;
grant select (number) on payment to cashgraph_reporting;
grant select (method) on payment to cashgraph_reporting;
grant select (reference) on payment to cashgraph_reporting;
grant select (bank_account) on payment to cashgraph_reporting;
grant select (currency) on payment to cashgraph_reporting;
grant select (amount_minor) on payment to cashgraph_reporting;
grant select (open_minor) on payment to cashgraph_reporting;
grant select (base_currency) on payment to cashgraph_reporting;
grant select (base_amount_minor) on payment to cashgraph_reporting;
grant select (rate) on payment to cashgraph_reporting;
grant select (group_rate) on payment to cashgraph_reporting;
grant select (received_on) on payment to cashgraph_reporting;
grant select (returned_on) on payment to cashgraph_reporting;
grant select (return_reason) on payment to cashgraph_reporting;
grant select (version) on payment to cashgraph_reporting;
grant select (created_at) on payment to cashgraph_reporting;
grant select (invoice_id) on payment to cashgraph_reporting;
grant select (voided_on) on payment to cashgraph_reporting;
comment on column payment.invoice_id is 'Of a cash sale: the invoice that it paid as it was made';

create table payment_application (
  tenant_id uuid not null,
  id uuid not null,
  payment_id uuid not null,
  legal_entity_id uuid not null,
  place integer not null,
  document_kind text not null,
  document_id uuid not null,
  amount_minor bigint not null,
  discount_minor bigint not null,
  missing_minor bigint not null,
  applied_on date
);
alter table payment_application add constraint payment_application_kind_known CHECK ((document_kind = ANY (ARRAY['Invoice'::text, 'CreditNote'::text])));
alter table payment_application add constraint payment_application_missing_positive CHECK ((missing_minor >= 0));
alter table payment_application add constraint payment_application_once UNIQUE (tenant_id, payment_id, document_id);
alter table payment_application add constraint payment_application_payment FOREIGN KEY (tenant_id, payment_id) REFERENCES payment(tenant_id, id);
alter table payment_application add constraint payment_application_pk PRIMARY KEY (tenant_id, id);
CREATE INDEX payment_application_missing ON public.payment_application USING btree (tenant_id, document_id) WHERE (missing_minor > 0);
alter table payment_application enable row level security;
alter table payment_application force row level security;
create policy of_tenant on payment_application for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on payment_application to cashgraph_app; grant select on payment_application to cashgraph_read;
comment on table payment_application is 'What an ERP sets a payment against: a document that it names twice is one row';
comment on column payment_application.missing_minor is 'How much of it our books could not follow, since the document or the payment has not that much open';
comment on column payment_application.applied_on is 'The day on which the ERP set it against the document; null: the first on which both were there';

create table payment_terms (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  net_days integer not null,
  is_end_of_month boolean not null default false,
  discount_days integer,
  discount_percent numeric(7,4),
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table payment_terms add constraint payment_terms_code_unique UNIQUE (tenant_id, code);
alter table payment_terms add constraint payment_terms_discount_days_range CHECK (((discount_days >= 0) AND (discount_days <= 3650)));
alter table payment_terms add constraint payment_terms_discount_first CHECK (((discount_days IS NULL) OR (discount_days <= net_days)));
alter table payment_terms add constraint payment_terms_discount_percent_range CHECK (((discount_percent > (0)::numeric) AND (discount_percent < (100)::numeric)));
alter table payment_terms add constraint payment_terms_discount_whole CHECK (((discount_days IS NULL) = (discount_percent IS NULL)));
alter table payment_terms add constraint payment_terms_net_days_range CHECK (((net_days >= 0) AND (net_days <= 3650)));
alter table payment_terms add constraint payment_terms_pk PRIMARY KEY (tenant_id, id);
alter table payment_terms add constraint payment_terms_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table payment_terms enable row level security;
alter table payment_terms force row level security;
create policy of_portal on payment_terms for select to cashgraph_portal using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));
create policy of_reporting on payment_terms for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on payment_terms for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on payment_terms to cashgraph_app; grant select on payment_terms to cashgraph_portal; grant select on payment_terms to cashgraph_read;
grant select (tenant_id) on payment_terms to cashgraph_reporting;
grant select (id) on payment_terms to cashgraph_reporting;
grant select (code) on payment_terms to cashgraph_reporting;
grant select (name) on payment_terms to cashgraph_reporting;
grant select (net_days) on payment_terms to cashgraph_reporting;
grant select (is_end_of_month) on payment_terms to cashgraph_reporting;
grant select (discount_days) on payment_terms to cashgraph_reporting;
grant select (discount_percent) on payment_terms to cashgraph_reporting;
grant select (version) on payment_terms to cashgraph_reporting;
grant select (created_at) on payment_terms to cashgraph_reporting;

create table payment_terms_instalment (
  tenant_id uuid not null,
  id uuid not null,
  payment_terms_id uuid not null,
  instalment integer not null,
  percent numeric(7,4) not null,
  net_days integer not null
);
alter table payment_terms_instalment add constraint payment_terms_instalment_days CHECK (((net_days >= 0) AND (net_days <= 3650)));
alter table payment_terms_instalment add constraint payment_terms_instalment_number CHECK (((instalment >= 1) AND (instalment <= 60)));
alter table payment_terms_instalment add constraint payment_terms_instalment_percent CHECK (((percent > (0)::numeric) AND (percent < (100)::numeric)));
alter table payment_terms_instalment add constraint payment_terms_instalment_pk PRIMARY KEY (tenant_id, id);
alter table payment_terms_instalment add constraint payment_terms_instalment_terms FOREIGN KEY (tenant_id, payment_terms_id) REFERENCES payment_terms(tenant_id, id);
alter table payment_terms_instalment add constraint payment_terms_instalment_unique UNIQUE (tenant_id, payment_terms_id, instalment);
alter table payment_terms_instalment enable row level security;
alter table payment_terms_instalment force row level security;
create policy of_portal on payment_terms_instalment for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND true));
create policy of_tenant on payment_terms_instalment for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select on payment_terms_instalment to cashgraph_app; grant select on payment_terms_instalment to cashgraph_portal; grant select on payment_terms_instalment to cashgraph_read;
comment on table payment_terms_instalment is 'The parts of terms with instalments; they add up to 100 percent. Terms without rows have one part';

create table price_list (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  currency text not null,
  is_default boolean not null default false,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table price_list add constraint price_list_code_unique UNIQUE (tenant_id, code);
alter table price_list add constraint price_list_currency_known CHECK (is_currency(currency));
alter table price_list add constraint price_list_pk PRIMARY KEY (tenant_id, id);
alter table price_list add constraint price_list_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
CREATE UNIQUE INDEX price_list_one_default ON public.price_list USING btree (tenant_id, currency) WHERE is_default;
alter table price_list enable row level security;
alter table price_list force row level security;
create policy of_tenant on price_list for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on price_list to cashgraph_app; grant select on price_list to cashgraph_read;

create table price_list_item (
  tenant_id uuid not null,
  id uuid not null,
  price_list_id uuid not null,
  product_id uuid not null,
  min_quantity numeric(28,6) not null default 0,
  unit_price numeric(28,6) not null,
  valid_from date not null,
  valid_to date,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table price_list_item add constraint price_list_item_days CHECK ((valid_to >= valid_from));
alter table price_list_item add constraint price_list_item_list FOREIGN KEY (tenant_id, price_list_id) REFERENCES price_list(tenant_id, id);
alter table price_list_item add constraint price_list_item_pk PRIMARY KEY (tenant_id, id);
alter table price_list_item add constraint price_list_item_price CHECK ((unit_price >= (0)::numeric));
alter table price_list_item add constraint price_list_item_product FOREIGN KEY (tenant_id, product_id) REFERENCES product(tenant_id, id);
alter table price_list_item add constraint price_list_item_quantity CHECK ((min_quantity >= (0)::numeric));
alter table price_list_item add constraint price_list_item_unique UNIQUE (tenant_id, price_list_id, product_id, min_quantity, valid_from);
CREATE INDEX price_list_item_by_product ON public.price_list_item USING btree (tenant_id, product_id);
alter table price_list_item enable row level security;
alter table price_list_item force row level security;
create policy of_tenant on price_list_item for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on price_list_item to cashgraph_app; grant select on price_list_item to cashgraph_read;

create table product (
  tenant_id uuid not null,
  id uuid not null,
  sku text not null,
  name text not null,
  search_name text collate "C" not null,
  kind text not null default 'GOODS'::text,
  unit text not null,
  tax_class text not null,
  hs_code text,
  origin_country text,
  weight_kg numeric(14,6),
  is_active boolean not null default true,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table product add constraint product_hs_code_form CHECK ((hs_code ~ '^[0-9]{6,10}$'::text));
alter table product add constraint product_kind_known CHECK ((kind = ANY (ARRAY['GOODS'::text, 'SERVICE'::text])));
alter table product add constraint product_origin_form CHECK ((origin_country ~ '^[A-Z]{2}$'::text));
alter table product add constraint product_pk PRIMARY KEY (tenant_id, id);
alter table product add constraint product_sku_unique UNIQUE (tenant_id, sku);
alter table product add constraint product_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table product add constraint product_unit_form CHECK ((unit ~ '^[A-Z0-9]{2,3}$'::text));
alter table product add constraint product_weight_positive CHECK ((weight_kg > (0)::numeric));
CREATE INDEX product_by_created ON public.product USING btree (tenant_id, created_at, id);
CREATE INDEX product_by_name ON public.product USING btree (tenant_id, search_name, id);
alter table product enable row level security;
alter table product force row level security;
create policy of_portal on product for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND true));
create policy of_reporting on product for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on product for select to cashgraph_system using (true);
create policy of_tenant on product for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on product to cashgraph_app; grant select on product to cashgraph_portal; grant select on product to cashgraph_read;
grant select (tenant_id) on product to cashgraph_reporting; grant select (tenant_id) on product to cashgraph_system;
grant select (id) on product to cashgraph_reporting; grant select (id) on product to cashgraph_system;
grant select (sku) on product to cashgraph_reporting;
grant select (name) on product to cashgraph_reporting;
grant select (kind) on product to cashgraph_reporting;
grant select (unit) on product to cashgraph_reporting;
grant select (tax_class) on product to cashgraph_reporting;
grant select (hs_code) on product to cashgraph_reporting; grant select (hs_code) on product to cashgraph_system;
grant select (origin_country) on product to cashgraph_reporting; grant select (origin_country) on product to cashgraph_system;
grant select (weight_kg) on product to cashgraph_reporting; grant select (weight_kg) on product to cashgraph_system;
grant select (is_active) on product to cashgraph_reporting;
grant select (version) on product to cashgraph_reporting;
grant select (created_at) on product to cashgraph_reporting;
comment on column product.unit is 'UN/ECE Recommendation 20 code, for example C62 (one), KGM, HUR';

create table rate_budget (
  key text not null,
  tokens double precision not null,
  refilled_at timestamp with time zone not null,
  blocked_until timestamp with time zone,
  under_way timestamp with time zone[] not null default '{}'::timestamp with time zone[]
);
alter table rate_budget add constraint rate_budget_pk PRIMARY KEY (key);
grant delete, insert, select, update on rate_budget to cashgraph_system;
comment on table rate_budget is 'How many requests may still go to an ERP: a token bucket by the database''s clock';
comment on column rate_budget.under_way is 'One place for each request under way, until which it counts as such: a dead process frees its places by time';

create table reporting_login (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  purpose text not null,
  dropped_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table reporting_login add constraint reporting_login_name_form CHECK ((name ~ '^[a-z][a-z0-9_]{0,62}$'::text));
alter table reporting_login add constraint reporting_login_name_unique UNIQUE (name);
alter table reporting_login add constraint reporting_login_pk PRIMARY KEY (tenant_id, id);
alter table reporting_login add constraint reporting_login_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table reporting_login enable row level security;
alter table reporting_login force row level security;
create policy of_reporting on reporting_login for select to cashgraph_reporting using (((name = (CURRENT_USER)::text) AND (dropped_at IS NULL)));
create policy of_tenant on reporting_login for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on reporting_login to cashgraph_app; grant select on reporting_login to cashgraph_read;
grant select (tenant_id) on reporting_login to cashgraph_reporting;
grant select (name) on reporting_login to cashgraph_reporting;
grant select (dropped_at) on reporting_login to cashgraph_reporting;
comment on table reporting_login is 'Which tenant a login of the database sees. The name is the login''s and says nothing of the tenant: every login can list them all';
comment on column reporting_login.dropped_at is 'From then on it sees nothing, whether or not the login itself is gone';

create table sales_order (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  lifecycle text not null,
  fulfilment_status text not null default 'NONE'::text,
  billing_status text not null default 'NONE'::text,
  return_status text not null default 'NONE'::text,
  open_hold_count integer not null default 0,
  number text not null,
  customer_reference text,
  reference_key text collate "C",
  ordered_on date not null,
  requested_on date,
  ship_to_name text,
  ship_to_address text,
  ship_to_country text,
  ship_to_region text,
  payment_terms_id uuid,
  billing_rule text not null,
  credit_stage text not null,
  currency text not null,
  base_currency text not null,
  group_currency text not null,
  rate numeric(28,12) not null,
  group_rate numeric(28,12) not null,
  net_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  billed_minor bigint not null default 0,
  credited_minor bigint not null default 0,
  unbilled_minor bigint not null,
  released_version integer,
  released_minor bigint,
  placed_by_id uuid not null,
  last_editor_id uuid not null,
  content_version integer not null default 1,
  confirmed_at timestamp with time zone,
  closed_at timestamp with time zone,
  close_reason text,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  origin text not null default 'PLACED'::text
);
alter table sales_order add constraint sales_order_account FOREIGN KEY (tenant_id, account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table sales_order add constraint sales_order_base_currency_known CHECK (is_currency(base_currency));
alter table sales_order add constraint sales_order_billing_known CHECK ((billing_status = ANY (ARRAY['NONE'::text, 'PARTIAL'::text, 'FULL'::text])));
alter table sales_order add constraint sales_order_billing_rule_known CHECK ((billing_rule = ANY (ARRAY['ON_ORDER'::text, 'ON_SHIPMENT'::text])));
alter table sales_order add constraint sales_order_credit_stage_known CHECK ((credit_stage = ANY (ARRAY['ORDER'::text, 'RELEASE'::text, 'DELIVERY'::text])));
alter table sales_order add constraint sales_order_currency_known CHECK (is_currency(currency));
alter table sales_order add constraint sales_order_editor FOREIGN KEY (tenant_id, last_editor_id) REFERENCES actor(tenant_id, id);
alter table sales_order add constraint sales_order_fulfilment_known CHECK ((fulfilment_status = ANY (ARRAY['NONE'::text, 'PARTIAL'::text, 'FULL'::text])));
alter table sales_order add constraint sales_order_group_currency_known CHECK (is_currency(group_currency));
alter table sales_order add constraint sales_order_holds_positive CHECK ((open_hold_count >= 0));
alter table sales_order add constraint sales_order_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['DRAFT'::text, 'SUBMITTED'::text, 'CONFIRMED'::text, 'COMPLETED'::text, 'CLOSED_SHORT'::text, 'CANCELLED'::text])));
alter table sales_order add constraint sales_order_origin_known CHECK ((origin = ANY (ARRAY['PLACED'::text, 'OBSERVED'::text])));
alter table sales_order add constraint sales_order_pk PRIMARY KEY (tenant_id, id);
alter table sales_order add constraint sales_order_placer FOREIGN KEY (tenant_id, placed_by_id) REFERENCES actor(tenant_id, id);
alter table sales_order add constraint sales_order_return_known CHECK ((return_status = ANY (ARRAY['NONE'::text, 'PARTIAL'::text, 'FULL'::text])));
alter table sales_order add constraint sales_order_ship_to_form CHECK ((ship_to_country ~ '^[A-Z]{2}$'::text));
alter table sales_order add constraint sales_order_sum CHECK (((total_minor = (net_minor + tax_minor)) AND ((total_minor = (billed_minor + unbilled_minor)) OR (origin = 'OBSERVED'::text))));
alter table sales_order add constraint sales_order_terms FOREIGN KEY (tenant_id, payment_terms_id) REFERENCES payment_terms(tenant_id, id);
alter table sales_order add constraint sales_order_total_positive CHECK (((total_minor >= 0) OR (origin = 'OBSERVED'::text)));
alter table sales_order add constraint sales_order_within UNIQUE (tenant_id, id, account_id);
CREATE INDEX sales_order_by_account ON public.sales_order USING btree (tenant_id, account_id, ordered_on, id);
CREATE INDEX sales_order_by_created ON public.sales_order USING btree (tenant_id, created_at, id);
CREATE INDEX sales_order_by_lifecycle ON public.sales_order USING btree (tenant_id, lifecycle, ordered_on, id);
CREATE INDEX sales_order_by_number ON public.sales_order USING btree (tenant_id, number, id);
CREATE INDEX sales_order_by_ordered ON public.sales_order USING btree (tenant_id, ordered_on, id);
CREATE INDEX sales_order_by_reference ON public.sales_order USING btree (tenant_id, account_id, reference_key) WHERE (reference_key IS NOT NULL);
CREATE UNIQUE INDEX sales_order_number_unique ON public.sales_order USING btree (tenant_id, legal_entity_id, number) WHERE (origin = 'PLACED'::text);
alter table sales_order enable row level security;
alter table sales_order force row level security;
create policy of_portal on sales_order for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on sales_order for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on sales_order for select to cashgraph_system using (true);
create policy of_tenant on sales_order for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on sales_order to cashgraph_app; grant select on sales_order to cashgraph_portal; grant select on sales_order to cashgraph_read; grant select on sales_order to cashgraph_system;
grant select (tenant_id) on sales_order to cashgraph_reporting;
grant select (id) on sales_order to cashgraph_reporting;
grant select (legal_entity_id) on sales_order to cashgraph_reporting;
grant select (account_id) on sales_order to cashgraph_reporting;
grant select (lifecycle) on sales_order to cashgraph_reporting;
grant select (fulfilment_status) on sales_order to cashgraph_reporting;
grant select (billing_status) on sales_order to cashgraph_reporting;
grant select (return_status) on sales_order to cashgraph_reporting;
grant select (open_hold_count) on sales_order to cashgraph_reporting;
grant select (number) on sales_order to cashgraph_reporting;
grant select (customer_reference) on sales_order to cashgraph_reporting;
grant select (ordered_on) on sales_order to cashgraph_reporting;
grant select (requested_on) on sales_order to cashgraph_reporting;
grant select (ship_to_name) on sales_order to cashgraph_reporting;
grant select (ship_to_address) on sales_order to cashgraph_reporting;
grant select (ship_to_country) on sales_order to cashgraph_reporting;
grant select (ship_to_region) on sales_order to cashgraph_reporting;
grant select (payment_terms_id) on sales_order to cashgraph_reporting;
grant select (billing_rule) on sales_order to cashgraph_reporting;
grant select (credit_stage) on sales_order to cashgraph_reporting;
grant select (currency) on sales_order to cashgraph_reporting;
grant select (base_currency) on sales_order to cashgraph_reporting;
grant select (group_currency) on sales_order to cashgraph_reporting;
grant select (rate) on sales_order to cashgraph_reporting;
grant select (group_rate) on sales_order to cashgraph_reporting;
grant select (net_minor) on sales_order to cashgraph_reporting;
grant select (tax_minor) on sales_order to cashgraph_reporting;
grant select (total_minor) on sales_order to cashgraph_reporting;
grant select (billed_minor) on sales_order to cashgraph_reporting;
grant select (credited_minor) on sales_order to cashgraph_reporting;
grant select (unbilled_minor) on sales_order to cashgraph_reporting;
grant select (released_minor) on sales_order to cashgraph_reporting;
grant select (placed_by_id) on sales_order to cashgraph_reporting;
grant select (last_editor_id) on sales_order to cashgraph_reporting;
grant select (content_version) on sales_order to cashgraph_reporting;
grant select (confirmed_at) on sales_order to cashgraph_reporting;
grant select (closed_at) on sales_order to cashgraph_reporting;
grant select (close_reason) on sales_order to cashgraph_reporting;
grant select (version) on sales_order to cashgraph_reporting;
grant select (created_at) on sales_order to cashgraph_reporting;
grant select (origin) on sales_order to cashgraph_reporting;
comment on column sales_order.released_minor is 'Up to which total the credit release of content version released_version goes; null: none';
comment on column sales_order.content_version is 'Counts the changes of what was ordered; a release of a credit hold is for one of them';

create table sync_drift (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  kind text not null,
  stream text,
  period_from date,
  period_to date,
  account_id uuid,
  record_id uuid,
  external_id text,
  currency text,
  ours text not null,
  theirs text not null,
  cause text not null,
  lifecycle text not null,
  last_seen_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  legal_entity_id uuid
);
alter table sync_drift add constraint sync_drift_connection FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id);
alter table sync_drift add constraint sync_drift_kind_known CHECK ((kind = ANY (ARRAY['COUNT'::text, 'SUM'::text, 'BALANCE'::text, 'DOCUMENT'::text])));
alter table sync_drift add constraint sync_drift_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['OPEN'::text, 'RESOLVED'::text])));
alter table sync_drift add constraint sync_drift_pk PRIMARY KEY (tenant_id, id);
CREATE INDEX sync_drift_by_connection ON public.sync_drift USING btree (tenant_id, connection_id, lifecycle, created_at);
CREATE INDEX sync_drift_by_created ON public.sync_drift USING btree (tenant_id, created_at, id);
alter table sync_drift enable row level security;
alter table sync_drift force row level security;
create policy of_reporting on sync_drift for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on sync_drift for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on sync_drift to cashgraph_app; grant select on sync_drift to cashgraph_read;
grant select (tenant_id) on sync_drift to cashgraph_reporting;
grant select (connection_id) on sync_drift to cashgraph_reporting;
grant select (lifecycle) on sync_drift to cashgraph_reporting;
comment on column sync_drift.legal_entity_id is 'The legal entity whose figure it is; null: of all that the connection serves';

create table sync_issue (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  stream_id uuid,
  erp_request_id uuid,
  reason text not null,
  record_kind text not null,
  record_id uuid,
  external_id text,
  field text,
  message text not null,
  erp_text text,
  lifecycle text not null,
  seen_count integer not null default 1,
  last_seen_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  code text
);
alter table sync_issue add constraint sync_issue_connection FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id);
alter table sync_issue add constraint sync_issue_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['OPEN'::text, 'RESOLVED'::text, 'DISMISSED'::text])));
alter table sync_issue add constraint sync_issue_pk PRIMARY KEY (tenant_id, id);
alter table sync_issue add constraint sync_issue_reason_known CHECK ((reason = ANY (ARRAY['MAPPING'::text, 'REFUSED'::text, 'MISSING_REFERENCE'::text, 'CONFLICT'::text, 'ERP_REFUSED'::text, 'ERP_UNREACHABLE'::text, 'UNUSUAL_DELETES'::text])));
CREATE INDEX sync_issue_by_connection ON public.sync_issue USING btree (tenant_id, connection_id, lifecycle, created_at);
CREATE INDEX sync_issue_by_created ON public.sync_issue USING btree (tenant_id, created_at, id);
CREATE INDEX sync_issue_by_stream ON public.sync_issue USING btree (tenant_id, stream_id);
CREATE UNIQUE INDEX sync_issue_open_deletes ON public.sync_issue USING btree (tenant_id, connection_id, stream_id) WHERE ((lifecycle = 'OPEN'::text) AND (reason = 'UNUSUAL_DELETES'::text));
CREATE UNIQUE INDEX sync_issue_open_record ON public.sync_issue USING btree (tenant_id, connection_id, stream_id, external_id) WHERE ((lifecycle = 'OPEN'::text) AND (external_id IS NOT NULL) AND (erp_request_id IS NULL));
CREATE UNIQUE INDEX sync_issue_open_request ON public.sync_issue USING btree (tenant_id, erp_request_id) WHERE ((lifecycle = 'OPEN'::text) AND (erp_request_id IS NOT NULL));
alter table sync_issue enable row level security;
alter table sync_issue force row level security;
create policy of_reporting on sync_issue for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on sync_issue for select to cashgraph_system using (true);
create policy of_tenant on sync_issue for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on sync_issue to cashgraph_app; grant select on sync_issue to cashgraph_read; grant select on sync_issue to cashgraph_system;
grant select (tenant_id) on sync_issue to cashgraph_reporting;
grant select (id) on sync_issue to cashgraph_reporting;
grant select (connection_id) on sync_issue to cashgraph_reporting;
grant select (stream_id) on sync_issue to cashgraph_reporting;
grant select (erp_request_id) on sync_issue to cashgraph_reporting;
grant select (reason) on sync_issue to cashgraph_reporting;
grant select (record_kind) on sync_issue to cashgraph_reporting;
grant select (record_id) on sync_issue to cashgraph_reporting;
grant select (external_id) on sync_issue to cashgraph_reporting;
grant select (field) on sync_issue to cashgraph_reporting;
grant select (message) on sync_issue to cashgraph_reporting;
grant select (erp_text) on sync_issue to cashgraph_reporting;
grant select (lifecycle) on sync_issue to cashgraph_reporting;
grant select (seen_count) on sync_issue to cashgraph_reporting;
grant select (last_seen_at) on sync_issue to cashgraph_reporting;
grant select (resolved_at) on sync_issue to cashgraph_reporting;
grant select (version) on sync_issue to cashgraph_reporting;
grant select (created_at) on sync_issue to cashgraph_reporting;
grant select (code) on sync_issue to cashgraph_reporting;
comment on column sync_issue.code is 'Of what was refused here: the error code, such as RATE_MISSING';

create table sync_run (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  stream_id uuid not null,
  mode text not null,
  state text not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  page_count integer not null default 0,
  read_count integer not null default 0,
  changed_count integer not null default 0,
  unchanged_count integer not null default 0,
  deleted_count integer not null default 0,
  waiting_count integer not null default 0,
  refused_count integer not null default 0,
  ignored_count integer not null default 0,
  total_count integer,
  failure text,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table sync_run add constraint sync_run_mode_known CHECK ((mode = ANY (ARRAY['FULL'::text, 'INCREMENTAL'::text, 'REPLAY'::text])));
alter table sync_run add constraint sync_run_pk PRIMARY KEY (tenant_id, id);
alter table sync_run add constraint sync_run_state_known CHECK ((state = ANY (ARRAY['RUNNING'::text, 'DONE'::text, 'FAILED'::text, 'STOPPED'::text])));
alter table sync_run add constraint sync_run_stream FOREIGN KEY (tenant_id, stream_id) REFERENCES sync_stream(tenant_id, id);
CREATE INDEX sync_run_by_connection ON public.sync_run USING btree (tenant_id, connection_id, started_at);
CREATE INDEX sync_run_by_started ON public.sync_run USING btree (tenant_id, started_at, id);
CREATE INDEX sync_run_by_stream ON public.sync_run USING btree (tenant_id, stream_id, started_at);
alter table sync_run enable row level security;
alter table sync_run force row level security;
create policy of_reporting on sync_run for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on sync_run for select to cashgraph_system using (true);
create policy of_tenant on sync_run for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on sync_run to cashgraph_app; grant select on sync_run to cashgraph_read; grant select on sync_run to cashgraph_system;
grant select (tenant_id) on sync_run to cashgraph_reporting;
grant select (id) on sync_run to cashgraph_reporting;
grant select (connection_id) on sync_run to cashgraph_reporting;
grant select (stream_id) on sync_run to cashgraph_reporting;
grant select (mode) on sync_run to cashgraph_reporting;
grant select (state) on sync_run to cashgraph_reporting;
grant select (started_at) on sync_run to cashgraph_reporting;
grant select (ended_at) on sync_run to cashgraph_reporting;
grant select (page_count) on sync_run to cashgraph_reporting;
grant select (read_count) on sync_run to cashgraph_reporting;
grant select (changed_count) on sync_run to cashgraph_reporting;
grant select (unchanged_count) on sync_run to cashgraph_reporting;
grant select (deleted_count) on sync_run to cashgraph_reporting;
grant select (waiting_count) on sync_run to cashgraph_reporting;
grant select (refused_count) on sync_run to cashgraph_reporting;
grant select (ignored_count) on sync_run to cashgraph_reporting;
grant select (total_count) on sync_run to cashgraph_reporting;
grant select (failure) on sync_run to cashgraph_reporting;
grant select (version) on sync_run to cashgraph_reporting;
grant select (created_at) on sync_run to cashgraph_reporting;

create table sync_stream (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  name text not null,
  record_kind text not null,
  is_enabled boolean not null default true,
  cursor jsonb,
  full_cursor jsonb,
  full_started_at timestamp with time zone,
  asked_mode text,
  next_run_at timestamp with time zone not null,
  last_started_at timestamp with time zone,
  last_succeeded_at timestamp with time zone,
  last_full_at timestamp with time zone,
  last_changed_at timestamp with time zone,
  failure text,
  failing_since timestamp with time zone,
  failure_count integer not null default 0,
  rows_per_second numeric(14,2),
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table sync_stream add constraint sync_stream_asked_known CHECK ((asked_mode = ANY (ARRAY['FULL'::text, 'FULL_WITH_DELETES'::text, 'INCREMENTAL'::text, 'REPLAY'::text])));
alter table sync_stream add constraint sync_stream_connection FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id);
alter table sync_stream add constraint sync_stream_name_unique UNIQUE (tenant_id, connection_id, name);
alter table sync_stream add constraint sync_stream_pk PRIMARY KEY (tenant_id, id);
alter table sync_stream enable row level security;
alter table sync_stream force row level security;
create policy of_portal on sync_stream for select to cashgraph_portal using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));
create policy of_reporting on sync_stream for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on sync_stream for all to cashgraph_system using (true) with check (true);
create policy of_tenant on sync_stream for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on sync_stream to cashgraph_app; grant select on sync_stream to cashgraph_read; grant select, update on sync_stream to cashgraph_system;
grant select (tenant_id) on sync_stream to cashgraph_portal; grant select (tenant_id) on sync_stream to cashgraph_reporting;
grant select (id) on sync_stream to cashgraph_portal; grant select (id) on sync_stream to cashgraph_reporting;
grant select (connection_id) on sync_stream to cashgraph_portal; grant select (connection_id) on sync_stream to cashgraph_reporting;
grant select (name) on sync_stream to cashgraph_portal; grant select (name) on sync_stream to cashgraph_reporting;
grant select (record_kind) on sync_stream to cashgraph_reporting;
grant select (is_enabled) on sync_stream to cashgraph_reporting;
grant select (asked_mode) on sync_stream to cashgraph_reporting;
grant select (next_run_at) on sync_stream to cashgraph_reporting;
grant select (last_started_at) on sync_stream to cashgraph_reporting;
grant select (last_succeeded_at) on sync_stream to cashgraph_portal; grant select (last_succeeded_at) on sync_stream to cashgraph_reporting;
grant select (last_full_at) on sync_stream to cashgraph_reporting;
grant select (last_changed_at) on sync_stream to cashgraph_reporting;
grant select (failure) on sync_stream to cashgraph_reporting;
grant select (failing_since) on sync_stream to cashgraph_reporting;
grant select (failure_count) on sync_stream to cashgraph_reporting;
grant select (rows_per_second) on sync_stream to cashgraph_reporting;
grant select (version) on sync_stream to cashgraph_reporting;
grant select (created_at) on sync_stream to cashgraph_reporting;
comment on column sync_stream.cursor is 'Where the next incremental read goes on: kept in the transaction of the last page';
comment on column sync_stream.full_cursor is 'Of a full read that is under way, or was interrupted';

create table tax_rule (
  tenant_id uuid not null,
  id uuid not null,
  seller_country text not null,
  buyer_country text,
  buyer_region text,
  is_buyer_registered boolean,
  tax_class text,
  tax_category text not null,
  rate numeric(7,4) not null,
  reason_code text,
  valid_from date not null,
  valid_to date,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table tax_rule add constraint tax_rule_buyer_form CHECK ((buyer_country ~ '^[A-Z]{2}$'::text));
alter table tax_rule add constraint tax_rule_category_known CHECK ((tax_category = ANY (ARRAY['S'::text, 'Z'::text, 'E'::text, 'AE'::text, 'K'::text, 'G'::text, 'O'::text, 'L'::text, 'M'::text])));
alter table tax_rule add constraint tax_rule_days CHECK ((valid_to >= valid_from));
alter table tax_rule add constraint tax_rule_pk PRIMARY KEY (tenant_id, id);
alter table tax_rule add constraint tax_rule_rate_range CHECK (((rate >= (0)::numeric) AND (rate <= (100)::numeric)));
alter table tax_rule add constraint tax_rule_region_of_country CHECK (((buyer_region IS NULL) OR (buyer_country IS NOT NULL)));
alter table tax_rule add constraint tax_rule_seller_form CHECK ((seller_country ~ '^[A-Z]{2}$'::text));
alter table tax_rule add constraint tax_rule_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table tax_rule add constraint tax_rule_unique UNIQUE NULLS NOT DISTINCT (tenant_id, seller_country, buyer_country, buyer_region, is_buyer_registered, tax_class, valid_from);
alter table tax_rule add constraint tax_rule_zero CHECK (((tax_category = ANY (ARRAY['S'::text, 'L'::text, 'M'::text])) OR (rate = (0)::numeric)));
alter table tax_rule enable row level security;
alter table tax_rule force row level security;
create policy of_tenant on tax_rule for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on tax_rule to cashgraph_app; grant select on tax_rule to cashgraph_read;
comment on table tax_rule is 'One row of the tax table. A null column fits everything; the row with the most columns that fit decides, then the newest';

create table tenant (
  tenant_id uuid not null,
  slug text not null,
  name text not null,
  group_currency text not null,
  is_sandbox boolean not null default false,
  clock_offset_ms bigint not null default 0,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table tenant add constraint tenant_clock_forward CHECK ((clock_offset_ms >= 0));
alter table tenant add constraint tenant_clock_sandbox CHECK ((is_sandbox OR (clock_offset_ms = 0)));
alter table tenant add constraint tenant_group_currency_known CHECK (is_currency(group_currency));
alter table tenant add constraint tenant_pk PRIMARY KEY (tenant_id);
alter table tenant add constraint tenant_slug_unique UNIQUE (slug);
alter table tenant enable row level security;
alter table tenant force row level security;
create policy of_portal on tenant for select to cashgraph_portal using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));
create policy of_reporting on tenant for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_system on tenant for all to cashgraph_system using (true) with check (true);
create policy of_tenant on tenant for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on tenant to cashgraph_app; grant select on tenant to cashgraph_portal; grant select on tenant to cashgraph_read; grant select on tenant to cashgraph_system;
grant select (tenant_id) on tenant to cashgraph_reporting;
grant select (group_currency) on tenant to cashgraph_reporting;
grant select (clock_offset_ms) on tenant to cashgraph_reporting;
comment on column tenant.clock_offset_ms is 'How far the business clock of a sandbox runs ahead of the wall clock, in milliseconds';

create table tracking_event (
  tenant_id uuid not null,
  id uuid not null,
  fulfilment_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  source text not null,
  external_id text not null,
  kind text not null,
  occurred_at timestamp with time zone not null,
  description text,
  location text,
  reference text,
  carrier text,
  tracking_number text,
  received_by text,
  created_at timestamp with time zone not null
);
alter table tracking_event add constraint tracking_event_fulfilment FOREIGN KEY (tenant_id, fulfilment_id, account_id) REFERENCES fulfilment(tenant_id, id, account_id);
alter table tracking_event add constraint tracking_event_kind_known CHECK ((kind = ANY (ARRAY['ACCEPTED'::text, 'REFUSED'::text, 'PICKED'::text, 'SHIPPED'::text, 'IN_TRANSIT'::text, 'OUT_FOR_DELIVERY'::text, 'DELIVERED'::text, 'EXCEPTION'::text, 'RETURNED'::text])));
alter table tracking_event add constraint tracking_event_pk PRIMARY KEY (tenant_id, id);
alter table tracking_event add constraint tracking_event_unique UNIQUE (tenant_id, source, external_id);
CREATE INDEX tracking_event_by_fulfilment ON public.tracking_event USING btree (tenant_id, fulfilment_id, occurred_at);
alter table tracking_event enable row level security;
alter table tracking_event force row level security;
create policy of_portal on tracking_event for select to cashgraph_portal using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[]))));
create policy of_reporting on tracking_event for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on tracking_event for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER tracking_event_append_only BEFORE DELETE OR UPDATE ON public.tracking_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
grant insert, select on tracking_event to cashgraph_app; grant select on tracking_event to cashgraph_portal; grant select on tracking_event to cashgraph_read;
grant select (tenant_id) on tracking_event to cashgraph_reporting;
grant select (id) on tracking_event to cashgraph_reporting;
grant select (fulfilment_id) on tracking_event to cashgraph_reporting;
grant select (legal_entity_id) on tracking_event to cashgraph_reporting;
grant select (account_id) on tracking_event to cashgraph_reporting;
grant select (source) on tracking_event to cashgraph_reporting;
grant select (kind) on tracking_event to cashgraph_reporting;
grant select (occurred_at) on tracking_event to cashgraph_reporting;
grant select (description) on tracking_event to cashgraph_reporting;
grant select (location) on tracking_event to cashgraph_reporting;
grant select (reference) on tracking_event to cashgraph_reporting;
grant select (carrier) on tracking_event to cashgraph_reporting;
grant select (tracking_number) on tracking_event to cashgraph_reporting;
grant select (received_by) on tracking_event to cashgraph_reporting;
grant select (created_at) on tracking_event to cashgraph_reporting;

create table transfer (
  tenant_id uuid not null,
  id uuid not null,
  entry_id uuid not null,
  legal_entity_id uuid not null,
  debit_code text not null,
  debit_detail text,
  debit_account_id uuid not null,
  debit_item_id uuid,
  credit_code text not null,
  credit_detail text,
  credit_account_id uuid not null,
  credit_item_id uuid,
  currency text not null,
  amount_minor bigint not null,
  base_currency text not null,
  base_minor bigint not null,
  effective_on date not null,
  recorded_at timestamp with time zone not null
);
alter table transfer add constraint transfer_amount_positive CHECK ((amount_minor >= 0));
alter table transfer add constraint transfer_base_currency_known CHECK (is_currency(base_currency));
alter table transfer add constraint transfer_base_positive CHECK ((base_minor >= 0));
alter table transfer add constraint transfer_credit_item_of_receivable CHECK (((credit_code = 'RECEIVABLE'::text) = (credit_item_id IS NOT NULL)));
alter table transfer add constraint transfer_credit_known CHECK ((credit_code = ANY (ARRAY['RECEIVABLE'::text, 'BILLED'::text, 'TAX'::text, 'CASH_CLEARING'::text, 'DISCOUNT'::text, 'BAD_DEBT'::text, 'ALLOWANCE'::text, 'CURRENCY_CLEARING'::text, 'FX'::text, 'OPENING'::text, 'RECOVERY'::text, 'IMPAIRMENT'::text])));
alter table transfer add constraint transfer_currency_known CHECK (is_currency(currency));
alter table transfer add constraint transfer_debit_item_of_receivable CHECK (((debit_code = 'RECEIVABLE'::text) = (debit_item_id IS NOT NULL)));
alter table transfer add constraint transfer_debit_known CHECK ((debit_code = ANY (ARRAY['RECEIVABLE'::text, 'BILLED'::text, 'TAX'::text, 'CASH_CLEARING'::text, 'DISCOUNT'::text, 'BAD_DEBT'::text, 'ALLOWANCE'::text, 'CURRENCY_CLEARING'::text, 'FX'::text, 'OPENING'::text, 'RECOVERY'::text, 'IMPAIRMENT'::text])));
alter table transfer add constraint transfer_entry FOREIGN KEY (tenant_id, entry_id) REFERENCES journal_entry(tenant_id, id);
alter table transfer add constraint transfer_not_empty CHECK (((amount_minor > 0) OR (base_minor > 0)));
alter table transfer add constraint transfer_pk PRIMARY KEY (tenant_id, id);
CREATE INDEX transfer_by_credit_item ON public.transfer USING btree (tenant_id, credit_item_id) WHERE (credit_item_id IS NOT NULL);
CREATE INDEX transfer_by_day ON public.transfer USING btree (tenant_id, legal_entity_id, effective_on);
CREATE INDEX transfer_by_debit_item ON public.transfer USING btree (tenant_id, debit_item_id) WHERE (debit_item_id IS NOT NULL);
CREATE INDEX transfer_by_entry ON public.transfer USING btree (tenant_id, entry_id);
alter table transfer enable row level security;
alter table transfer force row level security;
create policy of_reporting on transfer for select to cashgraph_reporting using ((tenant_id = ( SELECT l.tenant_id
   FROM reporting_login l
  WHERE (l.name = (CURRENT_USER)::text))));
create policy of_tenant on transfer for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER transfer_append_only BEFORE DELETE OR UPDATE ON public.transfer FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_not_emptied BEFORE TRUNCATE ON public.transfer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant insert, select on transfer to cashgraph_app; grant select on transfer to cashgraph_read;
grant select (tenant_id) on transfer to cashgraph_reporting;
grant select (id) on transfer to cashgraph_reporting;
grant select (entry_id) on transfer to cashgraph_reporting;
grant select (legal_entity_id) on transfer to cashgraph_reporting;
grant select (debit_code) on transfer to cashgraph_reporting;
grant select (debit_detail) on transfer to cashgraph_reporting;
grant select (debit_account_id) on transfer to cashgraph_reporting;
grant select (debit_item_id) on transfer to cashgraph_reporting;
grant select (credit_code) on transfer to cashgraph_reporting;
grant select (credit_detail) on transfer to cashgraph_reporting;
grant select (credit_account_id) on transfer to cashgraph_reporting;
grant select (credit_item_id) on transfer to cashgraph_reporting;
grant select (currency) on transfer to cashgraph_reporting;
grant select (amount_minor) on transfer to cashgraph_reporting;
grant select (base_currency) on transfer to cashgraph_reporting;
grant select (base_minor) on transfer to cashgraph_reporting;
grant select (effective_on) on transfer to cashgraph_reporting;
grant select (recorded_at) on transfer to cashgraph_reporting;

create table trusted_document (
  client text not null,
  client_version text not null,
  document_id text not null,
  only_tenant_id uuid,
  name text not null,
  text text not null,
  sha256 text not null,
  added_at timestamp with time zone not null default clock_timestamp()
);
alter table trusted_document add constraint trusted_document_id_form CHECK ((document_id ~ '^[A-Za-z0-9_.:-]{1,200}$'::text));
alter table trusted_document add constraint trusted_document_once UNIQUE NULLS NOT DISTINCT (client, client_version, document_id, only_tenant_id);
alter table trusted_document add constraint trusted_document_only_tenant_id_fkey FOREIGN KEY (only_tenant_id) REFERENCES tenant(tenant_id);
alter table trusted_document add constraint trusted_document_sha256_form CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text));
CREATE INDEX trusted_document_by_id ON public.trusted_document USING btree (document_id);
CREATE INDEX trusted_document_by_text ON public.trusted_document USING btree (sha256);
grant delete, insert, select on trusted_document to cashgraph_system;
comment on table trusted_document is 'Documents by the ids that builds of clients know them by; several versions of a client stand side by side';
comment on column trusted_document.only_tenant_id is 'The one tenant whose logins may name it; null: those of all';
comment on column trusted_document.name is 'Of its operations, for people';

create table upload (
  tenant_id uuid not null,
  id uuid not null,
  started_by_id uuid not null,
  kind text not null,
  format text not null,
  file_name text not null,
  size_bytes bigint not null,
  lifecycle text not null,
  received_at timestamp with time zone,
  sha256 text,
  columns jsonb,
  line_count integer,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table upload add constraint upload_format_known CHECK ((format = ANY (ARRAY['CSV'::text, 'JSONL'::text])));
alter table upload add constraint upload_kind_known CHECK ((kind = ANY (ARRAY['CUSTOMERS'::text, 'OPEN_INVOICES'::text, 'SETTLED_INVOICES'::text, 'PAYMENTS'::text])));
alter table upload add constraint upload_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['WAITING'::text, 'RECEIVED'::text, 'DELETED'::text])));
alter table upload add constraint upload_pk PRIMARY KEY (tenant_id, id);
alter table upload add constraint upload_sha256_form CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text));
alter table upload add constraint upload_size_positive CHECK ((size_bytes > 0));
alter table upload add constraint upload_starter FOREIGN KEY (tenant_id, started_by_id) REFERENCES actor(tenant_id, id);
alter table upload add constraint upload_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table upload add constraint upload_whole CHECK (((lifecycle = 'RECEIVED'::text) <= ((sha256 IS NOT NULL) AND (columns IS NOT NULL) AND (line_count IS NOT NULL) AND (received_at IS NOT NULL))));
CREATE INDEX upload_by_age ON public.upload USING btree (created_at) WHERE (lifecycle <> 'DELETED'::text);
CREATE INDEX upload_by_starter ON public.upload USING btree (tenant_id, started_by_id, created_at, id);
alter table upload enable row level security;
alter table upload force row level security;
create policy of_system on upload for select to cashgraph_system using (true);
create policy of_tenant on upload for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on upload to cashgraph_app; grant select on upload to cashgraph_read; grant select on upload to cashgraph_system;

create table validation_rule (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  description text not null,
  legal_entity_id uuid,
  stage text not null,
  field text not null,
  operator text not null,
  operands jsonb not null default '[]'::jsonb,
  is_active boolean not null default true,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table validation_rule add constraint validation_rule_code_unique UNIQUE (tenant_id, code);
alter table validation_rule add constraint validation_rule_legal_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table validation_rule add constraint validation_rule_operator_known CHECK ((operator = ANY (ARRAY['IS_PRESENT'::text, 'EQ'::text, 'NE'::text, 'LT'::text, 'LTE'::text, 'GT'::text, 'GTE'::text, 'IN'::text, 'NOT_IN'::text, 'STARTS_WITH'::text])));
alter table validation_rule add constraint validation_rule_pk PRIMARY KEY (tenant_id, id);
alter table validation_rule add constraint validation_rule_stage_known CHECK ((stage = ANY (ARRAY['ORDER'::text, 'RELEASE'::text, 'DELIVERY'::text])));
alter table validation_rule add constraint validation_rule_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table validation_rule enable row level security;
alter table validation_rule force row level security;
create policy of_tenant on validation_rule for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on validation_rule to cashgraph_app; grant select on validation_rule to cashgraph_read;
comment on table validation_rule is 'What an order must fulfil, as data: an order for which a rule does not hold gets a hold with its description';

create table webhook_attempt (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  delivery_id uuid not null,
  number integer not null,
  started_at timestamp with time zone not null,
  duration_ms integer not null,
  status integer,
  headers jsonb,
  body text,
  failure text
);
alter table webhook_attempt add constraint webhook_attempt_delivery FOREIGN KEY (tenant_id, delivery_id) REFERENCES webhook_delivery(tenant_id, id) ON DELETE CASCADE;
alter table webhook_attempt add constraint webhook_attempt_once UNIQUE (tenant_id, delivery_id, number);
alter table webhook_attempt add constraint webhook_attempt_pk PRIMARY KEY (tenant_id, id);
alter table webhook_attempt enable row level security;
alter table webhook_attempt force row level security;
create policy of_system on webhook_attempt for all to cashgraph_system using (true) with check (true);
create policy of_tenant on webhook_attempt for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant select on webhook_attempt to cashgraph_app; grant select on webhook_attempt to cashgraph_read; grant delete, insert, select on webhook_attempt to cashgraph_system;

create table webhook_delivery (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  endpoint_id uuid not null,
  seq bigint not null default nextval('webhook_delivery_seq'::regclass),
  purpose text not null,
  "position" bigint not null,
  event_id uuid not null,
  event_type text not null,
  record_kind text not null,
  record_id text not null,
  record_version integer not null,
  state text not null default 'PENDING'::text,
  next_at timestamp with time zone,
  attempt_count integer not null default 0,
  earlier_attempt_count integer not null default 0,
  first_attempt_at timestamp with time zone,
  ended_at timestamp with time zone,
  failure text,
  claim_token bigint not null default 0,
  claimed_until timestamp with time zone,
  created_at timestamp with time zone not null
);
alter table webhook_delivery add constraint webhook_delivery_dead_why CHECK (((state <> 'DEAD'::text) OR (failure IS NOT NULL)));
alter table webhook_delivery add constraint webhook_delivery_ended CHECK ((((state = 'PENDING'::text) = (ended_at IS NULL)) AND ((state = 'PENDING'::text) OR (next_at IS NULL))));
alter table webhook_delivery add constraint webhook_delivery_pk PRIMARY KEY (tenant_id, id);
alter table webhook_delivery add constraint webhook_delivery_purpose_known CHECK ((purpose = ANY (ARRAY['EVENT'::text, 'REPLAY'::text, 'TEST'::text])));
alter table webhook_delivery add constraint webhook_delivery_queue FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_queue(tenant_id, endpoint_id);
alter table webhook_delivery add constraint webhook_delivery_state_known CHECK ((state = ANY (ARRAY['PENDING'::text, 'DELIVERED'::text, 'DEAD'::text])));
CREATE INDEX webhook_delivery_by_created ON public.webhook_delivery USING btree (tenant_id, created_at, id);
CREATE INDEX webhook_delivery_by_end ON public.webhook_delivery USING btree (ended_at) WHERE (state = 'DELIVERED'::text);
CREATE INDEX webhook_delivery_by_endpoint ON public.webhook_delivery USING btree (tenant_id, endpoint_id, created_at, id);
CREATE INDEX webhook_delivery_by_record ON public.webhook_delivery USING btree (tenant_id, record_id, created_at);
CREATE INDEX webhook_delivery_dead ON public.webhook_delivery USING btree (tenant_id, endpoint_id, seq) WHERE (state = 'DEAD'::text);
CREATE INDEX webhook_delivery_due ON public.webhook_delivery USING btree (tenant_id, endpoint_id, next_at, seq) WHERE ((state = 'PENDING'::text) AND (next_at IS NOT NULL));
CREATE INDEX webhook_delivery_lane ON public.webhook_delivery USING btree (tenant_id, endpoint_id, record_id, seq) WHERE ((state = 'PENDING'::text) AND (purpose <> 'TEST'::text));
CREATE UNIQUE INDEX webhook_delivery_once ON public.webhook_delivery USING btree (tenant_id, endpoint_id, "position") WHERE (purpose = 'EVENT'::text);
CREATE INDEX webhook_delivery_test ON public.webhook_delivery USING btree (tenant_id, endpoint_id) WHERE ((state = 'PENDING'::text) AND (purpose = 'TEST'::text));
alter table webhook_delivery enable row level security;
alter table webhook_delivery force row level security;
create policy of_system on webhook_delivery for all to cashgraph_system using (true) with check (true);
create policy of_tenant on webhook_delivery for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant select on webhook_delivery to cashgraph_app; grant select on webhook_delivery to cashgraph_read; grant delete, insert, select, update on webhook_delivery to cashgraph_system;
comment on column webhook_delivery.seq is 'The order of what waits; drawn anew when a dead letter is sent again';
comment on column webhook_delivery.earlier_attempt_count is 'Attempts before it was sent again, or its endpoint resumed: the pauses begin anew';

create table webhook_endpoint (
  tenant_id uuid not null,
  id uuid not null,
  url text not null,
  description text,
  event_types jsonb not null,
  legal_entity_id uuid,
  customer_id uuid,
  created_by_id uuid not null,
  lifecycle text not null,
  active_since timestamp with time zone not null,
  disabled_reason text,
  disabled_text text,
  sealed_secret text,
  secret_hint text not null,
  previous_sealed_secret text,
  previous_secret_until timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table webhook_endpoint add constraint webhook_endpoint_creator FOREIGN KEY (tenant_id, created_by_id) REFERENCES actor(tenant_id, id);
alter table webhook_endpoint add constraint webhook_endpoint_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id);
alter table webhook_endpoint add constraint webhook_endpoint_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table webhook_endpoint add constraint webhook_endpoint_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['ACTIVE'::text, 'PAUSED'::text, 'DISABLED'::text, 'DELETED'::text])));
alter table webhook_endpoint add constraint webhook_endpoint_pk PRIMARY KEY (tenant_id, id);
alter table webhook_endpoint add constraint webhook_endpoint_previous_whole CHECK (((previous_sealed_secret IS NULL) = (previous_secret_until IS NULL)));
alter table webhook_endpoint add constraint webhook_endpoint_reason_known CHECK ((disabled_reason = ANY (ARRAY['FAILING'::text, 'GONE'::text])));
alter table webhook_endpoint add constraint webhook_endpoint_reason_told CHECK ((((lifecycle = 'DISABLED'::text) = (disabled_reason IS NOT NULL)) AND ((disabled_reason IS NULL) = (disabled_text IS NULL))));
alter table webhook_endpoint add constraint webhook_endpoint_signs CHECK (((sealed_secret IS NULL) = (lifecycle = 'DELETED'::text)));
alter table webhook_endpoint add constraint webhook_endpoint_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table webhook_endpoint add constraint webhook_endpoint_types_list CHECK (((jsonb_typeof(event_types) = 'array'::text) AND (event_types <> '[]'::jsonb)));
CREATE INDEX webhook_endpoint_by_created ON public.webhook_endpoint USING btree (tenant_id, created_at, id);
alter table webhook_endpoint enable row level security;
alter table webhook_endpoint force row level security;
create policy of_system on webhook_endpoint for select to cashgraph_system using (true);
create policy of_tenant on webhook_endpoint for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on webhook_endpoint to cashgraph_app; grant select on webhook_endpoint to cashgraph_system;
grant select (tenant_id) on webhook_endpoint to cashgraph_read;
grant select (id) on webhook_endpoint to cashgraph_read;
grant select (url) on webhook_endpoint to cashgraph_read;
grant select (description) on webhook_endpoint to cashgraph_read;
grant select (event_types) on webhook_endpoint to cashgraph_read;
grant select (legal_entity_id) on webhook_endpoint to cashgraph_read;
grant select (customer_id) on webhook_endpoint to cashgraph_read;
grant select (created_by_id) on webhook_endpoint to cashgraph_read;
grant select (lifecycle) on webhook_endpoint to cashgraph_read;
grant select (active_since) on webhook_endpoint to cashgraph_read;
grant select (disabled_reason) on webhook_endpoint to cashgraph_read;
grant select (disabled_text) on webhook_endpoint to cashgraph_read;
grant select (secret_hint) on webhook_endpoint to cashgraph_read;
grant select (previous_secret_until) on webhook_endpoint to cashgraph_read;
grant select (version) on webhook_endpoint to cashgraph_read;
grant select (created_at) on webhook_endpoint to cashgraph_read;
comment on column webhook_endpoint.active_since is 'When it was made or resumed: failures before that do not count against it';
comment on column webhook_endpoint.sealed_secret is 'AES-256-GCM, bound to tenant, endpoint and field; opened only to sign';

create table webhook_hint (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  stream text not null,
  external_id text,
  is_deleted boolean not null default false,
  received_at timestamp with time zone not null
);
alter table webhook_hint add constraint webhook_hint_connection FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id);
alter table webhook_hint add constraint webhook_hint_pk PRIMARY KEY (tenant_id, id);
CREATE UNIQUE INDEX webhook_hint_once ON public.webhook_hint USING btree (tenant_id, connection_id, stream, COALESCE(external_id, ''::text));
alter table webhook_hint enable row level security;
alter table webhook_hint force row level security;
create policy of_system on webhook_hint for all to cashgraph_system using (true) with check (true);
create policy of_tenant on webhook_hint for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on webhook_hint to cashgraph_app; grant select on webhook_hint to cashgraph_read; grant delete, insert, select, update on webhook_hint to cashgraph_system;

create table webhook_queue (
  tenant_id uuid not null,
  endpoint_id uuid not null,
  from_position bigint not null,
  behind_at bigint,
  replay_at bigint,
  replay_until bigint,
  lost_from bigint,
  lost_to bigint,
  laid_count bigint not null default 0,
  pending_count bigint not null default 0,
  pruned_count bigint not null default 0,
  pruned_position bigint not null default 0,
  failing_since timestamp with time zone,
  failure text,
  failure_count integer not null default 0,
  blocked_until timestamp with time zone,
  delivered_at timestamp with time zone
);
alter table webhook_queue add constraint webhook_queue_endpoint FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoint(tenant_id, id);
alter table webhook_queue add constraint webhook_queue_lost_whole CHECK (((lost_from IS NULL) = (lost_to IS NULL)));
alter table webhook_queue add constraint webhook_queue_pending_sane CHECK ((pending_count >= 0));
alter table webhook_queue add constraint webhook_queue_pk PRIMARY KEY (tenant_id, endpoint_id);
alter table webhook_queue add constraint webhook_queue_replay_whole CHECK (((replay_at IS NULL) = (replay_until IS NULL)));
CREATE INDEX webhook_queue_behind ON public.webhook_queue USING btree (pending_count) WHERE ((behind_at IS NOT NULL) OR (replay_at IS NOT NULL));
alter table webhook_queue enable row level security;
alter table webhook_queue force row level security;
create policy of_system on webhook_queue for all to cashgraph_system using (true) with check (true);
create policy of_tenant on webhook_queue for all to cashgraph_app, cashgraph_read using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant select on webhook_queue to cashgraph_app; grant select on webhook_queue to cashgraph_read; grant insert, select, update on webhook_queue to cashgraph_system;
comment on column webhook_queue.from_position is 'Its own making in the log: it gets what comes after it, unless it was made to begin earlier';
comment on column webhook_queue.behind_at is 'Of what comes after this, nothing was laid out yet, since enough waits; null: it goes along with the log';
comment on column webhook_queue.replay_at is 'A repetition goes on after this, up to replay_until';
comment on column webhook_queue.lost_from is 'Events after this, up to lost_to, were no longer in the log when it came to them';
