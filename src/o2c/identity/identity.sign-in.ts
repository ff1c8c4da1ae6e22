/**
 * Turns proven credentials into a principal: tenant, roles and customers come from our tables, never from a token's claims.
 * It reads before a tenant is known, in the role `system`, by two unique look-ups only.
 */
import { grantsOf, isRole, type PolicyRow } from '../../access/policy.ts';
import type { Principal } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Sql, sql } from '../../read/sql.ts';
import { secretMatches } from './identity.rules.ts';

export interface SystemRows {
  rows<T>(source: Sql): Promise<readonly T[]>;
}

interface ActorRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly owner_id: string | null;
  readonly kind: Principal['kind'];
  readonly name: string;
  readonly clock_offset_ms: string;
  readonly roles: readonly { role: string; legalEntityId: string | null }[];
  readonly customers: readonly string[];
  readonly accounts: readonly string[];
}

/** A portal user sees what was opened for its customers: a match of theirs with others never shows anybody more, or less. */
const actorRow = (where: Sql): Sql => sql`
  select a.tenant_id, a.id, a.owner_id, a.kind, a.name, t.clock_offset_ms::text,
    (select coalesce(json_agg(json_build_object('role', r.role, 'legalEntityId', r.legal_entity_id)), '[]'::json)
       from actor_role r where r.tenant_id = a.tenant_id and r.actor_id = a.id) as roles,
    (select coalesce(json_agg(c.customer_id), '[]'::json) from actor_customer c where c.tenant_id = a.tenant_id and c.actor_id = a.id) as customers,
    (select coalesce(json_agg(ca.id), '[]'::json) from actor_customer c
       join customer_account ca on ca.tenant_id = c.tenant_id and ca.origin_customer_id = c.customer_id
       where c.tenant_id = a.tenant_id and c.actor_id = a.id) as accounts
  from actor a join tenant t on t.tenant_id = a.tenant_id where a.revoked_at is null and ${where}
    and not exists (select from actor o where o.tenant_id = a.tenant_id and o.id = a.owner_id and o.revoked_at is not null)`;

function principalOf(policies: readonly PolicyRow[], row: ActorRow, expiresAt: Date | null): Principal {
  const assignments = row.roles.flatMap(({ role, legalEntityId }) => (isRole(role) ? [{ role, legalEntityId }] : []));
  return {
    tenantId: row.tenant_id,
    actorId: row.id,
    personId: row.kind === 'SYSTEM' ? null : (row.owner_id ?? row.id), // a key without an owner stands for itself
    kind: row.kind,
    name: row.name,
    roles: [...new Set(assignments.map((a) => a.role))],
    grants: grantsOf(policies, assignments),
    portal: row.kind === 'PORTAL' ? { customerIds: row.customers, accountIds: row.accounts } : null,
    clockOffsetMs: Number(row.clock_offset_ms),
    expiresAt,
  };
}

export interface SignIn {
  bySubject(who: { issuer: string; subject: string; tenant: string }): Promise<Principal | null>;
  byApiKey(key: { lookup: string; secret: string }): Promise<Principal | null>;
  /** Of somebody who has signed in before, as it stands now: for what goes on in the background. Null for who may not sign in any more. */
  byId(who: { tenantId: string; actorId: string }): Promise<Principal | null>;
}

export interface SignInOptions {
  readonly system: SystemRows;
  readonly policies: readonly PolicyRow[];
  readonly clock: Clock;
}

const USED_EVERY_MS = 60_000;

export function createSignIn({ system, policies, clock }: SignInOptions): SignIn {
  return {
    async bySubject({ issuer, subject, tenant }) {
      const [row] = await system.rows<ActorRow>(
        actorRow(sql`a.issuer = ${issuer} and a.subject = ${subject} and t.slug = ${tenant}`),
      );
      return row ? principalOf(policies, row, null) : null;
    },
    async byApiKey({ lookup, secret }) {
      const now = clock.now();
      const [key] = await system.rows<{
        tenant_id: string;
        id: string;
        actor_id: string;
        secret_hash: string;
        expires_at: Date;
        last_used_at: Date | null;
      }>(
        sql`select tenant_id, id, actor_id, secret_hash, expires_at, last_used_at from api_key
            where lookup = ${lookup} and revoked_at is null and expires_at > ${now.toISOString()}`,
      );
      if (!key || !secretMatches(secret, key.secret_hash)) return null;
      const [row] = await system.rows<ActorRow>(actorRow(sql`a.tenant_id = ${key.tenant_id} and a.id = ${key.actor_id}`));
      if (!row) return null;
      if (!key.last_used_at || now.getTime() - key.last_used_at.getTime() > USED_EVERY_MS) {
        await system.rows(
          sql`update api_key set last_used_at = ${now.toISOString()} where tenant_id = ${key.tenant_id} and id = ${key.id}`,
        );
      }
      return principalOf(policies, row, key.expires_at);
    },
    async byId({ tenantId, actorId }) {
      const hasKey = sql`exists (select from api_key k where k.tenant_id = a.tenant_id and k.actor_id = a.id
        and k.revoked_at is null and k.expires_at > ${clock.now().toISOString()})`;
      const [row] = await system.rows<ActorRow>(
        actorRow(sql`a.tenant_id = ${tenantId} and a.id = ${actorId} and (a.kind <> 'API_KEY' or ${hasKey})`),
      );
      return row ? principalOf(policies, row, null) : null;
    },
  };
}

/** Cashgraph itself in a tenant: its SYSTEM actor, made with the tenant, with every permission for every legal entity. */
export async function systemPrincipal({
  tenantId,
  policies,
  system,
}: {
  tenantId: string;
  policies: readonly PolicyRow[];
  system: SystemRows;
}): Promise<Principal> {
  const [actor] = await system.rows<{ id: string; name: string }>(
    sql`select id, name from actor where tenant_id = ${tenantId} and kind = 'SYSTEM' and revoked_at is null`,
  );
  if (!actor) throw new DomainError('NOT_FOUND', 'The tenant has no SYSTEM actor.');
  const grants = new Map(policies.map((p) => [p.permission, 'ALL' as const]));
  const { id: actorId, name } = actor;
  return { tenantId, actorId, personId: null, kind: 'SYSTEM', name, roles: [], grants, portal: null, expiresAt: null };
}
