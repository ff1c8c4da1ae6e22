-- How long a list is, without counting it: the planner's guess under the asker's own row-level security and scope.
-- Whoever may run a query may have it planned; nothing is read, and the function has no rights of its own.

create function estimated_rows(query text) returns bigint language plpgsql volatile as $$
declare
  plan json;
begin
  execute 'explain (format json) ' || query into plan;
  return (plan -> 0 -> 'Plan' ->> 'Plan Rows')::bigint;
end $$;
comment on function estimated_rows is 'How many rows a query would give, as the planner sees it for whoever asks';

-- A legal entity and an account are of one tenant: without knowing that, the planner takes one after the other for a coincidence
-- and expects far too few rows.
do $$
declare
  t record;
begin
  for t in
    select c.relname as name,
      string_agg(a.attname, ', ' order by array_position(array['tenant_id', 'legal_entity_id', 'account_id'], a.attname::text)) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname in ('tenant_id', 'legal_entity_id', 'account_id') and not a.attisdropped
    where n.nspname = 'public' and c.relkind = 'r'
    group by c.relname having count(*) > 1 and bool_or(a.attname = 'tenant_id')
  loop
    execute format('create statistics %I (dependencies, mcv) on %s from %I', t.name || '_by_owner', t.columns, t.name);
  end loop;
end $$;

-- Lists can be filtered by what belongs to their records; this way had no index.
create index sync_issue_by_stream on sync_issue (tenant_id, stream_id);
