-- What every order, payment and invoice goes through, at less cost.

-- A check is prepared anew with each statement: a list of all codes in it takes longer to read than the row takes to be written.
create or replace function is_currency(code text) returns boolean language sql immutable parallel safe as $$
  select length(code) = 3 and strpos(
    'AED,AFN,ALL,AMD,ANG,AOA,ARS,AUD,AWG,AZN,BAM,BBD,BDT,BGN,BHD,BIF,BMD,BND,BOB,BOV,BRL,BSD,BTN,BWP,BYN,BZD,CAD,CDF,CHE,CHF,CHW,CLF,CLP,CNY,COP,COU,CRC,CUC,CUP,CVE,CZK,DJF,DKK,DOP,DZD,EGP,ERN,ETB,EUR,FJD,FKP,GBP,GEL,GHS,GIP,GMD,GNF,GTQ,GYD,HKD,HNL,HRK,HTG,HUF,IDR,ILS,INR,IQD,IRR,ISK,JMD,JOD,JPY,KES,KGS,KHR,KMF,KPW,KRW,KWD,KYD,KZT,LAK,LBP,LKR,LRD,LSL,LYD,MAD,MDL,MGA,MKD,MMK,MNT,MOP,MRU,MUR,MVR,MWK,MXN,MXV,MYR,MZN,NAD,NGN,NIO,NOK,NPR,NZD,OMR,PAB,PEN,PGK,PHP,PKR,PLN,PYG,QAR,RON,RSD,RUB,RWF,SAR,SBD,SCR,SDG,SEK,SGD,SHP,SLE,SLL,SOS,SRD,SSP,STN,SVC,SYP,SZL,THB,TJS,TMT,TND,TOP,TRY,TTD,TWD,TZS,UAH,UGX,USD,USN,UYI,UYU,UYW,UZS,VED,VES,VND,VUV,WST,XAF,XCD,XCG,XOF,XPF,YER,ZAR,ZMW,ZWG,ZWL', code) % 4 = 1
$$;

drop function lock_credit_chains(uuid[], uuid[]);
-- Several statements, so that each sees what was committed while the one before it waited; in one call, since every payment makes it.
create function lock_credit_chains(accounts uuid[], customers uuid[])
returns table (id uuid, customer_id uuid, parent_id uuid, accounts_of uuid[], number text, exposure_minor bigint, limit_group_minor bigint, is_blocked boolean, block_reason text)
language plpgsql as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock_shared(hierarchy_key());
  if exists (select from customer_account a join customer c on c.id = a.customer_id where a.id = any (accounts) and c.parent_id is not null)
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
        select a.customer_id as id, a.id as account_id from customer_account a where a.id = any (accounts)
        union all select c, null from unnest(customers) as c
      ), own as (
        select n.id, coalesce(array_agg(n.account_id) filter (where n.account_id is not null), '{}') as accounts_of from named n group by n.id
      )
      select ca.id, ca.customer_id, null::uuid, o.accounts_of, c.number, ca.exposure_minor, ca.limit_group_minor, ca.is_blocked, ca.block_reason
      from own o join credit_account ca on ca.customer_id = o.id join customer c on c.id = o.id order by ca.id for update of ca;
  end if;
end $$;
comment on function lock_credit_chains is 'Locks the credit accounts of the customers of accounts, of other customers and of everything above them: from the root down, then by id, which is one order for everybody';
revoke all on function lock_credit_chains from public;
grant execute on function lock_credit_chains to cashgraph_app;
