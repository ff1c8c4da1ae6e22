-- Not in SQL: a function in SQL becomes part of each check, so it was read and planned anew for each of them with every statement that writes
-- an amount. This is compiled once for each connection. An order alone has eleven such checks.
do $$
declare
  codes constant text := (select string_agg(code, ',' order by code) from currency);
begin
  execute format($f$
    create or replace function is_currency(code text) returns boolean language plpgsql immutable parallel safe as $p$
    begin
      return length(code) = 3 and strpos(%L, code) %% 4 = 1;
    end $p$
  $f$, codes);
end $$;
