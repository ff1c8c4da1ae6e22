// What all peers share: how they say that they listen, how they end, and the sums of ageing, which are the same statement for each.
export function endWithBench(server) {
  process.stdout.write(`ready ${server.address().port}\n`);
  process.on('SIGTERM', () => process.exit());
  process.stdin.on('end', () => process.exit()).resume();
}

const bucket = (condition) =>
  `money_text(coalesce(sum(t.open_minor) filter (where t.open_minor > 0 and ${condition}), 0)::bigint, t.currency)`;

/** @param tenant and @param today as SQL */
export const AGEING_SQL = (tenant, today) => `
  select coalesce(c.segment, '') as segment, t.currency, ${bucket(`${today} - t.due_on <= 0`)} as not_due, ${bucket(`${today} - t.due_on between 1 and 30`)} as days1,
    ${bucket(`${today} - t.due_on between 31 and 60`)} as days31, ${bucket(`${today} - t.due_on between 61 and 90`)} as days61, ${bucket(`${today} - t.due_on > 90`)} as over90,
    money_text(coalesce(sum(t.open_minor) filter (where t.open_minor < 0), 0)::bigint, t.currency) as unapplied, money_text(sum(t.open_minor)::bigint, t.currency) as total,
    count(*)::int as item_count
  from open_item t join customer_account a on a.tenant_id = t.tenant_id and a.id = t.account_id join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
  where t.tenant_id = ${tenant} and t.settled_on is null group by 1, 2 order by 1, 2`;
