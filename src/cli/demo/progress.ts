/**
 * How far an earlier start came. Each step is one transaction under a request id of its own, which its events carry, so the log
 * says which steps are done; the records of those are found again by the keys that they were made with.
 */
import { type Sql, sql } from '../../read/sql.ts';
import { PORTAL_CUSTOMERS } from './customers.ts';
import type { Made } from './step.ts';
import { portalSubject } from './today.ts';

/** A query in the role `app` under the demo's tenant. */
export type TenantRows = <T>(source: Sql) => Promise<readonly T[]>;

const PREFIX = 'demo-';

export const requestIdOf = (step: number): string => `${PREFIX}${String(step).padStart(5, '0')}`;

/** For the role `system`: the demo's tenant, the issuer of its people, and whether its last step is done. */
export const demoState: Sql = sql`
  select t.tenant_id as id, t.created_at as "madeAt",
    (select a.issuer from actor a where a.tenant_id = t.tenant_id and a.kind = 'USER' and a.subject = 'admin' order by a.created_at limit 1) as issuer,
    (select count(*) from actor a where a.tenant_id = t.tenant_id
      and a.subject = any(${sql.typed(
        PORTAL_CUSTOMERS.map(({ number }) => portalSubject(number)),
        'text[]',
      )})) > 0 as "isComplete"
  from tenant t where t.slug = 'demo'`;

export interface DemoState {
  readonly id: string;
  readonly madeAt: Date;
  readonly issuer: string | null;
  readonly isComplete: boolean;
}

export async function stepsDone(rows: TenantRows): Promise<ReadonlySet<string>> {
  const done = await rows<{ request_id: string }>(
    sql`select request_id from event where starts_with(request_id, ${PREFIX}) union select request_id from event_inbox where starts_with(request_id, ${PREFIX})`,
  );
  return new Set(done.map((d) => d.request_id));
}

interface Row {
  readonly key: string;
  readonly id: string;
  readonly minor: string | null;
  readonly currency: string | null;
  readonly discount: string | null;
}

const MASTER_DATA = sql`
  select 'le ' || code as key, id from legal_entity
  union all select 'pt ' || code, id from payment_terms
  union all select 'prd ' || sku, id from product
  union all select 'pl ' || code, id from price_list
  union all select 'cus ' || number, id from customer
  union all select 'acc ' || e.code || ' ' || a.number, a.id from customer_account a join legal_entity e on e.id = a.legal_entity_id
  union all select 'inv ' || customer_reference, id from invoice where order_id is null and customer_reference is not null
  union all select 'pay ' || reference, id from payment where reference is not null
  union all select 'apr ' || c.number, a.id from approval a join customer c on c.id = a.customer_id where a.lifecycle = 'REQUESTED'`;

/** Orders by the customer's reference, and what comes with them: lines and fulfilments by their number, open holds by their kind. */
const OF_ORDERS = sql`
  with o as (select * from sales_order where customer_reference is not null)
  select 'ord ' || customer_reference as key, id, null::bigint as minor, null as currency, null::bigint as discount from o
  union all select 'orl ' || o.customer_reference || ' ' || l.line_number, l.id, null, null, null from order_line l join o on o.id = l.order_id
  union all select 'hld ' || o.customer_reference || ' ' || h.kind, h.id, null, null, null from hold h join o on o.id = h.order_id
    where h.lifecycle = 'OPEN'
  union all select 'apr ' || o.customer_reference, a.id, a.amount_minor, a.currency, null from approval a join o on o.id = a.record_id
    where a.lifecycle = 'REQUESTED'
  union all select 'ful ' || o.customer_reference || '/' || row_number() over (partition by o.id order by f.id), f.id, null, null, null
    from fulfilment f join o on o.id = f.order_id
  union all select 'inv ' || o.customer_reference || '/' || row_number() over (partition by o.id order by i.id), i.id, i.total_minor, i.currency,
    i.discount_offered_minor from invoice i join o on o.id = i.order_id`;

const madeOf = ({ key, id: uuid, minor, currency, discount }: Row): readonly [string, Made] =>
  minor === null || currency === null
    ? [key, { uuid }]
    : [key, { uuid, amount: { minor: BigInt(minor), currency, discountMinor: BigInt(discount ?? 0) } }];

export const madeWithOrders = async (rows: TenantRows): Promise<readonly (readonly [string, Made])[]> =>
  (await rows<Row>(OF_ORDERS)).map(madeOf);

/** The records that there are, by the keys of `idKey`. */
export async function recordsMade(rows: TenantRows): Promise<Map<string, Made>> {
  const found = await rows<{ key: string; id: string }>(MASTER_DATA);
  return new Map([...found.map(({ key, id }) => [key, { uuid: id }] as const), ...(await madeWithOrders(rows))]);
}
