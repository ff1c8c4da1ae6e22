-- Made by `cashgraph schema`; do not edit.

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
    where c.effective_on <= le.closed_through
  ) then
    raise exception 'the books are closed on that day' using errcode = 'CG002', constraint = 'journal_entry_period_open';
  end if;
  return null;
end $function$
;
grant execute on function refuse_closed_period to public;

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
  created_at timestamp with time zone not null
);
alter table actor add constraint actor_kind_known CHECK ((kind = ANY (ARRAY['USER'::text, 'PORTAL'::text, 'API_KEY'::text, 'SYSTEM'::text])));
alter table actor add constraint actor_pk PRIMARY KEY (tenant_id, id);
alter table actor add constraint actor_subject_unique UNIQUE (tenant_id, issuer, subject);
alter table actor add constraint actor_subject_whole CHECK (((issuer IS NULL) = (subject IS NULL)));
alter table actor add constraint actor_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table actor enable row level security;
alter table actor force row level security;
create policy of_portal on actor for select to cashgraph_portal using (((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) AND (id = (NULLIF(current_setting('app.actor_id'::text, true), ''::text))::uuid)));
create policy of_system on actor for all to cashgraph_system using (true) with check (true);
create policy of_tenant on actor for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on actor to cashgraph_app; grant select on actor to cashgraph_portal; grant select on actor to cashgraph_read; grant select on actor to cashgraph_system;

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
create policy of_tenant on actor_customer for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
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
create policy of_tenant on actor_role for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on actor_role to cashgraph_app; grant select on actor_role to cashgraph_read; grant select on actor_role to cashgraph_system;
comment on column actor_role.legal_entity_id is 'Null: for every legal entity of the tenant';

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
  reverses_id uuid
);
alter table allocation add constraint allocation_account FOREIGN KEY (tenant_id, account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table allocation add constraint allocation_base_currency_fkey FOREIGN KEY (base_currency) REFERENCES currency(code);
alter table allocation add constraint allocation_entry FOREIGN KEY (tenant_id, entry_id) REFERENCES journal_entry(tenant_id, id);
alter table allocation add constraint allocation_from FOREIGN KEY (tenant_id, from_item_id) REFERENCES open_item(tenant_id, id);
alter table allocation add constraint allocation_from_account FOREIGN KEY (tenant_id, from_account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table allocation add constraint allocation_from_currency_fkey FOREIGN KEY (from_currency) REFERENCES currency(code);
alter table allocation add constraint allocation_from_whole CHECK ((((from_item_id IS NULL) = (from_account_id IS NULL)) AND ((from_item_id IS NULL) = (from_minor IS NULL)) AND ((from_item_id IS NULL) = (from_currency IS NULL)) AND ((from_item_id IS NULL) = (from_base_minor IS NULL))));
alter table allocation add constraint allocation_has_side CHECK (((to_item_id IS NOT NULL) OR (from_item_id IS NOT NULL)));
alter table allocation add constraint allocation_kind_known CHECK ((kind = ANY (ARRAY['CASH'::text, 'CREDIT'::text, 'DISCOUNT'::text, 'WRITE_OFF'::text, 'RETURN'::text])));
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
    ELSE ((to_item_id IS NULL) AND (from_item_id IS NOT NULL))
END);
alter table allocation add constraint allocation_to FOREIGN KEY (tenant_id, to_item_id) REFERENCES open_item(tenant_id, id);
alter table allocation add constraint allocation_to_currency_fkey FOREIGN KEY (to_currency) REFERENCES currency(code);
alter table allocation add constraint allocation_to_whole CHECK ((((to_item_id IS NULL) = (to_minor IS NULL)) AND ((to_item_id IS NULL) = (to_currency IS NULL)) AND ((to_item_id IS NULL) = (to_base_minor IS NULL))));
CREATE INDEX allocation_by_account ON public.allocation USING btree (tenant_id, account_id, recorded_at, id);
CREATE INDEX allocation_by_from ON public.allocation USING btree (tenant_id, from_item_id) WHERE (from_item_id IS NOT NULL);
CREATE INDEX allocation_by_to ON public.allocation USING btree (tenant_id, to_item_id) WHERE (to_item_id IS NOT NULL);
alter table allocation enable row level security;
alter table allocation force row level security;
create policy of_portal on allocation for select to cashgraph_portal using (((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) AND ((account_id = ANY ((string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[])) OR (from_account_id = ANY ((string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[])))));
create policy of_tenant on allocation for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER allocation_append_only BEFORE DELETE OR UPDATE ON public.allocation FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_not_emptied BEFORE TRUNCATE ON public.allocation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant insert, select on allocation to cashgraph_app; grant select on allocation to cashgraph_portal; grant select on allocation to cashgraph_read;
comment on table allocation is 'What closed (part of) an item: to_minor lowers a positive item, from_minor uses a negative one; a reversal has the amounts negated';

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
create policy of_tenant on api_key for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
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
  created_at timestamp with time zone not null
);
alter table credit_note add constraint credit_note_account FOREIGN KEY (tenant_id, account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table credit_note add constraint credit_note_base_currency_fkey FOREIGN KEY (base_currency) REFERENCES currency(code);
alter table credit_note add constraint credit_note_currency_fkey FOREIGN KEY (currency) REFERENCES currency(code);
alter table credit_note add constraint credit_note_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice(tenant_id, id);
alter table credit_note add constraint credit_note_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['ISSUED'::text, 'VOIDED'::text])));
alter table credit_note add constraint credit_note_number_unique UNIQUE (tenant_id, legal_entity_id, number);
alter table credit_note add constraint credit_note_pk PRIMARY KEY (tenant_id, id);
alter table credit_note add constraint credit_note_series_unique UNIQUE (tenant_id, legal_entity_id, series_number);
alter table credit_note add constraint credit_note_status_known CHECK ((status = ANY (ARRAY['OPEN'::text, 'PARTIALLY_APPLIED'::text, 'APPLIED'::text, 'VOIDED'::text])));
alter table credit_note add constraint credit_note_sum CHECK ((total_minor = (net_minor + tax_minor)));
alter table credit_note add constraint credit_note_total_positive CHECK ((total_minor >= 0));
CREATE INDEX credit_note_by_account ON public.credit_note USING btree (tenant_id, account_id, issued_on, id);
CREATE INDEX credit_note_by_created ON public.credit_note USING btree (tenant_id, created_at, id);
CREATE INDEX credit_note_by_invoice ON public.credit_note USING btree (tenant_id, invoice_id) WHERE (invoice_id IS NOT NULL);
alter table credit_note enable row level security;
alter table credit_note force row level security;
create policy of_portal on credit_note for select to cashgraph_portal using (((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) AND (account_id = ANY ((string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[]))));
create policy of_tenant on credit_note for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on credit_note to cashgraph_app; grant select on credit_note to cashgraph_portal; grant select on credit_note to cashgraph_read;

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
alter table credit_note_tax add constraint credit_note_tax_currency_fkey FOREIGN KEY (currency) REFERENCES currency(code);
alter table credit_note_tax add constraint credit_note_tax_pk PRIMARY KEY (tenant_id, id);
alter table credit_note_tax add constraint credit_note_tax_unique UNIQUE (tenant_id, credit_note_id, tax_category, tax_rate);
alter table credit_note_tax enable row level security;
alter table credit_note_tax force row level security;
create policy of_portal on credit_note_tax for select to cashgraph_portal using (((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) AND (account_id = ANY ((string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[]))));
create policy of_tenant on credit_note_tax for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on credit_note_tax to cashgraph_app; grant select on credit_note_tax to cashgraph_portal; grant select on credit_note_tax to cashgraph_read;

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
  created_at timestamp with time zone not null
);
alter table customer add constraint customer_country_form CHECK ((country ~ '^[A-Z]{2}$'::text));
alter table customer add constraint customer_not_own_parent CHECK ((parent_id <> id));
alter table customer add constraint customer_number_unique UNIQUE (tenant_id, number);
alter table customer add constraint customer_parent FOREIGN KEY (tenant_id, parent_id) REFERENCES customer(tenant_id, id);
alter table customer add constraint customer_pk PRIMARY KEY (tenant_id, id);
alter table customer add constraint customer_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
CREATE INDEX customer_by_created ON public.customer USING btree (tenant_id, created_at, id);
CREATE INDEX customer_by_name ON public.customer USING btree (tenant_id, search_name, id);
CREATE INDEX customer_by_parent ON public.customer USING btree (tenant_id, parent_id) WHERE (parent_id IS NOT NULL);
alter table customer enable row level security;
alter table customer force row level security;
create policy of_portal on customer for select to cashgraph_portal using (((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) AND (id = ANY ((string_to_array(NULLIF(current_setting('app.customer_ids'::text, true), ''::text), ','::text))::uuid[]))));
create policy of_tenant on customer for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on customer to cashgraph_app; grant select on customer to cashgraph_portal; grant select on customer to cashgraph_read;

create table customer_account (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  customer_id uuid not null,
  number text not null,
  currency text not null,
  payment_terms_id uuid,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table customer_account add constraint customer_account_currency_fkey FOREIGN KEY (currency) REFERENCES currency(code);
alter table customer_account add constraint customer_account_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id);
alter table customer_account add constraint customer_account_legal_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table customer_account add constraint customer_account_number_unique UNIQUE (tenant_id, legal_entity_id, number);
alter table customer_account add constraint customer_account_pk PRIMARY KEY (tenant_id, id);
alter table customer_account add constraint customer_account_terms FOREIGN KEY (tenant_id, payment_terms_id) REFERENCES payment_terms(tenant_id, id);
alter table customer_account add constraint customer_account_within UNIQUE (tenant_id, id, legal_entity_id);
CREATE INDEX customer_account_by_customer ON public.customer_account USING btree (tenant_id, customer_id);
alter table customer_account enable row level security;
alter table customer_account force row level security;
create policy of_portal on customer_account for select to cashgraph_portal using (((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) AND (id = ANY ((string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[]))));
create policy of_system on customer_account for all to cashgraph_system using (true) with check (true);
create policy of_tenant on customer_account for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on customer_account to cashgraph_app; grant select on customer_account to cashgraph_portal; grant select on customer_account to cashgraph_read; grant select on customer_account to cashgraph_system;
comment on table customer_account is 'A customer''s account with one legal entity: what every document names for ever';

create table customer_alias (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  name text not null,
  search_name text collate "C" not null,
  source text not null,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
alter table customer_alias add constraint customer_alias_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id);
alter table customer_alias add constraint customer_alias_pk PRIMARY KEY (tenant_id, id);
alter table customer_alias add constraint customer_alias_unique UNIQUE (tenant_id, customer_id, search_name);
CREATE INDEX customer_alias_by_name ON public.customer_alias USING btree (tenant_id, search_name);
alter table customer_alias enable row level security;
alter table customer_alias force row level security;
create policy of_tenant on customer_alias for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on customer_alias to cashgraph_app; grant select on customer_alias to cashgraph_read;

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
create policy of_tenant on delivery for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on delivery to cashgraph_system;

create table delivery_cursor (
  consumer text not null,
  "position" bigint not null
);
alter table delivery_cursor add constraint delivery_cursor_pk PRIMARY KEY (consumer);
grant insert, select, update on delivery_cursor to cashgraph_system;

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
create policy of_portal on event for select to cashgraph_portal using (((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) AND (account_id = ANY ((string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[]))));
create policy of_system on event for all to cashgraph_system using (true) with check (true);
create policy of_tenant on event for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_not_emptied BEFORE TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant select on event to cashgraph_app; grant select on event to cashgraph_portal; grant select on event to cashgraph_read; grant insert, select on event to cashgraph_system;

create table event_00000 partition of event FOR VALUES FROM ('0') TO ('10000000');
alter table event_00000 enable row level security;
alter table event_00000 force row level security;
create policy of_tenant on event_00000 for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant select on event_00000 to cashgraph_read;

create table event_chain (
  tenant_id uuid not null,
  "position" bigint not null,
  hash text not null
);
alter table event_chain add constraint event_chain_pk PRIMARY KEY (tenant_id);
alter table event_chain add constraint event_chain_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table event_chain enable row level security;
alter table event_chain force row level security;
create policy of_system on event_chain for all to cashgraph_system using (true) with check (true);
create policy of_tenant on event_chain for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant select on event_chain to cashgraph_app; grant select on event_chain to cashgraph_read; grant insert, select, update on event_chain to cashgraph_system;
comment on table event_chain is 'The newest hash of each tenant''s chain; anchor it elsewhere to prove later that nothing was rewritten';

create table event_head (
  is_head boolean not null default true,
  "position" bigint not null,
  partitioned_to bigint not null
);
alter table event_head add constraint event_head_one CHECK (is_head);
alter table event_head add constraint event_head_pk PRIMARY KEY (is_head);
grant insert, select, update on event_head to cashgraph_system;

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
create policy of_tenant on event_inbox for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
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
create policy of_tenant on event_personal for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, select on event_personal to cashgraph_app; grant select on event_personal to cashgraph_read; grant insert, select on event_personal to cashgraph_system;
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
alter table exchange_rate add constraint exchange_rate_from_currency_fkey FOREIGN KEY (from_currency) REFERENCES currency(code);
alter table exchange_rate add constraint exchange_rate_pk PRIMARY KEY (tenant_id, id);
alter table exchange_rate add constraint exchange_rate_positive CHECK ((rate > (0)::numeric));
alter table exchange_rate add constraint exchange_rate_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table exchange_rate add constraint exchange_rate_to_currency_fkey FOREIGN KEY (to_currency) REFERENCES currency(code);
alter table exchange_rate enable row level security;
alter table exchange_rate force row level security;
create policy of_tenant on exchange_rate for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on exchange_rate to cashgraph_app; grant select on exchange_rate to cashgraph_read;
comment on column exchange_rate.rate is 'Units of the target currency for one unit of the source currency';

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
create policy of_tenant on external_ref for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on external_ref to cashgraph_app; grant select on external_ref to cashgraph_read;
comment on table external_ref is 'What another system calls a record of ours; connection is import:<kind> for files';

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
create policy of_tenant on idempotency for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on idempotency to cashgraph_app; grant delete, select on idempotency to cashgraph_system;
comment on table idempotency is 'One row for each command done under a key, written in the transaction of its effect; kept seven days';

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
  created_at timestamp with time zone not null
);
alter table invoice add constraint invoice_account FOREIGN KEY (tenant_id, account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table invoice add constraint invoice_base_currency_fkey FOREIGN KEY (base_currency) REFERENCES currency(code);
alter table invoice add constraint invoice_currency_fkey FOREIGN KEY (currency) REFERENCES currency(code);
alter table invoice add constraint invoice_dated CHECK (((lifecycle <> ALL (ARRAY['ISSUED'::text, 'VOIDED'::text])) OR ((issued_on IS NOT NULL) AND (due_on IS NOT NULL) AND (base_total_minor IS NOT NULL))));
alter table invoice add constraint invoice_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['DRAFT'::text, 'ISSUED'::text, 'CANCELLED'::text, 'VOIDED'::text])));
alter table invoice add constraint invoice_numbered CHECK (((lifecycle = ANY (ARRAY['ISSUED'::text, 'VOIDED'::text])) = (number IS NOT NULL)));
alter table invoice add constraint invoice_origin_known CHECK ((origin = ANY (ARRAY['ISSUED'::text, 'IMPORTED'::text])));
alter table invoice add constraint invoice_pk PRIMARY KEY (tenant_id, id);
alter table invoice add constraint invoice_series_of_ours CHECK (((series_number IS NOT NULL) = ((origin = 'ISSUED'::text) AND (lifecycle = 'ISSUED'::text))));
alter table invoice add constraint invoice_series_unique UNIQUE (tenant_id, legal_entity_id, series_number);
alter table invoice add constraint invoice_settlement CHECK (((lifecycle <> 'ISSUED'::text) OR (open_minor = ((((total_minor - paid_minor) - credited_minor) - discounted_minor) - written_off_minor))));
alter table invoice add constraint invoice_status_known CHECK ((status = ANY (ARRAY['DRAFT'::text, 'OPEN'::text, 'PARTIALLY_PAID'::text, 'PAID'::text, 'CREDITED'::text, 'WRITTEN_OFF'::text, 'CANCELLED'::text, 'VOIDED'::text])));
alter table invoice add constraint invoice_sum CHECK ((total_minor = (net_minor + tax_minor)));
alter table invoice add constraint invoice_terms FOREIGN KEY (tenant_id, payment_terms_id) REFERENCES payment_terms(tenant_id, id);
alter table invoice add constraint invoice_total_positive CHECK ((total_minor >= 0));
CREATE INDEX invoice_by_account ON public.invoice USING btree (tenant_id, account_id, issued_on, id);
CREATE INDEX invoice_by_created ON public.invoice USING btree (tenant_id, created_at, id);
CREATE INDEX invoice_by_due ON public.invoice USING btree (tenant_id, due_on, id);
CREATE INDEX invoice_by_issued ON public.invoice USING btree (tenant_id, issued_on, id);
CREATE INDEX invoice_by_number ON public.invoice USING btree (tenant_id, number, id);
CREATE INDEX invoice_by_status ON public.invoice USING btree (tenant_id, status, due_on, id);
CREATE UNIQUE INDEX invoice_number_ours ON public.invoice USING btree (tenant_id, legal_entity_id, number) WHERE (origin = 'ISSUED'::text);
alter table invoice enable row level security;
alter table invoice force row level security;
create policy of_portal on invoice for select to cashgraph_portal using (((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) AND (account_id = ANY ((string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[])) AND (lifecycle <> ALL (ARRAY['DRAFT'::text, 'CANCELLED'::text]))));
create policy of_tenant on invoice for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on invoice to cashgraph_app; grant select on invoice to cashgraph_portal; grant select on invoice to cashgraph_read;

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
  tax_rate numeric(7,4) not null
);
alter table invoice_line add constraint invoice_line_currency_fkey FOREIGN KEY (currency) REFERENCES currency(code);
alter table invoice_line add constraint invoice_line_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice(tenant_id, id);
alter table invoice_line add constraint invoice_line_pk PRIMARY KEY (tenant_id, id);
alter table invoice_line add constraint invoice_line_rate_range CHECK (((tax_rate >= (0)::numeric) AND (tax_rate <= (100)::numeric)));
alter table invoice_line add constraint invoice_line_unique UNIQUE (tenant_id, invoice_id, line_number);
alter table invoice_line enable row level security;
alter table invoice_line force row level security;
create policy of_portal on invoice_line for select to cashgraph_portal using (((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) AND (account_id = ANY ((string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[]))));
create policy of_tenant on invoice_line for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on invoice_line to cashgraph_app; grant select on invoice_line to cashgraph_portal; grant select on invoice_line to cashgraph_read;

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
alter table invoice_tax add constraint invoice_tax_currency_fkey FOREIGN KEY (currency) REFERENCES currency(code);
alter table invoice_tax add constraint invoice_tax_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice(tenant_id, id);
alter table invoice_tax add constraint invoice_tax_pk PRIMARY KEY (tenant_id, id);
alter table invoice_tax add constraint invoice_tax_unique UNIQUE (tenant_id, invoice_id, tax_category, tax_rate);
alter table invoice_tax enable row level security;
alter table invoice_tax force row level security;
create policy of_portal on invoice_tax for select to cashgraph_portal using (((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) AND (account_id = ANY ((string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[]))));
create policy of_tenant on invoice_tax for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant delete, insert, select, update on invoice_tax to cashgraph_app; grant select on invoice_tax to cashgraph_portal; grant select on invoice_tax to cashgraph_read;

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
  actor_id uuid not null
);
alter table journal_entry add constraint journal_entry_legal_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table journal_entry add constraint journal_entry_pk PRIMARY KEY (tenant_id, id);
alter table journal_entry add constraint journal_entry_reversed_once UNIQUE (tenant_id, reverses_id);
alter table journal_entry add constraint journal_entry_reverses FOREIGN KEY (tenant_id, reverses_id) REFERENCES journal_entry(tenant_id, id);
CREATE INDEX journal_entry_by_day ON public.journal_entry USING btree (tenant_id, legal_entity_id, effective_on);
CREATE INDEX journal_entry_by_record ON public.journal_entry USING btree (tenant_id, record_id);
alter table journal_entry enable row level security;
alter table journal_entry force row level security;
create policy of_tenant on journal_entry for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER journal_entry_append_only BEFORE DELETE OR UPDATE ON public.journal_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_entry_not_emptied BEFORE TRUNCATE ON public.journal_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_entry_period_open AFTER INSERT ON public.journal_entry REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_period();
grant insert, select on journal_entry to cashgraph_app; grant select on journal_entry to cashgraph_read;

create table lease (
  name text not null,
  owner text not null,
  token bigint not null,
  until timestamp with time zone not null
);
alter table lease add constraint lease_pk PRIMARY KEY (name);
grant insert, select, update on lease to cashgraph_system;
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
  created_at timestamp with time zone not null
);
alter table legal_entity add constraint legal_entity_code_unique UNIQUE (tenant_id, code);
alter table legal_entity add constraint legal_entity_country_form CHECK ((country ~ '^[A-Z]{2}$'::text));
alter table legal_entity add constraint legal_entity_functional_currency_fkey FOREIGN KEY (functional_currency) REFERENCES currency(code);
alter table legal_entity add constraint legal_entity_pk PRIMARY KEY (tenant_id, id);
alter table legal_entity add constraint legal_entity_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id);
alter table legal_entity enable row level security;
alter table legal_entity force row level security;
create policy of_portal on legal_entity for select to cashgraph_portal using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
create policy of_system on legal_entity for all to cashgraph_system using (true) with check (true);
create policy of_tenant on legal_entity for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on legal_entity to cashgraph_app; grant select on legal_entity to cashgraph_portal; grant select on legal_entity to cashgraph_read; grant select on legal_entity to cashgraph_system;
comment on column legal_entity.closed_through is 'The last day of the books that is closed: nothing of ours posts on or before it';

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
alter table number_series add constraint number_series_kind_known CHECK ((kind = ANY (ARRAY['INVOICE'::text, 'CREDIT_NOTE'::text, 'PAYMENT'::text])));
alter table number_series add constraint number_series_kind_unique UNIQUE (tenant_id, legal_entity_id, kind);
alter table number_series add constraint number_series_legal_entity FOREIGN KEY (tenant_id, legal_entity_id) REFERENCES legal_entity(tenant_id, id);
alter table number_series add constraint number_series_pk PRIMARY KEY (tenant_id, id);
alter table number_series add constraint number_series_positive CHECK ((next_number > 0));
alter table number_series enable row level security;
alter table number_series force row level security;
create policy of_tenant on number_series for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
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
  version integer not null default 1
);
alter table open_item add constraint open_item_account FOREIGN KEY (tenant_id, account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table open_item add constraint open_item_base_currency_fkey FOREIGN KEY (base_currency) REFERENCES currency(code);
alter table open_item add constraint open_item_base_within CHECK (((open_minor <> 0) OR (base_open_minor = 0)));
alter table open_item add constraint open_item_currency_fkey FOREIGN KEY (currency) REFERENCES currency(code);
alter table open_item add constraint open_item_document_unique UNIQUE (tenant_id, document_id, instalment);
alter table open_item add constraint open_item_kind_known CHECK ((kind = ANY (ARRAY['INVOICE'::text, 'CREDIT_NOTE'::text, 'PAYMENT'::text, 'DEBIT'::text, 'OPENING'::text])));
alter table open_item add constraint open_item_pk PRIMARY KEY (tenant_id, id);
alter table open_item add constraint open_item_settled CHECK (((settled_on IS NOT NULL) = (open_minor = 0)));
alter table open_item add constraint open_item_sum CHECK ((open_minor = (((((original_minor - cash_minor) - credit_minor) - discount_minor) - write_off_minor) - returned_minor)));
alter table open_item add constraint open_item_within CHECK (((open_minor >= LEAST((0)::bigint, original_minor)) AND (open_minor <= GREATEST((0)::bigint, original_minor))));
CREATE INDEX open_item_by_account ON public.open_item USING btree (tenant_id, account_id, due_on, id);
CREATE INDEX open_item_by_document ON public.open_item USING btree (tenant_id, document_id);
CREATE INDEX open_item_by_due ON public.open_item USING btree (tenant_id, due_on, id);
CREATE INDEX open_item_open ON public.open_item USING btree (tenant_id, legal_entity_id, due_on, id) WHERE (settled_on IS NULL);
alter table open_item enable row level security;
alter table open_item force row level security;
create policy of_portal on open_item for select to cashgraph_portal using (((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) AND (account_id = ANY ((string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[]))));
create policy of_tenant on open_item for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on open_item to cashgraph_app; grant select on open_item to cashgraph_portal; grant select on open_item to cashgraph_read;
comment on table open_item is 'The unit of receivables: positive is owed to us, negative is owed by us; open = original less what its allocations took';

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
  created_at timestamp with time zone not null
);
alter table payment add constraint payment_account FOREIGN KEY (tenant_id, account_id, legal_entity_id) REFERENCES customer_account(tenant_id, id, legal_entity_id);
alter table payment add constraint payment_amount_positive CHECK ((amount_minor > 0));
alter table payment add constraint payment_base_currency_fkey FOREIGN KEY (base_currency) REFERENCES currency(code);
alter table payment add constraint payment_currency_fkey FOREIGN KEY (currency) REFERENCES currency(code);
alter table payment add constraint payment_lifecycle_known CHECK ((lifecycle = ANY (ARRAY['PENDING'::text, 'RECEIVED'::text, 'FAILED'::text, 'CANCELLED'::text, 'RETURNED'::text])));
alter table payment add constraint payment_method_known CHECK ((method = ANY (ARRAY['BANK_TRANSFER'::text, 'DIRECT_DEBIT'::text, 'CARD'::text, 'CHEQUE'::text, 'CASH'::text, 'OTHER'::text])));
alter table payment add constraint payment_number_unique UNIQUE (tenant_id, legal_entity_id, number);
alter table payment add constraint payment_open_within CHECK (((open_minor >= 0) AND (open_minor <= amount_minor)));
alter table payment add constraint payment_origin_known CHECK ((origin = ANY (ARRAY['RECORDED'::text, 'IMPORTED'::text])));
alter table payment add constraint payment_pk PRIMARY KEY (tenant_id, id);
alter table payment add constraint payment_received CHECK (((lifecycle = ANY (ARRAY['RECEIVED'::text, 'RETURNED'::text])) = (received_on IS NOT NULL)));
alter table payment add constraint payment_returned CHECK (((lifecycle = 'RETURNED'::text) = (returned_on IS NOT NULL)));
alter table payment add constraint payment_status_known CHECK ((status = ANY (ARRAY['PENDING'::text, 'UNAPPLIED'::text, 'PARTIALLY_APPLIED'::text, 'APPLIED'::text, 'FAILED'::text, 'CANCELLED'::text, 'RETURNED'::text])));
CREATE INDEX payment_by_account ON public.payment USING btree (tenant_id, account_id, received_on, id);
CREATE INDEX payment_by_created ON public.payment USING btree (tenant_id, created_at, id);
CREATE INDEX payment_by_reference ON public.payment USING btree (tenant_id, reference) WHERE (reference IS NOT NULL);
CREATE INDEX payment_by_status ON public.payment USING btree (tenant_id, status, received_on, id);
alter table payment enable row level security;
alter table payment force row level security;
create policy of_portal on payment for select to cashgraph_portal using (((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) AND (account_id = ANY ((string_to_array(NULLIF(current_setting('app.account_ids'::text, true), ''::text), ','::text))::uuid[]))));
create policy of_tenant on payment for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on payment to cashgraph_app; grant select on payment to cashgraph_portal; grant select on payment to cashgraph_read;

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
create policy of_portal on payment_terms for select to cashgraph_portal using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
create policy of_tenant on payment_terms for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on payment_terms to cashgraph_app; grant select on payment_terms to cashgraph_portal; grant select on payment_terms to cashgraph_read;

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
alter table tenant add constraint tenant_group_currency_known FOREIGN KEY (group_currency) REFERENCES currency(code);
alter table tenant add constraint tenant_pk PRIMARY KEY (tenant_id);
alter table tenant add constraint tenant_slug_unique UNIQUE (slug);
alter table tenant enable row level security;
alter table tenant force row level security;
create policy of_portal on tenant for select to cashgraph_portal using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
create policy of_system on tenant for all to cashgraph_system using (true) with check (true);
create policy of_tenant on tenant for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
grant insert, select, update on tenant to cashgraph_app; grant select on tenant to cashgraph_portal; grant select on tenant to cashgraph_read; grant select on tenant to cashgraph_system;
comment on column tenant.clock_offset_ms is 'How far the business clock of a sandbox runs ahead of the wall clock, in milliseconds';

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
alter table transfer add constraint transfer_base_currency_fkey FOREIGN KEY (base_currency) REFERENCES currency(code);
alter table transfer add constraint transfer_base_positive CHECK ((base_minor >= 0));
alter table transfer add constraint transfer_credit_item_of_receivable CHECK (((credit_code = 'RECEIVABLE'::text) = (credit_item_id IS NOT NULL)));
alter table transfer add constraint transfer_credit_known CHECK ((credit_code = ANY (ARRAY['RECEIVABLE'::text, 'BILLED'::text, 'TAX'::text, 'CASH_CLEARING'::text, 'DISCOUNT'::text, 'BAD_DEBT'::text, 'ALLOWANCE'::text, 'CURRENCY_CLEARING'::text, 'FX'::text, 'OPENING'::text, 'RECOVERY'::text, 'IMPAIRMENT'::text])));
alter table transfer add constraint transfer_currency_fkey FOREIGN KEY (currency) REFERENCES currency(code);
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
create policy of_tenant on transfer for all to cashgraph_app, cashgraph_read using ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE TRIGGER transfer_append_only BEFORE DELETE OR UPDATE ON public.transfer FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_not_emptied BEFORE TRUNCATE ON public.transfer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant insert, select on transfer to cashgraph_app; grant select on transfer to cashgraph_read;
