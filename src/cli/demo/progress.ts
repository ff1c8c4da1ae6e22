/**
 * How far an earlier start came. Each step is one transaction under a request id of its own, which its events carry, so the log
 * says which steps are done; the records of those are found again by the keys that they were made with.
 */
import { type Sql, sql } from '../../read/sql.ts';
import { PORTAL_CUSTOMERS } from './customers.ts';
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

/** The records that there are, by the keys of `idKey`. */
export async function idsMade(rows: TenantRows): Promise<Map<string, string>> {
  const found = await rows<{ key: string; id: string }>(
    sql`select 'le ' || code as key, id from legal_entity
        union all select 'pt ' || code, id from payment_terms
        union all select 'cus ' || number, id from customer
        union all select 'acc ' || e.code || ' ' || a.number, a.id from customer_account a join legal_entity e on e.id = a.legal_entity_id
        union all select 'inv ' || customer_reference, id from invoice where customer_reference is not null
        union all select 'pay ' || reference, id from payment where reference is not null`,
  );
  return new Map(found.map(({ key, id }) => [key, id]));
}
