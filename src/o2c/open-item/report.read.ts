/** Ageing, statement and trial balance as SQL: each row in scope, each figure as of a day and as known at an instant. */
import type { Moment } from '../../read/catalogue.ts';
import { type Sql, sql } from '../../read/sql.ts';
import { inMoment, openAt } from './open-item.read.ts';

const GROUPS = {
  ACCOUNT: ['legal_entity_code', 'customer_number', 'customer_name', 'account_number'],
  CUSTOMER: ['customer_number', 'customer_name'],
  LEGAL_ENTITY: ['legal_entity_code'],
  SEGMENT: ['segment'],
} as const;
export type AgeingGroup = keyof typeof GROUPS;
export const AGEING_GROUPS = Object.keys(GROUPS) as AgeingGroup[];

export interface AgeingRequest {
  readonly moment: Moment;
  /** What the business clock runs ahead is read with the rows: a principal may be older than its last move. */
  readonly wallNow: Date;
  readonly groupBy: AgeingGroup;
  readonly legalEntityId: string | null;
  readonly customerId: string | null;
  /** The principal's scope over an alias. */
  readonly scope: (record: string, alias: string) => Sql;
}

/** Today in each legal entity's zone by the tenant's business clock, unless a day is asked for. */
const dayOf = (moment: Moment, wallNow: Date): Sql =>
  moment.asOf === null
    ? sql`((${sql.typed(wallNow.toISOString(), 'timestamptz')} + (select n.clock_offset_ms from tenant n where n.tenant_id = t.tenant_id) * interval '1 millisecond') at time zone le.time_zone)::date`
    : sql.typed(moment.asOf, 'date');

/** Items of nothing left out, each with its days overdue and the names that rows are grouped by. */
function openItems({ moment, wallNow, legalEntityId, customerId, scope }: Omit<AgeingRequest, 'groupBy'>): Sql {
  return sql`
    select le.code as legal_entity_code, c.number as customer_number, c.name as customer_name, ca.number as account_number, coalesce(c.segment, '') as segment,
      t.currency, ${openAt('t', moment)} as open, ${dayOf(moment, wallNow)} - t.due_on as days_overdue
    from open_item t
    join customer_account ca on ca.tenant_id = t.tenant_id and ca.id = t.account_id and ${scope('CustomerAccount', 'ca')}
    join customer c on c.tenant_id = ca.tenant_id and c.id = ca.customer_id and ${scope('Customer', 'c')}
    join legal_entity le on le.tenant_id = t.tenant_id and le.id = t.legal_entity_id and ${scope('LegalEntity', 'le')}
    where ${scope('OpenItem', 't')} and ${inMoment('t', moment)}
      ${moment.asOf === null && moment.knownAt === null ? sql`and t.settled_on is null` : sql.empty}
      ${legalEntityId === null ? sql.empty : sql`and t.legal_entity_id = ${sql.typed(legalEntityId, 'uuid')}`}
      ${customerId === null ? sql.empty : sql`and ca.customer_id = ${sql.typed(customerId, 'uuid')}`}`;
}

/** One row per group and currency; the buckets and `unapplied` (what we owe) add up to the total. */
export function ageingSql(request: AgeingRequest): Sql {
  const keys = GROUPS[request.groupBy].map((name) => sql.id('i', name));
  const bucket = (condition: Sql) =>
    sql`money_text(coalesce(sum(i.open) filter (where i.open > 0 and ${condition}), 0)::bigint, i.currency)`;
  return sql`
    select ${sql.join(keys)}, i.currency,
      ${bucket(sql`i.days_overdue <= 0`)} as "notDue", ${bucket(sql`i.days_overdue between 1 and 30`)} as "days1To30",
      ${bucket(sql`i.days_overdue between 31 and 60`)} as "days31To60", ${bucket(sql`i.days_overdue between 61 and 90`)} as "days61To90",
      ${bucket(sql`i.days_overdue > 90`)} as "over90",
      money_text(coalesce(sum(i.open) filter (where i.open < 0), 0)::bigint, i.currency) as unapplied,
      money_text(sum(i.open)::bigint, i.currency) as total, count(*)::int as "itemCount"
    from (${openItems(request)}) i
    where i.open <> 0 group by ${sql.join(keys)}, i.currency order by ${sql.join(keys)}, i.currency`;
}

export interface StatementRequest {
  readonly accountId: string;
  readonly from: string;
  readonly moment: Moment & { readonly asOf: string };
  readonly scope: (record: string, alias: string) => Sql;
}

/** What an ERP took back is not shown, as if it had never been: an item with everything that was set against it … */
const stands = (item: string, moment: Moment): Sql => sql`(${sql.id(item, 'voided_minor')} = 0 or not exists (
  select from allocation v where v.tenant_id = ${sql.id(item, 'tenant_id')} and v.kind = 'VOID'
    and ${sql.id(item, 'id')} in (v.to_item_id, v.from_item_id) and ${inMoment('v', moment)}))`;

/** … and an allocation with its reversal, which counts on the same day. */
const counts = (allocation: string, moment: Moment): Sql => sql`not exists (
  select from allocation r where r.tenant_id = ${sql.id(allocation, 'tenant_id')} and r.connection_id is not null
    and r.reverses_id = coalesce(${sql.id(allocation, 'reverses_id')}, ${sql.id(allocation, 'id')}) and ${inMoment('r', moment)})`;

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
