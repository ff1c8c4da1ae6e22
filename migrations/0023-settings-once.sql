-- Policies read the settings of a session once for a statement, as sub-selects, and not again for each row of whatever a table is joined to:
-- half of what row-level security cost short reads. They let the same rows through as before: none without a setting.
create procedure read_settings_once(name text) language plpgsql as $$
declare
  p record;
  seen text;
  once text;
begin
  for p in select polname, polqual, polrelid from pg_policy where polrelid = name::regclass and polqual is not null loop
    seen := pg_get_expr(p.polqual, p.polrelid);
    once := regexp_replace(seen, '\(NULLIF\(current_setting\(''(app\.\w+)''::text, true\), ''''::text\)\)::uuid',
      '(select nullif(current_setting(''\1'', true), '''')::uuid)', 'g');
    once := regexp_replace(once, '\(string_to_array\(NULLIF\(current_setting\(''(app\.\w+)''::text, true\), ''''::text\), '',''::text\)\)::uuid\[\]',
      '(select string_to_array(nullif(current_setting(''\1'', true), ''''), '','')::uuid[])::uuid[]', 'g');
    if once <> seen then
      execute format('alter policy %I on %I using (%s)', p.polname, name, once);
    end if;
  end loop;
end $$;
comment on procedure read_settings_once is 'What a policy compares rows with is read once for a statement; run by migrations only';
revoke all on procedure read_settings_once from public;

create or replace procedure guard_table(name text, rights text, portal text default null) language plpgsql as $$
declare
  own constant text := 'tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid';
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy of_tenant on %I for all to cashgraph_app, cashgraph_read using (%s) with check (%s)', name, own, own);
  execute format('grant select on %I to cashgraph_read', name);
  execute format('grant %s on %I to cashgraph_app', rights, name);
  if portal is not null then
    execute format('create policy of_portal on %I for select to cashgraph_portal using (%s and (%s))', name, own, portal);
    execute format('grant select on %I to cashgraph_portal', name);
  end if;
  call read_settings_once(name);
end $$;

do $$
declare
  t text;
begin
  for t in
    select distinct c.relname from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace = 'public'::regnamespace
  loop
    call read_settings_once(t);
  end loop;
  -- none was overlooked: each setting that a policy reads stands behind a select
  if exists (
    select from pg_policy p join pg_class c on c.oid = p.polrelid
    where c.relnamespace = 'public'::regnamespace and pg_get_expr(p.polqual, p.polrelid) ~ 'current_setting'
      and regexp_count(pg_get_expr(p.polqual, p.polrelid), 'current_setting') <> regexp_count(pg_get_expr(p.polqual, p.polrelid), 'SELECT')
  ) then
    raise exception 'A policy still reads a setting for each row';
  end if;
end $$;
