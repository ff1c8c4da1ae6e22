/** Who can sign in with a token of the local issuer: for `token`, for the start screen and for GraphiQL's list. */
import { type Sql, sql } from '../read/sql.ts';

export interface Login extends Record<string, unknown> {
  readonly subject: string;
  readonly name: string;
  readonly kind: 'USER' | 'PORTAL';
  readonly tenantId: string;
  readonly tenant: string;
  readonly roles: readonly string[];
}

/** For the role `system`: people before portal users, each kind in the order they were made. */
export const loginsSql = (issuer: string): Sql => sql`
  select a.subject, a.name, a.kind, a.tenant_id as "tenantId", t.slug as tenant,
    array(select r.role from actor_role r where r.tenant_id = a.tenant_id and r.actor_id = a.id order by r.role) as roles
  from actor a join tenant t on t.tenant_id = a.tenant_id
  where a.issuer = ${issuer} and a.revoked_at is null and a.kind in ('USER', 'PORTAL')
  order by t.created_at, a.kind desc, a.created_at, a.subject
  limit 500`;
