/** Ageing as SQL: each row in scope, as of a day and as known at an instant, in the documents' currencies or all in the group's. */
import type { Principal } from '../../access/principal.ts';
import type { Moment } from '../../read/catalogue.ts';
import { type Sql, sql } from '../../read/sql.ts';
import { customerColumn, servedBy } from '../../write/freshness.ts';
import { inMoment, openAt } from './open-item.read.ts';

const GROUPS = {
  ACCOUNT: ['legal_entity_code', 'customer_number', 'customer_name', 'account_number'],
  CUSTOMER: ['customer_number', 'customer_name'],
  ROOT: ['customer_number', 'customer_name'],
  LEGAL_ENTITY: ['legal_entity_code'],
  CONNECTION: ['connection', 'synced_at'],
  SEGMENT: ['segment'],
} as const;
export type AgeingGroup = keyof typeof GROUPS;
export const AGEING_GROUPS = Object.keys(GROUPS) as AgeingGroup[];

export const AGEING_CURRENCIES = ['DOCUMENT', 'GROUP'] as const;
export type AgeingCurrency = (typeof AGEING_CURRENCIES)[number];

export interface AgeingRequest {
  readonly moment: Moment;
  /** What the business clock runs ahead is read with the rows: a principal may be older than its last move. */
  readonly wallNow: Date;
  readonly groupBy: AgeingGroup;
  readonly currency: AgeingCurrency;
  readonly legalEntityId: string | null;
  readonly customerId: string | null;
  readonly principal: Pick<Principal, 'portal'>;
  /** The principal's scope over an alias. */
  readonly scope: (record: string, alias: string) => Sql;
}

/** Today in each legal entity's zone by the tenant's business clock, unless a day is asked for. */
const dayOf = (moment: Moment, wallNow: Date): Sql =>
  moment.asOf === null
    ? sql`((${sql.typed(wallNow.toISOString(), 'timestamptz')} + (select n.clock_offset_ms from tenant n where n.tenant_id = t.tenant_id) * interval '1 millisecond') at time zone le.time_zone)::date`
    : sql.typed(moment.asOf, 'date');

/** What was open of an item, in the currency that is asked for: in the group's at the stored rate of its document, rounded once, as exposure is. */
function openIn(currency: AgeingCurrency, moment: Moment): Sql {
  const open = openAt('t', moment);
  if (currency === 'DOCUMENT') return open;
  return sql`round(${open} * t.group_rate * (10::numeric ^ (currency_exponent(t.group_currency) - currency_exponent(t.currency))))::bigint`;
}

/** Customer → the topmost above it that may be seen. */
const roots = ({ scope }: Pick<AgeingRequest, 'scope'>): Sql => sql`
  recursive top as (
    select c.tenant_id, c.id as customer_id, c.id, c.parent_id, 0 as height from customer c where ${scope('Customer', 'c')}
    union all
    select top.tenant_id, top.customer_id, c.id, c.parent_id, top.height + 1
    from top join customer c on c.tenant_id = top.tenant_id and c.id = top.parent_id and ${scope('Customer', 'c')}
  ), root as (
    select distinct on (customer_id) tenant_id, customer_id, id from top order by customer_id, height desc
  )`;

/** Items of nothing left out, each with its days overdue and the names that rows are grouped by. */
function openItems({ moment, wallNow, groupBy, currency, legalEntityId, customerId, principal, scope }: AgeingRequest): Sql {
  const holder = sql.id('ca', customerColumn(principal));
  const isRoot = groupBy === 'ROOT';
  const isServed = groupBy === 'CONNECTION';
  return sql`
    select le.code as legal_entity_code, c.number as customer_number, c.name as customer_name, ca.number as account_number, coalesce(c.segment, '') as segment,
      ${isServed ? sql`served.connection, to_char(served.synced_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as synced_at,` : sql.empty}
      ${currency === 'GROUP' ? sql`t.group_currency` : sql`t.currency`} as currency, ${openIn(currency, moment)} as open,
      ${dayOf(moment, wallNow)} - t.due_on as days_overdue
    from open_item t
    join customer_account ca on ca.tenant_id = t.tenant_id and ca.id = t.account_id and ${scope('CustomerAccount', 'ca')}
    ${isRoot ? sql`join root on root.tenant_id = ca.tenant_id and root.customer_id = ${holder}` : sql.empty}
    join customer c on c.tenant_id = ca.tenant_id and c.id = ${isRoot ? sql`root.id` : holder} and ${scope('Customer', 'c')}
    join legal_entity le on le.tenant_id = t.tenant_id and le.id = t.legal_entity_id and ${scope('LegalEntity', 'le')}
    ${isServed ? servedBy('le', principal) : sql.empty}
    where ${scope('OpenItem', 't')} and ${inMoment('t', moment)}
      ${moment.asOf === null && moment.knownAt === null ? sql`and t.settled_on is null` : sql.empty}
      ${legalEntityId === null ? sql.empty : sql`and t.legal_entity_id = ${sql.typed(legalEntityId, 'uuid')}`}
      ${customerId === null ? sql.empty : sql`and ${holder} = ${sql.typed(customerId, 'uuid')}`}`;
}

/** One row per group and currency; the buckets and `unapplied` (what we owe) add up to the total. */
export function ageingSql(request: AgeingRequest): Sql {
  const keys = GROUPS[request.groupBy].map((name) => sql.id('i', name));
  const bucket = (condition: Sql) =>
    sql`money_text(coalesce(sum(i.open) filter (where i.open > 0 and ${condition}), 0)::bigint, i.currency)`;
  return sql`
    ${request.groupBy === 'ROOT' ? sql`with ${roots(request)}` : sql.empty}
    select ${sql.join(keys)}, i.currency,
      ${bucket(sql`i.days_overdue <= 0`)} as "notDue", ${bucket(sql`i.days_overdue between 1 and 30`)} as "days1To30",
      ${bucket(sql`i.days_overdue between 31 and 60`)} as "days31To60", ${bucket(sql`i.days_overdue between 61 and 90`)} as "days61To90",
      ${bucket(sql`i.days_overdue > 90`)} as "over90",
      money_text(coalesce(sum(i.open) filter (where i.open < 0), 0)::bigint, i.currency) as unapplied,
      money_text(sum(i.open)::bigint, i.currency) as total, count(*)::int as "itemCount"
    from (${openItems(request)}) i
    where i.open <> 0 group by ${sql.join(keys)}, i.currency order by ${sql.join(keys)}, i.currency`;
}
