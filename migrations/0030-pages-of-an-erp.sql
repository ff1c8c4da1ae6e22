-- What a page of an ERP costs hangs on the page, and not on how much is here already. Until a table is analysed the planner takes it to hold
-- some ten rows of a tenant, and reads all of them for a join with a page: whatever belongs to a row of the page is looked up by itself.

create or replace function lock_credit_chains(accounts uuid[], customers uuid[])
returns table (id uuid, customer_id uuid, parent_id uuid, accounts_of uuid[], number text, exposure_minor bigint, limit_group_minor bigint, is_blocked boolean, block_reason text)
language plpgsql as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock_shared(hierarchy_key());
  if exists (select from unnest(accounts) as k(id) cross join lateral (
      select from customer_account a join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id where a.id = k.id and c.parent_id is not null limit 1) up)
    or exists (select from customer c where c.id = any (customers) and c.parent_id is not null) then
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
  else
    -- each is its own root, as most are
    return query
      with named as (
        select a.customer_id as id, k.id as account_id from unnest(accounts) as k(id)
        cross join lateral (select a.customer_id from customer_account a where a.id = k.id limit 1) a
        union all select c, null from unnest(customers) as c
      ), own as (
        select n.id, coalesce(array_agg(n.account_id) filter (where n.account_id is not null), '{}') as accounts_of from named n group by n.id
      ), found as (
        select ca.id, o.accounts_of, c.number from own o
        cross join lateral (select ca.id from credit_account ca where ca.customer_id = o.id limit 1) ca
        cross join lateral (select c.number from customer c where c.id = o.id limit 1) c
        order by ca.id
      )
      select ca.id, ca.customer_id, null::uuid, f.accounts_of, f.number, ca.exposure_minor, ca.limit_group_minor, ca.is_blocked, ca.block_reason
      from found f cross join lateral (select * from credit_account ca where ca.id = f.id limit 1 for update) ca;
  end if;
end $$;

create or replace function note_items() returns trigger language plpgsql set search_path = public, pg_temp as $$
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
end $$;

-- Of a customer's credit the sums change with every document: with room on its page the row is written once, and none of its index entries.
alter table credit_account set (fillfactor = 70);
