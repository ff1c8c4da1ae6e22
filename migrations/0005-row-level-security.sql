-- The second wall. Every table with tenant_id forces row-level security, the owner included, and each role sees what its
-- policies say: app and read one tenant, portal one tenant's named accounts on named tables, system every row of named tables.
-- No setting means no row. nullif: after a transaction the setting is '' and ''::uuid would be an error.

do $$
declare
  t text;
begin
  for t in
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where n.nspname = 'public' and c.relkind in ('r', 'p')
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy of_tenant on %I for all to cashgraph_app, cashgraph_read
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
      with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)$p$, t);
  end loop;

  -- The portal: its own accounts' documents …
  foreach t in array array['invoice_line', 'invoice_tax', 'credit_note', 'credit_note_tax', 'payment', 'open_item', 'event'] loop
    execute format($p$create policy of_portal on %I for select to cashgraph_portal
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
        and account_id = any (string_to_array(nullif(current_setting('app.account_ids', true), ''), ',')::uuid[]))$p$, t);
  end loop;

  -- … and the few tables that the whole engine reads across tenants.
  foreach t in array array['tenant', 'actor', 'actor_role', 'actor_customer', 'api_key', 'legal_entity', 'customer_account', 'idempotency',
    'event_inbox', 'event', 'event_personal', 'event_chain', 'delivery'] loop
    execute format('create policy of_system on %I for all to cashgraph_system using (true) with check (true)', t);
  end loop;
end $$;

create policy of_portal on invoice for select to cashgraph_portal
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    and account_id = any (string_to_array(nullif(current_setting('app.account_ids', true), ''), ',')::uuid[])
    and lifecycle not in ('DRAFT', 'CANCELLED'));
create policy of_portal on allocation for select to cashgraph_portal
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    and (account_id = any (string_to_array(nullif(current_setting('app.account_ids', true), ''), ',')::uuid[])
      or from_account_id = any (string_to_array(nullif(current_setting('app.account_ids', true), ''), ',')::uuid[])));
create policy of_portal on customer_account for select to cashgraph_portal
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    and id = any (string_to_array(nullif(current_setting('app.account_ids', true), ''), ',')::uuid[]));
create policy of_portal on customer for select to cashgraph_portal
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    and id = any (string_to_array(nullif(current_setting('app.customer_ids', true), ''), ',')::uuid[]));
create policy of_portal on tenant for select to cashgraph_portal
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy of_portal on legal_entity for select to cashgraph_portal
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy of_portal on payment_terms for select to cashgraph_portal
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy of_portal on actor for select to cashgraph_portal
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    and id = nullif(current_setting('app.actor_id', true), '')::uuid);

grant usage on schema public to cashgraph_app, cashgraph_read, cashgraph_portal, cashgraph_system;

grant select on currency to cashgraph_app, cashgraph_read, cashgraph_portal, cashgraph_system;
grant select on all tables in schema public to cashgraph_read;
revoke select on api_key, idempotency, event_inbox, lease, delivery, delivery_cursor, event_head from cashgraph_read;
grant select (tenant_id, id, actor_id, name, lookup, expires_at, last_used_at, revoked_at, version, created_at) on api_key to cashgraph_read;

grant select, insert, update on tenant, legal_entity, exchange_rate, actor, actor_role, api_key, number_series, payment_terms, customer,
  customer_alias, customer_account, actor_customer, external_ref, open_item, invoice, invoice_line, invoice_tax, credit_note,
  credit_note_tax, payment, idempotency to cashgraph_app;
grant delete on actor_role, actor_customer, invoice_line, invoice_tax, event_personal to cashgraph_app;
grant select, insert on journal_entry, transfer, allocation, event_inbox to cashgraph_app;
grant select on event, event_personal, event_chain to cashgraph_app;

grant select on invoice, invoice_line, invoice_tax, credit_note, credit_note_tax, payment, open_item, allocation, event, customer,
  customer_account, tenant, legal_entity, payment_terms, actor to cashgraph_portal;

grant select on tenant, actor, actor_role, actor_customer, api_key, legal_entity, customer_account to cashgraph_system;
grant update (last_used_at) on api_key to cashgraph_system;
grant select, delete on event_inbox, idempotency to cashgraph_system;
grant select, insert on event, event_personal to cashgraph_system;
grant select, insert, update on event_head, event_chain, lease, delivery_cursor, delivery to cashgraph_system;
grant delete on delivery to cashgraph_system;
grant execute on function ensure_event_partition to cashgraph_system;
