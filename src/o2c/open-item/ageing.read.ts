/**
 * Ageing as SQL: each row in scope, as of a day and as known at an instant, in the documents' currencies or all in the group's. What is open
 * now by segment, legal entity or connection comes from sums that are kept by due day; everything else from the items themselves.
 */
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
  readonly principal: Pick<Principal, 'portal' | 'grants'>;
  /** The principal's scope over an alias. */
  readonly scope: (record: string, alias: string) => Sql;
}

/** The legal entities that may be seen, each with its day: today in its zone by the tenant's business clock, unless a day is asked for. */
const entities = ({ moment, wallNow, scope }: AgeingRequest): Sql => {
  const now = sql`${sql.typed(wallNow.toISOString(), 'timestamptz')} + n.clock_offset_ms * interval '1 millisecond'`;
  const day = moment.asOf === null ? sql`((${now}) at time zone le.time_zone)::date` : sql.typed(moment.asOf, 'date');
  return sql`le as materialized (
    select le.tenant_id, le.id, le.code, ${day} as day
    from legal_entity le join tenant n on n.tenant_id = le.tenant_id where ${scope('LegalEntity', 'le')}
  )`;
};

const isNow = ({ asOf, knownAt }: Moment): boolean => asOf === null && knownAt === null;

/**
 * Of an item's `open` (minor units of its document), in the currency that is asked for: in the group's at the stored rate of its document, rounded
 * once, as exposure is.
 */
const shownIn = (currency: AgeingCurrency): Sql =>
  currency === 'DOCUMENT'
    ? sql`i.open`
    : sql`round(i.open * i.group_rate * (10::numeric ^ (currency_exponent(i.group_currency) - currency_exponent(i.currency))))::bigint`;

/** Customer → the topmost above it that may be seen. */
const roots = ({ scope }: Pick<AgeingRequest, 'scope'>): Sql => sql`
  top as (
    select c.tenant_id, c.id as customer_id, c.id, c.parent_id, 0 as height from customer c where ${scope('Customer', 'c')}
    union all
    select top.tenant_id, top.customer_id, c.id, c.parent_id, top.height + 1
    from top join customer c on c.tenant_id = top.tenant_id and c.id = top.parent_id and ${scope('Customer', 'c')}
  ), root as (
    select distinct on (customer_id) tenant_id, customer_id, id from top order by customer_id, height desc
  )`;

const served = (groupBy: AgeingGroup): Sql =>
  groupBy === 'CONNECTION'
    ? sql`served.connection, to_char(served.synced_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as synced_at,`
    : sql.empty;

/**
 * Whether the sums by due day say the same as the items: for now, for groups that are coarser than customers, and for whoever may see every
 * customer of the legal entities whose items it may see.
 */
function isSummed({ moment, groupBy, customerId, principal }: AgeingRequest): boolean {
  if (!isNow(moment) || customerId !== null || principal.portal) return false;
  if (groupBy !== 'SEGMENT' && groupBy !== 'LEGAL_ENTITY' && groupBy !== 'CONNECTION') return false;
  return principal.grants.get('customers:read') === 'ALL' && principal.grants.get('items:read') !== undefined;
}

/** What is kept of each day on which something falls due, and what has changed of it since. */
function openDays({ groupBy, currency, legalEntityId, principal, scope }: AgeingRequest): Sql {
  const side = (name: 'owed' | 'unapplied') => sql.id('t', currency === 'GROUP' ? `${name}_group_minor` : `${name}_minor`);
  return sql`
    select le.code as legal_entity_code, t.segment, ${served(groupBy)} ${currency === 'GROUP' ? sql`t.group_currency` : sql`t.currency`} as shown_currency,
      ${side('owed')} as owed, ${side('unapplied')} as unapplied, t.item_count, le.day - t.due_on as days_overdue
    from (select * from ageing_day union all select * from ageing_day_change) t
    join le on le.tenant_id = t.tenant_id and le.id = t.legal_entity_id
    ${groupBy === 'CONNECTION' ? servedBy('le', principal) : sql.empty}
    where ${scope('OpenItem', 't')} ${legalEntityId === null ? sql.empty : sql`and t.legal_entity_id = ${sql.typed(legalEntityId, 'uuid')}`}`;
}

/** One row for each item, with its days overdue and the names that rows are grouped by. */
function openItems(request: AgeingRequest): Sql {
  const { currency } = request;
  const shown = shownIn(currency);
  return sql`
    select i.*, ${currency === 'GROUP' ? sql`i.group_currency` : sql`i.currency`} as shown_currency, greatest(${shown}, 0) as owed,
      least(${shown}, 0) as unapplied, 1 as item_count
    from (${itemsAt(request)}) i where i.open <> 0`;
}

/** What was open is summed up for each item once: without the fence the planner would do so for every bucket. */
function itemsAt({ moment, groupBy, legalEntityId, customerId, principal, scope }: AgeingRequest): Sql {
  const holder = sql.id('ca', customerColumn(principal));
  const isRoot = groupBy === 'ROOT';
  return sql`
    select le.code as legal_entity_code, c.number as customer_number, c.name as customer_name, ca.number as account_number, coalesce(c.segment, '') as segment,
      ${served(groupBy)} t.currency, t.group_currency, t.group_rate, le.day - t.due_on as days_overdue,
      ${isNow(moment) ? sql`t.open_minor` : openAt('t', moment)} as open
    from open_item t
    join customer_account ca on ca.tenant_id = t.tenant_id and ca.id = t.account_id and ${scope('CustomerAccount', 'ca')}
    ${isRoot ? sql`join root on root.tenant_id = ca.tenant_id and root.customer_id = ${holder}` : sql.empty}
    join customer c on c.tenant_id = ca.tenant_id and c.id = ${isRoot ? sql`root.id` : holder} and ${scope('Customer', 'c')}
    join le on le.tenant_id = t.tenant_id and le.id = t.legal_entity_id
    ${groupBy === 'CONNECTION' ? servedBy('le', principal) : sql.empty}
    where ${scope('OpenItem', 't')} and ${inMoment('t', moment)} ${isNow(moment) ? sql`and t.settled_on is null` : sql.empty}
      ${legalEntityId === null ? sql.empty : sql`and t.legal_entity_id = ${sql.typed(legalEntityId, 'uuid')}`}
      ${customerId === null ? sql.empty : sql`and ${holder} = ${sql.typed(customerId, 'uuid')}`}
    ${isNow(moment) ? sql.empty : sql`offset 0`}`;
}

/** Rows by group and currency; the buckets and `unapplied` (what we owe) add up to the total. */
export function ageingSql(request: AgeingRequest): Sql {
  const keys = GROUPS[request.groupBy].map((name) => sql.id('i', name));
  const bucket = (condition: Sql) =>
    sql`money_text(coalesce(sum(i.owed) filter (where ${condition}), 0)::bigint, i.shown_currency)`;
  return sql`
    with recursive ${sql.join([entities(request), ...(request.groupBy === 'ROOT' ? [roots(request)] : [])])}
    select ${sql.join(keys)}, i.shown_currency as currency,
      ${bucket(sql`i.days_overdue <= 0`)} as "notDue", ${bucket(sql`i.days_overdue between 1 and 30`)} as "days1To30",
      ${bucket(sql`i.days_overdue between 31 and 60`)} as "days31To60", ${bucket(sql`i.days_overdue between 61 and 90`)} as "days61To90",
      ${bucket(sql`i.days_overdue > 90`)} as "over90",
      money_text(sum(i.unapplied)::bigint, i.shown_currency) as unapplied,
      money_text(sum(i.owed + i.unapplied)::bigint, i.shown_currency) as total, sum(i.item_count)::int as "itemCount"
    from (${isSummed(request) ? openDays(request) : openItems(request)}) i
    group by ${sql.join(keys)}, i.shown_currency having sum(i.item_count) > 0 order by ${sql.join(keys)}, i.shown_currency`;
}

/** Takes what has changed into the sums by due day. */
export const foldAgeing = (now: Date): Sql => sql`select fold_ageing_days(${sql.typed(now.toISOString().slice(0, 10), 'date')})`;
