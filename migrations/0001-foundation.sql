-- Money, tenants and who may act: what every other table refers to.
-- Habits: tenant_id leads every key; status is text with a check; _minor is an amount in the currency's smallest unit;
-- _on is a plain date in the legal entity's zone; _at is an instant. Nothing here needs a Postgres newer than 15.

create table currency (
  code text constraint currency_pk primary key,
  exponent int not null constraint currency_exponent_range check (exponent between 0 and 4)
);
comment on table currency is 'ISO 4217 currencies and how many decimals their amounts have';

insert into currency (code, exponent)
select code, 2 from unnest(string_to_array('AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL', ' ')) code
union all select code, 0 from unnest(string_to_array('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF', ' ')) code
union all select code, 3 from unnest(string_to_array('BHD IQD JOD KWD LYD OMR TND', ' ')) code
union all select code, 4 from unnest(string_to_array('CLF UYW', ' ')) code;

-- The same codes once more: a row is checked by a comparison, where a foreign key would look each one up and lock it. A test holds both together.
create function is_currency(code text) returns boolean language sql immutable parallel safe as $$
  select code in (
    'AED','AFN','ALL','AMD','ANG','AOA','ARS','AUD','AWG','AZN','BAM','BBD','BDT','BGN','BHD','BIF','BMD','BND','BOB','BOV',
    'BRL','BSD','BTN','BWP','BYN','BZD','CAD','CDF','CHE','CHF','CHW','CLF','CLP','CNY','COP','COU','CRC','CUC','CUP','CVE',
    'CZK','DJF','DKK','DOP','DZD','EGP','ERN','ETB','EUR','FJD','FKP','GBP','GEL','GHS','GIP','GMD','GNF','GTQ','GYD','HKD',
    'HNL','HRK','HTG','HUF','IDR','ILS','INR','IQD','IRR','ISK','JMD','JOD','JPY','KES','KGS','KHR','KMF','KPW','KRW','KWD',
    'KYD','KZT','LAK','LBP','LKR','LRD','LSL','LYD','MAD','MDL','MGA','MKD','MMK','MNT','MOP','MRU','MUR','MVR','MWK','MXN',
    'MXV','MYR','MZN','NAD','NGN','NIO','NOK','NPR','NZD','OMR','PAB','PEN','PGK','PHP','PKR','PLN','PYG','QAR','RON','RSD',
    'RUB','RWF','SAR','SBD','SCR','SDG','SEK','SGD','SHP','SLE','SLL','SOS','SRD','SSP','STN','SVC','SYP','SZL','THB','TJS',
    'TMT','TND','TOP','TRY','TTD','TWD','TZS','UAH','UGX','USD','USN','UYI','UYU','UYW','UZS','VED','VES','VND','VUV','WST',
    'XAF','XCD','XCG','XOF','XPF','YER','ZAR','ZMW','ZWG','ZWL')
$$;

-- Immutable, so that it is inlined into the statement; a test holds it against the table above.
create function currency_exponent(code text) returns int language sql immutable parallel safe as $$
  select case
    when code in ('BIF','CLP','DJF','GNF','ISK','JPY','KMF','KRW','PYG','RWF','UGX','UYI','VND','VUV','XAF','XOF','XPF') then 0
    when code in ('BHD','IQD','JOD','KWD','LYD','OMR','TND') then 3
    when code in ('CLF','UYW') then 4
    else 2 end
$$;

create function money_numeric(minor bigint, code text) returns numeric language sql immutable parallel safe as $$
  select case currency_exponent(code) when 0 then minor::numeric when 2 then minor * 0.01 when 3 then minor * 0.001 else minor * 0.0001 end
$$;

create function money_text(minor bigint, code text) returns text language sql immutable parallel safe as $$
  select money_numeric(minor, code)::text
$$;
comment on function money_text is 'The only way from minor units to text: 1234, USD is 12.34; 1234, JPY is 1234';

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append only', tg_table_name using errcode = 'CG001';
end $$;

create table tenant (
  tenant_id uuid not null constraint tenant_pk primary key,
  slug text not null constraint tenant_slug_unique unique,
  name text not null,
  group_currency text not null constraint tenant_group_currency_known check (is_currency(group_currency)),
  is_sandbox boolean not null default false,
  clock_offset_ms bigint not null default 0 constraint tenant_clock_forward check (clock_offset_ms >= 0),
  version int not null default 1,
  created_at timestamptz not null,
  constraint tenant_clock_sandbox check (is_sandbox or clock_offset_ms = 0)
);
comment on column tenant.clock_offset_ms is 'How far the business clock of a sandbox runs ahead of the wall clock, in milliseconds';

create table legal_entity (
  tenant_id uuid not null references tenant,
  id uuid not null,
  code text not null,
  name text not null,
  country text not null constraint legal_entity_country_form check (country ~ '^[A-Z]{2}$'),
  functional_currency text not null constraint legal_entity_functional_currency_known check (is_currency(functional_currency)),
  time_zone text not null,
  closed_through date,
  version int not null default 1,
  created_at timestamptz not null,
  constraint legal_entity_pk primary key (tenant_id, id),
  constraint legal_entity_code_unique unique (tenant_id, code)
);
comment on column legal_entity.closed_through is 'The last day of the books that is closed: nothing of ours posts on or before it';

create table exchange_rate (
  tenant_id uuid not null references tenant,
  id uuid not null,
  from_currency text not null constraint exchange_rate_from_currency_known check (is_currency(from_currency)),
  to_currency text not null constraint exchange_rate_to_currency_known check (is_currency(to_currency)),
  valid_on date not null,
  rate numeric(28, 12) not null constraint exchange_rate_positive check (rate > 0),
  version int not null default 1,
  created_at timestamptz not null,
  constraint exchange_rate_pk primary key (tenant_id, id),
  constraint exchange_rate_day_unique unique (tenant_id, from_currency, to_currency, valid_on),
  constraint exchange_rate_apart check (from_currency <> to_currency)
);
comment on column exchange_rate.rate is 'Units of the target currency for one unit of the source currency';

create table actor (
  tenant_id uuid not null references tenant,
  id uuid not null,
  kind text not null constraint actor_kind_known check (kind in ('USER', 'PORTAL', 'API_KEY', 'SYSTEM')),
  name text not null,
  email text,
  issuer text,
  subject text,
  revoked_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null,
  constraint actor_pk primary key (tenant_id, id),
  constraint actor_subject_whole check ((issuer is null) = (subject is null)),
  constraint actor_subject_unique unique (tenant_id, issuer, subject)
);

create table actor_role (
  tenant_id uuid not null,
  id uuid not null,
  actor_id uuid not null,
  role text not null,
  legal_entity_id uuid,
  version int not null default 1,
  created_at timestamptz not null,
  constraint actor_role_pk primary key (tenant_id, id),
  constraint actor_role_actor foreign key (tenant_id, actor_id) references actor,
  constraint actor_role_legal_entity foreign key (tenant_id, legal_entity_id) references legal_entity,
  constraint actor_role_unique unique nulls not distinct (tenant_id, actor_id, role, legal_entity_id)
);
comment on column actor_role.legal_entity_id is 'Null: for every legal entity of the tenant';

create table api_key (
  tenant_id uuid not null,
  id uuid not null,
  actor_id uuid not null,
  name text not null,
  lookup text not null,
  secret_hash text not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null,
  constraint api_key_pk primary key (tenant_id, id),
  constraint api_key_actor foreign key (tenant_id, actor_id) references actor,
  constraint api_key_lookup_unique unique (lookup)
);
comment on column api_key.lookup is 'The public first part of the key, by which it is found; the rest is only kept as a hash';

create table number_series (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  kind text not null constraint number_series_kind_known check (kind in ('INVOICE', 'CREDIT_NOTE', 'PAYMENT')),
  prefix text not null,
  next_number bigint not null default 1 constraint number_series_positive check (next_number > 0),
  last_on date,
  constraint number_series_pk primary key (tenant_id, id),
  constraint number_series_legal_entity foreign key (tenant_id, legal_entity_id) references legal_entity,
  constraint number_series_kind_unique unique (tenant_id, legal_entity_id, kind)
);

comment on column number_series.last_on is 'The newest document date drawn so far: dates don''t fall as numbers rise. Null where the series doesn''t demand it';

create table idempotency (
  tenant_id uuid not null references tenant,
  actor_id uuid not null,
  operation text not null,
  key text not null,
  input_hash text not null,
  record_kind text,
  record_id uuid,
  selection_hash text,
  answer text,
  created_at timestamptz not null,
  constraint idempotency_pk primary key (tenant_id, actor_id, operation, key)
);
create index idempotency_created on idempotency (created_at);
comment on column idempotency.input_hash is 'A salt and a hash over it and the input, which may hold credentials';
comment on table idempotency is 'One row for each command done under a key, written in the transaction of its effect; kept seven days';
