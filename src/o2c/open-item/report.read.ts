/** Statement and trial balance as SQL: each row in scope, each figure as of a day and as known at an instant. */
import type { Moment } from '../../read/catalogue.ts';
import { type Sql, sql } from '../../read/sql.ts';
import { inMoment } from './open-item.read.ts';

export interface StatementRequest {
  readonly accountId: string;
  readonly from: string;
  readonly moment: Moment & { readonly asOf: string };
  readonly scope: (record: string, alias: string) => Sql;
}

/** What an ERP took back on its own day is not shown, as if it had never been: an item with everything that was set against it … */
const stands = (item: string, moment: Moment): Sql => sql`(${sql.id(item, 'voided_minor')} = 0 or not exists (
  select from allocation v where v.tenant_id = ${sql.id(item, 'tenant_id')} and v.kind = 'VOID' and v.reverses_id is null
    and v.effective_on = ${sql.id(item, 'effective_on')} and ${sql.id(item, 'id')} in (v.to_item_id, v.from_item_id) and ${inMoment('v', moment)}))`;

/** … and an allocation with its reversal, where that counts on the same day. */
const counts = (allocation: string, moment: Moment): Sql => sql`not exists (
  select from allocation r where r.tenant_id = ${sql.id(allocation, 'tenant_id')} and r.connection_id is not null
    and r.reverses_id = coalesce(${sql.id(allocation, 'reverses_id')}, ${sql.id(allocation, 'id')}) and ${inMoment('r', moment)}
    and r.effective_on = (select o.effective_on from allocation o where o.tenant_id = r.tenant_id and o.id = r.reverses_id))`;

/** The movements of an account's receivable by currency, day and document, with the balance before and after each. */
export function statementSql({ accountId, from, moment, scope }: StatementRequest): Sql {
  const account = sql.typed(accountId, 'uuid');
  return sql`
    with movement as (
      select t.currency, t.effective_on, t.recorded_at, t.kind, t.document_number, null::text as other_number, t.original_minor as amount, t.id
        from open_item t where ${scope('OpenItem', 't')} and t.account_id = ${account} and ${inMoment('t', moment)} and ${stands('t', moment)}
      union all
      select o.currency, a.effective_on, a.recorded_at, a.kind, o.document_number, null, -a.to_minor, a.id
        from allocation a join open_item o on o.tenant_id = a.tenant_id and o.id = a.to_item_id and ${scope('OpenItem', 'o')}
        where ${scope('Allocation', 'a')} and o.account_id = ${account} and ${inMoment('a', moment)} and ${stands('o', moment)} and ${counts('a', moment)}
      union all
      select o.currency, a.effective_on, a.recorded_at, a.kind, o.document_number, null, a.from_minor, a.id
        from allocation a join open_item o on o.tenant_id = a.tenant_id and o.id = a.from_item_id and ${scope('OpenItem', 'o')}
        where ${scope('Allocation', 'a')} and o.account_id = ${account} and ${inMoment('a', moment)} and ${stands('o', moment)} and ${counts('a', moment)}
    ), running as (
      select m.*, sum(amount) over (partition by currency order by effective_on, recorded_at, id, amount desc) as balance from movement m
    )
    select currency, effective_on::text as "effectiveOn", kind, document_number as "documentNumber", money_text(amount, currency) as amount, money_text(balance::bigint, currency) as balance
    from running where effective_on >= ${sql.typed(from, 'date')} order by currency, effective_on, recorded_at, id, amount desc`;
}

export interface TrialBalanceRequest {
  readonly moment: Moment;
  readonly legalEntityId: string | null;
  readonly scope: (record: string, alias: string) => Sql;
}

/** Debits and credits of each ledger code, per legal entity and currency. The balances of a legal entity's base column add up to nothing. */
export function trialBalanceSql({ moment, legalEntityId, scope }: TrialBalanceRequest): Sql {
  const side = (name: 'debit' | 'credit') => sql`
    select t.legal_entity_id, t.${sql.id(`${name}_code`)} as code, t.currency, t.base_currency,
      ${name === 'debit' ? sql`t.amount_minor` : sql`0`} as debit, ${name === 'credit' ? sql`t.amount_minor` : sql`0`} as credit,
      ${name === 'debit' ? sql`t.base_minor` : sql`-t.base_minor`} as base
    from transfer t where ${scope('Transfer', 't')} and ${inMoment('t', moment)}
      ${legalEntityId === null ? sql.empty : sql`and t.legal_entity_id = ${sql.typed(legalEntityId, 'uuid')}`}`;
  return sql`
    select le.code as "legalEntityCode", s.code, s.currency, s.base_currency as "baseCurrency",
      money_text(sum(s.debit)::bigint, s.currency) as debit, money_text(sum(s.credit)::bigint, s.currency) as credit,
      money_text(sum(s.debit - s.credit)::bigint, s.currency) as balance, money_text(sum(s.base)::bigint, s.base_currency) as "baseBalance"
    from (${side('debit')} union all ${side('credit')}) s
    join legal_entity le on le.id = s.legal_entity_id and ${scope('LegalEntity', 'le')}
    group by le.code, s.code, s.currency, s.base_currency order by le.code, s.code, s.currency`;
}
